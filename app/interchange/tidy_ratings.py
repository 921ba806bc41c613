"""Tidy CSV of human labels: intensities, categories, published votes and traces.

Columns are named as in docs/formats.md; order is free, unknown columns are ignored (named in the notes).  Files of
spreadsheets are taken as they come: byte-order mark, semicolon or tab as separator, decimal comma with these, empty
cells for what is missing.
"""

from __future__ import annotations

from array import array
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.domain.ratings import CategoryTable, CountTable, Factor, Items, RatingTable, TraceRecord
from app.domain.traces import TraceSamples
from app.domain.words import many
from app.errors import UserError
from app.interchange.label_sheet import (
    META,
    NOTHING,
    ItemBook,
    NameColumn,
    Sheet,
    TimeColumns,
    condition_of,
    open_sheet,
    pass_no,
)
from app.interchange.scale import scale_beside

_TOTALS: Final = frozenset({"total", "total_votes", "n_votes", "num_votes", "n_raters", "n_ratings"})

Table = TypeVar("Table", RatingTable, CategoryTable)


def _last_of_each(columns: list[NDArray[np.integer]]) -> NDArray[np.bool_]:
    """(n,) mask that keeps the last row of each distinct combination of codes."""
    key = np.zeros(columns[0].size, dtype=np.int64)
    for column in columns:
        low = int(column.min(initial=0))
        key = key * (int(column.max(initial=0)) - low + 1) + (column - low)
    _, first_from_end = np.unique(key[::-1], return_index=True)
    keep = np.zeros(key.size, dtype=bool)
    keep[key.size - 1 - first_from_end] = True
    return keep


def _told_once(dropped: int) -> list[str]:
    if not dropped:
        return []
    return [
        f"{many(dropped, 'row repeats', 'rows repeat')} a rater's answer to the same item, "
        "condition and pass; the last one was kept."
    ]


def read_ratings(path: Path) -> RatingTable:
    """Read intensities.

    Args:
        path: CSV with the columns clip (or item), rater, emotion, score and optionally those of `INTENSITY_COLUMNS`.
            The scale is known where the header (`score [0:5]`), a comment above it (`# scale: 0:5`) or the data
            dictionary in the folder states it.

    Raises:
        UserError: the file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    path = Path(path)
    with open_sheet(path) as sheet:
        if "emotion" not in sheet.at and "category" in sheet.at:
            raise UserError(f"{path.name} holds categories, not intensities.", "Give it as a categories file.")
        sheet.need("rater", "emotion", "score")
        book, times = ItemBook(sheet), TimeColumns(sheet)
        condition, rater, emotion = NameColumn(), NameColumn(), NameColumn()
        item, number, score = array("i"), array("i"), array("d")
        r, e, s = sheet.at["rater"], sheet.at["emotion"], sheet.at["score"]
        for line, row in sheet.rows:
            item.append(book.add(line, row))
            condition.add(condition_of(sheet, line, row))
            if rater.add(row[r].strip()) < 0 or emotion.add(row[e].strip()) < 0:
                sheet.fail(line, "rater or emotion is empty")
            number.append(pass_no(sheet, line, row))
            score.append(sheet.number(row[s], line, "score"))
            times.add(line, row)
        answered, response = times.finished()
        table = RatingTable(
            items=book.items(), item=np.array(item, dtype=np.int32), condition=condition.factor(), rater=rater.factor(),
            emotion=emotion.factor(), score=np.array(score, dtype=np.float64), pass_no=np.array(number, dtype=np.int32),
            answered_s=answered, response_s=response, scale=sheet.scale or scale_beside(path),
        )  # fmt: skip
        keep = _last_of_each([table.item, table.condition.codes, table.rater.codes, table.emotion.codes, table.pass_no])
        notes = book.notes() + _told_once(int((~keep).sum()))
    return _noted(table.where(keep), notes)


def _noted(table: Table, notes: list[str]) -> Table:
    return replace(table, notes=tuple(notes))


def read_categories(path: Path) -> CategoryTable | CountTable:
    """Read category labels, one row per rater, or votes, one column per category.

    Args:
        path: CSV with clip (or item), rater, category; or with clip (or item) and one column of vote counts for each
            category. Without a condition column all rows belong to one condition named "all".

    Raises:
        UserError: the file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    path = Path(path)
    with open_sheet(path) as sheet:
        if "category" in sheet.at and ("rater" in sheet.at or not _vote_places(sheet)):
            return _labels(sheet)
        if {"score", "emotion", "rater"} <= sheet.at.keys():
            raise UserError(f"{path.name} holds intensities, not categories.", "Give it as a ratings file.")
        return _votes(sheet)


