"""Everything judged in a project as tables, for statistics, export and training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.answer_columns
import db.answers
import db.audit
import db.items
import db.raters
import db.settings
import db.showings
import db.sights
import db.studies
import db.terms
import db.trace_verdicts
import db.traces
import db.unseen
from app.domain.answers import attention_of
from app.domain.asked import ASK, CHANCE, TAKE_BACK, Asked, asked_cells
from app.domain.project import TraceRecord
from app.domain.ratings import (
    CategoryTable,
    Factor,
    Items,
    ProjectRatings,
    RatingTable,
    TraceLabel,
)
from app.domain.study_records import StudyRecord
from app.domain.trace_rules import counting
from app.domain.words import many
from db.answer_columns import AnswerColumns
from db.check import require_newest, require_sound
from db.project import Project, Source

TAKEN_BACK: Final = "agreement.taken_back"
"""Setting of the project: codes of raters whom somebody took back after they had been set aside."""


@contextmanager
def _opened(project: Project | str | Path) -> Iterator[Project]:
    if isinstance(project, Project):
        yield project
        return
    with Project.open(project, read_only=True) as opened:
        require_newest(opened)
        yield opened


def load_project_ratings(
    project: Project | str | Path,
    study: str | None = None,
    *,
    with_traces: bool = True,
    with_simulated: bool = True,
) -> ProjectRatings:
    """Return everything judged in a project: current revisions, without practice, attention checks and calibration.

    Args:
        project: An open project, or the path of one, which is then opened for reading and closed again.
        study: Name of the study to keep to; None for all together.
        with_traces: Whether to read the samples of all traces.
        with_simulated: Whether to count simulated raters.

    Raises:
        UserError: The project or the study does not exist.
    """
    with _opened(project) as opened, opened.read() as session:
        require_sound(opened, session)
        records = [db.studies.get(session, study)] if study is not None else db.studies.every(session)
        study_id = records[0].id if study is not None else None
        columns = db.answer_columns.answers(session, study_id, with_simulated=with_simulated)
        book = _Book(session, columns)
        notes = _notes(records, columns) + _of_sources(session, study_id) + _of_asked(session, records, columns, book)
        ratings = _intensities(session, columns, book, records, notes)
        traces = _traces(session, book, study_id, with_simulated) if with_traces else ()
        return ProjectRatings(
            intensities=ratings,
            categories=_categories(columns, book, notes),
            traces=traces,
            attention=_attention(session, records, book),
            exclusions=db.raters.exclusions(session),
            taken_back=tuple(db.settings.get(session, TAKEN_BACK, ())),
        )


class _Book:
    """Names behind numbers, and items in the order of the project."""

    def __init__(self, source: Source, columns: AnswerColumns) -> None:
        self.terms = db.terms.texts(source)
        self.raters = {rater.id: rater for rater in db.raters.every(source)}
        self.records = {item.id: item for item in db.items.names(source)}
        used = set(_distinct(columns.item))
        listed = [item for item in self.records.values() if item.id in used]
        self.items = Items(
            names=tuple(item.name for item in listed),
            clip=Factor.encode(item.clip for item in listed),
            subject=Factor.encode(item.subject for item in listed),
        )
        self._place = {item.id: place for place, item in enumerate(listed)}

    def item_codes(self, numbers: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the index into `items` of each number."""
        return _mapped(numbers, self._place)

    def term_factor(self, numbers: NDArray[np.int64]) -> Factor:
        """Return the names of terms; −1 is missing."""
        used = [number for number in _distinct(numbers) if number >= 0]
        codes = _mapped(numbers, {number: place for place, number in enumerate(used)})
        return Factor(codes, tuple(self.terms[number] for number in used))

    def rater_factor(self, numbers: NDArray[np.int64]) -> Factor:
        """Return the codes of raters."""
        used = sorted(_distinct(numbers), key=lambda number: self.raters[number].code)
        codes = _mapped(numbers, {number: place for place, number in enumerate(used)})
        return Factor(codes, tuple(self.raters[number].code for number in used))


def _distinct(numbers: NDArray[np.int64]) -> list[int]:
    """Return the numbers that occur, ascending, from -1. They are small keys, so counting is fast."""
    found: list[int] = (np.flatnonzero(np.bincount(numbers + 1)) - 1).tolist()
    return found


def _mapped(numbers: NDArray[np.int64], place: dict[int, int]) -> NDArray[np.int32]:
    table = np.full(int(numbers.max(initial=-1)) + 2, -1, np.int32)
    for number, code in place.items():
        if number < table.size:
            table[number] = code
    # Number −1 (missing) reads the last place, which is −1.
    mapped: NDArray[np.int32] = table[numbers]
    return mapped


def _notes(records: list[StudyRecord], columns: AnswerColumns) -> tuple[str, ...]:
    used = set(np.unique(columns.study).tolist())
    names = [record.name for record in records if record.id in used]
    return (f"Answers of several studies together: {', '.join(names)}.",) if len(names) > 1 else ()


