"""Files of human labels as streams of rows: the columns that all of them share, and what each row says.

Both readers of such files, `app.interchange.tidy` for projects and `app.interchange.tidy_ratings` for statistics, take
their rows from here, so that a file says the same to both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from app.errors import UserError
from app.interchange.published import with_our_columns
from app.interchange.sheet import Sheet, open_sheet

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


class Place(NamedTuple):
    """What a label belongs to; a field that the file does not state is empty."""

    study: str
    item: str
    clip: str
    clip_sha256: str
    subject: str
    condition: str
    rater: str
    pass_no: int


class IntensityRow(NamedTuple):
    """One line of intensities.

    Attributes:
        line: Its number in the file.
        place: What it belongs to.
        emotion: Its name.
        score: NaN where missing.
        missing_reason: The reason that the file gives; empty where it gives none.
        answered_at: Seconds since the epoch; NaN where unknown.
        response_s: Seconds from presentation to answer; NaN where unknown.
    """

    line: int
    place: Place
    emotion: str
    score: float
    missing_reason: str
    answered_at: float
    response_s: float


class CategoryRow(NamedTuple):
    """One line of categories; see `IntensityRow`. A missing category is empty."""

    line: int
    place: Place
    category: str
    missing_reason: str
    answered_at: float
    response_s: float


class AnswerRow(NamedTuple):
    """One line about a whole answer; see `IntensityRow`. A confidence that was not given is NaN."""

    line: int
    place: Place
    confidence: float
    comment: str
    answered_at: float
    response_s: float


class SampleRow(NamedTuple):
    """One sample of a trace. A missing number is NaN; the time is never missing."""

    line: int
    place: Place
    time_s: float
    valence: float
    arousal: float
    monotonic_s: float
    device: str


@contextmanager
def open_labels(path: Path) -> Iterator[Sheet]:
    """Open a file of labels; see `open_sheet`. Columns of labels are known in any case and by published names."""
    with open_sheet(path, META) as sheet:
        yield with_our_columns(sheet)


def place_of(sheet: Sheet, line: int, row: list[str], *, rater: bool = True) -> Place:
    """Return what a row belongs to.

    Args:
        sheet: The file.
        line: The line number of the row.
        row: The cells of the row.
        rater: Whether a row must name its rater; votes have no rater.

    Raises:
        UserError: The clip, the rater or the condition is missing, or the pass is not a whole number from 1.
    """
    item = sheet.word(row, "item")
    clip = sheet.word(row, "clip") or item or sheet.needed(line, row, "clip")
    return Place(
        sheet.word(row, "study"), item, clip, sheet.word(row, "clip_sha256").lower(), sheet.word(row, "subject"),
        condition_of(sheet, line, row), sheet.needed(line, row, "rater") if rater else "", pass_no(sheet, line, row),
    )  # fmt: skip


def need_place(sheet: Sheet, *, rater: bool = True) -> None:
    """Refuse a file that does not name clips (or items), or raters.

    Args:
        sheet: The file.
        rater: Whether a rater must be named, too.

    Raises:
        UserError: A column is missing.
    """
    if rater:
        sheet.need("rater")
    if "clip" not in sheet.at and "item" not in sheet.at:
        sheet.need("clip")


def pass_no(sheet: Sheet, line: int, row: list[str]) -> int:
    """Return the number of the pass of a row; 1 where it is not given.

    Raises:
        UserError: The cell is not a whole number from 1.
    """
    text = sheet.text(row, "pass")
    if not text:
        return 1
    value = sheet.number(text, line, "pass")
    if math.isnan(value):
        return 1
    if not value >= 1 or value != int(value):
        sheet.fail(line, f"pass is “{text}”, not 1, 2, …")
    return int(value)


def condition_of(sheet: Sheet, line: int, row: list[str]) -> str:
    """Return the condition of a row, or one name for all rows where the file has no such column.

    Raises:
        UserError: The cell is empty.
    """
    if "condition" not in sheet.at:
        return ONE_CONDITION
    name = sheet.word(row, "condition")
    if not name:
        sheet.fail(line, "the condition is empty", "Name the condition in every line, or leave out the whole column.")
    return name


def _when(sheet: Sheet, line: int, row: list[str]) -> tuple[float, float]:
    """(answered_at, response_s)."""
    return sheet.moment(row, line, "answered_at"), sheet.number(sheet.text(row, "response_s"), line, "response_s")


def intensity_rows(sheet: Sheet) -> Iterator[IntensityRow]:
    """Yield the rows of intensities in the order of the file.

    Raises:
        UserError: A column is missing, or a cell is impossible (named by line and column).
    """
    if "emotion" not in sheet.at and "category" in sheet.at:
        raise UserError(f"{sheet.path.name} holds categories, not intensities.", "Give it as a categories file.")
    sheet.need("rater", "emotion", "score")
    need_place(sheet)
    for line, row in sheet.rows:
        place, emotion = place_of(sheet, line, row), sheet.needed(line, row, "emotion")
        score = sheet.number(sheet.text(row, "score"), line, "score")
        yield IntensityRow(line, place, emotion, score, sheet.word(row, "missing_reason"), *_when(sheet, line, row))


def category_rows(sheet: Sheet) -> Iterator[CategoryRow]:
    """Yield the rows of categories in the order of the file.

    Raises:
        UserError: A column is missing, or a cell is impossible (named by line and column).
    """
    sheet.need("category")
    need_place(sheet)
    for line, row in sheet.rows:
        place, name = place_of(sheet, line, row), sheet.category(line, row, "category")
        yield CategoryRow(line, place, name, sheet.word(row, "missing_reason"), *_when(sheet, line, row))


def answer_rows(sheet: Sheet) -> Iterator[AnswerRow]:
    """Yield the rows of confidence and comments in the order of the file.

    Raises:
        UserError: A column is missing, or a cell is impossible (named by line and column).
    """
    need_place(sheet)
    for line, row in sheet.rows:
        confidence = sheet.number(sheet.text(row, "confidence"), line, "confidence")
        place = place_of(sheet, line, row)
        yield AnswerRow(line, place, confidence, sheet.text(row, "comment"), *_when(sheet, line, row))


def sample_rows(sheet: Sheet) -> Iterator[SampleRow]:
    """Yield the samples of traces in the order of the file.

    Raises:
        UserError: A column is missing, or a cell is impossible (named by line and column).
    """
    sheet.need("rater", "time_s")
    if "valence" not in sheet.at and "arousal" not in sheet.at:
        sheet.need("valence")
    need_place(sheet)
    for line, row in sheet.rows:
        place = place_of(sheet, line, row)
        time_s, valence, arousal, monotonic_s = (
            sheet.number(sheet.text(row, name), line, name) for name in ("time_s", "valence", "arousal", "monotonic_s")
        )
        if math.isnan(time_s):
            sheet.fail(line, "time_s is empty")
        for name, value in (("valence", valence), ("arousal", arousal)):
            if abs(value) > 1:
                wrong = f"{name} is {value:g}, and valence and arousal must lie within −1 and 1"
                sheet.fail(line, wrong, _scaled(value))
        yield SampleRow(line, place, time_s, valence, arousal, monotonic_s, sheet.word(row, "device"))


def _scaled(value: float) -> str:
    """Return what to do about a value beyond the scale."""
    for top in (100, 1000):
        if 1.5 < abs(value) <= top:
            return f"If the file counts from −{top} to {top}, divide valence and arousal by {top}."
    return "Correct the line and try again."
