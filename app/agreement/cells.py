"""The cells of the agreement table of intensities as sums of columns.

A cell is one emotion in one condition.  All its statistics are functions of sums of columns over clusters, evaluated
alike on the observed sums and on thousands of resampled ones.  Where clusters are single items, items with the same
answers share a row of columns: a few hundred rows stand for fifty thousand items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.alpha import alpha_from_sums, level_codes, pair_mass, paired_counts
from app.agreement.clusters import Clusters, Statistics, clusters_of, over
from app.agreement.estimate import NAN
from app.agreement.many_levels import LevelPairs
from app.agreement.resample import Unit, gather
from app.agreement.variance import ItemMoments, item_moments
from app.domain.ratings import RatingTable
from app.errors import UserError

Float = NDArray[np.float64]

COUNTED_LEVELS = 16
"""Up to so many levels every pair of levels has a column; above, pairs that occur are listed (`LevelPairs`)."""


@dataclass(frozen=True, eq=False)
class CellRatings:
    """The ratings of one cell.

    Attributes:
        item: (n,) int64 item of each rating.
        code: (n,) place of its score in `levels`.
        rater: (n,) int32 number of its rater.
        levels: (k,) sorted distinct scores of the table.
        present: (k,) which of them mean that the emotion is present.
    """

    item: NDArray[np.int64]
    code: NDArray[np.intp]
    rater: NDArray[np.int32]
    levels: Float
    present: NDArray[np.bool_]

    def where(self, keep: NDArray[np.bool_]) -> CellRatings:
        """Return the ratings under a mask."""
        return CellRatings(self.item[keep], self.code[keep], self.rater[keep], self.levels, self.present)


@dataclass(frozen=True, eq=False)
class IntensityCell:
    """One emotion in one condition.

    Attributes:
        condition: name of the condition.
        emotion: name of the emotion.
        moments: per-item moments over all items of the table.
        columns: (rows, p) float64; a row is a pattern of answers where `pattern` is given, else the sums of a cluster.
        pattern: (clusters,) int64 row of each cluster, where clusters are single items; else None.
        levels: (k,) distinct scores of the table; empty if they are too many to be counted one by one.
        n_raters: raters with a rating here.
        pairs: what ordinal alpha needs where `levels` is empty, else None.
        span: range of the scores of the table, in points.
        source: the ratings themselves, what a part of the cell is made from.
        n_telling: clusters that hold a rating other than the most frequent one; the others tell nothing of how far
            a statistic varies.
    """

    condition: str
    emotion: str
    moments: ItemMoments
    columns: Float
    levels: Float
    n_raters: int
    pattern: NDArray[np.int64] | None = None
    pairs: LevelPairs | None = None
    span: float = 1.0
    source: CellRatings | None = None
    n_telling: int = 0

    def per_cluster(self) -> Float:
        """(clusters, p) float64 sums of each cluster."""
        return self.columns if self.pattern is None else self.columns[self.pattern]

    @property
    def present(self) -> NDArray[np.bool_]:
        """(clusters,) which clusters have an item with two ratings here."""
        some: NDArray[np.bool_] = self.columns[:, 0] > 0
        return some if self.pattern is None else some[self.pattern]

    def observed(self) -> Float:
        """(p,) float64 sums over all clusters."""
        if self.pattern is None:
            total: Float = self.columns.sum(axis=0)
            return total
        return np.bincount(self.pattern, minlength=self.columns.shape[0]).astype(np.float64) @ self.columns

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
            "disagreement": over(sample, items),
            "disagreement_population": over(population, items),
            "agreement": over(agree, items),
            "prevalence": over(present, rated),
        }
        rest = sums[..., 6:]
        if self.levels.size:
            k = self.levels.size
            mass, marginals = rest[..., : k * (k - 1) // 2], rest[..., k * (k - 1) // 2 :]
            out["alpha_ordinal"] = alpha_from_sums(mass, marginals, self.levels, "ordinal")
            out["alpha_interval"] = alpha_from_sums(mass, marginals, self.levels, "interval")
            return out
        within, n, total, square = np.moveaxis(rest, -1, 0)
        spread = square - over(total * total, n)
        ok = (n > 1) & (spread > 1e-13 * np.abs(square))
        out["alpha_interval"] = np.where(
            ok, 1.0 - (n - 1) / np.maximum(n, 1) * over(within, np.where(ok, spread, 0)), NAN
        )
        return out


def scale_of(table: RatingTable) -> tuple[float, float]:
    """Return the ends of the scale: as the source states them, else the range of the scores that occur.

    Args:
        table: ratings; NaN is ignored.

    Returns:
        In points; (0, 0) without any score.

    Example:
        >>> from app.agreement.example import ratings
        >>> scale_of(ratings())
        (0.0, 5.0)
    """
    if table.scale is not None:
        return table.scale
    known = table.score[~np.isnan(table.score)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def scale_notes(table: RatingTable) -> list[str]:
    """Say what the reader must know of the scale: that it was not stated, and what is used in its place.

    Args:
        table: ratings.

    Raises:
        UserError: a score lies outside the stated scale.

    Example:
        >>> from app.agreement.example import ratings
        >>> from dataclasses import replace
        >>> scale_notes(replace(ratings(), scale=None))[0].split(";")[0]
        'The labels state no scale'
    """
    known = table.score[~np.isnan(table.score)]
    if not known.size:
        return []
    low, high = scale_of(table)
    if table.scale is None:
        return [
            f"The labels state no scale; the scores that occur, {low:g} to {high:g}, stand for it: prevalence counts "
            f"scores above {low:g} (--scale LOW:HIGH states the scale)."
        ]
    outside = known[(known < low) | (known > high)]
    if outside.size:
        raise UserError(
            f"The score {outside[0]:g} lies outside the scale {low:g} to {high:g}.",
            "Correct the scores, or state the scale they were given on.",
        )
    return []


@dataclass(frozen=True, eq=False)
class _Answers:
    """Pass 1 of a table as columns of numbers, sorted by cell.

    Attributes:
        item: (n,) int64.
        code: (n,) place of the score in `levels`.
        rater: (n,) int32.
        edges: (cells + 1,) where each (condition, emotion) begins.
        levels: (k,) sorted distinct scores.
    """

    item: NDArray[np.int64]
    code: NDArray[np.intp]
    rater: NDArray[np.int32]
    edges: NDArray[np.intp]
    levels: Float


def _answers(table: RatingTable) -> _Answers:
    n_emotions = len(table.emotion.names)
    n_cells = len(table.condition.names) * n_emotions
    cell = table.condition.codes.astype(np.int32) * n_emotions + table.emotion.codes
    keep = (table.pass_no == 1) & ~np.isnan(table.score)
    keep &= (table.condition.codes >= 0) & (table.emotion.codes >= 0)
    rows = np.flatnonzero(keep)
    cell = cell[rows]
    # Numbers of 16 bits are sorted by counting.
    order = np.argsort(cell.astype(np.uint16) if n_cells < 65_536 else cell, kind="stable")
    rows = rows[order]
    levels, code = level_codes(table.score[rows])
    return _Answers(
        item=table.item[rows].astype(np.int64),
        code=code,
        rater=table.rater.codes[rows],
        edges=np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=n_cells))]),
        levels=levels,
    )


def intensity_cells(
    table: RatingTable, unit: Unit, present: float | None = None
) -> tuple[list[IntensityCell], Clusters]:
    """Collect every (condition, emotion) of a table that has a rating in it; only pass 1 counts.

    Args:
        table: ratings; rows without a score are ignored.
        unit: what the intervals resample.
        present: score from which an emotion counts as present; any above the scale's lowest point if None.

    Raises:
        UserError: resampling by subject without subjects.

    Example:
        >>> from app.agreement.example import ratings
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> [(cell.condition, cell.emotion) for cell in cells], clusters.count
        ([('face_only', 'happy'), ('face_only', 'sad'), ('full_context', 'happy'), ('full_context', 'sad')], 8)
    """
    answers = _answers(table)
    used = np.zeros(len(table.items), dtype=bool)
    used[answers.item] = True
    clusters = clusters_of(table.items, used, unit)
    n_emotions = len(table.emotion.names)
    shows = answers.levels > scale_of(table)[0] if present is None else answers.levels >= present
    cells = []
    for code in np.flatnonzero(np.diff(answers.edges)):
        part = slice(answers.edges[code], answers.edges[code + 1])
        names = table.condition.names[code // n_emotions], table.emotion.names[code % n_emotions]
        source = CellRatings(answers.item[part], answers.code[part], answers.rater[part], answers.levels, shows)
        cells.append(_cell(names, source, clusters, len(table.items)))
    return cells, clusters


def part_of(cell: IntensityCell, items: NDArray[np.bool_], clusters: Clusters) -> IntensityCell:
    """Reduce a cell to some items, for comparisons on the items that two cells share.

    Args:
        cell: the whole cell.
        items: (items,) which items stay.
        clusters: the clusters behind the cell; they stay as they are, those without an item left weigh nothing.

    Returns:
        The cell itself where no item with two ratings leaves it: alpha and disagreement are the same then.

    Example:
        >>> from app.agreement.example import ratings
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> part = part_of(cells[0], np.arange(8) < 4, clusters)
        >>> int(cells[0].moments.n.sum()), int(part.moments.n.sum())
        (24, 12)
    """
    if not bool((cell.moments.pairable & ~items).any()):
        return cell
    if cell.source is None:
        raise ValueError("this cell does not keep its ratings")
    part = cell.source.where(items[cell.source.item])
    return _cell((cell.condition, cell.emotion), part, clusters, items.size)


def _cell(names: tuple[str, str], source: CellRatings, clusters: Clusters, n_items: int) -> IntensityCell:
    levels = source.levels
    moments = item_moments(levels[source.code], source.item, n_items)
    make = _counted if levels.size <= COUNTED_LEVELS else _uncounted
    columns, pattern, pairs = make(source.item, source.code, levels, source.present, moments, clusters)
    frequent = int(np.bincount(source.code, minlength=1).argmax())
    telling = clusters.of_item[source.item[source.code != frequent]]
    return IntensityCell(
        condition=names[0],
        emotion=names[1],
        moments=moments,
        columns=columns,
        levels=levels if pairs is None else np.empty(0),
        n_raters=int((np.bincount(source.rater + 1, minlength=1)[1:] > 0).sum()),
        pattern=pattern,
        pairs=pairs,
        span=float(np.ptp(levels)) or 1.0,
        source=source,
        n_telling=int((np.bincount(telling, minlength=1) > 0).sum()) if telling.size else 0,
    )


_Made = tuple[Float, NDArray[np.int64] | None, LevelPairs | None]


def _counted(
    item: NDArray[np.int64], code: NDArray[np.intp], levels: Float, present: NDArray[np.bool_],
    moments: ItemMoments, clusters: Clusters,
) -> _Made:  # fmt: skip
    """Return the columns of a cell with few levels, from how often each item received each level."""
    n_items, k = moments.n.size, levels.size
    counts = np.bincount(item * k + code, minlength=n_items * k).reshape(n_items, k)
    inside = clusters.of_item >= 0
    counts = counts[inside]
    pattern = _pattern(counts, clusters.of_item[inside], clusters.count)
    if pattern is None:
        columns = count_columns(counts.astype(np.float64), levels, present)
        return gather(columns, clusters.of_item[inside], clusters.count), None, None
    first, row = pattern
    return count_columns(counts[first].astype(np.float64), levels, present), row, None


def _pattern(
    counts: NDArray[np.int64], cluster: NDArray[np.int64], n_clusters: int
) -> tuple[NDArray[np.intp], NDArray[np.int64]] | None:
    """(an item of each pattern, pattern of each cluster) if clusters are single items and patterns can be numbered."""
    base = int(counts.max(initial=0)) + 1
    if n_clusters != counts.shape[0] or base ** counts.shape[1] >= 2**62:
        return None
    key = counts @ base ** np.arange(counts.shape[1], dtype=np.int64)
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    row = np.empty(n_clusters, dtype=np.int64)
    row[cluster] = code
    return first, row


def count_columns(counts: Float, levels: Float, present: NDArray[np.bool_]) -> Float:
    """Compute the (rows, 6 + k(k-1)/2 + k) columns of rows of counts per level.

    Example:
        >>> count_columns(np.array([[2.0, 1]]), np.array([0.0, 1]), np.array([False, True])).shape
        (1, 9)
    """
    n = counts.sum(axis=1)
    two = n >= 2
    mean = counts @ levels / np.maximum(n, 1.0)
    within = (counts * (levels - mean[:, None]) ** 2).sum(axis=1) * two
    same = (counts * (counts - 1.0)).sum(axis=1)
    head = [
        two.astype(np.float64),
        within / np.where(two, n - 1.0, 1.0),
        within / np.where(two, n, 1.0),
        np.where(two, same / np.where(two, n * (n - 1.0), 1.0), 0.0),
        n,
        counts[:, present].sum(axis=1),
    ]
    return np.concatenate([np.stack(head, axis=1), pair_mass(counts), paired_counts(counts)], axis=1)


def _uncounted(
    item: NDArray[np.int64], code: NDArray[np.intp], levels: Float, present: NDArray[np.bool_],
    moments: ItemMoments, clusters: Clusters,
) -> _Made:  # fmt: skip
    """Columns of a cell with many levels, from moments; ordinal alpha from the pairs of levels that occur."""
    n_items, n = moments.n.size, moments.n
    two = moments.pairable
    values = levels[code]
    place = (values - levels[0]) / max(float(np.ptp(levels)), 1e-300)
    total = np.bincount(item, weights=place, minlength=n_items)
    square = np.bincount(item, weights=place * place, minlength=n_items)
    within = np.maximum(square - total * total / np.maximum(n, 1), 0.0) * n / np.maximum(n - 1, 1)
    shown = np.bincount(item[present[code]], minlength=n_items)
    key, repeat = np.unique(item * levels.size + code, return_counts=True)
    same = np.bincount(key // levels.size, weights=repeat * (repeat - 1.0), minlength=n_items)
    head = [
        two.astype(np.float64),
        np.where(two, moments.sample, 0.0),
        np.where(two, moments.population, 0.0),
        np.where(two, same / np.where(two, n * (n - 1.0), 1.0), 0.0),
        n,
        shown.astype(np.float64),
    ]
    tail = np.stack([within, n, total, square], axis=1) * two[:, None]
    columns = np.concatenate([np.stack(head, axis=1), tail], axis=1)
    inside = clusters.of_item >= 0
    paired = two[item]
    pairs = LevelPairs.of(clusters.of_item[item[paired]], item[paired], code[paired], clusters.count, levels.size)
    return gather(columns[inside], clusters.of_item[inside], clusters.count), None, pairs
