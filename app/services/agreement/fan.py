"""Trace fans: every rater's trace of one item, the gold standard of a recipe, and a model's prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.gold
import db.items
import db.runs
import db.sights
from app.agreement.among_raters import AmongRaters, RatedClip, among_raters
from app.agreement.prediction import Ceiling, SeriesScore, human_ceiling, series_score
from app.batch import Failures
from app.domain.project import GoldRecord, ItemRecord
from app.domain.ratings import ProjectRatings
from app.domain.traces import DIMENSIONS
from app.domain.words import figure
from app.errors import UserError
from app.jobs import Context
from app.services.labels.faces import face_of
from app.services.labels.gold import Align, GoldRequest, make_gold
from app.services.labels.held import TraceLags
from app.services.labels.trace_gold import TraceGolds, TraceMethod
from app.services.projects.clip_clock import begins_s
from db.project import Project

Float = NDArray[np.float64]
METHODS: tuple[tuple[str, str], ...] = (
    ("mean", "Mean"),
    ("median", "Median"),
    ("ewe", "Weighted by reliability (EWE)"),
    ("bayes", "Model of raters, with intervals"),
)
ALIGNS: tuple[tuple[str, str], ...] = (
    ("none", "as traced"),
    ("relative", "lags between raters removed"),
    ("absolute", "calibrated lags removed"),
)


@dataclass(frozen=True, eq=False)
class FanRecipe:
    """How the gold standard of a fan is made."""

    method: str = "mean"
    align: Align = "none"


@dataclass(frozen=True, eq=False)
class Fan:
    """One item in one condition over time, valence first and arousal second on the last axis.

    Attributes:
        item: Name of the item.
        item_id: Number of the item.
        clip_id: Number of the clip, on whose PTS axis the times lie.
        condition: Viewing condition.
        times_s: (n,) float64, the clip's frames from the first to the last sample.
        begins_s: Beginning of the clip's own clock in seconds; times on screens count from there.
        raters: Codes.
        traces: (raters, n, 2) float64 held values after removing lags, NaN for missing.
        lags_s: Seconds removed from each rater's traces.
        weights: (2, raters) float64 weights of the gold standard, equal unless the recipe weighs.
        gold: (n, 2) float64, equal to the one that the same recipe stores.
        n_raters: (n, 2) int64 number of raters behind each value of the gold standard.
        stored: The project's gold standards for this item by name, each (n, 2) float64.
        model: Name of the model, empty without predictions.
        predicted: (n, 2) float64; None without predictions.
        scores: The prediction's scores against this gold standard, for each dimension; None without a prediction.
        ceilings: The agreement of each rater with the others, for each dimension; there are none for raters who are set
            aside.
        among: The agreement of each rater and of the prediction with the same means of the other raters, for each
            dimension; None without a prediction.
        spread: (n, 2) float64 standard deviation of what is known of the gold standard, by the model of raters; None by
            other methods.
        aside: For each rater who is set aside, the code and the reason.
        not_removed: For each rater whose lag is not removed although lags were asked for, the code and the reason.
        advice: The reason why another method would be better; empty if there is none.
    """

    item: str
    item_id: int
    clip_id: int
    condition: str
    times_s: Float
    begins_s: float
    raters: tuple[str, ...]
    traces: Float
    lags_s: dict[str, float]
    weights: Float
    gold: Float
    n_raters: NDArray[np.int64]
    stored: dict[str, Float]
    model: str
    predicted: Float | None
    scores: tuple[SeriesScore, ...] | None
    ceilings: tuple[Ceiling, ...]
    aside: dict[str, str]
    not_removed: dict[str, str]
    advice: str
    among: tuple[AmongRaters, ...] | None
    spread: Float | None

    @property
    def counted(self) -> Float:
        """Traces of the raters who are not set aside: (raters, n, 2) float64, NaN for the others."""
        part = np.array([rater not in self.aside for rater in self.raters], dtype=bool)
        return np.where(part[:, None, None], self.traces, np.nan)

    def told(self, axis: int) -> str:
        """Describe how close people and the prediction are in one dimension, always against the same means first.

        Args:
            axis: 0 for valence, 1 for arousal.
        """
        human = self.ceilings[axis].mean_ccc
        if self.among is None or self.scores is None or np.isnan(self.among[axis].human):
            return f"{DIMENSIONS[axis]}: a rater against the mean of the others {_figure(human)}"
        among = self.among[axis]
        return (
            f"{DIMENSIONS[axis]}: a rater against the mean of the others {_figure(among.human)}, {self.model} against "
            f"the same means {_figure(among.models[0])}; {self.model} against the gold standard of all raters "
            f"{_figure(self.scores[axis].ccc)}"
        )

    @property
    def notes(self) -> list[str]:
        """Sentences on the raters who are set aside and those whose lag is not removed."""
        return TraceLags(self.lags_s, self.not_removed, self.aside).notes


def traced_items(data: ProjectRatings) -> dict[str, tuple[str, ...]]:
    """Return the conditions in which each traced item was traced, by the item's name."""
    found: dict[str, set[str]] = {}
    for trace in data.traces:
        if trace.pass_no == 1 and len(trace.samples):
            found.setdefault(trace.item, set()).add(trace.condition)
    return {item: tuple(sorted(conditions)) for item, conditions in sorted(found.items())}


