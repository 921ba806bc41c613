"""Tidy CSV of everything raters gave, written and read without loss; a data dictionary goes with it.

`app.interchange.tidy_ratings` reads the same files (and published ones) as tables for statistics; here nothing is
dropped, so that a project can be filled from them. Numbers are written so that reading gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from app.domain.spreadsheet import SheetWriter
from app.domain.stored_values import rule_of
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.interchange.label_sheet import (
    ANSWER_COLUMNS,
    CATEGORY_COLUMNS,
    INTENSITY_COLUMNS,
    NOTHING,
    ONE_CONDITION,
    TRACE_COLUMNS,
    Sheet,
    condition_of,
    open_sheet,
    pass_no,
)
from app.results import result

Kind = Literal["intensities", "categories", "answers", "traces"]
RATER_COLUMNS: Final = ("rater", "role", "simulated")
DICTIONARY_COLUMNS: Final = ("file", "column", "type", "unit", "values", "required", "meaning")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """What a label belongs to; what a file does not say is empty."""

    study: str
    item: str
    clip: str
    clip_sha256: str
    subject: str
    condition: str
    rater: str
    pass_no: int


class Judgement(NamedTuple):
    """One line of intensities or categories.

    Attributes:
        place: What it belongs to.
        name: The emotion, or the category (empty where missing).
        score: Of an emotion, None where missing and for categories.
        missing_reason: Why there is none, empty with one.
        answered_at: Seconds since the epoch to the microsecond, None unknown.
        response_s: Seconds from presentation to answer, None unknown.
    """

    place: Place
    name: str
    score: int | None
    missing_reason: str
    answered_at: float | None
    response_s: float | None


class AnswerDetail(NamedTuple):
    """One line of answers: what was said of the whole answer.

    Attributes:
        place: What it belongs to.
        confidence: A point of the study's levels, None where not given.
        comment: Free text, empty without.
        answered_at: Seconds since the epoch to the microsecond, None unknown.
        response_s: Seconds from presentation to answer, None unknown.
    """

    place: Place
    confidence: int | None
    comment: str
    answered_at: float | None
    response_s: float | None


@dataclass(frozen=True, eq=False)
class TidyTrace:
    """The samples of one trace."""

    place: Place
    samples: TraceSamples


class TidyRater(NamedTuple):
    """A rater by code; names are never written."""

    code: str
    role: str
    simulated: bool


def moment_text(at: float | None) -> str:
    """ISO 8601 in UTC with microseconds; empty for unknown."""
    if at is None:
        return ""
    when = _EPOCH + timedelta(microseconds=round(at * 1e6))
    return when.isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_of(text: str) -> float | None:
    """Seconds since the epoch of such a text (or of a bare number); the same bits that were written.

    Raises:
        ValueError: It is neither.
    """
    if text.strip().lower() in NOTHING:
        return None
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        at = round(float(text), 6)
    else:
        at = round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp(), 6)
    return _within("answered_at", at)


def _within(column: str, value: float) -> float:
    """The number where a project may hold it.

    Raises:
        ValueError: It is beyond what the column means.
    """
    rule = rule_of("answer", column, "number")
    wrong = rule(value) if rule is not None else None
    if wrong is not None:
        raise ValueError(wrong)
    return value


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))


def write_intensities(path: Path, rows: Iterable[Judgement]) -> int:
    """Write intensities, whole or not at all; returns the number of rows."""
    lines = (
        (*row.place, row.name, "" if row.score is None else row.score, row.missing_reason,
         moment_text(row.answered_at), _number(row.response_s))
        for row in rows
    )  # fmt: skip
    return _write(path, INTENSITY_COLUMNS, lines)


def write_categories(path: Path, rows: Iterable[Judgement]) -> int:
    """Write categories, whole or not at all; returns the number of rows."""
    lines = (
        (*row.place, row.name, row.missing_reason, moment_text(row.answered_at), _number(row.response_s))
        for row in rows
    )
    return _write(path, CATEGORY_COLUMNS, lines)


def write_answers(path: Path, rows: Iterable[AnswerDetail]) -> int:
    """Write confidence and comments, one row an answer, whole or not at all; returns the number of rows."""
    lines = (
        (*row.place, "" if row.confidence is None else row.confidence, row.comment,
         moment_text(row.answered_at), _number(row.response_s))
        for row in rows
    )  # fmt: skip
    return _write(path, ANSWER_COLUMNS, lines)


def write_traces(path: Path, traces: Iterable[TidyTrace]) -> int:
    """Write samples of traces, whole or not at all; returns the number of samples."""

    def lines() -> Iterator[Sequence[object]]:
        for trace in traces:
            samples = trace.samples
            for i in range(len(samples)):
                valence, arousal = samples.values[i]
                yield (
                    *trace.place, repr(float(samples.times_s[i])), _short(valence), _short(arousal),
                    _short(samples.monotonic_s[i]), samples.device,
                )  # fmt: skip

    return _write(path, TRACE_COLUMNS, lines())


def _short(value: np.floating) -> str:
    """The shortest text that reads as the same float32 or float64; empty for NaN."""
    return "" if np.isnan(value) else str(value.item() if value.dtype == np.float64 else value)


def write_raters(path: Path, raters: Iterable[TidyRater]) -> int:
    """Write who is simulated, by code."""
    lines = ((rater.code, rater.role, "yes" if rater.simulated else "no") for rater in raters)
    return _write(path, RATER_COLUMNS, lines)


def _write(path: Path, header: Sequence[str], lines: Iterable[Sequence[object]]) -> int:
    count = 0
    with result(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
        writer = SheetWriter(text)
        writer.writerow(header)
        for line in lines:
            writer.writerow(line)
            count += 1
        text.flush()
    return count


def kind_of(path: Path) -> Kind:
    """What a file holds, by its columns.

    Raises:
        UserError: It holds none of the four.
    """
    with open_sheet(path) as sheet:
        names = sheet.at.keys()
        if "time_s" in names and names & {"valence", "arousal"}:
            return "traces"
        if {"emotion", "score"} <= names:
            return "intensities"
        if "category" in names:
            return "categories"
        if names & {"confidence", "comment"}:
            return "answers"
        raise UserError(
            f"{path.name} holds neither intensities, categories, answers nor traces.",
            "It needs the columns emotion and score, or category, or confidence, or time_s with valence and arousal.",
        )


class _Places:
    """Reads the columns that all files share."""

    def __init__(self, sheet: Sheet) -> None:
        sheet.need("rater")
        if "clip" not in sheet.at and "item" not in sheet.at:
            sheet.need("clip")
        self.sheet = sheet

    def text(self, row: list[str], column: str) -> str:
        """One cell, empty where there is no such column."""
        place = self.sheet.at.get(column)
        return row[place].strip() if place is not None else ""

    def of(self, line: int, row: list[str]) -> Place:
        """What a row belongs to."""
        rater, item = self.text(row, "rater"), self.text(row, "item")
        clip = self.text(row, "clip") or item
        if not rater:
            self.sheet.fail(line, "the rater is empty")
        if not clip:
            self.sheet.fail(line, "the clip is empty")
        condition = condition_of(self.sheet, line, row)
        return Place(
            self.text(row, "study"), item, clip, self.text(row, "clip_sha256").lower(), self.text(row, "subject"),
            "full_context" if condition == ONE_CONDITION else condition, rater, pass_no(self.sheet, line, row),
        )  # fmt: skip

    def answered(self, line: int, row: list[str]) -> tuple[float | None, float | None]:
        """(answered_at, response_s)."""
        try:
            at = moment_of(self.text(row, "answered_at"))
        except ValueError:
            self.sheet.fail(line, f"answered_at is “{self.text(row, 'answered_at')}”, not a moment")
        response = self.sheet.number(self.text(row, "response_s"), line, "response_s")
        if np.isnan(response):
            return at, None
        try:
            return at, _within("response_s", response)
        except ValueError as error:
            self.sheet.fail(line, f"response_s {error}")


def read_intensities(path: Path) -> list[Judgement]:
    """Read intensities in the order of the file.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    rows = []
    with open_sheet(path) as sheet:
        sheet.need("emotion", "score")
        places = _Places(sheet)
        for line, row in sheet.rows:
            emotion = places.text(row, "emotion")
            if not emotion:
                sheet.fail(line, "the emotion is empty")
            score = sheet.number(places.text(row, "score"), line, "score")
            if not np.isnan(score) and score != round(score):
                sheet.fail(line, f"the score {score} is no whole number", "Intensities are points of a scale.")
            missing = "" if not np.isnan(score) else places.text(row, "missing_reason") or "cannot_tell"
            whole = None if np.isnan(score) else round(score)
            rows.append(Judgement(places.of(line, row), emotion, whole, missing, *places.answered(line, row)))
    return rows


