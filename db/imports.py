"""The rows that an import added, and their removal: an import is taken back as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.imports import TO, ImportRecord, Rows
from app.errors import UserError
from db import audit
from db.project import Source, reading, writing
from db.schema import (
    Answer,
    Audit,
    Base,
    ClipNote,
    ForeignMeasure,
    Gold,
    Intensity,
    Item,
    Rater,
    ReviewNote,
    Study,
    StudyItem,
    StudyRater,
    StudyVersion,
    Trace,
    TraceChunk,
)
from db.schema.base import UID_STEM

ADDED: Final = "exchange.import"
REMOVED: Final = "exchange.undo"
_NUMBERED: Final[dict[str, Any]] = {
    "answer": Answer, "trace": Trace, "gold": Gold, "study": Study, "item": Item, "rater": Rater,
    "clip_note": ClipNote, "foreign_measure": ForeignMeasure,
}  # fmt: skip
_PAIRS: Final[dict[str, tuple[type[Base], Any, Any]]] = {
    "study_version": (StudyVersion, StudyVersion.study_id, StudyVersion.version),
    "study_item": (StudyItem, StudyItem.study_id, StudyItem.item_id),
    "study_rater": (StudyRater, StudyRater.study_id, StudyRater.rater_id),
}
_CHUNK: Final = 500


@dataclass(frozen=True)
class Before:
    """The rows of a project before an import.

    Attributes:
        highest: Table → its highest number.
        pairs: Table → its keys.
    """

    highest: dict[str, int]
    pairs: dict[str, set[tuple[int, int]]]


def before(session: Session) -> Before:
    """Note which rows there are, at the beginning of an import's transaction."""
    highest = {name: session.scalar(select(func.max(model.id))) or 0 for name, model in _NUMBERED.items()}
    pairs = {
        name: {(int(one), int(other)) for one, other in session.execute(select(first, second))}
        for name, (_, first, second) in _PAIRS.items()
    }
    return Before(highest, pairs)


def note_added(session: Session, then: Before, files: Sequence[str], actor: str = "") -> ImportRecord | None:
    """Write a line in the audit log with the rows that were added since; it is what `remove` goes by.

    Returns:
        The import; None where it added nothing, which is not noted.
    """
    session.flush()
    rows: Rows = {}
    for name, model in _NUMBERED.items():
        found = session.scalars(select(model.uid).where(model.id > then.highest[name]).order_by(model.id))
        rows[name] = _shortened(list(found))
    for name, (_, first, second) in _PAIRS.items():
        now = {(int(one), int(other)) for one, other in session.execute(select(first, second))}
        rows[name] = [list(pair) for pair in sorted(now - then.pairs[name])]
    kept = {name: found for name, found in rows.items() if found}
    if not kept:
        return None
    audit.add(session, ADDED, {"files": list(files), "rows": kept}, actor)
    session.flush()
    return newest(session)


def _shortened(uids: Sequence[str]) -> list[str]:
    """Return uids with `FIRST…LAST` for those that were made together: a million of them would fill the audit log."""
    found: list[str] = []
    for _, group in groupby(uids, lambda uid: uid[:UID_STEM]):
        several = list(group)
        running = len(several) > 2 and int(several[-1], 16) - int(several[0], 16) == len(several) - 1
        found += [f"{several[0]}{TO}{several[-1]}"] if running else several
    return found


def newest(source: Source) -> ImportRecord | None:
    """Return the newest import that was not taken back; None where there is none."""
    with reading(source) as session:
        undone = _undone(session)
        lines = select(Audit).where(Audit.action == ADDED).order_by(Audit.id.desc())
        for line in session.scalars(lines):
            if line.id not in undone:
                return ImportRecord(line.id, line.at, tuple(line.detail["files"]), dict(line.detail["rows"]))
    return None


def _undone(session: Session) -> set[int]:
    """Return the numbers of the imports that were taken back."""
    taken = session.scalars(select(Audit.detail).where(Audit.action == REMOVED))
    return {int(detail.get("import", 0)) for detail in taken}


