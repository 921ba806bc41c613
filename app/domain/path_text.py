"""Names of files whose bytes are no UTF-8, as from old disks and foreign systems: kept without loss, shown in letters.

Python holds such a byte as a lone surrogate (`os.fsdecode`), which neither SQLite nor UTF-8 files can take.
"""

import os
import re
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

_MARK: Final = "bytes:"
_BYTE: Final = re.compile("[\udc80-\udcff]")
_LONE: Final = re.compile("[\ud800-\udfff]")


def kept(text: str) -> str:
    r"""The text to store for a path, of which `again` makes the path; names that are valid text stay as they are.

    Example:
        >>> kept("clips/é.mp4"), kept("lat\udce9in.mp4")
        ('clips/é.mp4', 'bytes:lat%E9in.mp4')
    """
    if _LONE.search(text) is None and not text.startswith(_MARK):
        return text
    return _MARK + quote_from_bytes(os.fsencode(text), safe="/ ")


def again(text: str) -> str:
    """The path of a text that `kept` made."""
    return os.fsdecode(unquote_to_bytes(text.removeprefix(_MARK))) if text.startswith(_MARK) else text


def shown(text: str) -> str:
    r"""A name in letters that every file and window can take: a byte that is no text is written as `\xE9`.

    Example:
        >>> print(shown("lat\udce9in.mp4"))
        lat\xE9in.mp4
    """
    return _LONE.sub("\ufffd", _BYTE.sub(lambda found: f"\\x{ord(found.group()) - 0xDC00:02X}", text))


def json_safe(text: str) -> str:
    """JSON whose lone surrogates are escaped: readers get the same name, and the file is valid UTF-8."""
    return _LONE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
