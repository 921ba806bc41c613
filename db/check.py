"""The check of a project: faults that SQLite finds, damaged arrays, and rows that contradict each other."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.domain.project import Problem
from app.domain.words import many
from app.errors import UserError
from db import broken_log, check_values, digests, foreign_log, owners, presence, receipts
from db.engine import as_user_error, integrity_problems
from db.pages import keep_snapshot, snapshot_of
from db.project import Project, reading
from db.schema import (
    Audit,
    Base,
    Clip,
    FaceTrack,
    Item,
    MeasureRun,
    MeasureTrack,
    Run,
    RunTrack,
    Span,
    SpanRun,
    Trace,
    TraceChunk,
)
from db.upgrades import expected_schema, schema_of

_BACKUP: Final = "Go back to a backup copy."


def problems(project: Project, *, thorough: bool = True, check: Callable[[], None] | None = None) -> list[Problem]:
    """Find everything that is wrong inside the project file.

    Args:
        project: The open project.
        thorough: Whether to unpack every array and to compare indexes with tables, instead of a quick look at the
            pages.
        check: Called now and then; it may raise an error to stop the check.
    """
    found = incomplete(project)
    parts: list[Callable[[Session], Iterator[Problem]]] = [
        _of_database(thorough), _of_schema, _of_rows, _of_copies, _of_broken_logs, _of_traces,
    ]  # fmt: skip
    if thorough:
        parts += [_of_runs, check_values.of_values, check_values.of_answers, check_values.of_arrays]
    for part in parts:
        try:
            with project.read() as session:
                for problem in part(session):
                    found.append(problem)
                    if check is not None:
                        check()
        except (UserError, DatabaseError) as error:  # pages that cannot be read end this part, not the check
            told = error if isinstance(error, UserError) else as_user_error(error)
            if told is None:
                raise
            found.append(Problem(told.what, told.todo))
        except (TypeError, ValueError):
            # A damaged index gives values that no table can hold, such as none where one is required.
            if not any(one.damage for one in found):
                raise
            found.append(
                Problem("Some values could not be checked, because others on which they rest are damaged.", _BACKUP)
            )
        if check is not None:
            check()
    first: dict[str, Problem] = {}
    for one in found:
        first.setdefault(one.what, one)
    return list(first.values())


def incomplete(project: Project) -> list[Problem]:
    """Return the findings on a project whose log is missing, broken or that of another file; none for a whole one."""
    found = [_log_foreign(project.foreign_log)] if project.foreign_log is not None else []
    found += [_copied(project.copied_since)] if project.copied_since is not None else []
    if project.broken_log is not None:
        kept = project.broken_log.kept
        found.append(_log_broken(project.broken_log.lost, None if kept is None else kept.name))
    return found


def _copied(since: float) -> Problem:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(since))
    return Problem(
        "This file was copied while the project was open, without its log (the file that ends in -wal): answers and "
        f"traces that were saved after {when} may be missing.",
        "Go on with the original, and close the project before its file is copied.",
        command="Go on with the original, and copy an open project with `affectograph backup`.",
    )


def _log_foreign(log: foreign_log.ForeignLog) -> Problem:
    return Problem(
        "This file took the place of another one while that was open: the log beside it (the file that ends in -wal) "
        f"belongs to the other file. It was put aside as {log.kept.name}, and this project has none of its "
        f"{many(log.commits, 'save')}.",
        "If answers are missing, see what File → Rescued answers… lists, or go back to the file that was here before.",
        damage=False,
        command="If answers are missing, see what `affectograph project rescue` lists, or go back to the file that was "
        "here before.",
    )


def _log_broken(lost: int, kept: str | None) -> Problem:
    where = "" if kept is None else f" The log as it was is kept beside the project as {kept}."
    return Problem(
        "The log of this project (the file that ends in -wal) was damaged, or broken off by a power failure: "
        f"{many(lost, 'save')} at its end could not be read, and answers and traces may be missing.{where}",
        "See what File → Rescued answers… lists, and compare with a backup copy.",
        command="See what `affectograph project rescue` lists, and compare with a backup copy.",
    )


def _of_broken_logs(session: Session) -> Iterator[Problem]:
    """Return logs that were broken at an earlier opening; they are reported permanently, like copies."""
    for detail in session.scalars(select(Audit.detail).where(Audit.action == broken_log.BROKEN)):
        kept = detail.get("kept")
        yield replace(_log_broken(int(detail.get("lost", 1)), None if kept is None else str(kept)), damage=False)


def _of_copies(session: Session) -> Iterator[Problem]:
    """Return copies without a log with which somebody continued; they are reported permanently."""
    for detail in session.scalars(select(Audit.detail).where(Audit.action == presence.COPIED)):
        yield replace(_copied(float(detail.get("since", 0))), damage=False)


def _of_database(thorough: bool) -> Callable[[Session], Iterator[Problem]]:
    def part(session: Session) -> Iterator[Problem]:
        for text in integrity_problems(session.connection(), thorough=thorough):
            yield Problem(f"The database is damaged: {text}.", "Go back to a backup copy.")

    return part


def _of_traces(session: Session) -> Iterator[Problem]:
    for trace_id, owner in session.execute(select(Trace.id, Trace.owner).where(Trace.status == "recording")):
        if not owners.alive(owner):
            yield Problem(
                f"Trace {trace_id} was never ended.",
                "Open the project once. The trace is then closed as interrupted.",
                damage=False,
            )
    chunks = (
        select(
            TraceChunk.trace_id,
            func.count().label("n"),
            func.max(TraceChunk.seq).label("last"),
            func.sum(TraceChunk.n_samples).label("samples"),
        )
        .group_by(TraceChunk.trace_id)
        .subquery()
    )
    query = select(Trace.id, Trace.status, Trace.n_samples, chunks.c.n, chunks.c.last, chunks.c.samples).outerjoin(
        chunks, chunks.c.trace_id == Trace.id
    )
    for trace_id, status, n_samples, n, last, samples in session.execute(query):
        if n is not None and (last is None or n != last + 1):
            yield Problem(f"Trace {trace_id} has lost samples, because pieces of it are missing.", check_values.RESTORE)
        if status != "recording" and n_samples != (samples or 0):
            yield Problem(
                f"Trace {trace_id} has {samples or 0} of the {n_samples} samples that were given.", check_values.RESTORE
            )


def _of_runs(session: Session) -> Iterator[Problem]:
    counted = select(RunTrack.run_id, func.count().label("n")).group_by(RunTrack.run_id).subquery()
    query = select(Run.id, Run.n_tracks, counted.c.n).outerjoin(counted, counted.c.run_id == Run.id)
    for run_id, n_tracks, n in session.execute(query):
        if n_tracks != (n or 0):
            yield Problem(f"Prediction run {run_id} has {n or 0} of {n_tracks} tracks.", "Remove it and analyse again.")
    spans = select(Span.span_run_id, func.count().label("n")).group_by(Span.span_run_id).subquery()
    verdicts = select(SpanRun.id, SpanRun.n_spans, spans.c.n).outerjoin(spans, spans.c.span_run_id == SpanRun.id)
    for run_id, wanted, n in session.execute(verdicts):
        if wanted != (n or 0):
            yield Problem(f"Run {run_id} of verdicts has {n or 0} of {wanted}.", "Remove it and analyse again.")
    owner = MeasureTrack.measure_run_id
    faces = select(owner, func.count().label("n")).group_by(owner).subquery()
    measures = select(MeasureRun.id, MeasureRun.n_tracks, faces.c.n)
    for run_id, wanted, n in session.execute(measures.outerjoin(faces, faces.c.measure_run_id == MeasureRun.id)):
        if wanted != (n or 0):
            yield Problem(f"Run {run_id} of measures has {n or 0} of {wanted} tracks.", "Measure the faces again.")
    shifted = (
        select(Run.id, Clip.name, Run.n_frames, Clip.n_frames)
        .join(Clip, Run.clip_id == Clip.id)
        .where(Run.complete.is_(False), Run.n_frames < Clip.n_frames)
    )
    for run_id, name, had, n_frames in session.execute(shifted):
        yield Problem(
            f"Prediction run {run_id} numbers {had} of the {n_frames} frames of {name}: from the first damaged frame "
            "on, its frame numbers and times do not belong together.",
            "Analyse the clip again. The run is then replaced.",
        )
    strays = select(Item.id, Item.name).join(FaceTrack, Item.track_id == FaceTrack.id)
    for _, name in session.execute(strays.where(FaceTrack.clip_id != Item.clip_id)):
        yield Problem(f"The target of item {name} is a face of another clip.", "Set its target again.")


def _of_rows(session: Session) -> Iterator[Problem]:
    if session.get_bind().dialect.name != "sqlite":
        return
    snapshot = snapshot_of(session)
    for table, number in digests.wrong(digests.driver_of(session.connection()), snapshot=snapshot):
        yield Problem(
            f"Row {number} of table {table} is not as it was saved: it is damaged, or another program wrote it.",
            check_values.RESTORE,
        )


def _of_schema(session: Session) -> Iterator[Problem]:
    """Find tables and columns that are missing or changed, and anything that somebody added to the file."""
    have = schema_of(session.connection())
    for name, sql in expected_schema().items() if have else ():
        if name not in have:
            yield Problem(f"The {' '.join(name)} is missing.", _BACKUP)
        elif have[name] != sql:
            yield Problem(f"The definition of {' '.join(name)} is damaged.", _BACKUP)
    for name in sorted(have.keys() - expected_schema().keys()) if have else ():
        yield Problem(f"The file holds the {' '.join(name)}, which this program did not make.", _BACKUP)


def _of_missing(session: Session) -> Iterator[Problem]:
    """Find missing tables quickly, without making the tables of a new project to compare with."""
    have = schema_of(session.connection())
    for table in Base.metadata.tables if have else ():
        if ("table", table) not in have:
            yield Problem(f"The table {table} is missing.", _BACKUP)


def require_newest(project: Project) -> None:
    """Refuse a project whose log has just turned out to be broken, so that nobody takes older numbers for the newest.

    It is refused at this opening only: SQLite has left out the rest of the log for good, and the check tells it.

    Raises:
        UserError: Says what may be missing.
    """
    if project.broken_log is not None:
        (*_, said) = incomplete(project)
        raise UserError(said.what, f"{said.todo} Then do this again.")


def require_sound(project: Project, session: Session | None = None) -> None:
    """Refuse to read numbers from a damaged project, so that only saved values leave the program.

    Pages, indexes and the digest of every row are checked once for each opened project; where this machine found the
    very same pages sound before (`db.receipts`), their hash is compared only.

    Args:
        project: The open project.
        session: The session in which it is read afterwards; None for one of its own.

    Raises:
        UserError: The project is damaged; the message names the first fault.
    """
    if project.found_sound:
        return
    with reading(project if session is None else session) as within:  # what is hashed is what is looked at
        keep_snapshot(within)
        pages = receipts.pages_hash(snapshot_of(within))
        if pages is None or not receipts.known(pages):
            for part in (_of_database(thorough=True), _of_missing, _of_rows):
                for problem in part(within):
                    raise UserError(
                        problem.what,
                        "Go back to a backup copy.",
                        "Run `affectograph project check` to see all faults, and go back to a backup copy.",
                    )
            if pages is not None:
                receipts.keep(pages)
    project.found_sound = True
