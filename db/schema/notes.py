"""Notes on clips, and the categories whose keys make them."""

from sqlalchemy import CheckConstraint, Double, String
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Key, Moment, Prose, Seconds, Uid, reference


class ClipNote(Base):
    """A remark on a clip at a moment or over a range. It is not a judgement, and no rater's query returns it."""

    __tablename__ = "clip_note"

    id: Mapped[Key]
    uid: Mapped[Uid]
    clip_id: Mapped[int] = reference("clip.id")
    kind: Mapped[str] = mapped_column(String(10))
    start_s: Mapped[Seconds]
    end_s: Mapped[float | None] = mapped_column(Double)  # empty for a point, and for a state that was never ended
    category: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[Prose]
    colour: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(100), default="")
    made_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("kind IN ('point', 'state')", name="kind"),
        CheckConstraint("end_s IS NULL OR (kind = 'state' AND end_s >= start_s)", name="range"),
    )


class NoteCategory(Base):
    """A category of notes with the key that makes one; all of them together are the ethogram."""

    __tablename__ = "note_category"

    id: Mapped[Key]
    uid: Mapped[Uid]
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(10), default="")
    kind: Mapped[str] = mapped_column(String(10))
    colour: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]

    __table_args__ = (CheckConstraint("kind IN ('point', 'state')", name="kind"),)
