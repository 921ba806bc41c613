"""Finds rows that faults of older versions left behind. The rows stay; each is named."""

from collections.abc import Iterator

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.domain.answers import StoredAnswer
from app.domain.leftovers import Leftover
from app.domain.study import study_from_dict
from app.domain.trace_rules import why_not
from db import answers, sights, traces
from db.project import Source, reading
from db.schema import Answer, Clip, Item, Presentation, Rater, Run, StudyVersion, Term, Trace
from db.unseen import unseen


def find(source: Source) -> list[Leftover]:
    """List everything that faults of older versions left in a project, ordered by kind and number."""
    with reading(source) as session:
        items = dict(session.execute(select(Item.id, Item.name)).all())
        found = [*_unseen(session, items), *_empty(session, items), *_led(session, items), *_known_led(session)]
        return [*found, *_verdicts(session, items), *_silent(session)]


def _unseen(session: Session, items: dict[int, str]) -> Iterator[Leftover]:
    query = (
        select(Answer.id, Rater.code, Answer.item_id, func.coalesce(Term.text, ""))
        .join(Rater, Answer.rater_id == Rater.id)
        .outerjoin(Term, Answer.condition_id == Term.id)
        .where(Answer.current, unseen())
        .order_by(Answer.id)
    )
    for number, rater, item_id, condition in session.execute(query):
        item = items.get(item_id or 0, "")
        what = f"Answer {number} of {rater} judges {item} as {condition}, but that was never shown."
        yield Leftover("unseen", "answer", number, rater, item, condition, what)


def _empty(session: Session, items: dict[int, str]) -> Iterator[Leftover]:
    for trace in traces.every(session, usable_only=False):
        if trace.status == "finished" and why_not(trace) == "empty":
            item = items.get(trace.item_id, "")
            much = "nothing of the clip" if not trace.n_samples else "less than half of the clip"
            what = f"Trace {trace.id} of {trace.rater} was kept, but covers {much} {item} as {trace.condition}."
            yield Leftover("empty_trace", "trace", trace.id, trace.rater, item, trace.condition, what)


def _led(session: Session, items: dict[int, str]) -> Iterator[Leftover]:
    """Find traces that are marked as blind but were recorded while predictions were in sight."""
    before = exists().where(Run.clip_id == Item.clip_id, Run.created_at < Trace.started_at)
    query = (
        select(Trace.id, Rater.code, Trace.item_id, Trace.condition)
        .join(Rater, Trace.rater_id == Rater.id)
        .join(Item, Trace.item_id == Item.id)
        .where(Trace.blinded, Trace.study_id.is_(None), ~Trace.calibration, ~Rater.simulated)
        .where(Trace.status == "finished", Trace.device != "simulated", before)
        .order_by(Trace.id)
    )
    for number, rater, item_id, condition in session.execute(query):
        item = items.get(item_id, "")
        what = f"Trace {number} of {rater} of {item} says it was blind, and the clip had predictions already."
        yield Leftover("led", "trace", number, rater, item, condition, what)


def _known_led(session: Session) -> Iterator[Leftover]:
    """Return judgements that claim to be blind although the rater had been shown labels or predictions of the clip."""
    for table, number, rater, item, condition in sights.wrongly_blind(session):
        what = (
            f"{table.capitalize()} {number} of {rater} of {item} says it was blind, but {rater} had been shown "
            f"predictions or labels of the clip before."
        )
        yield Leftover("led", table, number, rater, item, condition, what)


def _verdicts(session: Session, items: dict[int, str]) -> Iterator[Leftover]:
    """Find practice that counts as passed or failed although nothing was expected."""
    studies = {
        (row.study_id, row.version): study_from_dict(row.document)
        for row in session.scalars(select(StudyVersion))
        if row.document.get("practice")
    }
    codes = dict(session.execute(select(Rater.id, Rater.code)).all())

    def expects_nothing(one: StoredAnswer) -> bool:
        study = studies.get((one.key.study_id, one.circumstances.study_version))
        cell = (items.get(one.key.item_id or 0, ""), one.key.condition, "rating")
        clips = [clip for clip in study.practice if (clip.item, clip.condition, clip.kind) == cell] if study else []
        return bool(clips) and not any(clip.expected or clip.category for clip in clips)

    for study_id in sorted({number for number, _ in studies}):
        for one in answers.every(session, study_id, purpose="practice"):
            if one.circumstances.passed is not None and expects_nothing(one):
                rater, item, condition = codes[one.key.rater_id], items.get(one.key.item_id or 0, ""), one.key.condition
                verdict = "passed" if one.circumstances.passed else "failed"
                what = f"Answer {one.id} of {rater} to practice {item} as {condition} is stored as {verdict}."
                yield Leftover("verdict", "answer", one.id, rater, item, condition, what)


def _silent(session: Session) -> Iterator[Leftover]:
    """Find answered presentations whose sound should have been heard but was not played."""
    query = (
        select(Presentation.id, Rater.code, Item.name, Presentation.condition)
        .join(Rater, Presentation.rater_id == Rater.id)
        .join(Item, Presentation.item_id == Item.id)
        .join(Clip, Item.clip_id == Clip.id)
        .where(Presentation.audio, ~Presentation.audio_played, Clip.has_audio, Presentation.frames_shown > 0)
        .where(Presentation.outcome == "answered", ~Rater.simulated, Presentation.judgeable.is_(None))
        .order_by(Presentation.id)
    )
    for number, rater, item, condition in session.execute(query):
        what = f"Presentation {number} of {item} as {condition} to {rater} should have had sound, but none came out."
        yield Leftover("silent", "presentation", number, rater, item, condition, what)
