"""Continuous traces as they were given, and gold standards derived from labels."""

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Double, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Blob, Document, Hash, Key, Moment, Prose, Uid, reference


class Trace(Base):
    """One rater's trace of one item; a new revision is a new row."""

    __tablename__ = "trace"

    id: Mapped[Key]
    uid: Mapped[Uid]
    study_id: Mapped[int | None] = reference("study.id", nullable=True)
    item_id: Mapped[int] = reference("item.id")
    rater_id: Mapped[int] = reference("rater.id")
    condition: Mapped[str] = mapped_column(String(64))
    pass_no: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    dimensions: Mapped[str] = mapped_column(String(20), default="both")
    blinded: Mapped[bool] = mapped_column(Boolean)  # False: predictions or other curves were in sight
    calibration: Mapped[bool] = mapped_column(default=False)  # given on the calibration clip, to measure lag
    device: Mapped[str] = mapped_column(String(30))
    status: Mapped[str] = mapped_column(String(20), index=True)
    media_sha256: Mapped[Hash]  # what it was given on, whatever becomes of the clip's row
    track_sha256: Mapped[str | None] = mapped_column(String(64))
    study_version: Mapped[int | None]
    owner: Mapped[str] = mapped_column(Text, default="")  # the process that records: tells a crash from a colleague
    quality: Mapped[Document] = mapped_column(default=dict)  # flags: late start, gaps, idle, saturation
    note: Mapped[Prose]
    n_samples: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[Moment]
    finished_at: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        CheckConstraint("status IN ('recording', 'finished', 'abandoned', 'interrupted')", name="status"),
        CheckConstraint("dimensions IN ('both', 'valence', 'arousal')", name="dimensions"),
        Index("ix_trace_key", "study_id", "rater_id", "item_id", "condition", "pass_no"),
    )


class TraceChunk(Base):
    """Samples as they were flushed, about every 50 ms; a finished trace has one chunk for all."""

    __tablename__ = "trace_chunk"

    trace_id: Mapped[int] = mapped_column(ForeignKey("trace.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    n_samples: Mapped[int]
    times_s: Mapped[Blob]  # float64 N
    values: Mapped[Blob]  # float32 N×2
    monotonic_s: Mapped[Blob]  # float64 N


class TraceStream(Base):
    """What another program sent by LSL while a trace was given, such as the rater's skin conductance: a part of it."""

    __tablename__ = "trace_stream"

    id: Mapped[Key]
    uid: Mapped[Uid]
    trace_id: Mapped[int] = reference("trace.id", cascade=True)
    program: Mapped[str] = mapped_column(String(100))  # LSL and the stream's name
    origin: Mapped[str] = mapped_column(Text)  # the sender, and how its clock was brought to ours
    names: Mapped[list[Any]] = mapped_column(JSON)
    times_s: Mapped[Blob]  # float64 N, on the clip's PTS axis, as in the trace
    values: Mapped[Blob]  # float32 N×K over the names


class Gold(Base):
    """A gold standard of one item with the recipe that made it. It never replaces raw data."""

    __tablename__ = "gold"

    id: Mapped[Key]
    uid: Mapped[Uid]
    item_id: Mapped[int] = reference("item.id")
    study_id: Mapped[int | None] = reference("study.id", nullable=True)
    condition: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    recipe: Mapped[Document]
    sources: Mapped[Document]  # uids of the traces or answers it was made of
    value: Mapped[Document] = mapped_column(default=dict)  # of intensities and categories
    times_s: Mapped[bytes | None] = mapped_column(LargeBinary)  # float64 N, of traces
    values: Mapped[bytes | None] = mapped_column(LargeBinary)  # float32 N×2, of traces
    chosen: Mapped[bool] = mapped_column(default=False)  # the one that training and display use
    actor: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("kind IN ('trace', 'intensity', 'category')", name="kind"),)