def _labels(sheet: Sheet) -> CategoryTable:
    sheet.need("rater", "category")
    book, times = ItemBook(sheet), TimeColumns(sheet)
    condition, rater, category = NameColumn(), NameColumn(), NameColumn()
    item, number = array("i"), array("i")
    r, c = sheet.at["rater"], sheet.at["category"]
    for line, row in sheet.rows:
        item.append(book.add(line, row))
        condition.add(condition_of(sheet, line, row))
        if rater.add(row[r].strip()) < 0:
            sheet.fail(line, "the rater is empty")
        name = row[c].strip()
        category.add("" if name in {"NA", "NaN", "nan"} else name)
        number.append(pass_no(sheet, line, row))
        times.add(line, row)
    answered, response = times.finished()
    table = CategoryTable(
        items=book.items(), item=np.array(item, dtype=np.int32), condition=condition.factor(), rater=rater.factor(),
        category=category.factor(), pass_no=np.array(number, dtype=np.int32), answered_s=answered, response_s=response,
    )  # fmt: skip
    keep = _last_of_each([table.item, table.condition.codes, table.rater.codes, table.pass_no])
    return _noted(table.where(keep), book.notes() + _told_once(int((~keep).sum())))


def _vote_places(sheet: Sheet) -> list[int]:
    """Positions of the columns that may hold votes; row numbers that data frames write along are none."""
    names = [name.lower() for name in sheet.header]
    return [i for i, name in enumerate(names) if name and name not in META and not name.startswith("unnamed:")]


