"""Tidy CSV files of everything that raters gave, written and read without loss, with a data dictionary.

`app.interchange.tidy_ratings` makes tables for statistics of the same rows (and of published votes). This module drops
nothing, so that a project can be filled from the files. Numbers are written so that reading them gives the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from app.domain.spreadsheet import SheetWriter
from app.domain.stored_values import rule_of
from app.domain.study import FULL_CONTEXT
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.interchange.cells import guarded
from app.interchange.label_sheet import (
    ANSWER_COLUMNS,
    CATEGORY_COLUMNS,
    INTENSITY_COLUMNS,
    ONE_CONDITION,
    TRACE_COLUMNS,
    AnswerRow,
    CategoryRow,
    IntensityRow,
    Place,
    answer_rows,
    category_rows,
    intensity_rows,
    open_labels,
    sample_rows,
)
from app.interchange.sheet import Sheet, moment
from app.results import result

Kind = Literal["intensities", "categories", "answers", "traces"]
RATER_COLUMNS: Final = ("rater", "role", "simulated")
PRESENTATION_COLUMNS: Final = (
    *INTENSITY_COLUMNS[: INTENSITY_COLUMNS.index("emotion")], "task", "study_version", "view", "started_at",
    "sound_wanted", "clip_has_sound", "sound_played", "plays", "frames_shown", "frames_dropped", "window_width",
    "window_height", "check_passed", "check_sound", "check_dark_steps", "check_light_steps",
)  # fmt: skip
DICTIONARY_COLUMNS: Final = ("file", "column", "type", "unit", "values", "required", "meaning")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Judgement(NamedTuple):
    """One line of intensities or categories.

    Attributes:
        place: What it belongs to.
        name: The emotion, or the category (empty where missing).
        score: Score of an emotion; None where missing and for categories.
        missing_reason: Reason for a missing judgement; empty where there is one.
        answered_at: Seconds since the epoch to the microsecond; None where unknown.
        response_s: Seconds from presentation to answer; None where unknown.
    """

    place: Place
    name: str
    score: int | None
    missing_reason: str
    answered_at: float | None
    response_s: float | None


class AnswerDetail(NamedTuple):
    """One line about a whole answer.

    Attributes:
        place: What it belongs to.
        confidence: One of the study's levels of confidence; None where not given.
        comment: Free text; empty where there is none.
        answered_at: Seconds since the epoch to the microsecond; None where unknown.
        response_s: Seconds from presentation to answer; None where unknown.
    """

    place: Place
    confidence: int | None
    comment: str
    answered_at: float | None
    response_s: float | None


@dataclass(frozen=True, eq=False)
class TidyTrace:
    """The samples of one trace.

    Attributes:
        place: What it belongs to.
        samples: The samples.
        note: A sentence about where it comes from; empty where nothing is to be told.
    """

    place: Place
    samples: TraceSamples
    note: str = ""


class TidyRater(NamedTuple):
    """A rater by code; names are never written."""

    code: str
    role: str
    simulated: bool


class TidyPresentation(NamedTuple):
    """One line of presentations, which says how something was shown that was then judged.

    Attributes:
        place: What was shown.
        task: "rating" or "trace", the latter with its dimension.
        study_version: The version of the study.
        view: What the condition shows.
        started_at: Seconds since the epoch.
        sound_wanted: Whether the condition has sound.
        clip_has_sound: Whether the clip has a sound track.
        sound_played: Whether sound came out.
        counts: The number of plays, of frames shown and of frames dropped, and the picture's width and height in
            pixels.
        check: What the check of sound and screen of the sitting found; empty where none was made.
    """

    place: Place
    task: str
    study_version: int
    view: str
    started_at: float
    sound_wanted: bool
    clip_has_sound: bool
    sound_played: bool
    counts: tuple[int, int, int, int, int]
    check: Mapping[str, object]


def moment_text(at: float | None) -> str:
    """Return a time in seconds since the epoch as ISO 8601 in UTC with microseconds; empty for None."""
    if at is None:
        return ""
    when = _EPOCH + timedelta(microseconds=round(at * 1e6))
    return when.isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_of(text: str) -> float | None:
    """Return the seconds since the epoch of a text that `moment_text` wrote, bit for bit; a bare number is taken, too.

    Raises:
        ValueError: The text is neither ISO 8601 nor a number.
    """
    at = moment(text)
    return None if math.isnan(at) else _within("answered_at", at)


def _within(column: str, value: float) -> float:
    """Return the number where a project may hold it.

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
    """Write intensities, whole or not at all, and return the number of rows."""
    lines = (
        (*_written(row.place), guarded(row.name), "" if row.score is None else row.score, row.missing_reason,
         moment_text(row.answered_at), _number(row.response_s))
        for row in rows
    )  # fmt: skip
    return _write(path, INTENSITY_COLUMNS, lines)


