"""CARMA's and DARMA's CSV: one or two dimensions as means of bins; the wide table of several files; the bare log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.interchange import cells
from app.interchange.readers.columns import check_scale, check_times, need
from app.interchange.readers.record import ForeignFile, Format, Trace
from app.interchange.readers.text import HEAD_LINES, Text, base_name, find_header, is_number, separator_of, split
from app.interchange.sheet import Sheet

_RULE: Final = "%%%%%%"
_BIN: Final = (
    "Each value is the mean of a bin and stands at the bin's end in the file; it is taken from the bin's beginning on."
)
_CARMA_TABLE: Final = ("filename", "lower label", "upper label", "minimum value", "maximum value", "second", "rating")
_DARMA_TABLE: Final = ("annotationfile", "multimediafile", "magnitude", "xlabel", "ylabel", "second", "x", "y")


def _ruled(text: Text) -> int | None:
    """Return the line of the row of percent signs, which stands below the header of the data."""
    return next((n for n, line in enumerate(text.head) if line.lstrip('"').startswith(_RULE)), None)


def _keys(text: Text, end: int) -> dict[str, list[str]]:
    """Return the rows above the data by their first cell in lower case."""
    return {(row := split(line))[0].lower(): row[1:] for line in text.lines[:end] if line.strip()}


def _given(text: Text, keys: dict[str, list[str]], name: str) -> float:
    """Return the number behind a key.

    Raises:
        UserError: It is missing or no number.
    """
    said = (keys.get(name) or [""])[0]
    try:
        value = cells.number(said, comma=True)
    except ValueError as error:
        raise UserError(f"{text.name}: {name} {error}.", "Correct the row above the data.") from error
    if value != value:
        raise UserError(f"{text.name} does not state its {name}.", "Add the row above the data, or export it again.")
    return value


def _begins(ends_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where the bins begin that end at these times."""
    if len(ends_s) < 2:
        return np.zeros_like(ends_s)
    return np.concatenate([[max(0.0, 2 * ends_s[0] - ends_s[1])], ends_s[:-1]])


def _data(text: Text, rule: int, columns: int) -> tuple[list[int], NDArray[np.float64]]:
    """Return line numbers and numbers below the row of percent signs.

    Raises:
        UserError: A row has fewer cells, or a cell is not a number.
    """
    separator = separator_of(text.lines[rule])
    lines: list[int] = []
    values: list[list[float]] = []
    for number, line in enumerate(text.lines[rule + 1 :], start=rule + 2):
        if not line.strip().strip(separator):
            continue
        row = [cell.strip().strip('"') for cell in line.split(separator)]
        if len(row) < columns or any(row[columns:]):
            raise text.fail(number, f"it has {len(row)} cells instead of {columns}")
        try:
            values.append([cells.number(cell, comma=separator != ",") for cell in row[:columns]])
        except ValueError as error:
            raise text.fail(number, f"a cell {error}") from error
        lines.append(number)
    if not lines:
        raise UserError(f"{text.name} has no ratings below its header.", "Export it again.")
    return lines, np.array(values, np.float64)


def _is_carma(text: Text) -> bool:
    rule = _ruled(text)
    return rule is not None and any(line.lstrip('"').lower().startswith("lower label") for line in text.head[:rule])


def _read_carma(text: Text) -> ForeignFile:
    rule = _ruled(text)
    assert rule is not None  # the recogniser found it
    keys = _keys(text, rule)
    low, high = _given(text, keys, "minimum value"), _given(text, keys, "maximum value")
    if not low < high:
        raise UserError(f"{text.name} has a scale of {low:g} to {high:g}.", "Correct the rows above the data.")
    lower, upper = ((keys.get(name) or [""])[0] for name in ("lower label", "upper label"))
    lines, table = _data(text, rule, 2)
    check_times(text, lines, table[:, 0], "Second")
    check_scale(text, lines, table[:, 1], low, high, "Rating")
    clip = base_name((keys.get("multimedia file") or [""])[0])
    name = f"{lower} … {upper}" if lower or upper else ""
    found = ForeignFile(text.path, notes=[_BIN])
    found.traces.append(Trace(name, _begins(table[:, 0]), table[:, 1], low, high, clip=clip))
    return found


