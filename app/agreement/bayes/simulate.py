"""Studies drawn from the model of raters, with all that was planted in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.priors import SPREADS, draw_spread
from app.agreement.bayes.thresholds import thresholds

Float = NDArray[np.float64]

TYPICAL: Final = {
    "item": 1.8, "item_condition": 0.5, "context_emotion": 0.3, "subject": 0.5, "clip": 0.5, "bias": 0.6,
    "bias_emotion": 0.3, "drift": 0.5, "use": 0.25, "noise": 0.3,
}  # fmt: skip
"""Standard deviations of a study in which raters agree fairly well, where none are drawn from the priors."""


@dataclass(frozen=True)
class StudyShape:
    """How large a drawn study is.

    Attributes:
        items: number of items.
        raters: number of raters.
        emotions: number of emotions.
        conditions: number of conditions, 1 or 2.
        levels: levels of the scale.
        share: share of the possible judgements that are given, chosen at random.
        hours: length of the session, 0 without times.
        subjects: number of subjects that the items show; 0 where nobody is named.
    """

    items: int = 60
    raters: int = 8
    emotions: int = 3
    conditions: int = 2
    levels: int = 6
    share: float = 1.0
    hours: float = 1.0
    subjects: int = 0


@dataclass(frozen=True, eq=False)
class Planted:
    """What a drawn study was made of.

    Attributes:
        truth: (items, emotions, conditions) float64.
        bias: (raters, emotions) float64 what a rater adds.
        thresholds: (raters, levels − 1) float64.
        noise: (raters,) float64 scale of the logistic noise; their geometric mean is 1.
        drift: (raters,) float64 an hour.
        context: (emotions,) float64 what the last condition adds on average over all possible items.
        spreads: the standard deviations behind it.
    """

    truth: Float
    bias: Float
    thresholds: Float
    noise: Float
    drift: Float
    context: Float
    spreads: dict[str, float] = field(default_factory=dict)


def draw_study(
    shape: StudyShape, rng: np.random.Generator, spreads: dict[str, float] | None = None
) -> tuple[OrdinalData, Planted]:
    """Draw a study.

    Args:
        shape: How large it is.
        rng: The source of chance.
        spreads: Standard deviations of the kinds of effects; drawn from their priors if None.

    Example:
        >>> data, planted = draw_study(StudyShape(items=5, raters=2, emotions=1), np.random.default_rng(0))
        >>> len(data), planted.truth.shape, planted.thresholds.shape
        (20, (5, 1, 2), (2, 5))
    """
    n_i, n_r, n_e, n_c = shape.items, shape.raters, shape.emotions, shape.conditions
    sd = {kind: draw_spread(kind, rng) for kind in SPREADS} if spreads is None else spreads
    level = rng.normal(-1.0, 1.5, n_e)
    context = rng.normal(0.0, 0.8, n_c - 1) + sd["context_emotion"] * (n_e > 1) * rng.normal(size=(n_e, n_c - 1))
    shift = np.concatenate([np.zeros((n_e, 1)), context], axis=1)
    truth = level[None, :, None] + shift[None] + sd["item"] * rng.normal(size=(n_i, n_e, 1))
    truth = truth + sd["item_condition"] * (n_c > 1) * rng.normal(size=(n_i, n_e, n_c))
    groups: tuple[tuple[str, NDArray[np.int64]], ...] = ()
    if shape.subjects:
        subject = np.arange(n_i) % shape.subjects
        groups = (("subject", subject),)
        truth = truth + (sd["subject"] * rng.normal(size=(shape.subjects, n_e)))[subject][:, :, None]
    bias = sd["bias"] * rng.normal(size=(n_r, 1)) + sd["bias_emotion"] * (n_e > 1) * rng.normal(size=(n_r, n_e))
    gap = 0.2 + 0.4 * rng.normal(size=shape.levels - 2)
    use = sd["use"] * rng.normal(size=(n_r, shape.levels - 2))
    cut = thresholds(gap, use, shape.levels - 1)
    log_noise = sd["noise"] * rng.normal(size=n_r)
    noise = np.exp(log_noise - log_noise.mean())
    drift = sd["drift"] * (shape.hours > 0) * rng.normal(size=n_r)
    item, emotion, condition, rater = (a.ravel() for a in np.indices((n_i, n_e, n_c, n_r)))
    if shape.share < 1.0:
        shown = rng.random((n_i, n_c, n_r)) < shape.share
        kept = shown[item, condition, rater]
        item, emotion, condition, rater = item[kept], emotion[kept], condition[kept], rater[kept]
    hours = (rng.random((n_i, n_c, n_r)) - 0.5) * shape.hours
    time = hours[item, condition, rater]
    value = truth[item, emotion, condition] + bias[rater, emotion] + drift[rater] * time
    value = value + noise[rater] * rng.logistic(size=value.size)
    level_of = (value[:, None] > cut[rater]).sum(axis=1)
    data = OrdinalData(
        level_of.astype(np.int64), item, emotion, condition, rater, time, np.arange(shape.levels, dtype=np.float64),
        _names("i", n_i), _names("e", n_e), ("face_only", "full_context")[:n_c], _names("R", n_r), groups,
    )  # fmt: skip
    mean_context = shift[:, -1] - shift[:, 0]
    return data, Planted(truth, bias, cut, noise, drift, mean_context, sd)


def _names(letter: str, number: int) -> tuple[str, ...]:
    return tuple(f"{letter}{k + 1}" for k in range(number))