def _votes(sheet: Sheet) -> CountTable:
    book, condition = ItemBook(sheet), NameColumn()
    columns = _vote_places(sheet)
    if not columns:
        raise UserError(
            f"{sheet.path.name} has neither a column category nor columns with votes.",
            "Give one row per rater with its category, or one column of counts per category.",
        )
    item, cells, lines = array("i"), [], array("q")
    for line, row in sheet.rows:
        if pass_no(sheet, line, row) != 1:
            continue
        item.append(book.add(line, row))
        condition.add(condition_of(sheet, line, row))
        cells.append([row[i].strip() for i in columns])
        lines.append(line)
    notes = book.notes()
    names, votes = _vote_columns(sheet, [sheet.header[i] for i in columns], cells, lines, notes)
    where = condition.factor()
    rows = np.array(item, dtype=np.int64)
    key, owner = np.unique(rows * max(len(where.names), 1) + where.codes, return_inverse=True)
    summed = np.zeros((key.size, len(names)))
    np.add.at(summed, owner, votes)
    if key.size < rows.size:
        notes.append(
            f"{many(rows.size - key.size, 'row repeats', 'rows repeat')} an item in the same condition; "
            "their votes were added up."
        )
    n_con = max(len(where.names), 1)
    return CountTable(
        items=book.items(), item=(key // n_con).astype(np.int32),
        condition=Factor((key % n_con).astype(np.int32), where.names), categories=names, votes=summed,
        notes=tuple(notes),
    )  # fmt: skip


def _vote_columns(
    sheet: Sheet, names: list[str], cells: list[list[str]], lines: array[int], notes: list[str]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Whole-number votes of the columns that hold numbers; columns of text and totals are left out and noted."""
    kept: list[str] = []
    values: list[NDArray[np.float64]] = []
    for place, name in enumerate(names):
        filled = [row[place] for row in cells if row[place].lower() not in NOTHING]
        if filled and not any(_is_number(sheet, text) for text in filled):
            notes.append(f"Column “{name}” holds text and is not taken as a category.")
            continue
        votes = np.array(
            [sheet.number(row[place], line, name) for row, line in zip(cells, lines, strict=True)], dtype=np.float64
        )
        votes[np.isnan(votes)] = 0.0
        wrong = np.flatnonzero((votes < 0) | (votes != np.rint(votes)))
        if wrong.size:
            sheet.fail(
                lines[int(wrong[0])],
                f"{name} is “{cells[int(wrong[0])][place]}”, not a number of votes",
                "Votes are whole numbers; multiply shares by the number of raters, or remove the column.",
            )
        kept.append(name)
        values.append(votes)
    if not kept:
        raise UserError(f"{sheet.path.name} has no column with votes.", "Give one column of counts per category.")
    table = np.stack(values, axis=1)
    for place, name in enumerate(kept):
        others = table.sum(axis=1) - table[:, place]
        if name.lower() in _TOTALS and len(kept) > 1 and bool((others == table[:, place]).all()):
            notes.append(f"Column “{name}” is the total of the others and not taken as a category.")
            return tuple(kept[:place] + kept[place + 1 :]), np.delete(table, place, axis=1)
    return tuple(kept), table


def _is_number(sheet: Sheet, text: str) -> bool:
    try:
        float(text.replace(",", ".") if sheet.comma else text)
    except ValueError:
        return False
    return True


def read_traces(path: Path) -> tuple[TraceRecord, ...]:
    """Read continuous traces, one record per (item, condition, rater, pass), samples in order of time.

    Args:
        path: CSV with clip (or item), rater, time_s and valence or arousal (or both).

    Raises:
        UserError: the file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    path = Path(path)
    with open_sheet(path) as sheet:
        sheet.need("rater", "time_s")
        if "valence" not in sheet.at and "arousal" not in sheet.at:
            sheet.need("valence")
        book = ItemBook(sheet)
        groups: dict[tuple[int, str, str, int], tuple[array[float], set[str]]] = {}
        measured = [sheet.at.get(n) for n in ("valence", "arousal", "monotonic_s")]
        device = sheet.at.get("device")
        for line, row in sheet.rows:
            rater = row[sheet.at["rater"]].strip()
            if not rater:
                sheet.fail(line, "the rater is empty")
            key = (book.add(line, row), condition_of(sheet, line, row), rater, pass_no(sheet, line, row))
            samples, devices = groups.setdefault(key, (array("d"), set()))
            time_s = sheet.number(row[sheet.at["time_s"]], line, "time_s")
            if np.isnan(time_s):
                sheet.fail(line, "time_s is empty")
            samples.append(time_s)
            samples.extend(float("nan") if p is None else sheet.number(row[p], line, sheet.header[p]) for p in measured)
            if device is not None and row[device].strip():
                devices.add(row[device].strip())
        items = book.items()
    return tuple(_trace(items, key, np.array(data).reshape(-1, 4), used) for key, (data, used) in groups.items())


def _trace(items: Items, key: tuple[int, str, str, int], rows: NDArray[np.float64], devices: set[str]) -> TraceRecord:
    index, condition, rater, number = key
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    subject = int(items.subject.codes[index])
    return TraceRecord(
        item=items.names[index], clip=items.clip.names[items.clip.codes[index]], condition=condition, rater=rater,
        pass_no=number, subject=items.subject.names[subject] if subject >= 0 else "",
        samples=TraceSamples(
            times_s=rows[:, 0].copy(), values=rows[:, 1:3].astype(np.float32), monotonic_s=rows[:, 3].copy(),
            device="+".join(sorted(devices)),
        ),
    )  # fmt: skip
