"""Keys by their place: letters and digits on keyboards that write no Latin letters, or digits only with Shift.

The keys of the judging screens are named by the letters of a Latin keyboard. A Cyrillic, Greek, Hebrew or Arabic layout
writes other letters with the same keys, and a French one writes `&` where others write 1. Such a key counts as what the
key in its place is on an American keyboard. A key that writes a Latin letter or a digit counts as that, wherever it is.
"""

import sys
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_ROWS: Final = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_X11: Final = (10, 24, 38, 52)
"""Scan code of the first key of each row as X11 and Wayland give it: that of the kernel, and 8."""
_WINDOWS: Final = (2, 16, 30, 44)
_MAC: Final = {
    "1": 18, "2": 19, "3": 20, "4": 21, "5": 23, "6": 22, "7": 26, "8": 28, "9": 25, "0": 29, "Q": 12, "W": 13, "E": 14,
    "R": 15, "T": 17, "Y": 16, "U": 32, "I": 34, "O": 31, "P": 35, "A": 0, "S": 1, "D": 2, "F": 3, "G": 5, "H": 4,
    "J": 38, "K": 40, "L": 37, "Z": 6, "X": 7, "C": 8, "V": 9, "B": 11, "N": 45, "M": 46,
}  # fmt: skip
"""Virtual key codes of macOS, which Qt gives in place of scan codes."""


def _counted(first: tuple[int, ...]) -> dict[int, str]:
    return {start + place: name for row, start in zip(_ROWS, first, strict=True) for place, name in enumerate(row)}


PLACES: Final[Mapping[str, Mapping[int, str]]] = {
    "linux": _counted(_X11),
    "win32": _counted(_WINDOWS),
    "darwin": {code: name for name, code in _MAC.items()},
}
"""Platform → code of a key → what it writes on an American keyboard."""


def meant(event: QKeyEvent, platform: str = sys.platform) -> Qt.Key:
    """Return the key that is meant: the key itself, or that in its place if it writes another script or a sign.

    Args:
        event: A key that was pressed or released. Keys that write nothing, such as arrows, are what they are.
        platform: The system whose codes the event has, as in `sys.platform`.
    """
    key = event.key()
    code = event.nativeVirtualKey() if platform == "darwin" else event.nativeScanCode()
    name = PLACES.get(platform, PLACES["linux"]).get(code, "")
    other_script = 0x80 <= key < Qt.Key.Key_Escape
    sign = 0x20 < key < 0x80 and not chr(key).isalnum()
    if other_script or (sign and name.isdigit()):
        return Qt.Key(ord(name)) if name else Qt.Key(key)
    return Qt.Key(key)


def written(event: QKeyEvent) -> str:
    """Return the capital letter or digit that is meant by a key; what the key writes where it means neither."""
    key = int(meant(event))
    return chr(key) if 0x30 <= key < 0x5B and chr(key).isalnum() else event.text().upper()
