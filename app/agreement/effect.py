"""The effect of a viewing condition: paired differences of disagreement and of chance-corrected agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.clusters import Clusters
from app.agreement.design import Design
from app.agreement.effect_size import effect_sizes
from app.agreement.estimate import NAN, Estimate
from app.agreement.intervals import BOOTSTRAP, JACKKNIFE, no_interval, with_interval
from app.agreement.paired import Paired, difference_columns
from app.agreement.prevalence import prevalence_adjusted
from app.agreement.rater_effect import RaterTest
from app.agreement.rater_spread import TOO_FEW_RATERS, RaterSpread
from app.agreement.resample import MIN_FLIPS, holm, sign_flip_max_t, smallest_p
from app.agreement.settings import AgreementSettings

Float = NDArray[np.float64]

NO_PAIRS = "no item has two ratings in both conditions"
NO_DIFFERENCE = "no item differs between the conditions, so there is nothing to resample"
BY_HOLM: Final = "t of the interval, adjusted by Holm 1979 over the emotions"


@dataclass(frozen=True)
class PairEffect:
    """Two conditions compared on one emotion (or category, or on the category set: emotion empty).

    Attributes:
        a: first condition.
        b: second condition.
        emotion: emotion or category; empty for the category set as a whole.
        kind: intensity or category.
        difference: mean over paired items of (sample variance in a - sample variance in b).
        p: sign-flip p of that mean, clusters flipped as a whole; where conditions have different raters, the larger of
            this and the p of exchanging raters.
        p_adjusted: step-down max-T over the emotions of this pair of conditions.
        p_holm: Holm's adjustment of p over the same emotions, for readers who ask for it.
        n_flips: sign flips.
        delta_alpha: alpha in a minus alpha in b, on the items paired in both; its p is that of the interval's t,
            adjusted by Holm over the emotions.
        alpha: which alpha that is.
        d_z: mean of the item differences over their standard deviation.
        rank_biserial: matched-pairs rank-biserial correlation, items without difference dropped.
        prevalence_adjusted: difference left when the change of the mean rating is accounted for.
        n_clusters: clusters with a paired item.
        design: who judged in which condition.
        p_units: sign-flip p of clusters, adjusted; `p_adjusted` is the larger of this and `p_raters`.
        p_raters: p of exchanging raters between the conditions, adjusted; NaN where the same raters judged both.
        smallest_p: smallest p that can occur with these clusters and raters.
        over_raters: the difference with an interval that speaks of other raters, too; None where raters are not named.
        d_z_estimate: d_z with its interval.
        rank_biserial_estimate: the rank-biserial correlation with its interval.
        p_prevalence: p of `prevalence_adjusted`, by Holm over the emotions.
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
    design: Design
    p_units: float
    p_raters: float
    smallest_p: float
    over_raters: Estimate | None
    d_z_estimate: Estimate
    rank_biserial_estimate: Estimate
    p_prevalence: float

    def estimates(self) -> tuple[Estimate, ...]:
        """Return the difference, that of alpha, the one at equal prevalence, and the effect sizes."""
        return (
            self.difference,
            self.delta_alpha,
            self.prevalence_adjusted,
            self.d_z_estimate,
            self.rank_biserial_estimate,
        )


def compare(
    pairs: list[Paired],
    conditions: tuple[str, str],
    clusters: Clusters,
    draws: Float,
    delta_alphas: list[Estimate],
    settings: AgreementSettings,
    *,
    n_raters: int = 0,
    design: Design | None = None,
    exchanged: RaterTest | None = None,
    spreads: Sequence[RaterSpread] = (),
) -> list[PairEffect]:
    """Compare two conditions in one family of comparisons; p values are adjusted over it.

    Args:
        pairs: the comparisons.
        conditions: names (a, b); differences are a - b.
        clusters: what is resampled and flipped together.
        draws: (rows, 2 * len(pairs)) sums of `difference_columns` without each cluster or of each resample, side by
            side; may be empty.
        delta_alphas: alpha differences, in the order of `pairs`.
        settings: sign flips, seed, level, how intervals are made.
        n_raters: raters in both conditions, 0 if not known.
        design: who judged in which condition; not known if None.
        exchanged: p of exchanging raters, where the design asks for it.
        spreads: variance from the choice of raters, one for each comparison; empty where raters are not named.

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.example import ratings
        >>> from app.agreement.paired import paired_intensity
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> pair, settings = paired_intensity(cells[1], cells[3]), AgreementSettings(unit="item", replicates=0)
        >>> alphas, none_drawn = [Estimate(-0.2, "", "")], np.empty((0, 2))
        >>> found = compare([pair], ("face_only", "full_context"), clusters, none_drawn, alphas, settings)
        >>> found[0].emotion, round(found[0].difference.value, 3), round(found[0].p, 3)
        ('sad', 0.833, 0.016)
    """
    design = design or Design(*conditions, "unknown")
    columns = [difference_columns(p, clusters) for p in pairs]
    sums = np.stack([c[:, 0] for c in columns], axis=1) if pairs else np.empty((clusters.count, 0))
    raw, adjusted = sign_flip_max_t(sums, flips=settings.flips, seed=settings.seed)
    paired = np.array([bool(c[:, 1].any()) for c in columns], dtype=bool)
    raw, adjusted = np.where(paired, raw, NAN), np.where(paired, adjusted, NAN)
    by_units, least = adjusted, smallest_p(sums, settings.flips)
    if exchanged is not None:
        raw, adjusted = np.maximum(raw, exchanged.raw), np.maximum(adjusted, exchanged.adjusted)
        least = max(least, exchanged.smallest)
    by_holm = holm(raw)
    title = f"{conditions[0]} - {conditions[1]}"
    at_mean = [_at_equal_prevalence(pair, clusters, settings, title, design) for pair in pairs]
    by_mean = holm([one.p_value for one in at_mean])
    by_alpha = holm([one.p_value for one in delta_alphas])
    out = []
    for i, pair in enumerate(pairs):
        found = _Comparison(pair, columns[i], draws[:, 2 * i : 2 * i + 2], spreads[i] if spreads else None)
        difference, over_raters = _difference(found, clusters, settings, design)
        difference = replace(difference, p_value=_p(adjusted[i]), n_raters=n_raters)
        use = pair.both & (clusters.of_item >= 0)
        sizes = effect_sizes(pair.difference[use], clusters.of_item[use], clusters.unit, settings)
        d_z, biserial = (replace(one, about=difference.about, scope=design.scope) for one in sizes)
        out.append(
            PairEffect(
                a=conditions[0], b=conditions[1], emotion=pair.emotion, kind=pair.kind, difference=difference,
                p=_p(raw[i]), p_adjusted=_p(adjusted[i]), p_holm=_p(by_holm[i]),
                n_flips=max(settings.flips, MIN_FLIPS), alpha=pair.alpha,
                delta_alpha=_adjusted(delta_alphas[i], by_alpha[i]),
                d_z=d_z.value, rank_biserial=biserial.value,
                d_z_estimate=d_z, rank_biserial_estimate=biserial,
                prevalence_adjusted=_adjusted(at_mean[i], by_mean[i]),
                p_prevalence=_p(by_mean[i]), n_clusters=int((columns[i][:, 1] > 0).sum()), design=design,
                p_units=_p(by_units[i]),
                p_raters=NAN if exchanged is None else _p(exchanged.adjusted[i]), smallest_p=least,
                over_raters=over_raters,
            )
        )  # fmt: skip
    return out


