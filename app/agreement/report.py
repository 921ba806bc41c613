"""The agreement table of a study: every estimate of every cell and every comparison of conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.agreement.categories import CategoryResult, category_results
from app.agreement.cells import intensity_cells, scale_notes
from app.agreement.clusters import Clusters
from app.agreement.draws import Each, one_by_one
from app.agreement.effect import PairEffect
from app.agreement.intensities import EmotionResult, intensity_results
from app.agreement.jackknife import MIN_UNITS
from app.agreement.order import order_warnings
from app.agreement.provenance import Facts, Provenance, SourceFile, facts_of
from app.agreement.resample import Unit
from app.agreement.settings import AgreementSettings
from app.agreement.vote_cells import category_cells
from app.domain.ratings import CategoryTable, CountTable, RatingTable
from app.domain.words import many
from app.errors import UserError

FEW_CLUSTERS = 10
SIGNIFICANT = 0.05
LOWER = {"item": 0, "clip": 1, "subject": 2}
KIND_WORDS = {"intensity": "intensities", "category": "categories"}


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
        facts: what the labels hold.
        sources: files that were read.
        exclusions: (rater, reason) left out before.
    """

    emotions: tuple[EmotionResult, ...]
    categories: tuple[CategoryResult, ...]
    pairs: tuple[PairEffect, ...]
    settings: AgreementSettings
    warnings: tuple[str, ...] = ()
    simulated: bool | None = False
    facts: tuple[Facts, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    exclusions: tuple[tuple[str, str], ...] = ()

    @property
    def provenance(self) -> Provenance:
        """Where the results come from."""
        known = [p.smallest_p for p in self.pairs if not np.isnan(p.p_adjusted)]
        estimates = [e for r in self.emotions for e in r.estimates()]
        estimates += [e for r in self.categories for e in r.estimates()]
        estimates += [e for r in self.categories for one in r.each for e in one.estimates()]
        estimates += [e for p in self.pairs for e in p.estimates()]
        return Provenance(
            facts=self.facts,
            settings=self.settings,
            designs=tuple(dict.fromkeys(f"{p.design.sentence()} Results are {p.design.scope}." for p in self.pairs)),
            smallest_p=min(known, default=float("nan")),
            estimators=tuple({e.estimator: e.reference for e in estimates}.items()),
            sources=self.sources,
            exclusions=self.exclusions,
        )

    @property
    def conditions(self) -> tuple[str, ...]:
        """Names of the conditions, sorted."""
        return tuple(sorted({r.condition for r in self.emotions} | {r.condition for r in self.categories}))

    def emotion(self, condition: str, emotion: str) -> EmotionResult | None:
        """Return one cell, None if nobody rated it."""
        found = [r for r in self.emotions if r.condition == condition and r.emotion == emotion]
        return found[0] if found else None


def agreement_report(
    ratings: RatingTable | None = None,
    categories: CategoryTable | CountTable | None = None,
    settings: AgreementSettings | None = None,
    each: Each = one_by_one,
) -> AgreementReport:
    """Compute the whole table.

    Args:
        ratings: intensities; only pass 1 counts.
        categories: labels (only pass 1 counts) or published votes.
        settings: how intervals and p values are made.
        each: who sums the blocks of a bootstrap, see `app.agreement.draws.Each`.

    Raises:
        UserError: there is nothing to compute from, or subjects are asked for and not known.

    Example:
        >>> from app.agreement.example import ratings
        >>> found = agreement_report(ratings(), settings=AgreementSettings(unit="item"))
        >>> alpha = found.emotion("face_only", "happy").alpha_ordinal
        >>> round(alpha.value, 3), round(alpha.low, 3), round(alpha.high, 3)
        (0.796, 0.59, 0.931)
    """
    chosen = settings or AgreementSettings()
    warnings: list[str] = []
    emotions: tuple[EmotionResult, ...] = ()
    votes: tuple[CategoryResult, ...] = ()
    pairs: list[PairEffect] = []
    facts = tuple(facts_of(table) for table in (ratings, categories) if table is not None and len(table))
    if ratings is not None and len(ratings):
        warnings += [*ratings.notes, *order_warnings(ratings), *scale_notes(ratings)]
        cells, clusters = intensity_cells(ratings, chosen.unit, chosen.present)
        emotions, effects = intensity_results(cells, clusters, chosen, each)
        pairs += effects
        warnings += _cluster_warnings(clusters, chosen)
    if categories is not None and len(categories):
        warnings += categories.notes
        raters = None
        if isinstance(categories, CategoryTable):
            warnings += order_warnings(categories)
            raters = _raters_of(categories)
            categories = categories.counts()
        vote_cells, clusters = category_cells(categories, chosen.unit)
        votes, effects = category_results(vote_cells, clusters, chosen, raters, each)
        pairs += effects
        warnings += _cluster_warnings(clusters, chosen)
    warnings += _one_only((ratings, categories), chosen.unit)
    warnings += _design_warnings(pairs)
    if not emotions and not votes:
        raise UserError(
            "There is no rating to compute agreement from.", "Choose a file or project with labels of pass 1."
        )
    marks = [t.simulated for t in (ratings, categories) if t is not None]
    simulated = True if any(marks) else None if None in marks else False
    if simulated:
        warnings.insert(0, "Some or all answers come from simulated raters.")
    return AgreementReport(emotions, votes, tuple(pairs), chosen, tuple(dict.fromkeys(warnings)), simulated, facts)


def _cluster_warnings(clusters: Clusters, settings: AgreementSettings) -> list[str]:
    if not settings.replicates or not clusters.count:
        return []
    if clusters.count < MIN_UNITS:
        found = many(clusters.count, clusters.unit)
        return [
            f"{found} cannot be resampled ({MIN_UNITS} are needed to tell how far a result varies): results are given "
            "without intervals."
        ]
    if clusters.count < FEW_CLUSTERS:
        return [
            f"Only {many(clusters.count, clusters.unit)} to resample: intervals are wide and hold their level only "
            f"roughly below {FEW_CLUSTERS}."
        ]
    return []


def _one_only(tables: Iterable[RatingTable | CategoryTable | CountTable | None], unit: Unit) -> list[str]:
    """That all labels are about one person or one clip, where lower levels are resampled."""
    out = []
    for table in tables:
        if table is None or not len(table):
            continue
        used = np.unique(table.item)
        for name, factor in (("subject", table.items.subject), ("clip", table.items.clip)):
            found = np.unique(factor.codes[used])
            if found.size == 1 and found[0] >= 0 and used.size > 1 and LOWER[unit] < LOWER[name]:
                out.append(
                    f"All labels are about one {name}, {factor.names[found[0]]}: results speak of this one only."
                )
                break
    return out


def _raters_of(table: CategoryTable) -> dict[str, list[int]]:
    """Return the condition → numbers of the raters who gave a label of pass 1 in it."""
    known = (table.pass_no == 1) & (table.category.codes >= 0)
    return {
        name: np.unique(table.rater.codes[known & (table.condition.codes == code)]).tolist()
        for code, name in enumerate(table.condition.names)
    }


def _design_warnings(pairs: list[PairEffect]) -> list[str]:
    """Return what follows from who judged what, and p values that cannot become small."""
    out = []
    for pair in pairs:
        if pair.design.kind in ("between", "mixed"):
            how = (
                "p is the larger of that of clips or subjects and that of exchanging raters, and intervals count both"
                if pair.design.over_raters
                else "p and intervals speak of these raters only"
            )
            out.append(f"{pair.design.sentence()} A difference may be one of raters: {how}.")
        if SIGNIFICANT < pair.smallest_p < 1 and not np.isnan(pair.p_adjusted):
            out.append(
                f"{pair.a} - {pair.b}, {KIND_WORDS[pair.kind]}: with so few clusters or raters no p below "
                f"{pair.smallest_p:.2g} can occur."
            )
    return list(dict.fromkeys(out))
