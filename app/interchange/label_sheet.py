"""Spreadsheet files of human labels as streams of rows: separators, encodings, columns that all of them share."""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from app.domain.ratings import Factor, Items
from app.domain.spreadsheet import plain
from app.domain.words import many
from app.errors import UserError
from app.interchange.scale import commented_scale, named_scale

INTENSITY_COLUMNS: Final = (
    "study", "item", "clip", "clip_sha256", "subject", "condition", "rater", "pass", "emotion", "score",
    "missing_reason", "answered_at", "response_s",
)  # fmt: skip
CATEGORY_COLUMNS: Final = (
    "study", "item", "clip", "clip_sha256", "subject", "condition", "rater", "pass", "category", "missing_reason",
    "answered_at", "response_s",
)  # fmt: skip
TRACE_COLUMNS: Final = (
    "study", "item", "clip", "clip_sha256", "subject", "condition", "rater", "pass", "time_s", "valence", "arousal",
    "monotonic_s", "device",
)  # fmt: skip
ANSWER_COLUMNS: Final = (
    "study", "item", "clip", "clip_sha256", "subject", "condition", "rater", "pass", "confidence", "comment",
    "answered_at", "response_s",
)  # fmt: skip
ONE_CONDITION: Final = "all"
"""Name of the condition where a file has no condition column."""

META: Final = frozenset(INTENSITY_COLUMNS + CATEGORY_COLUMNS + TRACE_COLUMNS + ANSWER_COLUMNS) | {"simulated"}
MAX_COLUMNS: Final = 10_000
MAX_LINE: Final = 1 << 24
"""Characters in the header line or a comment above it: more are no table of labels."""
NOTHING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "."})


