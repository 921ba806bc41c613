"""Notes on clips and their categories. Edits of them are applied by `db.edits.apply`."""

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import func, insert, select

from app.domain.notes import ClipNote, NoteCategory, NoteKind, in_order
from db import digests
from db.prepared import TOUCHED
from db.project import Source, reading, writing
from db.schema import Clip, new_uids, now
from db.schema import ClipNote as Row
from db.schema import NoteCategory as CategoryRow

BATCH: Final = 20_000
"""Number of notes in one statement when many are added."""
_COLUMNS: Final = (
    "id", "uid", "clip_id", "kind", "start_s", "end_s", "category", "text", "colour", "author", "made_at"
)  # fmt: skip


def of_clip(source: Source, clip_id: int) -> tuple[ClipNote, ...]:
    """Return the notes on a clip by their time."""
    query = select(Row, Clip.sha256).join(Clip, Row.clip_id == Clip.id).where(Row.clip_id == clip_id)
    with reading(source) as session:
        return in_order(_record(*found) for found in session.execute(query))


def every(source: Source) -> list[tuple[str, ClipNote]]:
    """Return all notes with the name of their clip, by clip and time. Clips that were removed are left out."""
    query = select(Row, Clip.sha256, Clip.name).join(Clip, Row.clip_id == Clip.id).where(~Clip.removed)
    with reading(source) as session:
        found = [(name, _record(row, sha256)) for row, sha256, name in session.execute(query)]
    return sorted(found, key=lambda pair: (pair[0], pair[1].start_s, pair[1].made_at, pair[1].uid))


def counts(source: Source) -> dict[int, int]:
    """Return the number of notes on each clip that has any."""
    with reading(source) as session:
        return {clip: int(n) for clip, n in session.execute(select(Row.clip_id, func.count()).group_by(Row.clip_id))}


def add_many(source: Source, new: Sequence[tuple[int, str, float, float | None, str, str, str, str]]) -> None:
    """Store many notes at once.

    Args:
        source: The project, or a session of it, to write to.
        new: Number of the clip, kind, beginning and end in seconds, category, text, author and colour of each.
    """
    at = now()
    with writing(source) as session:
        if session.connection().dialect.name != "sqlite":
            names = ("clip_id", "kind", "start_s", "end_s", "category", "text", "author", "colour")
            uids = new_uids(len(new))
            values = (dict(zip(names, one, strict=True)) for one in new)
            session.execute(
                insert(Row), [{**one, "uid": uid, "made_at": at} for one, uid in zip(values, uids, strict=True)]
            )
            return
        first = (session.scalar(select(func.max(Row.id))) or 0) + 1
        rows = (
            (
                number,
                uid,
                clip,
                kind,
                float(start),
                None if end is None else float(end),
                category,
                text,
                colour,
                author,
                at,
            )
            for number, uid, (clip, kind, start, end, category, text, author, colour) in zip(
                range(first, first + len(new)), new_uids(len(new)), new, strict=True
            )
        )
        digests.insert(session, "clip_note", _COLUMNS, rows)
        session.info[TOUCHED].add("clip_note")


def of_category(source: Source, name: str) -> list[ClipNote]:
    """Return all notes of a category, also those on clips that were removed."""
    query = select(Row, Clip.sha256).join(Clip, Row.clip_id == Clip.id).where(Row.category == name).order_by(Row.id)
    with reading(source) as session:
        return [_record(*found) for found in session.execute(query)]


def categories(source: Source) -> tuple[NoteCategory, ...]:
    """Return the categories in their order."""
    query = select(CategoryRow).order_by(CategoryRow.position, CategoryRow.id)
    with reading(source) as session:
        return tuple(
            NoteCategory(row.uid, row.name, row.key, cast(NoteKind, row.kind), row.colour, row.position)
            for row in session.scalars(query)
        )


def _record(row: Any, sha256: str) -> ClipNote:
    return ClipNote(
        uid=row.uid, clip_id=row.clip_id, clip_sha256=sha256, kind=row.kind, start_s=row.start_s, end_s=row.end_s,
        category=row.category, text=row.text, colour=row.colour, author=row.author, made_at=row.made_at,
    )  # fmt: skip
