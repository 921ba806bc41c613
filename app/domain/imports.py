"""The record of an import of other tools' labels, by which it can be taken back."""

from dataclasses import dataclass
from typing import Any, TypeAlias

Rows: TypeAlias = dict[str, list[Any]]
"""Table → the uids, or the pairs of numbers, of rows."""


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