def remove(source: Source, record: ImportRecord, actor: str = "") -> dict[str, int]:
    """Remove the rows that an import added, and let answers that it revised count again.

    Args:
        source: The project, or a session of it, to write to.
        record: The import.
        actor: Code of the person who does it.

    Returns:
        Table → number of rows that were removed.

    Raises:
        UserError: Something that was made since depends on them. Then nothing is removed.
    """
    with writing(source) as session:
        if record.number in _undone(session):
            raise UserError("This import was taken back already.", "Import its files again if you need them.")
        numbers = {name: _numbers(session, model, record.rows.get(name, [])) for name, model in _NUMBERED.items()}
        _refuse_used(session, record, numbers)
        keys = _keys(session, numbers["answer"])
        try:
            _delete(session, Intensity, Intensity.answer_id, numbers["answer"])
            _delete(session, Answer, Answer.id, numbers["answer"])
            _restore(session, keys)
            _delete(session, TraceChunk, TraceChunk.trace_id, numbers["trace"])
            _delete(session, Trace, Trace.id, numbers["trace"])
            _delete(session, Gold, Gold.id, numbers["gold"])
            _delete(session, ClipNote, ClipNote.id, numbers["clip_note"])
            _delete(session, ForeignMeasure, ForeignMeasure.id, numbers["foreign_measure"])
            for name, (model, first, second) in _PAIRS.items():
                for one, other in record.rows.get(name, []):
                    session.execute(delete(model).where(first == one, second == other))
            for name in ("study", "item", "rater"):
                _delete(session, _NUMBERED[name], _NUMBERED[name].id, numbers[name])
            session.flush()
        except IntegrityError as error:
            raise _used() from error
        count = {name: len(numbers.get(name, found)) for name, found in record.rows.items()}
        audit.add(session, REMOVED, {"import": record.number, "files": list(record.files)}, actor)
        return count


def _numbers(session: Session, model: Any, uids: Sequence[str]) -> list[int]:
    found: list[int] = []
    single = [uid for uid in uids if TO not in uid]
    for begin in range(0, len(single), _CHUNK):
        found += session.scalars(select(model.id).where(model.uid.in_(single[begin : begin + _CHUNK])))
    for first, _, last in (uid.partition(TO) for uid in uids if TO in uid):
        found += session.scalars(select(model.id).where(model.uid.between(first, last)))
    return found


def _delete(session: Session, model: Any, column: Any, numbers: Sequence[int]) -> None:
    for begin in range(0, len(numbers), _CHUNK):
        session.execute(delete(model).where(column.in_(numbers[begin : begin + _CHUNK])))


def _used() -> UserError:
    return UserError(
        "This import cannot be taken back: other work of the project is built on it by now.",
        "Take the clips or raters out of the lists instead, or go back to an earlier backup.",
    )


def _refuse_used(session: Session, record: ImportRecord, numbers: dict[str, list[int]]) -> None:
    """Refuse where corrections or gold standards refer to the labels, or answers to a version of a study."""
    for column, name in ((ReviewNote.answer_id, "answer"), (ReviewNote.trace_id, "trace")):
        for begin in range(0, len(numbers[name]), _CHUNK):
            part = numbers[name][begin : begin + _CHUNK]
            if session.scalar(select(ReviewNote.id).where(column.in_(part)).limit(1)) is not None:
                raise _used()
    mine = {*record.rows.get("answer", []), *record.rows.get("trace", [])}
    for uid, sources in session.execute(select(Gold.uid, Gold.sources)):
        if uid not in record.rows.get("gold", []) and mine & set(sources.get("uids", ())):
            raise _used()
    answers, traces = set(numbers["answer"]), set(numbers["trace"])
    for study, version in record.rows.get("study_version", []):
        for model, own in ((Answer, answers), (Trace, traces)):
            same = select(model.id).where(model.study_id == study, model.study_version == version)
            if set(session.scalars(same)) - own:
                raise _used()


_KEY: Final = (
    Answer.study_id, Answer.rater_id, Answer.item_id, Answer.condition_id, Answer.pass_no, Answer.purpose,
    Answer.check_name,
)  # fmt: skip


def _keys(session: Session, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return the keys of the answers that revise another one."""
    found: set[tuple[Any, ...]] = set()
    for begin in range(0, len(numbers), _CHUNK):
        part = numbers[begin : begin + _CHUNK]
        found |= {tuple(row) for row in session.execute(select(*_KEY).where(Answer.id.in_(part), Answer.revision > 1))}
    return list(found)


def _restore(session: Session, keys: Sequence[tuple[Any, ...]]) -> None:
    """Let the newest revision that is left of each key count."""
    for key in keys:
        same = [column.is_(None) if value is None else column == value for column, value in zip(_KEY, key, strict=True)]
        newest_left = session.scalar(select(Answer.id).where(*same).order_by(Answer.revision.desc()).limit(1))
        if newest_left is not None:
            session.execute(update(Answer).where(Answer.id == newest_left).values(current=True))
