"""The program in the desktop's menu, for one user: entry, icon and file type according to freedesktop.org.

Desktop Entry Specification 1.5, Icon Theme Specification, Shared MIME-info Specification.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from app.child import child_command
from app.errors import UserError
from app.files import replacing

ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
PLACES: Final = {
    "affectograph.desktop": Path("applications/affectograph.desktop"),
    "affectograph.svg": Path("icons/hicolor/scalable/apps/affectograph.svg"),
    "affectograph-mime.xml": Path("mime/packages/affectograph.xml"),
}
"""What is installed, and where under the user's data folder."""
_REFRESH: Final = (
    ("update-desktop-database", "applications"),
    ("update-mime-database", "mime"),
    ("gtk-update-icon-cache", "icons/hicolor"),
)
_QUOTED: Final = frozenset(" \t\n\"'\\><~|&;$*?#()`")


def data_home() -> Path:
    """Return the folder of the user's own menu entries and icons."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".local" / "share"


def install() -> list[Path]:
    """Put the program into the menu; a second call updates the entry.

    Returns:
        The files that were written.

    Raises:
        UserError: This is not a freedesktop system, or the folder cannot be written.
    """
    _check()
    home = data_home()
    written = []
    for name, place in PLACES.items():
        text = (ASSETS / name).read_text(encoding="utf-8")
        if name.endswith(".desktop"):
            text = text.replace("Exec=affectograph", f"Exec={' '.join(map(quoted, program()))}")
        with replacing(home / place) as new:
            new.write_text(text, encoding="utf-8")
        written.append(home / place)
    _refresh(home)
    return written


def remove() -> list[Path]:
    """Remove the program from the menu.

    Returns:
        The files that were removed; none if there was no entry.

    Raises:
        UserError: This is not a freedesktop system, or a file cannot be removed.
    """
    _check()
    home = data_home()
    gone = []
    for place in PLACES.values():
        path = home / place
        if path.exists():
            try:
                path.unlink()
            except OSError as error:
                raise UserError(f"{path} cannot be removed: {error.strerror}.", "Remove it by hand.") from error
            gone.append(path)
    _refresh(home)
    return gone


def program() -> list[str]:
    """Return the words that start this very program from a menu, which knows neither its folder nor its environment."""
    beside = Path(sys.executable).with_name("affectograph")
    if beside.is_file():
        return [str(beside)]
    return [sys.executable] if getattr(sys, "frozen", False) else child_command("app")


def quoted(word: str) -> str:
    """Quote a word for an `Exec` line (Desktop Entry Specification, “The Exec key”)."""
    word = word.replace("%", "%%")
    if not _QUOTED & set(word):
        return word
    for sign in '\\"`$':
        word = word.replace(sign, f"\\{sign}")
    # The value of a key is itself escaped once more: a backslash is written twice.
    return '"' + word.replace("\\", "\\\\") + '"'


def _check() -> None:
    if not sys.platform.startswith("linux"):
        raise UserError("Menu entries of this kind exist on Linux desktops only.", "Start `affectograph` by its name.")


def _refresh(home: Path) -> None:
    """Tell desktops that keep a cache; those without such a program look by themselves."""
    for name, folder in _REFRESH:
        if shutil.which(name) and (home / folder).is_dir():
            subprocess.run([name, str(home / folder)], capture_output=True, timeout=30, check=False)