def write_categories(path: Path, rows: Iterable[Judgement]) -> int:
    """Write categories, whole or not at all, and return the number of rows."""
    lines = (
        (*_written(row.place), guarded(row.name), row.missing_reason, moment_text(row.answered_at),
         _number(row.response_s))
        for row in rows
    )  # fmt: skip
    return _write(path, CATEGORY_COLUMNS, lines)


def write_answers(path: Path, rows: Iterable[AnswerDetail]) -> int:
    """Write confidence and comments, one row for each answer, whole or not at all, and return the number of rows."""
    lines = (
        (*_written(row.place), "" if row.confidence is None else row.confidence, row.comment,
         moment_text(row.answered_at), _number(row.response_s))
        for row in rows
    )  # fmt: skip
    return _write(path, ANSWER_COLUMNS, lines)


def write_traces(path: Path, traces: Iterable[TidyTrace]) -> int:
    """Write samples of traces, whole or not at all, and return the number of samples."""

    def lines() -> Iterator[Sequence[object]]:
        for trace in traces:
            samples, place = trace.samples, _written(trace.place)
            for i in range(len(samples)):
                valence, arousal = samples.values[i]
                yield (
                    *place, repr(float(samples.times_s[i])), _short(valence), _short(arousal),
                    _short(samples.monotonic_s[i]), samples.device,
                )  # fmt: skip

    return _write(path, TRACE_COLUMNS, lines())


def _short(value: np.floating) -> str:
    """Return the shortest text that reads as the same float32 or float64; empty for NaN."""
    return "" if np.isnan(value) else str(value.item() if value.dtype == np.float64 else value)


def _yes(value: object) -> str:
    return "" if value is None else "yes" if value else "no"


def write_presentations(path: Path, rows: Iterable[TidyPresentation]) -> int:
    """Write how judged items were shown, whole or not at all, and return the number of rows."""
    return _write(path, PRESENTATION_COLUMNS, map(_presentation, rows))


def _presentation(row: TidyPresentation) -> Sequence[object]:
    sound = (_yes(row.sound_wanted), _yes(row.clip_has_sound), _yes(row.sound_played))
    found = [row.check.get(name, "") for name in ("sound", "dark_steps", "light_steps")]
    started = moment_text(row.started_at)
    check = (_yes(row.check.get("passed")), *found)
    return (*_written(row.place), row.task, row.study_version, row.view, started, *sound, *row.counts, *check)


def write_raters(path: Path, raters: Iterable[TidyRater]) -> int:
    """Write the codes of raters and whether each is simulated; return the number of rows."""
    lines = ((guarded(rater.code), rater.role, "yes" if rater.simulated else "no") for rater in raters)
    return _write(path, RATER_COLUMNS, lines)


def _written(place: Place) -> tuple[object, ...]:
    """Return a place as it stands in a row; a name that reads as missing is guarded."""
    return tuple(guarded(cell) if isinstance(cell, str) else cell for cell in place)


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


_TELLING: Final = ("emotion", "score", "category", "confidence", "comment", "time_s", "valence", "arousal")
"""The columns that tell what a file holds."""


def kind_of(path: Path) -> Kind:
    """Tell from the columns of a file what it holds.

    Raises:
        UserError: The columns fit neither intensities, categories, answers nor traces.
    """
    with open_labels(path) as sheet:
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
            f"{path.name} holds neither intensities, categories, answers nor traces ({sheet.columns(_TELLING)}).",
            "It needs the columns emotion and score, or category, or confidence, or time_s with valence and arousal.",
        )


