"""Measurements of other programs on their way out: into files for other programs, and into archives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import db.clips
import db.foreign_measures
import db.sights
import db.trace_streams
from app.domain.consent import Purpose
from app.domain.trace_streams import named
from app.interchange.writers.measurements import MeasuredTable, write_measurements
from app.interchange.writers.record import Written, safe, unique
from app.jobs import Context
from app.services.consent.covered import allowed
from app.services.consent.gate import covered_clips, left_out_of_clips
from app.services.consent.pseudonyms import Pseudonyms
from db.project import Project

KEPT: Final = (
    "Columns keep the names and units of the program that measured them; time_s is on the clip's own clock, as in "
    "exported traces."
)


def write_measured(
    project: Project, folder: Path, ctx: Context, *, without_refused: bool, names: Pseudonyms
) -> Written:
    """Write what other programs measured in a project's clips, a CSV file for each clip, program and face.

    Args:
        project: The project.
        folder: The folder, which is made if it is missing. Only files that an export wrote are replaced.
        ctx: Receives the progress, and can cancel.
        without_refused: Whether to leave out people whose consent does not cover an export; otherwise it is refused.
        names: Other names for subjects and clips.

    Raises:
        UserError: Consent does not cover the export, measurements are damaged, or a file cannot be written.
        Cancelled: The user cancelled.
    """
    out = Written()
    tables = measured_tables(project, ctx, "export", without_refused=without_refused, names=names, notes=out.lost)
    taken: list[str] = []
    for table in tables:
        parts = (Path(table.clip).stem, table.measures.program, table.face)
        taken = unique([*taken, ".".join([*(safe(part) for part in parts if part), "csv"])])
        write_measurements(folder / taken[-1], table)
        out.files.append(folder / taken[-1])
    if out.files:
        out.lost.append(KEPT)
    return out


def measured_tables(
    project: Project, ctx: Context, purpose: Purpose, *, without_refused: bool, names: Pseudonyms, notes: list[str]
) -> Iterator[MeasuredTable]:
    """Yield what other programs measured, by clip and in the order in which it was imported.

    Args:
        project: The project.
        ctx: Receives the progress in clips, and can cancel.
        purpose: What for, by which people's consent is looked up.
        without_refused: Whether to leave out people whose consent does not cover it; otherwise it is refused.
        names: Other names for subjects and clips.
        notes: Receives who was left out.

    Raises:
        UserError: Consent does not cover it, or measurements are damaged.
        Cancelled: The user cancelled.
    """
    there = db.foreign_measures.clips(project) | db.trace_streams.clips(project)
    clips = sorted((clip for clip in db.clips.every(project) if clip.id in there), key=lambda clip: clip.name)
    kept, may = covered_clips(project, clips, without=without_refused, purpose=purpose)
    told = left_out_of_clips(project, clips, may)
    if told:
        notes.append(told)
    beside = {clip.id: db.trace_streams.of_clip(project, clip.id) for clip in clips if clip.id in kept}
    raters = {one.rater for found in beside.values() for one in found}
    mine = allowed(project, purpose, without=without_refused).only("rater", raters)
    mine.require(raters=raters)
    if mine.note:
        notes.append(mine.note)
    for number, clip in enumerate(clips):
        ctx.progress(number, len(clips), f"Writing measurements of {clip.name}")
        ctx.check()
        if clip.id not in kept:
            continue
        db.sights.note(project, [clip.id], "predictions")
        streams = [one for one in beside[clip.id] if one.rater not in mine.raters]
        found = named(streams, {one.rater: names.rater(one.rater) for one in streams})
        for measures in (*db.foreign_measures.of_clip(project, clip.id), *found):
            sha256 = clip.sha256 if names.off else ""
            face = names.face(measures.face)
            yield MeasuredTable(names.clip(clip.name), sha256, names.subject(clip.subject), face, measures)
