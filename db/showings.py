"""Presentations behind the judgements that are analysed, for exports and for counting silent clips."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.domain.answers import StoredPresentation
from db.presentations import record
from db.project import Source, reading
from db.schema import Clip, Item, Presentation, Rater, StudyItem


class Showing(NamedTuple):
    """A presentation that was answered.

    Attributes:
        presentation: What was asked for, and the counts of the player.
        clip_has_sound: Whether the clip has a sound track.
    """

    presentation: StoredPresentation
    clip_has_sound: bool


def _answered(query: Any, study_id: int | None) -> Any:
    query = (
        query.join(Item, Presentation.item_id == Item.id)
        .join(Clip, Item.clip_id == Clip.id)
        .where(Presentation.outcome == "answered", Presentation.purpose == "main")
    )
    return query if study_id is None else query.where(Presentation.study_id == study_id)


def answered(source: Source, study_id: int | None = None) -> Iterator[Showing]:
    """Yield the answered presentations of items, without practice and attention checks, oldest first.

    Args:
        source: The project, or a session of it; it is read while the iterator runs.
        study_id: Number of the study to keep to; None for all.
    """
    query = _answered(select(Presentation, Clip.has_audio), study_id).order_by(Presentation.id)
    with reading(source) as session:
        for row, has_audio in session.execute(query):
            yield Showing(record(row), has_audio)


def any_sound(source: Source, study_id: int) -> bool:
    """Return whether any clip that a study judges has a sound track."""
    query = (
        select(Clip.id)
        .join(Item, Item.clip_id == Clip.id)
        .join(StudyItem, StudyItem.item_id == Item.id)
        .where(StudyItem.study_id == study_id, Clip.has_audio)
    )
    with reading(source) as session:
        return session.scalar(query.limit(1)) is not None


def silent(source: Source, study_id: int | None = None) -> tuple[int, int]:
    """Return how often people should have heard sound, and how often none came out.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study to keep to; None for all.
    """
    query = _answered(select(Presentation.audio_played, func.count()), study_id)
    query = query.join(Rater, Presentation.rater_id == Rater.id).where(
        Presentation.audio, Clip.has_audio, Presentation.frames_shown > 0, ~Rater.simulated
    )
    with reading(source) as session:
        counts = dict(session.execute(query.group_by(Presentation.audio_played)).all())
    return sum(counts.values()), counts.get(False, 0)
