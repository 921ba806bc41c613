"""Stored predictions on their way out to Label Studio, where people correct them."""

from __future__ import annotations

from pathlib import Path

import db.clips
import db.runs
import db.sights
from app.interchange.writers.label_studio import OutPrediction, write_label_studio
from app.interchange.writers.record import Written
from app.jobs import Context
from app.services.consent.gate import covered_clips, left_out_of_clips
from app.services.consent.pseudonyms import Pseudonyms
from app.services.predict.stored import newest_analysis
from db.project import Project


def write_predicted(
    project: Project, folder: Path, ctx: Context, *, without_refused: bool, names: Pseudonyms
) -> Written:
    """Write the newest stored predictions of each clip that has any, of its longest face.

    The people who are seen must have agreed to an export. Raters have no part in predictions and need not.

    Args:
        project: The project.
        folder: The folder, which is made if it is missing. Only files that an export wrote are replaced.
        ctx: Receives the progress, and can cancel.
        without_refused: Whether to leave out subjects whose consent does not cover an export; otherwise it is refused.
        names: Other names for clips.

    Raises:
        UserError: Consent does not cover the export, predictions are damaged, or a file cannot be written.
        Cancelled: The user cancelled.
    """
    there = db.runs.newest(project)
    clips = sorted((clip for clip in db.clips.every(project) if clip.id in there), key=lambda clip: clip.name)
    kept, may = covered_clips(project, clips, without=without_refused)
    found = []
    for number, clip in enumerate(clips):
        ctx.progress(number, len(clips), f"Reading predictions of {clip.name}")
        analysis = newest_analysis(project, clip) if clip.id in kept else None
        if analysis is None or not analysis.tracks:
            continue
        db.sights.note(project, [clip.id], "predictions")
        track = max(analysis.tracks, key=len)
        if track.classes:
            found.append(
                OutPrediction(
                    names.clip(clip.name), analysis.key.model, track.classes, track.frame_idx, track.probabilities,
                    len(analysis.tracks),
                )
            )  # fmt: skip
    out = write_label_studio(folder, found)
    told = left_out_of_clips(project, clips, may)
    return out if not told else Written(out.files, [told, *out.lost])
