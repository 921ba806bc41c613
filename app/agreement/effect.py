"""The effect of a viewing condition: paired differences of disagreement and of chance-corrected agreement."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.cells import IntensityCell
from app.agreement.clusters import Clusters
from app.agreement.estimate import NAN, Estimate
from app.agreement.resample import MIN_FLIPS, gather, holm, percentile_interval, sign_flip_max_t
from app.agreement.variance import vote_disagreement
from app.agreement.vote_cells import CategoryCell, indicator_variance
from app.domain.ratings import CategoryTable, RatingTable
from app.domain.words import many

Float = NDArray[np.float64]

FACE_ONLY = "face_only"
WITH_CONTEXT = ("full_context", "context_only")
MOSTLY_UNDEFINED = "more than one resample in ten has no value, so there is no interval"
MAX_KEYS = 50_000_000
"""Up to so many (item, rater) a table of them is faster than sorting."""
NO_PAIRS = "no item has two ratings in both conditions"


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
        delta_alpha: alpha in a minus alpha in b, with the interval of the joint bootstrap.
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


@dataclass(frozen=True, eq=False)
class Paired:
    """What one comparison needs: item-level quantities in both conditions.

    Attributes:
        emotion: emotion or category; empty for the category set.
        kind: intensity or category.
        variance: (2, items) within-item disagreement in a and b, NaN below two ratings.
        mean: (2, items) mean rating (share of votes), NaN where nobody rated; None where it has no meaning.
        n: (2, items) number of ratings.
        alpha: name of the alpha that is compared.
    """

    emotion: str
    kind: str
    variance: Float
    mean: Float | None
    n: Float
    alpha: str

    @property
    def both(self) -> NDArray[np.bool_]:
        """(items,) items that have two ratings in both conditions."""
        both: NDArray[np.bool_] = ~(np.isnan(self.variance[0]) | np.isnan(self.variance[1]))
        return both


def paired_intensity(a: IntensityCell, b: IntensityCell) -> Paired:
    """The comparison of one emotion between two cells of the same table."""
    return Paired(
        emotion=a.emotion,
        kind="intensity",
        variance=np.stack([a.moments.sample, b.moments.sample]),
        mean=np.stack([a.moments.mean, b.moments.mean]),
        n=np.stack([a.moments.n, b.moments.n]),
        alpha="ordinal",
    )


def paired_categories(a: CategoryCell, b: CategoryCell) -> list[Paired]:
    """The comparison of each category (0/1 indicators), then of the set as a whole."""
    n = np.stack([a.total, b.total])
    each = [indicator_variance(c.votes) for c in (a, b)]
    share = [
        np.where(t[:, None] > 0, c.votes / np.maximum(t, 1.0)[:, None], NAN) for c, t in zip((a, b), n, strict=True)
    ]
    out = [
        Paired(name, "category", np.stack([e[:, i] for e in each]), np.stack([s[:, i] for s in share]), n, "nominal")
        for i, name in enumerate(a.categories)
    ]
    whole = np.stack([vote_disagreement(a.votes), vote_disagreement(b.votes)])
    return [*out, Paired("", "category", whole, None, n, "nominal")]


def difference_columns(pair: Paired, clusters: Clusters) -> Float:
    """(clusters, 2) summed differences and number of paired items of each cluster."""
    use = pair.both & (clusters.of_item >= 0)
    d = (pair.variance[0] - pair.variance[1])[use]
    return gather(np.stack([d, np.ones_like(d)], axis=1), clusters.of_item[use], clusters.count)


def compare(
    pairs: list[Paired],
    conditions: tuple[str, str],
    clusters: Clusters,
    draws: Float,
    delta_alphas: list[Estimate],
    *,
    flips: int = MIN_FLIPS,
    seed: int = 0,
    level: float = 0.95,
    n_raters: int = 0,
) -> list[PairEffect]:
    """One family of comparisons of two conditions; p values are adjusted over it.

    Args:
        pairs: the comparisons.
        conditions: names (a, b); differences are a - b.
        clusters: what is resampled and flipped together.
        draws: (replicates, 2 * len(pairs)) resampled sums of `difference_columns`, side by side; may be empty.
        delta_alphas: alpha differences, in the order of `pairs`.
        flips: sign flips, at least 9,999.
        seed: seed of the flips, also named as the bootstrap's.
        level: confidence level.
        n_raters: raters in both conditions, 0 if not known.
    """
    columns = [difference_columns(p, clusters) for p in pairs]
    sums = np.stack([c[:, 0] for c in columns], axis=1) if pairs else np.empty((clusters.count, 0))
    raw, adjusted = sign_flip_max_t(sums, flips=flips, seed=seed)
    paired = np.array([bool(c[:, 1].any()) for c in columns], dtype=bool)
    raw, adjusted = np.where(paired, raw, NAN), np.where(paired, adjusted, NAN)
    by_holm = holm(raw)
    out = []
    for i, pair in enumerate(pairs):
        total, n = columns[i].sum(axis=0)
        resampled = draws[:, 2 * i : 2 * i + 2]
        ok = resampled[:, 1] > 0
        low, high, reason = NAN, NAN, "" if n else NO_PAIRS
        if n and (not draws.shape[0] or clusters.count < 2):
            reason = no_interval(draws.shape[0], clusters)
        elif n:
            ratio = np.where(ok, resampled[:, 0] / np.where(ok, resampled[:, 1], 1.0), NAN)
            low, high = percentile_interval(ratio, level)
            reason = MOSTLY_UNDEFINED if np.isnan(low) else ""
        use = pair.both & (clusters.of_item >= 0)
        difference = Estimate(
            value=float(total / n) if n else NAN,
            estimator="mean paired difference of within-item sample variance",
            reference="Sun et al. 2018, III-A; sign flips: Westfall & Young 1993; bootstrap: Davison & Hinkley 1997",
            low=low, high=high, level=level, n_items=int(n), n_raters=n_raters, n_ratings=int(pair.n[:, use].sum()),
            method="" if np.isnan(low) else f"percentile bootstrap over {clusters.unit}s",
            seed=seed, replicates=draws.shape[0], missing="items with two ratings in both conditions",
            reason=reason,
            about=f"{pair.emotion or 'all categories'}, {conditions[0]} - {conditions[1]}",
            p_value=float(adjusted[i]), plain=plain.DISAGREEMENT_DIFFERENCE,
        )  # fmt: skip
        d = (pair.variance[0] - pair.variance[1])[use]
        out.append(
            PairEffect(
                a=conditions[0], b=conditions[1], emotion=pair.emotion, kind=pair.kind, difference=difference,
                p=float(raw[i]), p_adjusted=float(adjusted[i]), p_holm=float(by_holm[i]), n_flips=max(flips, MIN_FLIPS),
                delta_alpha=delta_alphas[i], alpha=pair.alpha, d_z=_d_z(d), rank_biserial=rank_biserial(d),
                prevalence_adjusted=prevalence_adjusted(pair, clusters, level),
                n_clusters=int((columns[i][:, 1] > 0).sum()),
            )
        )  # fmt: skip
    return out


def no_interval(replicates: int, clusters: Clusters) -> str:
    """Why nothing was resampled."""
    return f"one {clusters.unit} cannot be resampled" if replicates else "no resamples were asked for"


def _d_z(d: Float) -> float:
    """Cohen's d_z of paired differences, NaN if they do not vary."""
    return float(d.mean() / d.std(ddof=1)) if d.size > 1 and np.ptp(d) > 0 else NAN


