"""Answers: each one is kept, and a correction is a new revision with the same key."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, FromClause, Integer, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.answers import Answer, AnswerKey, AnswerSource, Circumstances, Intensity, StoredAnswer
from app.domain.study import Purpose
from db import sights, terms
from db.prepared import Prepared
from db.project import Source, reading, writing
from db.schema import Answer as AnswerRow
from db.schema import Intensity as IntensityRow
from db.schema import Trace, new_uid, now

BATCH: Final = 2000
"""Number of answers in one statement when many are added."""

_ANSWER: Final = cast(Table, AnswerRow.__table__)


def _same(table: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Conditions for the rows of one key. `IS NOT DISTINCT FROM` matches NULL with NULL and still uses the index."""
    return (
        table.c.study_id == bindparam("k_study"),
        table.c.rater_id == bindparam("k_rater"),
        table.c.item_id.is_not_distinct_from(bindparam("k_item", type_=Integer)),
        table.c.condition_id.is_not_distinct_from(bindparam("k_condition", type_=Integer)),
        table.c.pass_no == bindparam("k_pass"),
        table.c.purpose == bindparam("k_purpose"),
        table.c.check_name == bindparam("k_check"),
    )


# Built once (db.prepared). The next revision is found by the statement that adds it: one round fewer a commit.
_EARLIER: Final = _ANSWER.alias("earlier")
_NEXT: Final = select(func.coalesce(func.max(_EARLIER.c.revision), 0) + 1).where(*_same(_EARLIER)).scalar_subquery()
_ADD_ANSWER: Final = Prepared(insert(_ANSWER).values(revision=_NEXT).returning(_ANSWER.c.id, _ANSWER.c.revision))
_RETIRE: Final = Prepared(
    update(_ANSWER).where(*_same(_ANSWER), _ANSWER.c.current, _ANSWER.c.id != bindparam("newest")).values(current=False)
)
_ADD_INTENSITY: Final = Prepared(insert(cast(Table, IntensityRow.__table__)))


@dataclass(frozen=True)
class NewAnswer:
    """An answer to be stored.

    Attributes:
        answered_at: Seconds since the epoch; kept to the microsecond; None where unknown.
        simulated: Whether a simulated rater gave it.
        uid: The uid that another machine gave; None makes a new one.
    """

    key: AnswerKey
    answer: Answer
    circumstances: Circumstances
    answered_at: float | None = None
    simulated: bool = False
    uid: str | None = None


def add(source: Source, new: NewAnswer) -> int:
    """Store an answer as the newest revision of its key. It is durable when the project's transaction ends.

    Returns:
        The number of the answer.
    """
    key = new.key
    with writing(source) as session:
        numbers = terms.numbers(session, _texts([new]))
        same = {
            "k_study": key.study_id,
            "k_rater": key.rater_id,
            "k_item": key.item_id,
            "k_condition": numbers.get(key.condition),
            "k_pass": key.pass_no,
            "k_purpose": key.purpose,
            "k_check": key.check,
        }
        row = {**_row(new, numbers), "blinded": _blinded(session, new)}
        [(answer_id, revision)] = _ADD_ANSWER.run(session, {**row, **same})
        if revision > 1:
            _RETIRE.run(session, {**same, "newest": answer_id})
        _ADD_INTENSITY.run_many(session, _intensity_rows(answer_id, new.answer, numbers))
        return int(answer_id)


def _blinded(session: Session, new: NewAnswer) -> bool:
    """Return whether an answer was given blind: nothing else says so, and nothing of its clip had been shown before."""
    around, at, here = new.circumstances, new.answered_at, new.circumstances.source == "screen"
    if not around.blinded or new.simulated or (at is None and not here):
        return around.blinded
    at = now() if at is None else at
    return not sights.led(session, new.key.rater_id, new.key.item_id, at, here=here)


def _same_key(key: AnswerKey, condition_id: int | None) -> tuple[Any, ...]:
    return (
        AnswerRow.study_id == key.study_id,
        AnswerRow.rater_id == key.rater_id,
        AnswerRow.item_id.is_(None) if key.item_id is None else AnswerRow.item_id == key.item_id,
        AnswerRow.condition_id.is_(None) if condition_id is None else AnswerRow.condition_id == condition_id,
        AnswerRow.pass_no == key.pass_no,
        AnswerRow.purpose == key.purpose,
        AnswerRow.check_name == key.check,
    )


