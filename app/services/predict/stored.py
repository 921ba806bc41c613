"""Stored predictions of a project. Each clip, model and set of parameters is computed once."""

from pathlib import Path

import db.clips
import db.models
import db.runs
from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.project import ClipRecord, RunRecord
from app.inference.cards import DEFAULT_MODEL
from app.services.models.in_use import ROLE
from app.services.projects.run_numbers import numbered_otherwise
from db.project import Project


def analysis_for(project: Project, clip: ClipRecord, key: RunKey) -> ClipAnalysis | None:
    """Return the stored predictions of a clip, or None if they must be computed.

    Only finished runs are stored, so an incomplete one means that the file itself is damaged. Computing it again would
    give the same.

    Args:
        project: The open project.
        clip: The clip.
        key: The key of everything that the predictions depend on.

    Raises:
        ValueError: The key belongs to another clip.
    """
    if key.media_sha256 != clip.sha256:
        raise ValueError(f"this key is not that of {clip.name}")
    known = db.runs.find(project, key)
    return None if known is None or numbered_otherwise(known, clip) else known


def store(project: Project, clip: ClipRecord, analysis: ClipAnalysis) -> RunRecord:
    """Store predictions, as a whole or not at all; those that are stored already stay as they are.

    Args:
        project: The project that stores them.
        clip: The clip that they were made on.
        analysis: The predictions.

    Raises:
        ValueError: They were made on other bytes than the clip's.
    """
    if analysis.key.media_sha256 != clip.sha256:
        raise ValueError(f"these predictions were not made on {clip.name}")
    return db.runs.save(project, clip.id, analysis)


def newest_analysis(project: Project, clip: ClipRecord, model: str | None = None) -> ClipAnalysis | None:
    """Return a clip's newest predictions with today's frame numbers, preferring those of the model in use.

    Args:
        project: The open project.
        clip: The clip.
        model: Name of the model to keep to; None for all.
    """
    runs = [run for run in db.runs.for_clip(project, clip.id) if model is None or run.key.model == model]
    if model is None:
        promoted = db.models.in_use(project, ROLE)
        wanted = promoted.name if promoted is not None else DEFAULT_MODEL
        runs = [run for run in runs if run.key.model == wanted] or runs
    for run in runs:
        found = db.runs.load(project, run.id)
        if not numbered_otherwise(found, clip):
            return found
    return None


def clip_of(project: Project, path: Path, sha256: str) -> ClipRecord | None:
    """Return the project's clip with these bytes; if its file has moved, `path` becomes its new place."""
    clip = db.clips.by_hash(project, sha256)
    if clip is not None and clip.missing and not project.read_only:
        return db.clips.relink(project, clip.id, path, sha256)
    return clip