def read_categories(path: Path) -> list[Judgement]:
    """Read categories in the order of the file.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    rows = []
    with open_sheet(path) as sheet:
        sheet.need("category")
        places = _Places(sheet)
        for line, row in sheet.rows:
            name = places.text(row, "category")
            missing = "" if name else places.text(row, "missing_reason") or "cannot_tell"
            rows.append(Judgement(places.of(line, row), name, None, missing, *places.answered(line, row)))
    return rows


def read_answers(path: Path) -> list[AnswerDetail]:
    """Read confidence and comments in the order of the file.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    rows = []
    with open_sheet(path) as sheet:
        places = _Places(sheet)
        for line, row in sheet.rows:
            confidence = sheet.number(places.text(row, "confidence"), line, "confidence")
            if not np.isnan(confidence) and (confidence != round(confidence) or confidence < 1):
                sheet.fail(line, f"the confidence {confidence} is no whole number from 1")
            sure = None if np.isnan(confidence) else round(confidence)
            place = places.of(line, row)
            rows.append(AnswerDetail(place, sure, places.text(row, "comment"), *places.answered(line, row)))
    return rows


def read_traces(path: Path) -> list[TidyTrace]:
    """Read traces; samples of one place, device and pair of traced dimensions make one trace, in the file's order.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    groups: dict[tuple[Place, str, int], list[tuple[float, float, float, float]]] = {}
    with open_sheet(path) as sheet:
        sheet.need("time_s")
        places = _Places(sheet)
        run = 0
        last_place: Place | None = None
        last_s, last_axes = -np.inf, (False, False)
        for line, row in sheet.rows:
            place = places.of(line, row)
            numbers = [
                sheet.number(places.text(row, name), line, name)
                for name in ("time_s", "valence", "arousal", "monotonic_s")
            ]
            if np.isnan(numbers[0]):
                sheet.fail(line, "time_s is empty")
            if any(abs(value) > 1 for value in numbers[1:3]):
                sheet.fail(line, "valence and arousal must lie within −1 and 1")
            # Time that runs back within one place, or another dimension, begins another trace of it.
            axes = (not np.isnan(numbers[1]), not np.isnan(numbers[2]))
            if place != last_place:
                last_axes = (False, False)
            elif numbers[0] < last_s or (any(axes) and any(last_axes) and axes != last_axes):
                run += 1
            last_place, last_s, last_axes = place, numbers[0], axes if any(axes) else last_axes
            samples = groups.setdefault((place, places.text(row, "device"), run), [])
            samples.append((numbers[0], numbers[1], numbers[2], numbers[3]))
    return [_trace(place, device, rows) for (place, device, _), rows in groups.items()]


def _trace(place: Place, device: str, rows: list[tuple[float, float, float, float]]) -> TidyTrace:
    table = np.array(rows, np.float64)
    table = table[np.argsort(table[:, 0], kind="stable")]
    samples = TraceSamples(table[:, 0].copy(), table[:, 1:3].astype(np.float32), table[:, 3].copy(), device)
    return TidyTrace(place, samples)


def read_raters(path: Path) -> list[TidyRater]:
    """Read who is simulated.

    Raises:
        UserError: The file cannot be read or lacks a column.
    """
    with open_sheet(path) as sheet:
        sheet.need(*RATER_COLUMNS)
        at = sheet.at
        return [
            TidyRater(row[at["rater"]].strip(), row[at["role"]].strip(), row[at["simulated"]].strip().lower() == "yes")
            for _, row in sheet.rows
        ]
