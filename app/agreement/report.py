"""The agreement table of a study: every estimate of every cell and every comparison of conditions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.alpha import NO_PAIRS, ONE_VALUE
from app.agreement.alpha import REFERENCE as KRIPPENDORFF
from app.agreement.cells import IntensityCell, intensity_cells
from app.agreement.clusters import Clusters, Statistics
from app.agreement.draws import resample
from app.agreement.effect import MOSTLY_UNDEFINED, PairEffect, compare, no_interval
from app.agreement.estimate import NAN, Estimate
from app.agreement.kappa import fleiss_kappa
from app.agreement.order import order_warnings
from app.agreement.paired import Paired, paired_categories, paired_intensity
from app.agreement.resample import Unit, percentile_interval
from app.agreement.variance import PAIRABLE, PAPER
from app.agreement.vote_cells import CategoryCell, category_cells
from app.domain.ratings import CategoryTable, CountTable, RatingTable
from app.domain.words import many
from app.errors import UserError

Float = NDArray[np.float64]

FEW_CLUSTERS = 30


@dataclass(frozen=True)
class Settings:
    """How intervals and p values are made.

    Attributes:
        unit: what is resampled together.
        replicates: bootstrap resamples (B), 0 for no intervals.
        seed: seed of all draws.
        flips: sign flips, never below 9,999.
        level: confidence level.
    """

    unit: Unit = "clip"
    replicates: int = 1000
    seed: int = 0
    flips: int = 9_999
    level: float = 0.95


@dataclass(frozen=True)
class EmotionResult:
    """One emotion in one condition."""

    condition: str
    emotion: str
    disagreement: Estimate
    disagreement_population: Estimate
    prevalence: Estimate
    agreement: Estimate
    alpha_ordinal: Estimate
    alpha_interval: Estimate

    def estimates(self) -> tuple[Estimate, ...]:
        """All estimates, in the order tables show them."""
        return (
            self.disagreement, self.disagreement_population, self.prevalence, self.agreement, self.alpha_ordinal,
            self.alpha_interval,
        )  # fmt: skip


@dataclass(frozen=True)
class OneCategory:
    """One category of a condition's votes, as 0/1 indicator."""

    category: str
    disagreement: Estimate
    prevalence: Estimate
    alpha_nominal: Estimate


@dataclass(frozen=True)
class CategoryResult:
    """The category votes of one condition."""

    condition: str
    disagreement: Estimate
    agreement: Estimate
    alpha_nominal: Estimate
    fleiss_kappa: Estimate
    each: tuple[OneCategory, ...]

    def estimates(self) -> tuple[Estimate, ...]:
        """The estimates over all categories."""
        return self.disagreement, self.agreement, self.alpha_nominal, self.fleiss_kappa


@dataclass(frozen=True)
class AgreementReport:
    """All results of one analysis.

    Attributes:
        emotions: intensity cells, by condition and emotion.
        categories: category cells, by condition.
        pairs: comparisons of conditions.
        settings: how intervals and p values were made.
        warnings: what the reader must know before believing the numbers.
        simulated: some answers come from simulated raters; None where a source does not tell.
    """

    emotions: tuple[EmotionResult, ...]
    categories: tuple[CategoryResult, ...]
    pairs: tuple[PairEffect, ...]
    settings: Settings
    warnings: tuple[str, ...] = ()
    simulated: bool | None = False

    @property
    def conditions(self) -> tuple[str, ...]:
        """Names of the conditions, sorted."""
        return tuple(sorted({r.condition for r in self.emotions} | {r.condition for r in self.categories}))

    def emotion(self, condition: str, emotion: str) -> EmotionResult | None:
        """One cell, None if nobody rated it."""
        found = [r for r in self.emotions if r.condition == condition and r.emotion == emotion]
        return found[0] if found else None