def _place(place: Place) -> Place:
    """Return the place as a project knows it: a file without conditions shows everything."""
    return place._replace(condition=FULL_CONTEXT) if place.condition == ONE_CONDITION else place


def _when(sheet: Sheet, row: IntensityRow | CategoryRow | AnswerRow) -> tuple[float | None, float | None]:
    """(answered_at, response_s) where a project may hold them, None for unknown."""
    known: list[float | None] = []
    for column, value in (("answered_at", row.answered_at), ("response_s", row.response_s)):
        try:
            known.append(None if math.isnan(value) else _within(column, value))
        except ValueError as error:
            sheet.fail(row.line, f"{column} {error}")
    return known[0], known[1]


def read_intensities(path: Path) -> list[Judgement]:
    """Read intensities in the order of the file.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    rows = []
    with open_labels(path) as sheet:
        for row in intensity_rows(sheet):
            unknown = math.isnan(row.score)
            if not unknown and row.score != round(row.score):
                sheet.fail(
                    row.line, f"the score {row.score} is not a whole number", "Intensities are points of a scale."
                )
            missing = (row.missing_reason or "cannot_tell") if unknown else ""
            whole = None if unknown else round(row.score)
            rows.append(Judgement(_place(row.place), row.emotion, whole, missing, *_when(sheet, row)))
    return rows


def read_categories(path: Path) -> list[Judgement]:
    """Read categories in the order of the file.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    rows = []
    with open_labels(path) as sheet:
        for row in category_rows(sheet):
            missing = "" if row.category else row.missing_reason or "cannot_tell"
            rows.append(Judgement(_place(row.place), row.category, None, missing, *_when(sheet, row)))
    return rows


def read_answers(path: Path) -> list[AnswerDetail]:
    """Read confidence and comments in the order of the file.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    rows = []
    with open_labels(path) as sheet:
        for row in answer_rows(sheet):
            unknown = math.isnan(row.confidence)
            if not unknown and (row.confidence != round(row.confidence) or row.confidence < 1):
                sheet.fail(row.line, f"the confidence {row.confidence} is not a whole number from 1")
            sure = None if unknown else round(row.confidence)
            rows.append(AnswerDetail(_place(row.place), sure, row.comment, *_when(sheet, row)))
    return rows


def read_traces(path: Path) -> list[TidyTrace]:
    """Read traces. Samples of one place, device and pair of traced dimensions make one trace, in the file's order.

    Raises:
        UserError: The file cannot be read, lacks a column or holds an impossible cell (named by line).
    """
    groups: dict[tuple[Place, str, int], list[tuple[float, float, float, float]]] = {}
    with open_labels(path) as sheet:
        run = 0
        last_place: Place | None = None
        last_s, last_axes = -np.inf, (False, False)
        for row in sample_rows(sheet):
            place = _place(row.place)
            # Time that runs back within one place, or another dimension, begins another trace of it.
            axes = (not math.isnan(row.valence), not math.isnan(row.arousal))
            if place != last_place:
                last_axes = (False, False)
            elif row.time_s < last_s or (any(axes) and any(last_axes) and axes != last_axes):
                run += 1
            last_place, last_s, last_axes = place, row.time_s, axes if any(axes) else last_axes
            samples = groups.setdefault((place, row.device, run), [])
            samples.append((row.time_s, row.valence, row.arousal, row.monotonic_s))
    return [_trace(place, device, rows) for (place, device, _), rows in groups.items()]


def _trace(place: Place, device: str, rows: list[tuple[float, float, float, float]]) -> TidyTrace:
    table = np.array(rows, np.float64)
    table = table[np.argsort(table[:, 0], kind="stable")]
    samples = TraceSamples(table[:, 0].copy(), table[:, 1:3].astype(np.float32), table[:, 3].copy(), device)
    return TidyTrace(place, samples)


def read_raters(path: Path) -> list[TidyRater]:
    """Read the codes of raters and whether each is simulated.

    Raises:
        UserError: The file cannot be read or lacks a column.
    """
    with open_labels(path) as sheet:
        sheet.need(*RATER_COLUMNS)
        return [
            TidyRater(
                sheet.needed(line, row, "rater"), sheet.word(row, "role"), sheet.word(row, "simulated").lower() == "yes"
            )
            for line, row in sheet.rows
        ]
