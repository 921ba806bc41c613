"""Checks whether a window can be shown before Qt is started, because Qt ends the process if the display is missing."""

import ctypes
import importlib.util
import os
import platform
import socket
from pathlib import Path
from typing import Final

from app.errors import UserError

_TODO: Final = (
    "Run it on a desktop, or without a window: `affectograph analyze CLIP --out DIR` or `affectograph demo --headless`."
)


_NEEDED: Final = {"DISPLAY": "xcb", "WAYLAND_DISPLAY": "wayland"}
"""Which variable names the display of which of Qt's platforms."""


def has_display() -> bool:
    """Return whether the environment names a display; `check_display` finds out whether it exists."""
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def check_display() -> None:
    """Connect to the display as Qt would.

    Raises:
        UserError: No display is named, or the one that is named does not answer.
    """
    if platform.system() != "Linux":
        return
    # Qt tries the platforms of the list in turn, each with arguments behind a colon, and ends the process at the last.
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    plugins = [one.partition(":")[0] for one in asked.split(";") if one]
    _refuse_unknown(plugins)
    if any(not plugin.startswith(("xcb", "wayland")) for plugin in plugins):
        return  # offscreen, vnc, eglfs …: these need neither
    wanted = [name for name, plugin in _NEEDED.items() if any(one.startswith(plugin) for one in plugins)]
    names = [name for name in wanted or _NEEDED if os.environ.get(name)]
    if not names and "WAYLAND_DISPLAY" not in wanted:
        raise UserError("There is no display to open a window on.", _TODO)
    answers = {"DISPLAY": _x_answers, "WAYLAND_DISPLAY": _wayland_answers}
    # Wayland's own default is a socket of a known name; X11 has none.
    asked_of = [name for name in wanted or names if name == "WAYLAND_DISPLAY" or name in names]
    if not any(answers[name]() for name in asked_of):
        said = " and ".join(f"{name}={os.environ[name]}" for name in names) or f"{wanted[-1]} is not set"
        if plugins:
            said = f"QT_QPA_PLATFORM={asked}, {said}"
        raise UserError(f"The display does not answer ({said}).", _TODO)


def _refuse_unknown(plugins: list[str]) -> None:
    """Refuse platforms none of which this Qt has; nothing is said where its plugins are not to be found."""
    found = importlib.util.find_spec("PySide6")
    folder = Path(found.origin or "").parent / "Qt" / "plugins" / "platforms" if found is not None else Path()
    have = sorted(path.stem.removeprefix("libq") for path in folder.glob("libq*.so"))
    if have and plugins and not any(name.startswith(plugin.partition("-")[0]) for plugin in plugins for name in have):
        raise UserError(
            f"Qt has no platform {', '.join(plugins)} (QT_QPA_PLATFORM).",
            f"Unset it, or name one of {', '.join(have)}.",
        )


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
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/run")) / (os.environ.get("WAYLAND_DISPLAY") or "wayland-0")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2.0)
        try:
            line.connect(str(path))
        except OSError:
            return False
    return True
