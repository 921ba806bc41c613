"""A table in a text file as a stream of rows, with its encoding, separator, header and cells.

Every table that a user gives is opened here, whatever it holds, so that one file reads the same everywhere.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final, NoReturn, Protocol, TextIO

from app.domain.near import nearest
from app.domain.spreadsheet import plain
from app.domain.words import joined
from app.errors import UserError
from app.interchange import cells
from app.interchange.scale import commented_scale, named_scale
from app.interchange.text_file import open_text

SEPARATORS: Final = ",;\t|"
MAX_COLUMNS: Final = 10_000
MAX_LINE: Final = 1 << 24
"""Greatest number of characters in the header line or a comment above it. A file with more is not a table of labels."""

_SEP_LINE: Final = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_IN_QUOTES: Final = re.compile(r'"[^"]*"?')


@dataclass
class Sheet:
    """An open file past its header.

    Attributes:
        path: The file, for messages.
        header: Column names without surrounding blanks.
        at: A mapping from the column name in lower case to its position.
        rows: Pairs (line number, cells) with as many cells as the header; blank lines are left out.
        comma: Whether the comma may be the decimal mark.
        scale: The ends of the scale of the scores, where the header or a comment above it states them.
        missing_words: Spellings that `category` read as missing, with the number of cells of each.
        told: Sentences that tell the user how the columns were read.
    """

    path: Path
    header: list[str]
    at: dict[str, int]
    rows: Iterator[tuple[int, list[str]]]
    comma: bool
    scale: tuple[float, float] | None = None
    missing_words: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    _words: dict[str, str] = field(default_factory=dict)
    _mark: tuple[str, int] | None = None

    def fail(self, line: int, what: str, todo: str = "Correct the line and try again.") -> NoReturn:
        """Raise a `UserError` that names the file and line."""
        raise UserError(f"{self.path.name}, line {line}: {what}.", todo)

    def need(self, *names: str) -> None:
        """Refuse a file without these columns.

        Raises:
            UserError: A column is missing.
        """
        missing = [n for n in names if n not in self.at]
        if missing:
            raise UserError(
                f"{self.path.name} has no column {', '.join(missing)} ({self.columns(missing)}).",
                "Add the column, or choose another file.",
            )

    def columns(self, wanted: Iterable[str]) -> str:
        """Return the columns that there are, in words, and which of them may be a wanted one with a slip in its name.

        Args:
            wanted: Names of columns that a file like this may have.
        """
        names = list(wanted)
        slips = [(name, nearest(name, names)) for name in self.header if name and name.lower() not in names]
        meant = [f"{name} for {right}" for name, right in slips if right and right not in self.at]
        return f"its columns: {', '.join(self.header)}{f'; perhaps {joined(meant)}' if meant else ''}"

    def word(self, row: list[str], column: str) -> str:
        """Return the name in one cell of a row; empty where it is missing or there is no such column."""
        place = self.at.get(column)
        if place is None:
            return ""
        cell = row[place]
        found = self._words.get(cell)
        if found is None:
            found = self._words[cell] = cells.word(cell)
        return found

    def text(self, row: list[str], column: str) -> str:
        """Return one cell of free text without surrounding blanks; empty where there is no such column."""
        place = self.at.get(column)
        return row[place].strip() if place is not None else ""

    def needed(self, line: int, row: list[str], column: str) -> str:
        """Return the name in a cell that must not be missing.

        Raises:
            UserError: The cell is empty or stands for a missing value.
        """
        name = self.word(row, column)
        if not name:
            said = self.text(row, column)
            self.fail(line, f"the {column} is “{said}”, which stands for missing" if said else f"the {column} is empty")
        return name

    def category(self, line: int, row: list[str], column: str) -> str:
        """Return the category in a cell; empty where it is missing. Spellings that were read as missing are counted.

        Raises:
            UserError: The cell holds an error of a spreadsheet.
        """
        name = self.word(row, column)
        said = self.text(row, column)
        if not name and said:
            self.missing_words[said] += 1
        elif name.lower() in cells.SHEET_ERRORS:
            self.fail(line, f"{column} is “{name}”, an error of the spreadsheet")
        return name

    def number(self, text: str, line: int, column: str) -> float:
        """Return the finite number in a cell; NaN where it is missing.

        Raises:
            UserError: The cell holds something else, or another decimal mark than an earlier line.
        """
        try:
            value = cells.number(text, self.comma)
        except ValueError as error:
            self.fail(line, f"{column} {error}")
        if self.comma:
            self._one_mark(text, line, column)
        return value

    def _one_mark(self, text: str, line: int, column: str) -> None:
        """Refuse a file that has decimal commas and decimal points: one of them may part thousands."""
        mark = "," if "," in text else "." if "." in text and not cells.is_missing(text) else ""
        if not mark:
            return
        if self._mark is None:
            self._mark = (mark, line)
        elif self._mark[0] != mark:
            names = {",": "comma", ".": "point"}
            self.fail(
                line,
                f"{column} is “{text.strip()}” with a {names[mark]}, but line {self._mark[1]} has a decimal "
                f"{names[self._mark[0]]}",
                "Write all numbers of the file with the same decimal mark, and none between thousands.",
            )

    def moment(self, row: list[str], line: int, column: str) -> float:
        """Return the moment in a cell (ISO 8601 or a number) in seconds since the epoch; NaN where it is missing.

        Raises:
            UserError: The cell holds neither.
        """
        try:
            return moment(self.text(row, column))
        except ValueError:
            self.fail(
                line,
                f"{column} is “{self.text(row, column)}”, not a date and time",
                "Write dates and times as 2026-01-31T14:05:00Z, or leave the column out.",
            )

    def notes(self) -> list[str]:
        """Return sentences that tell the user how columns and missing categories were read."""
        if not self.missing_words:
            return list(self.told)
        said = ", ".join(f"“{text}” ({count})" for text, count in sorted(self.missing_words.items()))
        return [*self.told, f"Cells read as missing, not as categories: {said}."]


def moment(text: str) -> float:
    """Return seconds since the epoch from ISO 8601 or a number, rounded to the microsecond; NaN for a missing value.

    Raises:
        ValueError: The text is neither ISO 8601 nor a number.

    Example:
        >>> moment("1970-01-01T00:00:10Z"), moment("12.5"), moment("NA")
        (10.0, 12.5, nan)
    """
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return round(cells.number(text), 6)
    return round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp(), 6)


@contextmanager
def open_sheet(path: Path, known: Set[str] = frozenset(), *, blanks: bool = True) -> Iterator[Sheet]:
    """Open a CSV file and read its header; lines that start with # before it are skipped.

    Args:
        path: Text separated by commas, semicolons, tabs or bars, in UTF-8, UTF-16 or UTF-32; Excel's line `sep=;` is
            obeyed.
        known: Names of columns, in lower case, that are recognised in any case and may occur only once.
        blanks: Whether blanks behind a separator belong to the cell.

    Raises:
        UserError: The file cannot be read, is empty, is not text or names a column twice.
    """
    with open_text(path) as text:
        first, before, scale, separator = _header_line(path, text)
        separator = separator or max(SEPARATORS, key=_IN_QUOTES.sub("", first).count)
        reader = csv.reader(chain([first], text), delimiter=separator, strict=True, skipinitialspace=not blanks)
        named = [named_scale(h.strip()) for h in _next_row(path, reader, before) or []]
        header = [name for name, _ in named]
        scale = next((ends for _, ends in named if ends is not None), scale)
        while header and not header[-1]:
            header.pop()
        _refuse_header(path, header, known)
        at = {name.lower(): i for i, name in reversed(list(enumerate(header)))}
        yield Sheet(path, header, at, _rows(path, reader, header, before), separator != ",", scale)


def _header_line(path: Path, text: TextIO) -> tuple[str, int, tuple[float, float] | None, str]:
    """(first line of the header, lines before it, scale of a comment, separator that a line `sep=` names)."""
    scale, separator = None, ""
    for before, line in enumerate(iter(lambda: text.readline(MAX_LINE), "")):
        if len(line) >= MAX_LINE:
            raise UserError(f"{path.name} begins with a line that is too long.", "Choose a CSV file of labels.")
        named = _SEP_LINE.fullmatch(line.strip("\r\n ")) if not separator else None
        if named is not None:
            separator = named.group(1)
            if separator not in SEPARATORS:
                raise UserError(
                    f"{path.name}, line {before + 1}: “{separator}” does not separate cells.",
                    "Separate cells by comma, semicolon, tab or bar.",
                )
        elif line.strip() and not line.startswith("#"):
            return line, before, scale, separator
        scale = commented_scale(line) or scale
    raise UserError(f"{path.name} is empty.", "Choose a CSV file with a header line.")


def _refuse_header(path: Path, header: list[str], known: Set[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise UserError(
            f"{path.name} names {len(header)} columns, more than {MAX_COLUMNS}.", "Choose a file of labels."
        )
    names = Counter(name.lower() if name.lower() in known else name for name in header if name)
    twice = sorted(name for name, count in names.items() if count > 1)
    if twice:
        raise UserError(
            f"{path.name} has more than one column of the same name: {', '.join(twice)}.", "Rename one of them."
        )


class _Reader(Protocol):
    """What `csv.reader` returns."""

    @property
    def line_num(self) -> int: ...
    def __next__(self) -> list[str]: ...


def _next_row(path: Path, reader: _Reader, before: int) -> list[str] | None:
    """Return the next row, None at the end; a row that is not CSV is refused with its line."""
    began = reader.line_num
    try:
        return next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        raise UserError(
            f"{path.name}, line {before + began + 1}: this cannot be read as CSV ({error}).",
            "Check the quotes from that line on; save it as CSV UTF-8.",
        ) from error


def _rows(path: Path, reader: _Reader, header: list[str], before: int) -> Iterator[tuple[int, list[str]]]:
    width = len(header)
    while True:
        number = before + reader.line_num + 1
        row = _next_row(path, reader, before)
        if row is None:
            return
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
        for place, cell in enumerate(row):
            if "\0" in cell:
                raise UserError(
                    f"{path.name}, line {number}: {header[place] or 'a cell'} holds a zero byte.",
                    "Save it as CSV UTF-8 again.",
                )
            if cell[:1] == "'":
                row[place] = plain(cell)
        yield number, row
