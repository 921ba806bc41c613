"""The record of an import of other tools' labels, by which it can be taken back."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Rows: TypeAlias = dict[str, list[Any]]
"""Table → the uids, or the pairs of numbers, of rows. A text `FIRST…LAST` stands for all uids from one to the other."""
TO: Final = "…"
"""Between the first and the last uid of many that were made together."""


@dataclass(frozen=True)
class ImportRecord:
    """An import that was stored.

    Attributes:
        number: The number of its line in the audit log.
        at: When it was stored, seconds since the epoch.
        files: The names of its files.
        rows: The rows that it added.
    """

    number: int
    at: float
    files: tuple[str, ...]
    rows: Rows
