"""NOVA's and SSI's pair of files: `.annotation` with the scheme and `.annotation~` with the values."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.words import many
from app.errors import UserError
from app.interchange import cells
from app.interchange.readers import xml_text
from app.interchange.readers.record import ForeignFile, Format, Mark, Trace
from app.interchange.readers.text import Text, read_text
from app.interchange.readers.xml_text import Element
from app.interchange.text_file import raw_bytes

_ROOT: Final = "annotation"
_LEFT_OVER: Final = -1
"""Number of the class of ranges in which nothing applies."""
_MAX_S: Final = 1e7


def is_values(path: Path) -> bool:
    """Return whether a file is the second of a pair, which is read with the first."""
    return path.name.endswith("~") and path.with_name(path.name[:-1]).is_file()


def _recognise(text: Text) -> bool:
    return xml_text.is_xml(text, _ROOT) and "<scheme" in text.text


def _read(text: Text) -> ForeignFile:
    root = xml_text.parse(text, _ROOT)
    scheme = root.find("scheme")
    if scheme is None:
        raise UserError(f"{text.name} has no <scheme>.", "Export the annotation again from NOVA.")
    kind = scheme.get("type", "").upper()
    if kind not in _READ:
        raise UserError(
            f"{text.name} has a scheme of the type “{kind}”; CONTINUOUS, DISCRETE and FREE are read.",
            "Choose an annotation of one of these types.",
        )
    values = text.path.with_name(text.path.name + "~")
    if not values.is_file():
        raise UserError(
            f"{text.name} holds only the scheme; its values, {values.name}, are not beside it.",
            "Copy both files into one folder: NOVA always writes two.",
        )
    info, meta = root.find("info"), root.find("meta")
    binary = info is not None and info.get("ftype", "ASCII").upper() == "BINARY"
    found = ForeignFile(text.path)
    rater = meta.get("annotator", "") if meta is not None else ""
    _READ[kind](_Pair(text, values, scheme, binary, rater), found)
    read = max((len(one.times_s) for one in found.traces), default=len(found.marks))
    size = info.get("size", "") if info is not None else ""
    if size.isdecimal() and int(size) != read:
        found.notes.append(f"The header tells of {size} rows; the file has {read}, and all were read.")
    if meta is not None and meta.get("role"):
        found.notes.append(f"The role in NOVA is {meta.get('role')}.")
    return found


class _Pair:
    """Both files."""

    def __init__(self, text: Text, values: Path, scheme: Element, binary: bool, rater: str) -> None:
        self.text, self.path, self.scheme, self.binary, self.rater = text, values, scheme, binary, rater
        self.name = scheme.get("name", "")

    def rows(self) -> list[tuple[int, list[str]]]:
        """Return (line number, cells) of the values as text."""
        if not raw_bytes(self.path).strip():
            return []
        text = read_text(self.path)
        return [(n, line.split(";")) for n, line in enumerate(text.lines, start=1) if line.strip()]

    def number(self, line: int, cells_: list[str], place: int, what: str) -> float:
        """Return the number in a cell; NaN where it is missing.

        Raises:
            UserError: There is no such cell, or it holds no number.
        """
        if place >= len(cells_):
            raise self.fail(line, f"the {what} is missing")
        try:
            return cells.number(cells_[place], comma=True)
        except ValueError as error:
            raise self.fail(line, f"the {what} {error}") from error

    def span(self, line: int, cells_: list[str]) -> tuple[float, float]:
        """Return the beginning and end of a range in seconds."""
        start, end = self.number(line, cells_, 0, "beginning"), self.number(line, cells_, 1, "end")
        return self.checked(line, start, end)

    def checked(self, line: int, start: float, end: float) -> tuple[float, float]:
        """Return the range if it is one.

        Raises:
            UserError: It ends before it begins, or a time is impossible.
        """
        if not (-_MAX_S <= start <= end <= _MAX_S):
            raise self.fail(line, f"the range {start:g} to {end:g} s is impossible")
        return start, end

    def fail(self, line: int, what: str) -> UserError:
        """Return the error about a line of the values, or a row of binary ones."""
        where = "row" if self.binary else "line"
        return UserError(f"{self.path.name}, {where} {line}: {what}.", "Export the annotation again from NOVA.")


def _continuous(pair: _Pair, found: ForeignFile) -> None:
    rate = xml_text.number(pair.text, pair.scheme, "sr", pair.scheme.get("sr"))
    low, high = (xml_text.number(pair.text, pair.scheme, end, pair.scheme.get(end)) for end in ("min", "max"))
    if not rate > 0 or not low < high:
        raise UserError(
            f"{pair.text.name} has the rate {rate:g} and the scale {low:g} to {high:g}.", "Correct the scheme in NOVA."
        )
    scores, sure = _scores(pair)
    if not scores.size:
        raise UserError(f"{pair.path.name} holds no values.", "Export the annotation again from NOVA.")
    wrong = np.flatnonzero((scores < low - 1e-6) | (scores > high + 1e-6))
    if wrong.size:
        raise pair.fail(int(wrong[0]) + 1, f"the score {scores[wrong[0]]:g} is outside {low:g} to {high:g}")
    times_s = np.arange(len(scores)) / rate
    found.traces.append(Trace(pair.name, times_s, scores, low, high, pair.rater))
    _tell_confidence(found, sure)


def _scores(pair: _Pair) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the scores and confidences."""
    if pair.binary:
        raw = raw_bytes(pair.path)
        if len(raw) % 8:
            raise UserError(
                f"{pair.path.name} is cut off: {len(raw)} bytes are not a whole number of rows of 8.",
                "Export the annotation again from NOVA.",
            )
        both = np.frombuffer(raw, "<f4").reshape(-1, 2).astype(np.float64)
        if bool(np.isinf(both).any()):
            raise pair.fail(int(np.argwhere(np.isinf(both))[0, 0]) + 1, "the value is not finite")
        return both[:, 0].copy(), both[:, 1].copy()
    rows = pair.rows()
    scores = [pair.number(line, row, 0, "score") for line, row in rows]
    sure = [pair.number(line, row, 1, "confidence") if len(row) > 1 else math.nan for line, row in rows]
    return np.array(scores, np.float64), np.array(sure, np.float64)


