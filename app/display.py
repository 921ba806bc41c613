"""Whether a window can be shown, found out before Qt is asked: on a display that is not there, Qt ends the process."""

import ctypes
import os
import platform
import socket
from pathlib import Path
from typing import Final

from app.errors import UserError

_TODO: Final = (
    "Run it on a desktop, or without a window: `affectograph analyze CLIP --out DIR` or `affectograph demo --headless`."
)


def has_display() -> bool:
    """Whether the user has a display in mind; `check_display` says whether it is really there."""
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def check_display() -> None:
    """Connect to the display as Qt will.

    Raises:
        UserError: None is named, or what is named does not answer.
    """
    if platform.system() != "Linux":
        return
    plugin = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    names = [name for name in ("DISPLAY", "WAYLAND_DISPLAY") if os.environ.get(name)]
    if plugin and not plugin.startswith(("xcb", "wayland")):
        return  # offscreen, vnc, eglfs …: these need neither
    if not names:
        raise UserError("There is no display to open a window on.", _TODO)
    answers = {"DISPLAY": _x_answers, "WAYLAND_DISPLAY": _wayland_answers}
    if not any(answers[name]() for name in names):
        said = " and ".join(f"{name}={os.environ[name]}" for name in names)
        raise UserError(f"The display does not answer ({said}).", _TODO)


def _x_answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # nothing is known; Qt's own message names the library that is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)


def _wayland_answers() -> bool:
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/run")) / os.environ["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2.0)
        try:
            line.connect(str(path))
        except OSError:
            return False
    return True
