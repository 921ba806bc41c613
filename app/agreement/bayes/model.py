"""The model of raters of a table of labels, with all that is shown of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.band import LEVEL, Band
from app.agreement.bayes.fit import Fit, FitSettings, fit
from app.agreement.bayes.kinds import allow_for
from app.agreement.bayes.ordinal_data import ordinal_data
from app.agreement.bayes.posterior import Truths, truths_of
from app.agreement.bayes.predictive import Checked, alarms, check_fit
from app.agreement.bayes.profiles import Profile, profiles_of
from app.agreement.bayes.suspects import suspects_of
from app.agreement.bayes.tired import tired_of
from app.agreement.bayes.votes import VoteFit, Votes, fit_votes, share_band
from app.domain.ratings import CategoryTable, RatingTable
from app.errors import UserError

Tell = Callable[[int, float], None]


@dataclass(frozen=True, eq=False)
class IntensityModel:
    """The model of intensities.

    Attributes:
        fit: what was fitted.
        truths: items and context, with intervals.
        raters: profiles.
        checked: ratings beside ratings drawn from the model.
        level: probability within an interval.
        seed: of the check.
    """

    fit: Fit = field(repr=False)
    truths: Truths
    raters: tuple[Profile, ...]
    checked: tuple[Checked, ...]
    level: float = LEVEL
    seed: int = 0

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: what was decided, whom to ask, and where the model does not fit."""
        data = self.fit.columns.data
        out = [*data.notes, *(one.words for one in suspects_of(data)), *(one.words for one in tired_of(data))]
        if not self.fit.converged:
            out.append(f"After {self.fit.steps} steps the fit still moves; read its numbers with care.")
        return (*out, *alarms(self.checked))

    def n_of_cell(self) -> NDArray[np.int64]:
        """(units, conditions) int64 number of ratings."""
        columns = self.fit.columns
        counts = np.bincount(columns.cell, minlength=columns.n_units * columns.n_conditions)
        return counts.reshape(columns.n_units, columns.n_conditions)


@dataclass(frozen=True, eq=False)
class CategoryModel:
    """The model of categories.

    Attributes:
        fit: what was fitted.
        items: names of the items.
        conditions: names of the conditions.
        raters: codes of the raters.
        categories: names of the categories.
        cell_item: (cells,) int64 item of each cell.
        cell_condition: (cells,) int64.
        n: (cells,) int64 number of votes.
        shares: (cells, categories) what people see, with intervals.
    """

    fit: VoteFit = field(repr=False)
    items: tuple[str, ...]
    conditions: tuple[str, ...]
    raters: tuple[str, ...]
    categories: tuple[str, ...]
    cell_item: NDArray[np.int64]
    cell_condition: NDArray[np.int64]
    n: NDArray[np.int64]
    shares: Band

    def reliance(self) -> NDArray[np.float64]:
        """(raters,) mean share of what a rater sees that he or she also says."""
        out: NDArray[np.float64] = np.einsum("rkk->r", self.fit.confusion) / len(self.categories)
        return out


def intensity_model(
    table: RatingTable, *, level: float = LEVEL, seed: int = 0, tell: Tell | None = None, as_given: bool = False
) -> IntensityModel:
    """Fit the model to intensities.

    Args:
        table: The ratings, without raters who do not count.
        level: Probability within an interval.
        seed: Of the check by drawn ratings; the fit has no chance in it.
        tell: Receives (step, largest change).
        as_given: Whether the answers of raters who rate against the others or by chance count as they stand; otherwise
            `allow_for` treats them.

    Raises:
        UserError: There is nothing to fit.

    Example:
        >>> from app.agreement.plan_world import StudySize, World, as_table, draw_scores
        >>> size = StudySize(6, 2, 3)
        >>> table = as_table(draw_scores(World(), size, np.random.default_rng(0)), size, World())
        >>> found = intensity_model(table)
        >>> len(found.raters), found.truths.points.mean.shape
        (3, (12, 1))
    """
    data = ordinal_data(table)
    done = fit(data if as_given else allow_for(data), FitSettings(tell=tell))
    return IntensityModel(done, truths_of(done, level), profiles_of(done, level), check_fit(done, seed), level, seed)


def category_model(table: CategoryTable, *, level: float = LEVEL, seed: int = 0) -> CategoryModel:
    """Fit the model to categories.

    Args:
        table: The labels, without raters who do not count.
        level: Probability within an interval.
        seed: Of the draws.

    Raises:
        UserError: There are no labels.

    Example:
        >>> from app.domain.ratings import Factor, Items
        >>> codes = np.array([0, 0, 0, 1, 1, 0], dtype=np.int32)
        >>> table = CategoryTable(
        ...     Items.of_clips(("a", "b")), np.repeat(np.arange(2, dtype=np.int32), 3), Factor.constant("face_only", 6),
        ...     Factor(np.tile(np.arange(3, dtype=np.int32), 2), ("R1", "R2", "R3")), Factor(codes, ("happy", "sad")),
        ...     np.ones(6, dtype=np.int32))
        >>> found = category_model(table)
        >>> found.shares.mean.argmax(axis=1).tolist(), found.n.tolist()
        ([0, 1], [3, 3])
    """
    first = table.of_pass(1)
    first = first.where((first.category.codes >= 0) & (first.condition.codes >= 0) & (first.rater.codes >= 0))
    if not len(first):
        raise UserError("There are no categories for a model of raters.", "Collect labels, or choose other ones.")
    n_c = len(first.condition.names)
    key, cell = np.unique(first.item.astype(np.int64) * n_c + first.condition.codes, return_inverse=True)
    rater_codes, rater = np.unique(first.rater.codes, return_inverse=True)
    votes = Votes(
        cell.astype(np.int64), rater.astype(np.int64), first.category.codes.astype(np.int64), key.size,
        rater_codes.size, len(first.category.names),
    )  # fmt: skip
    done = fit_votes(votes, seed)
    return CategoryModel(
        done, first.items.names, first.condition.names, tuple(first.rater.names[r] for r in rater_codes),
        first.category.names, key // n_c, key % n_c, np.bincount(cell, minlength=key.size), share_band(done, level),
    )  # fmt: skip
