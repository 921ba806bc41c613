"""The cells of the agreement table as per-cluster columns.

A cell is one emotion (or the category set) in one condition.  All its statistics are functions of sums of columns over
clusters, evaluated alike on the observed sums and on thousands of resampled ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.alpha import alpha_from_sums, level_counts, pair_mass, paired_counts, ranks_of
from app.agreement.estimate import NAN
from app.agreement.resample import Unit, gather
from app.agreement.variance import ItemMoments, item_moments, vote_disagreement
from app.domain.ratings import CountTable, Items, RatingTable
from app.errors import UserError

Float = NDArray[np.float64]
Statistics = dict[str, Float]

MANY_LEVELS = 40


@dataclass(frozen=True, eq=False)
class Clusters:
    """What is resampled together.

    Attributes:
        unit: item, clip or subject.
        of_item: (items,) int64, cluster of each item.
        count: number of clusters.
    """

    unit: Unit
    of_item: NDArray[np.int64]
    count: int


def clusters_of(items: Items, used: NDArray[np.bool_], unit: Unit) -> Clusters:
    """Clusters of the items that take part; the others get cluster -1.

    Args:
        items: all items.
        used: (items,) which of them have data.
        unit: what to resample; items without a subject count as subjects of their own clip.

    Raises:
        UserError: resampling by subject when no item names its subject.
    """
    label: NDArray[np.int64] = np.arange(len(items)) if unit == "item" else items.clip.codes.astype(np.int64)
    if unit == "subject":
        subject = items.subject.codes.astype(np.int64)
        if not bool((subject[used] >= 0).any()):
            raise UserError(
                "The labels do not name the subject of any clip.",
                "Add a subject column (or name the subjects in the project), or resample by item or clip.",
            )
        label = np.where(subject >= 0, subject, len(items.subject.names) + label)
    of_item = np.full(len(items), -1, dtype=np.int64)
    kept, codes = np.unique(label[used], return_inverse=True)
    of_item[used] = codes
    return Clusters(unit, of_item, int(kept.size))


@dataclass(frozen=True, eq=False)
class IntensityCell:
    """One emotion in one condition.

    Attributes:
        condition: name of the condition.
        emotion: name of the emotion.
        moments: per-item moments over all items of the table.
        columns: (clusters, p) float64 sums.
        levels: (k,) distinct scores; empty if they are too many to be counted one by one.
        n_raters: raters with a rating here.
        ratings: (values, item) of the pairable ratings, kept only where `levels` is empty.
        clusters: clusters behind the columns.
        pattern: (clusters,) int64 key, equal for clusters with equal columns; None where clusters hold several items or
            patterns are many.
    """

    condition: str
    emotion: str
    moments: ItemMoments
    columns: Float
    levels: Float
    n_raters: int
    clusters: Clusters
    ratings: tuple[Float, NDArray[np.int64]] | None = None
    pattern: NDArray[np.int64] | None = None

    def evaluate(self, sums: Float) -> Statistics:
        """Statistics from column sums.

        Args:
            sums: (..., p) float64.

        Returns:
            Arrays (...) under disagreement, disagreement_population, prevalence, agreement, alpha_interval and, where
            levels can be counted, alpha_ordinal; NaN where undefined.
        """
        items, sample, population, agree, rated, present = np.moveaxis(sums[..., :6], -1, 0)
        out = {
            "disagreement": _over(sample, items),
            "disagreement_population": _over(population, items),
            "agreement": _over(agree, items),
            "prevalence": _over(present, rated),
        }
        rest = sums[..., 6:]
        if self.levels.size:
            k = self.levels.size
            mass, marginals = rest[..., : k * (k - 1) // 2], rest[..., k * (k - 1) // 2 :]
            out["alpha_ordinal"] = alpha_from_sums(mass, marginals, self.levels, "ordinal")
            out["alpha_interval"] = alpha_from_sums(mass, marginals, self.levels, "interval")
            return out
        within, n, total, square = np.moveaxis(rest, -1, 0)
        spread = square - _over(total * total, n)
        ok = (n > 1) & (spread > 1e-13 * np.abs(square))
        out["alpha_interval"] = np.where(
            ok, 1.0 - (n - 1) / np.maximum(n, 1) * _over(within, np.where(ok, spread, 0)), NAN
        )
        return out

    def ordinal_by_weights(self, weights: Float) -> Float:
        """(rows,) ordinal alpha of resamples where levels are too many for columns.

        Args:
            weights: (rows, clusters) resampling weights.
        """
        if self.ratings is None:
            raise ValueError("this cell has countable levels")
        values, item = self.ratings
        out = np.full(weights.shape[0], NAN)
        if not values.size:
            return out
        _, code = np.unique(values, return_inverse=True)
        units, unit = np.unique(item, return_inverse=True)
        m = np.bincount(unit)
        cluster = self.clusters.of_item[units]
        for row, weight in enumerate(weights):
            per_unit = weight[cluster]
            marginals = np.bincount(code, weights=per_unit[unit]).astype(np.float64)
            n = marginals.sum()
            rank = ranks_of(marginals)[code]
            mean = np.bincount(unit, weights=rank) / m
            within = np.bincount(unit, weights=(rank - mean[unit]) ** 2)
            observed = float((per_unit * within * m / (m - 1)).sum())
            w = per_unit[unit]
            spread = float((w * (rank - (w * rank).sum() / max(n, 1)) ** 2).sum())
            if spread > 0 and n > 1:
                out[row] = 1.0 - (n - 1) / n * observed / spread
        return out


def _over(above: Float, below: Float) -> Float:
    """Quotient, NaN where the divisor is zero."""
    ok = below > 0
    return np.where(ok, above / np.where(ok, below, 1.0), NAN)


def scale_floor(table: RatingTable) -> float:
    """The score that means "absent": the scale's lowest point, 0 if the source does not state a scale."""
    return table.scale[0] if table.scale is not None else 0.0