def agreement_report(
    ratings: RatingTable | None = None,
    categories: CategoryTable | CountTable | None = None,
    settings: Settings | None = None,
) -> AgreementReport:
    """Compute the whole table.

    Args:
        ratings: intensities; only pass 1 counts.
        categories: labels (only pass 1 counts) or published votes.
        settings: how intervals and p values are made.

    Raises:
        UserError: there is nothing to compute from, or subjects are asked for and not known.
    """
    chosen = settings or Settings()
    warnings: list[str] = []
    emotions: tuple[EmotionResult, ...] = ()
    votes: tuple[CategoryResult, ...] = ()
    pairs: list[PairEffect] = []
    if ratings is not None and len(ratings):
        warnings += [*ratings.notes, *order_warnings(ratings)]
        cells, clusters = intensity_cells(ratings, chosen.unit)
        emotions, effects = _intensities(cells, clusters, chosen)
        pairs += effects
        warnings += _cluster_warnings(clusters, chosen)
    if categories is not None and len(categories):
        warnings += categories.notes
        if isinstance(categories, CategoryTable):
            warnings += order_warnings(categories)
            categories = categories.counts()
        vote_cells, clusters = category_cells(categories, chosen.unit)
        votes, effects = _categories(vote_cells, clusters, chosen)
        pairs += effects
        warnings += _cluster_warnings(clusters, chosen)
    if not emotions and not votes:
        raise UserError(
            "There is no rating to compute agreement from.", "Choose a file or project with labels of pass 1."
        )
    marks = [t.simulated for t in (ratings, categories) if t is not None]
    simulated = True if any(marks) else None if None in marks else False
    if simulated:
        warnings.insert(0, "Some or all answers come from simulated raters.")
    return AgreementReport(emotions, votes, tuple(pairs), chosen, tuple(dict.fromkeys(warnings)), simulated)


def _cluster_warnings(clusters: Clusters, settings: Settings) -> list[str]:
    if settings.replicates and clusters.count == 1:
        return [
            f"One {clusters.unit} cannot be resampled, so there are no intervals; resample smaller units if you can."
        ]
    if settings.replicates and 0 < clusters.count < FEW_CLUSTERS:
        return [
            f"Only {many(clusters.count, clusters.unit)} to resample: intervals are too narrow below about "
            f"{FEW_CLUSTERS}."
        ]
    return []


def _with_interval(
    estimate: Estimate, draws: Float, clusters: Clusters, settings: Settings, why_not: str = ""
) -> Estimate:
    """Add the percentile interval of the draws."""
    if not estimate.defined:
        return estimate
    if not settings.replicates or clusters.count < 2:
        return replace(estimate, reason=no_interval(settings.replicates, clusters))
    low, high = percentile_interval(draws, settings.level)
    reason = estimate.reason
    if np.isnan(low):
        reason = why_not or MOSTLY_UNDEFINED
    return replace(
        estimate, low=low, high=high, level=settings.level, seed=settings.seed, replicates=settings.replicates,
        method=f"percentile bootstrap over {clusters.unit}s", reason=reason,
    )  # fmt: skip


_INTENSITY: dict[str, tuple[str, str, str]] = {
    "disagreement": ("disagreement (mean within-item sample variance, divisor n-1)", PAPER, plain.DISAGREEMENT),
    "disagreement_population": (
        "disagreement (mean within-item population variance, divisor n)", PAPER, plain.DISAGREEMENT,
    ),
    "prevalence": (
        "prevalence (share of ratings above the lowest point of the scale)", "descriptive", plain.PREVALENCE,
    ),
    "agreement": (
        "raw agreement (share of agreeing pairs of ratings of an item)", "Fleiss 1971, observed agreement",
        plain.RAW_AGREEMENT,
    ),
    "alpha_ordinal": ("Krippendorff's alpha (ordinal)", KRIPPENDORFF, plain.ALPHA),
    "alpha_interval": ("Krippendorff's alpha (interval)", KRIPPENDORFF, plain.ALPHA),
}  # fmt: skip