def rank_biserial(d: Float) -> float:
    """Matched-pairs rank-biserial correlation: (W+ - W-) / (W+ + W-), zero differences dropped (Kerby 2014).

    Args:
        d: (n,) paired differences.
    """
    d = d[d != 0]
    if not d.size:
        return NAN
    # Differences equal but for rounding must share a rank.
    _, code, repeat = np.unique(np.round(np.abs(d), 12), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(repeat) - (repeat - 1) / 2.0)[code]
    return float((ranks * np.sign(d)).sum() / ranks.sum())


def prevalence_adjusted(pair: Paired, clusters: Clusters, level: float = 0.95) -> Estimate:
    """Difference of disagreement at an unchanged mean rating.

    Intercept of the regression d = b0 + b1 (m_a - m_b) + b2 (m_a^2 - m_b^2), the first difference of a model in which
    an item's variance is a quadratic of its mean, as it must be on a bounded scale.  Standard errors are
    robust to clusters (Liang & Zeger 1986, with the correction G / (G-1) (n-1) / (n-3)).
    """
    use = pair.both & (clusters.of_item >= 0)
    base = {
        "estimator": "condition difference of disagreement adjusted for prevalence",
        "reference": "ordinary least squares, cluster-robust standard errors, Liang & Zeger 1986",
        "missing": "items with two ratings in both conditions",
        "method": f"t distribution, standard errors robust to {clusters.unit}s",
    }
    result = Estimate(
        NAN, base["estimator"], base["reference"], level=level, n_items=int(use.sum()), method=base["method"],
        missing=base["missing"], reason="the category set as a whole has no mean rating",
        plain=plain.DISAGREEMENT_DIFFERENCE,
    )  # fmt: skip
    if pair.mean is None:
        return result
    mean = pair.mean[:, use]
    d = (pair.variance[0] - pair.variance[1])[use]
    x = np.stack([np.ones_like(d), mean[0] - mean[1], mean[0] ** 2 - mean[1] ** 2], axis=1)
    groups, group = np.unique(clusters.of_item[use], return_inverse=True)
    g, n, p = groups.size, d.size, x.shape[1]
    if n <= p or g < 3 or np.linalg.matrix_rank(x) < p:
        return replace(result, reason="too few items or no change of the mean rating to adjust for")
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ d
    score = gather(x * (d - x @ beta)[:, None], group, g)
    cover = bread @ (score.T @ score) @ bread * (g / (g - 1) * (n - 1) / (n - p))
    # Not scipy.stats, which takes a second to import.
    from scipy.special import stdtr, stdtrit

    error = float(np.sqrt(max(float(cover[0, 0]), 0.0)))
    half = float(stdtrit(g - 1, 0.5 + level / 2.0)) * error
    p_value = float(2.0 * stdtr(g - 1, -abs(float(beta[0])) / error)) if error > 0 else NAN
    return replace(
        result, value=float(beta[0]), low=float(beta[0]) - half, high=float(beta[0]) + half, reason="", p_value=p_value
    )


