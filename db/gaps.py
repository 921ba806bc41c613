"""Reasons why people and a model part at a moment, and their list. Edits of them are applied by `db.edits.apply`."""

from sqlalchemy import select

from app.domain.gaps import GapReason, ReasonWord
from db.project import Source, reading
from db.schema import Clip, Item
from db.schema import GapReason as Row
from db.schema import ReasonWord as WordRow


def reasons(source: Source) -> tuple[GapReason, ...]:
    """Return every reason that was given, by item and time. Those for removed items and clips are left out."""
    query = select(Row, Item.uid).join(Item, Row.item_id == Item.id).join(Clip, Item.clip_id == Clip.id)
    query = query.where(~Item.removed, ~Clip.removed).order_by(Row.item_id, Row.id)
    with reading(source) as session:
        found = [
            GapReason(
                row.uid, item_uid, row.condition, row.what, row.start_s, row.end_s, row.people, row.model_value,
                row.size, row.model, row.reason, row.text, row.author, row.made_at,
            )
            for row, item_uid in session.execute(query)
        ]  # fmt: skip
    return tuple(found)


def words(source: Source) -> tuple[ReasonWord, ...]:
    """Return the project's list of reasons in its order; empty if nobody has changed the usual one."""
    query = select(WordRow).order_by(WordRow.position, WordRow.id)
    with reading(source) as session:
        return tuple(ReasonWord(row.uid, row.name, row.position) for row in session.scalars(query))