def intensity_cells(table: RatingTable, unit: Unit) -> tuple[list[IntensityCell], Clusters]:
    """Every (condition, emotion) of a table with a rating in it, pass 1 only.

    Args:
        table: ratings; rows without a score are ignored.
        unit: what the intervals resample.

    Raises:
        UserError: resampling by subject without subjects.
    """
    keep = (table.pass_no == 1) & ~np.isnan(table.score)
    keep &= (table.condition.codes >= 0) & (table.emotion.codes >= 0)
    if not keep.all():
        table = table.where(keep)
    used = np.zeros(len(table.items), dtype=bool)
    used[table.item] = True
    clusters = clusters_of(table.items, used, unit)
    n_emotions = len(table.emotion.names)
    cell_code = table.condition.codes.astype(np.int64) * n_emotions + table.emotion.codes
    order = np.argsort(cell_code.astype(np.uint16) if cell_code.max(initial=0) < 65_536 else cell_code, kind="stable")
    edges = np.searchsorted(cell_code[order], np.arange(len(table.condition.names) * n_emotions + 1))
    levels = np.unique(table.score)
    floor = scale_floor(table)
    cells = []
    for code in range(edges.size - 1):
        rows = order[edges[code] : edges[code + 1]]
        if rows.size:
            cells.append(_intensity_cell(table, rows, clusters, levels, floor))
    return cells, clusters


def _intensity_cell(
    table: RatingTable, rows: NDArray[np.int64], clusters: Clusters, levels: Float, floor: float
) -> IntensityCell:
    values, item = table.score[rows], table.item[rows].astype(np.int64)
    n_items = len(table.items)
    moments = item_moments(values, item, n_items)
    two = moments.pairable
    present = np.bincount(item[values > floor], minlength=n_items).astype(np.float64)
    countable = levels.size <= MANY_LEVELS
    if countable:
        counts = level_counts(values, item, n_items, levels)
        pairs = (counts * (counts - 1.0)).sum(axis=1)
        tail = np.concatenate([pair_mass(counts), paired_counts(counts)], axis=1)
        ratings = None
    else:
        m = moments.n
        counts = np.empty((n_items, 0))
        pairs = _equal_pairs(values, item, n_items)
        place = (values - levels[0]) / max(float(np.ptp(levels)), 1e-300)
        total = np.bincount(item, weights=place, minlength=n_items)
        square = np.bincount(item, weights=place * place, minlength=n_items)
        within = np.maximum(square - total * total / np.maximum(m, 1), 0.0) * m / np.maximum(m - 1, 1)
        tail = np.stack([within, m, total, square], axis=1) * two[:, None]
        paired = two[item]
        ratings = (values[paired], item[paired])
    agree = np.where(two, pairs / np.where(two, moments.n * (moments.n - 1.0), 1.0), 0.0)
    head = [two.astype(np.float64), np.where(two, moments.sample, 0.0), np.where(two, moments.population, 0.0)]
    columns = np.concatenate([np.stack([*head, agree, moments.n, present], axis=1), tail], axis=1)
    inside = clusters.of_item >= 0
    return IntensityCell(
        condition=table.condition.names[table.condition.codes[rows[0]]],
        emotion=table.emotion.names[table.emotion.codes[rows[0]]],
        moments=moments,
        columns=gather(columns[inside], clusters.of_item[inside], clusters.count),
        levels=levels if countable else np.empty(0),
        n_raters=int((np.bincount(table.rater.codes[rows] + 1)[1:] > 0).sum()),
        clusters=clusters,
        ratings=ratings,
        pattern=_pattern(counts[inside], clusters, inside) if countable else None,
    )