def make_fan(ctx: Context, project: Project, data: ProjectRatings, item: str, condition: str, recipe: FanRecipe) -> Fan:
    """Compute everything that is drawn of one traced item.

    Args:
        ctx: Can cancel.
        project: The open project that holds predictions and gold standards.
        data: The chosen labels.
        item: Name of an item with traces.
        condition: A condition in which it was traced.
        recipe: Recipe of the gold standard that is drawn.
    """
    if recipe.method == "bayes":
        recipe = FanRecipe("bayes")  # it finds lags itself
    golds = TraceGolds(
        project, data.traces, cast(TraceMethod, recipe.method), recipe.align, take_back=data.taken_back,
        tell=lambda *_: ctx.check(),
    )  # fmt: skip
    ctx.check()
    record = next(one for one in db.items.every(project, removed=True) if one.name == item)
    made = golds.of(condition, record)
    ctx.check()
    times, gold = made.times_s, made.values
    known = [one for one in db.gold.for_item(project, record.id) if _of(one, condition)]
    # They come newest first: of two that are called alike the newer one is drawn.
    stored = {one.name: one.resampled(times).astype(np.float64) for one in reversed(known)}
    model, predicted = predicted_at(project, record, times)
    scores = None if predicted is None else tuple(series_score(predicted[:, i], gold[:, i]) for i in (0, 1))
    ceilings = tuple(human_ceiling(made.counted[:, :, i]) for i in (0, 1))
    begins = begins_s(db.clips.get(project, record.clip_id).path)
    among = None
    if predicted is not None:
        rated = [RatedClip(item, made.counted[:, :, i], predicted[None, :, i]) for i in (0, 1)]
        among = tuple(among_raters([one], replicates=0) for one in rated)
    return Fan(
        item, record.id, record.clip_id, condition, times, begins, made.raters, made.traces, made.lags_s, made.weights,
        gold, made.n_raters, stored, model, predicted, scores, ceilings, made.aside, made.not_removed, made.advice,
        among, made.spread,
    )  # fmt: skip


def _figure(value: float) -> str:
    return "undefined" if np.isnan(value) else figure(value)


def _of(gold: GoldRecord, condition: str) -> bool:
    return gold.kind == "trace" and gold.condition == condition and gold.times_s is not None


def predicted_at(project: Project, item: ItemRecord, times: Float) -> tuple[str, Float | None]:
    """Return the name of the model of a clip's newest predictions, and its smoothed valence and arousal at some times.

    Args:
        project: The open project.
        item: The item, whose target face is taken, or the face seen longest if it has no target.
        times: (n,) seconds on the clip's PTS axis.
    """
    run = db.runs.newest(project).get(item.clip_id)
    if run is None:
        return "", None
    db.sights.note(project, [item.clip_id], "predictions")
    face = face_of(project, db.runs.load(project, run.id), item)
    if face is None or not len(face):
        return run.key.model, None
    out = np.full((times.size, 2), np.nan)
    place = np.clip(np.searchsorted(face.times_s, times), 0, len(face) - 1)
    before = np.maximum(place - 1, 0)
    nearer = np.abs(face.times_s[before] - times) <= np.abs(face.times_s[place] - times)
    place = np.where(nearer, before, place)
    near = np.abs(face.times_s[place] - times) <= 0.1
    out[near] = face.smooth[place[near]]
    return run.key.model, out


def store_gold(project: Project, study: str, recipe: FanRecipe) -> tuple[list[GoldRecord], list[UserError]]:
    """Store gold standards of this recipe for every traced item; raw traces stay as they are.

    Returns:
        The gold standards that were stored, and the reasons why others could not be made, each naming its item.

    Raises:
        UserError: There are no traces, or every item failed.
    """
    failures = Failures()
    align: Align = "none" if recipe.method == "bayes" else recipe.align
    request = GoldRequest("trace", recipe.method, align, study=study or None)
    return make_gold(project, request, failures=failures), failures.errors


__all__ = [
    "ALIGNS", "METHODS", "Fan", "FanRecipe", "make_fan", "predicted_at",
    "store_gold", "traced_items",
]  # fmt: skip
