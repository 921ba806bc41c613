"""Which measures of the face go with the rated emotions: reads what the project stores about the face of every item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.foreign_measures
import db.items
import db.measures
import db.sights
from app.agreement.estimate import NAN
from app.agreement.measured import MeasureRelation, relations
from app.agreement.settings import AgreementSettings
from app.domain.analysis import ClipAnalysis
from app.domain.foreign_measures import ForeignMeasures
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
    foreign = _Foreign(project, len(table.items))
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
        elsewhere = clip is not None and foreign.take(i, clip.id, record)
        if clip is None or clip.id not in measured:
            if elsewhere:
                continue
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
    values = np.hstack([values, foreign.values()])
    return MeasureTable(
        tuple(relations(table, values, (*CURVES, *foreign.titles), settings)),
        int(np.isfinite(values).any(axis=1).sum()),
        tuple(missing),
        relative=relative,
    )


class _Foreign:
    """What other programs measured on the faces of items. A file with several faces does not tell whose item it is.

    Args:
        project: The project.
        n_items: Number of items.
    """

    def __init__(self, project: Project, n_items: int) -> None:
        self._project, self._n_items = project, n_items
        self._clips = db.foreign_measures.clips(project)
        self._known: tuple[int, list[ForeignMeasures]] = (-1, [])
        self._columns: dict[str, Float] = {}

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the columns that were found."""
        return tuple(self._columns)

    def values(self) -> Float:
        """Return the mean of each column for each item: (items, titles) float64, NaN where nothing was measured."""
        columns = list(self._columns.values())
        return np.column_stack(columns) if columns else np.empty((self._n_items, 0))

    def take(self, item: int, clip_id: int, record: ItemRecord) -> bool:
        """Read what was measured over an item; return whether there is anything."""
        if clip_id not in self._clips:
            return False
        if self._known[0] != clip_id:
            db.sights.note(self._project, [clip_id], "predictions")
            found = db.foreign_measures.of_clip(self._project, clip_id)
            self._known = (clip_id, [one for one in found if not one.face])
        start_s = -np.inf if record.start_s is None else record.start_s
        end_s = np.inf if record.end_s is None else record.end_s
        for one in self._known[1]:
            for title, value in zip(one.titles, one.means(start_s, end_s).tolist(), strict=True):
                column = self._columns.setdefault(title, np.full(self._n_items, NAN))
                if value == value:  # a file may hold a part of the clip, and a later one another part
                    column[item] = value
        return bool(self._known[1])


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
