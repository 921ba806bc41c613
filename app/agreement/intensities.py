"""Intensities: every estimate of every emotion and condition, and the comparisons of conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.alpha import NO_PAIRS, ONE_VALUE
from app.agreement.alpha import REFERENCE as KRIPPENDORFF
from app.agreement.cells import IntensityCell, part_of
from app.agreement.clusters import Clusters, Statistics
from app.agreement.delta import Side, delta_alpha
from app.agreement.design import Design, design_of
from app.agreement.draws import Each, one_by_one, resample
from app.agreement.effect import PairEffect, compare
from app.agreement.estimate import Estimate
from app.agreement.intervals import with_interval
from app.agreement.jackknife import Scale
from app.agreement.paired import Paired, paired_intensity
from app.agreement.rater_effect import RaterTest, exchange_raters, panel_of
from app.agreement.rater_spread import RaterSpread, rater_spread
from app.agreement.settings import AgreementSettings
from app.agreement.variance import PAIRABLE, PAPER

Float = NDArray[np.float64]


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
        """Return all estimates, in the order tables show them."""
        return (
            self.disagreement, self.disagreement_population, self.prevalence, self.agreement, self.alpha_ordinal,
            self.alpha_interval,
        )  # fmt: skip


_INTENSITY: dict[str, tuple[str, str, str]] = {
    "disagreement": ("disagreement (mean within-item sample variance, divisor n-1)", PAPER, plain.DISAGREEMENT),
    "disagreement_population": (
        "disagreement (mean within-item population variance, divisor n)", PAPER, plain.DISAGREEMENT,
    ),
    "prevalence": (
        "prevalence (share of ratings above the scale's lowest point)", "descriptive", plain.PREVALENCE,
    ),
    "agreement": (
        "raw agreement (share of agreeing pairs of ratings of an item)", "Fleiss 1971, observed agreement",
        plain.RAW_AGREEMENT,
    ),
    "alpha_ordinal": ("Krippendorff's alpha (ordinal)", KRIPPENDORFF, plain.ALPHA),
    "alpha_interval": ("Krippendorff's alpha (interval)", KRIPPENDORFF, plain.ALPHA),
}  # fmt: skip
_SCALE: dict[str, Scale] = {
    "disagreement": "root", "disagreement_population": "root", "prevalence": "angle", "agreement": "angle",
    "alpha_ordinal": "root_below_one", "alpha_interval": "root_below_one",
}  # fmt: skip
"""Scales on which the sampling distributions are nearly symmetric; see benchmarks/coverage.py."""


def intensity_results(
    cells: list[IntensityCell], clusters: Clusters, settings: AgreementSettings, each: Each = one_by_one
) -> tuple[tuple[EmotionResult, ...], list[PairEffect]]:
    """Compute every estimate of every cell, and compare each pair of conditions on every emotion that both have.

    Args:
        cells: cells of one table.
        clusters: what is resampled together.
        settings: how intervals and p values are made.
        each: who sums the blocks of a bootstrap.

    Returns:
        (results by condition and emotion, comparisons by pair of conditions).

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.example import ratings
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> results, comparisons = intensity_results(cells, clusters, AgreementSettings(unit="item"))
        >>> [(one.emotion, round(one.disagreement.value, 3)) for one in results if one.condition == "face_only"]
        [('happy', 0.625), ('sad', 0.958)]
        >>> [(one.emotion, round(one.difference.value, 3)) for one in comparisons]
        [('happy', 0.458), ('sad', 0.833)]
    """
    emotions = list(dict.fromkeys(c.emotion for c in cells))
    couples = _couples(cells, emotions, clusters)
    families = [[one.pair for one in couple] for couple in couples.values()]
    # Cells reduced to the items of a comparison are further cells; those that lose nothing stand for themselves.
    parts = {id(part): part for couple in couples.values() for one in couple for part in one.parts}
    extra = [part for key, part in parts.items() if key not in {id(c) for c in cells}]
    every = [*cells, *extra]
    draws = resample(every, families, clusters, settings, each)
    place = {id(cell): i for i, cell in enumerate(every)}
    results = {
        (c.condition, c.emotion): _emotion_result(c, draws.observed[i], draws.resampled[i], clusters, settings)
        for i, c in enumerate(cells)
    }
    effects: list[PairEffect] = []
    for ((a, b), couple), family, sums in zip(couples.items(), families, draws.differences, strict=True):
        raters = _raters_of((a, b), couple, settings)
        deltas = []
        for one, spread in zip(couple, raters.of_alpha, strict=True):
            first, second = (
                Side(
                    alpha=results[name, one.pair.emotion].alpha_ordinal,
                    value=float(draws.observed[place[id(part)]]["alpha_ordinal"]),
                    draws=draws.resampled[place[id(part)]]["alpha_ordinal"],
                    present=part.present,
                    telling=part.n_telling,
                    n_ratings=int(part.moments.n[part.moments.pairable].sum()),
                )
                for name, part in zip((a, b), one.parts, strict=True)
            )
            about = f"{one.pair.emotion}, {a} - {b}"
            deltas.append(
                delta_alpha(
                    (first, second),
                    int(one.pair.both.sum()),
                    about,
                    clusters,
                    settings,
                    design=raters.design,
                    spread=spread,
                )
            )
        effects += compare(
            family, (a, b), clusters, sums, deltas, settings,
            n_raters=max((part.n_raters for one in couple for part in one.parts), default=0), design=raters.design,
            exchanged=raters.exchanged, spreads=raters.of_difference,
        )  # fmt: skip
    ordered = sorted(results.values(), key=lambda r: (r.condition, emotions.index(r.emotion)))
    return tuple(ordered), effects


@dataclass(frozen=True, eq=False)
class _Couple:
    """One emotion in two conditions.

    Attributes:
        pair: what the paired comparison needs.
        parts: the two cells on the items compared: those with two ratings in both, or all where there is none.
    """

    pair: Paired
    parts: tuple[IntensityCell, IntensityCell]


@dataclass(frozen=True, eq=False)
class _Raters:
    """The raters of two conditions as a source of chance.

    Attributes:
        design: who judged in which condition.
        exchanged: p of exchanging raters where the design asks for it.
        of_difference: variance of each difference from the choice of raters; empty where no interval is wanted.
        of_alpha: the same of each difference of alpha, None where the design does not ask for it.
    """

    design: Design
    exchanged: RaterTest | None
    of_difference: list[RaterSpread]
    of_alpha: Sequence[RaterSpread | None]


def _raters_of(names: tuple[str, str], couple: list[_Couple], settings: AgreementSettings) -> _Raters:
    sources = [[part.source for one in couple for part in one.parts[i : i + 1] if part.source] for i in (0, 1)]
    first, second = (np.unique(np.concatenate([s.rater for s in side] or [np.empty(0, np.int32)])) for side in sources)
    design = design_of(names, first.tolist(), second.tolist())
    panels = [panel_of(*one.parts) for one in couple]
    known = [panel for panel in panels if panel is not None]
    if (not settings.replicates and not design.over_raters) or len(known) < len(panels) or not known:
        return _Raters(design, None, [], [None] * len(couple))
    common = [one.pair.both if one.pair.both.any() else np.ones_like(one.pair.both) for one in couple]
    differences = [rater_spread(p, "disagreement", both) for p, both in zip(known, common, strict=True)]
    if not design.over_raters:
        return _Raters(design, None, differences, [None] * len(couple))
    of_alpha = [rater_spread(p, "alpha", both) for p, both in zip(known, common, strict=True)]
    return _Raters(design, exchange_raters(known, seed=settings.seed), differences, of_alpha)


def _couples(
    cells: list[IntensityCell], emotions: list[str], clusters: Clusters
) -> dict[tuple[str, str], list[_Couple]]:
    known = {(c.condition, c.emotion): c for c in cells}
    out: dict[tuple[str, str], list[_Couple]] = {}
    for a, b in combinations(sorted({c.condition for c in cells}), 2):
        found = out[a, b] = []
        for emotion in emotions:
            if (a, emotion) in known and (b, emotion) in known:
                ends = known[a, emotion], known[b, emotion]
                pair = paired_intensity(*ends)
                common = pair.both
                one, other = (part_of(c, common, clusters) for c in ends) if common.any() else ends
                found.append(_Couple(pair, (one, other)))
    return out


def _emotion_result(
    cell: IntensityCell, observed: Statistics, drawn: Statistics, clusters: Clusters, settings: AgreementSettings
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
        if every and settings.present is not None:
            name = f"prevalence (share of ratings of {settings.present:g} or more)"
        estimate = Estimate(
            value=value, estimator=name, reference=reference, n_items=n_items, n_raters=cell.n_raters,
            n_ratings=int(cell.moments.n.sum() if every else cell.moments.n[two].sum()),
            missing="all ratings" if every else PAIRABLE, reason=reason, about=f"{cell.emotion} in {cell.condition}",
            plain=meaning,
        )  # fmt: skip
        made[key] = with_interval(
            estimate, drawn[key], clusters, settings, scale=_SCALE[key], present=cell.present, telling=cell.n_telling
        )
    return EmotionResult(condition=cell.condition, emotion=cell.emotion, **made)
