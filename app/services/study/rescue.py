"""Rescue entries for what raters gave when the project is lost."""

from __future__ import annotations

import time

from app.domain.answers import Answer, PresentationLog, PresentationStart, StoredAnswer
from app.domain.project import ItemRecord, RaterRecord, TraceRecord
from app.domain.rescue import Kind, Named, Rescued, Shown
from app.domain.slots import TRACED, TRACES
from app.domain.study_records import StudyRecord
from app.domain.traces import TraceSamples
from app.errors import ProjectLost
from app.services.projects import confirmed as outside
from app.services.projects.keeping import keep
from app.services.study.tasks import Task
from app.services.study.trace_recorder import TraceRecorder
from db.schema import new_uid


def of_task(
    what: Kind,
    record: StudyRecord,
    rater: RaterRecord,
    task: Task,
    begun: tuple[PresentationStart, float] | None,
    log: PresentationLog | None,
    *,
    judgeable: bool,
    blinded: bool,
    confirmed: bool,
    uid: str | None = None,
    answer: Answer | None = None,
    samples: TraceSamples | None = None,
) -> Rescued:
    """Return the rescue entry for what was given to a task.

    Args:
        what: The kind: an answer, a trace, or a refusal to judge.
        record: The study's record.
        rater: The rater who gave it.
        task: The task that was judged.
        begun: The presentation and the time of its beginning; None if nothing was shown yet.
        log: The record of what was shown.
        judgeable: Whether that was enough to judge it.
        blinded: Whether no prediction or label had been shown.
        confirmed: Whether the rater had pressed the key that saves.
        uid: The uid of the answer or trace; None makes a new one.
        answer: The content of an answer.
        samples: The samples of a trace.
    """
    slot, shown = task.slot.slot, None
    if begun is not None:
        start, started_at = begun
        shown = Shown(
            uid=start.uid or "", started_at=started_at, ended_at=time.time() if confirmed else None,
            study_version=start.study_version, view=start.view, audio=start.audio, media_sha256=start.media_sha256,
            track_sha256=start.track_sha256, geometry=dict(start.geometry), judgeable=judgeable,
            log=log or PresentationLog(),
        )  # fmt: skip
    return Rescued(
        uid=uid or new_uid(), what=what, confirmed=confirmed, at=time.time(),
        rater=Named(rater.uid, rater.code), item=_named(task.item), study=Named(record.uid, record.name),
        study_version=record.version, condition=slot.condition, pass_no=slot.pass_no, purpose=slot.purpose,
        check=slot.check, kind=slot.kind, blinded=blinded, shown=shown, answer=answer, samples=samples,
        dimensions=TRACED.get(slot.kind, "both"),
    )  # fmt: skip


def of_correction(
    record: StudyRecord,
    rater: RaterRecord,
    earlier: StoredAnswer,
    answer: Answer,
    item: ItemRecord | None,
    *,
    blinded: bool,
) -> Rescued:
    """Return the rescue entry for a new revision of a rater's own answer."""
    key = earlier.key
    return Rescued(
        uid=new_uid(), what="correction", confirmed=True, at=time.time(), rater=Named(rater.uid, rater.code),
        item=_named(item), study=Named(record.uid, record.name), study_version=record.version,
        condition=key.condition, pass_no=key.pass_no, purpose=key.purpose, check=key.check, kind="rating",
        blinded=blinded, corrects=earlier.uid, answer=answer,
    )  # fmt: skip


def rescue_free_trace(recorder: TraceRecorder, lost: ProjectLost, *, confirmed: bool) -> ProjectLost:
    """Put a trace that belongs to no study into the rescue file, and return the error to show.

    Args:
        recorder: The recorder of the trace, which is ended.
        lost: What happened to the project.
        confirmed: Whether the rater had ended it and wanted it kept.
    """
    entry = _of_free_trace(recorder, confirmed=confirmed)
    return lost if entry is None else keep(recorder.project, entry, lost)


def finish_free_trace(recorder: TraceRecorder) -> TraceRecord:
    """End a trace that belongs to no study, and put it into the rescue file if the project is lost.

    Raises:
        ProjectLost: The project is lost; the message says where the trace is now.
        UserError: The trace cannot be saved now; call this again.
    """
    try:
        kept = recorder.finish()
    except ProjectLost as lost:
        raise rescue_free_trace(recorder, lost, confirmed=True) from lost
    entry = _of_free_trace(recorder, confirmed=True)
    if entry is not None:
        outside.add(recorder.project, entry)
    return kept


def _of_free_trace(recorder: TraceRecorder, *, confirmed: bool) -> Rescued | None:
    """End a trace that belongs to no study, and return it as it is kept; None where nothing was traced."""
    samples, start = recorder.let_go(), recorder.start
    if not len(samples):
        return None
    return Rescued(
        uid=start.uid or new_uid(), what="trace", confirmed=confirmed, at=time.time(),
        rater=Named(recorder.rater.uid, recorder.rater.code), item=_named(recorder.item), study=None, study_version=0,
        condition=start.condition, pass_no=start.pass_no, purpose="main", check="", kind=TRACES[start.dimensions],
        blinded=start.blinded, samples=samples, dimensions=start.dimensions,
    )  # fmt: skip


def _named(item: ItemRecord | None) -> Named | None:
    return None if item is None else Named(item.uid, item.name)
