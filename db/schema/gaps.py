"""Reasons why people and a model part at a moment, and the project's list of reasons."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Key, Moment, Prose, Seconds, Uid, reference


class GapReason(Base):
    """Why people and the model part at a moment of an item, as somebody saw it. No rater's query returns it."""

    __tablename__ = "gap_reason"

    id: Mapped[Key]
    uid: Mapped[Uid]
    item_id: Mapped[int] = reference("item.id")
    condition: Mapped[str] = mapped_column(String(100))
    what: Mapped[str] = mapped_column(String(100))
    start_s: Mapped[Seconds]
    end_s: Mapped[Seconds]
    people: Mapped[float]
    model_value: Mapped[float]
    size: Mapped[float]
    model: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(200))
    text: Mapped[Prose]
    author: Mapped[str] = mapped_column(String(100), default="")
    made_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("end_s >= start_s", name="range"),)


class ReasonWord(Base):
    """One word of the project's list of reasons."""

    __tablename__ = "reason_word"

    id: Mapped[Key]
    uid: Mapped[Uid]
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
