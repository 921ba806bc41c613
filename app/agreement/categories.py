"""Categories: every estimate of every condition and category, and the comparisons of conditions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.alpha import NO_PAIRS, ONE_VALUE
from app.agreement.alpha import REFERENCE as KRIPPENDORFF
from app.agreement.clusters import Clusters, Statistics
from app.agreement.delta import Side, delta_alpha
from app.agreement.design import Design, design_of
from app.agreement.draws import Draws, Each, one_by_one, resample
from app.agreement.effect import PairEffect, compare
from app.agreement.estimate import NAN, Estimate
from app.agreement.intervals import with_interval
from app.agreement.jackknife import Scale
from app.agreement.kappa import fleiss_kappa
from app.agreement.paired import Paired, paired_categories
from app.agreement.settings import AgreementSettings
from app.agreement.variance import PAIRABLE, PAPER
from app.agreement.vote_cells import CategoryCell, part_of

Float = NDArray[np.float64]


@dataclass(frozen=True)
class OneCategory:
    """One category of a condition's votes, as 0/1 indicator."""

    category: str
    disagreement: Estimate
    prevalence: Estimate
    alpha_nominal: Estimate

    def estimates(self) -> tuple[Estimate, ...]:
        """Return all of them."""
        return self.disagreement, self.prevalence, self.alpha_nominal


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
        """Return the estimates over all categories."""
        return self.disagreement, self.agreement, self.alpha_nominal, self.fleiss_kappa


def category_results(
    cells: list[CategoryCell],
    clusters: Clusters,
    settings: AgreementSettings,
    raters: Mapping[str, Collection[int]] | None = None,
    each: Each = one_by_one,
) -> tuple[tuple[CategoryResult, ...], list[PairEffect]]:
    """Compute every estimate of every condition, and compare each pair of conditions on each category and on all.

    Args:
        cells: cells of one table of votes.
        clusters: what is resampled together.
        settings: how intervals and p values are made.
        raters: condition → numbers of its raters; None where votes do not name them.
        each: who sums the blocks of a bootstrap.

    Returns:
        (results by condition, comparisons by pair of conditions: the categories, then the set with an empty name).

    Example:
        >>> from app.agreement.example import choices
        >>> from app.agreement.vote_cells import category_cells
        >>> cells, clusters = category_cells(choices().counts(), "item")
        >>> results, comparisons = category_results(cells, clusters, AgreementSettings(unit="item"))
        >>> [(one.condition, round(one.fleiss_kappa.value, 2)) for one in results]
        [('face_only', 0.51), ('full_context', 0.84)]
        >>> [one.emotion or "all" for one in comparisons]
        ['sad', 'neutral', 'happy', 'all']
    """
    cells = sorted(cells, key=lambda c: c.condition)
    couples = list(combinations(range(len(cells)), 2))
    # Categories are one family of tests, the set as a whole is its own.
    families: list[list[Paired]] = []
    parts: list[tuple[CategoryCell, CategoryCell]] = []
    for i, j in couples:
        compared = paired_categories(cells[i], cells[j])
        families += [compared[:-1], compared[-1:]]
        common = compared[-1].both
        whole = cells[i], cells[j]
        parts.append((part_of(whole[0], common), part_of(whole[1], common)) if common.any() else whole)
    own = {id(c) for c in cells}
    every = [*cells, *(part for pair in parts for part in pair if id(part) not in own)]
    draws = resample(every, families, clusters, settings, each)
    place = {id(cell): i for i, cell in enumerate(every)}
    results = tuple(
        _category_result(c, draws.observed[i], draws.resampled[i], clusters, settings) for i, c in enumerate(cells)
    )
    effects: list[PairEffect] = []
    for couple, (i, j) in enumerate(couples):
        names = results[i].condition, results[j].condition
        design = _design(names, raters)
        n_common = int(families[2 * couple + 1][0].both.sum())
        title = f"{names[0]} - {names[1]}"
        ends = [(results[n], part, place[id(part)]) for n, part in zip((i, j), parts[couple], strict=True)]

        def delta(
            k: int | None,
            name: str,
            ends: list[_End] = ends,
            n: int = n_common,
            title: str = title,
            design: Design = design,
        ) -> Estimate:
            first, second = (_side(result, part, draws, at, k) for result, part, at in ends)
            return delta_alpha((first, second), n, f"{name}, {title}", clusters, settings, design=design)

        deltas = [delta(k, name) for k, name in enumerate(cells[i].categories)]
        of_all = [delta(None, "all categories")]
        for at_family, found in ((2 * couple, deltas), (2 * couple + 1, of_all)):
            effects += compare(
                families[at_family], names, clusters, draws.differences[at_family], found, settings,
                n_raters=cells[i].n_raters, design=design,
            )  # fmt: skip
    return results, effects