def add_many(source: Source, new: Sequence[NewAnswer]) -> int:
    """Store many answers in one transaction, in this order; several of one key become revisions of it.

    Returns:
        The number of answers that were stored.
    """
    with writing(source) as session:
        numbers = terms.numbers(session, _texts(new))
        newest = _newest_revisions(session, {(one.key.study_id, one.key.rater_id) for one in new}, numbers)
        next_id = (session.scalar(select(func.max(AnswerRow.id))) or 0) + 1
        seen = sights.viewers(session)
        last_of: dict[AnswerKey, int] = {}
        rows: list[dict[str, Any]] = []
        for place, one in enumerate(new):
            revision = newest.get(one.key, 0) + 1
            newest[one.key] = revision
            some = one.key.rater_id in seen or None in seen
            blinded = _blinded(session, one) if some else one.circumstances.blinded
            row = {**_row(one, numbers), "blinded": blinded, "revision": revision, "id": next_id + place}
            if one.key in last_of:
                rows[last_of[one.key]]["current"] = False
            elif revision > 1:
                same = _same_key(one.key, numbers.get(one.key.condition))
                session.execute(update(AnswerRow).where(*same, AnswerRow.current).values(current=False))
            last_of[one.key] = place
            rows.append(row)
        for begin in range(0, len(rows), BATCH):
            session.execute(insert(AnswerRow), rows[begin : begin + BATCH])
            parts = [
                part
                for place in range(begin, min(begin + BATCH, len(rows)))
                for part in _intensity_rows(next_id + place, new[place].answer, numbers)
            ]
            if parts:
                session.execute(insert(IntensityRow), parts)
        if session.get_bind().dialect.name == "postgresql" and rows:
            # Numbers were given here, so the server's own counter must learn of them.
            session.execute(select(func.setval(func.pg_get_serial_sequence("answer", "id"), next_id + len(rows) - 1)))
        return len(rows)


def _newest_revisions(
    session: Session, owners: Iterable[tuple[int, int]], numbers: Mapping[str, int]
) -> dict[AnswerKey, int]:
    text_of = {number: text for text, number in numbers.items()}
    newest: dict[AnswerKey, int] = {}
    for study_id, rater_id in sorted(owners):
        query = select(
            AnswerRow.item_id, AnswerRow.condition_id, AnswerRow.pass_no, AnswerRow.purpose, AnswerRow.check_name,
            AnswerRow.revision,
        ).where(AnswerRow.study_id == study_id, AnswerRow.rater_id == rater_id, AnswerRow.current)  # fmt: skip
        for item_id, condition_id, pass_no, purpose, check, revision in session.execute(query):
            condition = text_of.get(condition_id, "") if condition_id is not None else ""
            key = AnswerKey(study_id, rater_id, item_id, condition, pass_no, cast(Purpose, purpose), check)
            newest[key] = revision
    return newest


def _texts(new: Iterable[NewAnswer]) -> set[str]:
    texts: set[str] = set()
    for one in new:
        texts |= {one.key.condition, one.answer.category, one.answer.category_missing}
        texts |= one.answer.intensities.keys()
        texts |= {intensity.missing_reason for intensity in one.answer.intensities.values()}
    return texts - {""}


def _row(new: NewAnswer, numbers: Mapping[str, int]) -> dict[str, Any]:
    key, answer, around = new.key, new.answer, new.circumstances
    return {
        "uid": new.uid or new_uid(),
        "study_id": key.study_id,
        "rater_id": key.rater_id,
        "item_id": key.item_id,
        "condition_id": numbers.get(key.condition),
        "pass_no": key.pass_no,
        "purpose": key.purpose,
        "check_name": key.check,
        "current": True,
        "study_version": around.study_version,
        "presentation_id": around.presentation_id,
        "media_sha256": around.media_sha256,
        "track_sha256": around.track_sha256,
        "category_id": numbers.get(answer.category),
        "category_missing_id": numbers.get(answer.category_missing),
        "confidence": answer.confidence,
        "comment": answer.comment,
        "answered_at": None if new.answered_at is None else round(new.answered_at, 6),
        "response_s": answer.response_s,
        "blinded": around.blinded,
        "source": around.source,
        "simulated": new.simulated,
        "passed": around.passed,
    }


def _intensity_rows(answer_id: int, answer: Answer, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "answer_id": answer_id,
            "emotion_id": numbers[emotion],
            "score": given.score,
            "missing_id": numbers.get(given.missing_reason),
            "response_s": given.response_s,
        }
        for emotion, given in answer.intensities.items()
    ]


def moment() -> float:
    """Return the present moment in seconds since the epoch, rounded to the microsecond as answers store it."""
    return round(now(), 6)


def every(
    source: Source,
    study_id: int,
    *,
    rater_id: int | None = None,
    item_id: int | None = None,
    purpose: Purpose | None = None,
    current_only: bool = True,
) -> list[StoredAnswer]:
    """Return answers as records, oldest first. For millions of them use `db.answer_columns`.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study.
        rater_id: Number of the rater to keep to; None for all.
        item_id: Number of the item to keep to; None for all.
        purpose: The purpose to keep to (practice, attention checks or what is analysed); None for all.
        current_only: Whether to leave earlier revisions out.
    """
    query = select(AnswerRow).where(AnswerRow.study_id == study_id).order_by(AnswerRow.id)
    if rater_id is not None:
        query = query.where(AnswerRow.rater_id == rater_id)
    if item_id is not None:
        query = query.where(AnswerRow.item_id == item_id)
    if purpose is not None:
        query = query.where(AnswerRow.purpose == purpose)
    if current_only:
        query = query.where(AnswerRow.current)
    with reading(source) as session:
        return _records(session, session.scalars(query).all())