def _intensities(
    cells: list[IntensityCell], clusters: Clusters, settings: Settings
) -> tuple[tuple[EmotionResult, ...], list[PairEffect]]:
    index = {(c.condition, c.emotion): i for i, c in enumerate(cells)}
    emotions = list(dict.fromkeys(c.emotion for c in cells))
    names = sorted({c.condition for c in cells})
    couples = list(combinations(names, 2))
    shared = [[e for e in emotions if (a, e) in index and (b, e) in index] for a, b in couples]
    families = [
        [paired_intensity(cells[index[a, e]], cells[index[b, e]]) for e in known]
        for (a, b), known in zip(couples, shared, strict=True)
    ]
    draws = resample(cells, families, clusters, settings.replicates, settings.seed)
    results = [
        _emotion_result(c, o, r, clusters, settings)
        for c, o, r in zip(cells, draws.observed, draws.resampled, strict=True)
    ]
    effects: list[PairEffect] = []
    for (a, b), known, family, sums in zip(couples, shared, families, draws.differences, strict=True):
        deltas = []
        for emotion in known:
            i, j = index[a, emotion], index[b, emotion]
            ends = results[i].alpha_ordinal, results[j].alpha_ordinal
            gap = draws.resampled[i]["alpha_ordinal"] - draws.resampled[j]["alpha_ordinal"]
            deltas.append(_delta(ends, gap, f"{emotion}, {a} - {b}", clusters, settings))
        raters = max((cells[index[a, e]].n_raters for e in known), default=0)
        effects += compare(
            family, (a, b), clusters, sums, deltas, flips=settings.flips, seed=settings.seed, level=settings.level,
            n_raters=raters,
        )  # fmt: skip
    results.sort(key=lambda r: (r.condition, emotions.index(r.emotion)))
    return tuple(results), effects


def _emotion_result(
    cell: IntensityCell, observed: Statistics, drawn: Statistics, clusters: Clusters, settings: Settings
) -> EmotionResult:
    two = cell.moments.pairable
    made = {}
    for key, (name, reference, meaning) in _INTENSITY.items():
        value = float(observed[key])
        every = key == "prevalence"
        n_items = int((cell.moments.n > 0).sum() if every else two.sum())
        reason = ""
        if np.isnan(value):
            reason = ONE_VALUE if key.startswith("alpha") and n_items else NO_PAIRS
        estimate = Estimate(
            value=value, estimator=name, reference=reference, n_items=n_items, n_raters=cell.n_raters,
            n_ratings=int(cell.moments.n.sum() if every else cell.moments.n[two].sum()),
            missing="all ratings" if every else PAIRABLE, reason=reason, about=f"{cell.emotion} in {cell.condition}",
            plain=meaning,
        )  # fmt: skip
        made[key] = _with_interval(estimate, drawn[key], clusters, settings)
    return EmotionResult(condition=cell.condition, emotion=cell.emotion, **made)


def _delta(ends: tuple[Estimate, Estimate], gap: Float, about: str, clusters: Clusters, settings: Settings) -> Estimate:
    a, b = ends
    missing = next((e.reason for e in ends if not e.defined), "")
    estimate = Estimate(
        value=a.value - b.value, estimator=f"difference of {a.estimator}", reference=a.reference,
        n_items=min(a.n_items, b.n_items), n_raters=max(a.n_raters, b.n_raters), n_ratings=a.n_ratings + b.n_ratings,
        missing=a.missing, reason=missing, about=about, plain=plain.ALPHA_DIFFERENCE,
    )  # fmt: skip
    return _with_interval(estimate, gap, clusters, settings)


