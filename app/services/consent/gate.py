"""The gate through which people's data leave a project: what consent does not cover is refused by name, or left out.

One rule holds everywhere: whatever carries an answer of somebody whose consent does not cover an export, also within a
mean, is refused by name. Rows of these people can be left out; numbers are computed again without them.

`tests/services/rights/test_ways_out.py` lists every function that writes a file, with its place at this gate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.consent
import db.face_people
import db.items
from app.domain.consent import Purpose, Refusal
from app.domain.project import ClipRecord, TrainingRecord
from app.domain.ratings import CategoryTable, Factor, ProjectRatings, RatingTable
from app.domain.tables import Cell, Table
from app.errors import UserError
from app.services.consent.covered import Allowed, Uncovered, allowed
from db.project import Project, Source

T = TypeVar("T", RatingTable, CategoryTable)


def covered_clips(
    source: Source, clips: Iterable[ClipRecord], *, without: bool = False, purpose: Purpose = "export"
) -> tuple[set[int], Allowed]:
    """Return the numbers of the clips in which everybody agreed to a purpose, and who may take part in it.

    Args:
        source: The project, or a session of it.
        clips: The clips that would leave it.
        without: Whether to leave out the others rather than to refuse.
        purpose: What for.

    Raises:
        Uncovered: Consent does not cover somebody, and nobody said to leave these people out.
    """
    may, clips = allowed(source, purpose, without=without), list(clips)
    seen = db.face_people.seen_in_clips(source) if may.subjects else {}
    may.require(subjects={code for clip in clips for code in seen.get(clip.id, ())})
    return {clip.id for clip in clips if not may.subjects & seen.get(clip.id, set())}, may


def left_out_of_clips(source: Source, clips: Iterable[ClipRecord], may: Allowed) -> str:
    """Return a sentence on who was left out where clips leave the project without any labels; empty for nobody.

    Raters have no part in that, so theirs are not among the names.

    Args:
        source: The project, or a session of it.
        clips: The clips that would leave it.
        may: As `covered_clips` gives it.
    """
    seen = db.face_people.seen_in_clips(source) if may.subjects else {}
    return may.only("subject", {code for clip in clips for code in seen.get(clip.id, ())}).note


def names_of_refused(project: Project) -> dict[str, Refusal]:
    """Return every name by which tables may tell of people whose consent does not cover an export.

    These are codes of raters and subjects, and the names of a subject's clips and items.
    """
    may = allowed(project, "export")
    found = {one.person.code: one for one in may.refused}
    if may.subjects:
        of_subject = {one.person.code: one for one in may.refused if one.person.party == "subject"}
        seen = db.face_people.seen_in_clips(project)
        clips = db.clips.every(project, removed=True)
        named = [(clip.name, code) for clip in clips for code in sorted(seen.get(clip.id, ()))]
        named += [(item.name, item.subject) for item in db.items.every(project, removed=True)]
        for name, subject in named:
            if subject in of_subject:
                found.setdefault(name, of_subject[subject])
    return found


def covered_tables(
    tables: Sequence[Table], refused: Mapping[str, Refusal], *, without: bool = False
) -> tuple[Table, ...]:
    """Return tables without the rows and columns that name people whose consent does not cover an export.

    Whose answers are in numbers that name nobody, such as a mean over raters, is asked before (`covered_labels`,
    `answers_may_leave`, `runs_may_leave`).

    Args:
        tables: The tables.
        refused: As `names_of_refused` gives it.
        without: Whether to leave out these rows and columns rather than to refuse.

    Raises:
        Uncovered: A table names somebody, and nobody said to leave these people out.
    """
    if not refused:
        return tuple(tables)
    named = {cell for table in tables for cell in _words(table) if cell in refused}
    if named and not without:
        raise Uncovered("export", {refused[name] for name in named})
    return tuple(_without(table, refused.__contains__) for table in tables)


def require_unnamed_in_plot(project: Project, texts: Iterable[str]) -> None:
    """Refuse a plot whose legend, title or axes name people whose consent does not cover an export.

    A name counts where it stands as a whole word. Names that are numbers cannot be told from those of an axis.

    Args:
        project: The project.
        texts: What is written in the plot.

    Raises:
        UserError: It names somebody; the message says whom.
    """
    refused = {name: one for name, one in names_of_refused(project).items() if not name.isdecimal()}
    if not refused:
        return
    every = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(refused, key=len, reverse=True)))
    named = {refused[found] for text in texts for found in every.findall(text)}
    if named:
        raise UserError(
            Uncovered("export", named).what,
            "Show the plot without these people, or record their consent under File → People and consent….",
        )


def _words(table: Table) -> Iterable[str]:
    yield from (heading.name for heading in table.headings)
    for row in table.rows:
        yield from (cell for cell in row if isinstance(cell, str))


def _without(table: Table, refused: Callable[[str], bool]) -> Table:
    def names_one(cell: Cell) -> bool:
        return isinstance(cell, str) and refused(cell)

    kept = [place for place, heading in enumerate(table.headings) if not refused(heading.name)]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows if not any(map(names_one, row)))
    return replace(table, headings=tuple(table.headings[place] for place in kept), rows=rows)


def covered_labels(
    source: Source, data: ProjectRatings, left_out: Collection[str] = (), *, without: bool = False
) -> tuple[ProjectRatings, str]:
    """Return labels from which statistics may be made that leave the project, and a sentence on who is not in them.

    Args:
        source: The project, or a session of it.
        data: The labels.
        left_out: Codes of raters who do not count anyway.
        without: Whether to leave out people whose consent does not cover an export, rather than to refuse.

    Raises:
        Uncovered: There are some, and nobody said to leave them out; the message names them.
    """
    subjects, raters = {one.subject for one in data.traces}, {one.rater for one in data.traces}
    for table in (data.intensities, data.categories):
        if table is not None:
            raters |= _used(table.rater, table.rater.codes)
            subjects |= _used(table.items.subject, table.items.subject.codes[table.item])
    may = allowed(source, "export", without=without)
    mine = [may.only("subject", subjects), may.only("rater", raters - set(left_out))]
    refused = tuple(one for part in mine for one in part.refused)
    if refused and not without:
        raise Uncovered("export", refused, way="numbers")
    if not refused:
        return data, ""
    gone = replace(may, refused=refused)
    kept = replace(
        data,
        intensities=_without_people(data.intensities, gone),
        categories=_without_people(data.categories, gone),
        traces=tuple(t for t in data.traces if t.rater not in gone.raters and t.subject not in gone.subjects),
    )
    return kept, gone.note


def statistics_may_leave(source: Source, data: ProjectRatings, left_out: Collection[str] = ()) -> None:
    """Refuse to write statistics of labels in which people take part whose consent does not cover an export.

    Args:
        source: The project, or a session of it.
        data: The labels.
        left_out: Codes of raters who do not count.

    Raises:
        Uncovered: There are some; the message names them.
    """
    covered_labels(source, data, left_out)


def answers_may_leave(project: Project, clip_id: int | None = None) -> None:
    """Refuse numbers in which everybody's answers may be, such as the scores of a model over all clips.

    Args:
        project: The project.
        clip_id: Number of the clip to whose answers and people it is limited; None for all.

    Raises:
        Uncovered: Somebody who judged, or is seen, did not agree to an export.
    """
    may = allowed(project, "export")
    if not may.refused:
        return
    raters = db.consent.who_judged(project, clip_id)
    subjects: set[str] = set()
    if may.subjects:
        seen = db.face_people.seen_in_clips(project)
        subjects = {code for clip, codes in seen.items() if clip_id in (None, clip) for code in codes}
        subjects |= {one.subject for one in db.items.every(project) if clip_id in (None, one.clip_id)}
    refused = (*may.only("subject", subjects).refused, *may.only("rater", raters).refused)
    if refused:
        raise Uncovered("export", refused, way="none")


def runs_may_leave(project: Project, runs: Iterable[TrainingRecord]) -> None:
    """Refuse the numbers of trainings that learned or were measured on people who did not agree to an export.

    Args:
        project: The project.
        runs: The trainings.

    Raises:
        Uncovered: There are some; the message names them.
    """
    refused = names_of_refused(project)
    if not refused:
        return
    judged = db.consent.who_judged(project)
    found: set[Refusal] = set()
    for run in runs:
        found |= {refused[text] for text in _texts(run.snapshot) if text in refused}
        if takes_all_raters(run.snapshot):
            raters = (one for one in refused.values() if one.person.party == "rater" and one.person.code in judged)
            found |= set(raters)
    if found:
        raise Uncovered("export", found, way="none")


POOLED: Final = ("gold", "stored", "category", "intensity")
"""Sources of labels in which those of all raters come together."""


def takes_all_raters(snapshot: Mapping[str, Any]) -> bool:
    """Return whether the frozen data of a training hold labels in which those of all raters come together."""
    labels = snapshot.get("labels")
    return isinstance(labels, dict) and not labels.get("rater") and labels.get("source") in POOLED


def _without_people(table: T | None, gone: Allowed) -> T | None:
    if table is None:
        return None
    rater = [name in gone.raters for name in table.rater.names] + [False]  # the last one is for code -1
    subject = [name in gone.subjects for name in table.items.subject.names] + [False]
    out = np.array(rater)[table.rater.codes] | np.array(subject)[table.items.subject.codes[table.item]]
    kept: T = table.where(~out)
    return kept if len(kept) else None


def _used(factor: Factor, codes: NDArray[np.int32]) -> set[str]:
    return {factor.names[code] for code in np.unique(codes).tolist() if code >= 0}


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