def _is_carma_table(text: Text) -> bool:
    return find_header(text, *_CARMA_TABLE, within=text.head[:5]) is not None


def _read_carma_table(text: Text) -> ForeignFile:
    sheet = _table(text, _CARMA_TABLE)

    def scale(row: list[str], line: int) -> tuple[float, float]:
        low, high = (sheet.number(sheet.text(row, name), line, name) for name in ("minimum value", "maximum value"))
        if not low < high:
            sheet.fail(line, f"the scale is {low:g} to {high:g}")
        return low, high

    found = ForeignFile(text.path, notes=[_BIN])
    texts = ("filename", "lower label", "upper label")
    for (clip, lower, upper), (low, high), lines, values in _files(sheet, texts, scale, ("second", "rating")):
        check_times(text, lines, values[:, 0], "Second")
        check_scale(text, lines, values[:, 1], low, high, "Rating")
        begins = _begins(values[:, 0])
        found.traces.append(Trace(f"{lower} … {upper}", begins, values[:, 1], low, high, clip=base_name(clip)))
    return found


def _table(text: Text, columns: Sequence[str]) -> Sheet:
    """Return the table of several files, with all of its columns.

    Raises:
        UserError: A column is missing.
    """
    sheet = text.table(find_header(text, *columns, within=text.head[:5]) or 0)
    need(sheet, *columns)
    return sheet


def _files(
    sheet: Sheet,
    texts: Sequence[str],
    scale: Callable[[list[str], int], tuple[float, float]],
    values: Sequence[str],
) -> list[tuple[tuple[str, ...], tuple[float, float], list[int], NDArray[np.float64]]]:
    """Return the files that the rows of a table come from, in their order.

    Args:
        sheet: The table.
        texts: The columns whose texts, with the scale, name a file.
        scale: Returns the lowest and the highest value of a row, or refuses its line.
        values: The M columns of numbers.

    Returns:
        For each file its texts, its scale, the line numbers of its N rows, and float64 N×M.

    Raises:
        UserError: There is no row, or a cell holds no number (named by line and column).
    """
    rows: dict[tuple[tuple[str, ...], tuple[float, float]], tuple[list[int], list[list[float]]]] = {}
    for line, row in sheet.rows:
        key = (tuple(sheet.text(row, name) for name in texts), scale(row, line))
        lines, numbers = rows.setdefault(key, ([], []))
        lines.append(line)
        numbers.append([sheet.number(sheet.text(row, name), line, name) for name in values])
    if not rows:
        raise UserError(f"{sheet.path.name} has a header but no rows.", "The file may be cut off; export it again.")
    return [(*key, lines, np.array(numbers, np.float64)) for key, (lines, numbers) in rows.items()]


def _is_darma(text: Text) -> bool:
    rule = _ruled(text)
    return rule is not None and any(line.lstrip('"').lower().startswith("magnitude") for line in text.head[:rule])


def _read_darma(text: Text) -> ForeignFile:
    rule = _ruled(text)
    assert rule is not None  # the recogniser found it
    keys = _keys(text, rule)
    size = _given(text, keys, "magnitude")
    if not size > 0:
        raise UserError(f"{text.name} has the magnitude {size:g}.", "Correct the row above the data.")
    labels = [*(keys.get("second") or []), "", ""]
    lines, table = _data(text, rule, 4)
    check_times(text, lines, table[:, 0], "Second")
    clip = base_name((keys.get("multimedia file") or [""])[0])
    found = ForeignFile(text.path, notes=[_BIN])
    for place, fallback in ((1, "x"), (2, "y")):
        name = labels[place - 1] or fallback
        check_scale(text, lines, table[:, place], -size, size, name)
        found.traces.append(Trace(name, _begins(table[:, 0]), table[:, place], -size, size, clip=clip))
    if bool((np.nan_to_num(table[:, 3]) != 0).any()):
        found.lost.append("The presses of the joystick's button are not kept.")
    return found


