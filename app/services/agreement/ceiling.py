"""Places a model among the raters, to tell whether it is as close to the others as one more rater would be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import db.items
import db.runs
import db.sights
from app.agreement.ccc import mean_of_others, pearson
from app.agreement.estimate import NAN
from app.agreement.prediction import place_classes
from app.domain.analysis import ClipAnalysis
from app.domain.project import ItemRecord
from app.domain.ratings import CategoryTable, ProjectRatings, RatingTable
from app.domain.traces import DIMENSIONS
from app.jobs import Context
from app.services.agreement.fan import Fan, FanRecipe, make_fan, traced_items
from app.services.agreement.reliability import wide
from app.services.agreement.results import in_order
from app.services.labels.faces import face_of
from db.project import Project

Float = NDArray[np.float64]

MIN_ITEMS = 3
NO_CLASS = "no class of the model corresponds to it"
NO_RUN = "no clip of these labels has predictions"
FEW = f"fewer than {MIN_ITEMS} items have both predictions and ratings"
FLAT = "ratings or predictions do not vary"


@dataclass(frozen=True)
class Placed:
    """A model beside its human ceiling on one emotion or dimension.

    Attributes:
        condition: The condition in which the raters saw the items.
        name: Emotion, or valence and arousal.
        measure: Pearson's r over items (emotions) or mean concordance over items (traces).
        model: Mean over raters of the model against the mean of the others, so that model and rater are held against
            the same means; NaN with a reason.
        raters: For each rater's code, the agreement with the mean of the others on the items or frames that the model
            has, too; on all of them if the model has no value.
        n_items: Number of items compared.
        reason: The reason why there is no value of the model.
    """

    condition: str
    name: str
    measure: str
    model: float
    raters: dict[str, float]
    n_items: int
    reason: str = ""

    @property
    def human(self) -> tuple[float, float, float]:
        """The lowest, mean and highest value of the raters; NaN if no rater has a value."""
        known = [v for v in self.raters.values() if not np.isnan(v)]
        return (min(known), float(np.mean(known)), max(known)) if known else (NAN, NAN, NAN)


@dataclass(frozen=True)
class Placement:
    """All comparisons of models with raters.

    Attributes:
        models: Names of the models behind the predictions.
        rows: Emotions by condition, then dimensions.
    """

    models: tuple[str, ...]
    rows: tuple[Placed, ...]


def place_model(ctx: Context, project: Project, data: ProjectRatings) -> Placement:
    """Compare the newest predictions of the project with its raters.

    Class probabilities are averaged over the item's time range and assigned to emotions by `FERPLUS_TO_RATED`. A
    probability is not an intensity, so emotions are compared by correlation, which ignores the unit.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The project that holds the predictions.
        data: The labels of one pass.
    """
    rows: list[Placed] = []
    models: set[str] = set()
    if data.intensities is not None:
        shares, names = shares_of_items(ctx, project, data.intensities)
        models |= names
        rows += _emotions(data.intensities, shares, bool(names))
    rows += _dimensions(ctx, project, data, models)
    return Placement(tuple(sorted(models)), tuple(rows))


def _mean(values: list[float]) -> float:
    """Return the mean of the defined values, NaN if there are none."""
    known = [v for v in values if not np.isnan(v)]
    return float(np.mean(known)) if known else NAN


def shares_of_items(
    ctx: Context, project: Project, table: RatingTable | CategoryTable
) -> tuple[dict[str, Float | None], set[str]]:
    """Return the newest predictions of the items of a table, and the names of their models.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The project that holds the predictions.
        table: Judgements, whose items are meant.

    Returns:
        Emotion → (items,) mean probability over the item, NaN without predictions, None without a class; and the names.
    """
    runs = db.runs.newest(project)
    records = {one.name: one for one in db.items.every(project, removed=True)}
    loaded: dict[int, ClipAnalysis] = {}
    out: dict[str, Float | None] = {}
    names: set[str] = set()
    for i in np.unique(table.item).tolist():
        ctx.progress(i, len(table.items), "Predictions")
        record = records.get(table.items.names[i])
        if record is None or record.clip_id not in runs:
            continue
        run = runs[record.clip_id]
        if record.clip_id not in loaded:
            db.sights.note(project, [record.clip_id], "predictions")
            loaded = {record.clip_id: db.runs.load(project, run.id)}
        for emotion, value in shares_of_item(project, loaded[record.clip_id], record).items():
            if value is None:
                out.setdefault(emotion, None)
                continue
            column = out.get(emotion)
            if column is None:
                column = out[emotion] = np.full(len(table.items), NAN)
            column[i] = value
            names.add(run.key.model)
    return out, names


def shares_of_item(project: Project, analysis: ClipAnalysis, item: ItemRecord) -> dict[str, float | None]:
    """Return emotion → mean probability over an item, None without a class; empty where nothing was predicted.

    Args:
        project: The project that holds the item.
        analysis: Predictions of its clip.
        item: The item, whose face is looked for.
    """
    face = face_of(project, analysis, item)
    if face is None or not face.probabilities.shape[1]:
        return {}
    begin = -np.inf if item.start_s is None else item.start_s
    end = np.inf if item.end_s is None else item.end_s
    inside = (face.times_s >= begin) & (face.times_s < end)
    if not inside.any():
        return {}
    placed = place_classes(face.probabilities[inside].astype(np.float64), face.classes)
    return {emotion: None if p is None else float(p.mean()) for emotion, p in placed.items()}


def _emotions(table: RatingTable, shares: dict[str, Float | None], predicted: bool) -> list[Placed]:
    rows = []
    used = tuple(n for i, n in enumerate(table.condition.names) if (table.condition.codes == i).any())
    for condition in in_order(used):
        for emotion in table.emotion.names:
            series = wide(table, condition, emotion).T
            present = np.flatnonzero((~np.isnan(series)).any(axis=1)).tolist()
            share = shares.get(emotion)
            value, n, reason = NAN, 0, NO_CLASS if predicted else NO_RUN
            if share is not None:
                n = int((~np.isnan(share) & (~np.isnan(series)).any(axis=0)).sum())
                if n >= MIN_ITEMS:  # raters and model are held against the same means on the same items
                    series = np.where(np.isnan(share), NAN, series)
                    each = [
                        pearson(np.where(np.isnan(series[k]), NAN, share), mean_of_others(series, k)) for k in present
                    ]
                    value = _mean(each)
                reason = "" if not np.isnan(value) else FLAT if n >= MIN_ITEMS else FEW
            humans = {table.rater.names[k]: pearson(series[k], mean_of_others(series, k)) for k in present}
            rows.append(Placed(condition, emotion, "correlation over items", value, humans, n, reason))
    return rows


def _dimensions(ctx: Context, project: Project, data: ProjectRatings, models: set[str]) -> list[Placed]:
    found: dict[tuple[str, int], list[Fan]] = {}
    for item, conditions in traced_items(data).items():
        for condition in conditions:
            ctx.check()
            fan = make_fan(ctx, project, data, item, condition, FanRecipe())
            if fan.model:
                models.add(fan.model)
            for axis in (0, 1):
                found.setdefault((condition, axis), []).append(fan)
    return [_dimension(condition, axis, fans) for (condition, axis), fans in sorted(found.items())]


def _dimension(condition: str, axis: int, fans: list[Fan]) -> Placed:
    """Return raters and model on the same frames of the same items; raters alone where the model has no value."""
    model = [fan.among[axis].models[0] if fan.among is not None else NAN for fan in fans]
    placed = [fan for fan, value in zip(fans, model, strict=True) if not np.isnan(value)]
    humans: dict[str, list[float]] = {}
    for fan in placed or fans:
        among = fan.among[axis].each if placed and fan.among is not None else None
        each = among if among is not None else [score.ccc for score in fan.ceilings[axis].per_rater]
        for rater, value in zip(fan.raters, each, strict=True):
            humans.setdefault(rater, []).append(value)
    predicted = any(fan.among is not None for fan in fans)
    return Placed(
        condition, DIMENSIONS[axis], "concordance over time", _mean(model), {r: _mean(v) for r, v in humans.items()},
        len(placed), "" if placed else FLAT if predicted else NO_RUN,
    )  # fmt: skip
