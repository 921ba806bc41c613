"""A model placed among the raters: held against the very means against which each rater is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import mean_of_others
from app.agreement.estimate import NAN, bounds
from app.agreement.pooled import REPLICATES, ccc_of_moments, expanded_interval, moments
from app.agreement.resample import bootstrap_sums
from app.domain.json_values import number

Float = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class RatedClip:
    """What people and models say of one clip, in one dimension.

    Attributes:
        unit: what is resampled with it, such as the subject.
        raters: (raters, n) float64, NaN for missing; the same raters in every clip.
        models: (models, n) float64, NaN for missing.
    """

    unit: str
    raters: Float
    models: Float


@dataclass(frozen=True)
class AmongRaters:
    """Concordance with the mean of the other raters, of each rater and of models in the rater's place.

    Of every rater k, the rater and the models are compared with the mean of the others on the same points, those at
    which rater k, the others and all models have a value; then the mean is taken over raters.  A model that is one more
    rater of the same kind scores what the raters score.  Against the mean of all raters it would score more, because
    that mean has one rater more and less error.

    Attributes:
        human: mean over raters, the human ceiling; NaN where there is none.
        human_interval: over units, NaN with few of them.
        models: the same of each model.
        intervals: over units, of each model.
        below: human minus model, of each model.
        below_intervals: over units; above 0 a model is worse than one more rater.
        n_units: units resampled.
        n_raters: raters with points in common with the others.
        each: of each rater, on the points that the models have, too; NaN where there are too few.
    """

    human: float
    human_interval: Interval
    models: tuple[float, ...]
    intervals: tuple[Interval, ...]
    below: tuple[float, ...]
    below_intervals: tuple[Interval, ...]
    n_units: int
    n_raters: int
    each: tuple[float, ...] = ()

    def as_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """Plain values for JSON.

        Args:
            names: of the models.
        """
        return {
            "raters": {"ccc": number(self.human), "interval": bounds(*self.human_interval), "n_raters": self.n_raters},
            "models": {
                name: {
                    "ccc": number(value), "interval": bounds(*ends), "below_raters": number(gap),
                    "below_raters_interval": bounds(*gap_ends),
                }
                for name, value, ends, gap, gap_ends in zip(
                    names, self.models, self.intervals, self.below, self.below_intervals, strict=True
                )
            },
            "statistic": "CCC with the mean of the other raters, mean over raters, all frames pooled",
            "n_subjects": self.n_units,
        }  # fmt: skip


def among_raters(clips: Sequence[RatedClip], *, replicates: int = REPLICATES, seed: int = 0) -> AmongRaters:
    """Place models among the raters.

    Args:
        clips: at least one.
        replicates: bootstrap resamples of units, 0 for no intervals.
        seed: of the resampling.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> truth = rng.normal(size=4000)
        >>> people = truth + 0.7 * rng.normal(size=(5, 4000))
        >>> clip = RatedClip("one", people[:4], people[4:])
        >>> found = among_raters([clip], replicates=0)
        >>> abs(found.human - found.models[0]) < 0.03
        True
    """
    units = sorted({clip.unit for clip in clips})
    raters, models = clips[0].raters.shape[0], clips[0].models.shape[0]
    width = 3 + 3 * (models + 1)
    sums = np.zeros((len(units), raters, width))
    for clip in clips:
        known = ~np.isnan(clip.models).any(axis=0)
        for k in range(raters):
            others = mean_of_others(clip.raters, k)
            both = known & ~np.isnan(clip.raters[k]) & ~np.isnan(others)
            if both.any():
                series = (clip.raters[k][both], *(one[both] for one in clip.models))
                sums[units.index(clip.unit), k] += moments(others[both], *series)
    flat = sums.reshape(len(units), raters * width)
    values = _means(flat.sum(axis=0, keepdims=True), raters, width)[0]
    total = sums.sum(axis=0)
    each = np.where(total[:, 0] >= 2, ccc_of_moments(total, 0), NAN)
    draws = np.full((0, models + 1), NAN)
    if replicates and len(units) > 1:
        draws = _means(bootstrap_sums(flat, replicates, seed), raters, width)

    def ends(drawn: Float) -> Interval:
        return expanded_interval(drawn, len(units)) if drawn.size else (NAN, NAN)

    return AmongRaters(
        human=float(values[0]),
        human_interval=ends(draws[:, 0]),
        models=tuple(float(v) for v in values[1:]),
        intervals=tuple(ends(draws[:, 1 + m]) for m in range(models)),
        below=tuple(float(values[0] - v) for v in values[1:]),
        below_intervals=tuple(ends(draws[:, 0] - draws[:, 1 + m]) for m in range(models)),
        n_units=len(units),
        n_raters=int((total[:, 0] >= 2).sum()),
        each=tuple(each.tolist()),
    )


def _means(sums: Float, raters: int, width: int) -> Float:
    """(rows, series) concordance with the mean of the others, mean over the raters that have a value."""
    parts = sums.reshape(sums.shape[0], raters, width)
    series = (width - 3) // 3
    out = np.full((sums.shape[0], series), NAN)
    for s in range(series):
        each = np.stack([ccc_of_moments(parts[:, k], s) for k in range(raters)], axis=1) if raters else out[:, :0]
        each = np.where(parts[:, :, 0] >= 2, each, NAN)
        known = ~np.isnan(each)
        total = np.where(known, each, 0.0).sum(axis=1)
        out[:, s] = np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), NAN)
    return out
