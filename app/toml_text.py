"""Reads TOML files from other sources; every fault of a file raises the same kind of error."""

import tomllib
from typing import Any, Final

MAX_CHARACTERS: Final = 4 << 20
"""Longer files are none that a person or this program has written."""


def loads(text: str) -> dict[str, Any]:
    """Parse a TOML document.

    Raises:
        tomllib.TOMLDecodeError: The text is not TOML, is too long, or nests tables too deeply.
    """
    if len(text) > MAX_CHARACTERS:
        raise tomllib.TOMLDecodeError(f"it is longer than {MAX_CHARACTERS} characters")
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("its tables are nested too deeply") from None
    if _depth(content) > _MAX_DEPTH:
        raise tomllib.TOMLDecodeError("its tables are nested too deeply")
    return content


_MAX_DEPTH: Final = 50


def _depth(content: Any) -> int:
    """Return how deeply tables and lists are nested, counted no further than one beyond what is allowed."""
    level, here = 0, [content]
    while here and level <= _MAX_DEPTH:
        level += 1
        here = [
            part
            for one in here
            for part in (one.values() if isinstance(one, dict) else one)
            if isinstance(part, dict | list)
        ]
    return level