def _p(value: np.float64) -> float:
    """Return a float; the one NaN of this program, so that equal results compare equal."""
    return NAN if np.isnan(value) else float(value)


def _adjusted(found: Estimate, p: np.float64) -> Estimate:
    """Return an estimate of one comparison with its p adjusted over the family."""
    if np.isnan(p):
        return found
    return replace(found, p_value=float(p), reference=f"{found.reference}; p: {BY_HOLM}")


def _at_equal_prevalence(
    pair: Paired, clusters: Clusters, settings: AgreementSettings, title: str, design: Design
) -> Estimate:
    found = prevalence_adjusted(pair, clusters, settings.level)
    found = replace(found, about=f"{pair.emotion or 'all categories'}, {title}", scope=design.scope)
    return found if settings.replicates else replace(found, low=NAN, high=NAN, method="")


@dataclass(frozen=True, eq=False)
class _Comparison:
    """One comparison: its items, columns of `difference_columns`, their resamples, variance from raters."""

    pair: Paired
    columns: Float
    draws: Float
    spread: RaterSpread | None


def _difference(
    found: _Comparison, clusters: Clusters, settings: AgreementSettings, design: Design
) -> tuple[Estimate, Estimate | None]:
    """Return the mean paired difference with its interval, and with the one that speaks of other raters, too."""
    pair, columns, draws = found.pair, found.columns, found.draws
    total, n = columns.sum(axis=0)
    use = pair.both & (clusters.of_item >= 0)
    estimate = Estimate(
        value=float(total / n) if n else NAN,
        estimator="mean paired difference of within-item sample variance",
        reference="Sun et al. 2018, III-A; sign flips: Westfall & Young 1993; "
        + (JACKKNIFE if settings.interval == "jackknife" else BOOTSTRAP),
        n_items=int(n), n_ratings=int(pair.n[:, use].sum()), missing="items with two ratings in both conditions",
        reason="" if n else NO_PAIRS, about=f"{pair.emotion or 'all categories'}, {design.a} - {design.b}",
        plain=plain.DISAGREEMENT_DIFFERENCE, scope=design.scope,
    )  # fmt: skip
    present = columns[:, 1] > 0
    if n and not columns[:, 0].any() and not no_interval(int(present.sum()), clusters.unit, settings):
        estimate = replace(estimate, reason=NO_DIFFERENCE, unit=clusters.unit, n_units=int(present.sum()))
        return estimate, None
    ok = draws[:, 1] > 0
    ratio = np.where(ok, draws[:, 0] / np.where(ok, draws[:, 1], 1.0), NAN)
    telling = int((columns[:, 0] != 0).sum())
    items_alone = with_interval(
        estimate, ratio, clusters, settings, scale="variances", present=present, telling=telling
    )
    if found.spread is None or not estimate.defined:
        return items_alone, None
    if np.isnan(found.spread.variance):
        wide = replace(items_alone, low=NAN, high=NAN, method="", reason=TOO_FEW_RATERS)
    else:
        wide = with_interval(
            estimate, ratio, clusters, settings, scale="variances", present=present, telling=telling,
            more_variance=found.spread.variance, more_freedom=found.spread.freedom,
        )  # fmt: skip
    wide = replace(wide, scope="generalised over raters")
    return (replace(wide, scope=design.scope) if design.over_raters else items_alone), wide