def _is_darma_table(text: Text) -> bool:
    return find_header(text, *_DARMA_TABLE, within=text.head[:5]) is not None


def _read_darma_table(text: Text) -> ForeignFile:
    sheet = _table(text, _DARMA_TABLE)

    def scale(row: list[str], line: int) -> tuple[float, float]:
        size = sheet.number(sheet.text(row, "magnitude"), line, "Magnitude")
        if not size > 0:
            sheet.fail(line, f"the magnitude is {size:g}")
        return -size, size

    found = ForeignFile(text.path, notes=[_BIN])
    texts = ("annotationfile", "multimediafile", "xlabel", "ylabel")
    for (rater, clip, *names), (low, high), lines, values in _files(sheet, texts, scale, ("second", "x", "y")):
        check_times(text, lines, values[:, 0], "Second")
        stem = base_name(rater).rsplit(".", 1)[0]
        for place, fallback in ((1, "x"), (2, "y")):
            name = names[place - 1] or fallback
            check_scale(text, lines, values[:, place], low, high, name)
            begins = _begins(values[:, 0])
            found.traces.append(Trace(name, begins, values[:, place], low, high, stem, base_name(clip)))
    return found


def _is_log(text: Text) -> bool:
    """Return whether each line of the head holds two or three numbers, of which the first never falls."""
    return bool(bare_columns(text))


def bare_columns(text: Text) -> int:
    """Return the number of columns (2 or 3) of a file without header whose first column is a time; 0 for others."""
    rows = [split(line) for line in text.head if line][: HEAD_LINES - 1]
    if len(rows) < 2 or len(rows[0]) not in (2, 3):
        return 0
    width = len(rows[0])
    whole = rows[:-1] if len(text.text) > (1 << 16) else rows  # the last line of the head may be cut
    if not all(
        len(row) in (width, width - 1) and all(is_number(cell) or not cell for cell in row[:1]) for row in whole
    ):
        return 0
    return width if all(len(row) >= 1 and is_number(row[0]) for row in whole[:3]) else 0


def _read_log(text: Text) -> ForeignFile:
    width = bare_columns(text)
    separator = next((one for one in ",;\t" if one in text.head[0]), None)
    lines: list[int] = []
    values: list[list[float]] = []
    for number, line in enumerate(text.lines, start=1):
        if not line.strip():
            continue
        row = [cell.strip().strip('"') for cell in (line.split(separator) if separator else line.split())]
        if len(row) != width:
            raise text.fail(number, f"it has {len(row)} cells instead of {width}")
        try:
            values.append([cells.number(cell, comma=separator != ",") for cell in row])
        except ValueError as error:
            raise text.fail(number, f"a cell {error}") from error
        lines.append(number)
    table = np.array(values, np.float64)
    check_times(text, lines, table[:, 0], "the first column")
    found = ForeignFile(text.path, notes=["It has no header: the first column is taken as seconds."])
    for place in range(1, width):
        name = "" if width == 2 else ("y" if place == 1 else "x")
        found.traces.append(Trace(name, table[:, 0], table[:, place]))
    if width == 3:
        found.notes.append("Of two columns of values, as FEELtrace writes them, the first is y (activation).")
    return found


CARMA: Final = Format("carma", "CARMA", _is_carma, _read_carma)
CARMA_TABLE: Final = Format("carma-table", "CARMA (table of several files)", _is_carma_table, _read_carma_table)
DARMA: Final = Format("darma", "DARMA", _is_darma, _read_darma)
DARMA_TABLE: Final = Format("darma-table", "DARMA (table of several files)", _is_darma_table, _read_darma_table)
LOG: Final = Format("log", "Times and values without header (CARMA's log, GTrace, FEELtrace)", _is_log, _read_log)