def _discrete(pair: _Pair, found: ForeignFile) -> None:
    words = {item.get("id", ""): item.get("name", "") for item in pair.scheme.findall("item")}
    rows: list[tuple[int, float, float, int, float]] = []
    if pair.binary:
        raw = raw_bytes(pair.path)
        one = struct.Struct("<ddif")
        if len(raw) % one.size:
            raise UserError(
                f"{pair.path.name} is cut off: {len(raw)} bytes are not a whole number of rows of {one.size}.",
                "Export the annotation again from NOVA.",
            )
        for n, (start, end, number, sure) in enumerate(one.iter_unpack(raw), start=1):
            rows.append((n, *pair.checked(n, start, end), number, sure))
    else:
        for line, row in pair.rows():
            said = pair.number(line, row, 2, "class")
            if math.isnan(said) or said != round(said):
                raise pair.fail(line, f"the class “{row[2]}” is not a whole number")
            sure = pair.number(line, row, 3, "confidence") if len(row) > 3 else math.nan
            rows.append((line, *pair.span(line, row), int(said), sure))
    left_over = 0
    for line, start, end, number, _ in rows:
        if number == _LEFT_OVER:
            left_over += 1
            continue
        if str(number) not in words:
            raise pair.fail(line, f"the class {number} is not in the scheme")
        found.marks.append(Mark(pair.name, start, end, words[str(number)], pair.rater))
    if left_over:
        found.lost.append(f"{many(left_over, 'range has', 'ranges have')} the class of the rest (−1) and are left out.")
    _tell_confidence(found, np.array([row[4] for row in rows], np.float64))


def _free(pair: _Pair, found: ForeignFile) -> None:
    sure: list[float] = []
    for line, start, end, label, confidence in _free_binary(pair) if pair.binary else _free_text(pair):
        found.marks.append(Mark(pair.name, *pair.checked(line, start, end), label, pair.rater))
        sure.append(confidence)
    _tell_confidence(found, np.array(sure, np.float64))


def _free_text(pair: _Pair) -> list[tuple[int, float, float, str, float]]:
    rows = []
    for line, row in pair.rows():
        if len(row) < 3:
            raise pair.fail(line, "the text of the range is missing")
        sure = pair.number(line, row, 3, "confidence") if len(row) > 3 else math.nan
        rows.append((line, *pair.span(line, row), row[2].strip(), sure))
    return rows


def _free_binary(pair: _Pair) -> list[tuple[int, float, float, str, float]]:
    raw, at = raw_bytes(pair.path), 0
    rows: list[tuple[int, float, float, str, float]] = []
    begin, end_ = struct.Struct("<ddI"), struct.Struct("<f")
    while at < len(raw):
        row = len(rows) + 1
        if at + begin.size > len(raw):
            raise pair.fail(row, "the file is cut off")
        start, end, length = begin.unpack_from(raw, at)
        at += begin.size
        if at + length + end_.size > len(raw):
            raise pair.fail(row, "the file is cut off")
        try:
            label = raw[at : at + length].decode()
        except UnicodeError:
            label = raw[at : at + length].decode("cp1252", "replace")
        at += length
        (sure,) = end_.unpack_from(raw, at)
        at += end_.size
        rows.append((row, start, end, label, sure))
    return rows


def _tell_confidence(found: ForeignFile, sure: NDArray[np.float64]) -> None:
    known = sure[np.isfinite(sure)]
    if known.size and bool((known != 1.0).any()):
        found.lost.append("The confidence of each value is not kept.")


_READ: Final[Mapping[str, Callable[[_Pair, ForeignFile], None]]] = {
    "CONTINUOUS": _continuous,
    "DISCRETE": _discrete,
    "FREE": _free,
}

FORMAT: Final = Format("nova", "NOVA", _recognise, _read)
