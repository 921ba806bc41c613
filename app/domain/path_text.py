"""Names of files whose bytes are not UTF-8, as from old disks and foreign systems: kept without loss, shown in letters.

Python holds such a byte as a lone surrogate (`os.fsdecode`), which neither SQLite nor UTF-8 files can take.
"""

import os
import re
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

_NOT_IN_NAMES: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_MARK: Final = "bytes:"
_BYTE: Final = re.compile("[\udc80-\udcff]")
_LONE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED: Final = re.compile("[\ud800-\udfff\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What JSON may hold as it is, but neither UTF-8 nor a terminal takes; JSON escapes other control characters itself."""
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


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
    """Return the path of a text that `kept` made."""
    return os.fsdecode(unquote_to_bytes(text.removeprefix(_MARK))) if text.startswith(_MARK) else text


def shown(text: str) -> str:
    r"""Return a name in letters that every file and window can take: a byte that is not text is written as `\xE9`.

    Example:
        >>> print(shown("lat\udce9in.mp4"))
        lat\xE9in.mp4
    """
    return _LONE.sub("\ufffd", _BYTE.sub(lambda found: f"\\x{ord(found.group()) - 0xDC00:02X}", text))


def visible(text: str) -> str:
    r"""Text whose control characters are written as `\x1b`, so that a terminal shows them and obeys none.

    Tabs and ends of lines stay. Marks that turn the direction of what follows are written out, too: a name with one
    would turn the rest of a sentence around.

    Example:
        >>> print(visible("a\x1b[2Jb.mp4"))
        a\x1b[2Jb.mp4
    """
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


def one_line(text: str) -> str:
    r"""Return text as `visible` shows it, with ends of lines as `\n`, because a file's name may contain one.

    Example:
        >>> print(one_line("two\nlines.mp4: 6 frames"))
        two\nlines.mp4: 6 frames
    """
    return visible(text).replace("\n", r"\n")


def file_stem(text: str) -> str:
    """Make a part of a file's name of what a person wrote, such as a rater's code: it never leads to another folder.

    Signs that some file system refuses become underscores, and so do points at the beginning.

    Example:
        >>> file_stem("R01"), file_stem("../a:b")
        ('R01', '___a_b')
    """
    plain = _NOT_IN_NAMES.sub("_", shown(text))
    points = len(plain) - len(plain.lstrip("."))
    return "_" * points + plain[points:]


def json_safe(text: str) -> str:
    """JSON whose lone surrogates and control characters are escaped: readers get the same name from valid UTF-8."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