def _categories(
    cells: list[CategoryCell], clusters: Clusters, settings: Settings
) -> tuple[tuple[CategoryResult, ...], list[PairEffect]]:
    cells = sorted(cells, key=lambda c: c.condition)
    couples = list(combinations(range(len(cells)), 2))
    # Categories are one family of tests, the set as a whole is its own.
    families: list[list[Paired]] = []
    for i, j in couples:
        compared = paired_categories(cells[i], cells[j])
        families += [compared[:-1], compared[-1:]]
    draws = resample(cells, families, clusters, settings.replicates, settings.seed)
    results = tuple(
        _category_result(c, o, r, clusters, settings)
        for c, o, r in zip(cells, draws.observed, draws.resampled, strict=True)
    )
    effects: list[PairEffect] = []
    for couple, (i, j) in enumerate(couples):
        a, b = results[i], results[j]
        title = f"{a.condition} - {b.condition}"
        each = draws.resampled[i]["each_alpha"] - draws.resampled[j]["each_alpha"]
        deltas = [
            _delta((x.alpha_nominal, y.alpha_nominal), each[:, k], f"{x.category}, {title}", clusters, settings)
            for k, (x, y) in enumerate(zip(a.each, b.each, strict=True))
        ]
        gap = draws.resampled[i]["alpha_nominal"] - draws.resampled[j]["alpha_nominal"]
        whole = _delta((a.alpha_nominal, b.alpha_nominal), gap, f"all categories, {title}", clusters, settings)
        how: dict[str, Any] = {
            "flips": settings.flips, "seed": settings.seed, "level": settings.level, "n_raters": cells[i].n_raters,
        }  # fmt: skip
        names = (a.condition, b.condition)
        effects += compare(families[2 * couple], names, clusters, draws.differences[2 * couple], deltas, **how)
        effects += compare(families[2 * couple + 1], names, clusters, draws.differences[2 * couple + 1], [whole], **how)
    return results, effects


def _category_result(
    cell: CategoryCell, observed: Statistics, drawn: Statistics, clusters: Clusters, settings: Settings
) -> CategoryResult:
    n = cell.total
    two = n >= 2
    base = Estimate(
        NAN, "", "", n_items=int(two.sum()), n_raters=cell.n_raters, n_ratings=int(n[two].sum()), missing=PAIRABLE,
        about=f"categories in {cell.condition}",
    )  # fmt: skip

    def make(value: float, draws: Float, name: str, reference: str, meaning: str, about: str = "") -> Estimate:
        reason = "" if not np.isnan(value) else (ONE_VALUE if two.any() else NO_PAIRS)
        named = replace(
            base, value=value, estimator=name, reference=reference, reason=reason, about=about or base.about,
            plain=meaning,
        )  # fmt: skip
        return _with_interval(named, draws, clusters, settings)

    fleiss = fleiss_kappa(cell.votes).of(base.about)
    gini = (
        "disagreement (chance that two raters of an item differ, unbiased)",
        "Sun et al. 2018 for votes; Simpson 1949",
        plain.VOTE_DISAGREEMENT,
    )
    each = []
    for k, category in enumerate(cell.categories):
        about = f"{category} in {cell.condition}"
        each.append(
            OneCategory(
                category,
                make(float(observed["each_disagreement"][k]), drawn["each_disagreement"][:, k],
                     "disagreement (mean within-item sample variance of the 0/1 indicator)", PAPER,
                     plain.DISAGREEMENT, about),
                make(float(observed["each_prevalence"][k]), drawn["each_prevalence"][:, k],
                     "prevalence (share of votes)", "descriptive", plain.VOTE_PREVALENCE, about),
                make(float(observed["each_alpha"][k]), drawn["each_alpha"][:, k],
                     "Krippendorff's alpha (nominal, this category against the rest)", KRIPPENDORFF,
                     plain.ALPHA, about),
            )
        )  # fmt: skip
    return CategoryResult(
        condition=cell.condition,
        disagreement=make(float(observed["disagreement"]), drawn["disagreement"], *gini),
        agreement=make(float(observed["agreement"]), drawn["agreement"], "raw agreement (share of agreeing pairs)",
                       "Fleiss 1971, observed agreement", plain.RAW_AGREEMENT),
        alpha_nominal=make(float(observed["alpha_nominal"]), drawn["alpha_nominal"], "Krippendorff's alpha (nominal)",
                           KRIPPENDORFF, plain.ALPHA),
        fleiss_kappa=_with_interval(replace(fleiss, n_raters=cell.n_raters), drawn["fleiss_kappa"], clusters, settings),
        each=tuple(each),
    )  # fmt: skip