def order_warnings(table: RatingTable | CategoryTable) -> list[str]:
    """Warnings about raters who saw an item's context before they judged its face alone.

    Args:
        table: labels of all conditions; only pass 1 is looked at.
    """
    names = table.condition.names
    if FACE_ONLY not in names:
        return []
    face = names.index(FACE_ONLY)
    context = [names.index(n) for n in WITH_CONTEXT if n in names]
    first = table.pass_no == 1
    n_raters = len(table.rater.names)
    key = table.item.astype(np.int64) * n_raters + table.rater.codes
    is_face = first & (table.condition.codes == face)
    is_context = first & np.isin(table.condition.codes, context)
    size = len(table.items) * n_raters
    both = _shared(key, is_face, is_context, size)
    if not both.size:
        return []
    raters = np.unique(both % n_raters).size
    if table.answered_s is None:
        return [
            f"{many(raters, 'rater')} judged the same items ({many(both.size, 'judgement')}) face-only and with "
            "context, and the order is not recorded: if context came first, face-only answers are not blind to it."
        ]
    when = table.answered_s
    earliest = [_earliest(key[m], when[m], both, size) for m in (is_face, is_context)]
    unknown = int((np.isnan(earliest[0]) | np.isnan(earliest[1])).sum())
    bad = earliest[1] < earliest[0]
    out = []
    if bad.any():
        out.append(
            f"{many(np.unique(both[bad] % n_raters).size, 'rater')} saw {many(int(bad.sum()), 'item')} with context "
            "before they judged them face-only; the face-only answers are not blind to the context."
        )
    if unknown:
        out.append(
            f"For {many(unknown, 'item')} judged face-only and with context by one rater the order is not recorded."
        )
    return out


def _shared(
    key: NDArray[np.int64], first: NDArray[np.bool_], second: NDArray[np.bool_], size: int
) -> NDArray[np.int64]:
    """Sorted keys that occur under both masks; flags instead of sorting where the key space is small."""
    if size > MAX_KEYS:
        return np.intersect1d(key[first], key[second])
    seen = np.zeros((2, size), dtype=bool)
    seen[0, key[first]] = True
    seen[1, key[second]] = True
    return np.flatnonzero(seen[0] & seen[1]).astype(np.int64)


def _earliest(key: NDArray[np.int64], when: Float, wanted: NDArray[np.int64], size: int) -> Float:
    """(wanted,) earliest known time of each key, NaN where none is known."""
    known = ~np.isnan(when)
    if not known.all():
        key, when = key[known], when[known]
    if size <= MAX_KEYS:
        every = np.full(size, np.inf)
        np.minimum.at(every, key, when)
        out = every[wanted]
    else:
        out = np.full(wanted.size, np.inf)
        place = np.searchsorted(wanted, key)
        inside = place < wanted.size
        inside[inside] = wanted[place[inside]] == key[inside]
        np.minimum.at(out, place[inside], when[inside])
    return np.where(np.isfinite(out), out, NAN)
