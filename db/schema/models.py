"""Models and their results: the registry, prediction runs, training runs and promotions."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Blob, Document, Hash, Key, Moment, Name, Prose, Seconds, Uid, reference


class Model(Base):
    """A model as the project knows it: name, hash and card. The file is in the model folders."""

    __tablename__ = "model"

    id: Mapped[Key]
    name: Mapped[Name]
    sha256: Mapped[Hash]
    card: Mapped[str] = mapped_column(Text)  # card.toml
    origin: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("name", "sha256"),
        CheckConstraint("origin IN ('shipped', 'user', 'project', 'trained')", name="origin"),
    )


class Run(Base):
    """One model over one clip with fixed parameters. The unique key makes sure that it is never computed again."""

    __tablename__ = "run"

    id: Mapped[Key]
    clip_id: Mapped[int] = reference("clip.id")
    key_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the four columns below
    media_sha256: Mapped[Hash]
    model: Mapped[Name]
    model_sha256: Mapped[Hash]
    parameters: Mapped[str] = mapped_column(Text)  # canonical JSON
    provider: Mapped[Name]
    complete: Mapped[bool]
    note: Mapped[Prose]
    width: Mapped[int]
    height: Mapped[int]
    n_frames: Mapped[int]
    n_tracks: Mapped[int]
    frames_with_face: Mapped[int]
    seconds: Mapped[Document]
    times_s: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # float64 F
    lost_idx: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # int32 L; empty where none was lost
    created_at: Mapped[Moment]


class RunTrack(Base):
    """Predictions of one run along one face track."""

    __tablename__ = "run_track"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("face_track.id"), primary_key=True, index=True)
    classes: Mapped[list[Any]] = mapped_column(JSON)
    probabilities: Mapped[Blob]  # float32 N×K
    valence_arousal: Mapped[Blob]  # float32 N×2
    smooth: Mapped[Blob]  # float32 N×2


class PlayedPart(Base):
    """What one model predicted live of a part of a clip while it was played, frame by frame."""

    __tablename__ = "played_part"

    id: Mapped[Key]
    clip_id: Mapped[int] = reference("clip.id")
    key_sha256: Mapped[Hash]  # of the four columns below
    media_sha256: Mapped[Hash]
    model: Mapped[Name]
    model_sha256: Mapped[Hash]
    parameters: Mapped[str] = mapped_column(Text)  # canonical JSON
    provider: Mapped[Name]
    seq: Mapped[int]  # from 0; each part is 4,096 frames
    classes: Mapped[list[Any]] = mapped_column(JSON)
    looked_idx: Mapped[Blob]  # int32 M, the frames that were predicted
    frame_idx: Mapped[Blob]  # int32 N, one row for each face in each frame, as in all that follow
    face_no: Mapped[Blob]  # int32 N
    times_s: Mapped[Blob]  # float64 N
    boxes: Mapped[Blob]  # float32 N×4
    landmarks: Mapped[Blob]  # float32 N×5×2
    detection: Mapped[Blob]  # float32 N
    quality: Mapped[Blob]  # float32 N
    probabilities: Mapped[Blob]  # float32 N×K
    valence_arousal: Mapped[Blob]  # float32 N×2
    created_at: Mapped[Moment]

    __table_args__ = (UniqueConstraint("key_sha256", "seq"),)


class SpanRun(Base):
    """The verdicts of one model of categories on one clip, with fixed parameters."""

    __tablename__ = "span_run"

    id: Mapped[Key]
    clip_id: Mapped[int] = reference("clip.id")
    key_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the four columns below
    media_sha256: Mapped[Hash]
    model: Mapped[Name]
    model_sha256: Mapped[Hash]
    parameters: Mapped[str] = mapped_column(Text)  # canonical JSON
    provider: Mapped[Name]
    classes: Mapped[list[Any]] = mapped_column(JSON)
    window_s: Mapped[Seconds]
    stride_s: Mapped[Seconds]
    n_spans: Mapped[int]
    created_at: Mapped[Moment]


class Span(Base):
    """A verdict on a whole item, or those of all windows along one face track."""

    __tablename__ = "span"

    id: Mapped[Key]
    span_run_id: Mapped[int] = reference("span_run.id", cascade=True)
    track_id: Mapped[int] = reference("face_track.id")
    kind: Mapped[str] = mapped_column(String(20))
    start_s: Mapped[Blob]  # float64 N
    end_s: Mapped[Blob]  # float64 N
    probabilities: Mapped[Blob]  # float32 N×K
    evidence_s: Mapped[bytes | None] = mapped_column(LargeBinary)  # float64 M, of a whole item
    evidence: Mapped[bytes | None] = mapped_column(LargeBinary)  # float32 M

    __table_args__ = (CheckConstraint("kind IN ('item', 'windows')", name="kind"),)


class MeasureRun(Base):
    """The measures of the faces of one clip, with fixed parameters."""

    __tablename__ = "measure_run"

    id: Mapped[Key]
    clip_id: Mapped[int] = reference("clip.id")
    key_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the four columns below
    media_sha256: Mapped[Hash]
    model: Mapped[Name]
    model_sha256: Mapped[Hash]
    parameters: Mapped[str] = mapped_column(Text)  # canonical JSON
    provider: Mapped[Name]
    names: Mapped[list[Any]] = mapped_column(JSON)
    n_tracks: Mapped[int]
    created_at: Mapped[Moment]


class MeasureTrack(Base):
    """Measures along one face track."""

    __tablename__ = "measure_track"

    measure_run_id: Mapped[int] = mapped_column(ForeignKey("measure_run.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("face_track.id"), primary_key=True, index=True)
    values: Mapped[Blob]  # float32 N×K over the run's names
    points: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # int16 N×478×2, differences of rows


class ForeignMeasure(Base):
    """What another program measured in a clip: the columns of one face in its file."""

    __tablename__ = "foreign_measure"

    id: Mapped[Key]
    uid: Mapped[Uid]
    clip_id: Mapped[int] = reference("clip.id", index=False)
    sha256: Mapped[Hash]  # of its content
    program: Mapped[str] = mapped_column(String(100))
    face: Mapped[str] = mapped_column(String(100), default="")
    file: Mapped[str] = mapped_column(Text)  # the name only
    names: Mapped[list[Any]] = mapped_column(JSON)
    times_s: Mapped[Blob]  # float64 N, on the clip's PTS axis
    values: Mapped[Blob]  # float32 N×K over the names
    imported_at: Mapped[Moment]

    __table_args__ = (UniqueConstraint("clip_id", "sha256"),)


class TrainingRun(Base):
    """One training: its recipe, frozen data, progress and result."""

    __tablename__ = "training_run"

    id: Mapped[Key]
    uid: Mapped[Uid]
    recipe: Mapped[Name]
    parameters: Mapped[Document]
    snapshot_sha256: Mapped[Hash]  # of the exported, frozen data
    snapshot: Mapped[Document]  # what went in: items, condition, gold or rater, split by subject
    seed: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    folder: Mapped[str] = mapped_column(Text, default="")
    metrics: Mapped[Document] = mapped_column(default=dict)
    note: Mapped[Prose]
    model_id: Mapped[int | None] = reference("model.id", nullable=True)
    created_at: Mapped[Moment]
    started_at: Mapped[float | None] = mapped_column(Double)
    finished_at: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        CheckConstraint(
            "status IN ('queued', 'running', 'finished', 'stopped', 'cancelled', 'failed', 'interrupted')",
            name="status",
        ),
    )


class Promotion(Base):
    """A change of the model in use, with time and reason. The newest row of a role counts."""

    __tablename__ = "promotion"

    id: Mapped[Key]
    role: Mapped[str] = mapped_column(String(50), index=True)  # what the model is used for, such as "frame"
    action: Mapped[str] = mapped_column(String(20))
    model_id: Mapped[int | None] = reference("model.id", nullable=True)  # None: the shipped default again
    replaced_id: Mapped[int | None] = reference("model.id", nullable=True)
    training_run_id: Mapped[int | None] = reference("training_run.id", nullable=True)
    comparison: Mapped[Document] = mapped_column(default=dict)  # old against new, with intervals
    actor: Mapped[Name]
    at: Mapped[Moment]

    __table_args__ = (CheckConstraint("action IN ('promote', 'rollback')", name="action"),)
