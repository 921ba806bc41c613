"""What somebody may have meant by a name that is not known: the nearest of those that are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_ALIKE: Final = 0.65
"""Least likeness (0–1) of a name to the one that is meant by it: `sda` and `sad`, not `condition` and `emotion`."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like a name, in any case of letters; empty where none is like it.

    Example:
        >>> nearest("Hapy", ["angry", "happy"]), nearest("tired", ["angry", "happy"])
        ('happy', '')
    """
    by_fold = {one.casefold(): one for one in known}
    found = get_close_matches(name.casefold(), by_fold, 1, _ALIKE)
    return by_fold[found[0]] if found else ""


def same_code(code: str, known: Iterable[str]) -> str:
    """Return the known code that differs only in zeros before a number, in case or in signs; empty where none does.

    Likeness of letters says nothing of codes, because R01 and R02 are two people.

    Example:
        >>> same_code("r-2", ["R01", "R02"]), same_code("R3", ["R01", "R02"])
        ('R02', '')
    """
    wanted = _bare(code)
    return next((one for one in known if one != code and _bare(one) == wanted), "")


def _bare(code: str) -> str:
    return re.sub(r"0+(?=\d)", "", re.sub(r"[\W_]", "", code.casefold()))


def asked(found: str) -> str:
    """Return the question after a name that is not known: ` (did you mean happy?)`; empty where nothing is near it."""
    return f" (did you mean {found}?)" if found else ""
