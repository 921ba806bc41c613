"""A whole text file of another tool in memory: decoded, in lines, and as tables that begin anywhere in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import Final, Protocol

from app.errors import UserError
from app.interchange import cells
from app.interchange.sheet import SEPARATORS, Sheet
from app.interchange.text_file import decoded, raw_bytes

HEAD_LINES: Final = 60
"""Number of lines at the beginning by which a format is recognised."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_IN_QUOTES: Final = re.compile(r'"[^"]*"?')
_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")


class _Rows(Protocol):
    """What `csv.reader` returns."""

    @property
    def line_num(self) -> int: ...
    def __next__(self) -> list[str]: ...


@dataclass
class Text:
    """The text of a file, or of one sheet of a workbook.

    Attributes:
        path: The file.
        raw: The bytes; empty for a sheet of a workbook.
        text: The decoded text.
        notes: Sentences about how it was decoded.
    """

    path: Path
    raw: bytes
    text: str
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends, of whatever kind these are."""
        return _LINE_END.split(self.text)

    @cached_property
    def head(self) -> list[str]:
        """The first lines without blanks and separators at their ends."""
        begun = _LINE_END.split(self.text[: 1 << 16], maxsplit=HEAD_LINES)[:HEAD_LINES]
        return [line.strip().rstrip("\t,; ") for line in begun]

    def fail(self, line: int, what: str, todo: str = "Correct the line and try again.") -> UserError:
        """Return the error about one line, which is counted from 1."""
        return UserError(f"{self.name}, line {line}: {what}.", todo)

    def table(self, line: int, separator: str | None = None) -> Sheet:
        """Return the table whose header stands in a line, which is counted from 0.

        Names of columns are known in any case. Where two columns have one name, the first one counts. Empty rows are
        left out, and the rows end with the text.

        Args:
            line: The line of the header.
            separator: What stands between the cells; None finds it out from the header.

        Raises:
            UserError: The text has no such line. While rows are read: a row has more cells than the header, or is no
                row of a table.
        """
        if line >= len(self.lines):
            raise self.fail(line + 1, "the header of the table is missing")
        between = separator or separator_of(self.lines[line])
        reader = csv.reader(io.StringIO("\n".join(self.lines[line:]), newline=""), delimiter=between, strict=True)
        header = next(self._rows(reader, line, 0), (line, []))[1]
        while header and not header[-1]:
            header.pop()
        at: dict[str, int] = {}
        for place, name in enumerate(header):
            if name:
                at.setdefault(name.lower(), place)
        return Sheet(self.path, header, at, self._rows(reader, line, len(header)), between != ",")

    def _rows(self, reader: _Rows, before: int, width: int) -> Iterator[tuple[int, list[str]]]:
        while True:
            number = before + reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.fail(number, f"this is not a row of a table ({error})", "Check the quotes.") from error
            row = [cell.strip() for cell in row]
            if not any(row):
                continue
            if width and len(row) != width:
                if any(row[width:]):
                    raise self.fail(
                        number,
                        f"{len(row)} cells, but the header names {width} columns",
                        "Check the separators; a decimal comma needs semicolons or tabs between the cells.",
                    )
                row = (row + [""] * width)[:width]
            yield number, row


def read_text(path: Path) -> Text:
    """Read a file of another tool.

    Text that is not UTF-8 is read as Windows-1252, which older tools wrote, and this is noted.

    Raises:
        UserError: The file cannot be read, is too large, or is not text.
    """
    raw = raw_bytes(path)
    text, notes = decoded(path, raw)
    zero = text.find("\0")
    if zero >= 0:
        line = len(_LINE_END.findall(text[:zero])) + 1
        raise UserError(f"{path.name}, line {line}: there is a zero byte, so this is not text.", "Choose another file.")
    if not text.strip():
        raise UserError(f"{path.name} is empty.", "Choose another file.")
    return Text(path, raw, text, notes)


def separator_of(line: str) -> str:
    """Return what stands between the cells of a line: the most frequent of comma, semicolon, tab and bar.

    Example:
        >>> separator_of("time;FM1 ;FM2")
        ';'
    """
    return max(SEPARATORS, key=_IN_QUOTES.sub("", line).count)


def split(line: str) -> list[str]:
    """Return the cells of a line without quotes and blanks, or its words where nothing separates cells.

    Example:
        >>> split('"a", b'), split("0.5   1")
        (['a', 'b'], ['0.5', '1'])
    """
    separator = separator_of(line)
    parts = line.split(separator) if separator in line else line.split()
    return [part.strip().strip('"').strip() for part in parts] or [""]


def names(line: str) -> list[str]:
    """Return the cells of a header in lower case.

    Example:
        >>> names("Time,Value")
        ['time', 'value']
    """
    return [cell.lower() for cell in split(line)]


def clock_s(text: str) -> float | None:
    """Return the seconds of a time of the clock, such as 01:02:03.5; None for anything else.

    Example:
        >>> clock_s("00:05.1"), clock_s("1:00:00"), clock_s("5.1") is None
        (5.1, 3600.0, True)
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def seconds(sheet: Sheet, line: int, text: str, column: str) -> float:
    """Return the time in a cell, which is a number of seconds or a time of the clock.

    Raises:
        UserError: It is neither, or it is missing.
    """
    clock = clock_s(text)
    value = sheet.number(text, line, column) if clock is None else clock
    if value != value:
        sheet.fail(line, f"{column} is empty")
    return value


def base_name(path: str) -> str:
    r"""Return the name of a file without its folders, which may be spelt as Windows or Unix do.

    Example:
        >>> base_name("C:\\Users\\lab\\a.avi"), base_name("file:///media/b.wav")
        ('a.avi', 'b.wav')
    """
    return PureWindowsPath(path.strip()).name


def is_number(text: str, comma: bool = True) -> bool:
    """Return whether a cell holds a number; a missing value is none.

    Example:
        >>> is_number("0,5"), is_number("NaN"), is_number("x")
        (True, False, False)
    """
    try:
        value = cells.number(text, comma)
    except ValueError:
        return False
    return value == value


def find_header(text: Text, *needed: str, within: Sequence[str] | None = None) -> int | None:
    """Return the first of the head's lines that names all these columns in lower case, counted from 0; None without.

    Args:
        text: The file.
        needed: The names.
        within: The lines; the head of the file by default.
    """
    for number, line in enumerate(text.head if within is None else within):
        if set(needed) <= set(names(line)):
            return number
    return None