def _pattern(counts: Float, clusters: Clusters, inside: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    """(clusters,) one number for each pattern of counts, if clusters are single items and the numbers fit."""
    base = int(counts.max(initial=0.0)) + 1
    if clusters.count != int(inside.sum()) or base ** counts.shape[1] >= 2**62:
        return None
    key = np.empty(clusters.count, dtype=np.int64)
    key[clusters.of_item[inside]] = counts.astype(np.int64) @ base ** np.arange(counts.shape[1], dtype=np.int64)
    return key


def _equal_pairs(values: Float, item: NDArray[np.int64], n_items: int) -> Float:
    """(items,) ordered pairs of equal ratings, for scores with many levels."""
    _, code = np.unique(values, return_inverse=True)
    key, repeat = np.unique(item * (int(code.max(initial=0)) + 1) + code, return_counts=True)
    owner = key // (int(code.max(initial=0)) + 1)
    return np.bincount(owner, weights=repeat * (repeat - 1.0), minlength=n_items).astype(np.float64)


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
        alpha = np.where(ok, 1.0 - (n - 1.0) * _over(mixed, np.where(ok, expected, 0.0)), NAN)
        chance = (_over(share, voted[..., None]) ** 2).sum(axis=-1)
        disagree = _over(gini, items)
        several = (share > 0).sum(axis=-1) > 1
        kappa = np.where(several, 1.0 - _over(disagree, np.where(several, 1.0 - chance, 0.0)), NAN)
        rest = n[..., None] - marginals
        two_way = (marginals > 0) & (rest > 0)
        one = 1.0 - (n[..., None] - 1.0) * _over(mass, np.where(two_way, marginals * rest, 0.0))
        return {
            "disagreement": disagree,
            "agreement": 1.0 - disagree,
            "alpha_nominal": alpha,
            "fleiss_kappa": kappa,
            "each_disagreement": _over(variance, np.broadcast_to(items[..., None], variance.shape)),
            "each_prevalence": _over(every, np.broadcast_to(every.sum(axis=-1)[..., None], every.shape)),
            "each_alpha": np.where(two_way, one, NAN),
        }


def category_cells(table: CountTable, unit: Unit) -> tuple[list[CategoryCell], Clusters]:
    """Every condition of a table of votes.

    Args:
        table: votes; one row per (item, condition).
        unit: what the intervals resample.

    Raises:
        UserError: resampling by subject without subjects.
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
            cells.append(_category_cell(name, table, votes, clusters))
    return cells, clusters


def indicator_variance(votes: Float) -> Float:
    """(items, categories) sample variance of each category's 0/1 indicator, NaN below two votes."""
    n = votes.sum(axis=1, keepdims=True)
    two = n >= 2
    return np.where(two, votes * (n - votes) / np.where(two, n * (n - 1.0), 1.0), NAN)


def _category_cell(name: str, table: CountTable, votes: Float, clusters: Clusters) -> CategoryCell:
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
        categories=table.categories,
        votes=votes,
        columns=gather(columns[inside], clusters.of_item[inside], clusters.count),
        n_raters=table.n_raters,
        clusters=clusters,
    )
