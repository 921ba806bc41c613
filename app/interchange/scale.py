"""The ends of a rating scale as files state them: in a column's header or in a comment."""

from __future__ import annotations

import re
from typing import Final

from app.errors import UserError

_NUMBER: Final = r"[-+−]?\d+(?:\.\d+)?"
_ENDS: Final = re.compile(rf"\s*({_NUMBER})\s*(?::|to|\.\.\.?|…|–|-)\s*({_NUMBER})\s*", re.IGNORECASE)
_HEADER: Final = re.compile(r"\s*(score)\s*[\[(]([^\])]*)[\])]\s*", re.IGNORECASE)
_COMMENT: Final = re.compile(r"#\s*scale\s*[:=]?\s*(.*)", re.IGNORECASE)


def parse_scale(text: str) -> tuple[float, float] | None:
    """Return the lowest and highest point from text such as `0:5`, `1 to 9` or `-3…3`; None for anything else.

    Example:
        >>> parse_scale("-3:3")
        (-3.0, 3.0)
        >>> parse_scale("many") is None
        True
    """
    found = _ENDS.fullmatch(text)
    if found is None:
        return None
    low, high = (float(end.replace("−", "-")) for end in found.groups())
    return (low, high) if low < high else None


def named_scale(header: str) -> tuple[str, tuple[float, float] | None]:
    """Split a column's header into its name and its scale: `score [0:5]` is `score` on 0 to 5. The scale may be None.

    Example:
        >>> named_scale("Score [0:5]")
        ('Score', (0.0, 5.0))
        >>> named_scale("rater")
        ('rater', None)
    """
    found = _HEADER.fullmatch(header)
    scale = parse_scale(found.group(2)) if found is not None else None
    return (header, None) if found is None or scale is None else (found.group(1), scale)


def commented_scale(line: str) -> tuple[float, float] | None:
    """Return the scale in a comment line above the header, such as `# scale: 0:5`; None where it states none.

    Example:
        >>> commented_scale("# scale: 1 to 9")
        (1.0, 9.0)
    """
    found = _COMMENT.match(line.strip())
    return parse_scale(found.group(1)) if found is not None else None


def asked_scale(text: str) -> tuple[float, float]:
    """Return the scale that a user types, such as 0:5, as its lowest and highest point.

    Raises:
        UserError: The text does not name two ends.
    """
    found = parse_scale(text)
    if found is None:
        raise UserError(f"“{text}” is not a scale.", "Name its lowest and its highest point, such as 0:5 or -3:3.")
    return found