def get(source: Source, answer_id: int) -> StoredAnswer:
    """Return one answer by number.

    Raises:
        KeyError: The answer does not exist.
    """
    with reading(source) as session:
        row = session.get(AnswerRow, answer_id)
        if row is None:
            raise KeyError(f"no answer {answer_id}")
        return _records(session, [row])[0]


def revisions(source: Source, key: AnswerKey) -> list[StoredAnswer]:
    """Return all revisions of one key, oldest first."""
    with reading(source) as session:
        condition_id = {text: number for number, text in terms.texts(session).items()}.get(key.condition)
        if key.condition and condition_id is None:
            return []
        query = select(AnswerRow).where(*_same_key(key, condition_id)).order_by(AnswerRow.revision)
        return _records(session, session.scalars(query).all())


def uids(source: Source, study_id: int) -> dict[str, int]:
    """Return the numbers of the study's answers by uid, earlier revisions included."""
    query = select(AnswerRow.uid, AnswerRow.id).where(AnswerRow.study_id == study_id)
    with reading(source) as session:
        return dict(session.execute(query).all())


def number_of(source: Source, uid: str) -> int | None:
    """Return the number of the answer with this uid; None where there is none."""
    with reading(source) as session:
        return session.scalar(select(AnswerRow.id).where(AnswerRow.uid == uid))


def known(source: Source, wanted: Sequence[str]) -> set[str]:
    """Return the uids, among those given, whose answers the project has."""
    with reading(source) as session:
        return set(session.scalars(select(AnswerRow.uid).where(AnswerRow.uid.in_(wanted))))


def judged_items(source: Source) -> set[int]:
    """Return the numbers of the items that have answers or traces.

    Such items must not change, because that would change what was judged.
    """
    with reading(source) as session:
        answered = set(session.scalars(select(AnswerRow.item_id).distinct()))
        traced = set(session.scalars(select(Trace.item_id).distinct()))
        return {number for number in answered | traced if number is not None}


def count(source: Source, study_id: int) -> int:
    """Return how many current answers the study has."""
    query = select(func.count()).where(AnswerRow.study_id == study_id, AnswerRow.current)
    with reading(source) as session:
        return session.scalar(query) or 0


def imported(source: Source, study_id: int) -> dict[int, int]:
    """Return by rater how many current judgements of a study came in by an import and were never given out here."""
    query = (
        select(AnswerRow.rater_id, func.count())
        .where(AnswerRow.study_id == study_id, AnswerRow.current, AnswerRow.purpose == "main")
        .where(AnswerRow.source == "import", AnswerRow.revision == 1)
        .group_by(AnswerRow.rater_id)
    )
    with reading(source) as session:
        return {rater: int(number) for rater, number in session.execute(query)}


def _named(texts: Mapping[int, str]) -> dict[int | None, str]:
    """Return the number → text; None maps to the empty text."""
    named: dict[int | None, str] = {None: ""}
    for number, text in texts.items():
        named[number] = text
    return named


def _records(session: Session, rows: Sequence[AnswerRow]) -> list[StoredAnswer]:
    text_of = _named(terms.texts(session))
    parts: dict[int, dict[str, Intensity]] = defaultdict(dict)
    numbers = [row.id for row in rows]
    for begin in range(0, len(numbers), 500):
        query = (
            select(IntensityRow)
            .where(IntensityRow.answer_id.in_(numbers[begin : begin + 500]))
            .order_by(IntensityRow.answer_id, IntensityRow.emotion_id)
        )
        for part in session.scalars(query):
            given = Intensity(part.score, text_of[part.missing_id], part.response_s)
            parts[part.answer_id][text_of[part.emotion_id]] = given
    return [
        StoredAnswer(
            id=row.id,
            uid=row.uid,
            key=AnswerKey(
                row.study_id,
                row.rater_id,
                row.item_id,
                text_of[row.condition_id],
                row.pass_no,
                cast(Purpose, row.purpose),
                row.check_name,
            ),
            answer=Answer(
                parts.get(row.id, {}),
                text_of[row.category_id],
                text_of[row.category_missing_id],
                row.confidence,
                row.comment,
                row.response_s,
            ),
            circumstances=Circumstances(
                study_version=row.study_version,
                media_sha256=row.media_sha256,
                track_sha256=row.track_sha256,
                presentation_id=row.presentation_id,
                blinded=row.blinded,
                source=cast(AnswerSource, row.source),
                passed=row.passed,
            ),
            revision=row.revision,
            current=row.current,
            answered_at=row.answered_at,
            simulated=row.simulated,
        )
        for row in rows
    ]
