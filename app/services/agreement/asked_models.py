"""Which items models of faces make worth asking for: where they part from people, and where they differ."""

from __future__ import annotations

import numpy as np

import db.items
import db.runs
import db.sights
import db.spans
from app.agreement.bayes.next_best import GAPS
from app.agreement.prediction import place_classes
from app.domain.project import ItemRecord
from app.domain.ratings import RatingTable
from app.errors import UserError
from app.jobs import Context
from app.services.agreement.ceiling import shares_of_item
from app.services.agreement.gaps import intensity_gaps
from app.services.study.asked_outlook import Weights
from db.project import Project

SAME_S = 0.05
"""A verdict is of an item if it begins and ends at most this far from it."""
Said = dict[str, list[float]]
"""Emotion → what each model says of an item."""


def weights_of(ctx: Context, project: Project, ratings: RatingTable, what: str) -> Weights:
    """Return how much each item, emotion and condition counts.

    With the aim "gaps" it counts as much as people and the newest predictions part, in people's spreads; what is closer
    than one spread counts nothing. With "models" it counts as the variance of the probabilities that the newest
    predictions of each frame model and the newest verdicts of each model of categories give to the emotion.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The project that holds the predictions.
        ratings: What was judged so far.
        what: "gaps" or "models".

    Raises:
        UserError: There are no predictions, or those of one model only.
    """
    if what == GAPS:
        names, gaps, _ = intensity_gaps(ctx, project, ratings)
        if not names:
            raise UserError("None of these clips has predictions yet.", "Analyse the clips in Review first.")
        return {(gap.item, gap.what, gap.condition): gap.size for gap in gaps}
    used = np.unique(ratings.condition.codes).tolist()
    conditions = [ratings.condition.names[code] for code in used if code >= 0]
    out: dict[tuple[str, str, str], float] = {}
    items = db.items.every(project)
    for at, item in enumerate(items):
        ctx.progress(at, len(items), "Predictions")
        for emotion, values in _said_of(project, item).items():
            if len(values) > 1:
                out.update({(item.name, emotion, condition): float(np.var(values)) for condition in conditions})
    if not out:
        raise UserError(
            "No clip of this project has predictions of two models, so nothing tells where models differ.",
            "Analyse the clips with another model, or fuse models first.",
        )
    return out


def _said_of(project: Project, item: ItemRecord) -> Said:
    """Return what the newest run of each model says of an item."""
    said: Said = {}
    seen: set[str] = set()
    for run in db.runs.for_clip(project, item.clip_id):  # newest first
        if run.key.model_sha256 not in seen:
            seen.add(run.key.model_sha256)
            for emotion, share in shares_of_item(project, db.runs.load(project, run.id), item).items():
                if share is not None:
                    said.setdefault(emotion, []).append(share)
    for verdicts in db.spans.of_clip(project, item.clip_id):
        for one in verdicts.items:
            begins = abs(one.start_s - (item.start_s or 0.0)) <= SAME_S
            ends = item.end_s is None or abs(one.end_s - item.end_s) <= SAME_S
            if begins and ends and item.track_no in (None, one.track_id):
                placed = place_classes(one.probabilities.astype(np.float64)[None], verdicts.classes)
                for emotion, values in placed.items():
                    if values is not None:
                        said.setdefault(emotion, []).append(float(values[0]))
                break
    if said:
        db.sights.note(project, [item.clip_id], "predictions")
    return said
