"""Clips, the subjects and face tracks in them, and items."""

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Blob, Document, Hash, Key, Moment, Prose, Seconds, Size, Uid, reference


class Subject(Base):
    """The person seen in a clip, known by a code."""

    __tablename__ = "subject"

    id: Mapped[Key]
    uid: Mapped[Uid]
    code: Mapped[str] = mapped_column(String(200), unique=True)
    note: Mapped[Prose]


class Clip(Base):
    """A video or image file, identified by the SHA-256 of its bytes; the path may change."""

    __tablename__ = "clip"

    id: Mapped[Key]
    uid: Mapped[Uid]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(300), unique=True)
    path: Mapped[str] = mapped_column(Text)  # POSIX; relative to the project's folder where it lies below it
    kind: Mapped[str] = mapped_column(String(10))
    size_bytes: Mapped[Size]
    modified_at: Mapped[Seconds]
    width: Mapped[int]
    height: Mapped[int]
    rotation_deg: Mapped[int]
    time_base: Mapped[str | None] = mapped_column(String(50))  # exact fraction "num/den"
    n_frames: Mapped[int]
    duration_s: Mapped[Seconds]
    codec: Mapped[str] = mapped_column(String(50))
    average_rate: Mapped[str | None] = mapped_column(String(50))
    variable_rate: Mapped[bool]
    has_audio: Mapped[bool]
    audio_rate: Mapped[int]
    audio_channels: Mapped[int]
    complete: Mapped[bool]
    note: Mapped[Prose]
    subject_id: Mapped[int | None] = reference("subject.id", nullable=True)
    added_at: Mapped[Moment]
    removed: Mapped[bool] = mapped_column(default=False)  # hidden, never deleted: labels may depend on it

    __table_args__ = (CheckConstraint("kind IN ('video', 'image')", name="kind"),)


class FaceTrack(Base):
    """Geometry of one face over a clip's frames; equal geometry from several runs is one row."""

    __tablename__ = "face_track"

    id: Mapped[Key]
    clip_id: Mapped[int] = reference("clip.id", index=False)
    sha256: Mapped[Hash]  # of the geometry's bytes
    track_no: Mapped[int]  # track_id within the clip, from 1
    first_s: Mapped[Seconds]
    last_s: Mapped[Seconds]
    n_frames: Mapped[int]
    frame_idx: Mapped[Blob]  # int32 N
    times_s: Mapped[Blob]  # float64 N
    boxes: Mapped[Blob]  # float32 N×4
    landmarks: Mapped[Blob]  # float32 N×5×2
    detection: Mapped[Blob]  # float32 N
    quality: Mapped[Blob]  # float32 N

    __table_args__ = (UniqueConstraint("clip_id", "sha256", "track_no"),)


class FacePerson(Base):
    """The person whose face a track is, as somebody decided. Tracks without a row are of their clip's subject."""

    __tablename__ = "face_person"

    id: Mapped[Key]
    uid: Mapped[Uid]
    clip_id: Mapped[int] = reference("clip.id")
    track_id: Mapped[int] = mapped_column(ForeignKey("face_track.id", ondelete="RESTRICT"), unique=True)
    subject_id: Mapped[int] = reference("subject.id")
    decided_at: Mapped[Moment]


class Item(Base):
    """An item to judge: a clip or image, a time range, a target track."""

    __tablename__ = "item"

    id: Mapped[Key]
    uid: Mapped[Uid]
    name: Mapped[str] = mapped_column(String(300), unique=True)
    clip_id: Mapped[int] = reference("clip.id")
    start_s: Mapped[float | None] = mapped_column(Double)  # None: from the clip's beginning
    end_s: Mapped[float | None] = mapped_column(Double)  # None: to its end
    track_id: Mapped[int | None] = reference("face_track.id", nullable=True)
    target: Mapped[Document] = mapped_column(default=dict)  # a target marked by hand: {"time_s", "box": [x, y, w, h]}
    note: Mapped[Prose]
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment]
    removed: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("start_s IS NULL OR end_s IS NULL OR start_s < end_s", name="range"),
        Index("ix_item_order", "position", "id"),
    )
