"""Applying edits. An edit holds the values before and after as plain data; `db.edits` makes it.

Rows are named by values that never change (a clip's bytes, a uid), so an edit can be applied, undone and repeated, even
after the row was made again. The values that an edit expects are checked, so it never overwrites a later change.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.changes import Changes, Edit, Kind, RowChange, Values
from app.errors import UserError
from db import audit
from db.clips import subject_id
from db.project import Source, writing
from db.schema import (
    Base,
    Clip,
    ClipNote,
    Consent,
    Exclusion,
    FacePerson,
    FaceTrack,
    GapReason,
    Gold,
    Item,
    NoteCategory,
    Rater,
    ReasonWord,
    Setting,
    Subject,
)


@dataclass(frozen=True)
class _Table:
    model: type[Base]
    key: str
    columns: frozenset[str]


_TABLES: Final[dict[Kind, _Table]] = {
    "subject": _Table(Subject, "uid", frozenset({"code", "note"})),
    "clip": _Table(Clip, "sha256", frozenset({"name", "path", "subject", "removed", "note"})),
    "face": _Table(FacePerson, "uid", frozenset({"clip", "track", "subject", "decided_at"})),
    "item": _Table(
        Item, "uid", frozenset({"name", "clip", "start_s", "end_s", "track", "target", "note", "position", "removed"})
    ),
    "rater": _Table(Rater, "uid", frozenset({"code", "role", "active", "simulated", "simulation", "lag_s"})),
    "exclusion": _Table(Exclusion, "uid", frozenset({"rater", "reason", "decided_by", "decided_at"})),
    "consent": _Table(
        Consent,
        "uid",
        frozenset({"person", "purpose", "granted", "until_at", "withdrawn_at", "note", "recorded_by", "recorded_at"}),
    ),
    "gold": _Table(Gold, "uid", frozenset({"chosen", "name"})),
    "note": _Table(
        ClipNote,
        "uid",
        frozenset({"clip", "kind", "start_s", "end_s", "category", "text", "colour", "author", "made_at"}),
    ),
    "note_category": _Table(NoteCategory, "uid", frozenset({"name", "key", "kind", "colour", "position"})),
    "gap_reason": _Table(
        GapReason,
        "uid",
        frozenset(
            {
                "item",
                "condition",
                "what",
                "start_s",
                "end_s",
                "people",
                "model_value",
                "size",
                "model",
                "reason",
                "text",
                "author",
                "made_at",
            }
        ),
    ),
    "reason_word": _Table(ReasonWord, "uid", frozenset({"name", "position"})),
    "setting": _Table(Setting, "key", frozenset({"value"})),
}


def apply(source: Source, edit: Edit, actor: str = "", *, uid: str | None = None) -> Changes:
    """Apply an edit and write one line to the audit log, in one transaction. To undo it, apply `edit.inverse()`.

    Args:
        source: The project; or a session, of whose transaction this becomes a part.
        edit: The edit to apply.
        actor: Code of the person who does it; the edit's own by default.
        uid: Name of the line in the audit log, by which `db.audit.known` later tells whether this edit was applied.

    Returns:
        The changes that were made.

    Raises:
        UserError: A row is not as the edit expects it, a name is taken, or labels depend on a row that would be
            removed.
    """
    edit = replace(edit, actor=actor or edit.actor)
    with writing(source) as session:
        try:
            touched = {_apply(session, change, edit) for change in edit.changes}
            session.flush()
        except IntegrityError as error:
            raise UserError(
                f"“{edit.title}” is not possible: a name is taken, or labels depend on it.",
                "Choose another name, or take it out of the lists instead.",
            ) from error
        audit.add(session, "edit.apply", edit.to_json(), edit.actor, uid=uid)
    return Changes(frozenset(touched))


OTHER_KINDS: Final[dict[Kind, Callable[[Session, RowChange, Edit], tuple[Kind, int]]]] = {}
"""Kinds with special rules (`db.answer_edits`): a change of an answer is a new revision, and of a trace only the
verdict may change."""


def _apply(session: Session, change: RowChange, edit: Edit) -> tuple[Kind, int]:
    if change.kind in OTHER_KINDS:
        return OTHER_KINDS[change.kind](session, change, edit)
    with session.no_autoflush:  # a row half changed may break a rule that the whole change keeps
        return _apply_to_row(session, change)


def _apply_to_row(session: Session, change: RowChange) -> tuple[Kind, int]:
    table = _TABLES[change.kind]
    for values in (change.before, change.after):
        if values is not None and not values.keys() <= table.columns:
            raise ValueError(f"{change.kind} has no {sorted(values.keys() - table.columns)} to edit")
    row: Any = session.scalar(select(table.model).where(getattr(table.model, table.key) == change.key))
    if change.before is None:
        if row is not None:
            raise _changed_meanwhile(change)
        row = table.model(**{table.key: change.key})
        _set(session, row, change.after or {})
        session.add(row)
        session.flush()
    elif row is None or current(session, row, change.before) != change.before:
        raise _changed_meanwhile(change)
    elif change.after is None:
        number = _number(row)
        session.delete(row)
        session.flush()
        return change.kind, number
    else:
        _set(session, row, change.after)
        session.flush()
    return change.kind, _number(row)


def _number(row: Any) -> int:
    return int(getattr(row, "id", 0))


def _changed_meanwhile(change: RowChange) -> UserError:
    kind = change.kind.replace("_", " ")
    return UserError(f"This {kind} was changed meanwhile.", "Look at it again, then repeat your change.")


def current(session: Session, row: Any, names: Iterable[str]) -> Values:
    """Return the present values of a row, as an edit holds them."""
    return {name: _READ[name](session, row) if name in _READ else getattr(row, name) for name in names}


def _set(session: Session, row: Any, values: Values) -> None:
    # An item's track is looked up among those of its clip: the clip comes first.
    for name, value in sorted(values.items(), key=lambda pair: pair[0] != "clip"):
        if name in _WRITE:
            _WRITE[name](session, row, value)
        else:
            setattr(row, name, value)


def _read_subject(session: Session, row: Clip | FacePerson) -> str:
    return "" if row.subject_id is None else session.get_one(Subject, row.subject_id).code


def _write_subject(session: Session, row: Clip | FacePerson, code: str) -> None:
    row.subject_id = subject_id(session, code)


def _read_clip(session: Session, row: Item | ClipNote | FacePerson) -> str:
    return session.get_one(Clip, row.clip_id).sha256


def _write_clip(session: Session, row: Item | ClipNote | FacePerson, sha256: str) -> None:
    row.clip_id = session.scalars(select(Clip.id).where(Clip.sha256 == sha256)).one()


def _read_track(session: Session, row: Item | FacePerson) -> list[Any] | None:
    if row.track_id is None:
        return None
    track = session.get_one(FaceTrack, row.track_id)
    return [track.sha256, track.track_no]


def _write_track(session: Session, row: Item | FacePerson, track: Sequence[Any] | None) -> None:
    if track is None and isinstance(row, Item):
        row.track_id = None
        return
    assert track is not None
    query = select(FaceTrack.id).where(
        FaceTrack.clip_id == row.clip_id, FaceTrack.sha256 == track[0], FaceTrack.track_no == track[1]
    )
    row.track_id = session.scalars(query).one()


def _read_item(session: Session, row: GapReason) -> str:
    return session.get_one(Item, row.item_id).uid


def _write_item(session: Session, row: GapReason, uid: str) -> None:
    row.item_id = session.scalars(select(Item.id).where(Item.uid == uid)).one()


def _read_rater(session: Session, row: Exclusion) -> str:
    return session.get_one(Rater, row.rater_id).uid


def _write_rater(session: Session, row: Exclusion, uid: str) -> None:
    row.rater_id = session.scalars(select(Rater.id).where(Rater.uid == uid)).one()


def _read_person(session: Session, row: Consent) -> list[str]:
    if row.subject_id is not None:
        return ["subject", session.get_one(Subject, row.subject_id).uid]
    return ["rater", session.get_one(Rater, row.rater_id).uid]


def _write_person(session: Session, row: Consent, person: Sequence[str]) -> None:
    party, uid = person
    if party == "subject":
        row.subject_id, row.rater_id = session.scalars(select(Subject.id).where(Subject.uid == uid)).one(), None
    else:
        row.subject_id, row.rater_id = None, session.scalars(select(Rater.id).where(Rater.uid == uid)).one()


# References are spelt by what never changes, not by row numbers: a row made again may have another.
_READ: Final[dict[str, Any]] = {
    "subject": _read_subject,
    "clip": _read_clip,
    "item": _read_item,
    "track": _read_track,
    "rater": _read_rater,
    "person": _read_person,
}
_WRITE: Final[dict[str, Any]] = {
    "subject": _write_subject,
    "clip": _write_clip,
    "item": _write_item,
    "track": _write_track,
    "rater": _write_rater,
    "person": _write_person,
}
