"""Records of what was shown of a clip to whom, and whether a judgement of it was made blind.

Code that shows predictions or others' labels notes it here (`note`), and code that stores judgements asks here (`led`).
A view counts for the person who was signed in; where nobody was, it counts for everybody who judges on the same
machine. Simulated raters see nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from sqlalchemy import bindparam, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.paths import machine_id
from db.prepared import Prepared
from db.project import Project, Source, reading
from db.schema import Answer, Clip, Item, Rater, Sight, Term, Trace

_PERSON: Final = Sight.rater_id == bindparam("rater")
_ANYBODY: Final = Sight.rater_id.is_(None) & (Sight.machine == bindparam("machine"))
_BEFORE: Final = (
    select(Sight.id)
    .join(Item, Item.clip_id == Sight.clip_id)
    .where(Item.id == bindparam("item"), Sight.at <= bindparam("moment"))
    .limit(1)
)
_SEEN: Final = Prepared(_BEFORE.where(_PERSON))
_SEEN_HERE: Final = Prepared(_BEFORE.where(_PERSON | _ANYBODY))

What = Literal["predictions", "labels", "agreement"]


@dataclass(frozen=True)
class SightRecord:
    """One record of something that was shown.

    Attributes:
        rater: Code of the person who was signed in; empty where nobody was.
        machine: A random number in each user's settings folder, which names nobody.
        clip: Name of the clip.
        what: What was shown: predictions, others' labels, or figures of their agreement.
        at: Time of the first view, seconds since the epoch.
    """

    rater: str
    machine: str
    clip: str
    what: What
    at: float


def note(project: Project, clip_ids: Iterable[int], what: What) -> None:
    """Note that something of these clips is about to be shown to the present user of the project.

    Only the first view of each is kept. In a read-only project, nothing can be noted.

    Args:
        project: The open project, whose `viewer` says who is signed in.
        clip_ids: The clips.
        what: The kind of content that is shown.

    Raises:
        UserError: The view cannot be noted; then it must not be shown either.
    """
    viewer = project.viewer
    new = {(viewer, clip, what) for clip in clip_ids} - project.seen
    if project.read_only or not new:
        return
    machine = machine_id()
    with project.write() as session:
        query = select(Sight.clip_id).where(Sight.what == what, Sight.rater_id.is_not_distinct_from(viewer))
        known = set(session.scalars(query if viewer is not None else query.where(Sight.machine == machine)))
        for _, clip, _ in sorted(new, key=lambda one: one[1]):
            if clip not in known:
                session.add(Sight(rater_id=viewer, machine=machine, clip_id=clip, what=what))
    project.seen |= new


def led(session: Session, rater_id: int, item_id: int | None, at: float, *, here: bool) -> bool:
    """Return whether predictions or others' labels of an item's clip had been shown before.

    Args:
        session: The session of the transaction that stores the judgement.
        rater_id: Number of the rater who judges.
        item_id: Number of the item; None for a question without a clip, of which nothing can have been seen.
        at: Time of the judgement, seconds since the epoch.
        here: Whether the judgement is made on this machine, which an import is not.
    """
    if item_id is None:
        return False
    asked = {"rater": rater_id, "item": item_id, "moment": at}
    session.flush()
    if here:
        return bool(_SEEN_HERE.run(session, {**asked, "machine": machine_id()}))
    return bool(_SEEN.run(session, asked))


def viewers(session: Session) -> set[int | None]:
    """Return the numbers of all raters who have seen anything; None stands for nobody in particular."""
    return set(session.scalars(select(Sight.rater_id).distinct()))


def every(source: Source) -> list[SightRecord]:
    """Return all rows, oldest first."""
    query = (
        select(Rater.code, Sight.machine, Clip.name, Sight.what, Sight.at)
        .select_from(Sight)
        .join(Clip, Sight.clip_id == Clip.id)
        .outerjoin(Rater, Sight.rater_id == Rater.id)
        .order_by(Sight.at, Sight.id)
    )
    with reading(source) as session:
        return [
            SightRecord(code or "", machine, clip, cast(What, what), at)
            for code, machine, clip, what, at in session.execute(query)
        ]


def judged_clips(source: Source, study_id: int | None = None) -> list[int]:
    """Return the numbers of the clips that anybody has judged, ascending.

    If a study is given, only clips of the study count.
    """
    answers = select(Item.clip_id).join(Answer, Answer.item_id == Item.id)
    traces = select(Item.clip_id).join(Trace, Trace.item_id == Item.id)
    if study_id is not None:
        answers, traces = answers.where(Answer.study_id == study_id), traces.where(Trace.study_id == study_id)
    with reading(source) as session:
        return sorted(set(session.scalars(union_all(answers, traces))))


def unblinded(source: Source, study_id: int | None = None) -> tuple[int, int]:
    """Count people's current answers and finished traces that were not blind, without practice and calibration."""
    given = (Answer.current, Answer.purpose == "main", Answer.source.in_(("screen", "import")), ~Answer.blinded)
    answers = select(Answer.id).where(*given, ~Answer.simulated)
    traces = (
        select(Trace.id)
        .join(Rater, Trace.rater_id == Rater.id)
        .where(~Trace.blinded, Trace.status == "finished", ~Trace.calibration, ~Rater.simulated)
    )
    if study_id is not None:
        answers, traces = answers.where(Answer.study_id == study_id), traces.where(Trace.study_id == study_id)
    with reading(source) as session:
        return len(session.scalars(answers).all()), len(session.scalars(traces).all())


def wrongly_blind(source: Source) -> list[tuple[str, int, str, str, str]]:
    """Find judgements that say they were blind although their rater had seen the clip's labels or predictions before.

    They exist where a view became known only later, for instance from a kit. Only views of the person count here,
    because the machine of a judgement is not stored.

    Returns:
        (table, number, rater's code, item's name, condition), by table and number.
    """

    def before(rater: Any, at: Any) -> Any:
        return exists().where(Sight.clip_id == Item.clip_id, Sight.rater_id == rater, Sight.at <= at)

    answers = (
        select(literal("answer"), Answer.id, Rater.code, Item.name, func.coalesce(Term.text, ""))
        .join(Rater, Answer.rater_id == Rater.id)
        .join(Item, Answer.item_id == Item.id)
        .outerjoin(Term, Answer.condition_id == Term.id)
        .where(Answer.current, Answer.blinded, before(Answer.rater_id, Answer.answered_at))
    )
    traces = (
        select(literal("trace"), Trace.id, Rater.code, Item.name, Trace.condition)
        .join(Rater, Trace.rater_id == Rater.id)
        .join(Item, Trace.item_id == Item.id)
        .where(Trace.blinded, Trace.status == "finished", before(Trace.rater_id, Trace.started_at))
    )
    with reading(source) as session:
        return [
            (table, number, rater, item, condition)
            for query in (answers.order_by(Answer.id), traces.order_by(Trace.id))
            for table, number, rater, item, condition in session.execute(query)
        ]
