"""All tables of a project. Importing this fills `Base.metadata`; rows of these classes never leave `db`."""

from db.schema.base import APPLICATION_ID, SCHEMA_VERSION, Base, new_uid, new_uids, now
from db.schema.book import Audit, Setting
from db.schema.gaps import GapReason, ReasonWord
from db.schema.media import Clip, FacePerson, FaceTrack, Item, Subject
from db.schema.models import (
    ForeignMeasure,
    MeasureRun,
    MeasureTrack,
    Model,
    PlayedPart,
    Promotion,
    Run,
    RunTrack,
    Span,
    SpanRun,
    TrainingRun,
)
from db.schema.notes import ClipNote, NoteCategory
from db.schema.people import Consent, Exclusion, Rater, RaterName
from db.schema.study import (
    Answer,
    Intensity,
    Presentation,
    ReviewNote,
    Sight,
    Slot,
    Study,
    StudyItem,
    StudyRater,
    StudyVersion,
    Term,
)
from db.schema.traces import Gold, Trace, TraceChunk

__all__ = [
    "APPLICATION_ID",
    "SCHEMA_VERSION",
    "Answer",
    "Audit",
    "Base",
    "Clip",
    "ClipNote",
    "Consent",
    "Exclusion",
    "FacePerson",
    "FaceTrack",
    "ForeignMeasure",
    "GapReason",
    "Gold",
    "Intensity",
    "Item",
    "MeasureRun",
    "MeasureTrack",
    "Model",
    "NoteCategory",
    "PlayedPart",
    "Presentation",
    "Promotion",
    "Rater",
    "RaterName",
    "ReasonWord",
    "ReviewNote",
    "Run",
    "RunTrack",
    "Setting",
    "Sight",
    "Slot",
    "Span",
    "SpanRun",
    "Study",
    "StudyItem",
    "StudyRater",
    "StudyVersion",
    "Subject",
    "Term",
    "Trace",
    "TraceChunk",
    "TrainingRun",
    "new_uid",
    "new_uids",
    "now",
]
