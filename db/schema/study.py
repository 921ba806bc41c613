"""Studies and the answers given in them. Definitions, answers and presentations are added and never overwritten."""

from sqlalchemy import Boolean, CheckConstraint, Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.base import Base, Document, Hash, Key, Moment, Prose, Uid, reference


class Study(Base):
    """A study by name; its versions hold what it asks."""

    __tablename__ = "study"

    id: Mapped[Key]
    uid: Mapped[Uid]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    seed: Mapped[int] = mapped_column(default=0)  # of its assignment
    created_at: Mapped[Moment]


class StudyVersion(Base):
    """One version of a study's definition; a stored one never changes."""

    __tablename__ = "study_version"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[Document]
    fingerprint: Mapped[Hash]  # of everything but the number: equal ones are the same definition
    created_at: Mapped[Moment]


class StudyItem(Base):
    """An item that the study judges."""

    __tablename__ = "study_item"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)
    added_at: Mapped[Moment]


class StudyRater(Base):
    """A rater who takes part in the study."""

    __tablename__ = "study_rater"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    rater_id: Mapped[int] = mapped_column(ForeignKey("rater.id"), primary_key=True, index=True)
    joined_at: Mapped[Moment]
    left_at: Mapped[float | None] = mapped_column(Double)
    unblinded_at: Mapped[float | None] = mapped_column(Double)  # since then answers count as given unblinded


class Slot(Base):
    """One planned presentation. Planned ones may be dealt again; started and answered ones stay."""

    __tablename__ = "slot"

    id: Mapped[Key]
    uid: Mapped[Uid]
    study_id: Mapped[int] = reference("study.id", index=False)
    rater_id: Mapped[int] = reference("rater.id")
    position: Mapped[int]
    item_id: Mapped[int | None] = reference("item.id", nullable=True)
    condition: Mapped[str] = mapped_column(String(64), default="")
    pass_no: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20))
    check_name: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        UniqueConstraint("study_id", "rater_id", "position"),
        CheckConstraint("purpose IN ('main', 'practice', 'attention')", name="purpose"),
        CheckConstraint("state IN ('planned', 'started', 'answered')", name="state"),
    )


class Presentation(Base):
    """A record of what was really shown to a rater."""

    __tablename__ = "presentation"

    id: Mapped[Key]
    uid: Mapped[Uid]
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="SET NULL"), index=True)
    study_id: Mapped[int] = reference("study.id", index=False)
    rater_id: Mapped[int] = reference("rater.id")
    item_id: Mapped[int | None] = reference("item.id", nullable=True)
    condition: Mapped[str] = mapped_column(String(64), default="")
    pass_no: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(20))
    check_name: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(20))
    study_version: Mapped[int]
    view: Mapped[str] = mapped_column(String(64), default="")
    audio: Mapped[bool]
    media_sha256: Mapped[Hash] = mapped_column(default="")
    track_sha256: Mapped[Hash] = mapped_column(default="")
    geometry: Mapped[Document] = mapped_column(default=dict)  # how the face-only crop was made
    started_at: Mapped[Moment]
    ended_at: Mapped[float | None] = mapped_column(Double)
    outcome: Mapped[str] = mapped_column(String(20), default="open")
    frames_shown: Mapped[int] = mapped_column(default=0)
    frames_dropped: Mapped[int] = mapped_column(default=0)
    plays: Mapped[int] = mapped_column(default=0)
    window_width: Mapped[int] = mapped_column(default=0)
    window_height: Mapped[int] = mapped_column(default=0)
    audio_played: Mapped[bool] = mapped_column(Boolean, default=False)
    first_frame_s: Mapped[float | None] = mapped_column(Double)
    last_frame_s: Mapped[float | None] = mapped_column(Double)
    detail: Mapped[Document] = mapped_column(default=dict)
    judgeable: Mapped[bool | None]  # whether what was shown was enough to judge it; NULL of versions that did not ask
    trace_id: Mapped[int | None] = reference("trace.id", nullable=True)

    __table_args__ = (
        Index("ix_presentation_key", "study_id", "rater_id", "item_id"),
        CheckConstraint("outcome IN ('open', 'answered', 'interrupted', 'redone')", name="outcome"),
    )


