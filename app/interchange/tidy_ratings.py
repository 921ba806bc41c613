"""Tidy CSV of human labels as tables for statistics: intensities, categories and published votes.

Columns may come in any order; unknown ones are ignored and named in the notes.  Files from spreadsheets are read as
they are: with a byte-order mark, with semicolons or tabs between cells, with decimal commas beside these, and with
empty cells for missing values.
"""

from __future__ import annotations

from array import array
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.domain.ratings import CategoryTable, CountTable, Factor, Items, RatingTable
from app.domain.words import many
from app.errors import UserError
from app.interchange.cells import is_missing, number
from app.interchange.data_dictionary import scale_beside
from app.interchange.label_sheet import (
    META,
    CategoryRow,
    IntensityRow,
    Place,
    category_rows,
    intensity_rows,
    need_place,
    open_labels,
    place_of,
)
from app.interchange.sheet import Sheet

_TOTALS: Final = frozenset({"total", "total_votes", "n_votes", "num_votes", "n_raters", "n_ratings"})

_TIMES: Final = ("answered_at", "response_s")

Table = TypeVar("Table", RatingTable, CategoryTable)


def _last_of_each(columns: list[NDArray[np.integer]]) -> NDArray[np.bool_]:
    """Return an (n,) mask that keeps the last row of each distinct combination of codes."""
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
        f"{many(dropped, 'row repeats', 'rows repeat')} a rater's answer to the same item, condition and pass; the "
        f"last row was kept."
    ]


class NameColumn:
    """A column of names as codes, which number the names in the order in which they first appear."""

    def __init__(self) -> None:
        self.codes = array("i")
        self.seen: dict[str, int] = {}

    def add(self, name: str) -> int:
        """Append one row and return the code of its name. An empty name is missing."""
        code = self.seen.setdefault(name, len(self.seen)) if name else -1
        self.codes.append(code)
        return code

    def factor(self) -> Factor:
        """Return the finished column."""
        return Factor(np.array(self.codes, dtype=np.int32), tuple(self.seen))


class ItemBook:
    """The items of a file by clip and name, with their subjects."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], int] = {}
        self.subjects: list[str] = []
        self.conflicts = 0

    def add(self, place: Place) -> int:
        """Return the index of the item of a row."""
        subject = place.subject
        index = self.keys.setdefault((place.clip, place.item or place.clip), len(self.keys))
        if index == len(self.subjects):
            self.subjects.append(subject)
        elif subject and subject != self.subjects[index]:
            if self.subjects[index]:
                self.conflicts += 1
            else:
                self.subjects[index] = subject
        return index

    def items(self) -> Items:
        """Return the finished list. The clip's name is added to an item's name where that alone is not unique."""
        plain = [item for _, item in self.keys]
        repeated = len(set(plain)) < len(plain)
        names = tuple(f"{clip}/{item}" if repeated and item != clip else item for clip, item in self.keys)
        return Items(names, Factor.encode(clip for clip, _ in self.keys), Factor.encode(self.subjects))

    def notes(self) -> list[str]:
        """Return sentences that tell the user about contradictions between rows of an item."""
        if self.conflicts:
            return [
                f"{many(self.conflicts, 'row names', 'rows name')} another subject for an item than its "
                "first row; the first was kept."
            ]
        return []


class _Columns:
    """What rows of intensities and of categories have in common, column by column."""

    def __init__(self, sheet: Sheet) -> None:
        self.book = ItemBook()
        self.condition, self.rater, self.named = NameColumn(), NameColumn(), NameColumn()
        self._item, self._pass = array("i"), array("i")
        self._when: dict[str, array[float]] = {name: array("d") for name in _TIMES if name in sheet.at}

    def add(self, row: IntensityRow | CategoryRow, name: str) -> None:
        """Append one row."""
        self._item.append(self.book.add(row.place))
        self.condition.add(row.place.condition)
        self.rater.add(row.place.rater)
        self.named.add(name)
        self._pass.append(row.place.pass_no)
        for column, values in self._when.items():
            values.append(row.answered_at if column == "answered_at" else row.response_s)

    @property
    def item(self) -> NDArray[np.int32]:
        """(n,) index of the item of each row."""
        return np.array(self._item, dtype=np.int32)

    @property
    def pass_no(self) -> NDArray[np.int32]:
        """(n,) number of the pass of each row."""
        return np.array(self._pass, dtype=np.int32)

    def when(self, column: str) -> NDArray[np.float64] | None:
        """(n,) values of answered_at or response_s, None where the file has no such column."""
        values = self._when.get(column)
        return None if values is None else np.array(values, dtype=np.float64)


def read_ratings(path: Path) -> RatingTable:
    """Read intensities.

    Args:
        path: A CSV file with the columns clip (or item), rater, emotion and score, and optionally those of
            `INTENSITY_COLUMNS`. The scale is known where the header (`score [0:5]`), a comment above it (`# scale:
            0:5`) or the data dictionary in the folder states it.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    path = Path(path)
    with open_labels(path) as sheet:
        columns, score = _Columns(sheet), array("d")
        for row in intensity_rows(sheet):
            columns.add(row, row.emotion)
            score.append(row.score)
        table = RatingTable(
            items=columns.book.items(), item=columns.item, condition=columns.condition.factor(),
            rater=columns.rater.factor(), emotion=columns.named.factor(), score=np.array(score, dtype=np.float64),
            pass_no=columns.pass_no, answered_s=columns.when("answered_at"), response_s=columns.when("response_s"),
            scale=sheet.scale or scale_beside(path),
        )  # fmt: skip
        keep = _last_of_each([table.item, table.condition.codes, table.rater.codes, table.emotion.codes, table.pass_no])
        notes = columns.book.notes() + sheet.notes() + _told_once(int((~keep).sum()))
    return _noted(table.where(keep), notes)


