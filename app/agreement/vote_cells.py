"""The category votes of one condition as per-cluster columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.clusters import Clusters, Statistics, clusters_of, over
from app.agreement.estimate import NAN
from app.agreement.resample import Unit, gather
from app.agreement.variance import vote_disagreement
from app.domain.ratings import CountTable

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CategoryCell:
    """The category votes of one condition.

    Attributes:
        condition: name of the condition.
        categories: names of the categories.
        votes: (items, categories) float64 counts over all items of the table.
        columns: (clusters, p) float64 sums.
        n_raters: raters behind the votes, 0 if not known.
        clusters: clusters behind the columns.
    """

    condition: str
    categories: tuple[str, ...]
    votes: Float
    columns: Float
    n_raters: int
    clusters: Clusters

    @property
    def total(self) -> Float:
        """(items,) number of votes of each item."""
        total: Float = self.votes.sum(axis=1)
        return total

    @property
    def present(self) -> NDArray[np.bool_]:
        """(clusters,) which clusters have an item with two votes here."""
        some: NDArray[np.bool_] = self.columns[:, 0] > 0
        return some

    def telling(self, category: int | None = None) -> int:
        """Clusters from which a coefficient could vary.

        Args:
            category: for this one against the rest, the smaller number of clusters with and without it; for all
                together, the clusters that hold another vote than the most frequent one.
        """
        k = len(self.categories)
        votes = self.columns[:, 4 + 4 * k : 4 + 5 * k]
        total = votes.sum(axis=1)
        one = int(votes.sum(axis=0).argmax()) if category is None else category
        with_it, without = int((votes[:, one] > 0).sum()), int((total - votes[:, one] > 0).sum())
        return without if category is None else min(with_it, without)

    def evaluate(self, sums: Float) -> Statistics:
        """Statistics from column sums.

        Args:
            sums: (..., p) float64.

        Returns:
            Arrays (...) under disagreement, agreement, alpha_nominal, fleiss_kappa and, with one more axis over
            categories at the end, each_disagreement, each_prevalence, each_alpha; NaN where undefined.
        """
        k = len(self.categories)
        items, gini, mixed, voted = np.moveaxis(sums[..., :4], -1, 0)
        marginals, share, variance, mass, every = (sums[..., 4 + i * k : 4 + (i + 1) * k] for i in range(5))
        n = marginals.sum(axis=-1)
        expected = n * n - (marginals**2).sum(axis=-1)
        ok = (expected > 0) & ((marginals > 0).sum(axis=-1) > 1)
        alpha = np.where(ok, 1.0 - (n - 1.0) * over(mixed, np.where(ok, expected, 0.0)), NAN)
        chance = (over(share, voted[..., None]) ** 2).sum(axis=-1)
        disagree = over(gini, items)
        several = (share > 0).sum(axis=-1) > 1
        kappa = np.where(several, 1.0 - over(disagree, np.where(several, 1.0 - chance, 0.0)), NAN)
        rest = n[..., None] - marginals
        two_way = (marginals > 0) & (rest > 0)
        one = 1.0 - (n[..., None] - 1.0) * over(mass, np.where(two_way, marginals * rest, 0.0))
        return {
            "disagreement": disagree,
            "agreement": 1.0 - disagree,
            "alpha_nominal": alpha,
            "fleiss_kappa": kappa,
            "each_disagreement": over(variance, np.broadcast_to(items[..., None], variance.shape)),
            "each_prevalence": over(every, np.broadcast_to(every.sum(axis=-1)[..., None], every.shape)),
            "each_alpha": np.where(two_way, one, NAN),
        }


def category_cells(table: CountTable, unit: Unit) -> tuple[list[CategoryCell], Clusters]:
    """Collect every condition of a table of votes.

    Args:
        table: votes; one row per (item, condition).
        unit: what the intervals resample.

    Raises:
        UserError: resampling by subject without subjects.

    Example:
        >>> from app.agreement.example import choices
        >>> cells, clusters = category_cells(choices().counts(), "item")
        >>> [(cell.condition, cell.votes[0]) for cell in cells], clusters.count
        ([('face_only', array([2., 1., 0.])), ('full_context', array([3., 0., 0.]))], 8)
    """
    used = np.zeros(len(table.items), dtype=bool)
    used[table.item[table.votes.sum(axis=1) > 0]] = True
    clusters = clusters_of(table.items, used, unit)
    cells = []
    for code, name in enumerate(table.condition.names):
        rows = table.condition.codes == code
        if rows.any():
            votes = np.zeros((len(table.items), len(table.categories)))
            np.add.at(votes, table.item[rows], table.votes[rows])
            cells.append(_category_cell(name, table.categories, table.n_raters, votes, clusters))
    return cells, clusters


def indicator_variance(votes: Float) -> Float:
    """Compute the sample variance of each category's 0/1 indicator: (items, categories), NaN below two votes.

    Example:
        >>> indicator_variance(np.array([[2.0, 2], [3, 0], [1, 0]])).round(3)
        array([[0.333, 0.333],
               [0.   , 0.   ],
               [  nan,   nan]])
    """
    n = votes.sum(axis=1, keepdims=True)
    two = n >= 2
    return np.where(two, votes * (n - votes) / np.where(two, n * (n - 1.0), 1.0), NAN)


def part_of(cell: CategoryCell, items: NDArray[np.bool_]) -> CategoryCell:
    """Reduce a cell to some items; it stays as it is where no item with two votes leaves it.

    Args:
        cell: the whole cell.
        items: (items,) which items stay.

    Example:
        >>> from app.agreement.example import choices
        >>> cells, _ = category_cells(choices().counts(), "item")
        >>> part_of(cells[0], np.arange(8) < 4).total
        array([3., 3., 3., 3., 0., 0., 0., 0.])
    """
    if not bool(((cell.total >= 2) & ~items).any()):
        return cell
    votes = np.where(items[:, None], cell.votes, 0.0)
    return _category_cell(cell.condition, cell.categories, cell.n_raters, votes, cell.clusters)


def _category_cell(
    name: str, categories: tuple[str, ...], n_raters: int, votes: Float, clusters: Clusters
) -> CategoryCell:
    n = votes.sum(axis=1)
    two, voted = n >= 2, n > 0
    gini = np.where(two, vote_disagreement(votes), 0.0)
    paired = votes * two[:, None]
    share = np.where(voted[:, None], votes / np.where(voted, n, 1.0)[:, None], 0.0)
    variance = np.where(two[:, None], indicator_variance(votes), 0.0)
    # Ordered pairs of different categories within an item over m - 1: n_c (m - n_c) / (m - 1) = m s_c^2.
    mass = variance * n[:, None]
    head = np.stack([two.astype(np.float64), gini, mass.sum(axis=1), voted.astype(np.float64)], axis=1)
    columns = np.concatenate([head, paired, share, variance, mass, votes], axis=1)
    inside = clusters.of_item >= 0
    return CategoryCell(
        condition=name,
        categories=categories,
        votes=votes,
        columns=gather(columns[inside], clusters.of_item[inside], clusters.count),
        n_raters=n_raters,
        clusters=clusters,
    )
