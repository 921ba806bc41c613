"""Is a project sound? What SQLite finds, arrays that do not unpack, and rows that contradict each other."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.project import Problem
from app.errors import UserError
from db import owners
from db.blobs import BlobError, unpack
from db.engine import as_user_error, integrity_problems
from db.project import Project
from db.schema import Clip, FaceTrack, Gold, Item, Run, RunTrack, Trace, TraceChunk

_RESTORE: Final = "Go back to a backup copy, or remove it and make it again."


def problems(project: Project, *, thorough: bool = True, check: Callable[[], None] | None = None) -> list[Problem]:
    """Everything that is wrong inside the project file.

    Args:
        project: Which one.
        thorough: Unpack every array and compare indexes with tables; otherwise a quick look at the pages.
        check: Called now and then; may raise to stop.
    """
    found: list[Problem] = []
    parts: list[Callable[[Session], Iterator[Problem]]] = [_of_database(thorough), _of_traces]
    if thorough:
        parts += [_of_runs, _of_arrays]
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
        if check is not None:
            check()
    return list(dict.fromkeys(found))


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
                "Open the project once: it is closed as interrupted.",
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
        if n is not None and n != last + 1:
            yield Problem(f"Trace {trace_id} has lost samples: pieces are missing.", _RESTORE)
        if status != "recording" and n_samples != (samples or 0):
            yield Problem(f"Trace {trace_id} has {samples or 0} samples where {n_samples} were given.", _RESTORE)


def _of_runs(session: Session) -> Iterator[Problem]:
    counted = select(RunTrack.run_id, func.count().label("n")).group_by(RunTrack.run_id).subquery()
    query = select(Run.id, Run.n_tracks, counted.c.n).outerjoin(counted, counted.c.run_id == Run.id)
    for run_id, n_tracks, n in session.execute(query):
        if n_tracks != (n or 0):
            yield Problem(f"Prediction run {run_id} has {n or 0} of {n_tracks} tracks.", "Remove it and analyse again.")
    shifted = (
        select(Run.id, Clip.name, Run.n_frames, Clip.n_frames)
        .join(Clip, Run.clip_id == Clip.id)
        .where(Run.complete.is_(False), Run.n_frames < Clip.n_frames)
    )
    for run_id, name, had, n_frames in session.execute(shifted):
        yield Problem(
            f"Prediction run {run_id} numbers {had} of the {n_frames} frames of {name}: from the first damaged frame "
            "on, its frame numbers and times do not belong together.",
            "Analyse the clip again: the run is then replaced.",
        )
    strays = select(Item.id, Item.name).join(FaceTrack, Item.track_id == FaceTrack.id)
    for _, name in session.execute(strays.where(FaceTrack.clip_id != Item.clip_id)):
        yield Problem(f"The target of item {name} is a face of another clip.", "Set its target again.")


_ARRAYS: Final[tuple[tuple[str, InstrumentedAttribute[Any], tuple[InstrumentedAttribute[Any], ...], Any], ...]] = (
    (
        "Face track",
        FaceTrack.id,
        (
            FaceTrack.frame_idx,
            FaceTrack.times_s,
            FaceTrack.boxes,
            FaceTrack.landmarks,
            FaceTrack.detection,
            FaceTrack.quality,
        ),
        FaceTrack.n_frames,
    ),
    ("Prediction run", Run.id, (Run.times_s,), Run.n_frames),
    (
        "Predictions of run",
        RunTrack.run_id,
        (RunTrack.probabilities, RunTrack.valence_arousal, RunTrack.smooth),
        select(FaceTrack.n_frames).where(FaceTrack.id == RunTrack.track_id).scalar_subquery(),
    ),
    (
        "Trace",
        TraceChunk.trace_id,
        (TraceChunk.times_s, TraceChunk.values, TraceChunk.monotonic_s),
        TraceChunk.n_samples,
    ),
    ("Gold standard", Gold.id, (Gold.times_s, Gold.values), None),
)


def _of_arrays(session: Session) -> Iterator[Problem]:
    for what, number, blobs, rows in _ARRAYS:
        query = select(number, *blobs) if rows is None else select(number, *blobs, rows)
        for found in session.execute(query.execution_options(yield_per=64)):
            expected = None if rows is None else found[-1]
            wrong = _wrong(found[1 : 1 + len(blobs)], expected)
            if wrong:
                yield Problem(f"{what} {found[0]} is damaged: {wrong}.", _RESTORE)


def _wrong(blobs: Any, expected: int | None) -> str:
    lengths = set() if expected is None else {expected}
    for blob in blobs:
        if blob is None:
            continue
        try:
            lengths.add(len(unpack(blob)))
        except BlobError as error:
            return f"an array does not unpack ({error})"
    return f"its arrays have different lengths {sorted(lengths)}" if len(lengths) > 1 else ""
