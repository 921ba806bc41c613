"""Keeps what live inference finds while a clip is played, and reads it again. A whole analysis ranks above it."""

import db.played
from app.domain.analysis import RunKey
from app.domain.live import LiveModel
from app.domain.played import Played, PlayedClip, played_clip
from app.domain.project import ClipRecord
from app.inference.cards import ModelCard
from app.services.models.in_use import is_of
from db.project import Project


def keep_played(project: Project, clip: ClipRecord, model: LiveModel, played: Played) -> None:
    """Add live predictions of a clip to those that are stored; of a frame that is known nothing changes.

    Args:
        project: The project; one that is open for reading only stays as it is.
        clip: The clip that was played.
        model: The model that predicted.
        played: What it found.
    """
    if not project.read_only and len(played.looked_idx):
        key = RunKey(clip.sha256, model.name, model.sha256, model.parameters)
        db.played.save(project, clip.id, key, model.provider, played)


def played_by(project: Project, clip: ClipRecord, card: ModelCard) -> PlayedClip | None:
    """Return what a model predicted live of a clip, the latest way of it; None if nothing is stored.

    Args:
        project: The project.
        clip: The clip.
        card: The card of the model.
    """
    for key, provider in db.played.keys(project, clip.id):
        if is_of(key, card) and key.media_sha256 == clip.sha256:
            found = db.played.load(project, key)
            return None if found is None else played_clip(key, provider, found)
    return None
