"""Which measures of the face go with the rated emotions: reads what the project stores about the face of every item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.items
import db.measures
import db.sights
from app.agreement.estimate import NAN
from app.agreement.measured import MeasureRelation, relations
from app.agreement.settings import AgreementSettings
from app.domain.analysis import ClipAnalysis
from app.domain.item_frames import item_range
from app.domain.measures import CURVES, MOVEMENTS, ClipMeasures, TrackMeasures
from app.domain.project import ItemRecord
from app.domain.ratings import ProjectRatings
from app.jobs import Context
from app.services.labels.faces import face_of
from app.services.predict.measures import told
from app.services.predict.stored import newest_analysis
from db.project import Project

Float = NDArray[np.float64]

_FIRST: Final = CURVES.index(MOVEMENTS[0])
_MOVING: Final = slice(_FIRST, _FIRST + len(MOVEMENTS))


@dataclass(frozen=True)
class MeasureTable:
    """Measures against rated emotions.

    Attributes:
        relations: One for each condition, emotion and measure.
        n_items: Items that have a measured face.
        unmeasured: Names of clips that have ratings, but no measures.
        relative: Whether movements are relative to the person, over all measured items of that person.
    """

    relations: tuple[MeasureRelation, ...] = ()
    n_items: int = 0
    unmeasured: tuple[str, ...] = ()
    relative: bool = False


def measure_table(ctx: Context, project: Project, data: ProjectRatings, settings: AgreementSettings) -> MeasureTable:
    """Correlate the stored measures of the items' faces with their mean intensities.

    The measure of an item is its mean over the frames of the item's face. Movements are relative to the person's mean
    over all measured items if every measured item names its person and every person has at least two items. Otherwise
    they are absolute.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The project that holds the measures.
        data: The labels of one pass.
        settings: How intervals are made.
    """
    table = data.intensities
    if table is None:
        return MeasureTable()
    values = np.full((len(table.items), len(CURVES)), NAN)
    records = {one.name: one for one in db.items.every(project, removed=True)}
    clips = {clip.id: clip for clip in db.clips.every(project)}
    measured = db.measures.clips_measured(project)
    missing: dict[str, None] = {}
    known: tuple[int, ClipAnalysis | None, dict[int, TrackMeasures]] = (-1, None, {})
    used = np.unique(table.item).tolist()
    used.sort(key=lambda i: records[table.items.names[i]].clip_id if table.items.names[i] in records else -1)
    for done, i in enumerate(used):
        ctx.progress(done, len(used), "Measures")
        record = records.get(table.items.names[i])
        if record is None:
            continue
        clip = clips.get(record.clip_id)
        if clip is None or clip.id not in measured:
            missing[table.items.clip.names[table.items.clip.codes[i]]] = None
            continue
        if known[0] != clip.id:
            db.sights.note(project, [clip.id], "predictions")
            analysis = newest_analysis(project, clip)
            found = None if analysis is None else db.measures.newest(project, clip.id, analysis, points=False)
            known = (clip.id, analysis, _by_track(found, analysis))
        values[i] = _of_item(project, known[1], known[2], record)
    seen = np.isfinite(values).any(axis=1)
    values, relative = relative_to_people(values, table.items.subject.codes, seen)
    return MeasureTable(
        tuple(relations(table, values, CURVES, settings)), int(seen.sum()), tuple(missing), relative=relative
    )


def _by_track(found: ClipMeasures | None, analysis: ClipAnalysis | None) -> dict[int, TrackMeasures]:
    if found is None or analysis is None:
        return {}
    return {one.track_id: one for one in told(found, analysis, "none")}


def _of_item(
    project: Project, analysis: ClipAnalysis | None, tracks: dict[int, TrackMeasures], item: ItemRecord
) -> Float:
    """Return the mean of each measure over the frames of an item's face."""
    nothing = np.full(len(CURVES), NAN)
    face = None if analysis is None or not tracks else face_of(project, analysis, item)
    if analysis is None or face is None:
        return nothing
    start_s, end_s = item_range(item, analysis)
    within = (face.times_s >= start_s) & (face.times_s <= end_s)
    one = tracks[face.track_id]
    rows = one.values[within][:, [one.names.index(name) for name in CURVES]]
    count = np.isfinite(rows).sum(axis=0)
    return np.where(count > 0, np.nansum(rows, axis=0) / np.maximum(count, 1), NAN)


def relative_to_people(values: Float, subject: NDArray[np.int32], seen: NDArray[np.bool_]) -> tuple[Float, bool]:
    """Return movements relative to each person's mean, and whether that was possible; otherwise they stay as they are.

    Args:
        values: (items, measures) float64 over `CURVES`.
        subject: (items,) code of the person, -1 where unknown.
        seen: (items,) whether an item has a measured face.
    """
    people, count = np.unique(subject[seen], return_counts=True)
    if not len(people) or people[0] < 0 or count.min() < 2:
        return values, False
    out = values.copy()
    for person in people:
        mine = np.flatnonzero(seen & (subject == person))
        rows = out[mine, _MOVING]
        known = np.isfinite(rows)
        mean = np.nansum(rows, axis=0) / np.maximum(known.sum(axis=0), 1)
        out[mine, _MOVING] = rows - mean
    return out, True