def _of_sources(source: Source, study_id: int | None) -> tuple[str, ...]:
    """Note answers that were left out as never shown, and how many came without a presentation in this project."""
    notes = []
    lost = db.unseen.count(source, study_id)
    if lost:
        notes.append(
            f"{many(lost, 'answer was', 'answers were')} given to what was never shown and left out: "
            "`project check` names them, the answers screen voids them."
        )
    unblinded = zip(db.sights.unblinded(source, study_id), ("answer", "trace"), strict=True)
    led = [many(n, word) for n, word in unblinded if n]
    if led:
        notes.append(
            f"{' and '.join(led)} given unblinded: predictions or labels of the clip were in sight, then or before."
        )
    came = db.unseen.sources(source, study_id)
    other = [(came.get(name, 0), word) for name, word in (("import", "imported"), ("simulated", "simulated"))]
    here = sum(came.values()) - sum(n for n, _ in other)
    if here and any(n for n, _ in other):
        parts = [f"{here} given on a screen", *(f"{n} {word}" for n, word in other if n)]
        notes.append(f"Answers: {', '.join(parts)}.")
    wanted, silent = db.showings.silent(source, study_id)
    if silent:
        notes.append(
            f"Sound was to be heard in {many(wanted, 'presentation')}, and none came out in {silent} of them: "
            "presentations.csv of an export names them."
        )
    return tuple(notes)


def _of_asked(source: Source, records: list[StudyRecord], columns: AnswerColumns, book: _Book) -> tuple[str, ...]:
    """Note how many answers were asked for because they help most, since most statistics assume random dealing."""
    lines = asked_lines(source)
    cells = {(record.id, *cell): how for record in records for cell, how in asked_cells(lines, record.uid).items()}
    if not cells:
        return ()
    keys = (columns.study, columns.rater, columns.item, columns.condition)
    given = ((s, r, i, book.terms.get(c, "")) for s, r, i, c in zip(*(key.tolist() for key in keys), strict=True))
    found = [cells[key] for key in given if key in cells]
    if not found:
        return ()
    chance = found.count(CHANCE)
    return (
        f"{many(len(found) - chance, 'answer was', 'answers were')} asked for because the model of raters expected "
        f"most of them, and {many(chance, 'answer')} dealt at random beside them (`study asked` lists both). Agreement "
        "and effects assume random dealing and may differ for it; the model of raters takes account of it.",
    )


def asked_lines(source: Source) -> list[Asked]:
    """Return the batches that were asked for and what was taken back of them, oldest first."""
    found = [*db.audit.recent(source, action=ASK), *db.audit.recent(source, action=TAKE_BACK)]
    return [Asked.of(one.id, one.action, one.detail) for one in sorted(found, key=lambda one: one.id)]


def _intensities(
    source: Source, columns: AnswerColumns, book: _Book, records: list[StudyRecord], notes: tuple[str, ...]
) -> RatingTable | None:
    parts = db.answer_columns.intensities(source, columns)
    if not parts.row.size:
        return None
    used = set(np.unique(columns.study).tolist())
    scales = {(r.study.scale.low, r.study.scale.high) for r in records if r.id in used and r.study.emotions}
    low, high = next(iter(scales)) if len(scales) == 1 else (None, None)
    row = parts.row
    return RatingTable(
        items=book.items,
        item=book.item_codes(columns.item)[row],
        condition=book.term_factor(columns.condition).take(row),
        rater=book.rater_factor(columns.rater).take(row),
        emotion=book.term_factor(parts.emotion),
        score=parts.score,
        pass_no=columns.pass_no.astype(np.int32)[row],
        answered_s=columns.answered_at[row],
        response_s=columns.response_s[row],
        scale=None if low is None or high is None else (float(low), float(high)),
        simulated=bool(columns.simulated.any()),
        notes=notes,
    )


def _categories(columns: AnswerColumns, book: _Book, notes: tuple[str, ...]) -> CategoryTable | None:
    asked = (columns.category >= 0) | (columns.category_missing >= 0)
    if not asked.any():
        return None
    return CategoryTable(
        items=book.items,
        item=book.item_codes(columns.item)[asked],
        condition=book.term_factor(columns.condition).take(asked),
        rater=book.rater_factor(columns.rater).take(asked),
        category=book.term_factor(columns.category).take(asked),
        pass_no=columns.pass_no.astype(np.int32)[asked],
        answered_s=columns.answered_at[asked],
        response_s=columns.response_s[asked],
        simulated=bool(columns.simulated[asked].any()),
        notes=notes,
    )


def _traces(source: Source, book: _Book, study_id: int | None, with_simulated: bool) -> tuple[TraceLabel, ...]:
    found = []
    for trace in current_traces(source, study_id):
        if trace.simulated and not with_simulated:
            continue
        item = book.records[trace.item_id]
        found.append(
            TraceLabel(
                item=item.name,
                clip=item.clip,
                condition=trace.condition,
                rater=trace.rater,
                pass_no=trace.pass_no,
                samples=db.traces.samples(source, trace.id),
                subject=item.subject,
                uid=trace.uid,
            )
        )
    return tuple(found)


def current_traces(source: Source, study_id: int | None = None) -> list[TraceRecord]:
    """Read the traces that count by `app.domain.trace_rules`, without their samples and oldest first.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study to keep to; None for all studies and traces outside studies.
    """
    return counting(db.traces.every(source, study_id=study_id))


def _attention(source: Source, records: list[StudyRecord], book: _Book) -> dict[str, tuple[int, int]]:
    codes = {number: rater.code for number, rater in book.raters.items()}
    asked = db.answer_columns.studies_with_checks(source)
    studies = [record.id for record in records if record.id in asked]
    checks = [one for study in studies for one in db.answers.every(source, study, purpose="attention")]
    traced = [one for study in studies for one in db.trace_verdicts.of_checks(source, study)]
    return attention_of(checks, codes, traced)
