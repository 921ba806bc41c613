"""The effect of a viewing condition: paired differences of disagreement and of chance-corrected agreement."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.clusters import Clusters
from app.agreement.effect_size import rank_biserial, standardised_difference
from app.agreement.estimate import NAN, Estimate
from app.agreement.intervals import BOOTSTRAP, JACKKNIFE, no_interval, with_interval
from app.agreement.paired import Paired, difference_columns
from app.agreement.prevalence import prevalence_adjusted
from app.agreement.resample import MIN_FLIPS, holm, sign_flip_max_t
from app.agreement.settings import Settings

Float = NDArray[np.float64]

NO_PAIRS = "no item has two ratings in both conditions"
NO_DIFFERENCE = "no item differs between the conditions, so there is nothing to resample"


@dataclass(frozen=True)
class PairEffect:
    """Two conditions compared on one emotion (or category, or on the category set: emotion empty).

    Attributes:
        a: first condition.
        b: second condition.
        emotion: emotion or category; empty for the category set as a whole.
        kind: intensity or category.
        difference: mean over paired items of (sample variance in a - sample variance in b).
        p: sign-flip p of that mean, clusters flipped as a whole.
        p_adjusted: step-down max-T over the emotions of this pair of conditions.
        p_holm: Holm's adjustment of p over the same emotions, for readers who ask for it.
        n_flips: sign flips.
        delta_alpha: alpha in a minus alpha in b, on the items paired in both.
        alpha: which alpha that is.
        d_z: mean of the item differences over their standard deviation.
        rank_biserial: matched-pairs rank-biserial correlation, items without difference dropped.
        prevalence_adjusted: difference left when the change of the mean rating is accounted for.
        n_clusters: clusters with a paired item.
    """

    a: str
    b: str
    emotion: str
    kind: str
    difference: Estimate
    p: float
    p_adjusted: float
    p_holm: float
    n_flips: int
    delta_alpha: Estimate
    alpha: str
    d_z: float
    rank_biserial: float
    prevalence_adjusted: Estimate
    n_clusters: int


def compare(
    pairs: list[Paired],
    conditions: tuple[str, str],
    clusters: Clusters,
    draws: Float,
    delta_alphas: list[Estimate],
    settings: Settings,
    *,
    n_raters: int = 0,
) -> list[PairEffect]:
    """One family of comparisons of two conditions; p values are adjusted over it.

    Args:
        pairs: the comparisons.
        conditions: names (a, b); differences are a - b.
        clusters: what is resampled and flipped together.
        draws: (rows, 2 * len(pairs)) sums of `difference_columns` without each cluster or of each resample, side by
            side; may be empty.
        delta_alphas: alpha differences, in the order of `pairs`.
        settings: sign flips, seed, level, how intervals are made.
        n_raters: raters in both conditions, 0 if not known.
    """
    columns = [difference_columns(p, clusters) for p in pairs]
    sums = np.stack([c[:, 0] for c in columns], axis=1) if pairs else np.empty((clusters.count, 0))
    raw, adjusted = sign_flip_max_t(sums, flips=settings.flips, seed=settings.seed)
    paired = np.array([bool(c[:, 1].any()) for c in columns], dtype=bool)
    raw, adjusted = np.where(paired, raw, NAN), np.where(paired, adjusted, NAN)
    by_holm = holm(raw)
    out = []
    for i, pair in enumerate(pairs):
        difference = _difference(pair, conditions, clusters, columns[i], draws[:, 2 * i : 2 * i + 2], settings)
        difference = replace(difference, p_value=float(adjusted[i]), n_raters=n_raters)
        d = pair.difference[pair.both & (clusters.of_item >= 0)]
        out.append(
            PairEffect(
                a=conditions[0], b=conditions[1], emotion=pair.emotion, kind=pair.kind, difference=difference,
                p=float(raw[i]), p_adjusted=float(adjusted[i]), p_holm=float(by_holm[i]),
                n_flips=max(settings.flips, MIN_FLIPS), delta_alpha=delta_alphas[i], alpha=pair.alpha,
                d_z=standardised_difference(d), rank_biserial=rank_biserial(d),
                prevalence_adjusted=prevalence_adjusted(pair, clusters, settings.level),
                n_clusters=int((columns[i][:, 1] > 0).sum()),
            )
        )  # fmt: skip
    return out


def _difference(
    pair: Paired, conditions: tuple[str, str], clusters: Clusters, columns: Float, draws: Float, settings: Settings
) -> Estimate:
    """The mean paired difference with its interval."""
    total, n = columns.sum(axis=0)
    use = pair.both & (clusters.of_item >= 0)
    estimate = Estimate(
        value=float(total / n) if n else NAN,
        estimator="mean paired difference of within-item sample variance",
        reference="Sun et al. 2018, III-A; sign flips: Westfall & Young 1993; "
        + (JACKKNIFE if settings.interval == "jackknife" else BOOTSTRAP),
        n_items=int(n), n_ratings=int(pair.n[:, use].sum()), missing="items with two ratings in both conditions",
        reason="" if n else NO_PAIRS, about=f"{pair.emotion or 'all categories'}, {conditions[0]} - {conditions[1]}",
        plain=plain.DISAGREEMENT_DIFFERENCE,
    )  # fmt: skip
    present = columns[:, 1] > 0
    if n and not columns[:, 0].any() and not no_interval(int(present.sum()), clusters.unit, settings):
        return replace(estimate, reason=NO_DIFFERENCE, unit=clusters.unit, n_units=int(present.sum()))
    ok = draws[:, 1] > 0
    ratio = np.where(ok, draws[:, 0] / np.where(ok, draws[:, 1], 1.0), NAN)
    telling = int((columns[:, 0] != 0).sum())
    return with_interval(estimate, ratio, clusters, settings, present=present, telling=telling)
