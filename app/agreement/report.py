"""The agreement table of a study: every estimate of every cell and every comparison of conditions."""

from __future__ import annotations

from dataclasses import dataclass

from app.agreement.categories import CategoryResult, category_results
from app.agreement.cells import intensity_cells, scale_notes
from app.agreement.clusters import Clusters
from app.agreement.effect import PairEffect
from app.agreement.intensities import EmotionResult, intensity_results
from app.agreement.jackknife import MIN_UNITS
from app.agreement.order import order_warnings
from app.agreement.settings import Settings
from app.agreement.vote_cells import category_cells
from app.domain.ratings import CategoryTable, CountTable, RatingTable
from app.domain.words import many
from app.errors import UserError

FEW_CLUSTERS = 10


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
        warnings += [*ratings.notes, *order_warnings(ratings), *scale_notes(ratings)]
        cells, clusters = intensity_cells(ratings, chosen.unit, chosen.present)
        emotions, effects = intensity_results(cells, clusters, chosen)
        pairs += effects
        warnings += _cluster_warnings(clusters, chosen)
    if categories is not None and len(categories):
        warnings += categories.notes
        if isinstance(categories, CategoryTable):
            warnings += order_warnings(categories)
            categories = categories.counts()
        vote_cells, clusters = category_cells(categories, chosen.unit)
        votes, effects = category_results(vote_cells, clusters, chosen)
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
