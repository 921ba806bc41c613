"""Heads of the tables that commands print: no long head takes the room of what stands below it."""

from collections.abc import Collection, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from app.cli.streams import as_text

if TYPE_CHECKING:
    from rich.text import Text

LEAST: Final = 10
"""Characters that a line of a head may be wide, however narrow the column is."""
BETWEEN: Final = 3
"""Characters that a column takes beside its text."""


def heads(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int, words: Collection[str] = ()
) -> list["Text"]:
    """Return the heads of a table's columns, broken between words where the table is wider than the screen.

    Args:
        header: The names of the columns.
        rows: What stands below them.
        width: Characters of the screen.
        words: Names of columns that hold words, whose heads stay as they are.
    """
    longest = [max((len(row[place]) for row in rows), default=0) for place in range(len(header))]
    whole = sum(max(len(name), cell) + BETWEEN for name, cell in zip(header, longest, strict=True)) < width
    return [
        as_text(name) if whole or name in words else _broken(name, max(cell, LEAST))
        for name, cell in zip(header, longest, strict=True)
    ]


def _broken(name: str, width: int) -> "Text":
    first, *more = wrap(name, width, break_long_words=False, break_on_hyphens=False) or [name]
    head = as_text(first)
    for line in more:
        head.append("\n").append(as_text(line))
    return head
