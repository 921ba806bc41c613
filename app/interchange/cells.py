"""The meaning of one cell of a table: whether it is missing, and which number it holds. All readers use this module."""

import math
import re
from typing import Final

MISSING: Final = frozenset(
    {
        *("", ".", "na", "n/a", "n.a.", "nan", "-nan", "null", "none", "missing"),
        *("#n/a", "#n/a n/a", "#na", "<na>", "-1.#ind", "1.#ind", "-1.#qnan", "1.#qnan"),
    }
)
"""Spellings of a missing value in lower case: what R, SPSS, Excel, pandas and SQL write for one."""

SHEET_ERRORS: Final = frozenset({"#div/0!", "#name?", "#null!", "#num!", "#ref!", "#value!", "#spill!", "#calc!"})
"""What a spreadsheet shows, in lower case, where a formula failed. Such a cell is neither a label nor missing."""

LARGEST: Final = 1e50
"""Largest size of a number. No score and no time comes near it, and the squares of larger ones cannot be added up."""

_NUMBER: Final = re.compile(r"[+\-−]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+\-]?[0-9]+)?")
_CLOCK: Final = re.compile(r"[0-9]+:[0-9]{1,2}(:[0-9]{1,2})?([.,][0-9]+)?")


def is_missing(text: str) -> bool:
    """Return whether a cell stands for a missing value.

    Example:
        >>> [is_missing(text) for text in ("", " NA ", "#N/A", "0", "nothing")]
        [True, True, True, False, False]
    """
    return text.strip().lower() in MISSING


def word(text: str) -> str:
    """Return the name in a cell without surrounding blanks; empty where the cell stands for a missing value.

    A name that would read as missing is written behind an apostrophe (`guarded`), which is taken away here.

    Example:
        >>> [word(text) for text in (" joy ", "None", "'None")]
        ['joy', '', 'None']
    """
    text = text.strip()
    if text.lower() in MISSING:
        return ""
    return text[1:] if text[:1] == "'" and is_missing(text.lstrip("'")) else text


def guarded(name: str) -> str:
    """Return a name as it is written into a table, so that `word` gives it back even if it reads as missing.

    Example:
        >>> guarded("None"), guarded("joy"), guarded("")
        ("'None", 'joy', '')
    """
    return f"'{name}" if name and is_missing(name.lstrip("'")) else name


def number(text: str, comma: bool = False) -> float:
    """Return the finite number in a cell, NaN for a missing value.

    Only digits of ASCII, one decimal mark and an exponent make a number. Python's own `float` also takes `1_3` for 13
    and digits of other scripts; neither is what somebody meant to write in a table.

    Args:
        text: The cell.
        comma: Whether a comma may be the decimal mark.

    Raises:
        ValueError: The cell holds no finite number. The message says what it is instead, to be put behind the column's
            name.

    Example:
        >>> number("2.5"), number("2,5", comma=True), number("n/a")
        (2.5, 2.5, nan)
    """
    text = text.strip()
    if text.lower() in MISSING:
        return math.nan
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    if not _NUMBER.fullmatch(text) or ("," in text and not comma):
        raise ValueError(f"is “{shown}”, {_instead(text, comma)}")
    value = float(text.replace(",", ".").replace("−", "-"))
    if not math.isfinite(value):
        raise ValueError(f"is “{shown}”, not a finite number")
    if abs(value) > LARGEST:
        raise ValueError(f"is “{shown}”, too large for a score or a time")
    return value


def _instead(text: str, comma: bool) -> str:
    """Return what a cell is that is not a number."""
    if text.lower().lstrip("+-−") in {"inf", "infinity"}:
        return "not a finite number"
    if text.lower() in SHEET_ERRORS:
        return "an error of the spreadsheet"
    if _CLOCK.fullmatch(text):
        return "a time of the clock, not a number of seconds"
    if "," in text and _NUMBER.fullmatch(text) and not comma:
        return "not a number: a decimal comma needs semicolons or tabs between the cells"
    return "not a number"
