"""Raters and decisions about them. Names are in a separate table, which exports never join."""

from sqlalchemy import CheckConstraint, Double, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Document, Key, Moment, Prose, Uid, reference


class Rater(Base):
    """A person who judges, known by a code; simulated ones are marked for good."""

    __tablename__ = "rater"

    id: Mapped[Key]
    uid: Mapped[Uid]
    code: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    simulated: Mapped[bool] = mapped_column(default=False)
    simulation: Mapped[Document] = mapped_column(default=dict)  # seed, bias, noise, lag … of a simulated rater
    pin: Mapped[str | None] = mapped_column(String(200))  # scrypt hash with its parameters and salt
    lag_s: Mapped[float | None] = mapped_column(Double)  # absolute reaction lag from the calibration clip
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("role IN ('rater', 'reviewer', 'owner')", name="role"),)


class RaterName(Base):
    """The name behind a code. It is kept apart, and no query of labels touches it."""

    __tablename__ = "rater_name"

    rater_id: Mapped[int] = mapped_column(ForeignKey("rater.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    contact: Mapped[Prose]


class Exclusion(Base):
    """A rater left out of analyses, by a person and for a stated reason; nothing of the rater is deleted."""

    __tablename__ = "exclusion"

    id: Mapped[Key]
    uid: Mapped[Uid]
    rater_id: Mapped[int] = reference("rater.id")
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(100), default="")
    decided_at: Mapped[Moment]


class Consent(Base):
    """The answer of a subject or rater for one purpose: agreed or not, until when, withdrawn when."""

    __tablename__ = "consent"

    id: Mapped[Key]
    uid: Mapped[Uid]
    subject_id: Mapped[int | None] = reference("subject.id", index=False, nullable=True)
    rater_id: Mapped[int | None] = reference("rater.id", index=False, nullable=True)
    purpose: Mapped[str] = mapped_column(String(20))
    granted: Mapped[bool]
    until_at: Mapped[float | None] = mapped_column(Double)
    withdrawn_at: Mapped[float | None] = mapped_column(Double)
    note: Mapped[Prose]
    recorded_by: Mapped[str] = mapped_column(String(100), default="")
    recorded_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("subject_id", "purpose"),
        UniqueConstraint("rater_id", "purpose"),
        CheckConstraint("(subject_id IS NULL) <> (rater_id IS NULL)", name="one"),
        CheckConstraint("purpose IN ('training', 'export', 'archive', 'showing', 'keeping')", name="purpose"),
    )