def _noted(table: Table, notes: list[str]) -> Table:
    return replace(table, notes=tuple(notes))


def read_categories(path: Path) -> CategoryTable | CountTable:
    """Read category labels, one row per rater, or votes, one column per category.

    Args:
        path: A CSV file with the columns clip (or item), rater and category, or with clip (or item) and one column of
            vote counts for each category. Without a condition column all rows belong to one condition named "all".

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    path = Path(path)
    with open_labels(path) as sheet:
        if "category" in sheet.at and ("rater" in sheet.at or not _vote_places(sheet)):
            return _labels(sheet)
        if {"score", "emotion", "rater"} <= sheet.at.keys():
            raise UserError(f"{path.name} holds intensities, not categories.", "Give it as a ratings file.")
        return _votes(sheet)


def _labels(sheet: Sheet) -> CategoryTable:
    columns = _Columns(sheet)
    for row in category_rows(sheet):
        columns.add(row, row.category)
    table = CategoryTable(
        items=columns.book.items(), item=columns.item, condition=columns.condition.factor(),
        rater=columns.rater.factor(), category=columns.named.factor(), pass_no=columns.pass_no,
        answered_s=columns.when("answered_at"), response_s=columns.when("response_s"),
    )  # fmt: skip
    keep = _last_of_each([table.item, table.condition.codes, table.rater.codes, table.pass_no])
    return _noted(table.where(keep), columns.book.notes() + sheet.notes() + _told_once(int((~keep).sum())))


def _vote_places(sheet: Sheet) -> list[int]:
    """Return the positions of the columns that may hold votes; row numbers that data frames write along are none."""
    names = [name.lower() for name in sheet.header]
    return [i for i, name in enumerate(names) if name and name not in META and not name.startswith("unnamed:")]


def _votes(sheet: Sheet) -> CountTable:
    need_place(sheet, rater=False)
    book, condition = ItemBook(), NameColumn()
    columns = _vote_places(sheet)
    if not columns:
        raise UserError(
            f"{sheet.path.name} has neither a column `category` nor columns of votes.",
            "Give one row for each rater with the category, or one column of counts per category.",
        )
    item, cells, lines = array("i"), [], array("q")
    for line, row in sheet.rows:
        place = place_of(sheet, line, row, rater=False)
        if place.pass_no != 1:
            continue
        item.append(book.add(place))
        condition.add(place.condition)
        cells.append([row[i].strip() for i in columns])
        lines.append(line)
    notes = book.notes() + sheet.notes()
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
    """Return whole-number votes of the columns that hold numbers; columns of text and totals are noted and left out."""
    kept: list[str] = []
    values: list[NDArray[np.float64]] = []
    for place, name in enumerate(names):
        filled = [row[place] for row in cells if not is_missing(row[place])]
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
                f"{name} is “{cells[int(wrong[0])][place]}”, which is not a number of votes",
                "Votes are whole numbers; multiply shares by the number of raters, or remove the column.",
            )
        kept.append(name)
        values.append(votes)
    if not kept:
        raise UserError(f"{sheet.path.name} has no column of votes.", "Give one column of counts per category.")
    table = np.stack(values, axis=1)
    for place, name in enumerate(kept):
        others = table.sum(axis=1) - table[:, place]
        if name.lower() in _TOTALS and len(kept) > 1 and bool((others == table[:, place]).all()):
            notes.append(f"Column “{name}” is the total of the others and not taken as a category.")
            return tuple(kept[:place] + kept[place + 1 :]), np.delete(table, place, axis=1)
    return tuple(kept), table


def _is_number(sheet: Sheet, text: str) -> bool:
    try:
        number(text, sheet.comma)
    except ValueError:
        return False
    return True