def _design(names: tuple[str, str], raters: Mapping[str, Collection[int]] | None) -> Design:
    """Votes are kept as counts, so that raters are told but not exchanged."""
    if raters is None:
        return Design(*names, "unknown")
    return replace(design_of(names, raters.get(names[0], ()), raters.get(names[1], ())), exchangeable=False)


_End = tuple[CategoryResult, CategoryCell, int]


def _side(result: CategoryResult, part: CategoryCell, draws: Draws, n: int, category: int | None) -> Side:
    """Return one condition of a difference of alpha, of a category or of all."""
    observed, drawn = draws.observed[n], draws.resampled[n]
    if category is None:
        alpha, value, rows = result.alpha_nominal, observed["alpha_nominal"], drawn["alpha_nominal"]
    else:
        alpha = result.each[category].alpha_nominal
        value, rows = observed["each_alpha"][category], drawn["each_alpha"][:, category]
    total = part.total
    return Side(alpha, float(value), rows, part.present, part.telling(category), int(total[total >= 2].sum()))


def _category_result(
    cell: CategoryCell, observed: Statistics, drawn: Statistics, clusters: Clusters, settings: AgreementSettings
) -> CategoryResult:
    n = cell.total
    two = n >= 2
    base = Estimate(
        NAN, "", "", n_items=int(two.sum()), n_raters=cell.n_raters, n_ratings=int(n[two].sum()), missing=PAIRABLE,
        about=f"categories in {cell.condition}",
    )  # fmt: skip

    def make(
        value: float, draws: Float, name: str, reference: str, meaning: str, scale: Scale, about: str = "",
        category: int | None = None,
    ) -> Estimate:  # fmt: skip
        reason = "" if not np.isnan(value) else (ONE_VALUE if two.any() else NO_PAIRS)
        named = replace(
            base, value=value, estimator=name, reference=reference, reason=reason, about=about or base.about,
            plain=meaning,
        )  # fmt: skip
        return with_interval(
            named, draws, clusters, settings, scale=scale, present=cell.present, telling=cell.telling(category)
        )

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
                     plain.DISAGREEMENT, "root", about, k),
                make(float(observed["each_prevalence"][k]), drawn["each_prevalence"][:, k],
                     "prevalence (share of votes)", "descriptive", plain.VOTE_PREVALENCE, "angle", about, k),
                make(float(observed["each_alpha"][k]), drawn["each_alpha"][:, k],
                     "Krippendorff's alpha (nominal, this category against the rest)", KRIPPENDORFF, plain.ALPHA,
                     "root_below_one", about, k),
            )
        )  # fmt: skip
    return CategoryResult(
        condition=cell.condition,
        disagreement=make(float(observed["disagreement"]), drawn["disagreement"], *gini, "root"),
        agreement=make(float(observed["agreement"]), drawn["agreement"], "raw agreement (share of agreeing pairs)",
                       "Fleiss 1971, observed agreement", plain.RAW_AGREEMENT, "angle"),
        alpha_nominal=make(float(observed["alpha_nominal"]), drawn["alpha_nominal"], "Krippendorff's alpha (nominal)",
                           KRIPPENDORFF, plain.ALPHA, "root_below_one"),
        fleiss_kappa=with_interval(
            replace(fleiss, n_raters=cell.n_raters), drawn["fleiss_kappa"], clusters, settings, scale="root_below_one",
            present=cell.present, telling=cell.telling(),
        ),
        each=tuple(each),
    )  # fmt: skip
