"""Writes tidy CSV files of rows whose fields have names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from app.domain.spreadsheet import SheetWriter
from app.interchange.cells import guarded
from app.results import Goal, path_of, result


def write_named_rows(
    goal: Goal, columns: Sequence[str], rows: Iterable[Any], names: Collection[str]
) -> tuple[Path, int]:
    """Write rows, whole or not at all.

    Args:
        goal: The file to write.
        columns: The headings, which are the fields of each row.
        rows: Named tuples of texts.
        names: The columns of names that somebody chose, which must not read as a missing value.

    Returns:
        The path of the file and the number of rows.

    Raises:
        UserError: The file cannot be written.
    """
    count = 0
    with result(goal) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
        writer = SheetWriter(text)
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row._replace(**{name: guarded(getattr(row, name)) for name in names}))
            count += 1
        text.flush()
    return path_of(goal), count