@dataclass
class Sheet:
    """An open file past its header.

    Attributes:
        path: the file, for messages.
        header: column names, stripped.
        at: lower-case column name → position.
        rows: (line number, cells) with as many cells as the header, blank lines skipped.
        comma: decimal commas are possible.
        scale: ends of the scale of the scores, where the header or a comment above it states them.
    """

    path: Path
    header: list[str]
    at: dict[str, int]
    rows: Iterator[tuple[int, list[str]]]
    comma: bool
    scale: tuple[float, float] | None = None

    def fail(self, line: int, what: str, todo: str = "Correct the line and try again.") -> NoReturn:
        """Raise with file and line."""
        raise UserError(f"{self.path.name}, line {line}: {what}.", todo)

    def need(self, *names: str) -> None:
        """Refuse a file without these columns."""
        missing = [n for n in names if n not in self.at]
        if missing:
            raise UserError(
                f"{self.path.name} has no column {', '.join(missing)} (its columns: {', '.join(self.header)}).",
                "Add the column, or choose another file.",
            )

    def number(self, text: str, line: int, column: str) -> float:
        """A finite float, NaN for an empty cell."""
        text = text.strip()
        if text.lower() in NOTHING:
            return float("nan")
        try:
            value = float(text.replace(",", ".") if self.comma else text)
        except ValueError:
            self.fail(line, f"{column} is “{text}”, not a number")
        if not np.isfinite(value):
            self.fail(line, f"{column} is “{text}”, not a finite number")
        return value


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """Open a CSV file and read its header; lines that start with # before it are skipped.

    Args:
        path: comma, semicolon, tab or bar separated text in UTF-8 or UTF-16.

    Raises:
        UserError: the file cannot be read, is empty, is not text or names a column twice.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(2)
        encoding = "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        with path.open(encoding=encoding, newline="") as text:
            first = ""
            skipped = 0
            scale = None
            for first in iter(lambda: text.readline(MAX_LINE), ""):
                if len(first) >= MAX_LINE:
                    raise UserError(f"{path.name} begins with an endless line.", "Choose a CSV file of labels.")
                if first.strip() and not first.startswith("#"):
                    break
                scale = commented_scale(first) or scale
                skipped += 1
                first = ""
            if not first.strip():
                raise UserError(f"{path.name} is empty.", "Choose a CSV file with a header line.")
            separator = max(",;\t|", key=first.count)
            named = [named_scale(h.strip()) for h in next(csv.reader([first], delimiter=separator))]
            header = [name for name, _ in named]
            scale = next((ends for _, ends in named if ends is not None), scale)
            while header and not header[-1]:
                header.pop()
            lower = [h.lower() for h in header]
            known = [h.lower() if h.lower() in META else h for h in header]
            if len(known) > MAX_COLUMNS:
                raise UserError(
                    f"{path.name} names {len(known)} columns, more than {MAX_COLUMNS}.", "Choose a file of labels."
                )
            twice = sorted(name for name, count in Counter(known).items() if name and count > 1)
            if twice:
                raise UserError(f"{path.name} names a column twice: {', '.join(twice)}.", "Rename one of them.")
            reader = csv.reader(text, delimiter=separator)
            at = {name: i for i, name in reversed(list(enumerate(lower)))}
            yield Sheet(path, header, at, _rows(path, reader, len(header), skipped + 1), separator != ",", scale)
    except UnicodeDecodeError as error:
        raise UserError(f"{path.name} is not UTF-8 text.", "Save it as CSV UTF-8 and try again.") from error
    except csv.Error as error:
        raise UserError(
            f"{path.name} cannot be read as CSV: {error}.", "Save it as CSV UTF-8 and try again."
        ) from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error


def _rows(path: Path, reader: Iterator[list[str]], width: int, before: int) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(reader, start=before + 1):
        if len(row) != width:
            if not any(cell.strip() for cell in row):
                continue
            if any(cell.strip() for cell in row[width:]):
                raise UserError(
                    f"{path.name}, line {number}: {len(row)} cells, but the header names {width} columns.",
                    "Check separators and quotes in that line.",
                )
            row = (row + [""] * width)[:width]
        elif not any(row):
            continue
        if any("\0" in cell for cell in row):
            raise UserError(f"{path.name}, line {number}: a cell holds a zero byte.", "Save it as CSV UTF-8 again.")
        if any(cell[:1] == "'" for cell in row):
            row = [plain(cell) for cell in row]
        yield number, row


class NameColumn:
    """Names to codes, in order of first appearance."""

    def __init__(self) -> None:
        self.codes = array("i")
        self.seen: dict[str, int] = {}

    def add(self, name: str) -> int:
        """Append one row; an empty name is missing."""
        code = self.seen.setdefault(name, len(self.seen)) if name else -1
        self.codes.append(code)
        return code

    def factor(self) -> Factor:
        """The finished column."""
        return Factor(np.array(self.codes, dtype=np.int32), tuple(self.seen))


class ItemBook:
    """Items by (clip, item), with their subjects."""

    def __init__(self, sheet: Sheet) -> None:
        if "clip" not in sheet.at and "item" not in sheet.at:
            sheet.need("clip")
        self.sheet = sheet
        self.clip, self.item = sheet.at.get("clip"), sheet.at.get("item")
        self.subject = sheet.at.get("subject")
        self.keys: dict[tuple[str, str], int] = {}
        self.subjects: list[str] = []
        self.conflicts = 0

    def add(self, line: int, row: list[str]) -> int:
        """Index of the item of a row."""
        item = row[self.item].strip() if self.item is not None else ""
        clip = row[self.clip].strip() if self.clip is not None else item
        if not clip:
            self.sheet.fail(line, "the clip is empty")
        subject = row[self.subject].strip() if self.subject is not None else ""
        index = self.keys.setdefault((clip, item or clip), len(self.keys))
        if index == len(self.subjects):
            self.subjects.append(subject)
        elif subject and subject != self.subjects[index]:
            if self.subjects[index]:
                self.conflicts += 1
            else:
                self.subjects[index] = subject
        return index

    def items(self) -> Items:
        """The finished list; an item's name is made unique with its clip's where needed."""
        plain = [item for _, item in self.keys]
        repeated = len(set(plain)) < len(plain)
        names = tuple(f"{clip}/{item}" if repeated and item != clip else item for clip, item in self.keys)
        return Items(names, Factor.encode(clip for clip, _ in self.keys), Factor.encode(self.subjects))

    def notes(self) -> list[str]:
        """What the user should know about the items."""
        if self.conflicts:
            return [
                f"{many(self.conflicts, 'row names', 'rows name')} another subject for an item than its "
                "first row; the first was kept."
            ]
        return []


def pass_no(sheet: Sheet, line: int, row: list[str]) -> int:
    """Number of the pass of a row, 1 where it is not given."""
    place = sheet.at.get("pass")
    text = row[place].strip() if place is not None else ""
    if not text:
        return 1
    value = sheet.number(text, line, "pass")
    if not value >= 1 or value != int(value):
        sheet.fail(line, f"pass is “{text}”, not 1, 2, …")
    return int(value)


def condition_of(sheet: Sheet, line: int, row: list[str]) -> str:
    """Condition of a row; one name for all rows of a file without the column."""
    place = sheet.at.get("condition")
    if place is None:
        return ONE_CONDITION
    name = row[place].strip()
    if not name:
        sheet.fail(line, "the condition is empty", "Name the condition in every line, or leave out the whole column.")
    return name


def _moment(text: str) -> float:
    """Seconds since the epoch from ISO 8601 or a number; NaN if it is neither."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return float("nan")
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


class TimeColumns:
    """The optional columns answered_at and response_s."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.answered, self.response = sheet.at.get("answered_at"), sheet.at.get("response_s")
        self.columns = (array("d"), array("d"))

    def add(self, line: int, row: list[str]) -> None:
        """Append one row."""
        if self.answered is not None:
            self.columns[0].append(_moment(row[self.answered].strip()))
        if self.response is not None:
            self.columns[1].append(self.sheet.number(row[self.response], line, "response_s"))

    def finished(self) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
        """(answered_s, response_s), None where the file has no such column."""
        a, r = (np.array(c, dtype=np.float64) for c in self.columns)
        return (a if self.answered is not None else None), (r if self.response is not None else None)