class Term(Base):
    """A name that millions of answers use: emotion, category, condition, reason. Answers refer to its number."""

    __tablename__ = "term"

    id: Mapped[Key]
    text: Mapped[str] = mapped_column(String(200), unique=True)


class Answer(Base):
    """A rater's answer; a correction is a new row with the next revision."""

    __tablename__ = "answer"

    id: Mapped[Key]
    uid: Mapped[Uid]
    study_id: Mapped[int] = reference("study.id", index=False)
    rater_id: Mapped[int] = reference("rater.id", index=False)
    item_id: Mapped[int | None] = reference("item.id", index=False, nullable=True)
    condition_id: Mapped[int | None] = reference("term.id", index=False, nullable=True)
    pass_no: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(20))
    check_name: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int]
    current: Mapped[bool]  # the newest of its key; the only thing that a later revision changes
    study_version: Mapped[int]
    presentation_id: Mapped[int | None] = reference("presentation.id", index=False, nullable=True)
    media_sha256: Mapped[Hash] = mapped_column(default="")
    track_sha256: Mapped[Hash] = mapped_column(default="")
    category_id: Mapped[int | None] = reference("term.id", index=False, nullable=True)
    category_missing_id: Mapped[int | None] = reference("term.id", index=False, nullable=True)
    confidence: Mapped[int | None]
    comment: Mapped[Prose] = mapped_column(Text)
    answered_at: Mapped[float | None] = mapped_column(Double)
    response_s: Mapped[float | None] = mapped_column(Double)
    blinded: Mapped[bool]
    source: Mapped[str] = mapped_column(String(20))
    simulated: Mapped[bool]
    passed: Mapped[bool | None]  # of practice clips and attention checks

    __table_args__ = (
        Index("ix_answer_key", "study_id", "rater_id", "item_id", "condition_id", "pass_no"),
        CheckConstraint("purpose IN ('main', 'practice', 'attention')", name="purpose"),
        CheckConstraint("source IN ('screen', 'simulated', 'import', 'review')", name="source"),
    )


class Intensity(Base):
    """One emotion's score in an answer, or the reason why there is none."""

    __tablename__ = "intensity"

    digest = None  # the digest of the answer covers its intensities

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    emotion_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True)
    score: Mapped[int | None]
    missing_id: Mapped[int | None] = reference("term.id", index=False, nullable=True)
    response_s: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        CheckConstraint("(score IS NULL) <> (missing_id IS NULL)", name="one"),
        {"sqlite_with_rowid": False},
    )


class ReviewNote(Base):
    """A reviewer's change of an answer, or verdict on a trace: who did it and why. Rows are only ever added."""

    __tablename__ = "review_note"

    id: Mapped[Key]
    uid: Mapped[Uid]
    answer_id: Mapped[int | None] = reference("answer.id", nullable=True)  # the revision that the correction made
    trace_id: Mapped[int | None] = reference("trace.id", nullable=True)
    action: Mapped[str] = mapped_column(String(20))
    reason: Mapped[Prose]
    actor: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("(answer_id IS NULL) <> (trace_id IS NULL)", name="one"),
        CheckConstraint("action IN ('correct', 'void', 'restore', 'reject', 'accept', 'note', 'undo')", name="action"),
    )


class Sight(Base):
    """The first time that a person was shown predictions or others' labels of a clip. Rows are only ever added."""

    __tablename__ = "sight"

    id: Mapped[Key]
    uid: Mapped[Uid]
    rater_id: Mapped[int | None] = reference("rater.id", nullable=True)  # NULL: nobody was signed in
    machine: Mapped[str] = mapped_column(String(64))  # a random number of the user's settings folder
    clip_id: Mapped[int] = reference("clip.id")
    what: Mapped[str] = mapped_column(String(20))
    at: Mapped[Moment]

    __table_args__ = (CheckConstraint("what IN ('predictions', 'labels', 'agreement')", name="what"),)
