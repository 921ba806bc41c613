"""Columns of numbers of a table, checked: numbers that are none, times that run back, tables without rows."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.interchange.readers.record import not_decreasing
from app.interchange.readers.text import Text, seconds
from app.interchange.sheet import Sheet

MAX_S: Final = 1e7
"""Greatest time in seconds: four months. What is later is in another unit."""
_NO_WORDS: Final[AbstractSet[str]] = frozenset()


def numbers(
    sheet: Sheet,
    wanted: Sequence[str],
    *,
    clock: str | None = None,
    missing: AbstractSet[str] = _NO_WORDS,
    codes: Mapping[str, float] | None = None,
) -> tuple[list[int], NDArray[np.float64]]:
    """Return the line numbers of the rows, and the numbers in some columns.

    Args:
        sheet: The table.
        wanted: The names of the M columns in lower case.
        clock: The name of the column, among the wanted ones, that may hold times of the clock.
        missing: Further words in lower case that stand for a missing value.
        codes: Words in lower case that stand for a number.

    Returns:
        N line numbers, and float64 N×M with NaN where a value is missing.

    Raises:
        UserError: A column is missing, a cell holds no number (named by line and column), or there is no row.
    """
    need(sheet, *wanted)
    places = [(name, sheet.at[name]) for name in wanted]
    lines: list[int] = []
    values = array("d")
    known = codes or {}
    for line, row in sheet.rows:
        lines.append(line)
        for name, place in places:
            cell = row[place]
            if name == clock:
                values.append(seconds(sheet, line, cell, sheet.header[place]))
                continue
            word = cell.lower() if missing or known else ""
            if word and word in missing:
                values.append(np.nan)
            elif word and word in known:
                values.append(known[word])
            else:
                values.append(sheet.number(cell, line, sheet.header[place]))
    if not lines:
        raise UserError(f"{sheet.path.name} has a header but no rows.", "The file may be cut off; export it again.")
    return lines, np.frombuffer(values, np.float64).reshape(len(lines), len(places)).copy()


def need(sheet: Sheet, *wanted: str) -> None:
    """Refuse a table without these columns; long headers are not repeated.

    Raises:
        UserError: A column is missing.
    """
    missing = [name for name in wanted if name not in sheet.at]
    if missing:
        raise UserError(
            f"{sheet.path.name} has no column {', '.join(missing)}.", "Export it again with all columns of its tool."
        )


def check_times(text: Text, lines: Sequence[int], times_s: NDArray[np.float64], column: str) -> None:
    """Refuse times that are missing, impossible or run back.

    Raises:
        UserError: The first such time, named by its line.
    """
    wrong = np.flatnonzero(~(np.abs(times_s) <= MAX_S))
    if wrong.size:
        said = "is missing" if np.isnan(times_s[wrong[0]]) else f"is {times_s[wrong[0]]:g} s"
        raise text.fail(lines[int(wrong[0])], f"the time in {column} {said}")
    back = not_decreasing(times_s)
    if back is not None:
        raise text.fail(
            lines[back], f"the time in {column} runs back from {times_s[back - 1]:g} to {times_s[back]:g} s"
        )


def check_scale(
    text: Text, lines: Sequence[int], values: NDArray[np.float64], low: float, high: float, column: str
) -> None:
    """Refuse values beyond the scale that the file states.

    Raises:
        UserError: The first such value, named by its line.
    """
    slack = 1e-6 * (high - low)
    wrong = np.flatnonzero((values < low - slack) | (values > high + slack))
    if wrong.size:
        place = int(wrong[0])
        raise text.fail(lines[place], f"{column} is {values[place]:g}, outside its scale of {low:g} to {high:g}")
