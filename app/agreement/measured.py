"""Which measure of the face goes with which rated emotion: correlations over items, by viewing condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.clusters import Clusters, clusters_of
from app.agreement.estimate import NAN, Estimate
from app.agreement.intervals import with_interval
from app.agreement.jackknife import left_out_weights
from app.agreement.resample import bootstrap_sums, gather, weighted_sums
from app.agreement.settings import AgreementSettings
from app.domain.ratings import RatingTable

Float = NDArray[np.float64]

LEAST_ITEMS: Final = 5
"""Below this number of items there is no correlation."""
_ESTIMATOR: Final = "Pearson correlation over items of a measure of the face with the mean intensity"
_REFERENCE: Final = "Pearson 1896"
_PLAIN: Final = "1: items with a higher measure are rated higher, in a straight line; 0: no such relation"


@dataclass(frozen=True)
class MeasureRelation:
    """How one measure goes with one rated emotion in one condition.

    Attributes:
        measure: Name of the measure.
        emotion: Name of the emotion.
        condition: Name of the condition.
        estimate: The correlation with its interval.
    """

    measure: str
    emotion: str
    condition: str
    estimate: Estimate


def mean_scores(table: RatingTable, condition: str, emotion: str) -> Float:
    """Return the mean intensity of each item over its raters: float64 items, NaN without a rating.

    Args:
        table: The ratings of one pass.
        condition: Name of the condition.
        emotion: Name of the emotion.

    Example:
        >>> from app.agreement.example import ratings
        >>> mean_scores(ratings(), "full_context", "happy")[:3].round(2)
        array([0.  , 2.  , 4.67])
    """
    rows = (
        (table.condition.codes == table.condition.code_of(condition))
        & (table.emotion.codes == table.emotion.code_of(emotion))
        & ~np.isnan(table.score)
    )
    item = table.item[rows].astype(np.int64)
    count = np.bincount(item, minlength=len(table.items)).astype(np.float64)
    total = np.bincount(item, weights=table.score[rows], minlength=len(table.items))
    return np.where(count > 0, total / np.maximum(count, 1), NAN)


def relations(
    table: RatingTable, values: Float, names: Sequence[str], settings: AgreementSettings
) -> list[MeasureRelation]:
    """Correlate every measure with every rated emotion in every condition, over items.

    Items are not independent where they show the same clip or person, so the interval leaves out or draws whole
    clusters. Nothing is adjusted for the number of correlations: about one interval in twenty leaves out zero by
    chance.

    Args:
        table: The ratings of one pass.
        values: (items, measures) float64, the measures of each item's face; NaN where it was not measured.
        names: The names of the measures.
        settings: How intervals are made.

    Returns:
        One relation for each condition, emotion and measure, in this order.

    Raises:
        UserError: The settings resample by subject, and no item names its subject.

    Example:
        >>> from app.agreement.example import ratings
        >>> table = ratings()
        >>> emotion, condition = table.emotion.names[0], table.condition.names[0]
        >>> values = mean_scores(table, condition, emotion)[:, None] * 2 + 1
        >>> found = relations(table, values, ["jaw_drop"], AgreementSettings(replicates=0))[0]
        >>> found.emotion == emotion, round(found.estimate.value, 6)
        (True, 1.0)
    """
    found = []
    for condition in table.condition.names:
        for emotion in table.emotion.names:
            scores = mean_scores(table, condition, emotion)
            raters = _raters(table, condition, emotion)
            # All measures of a face are missing together, but for movements of turned faces: group by what is known.
            known = np.isfinite(values) & np.isfinite(scores)[:, None]
            made: dict[int, Estimate] = {}
            for pattern in np.unique(known, axis=1).T if known.size else ():
                columns = np.flatnonzero((known == pattern[:, None]).all(axis=0))
                of_pattern = _of_pattern(table, values[:, columns], scores, pattern, settings, raters)
                made |= dict(zip(columns.tolist(), of_pattern, strict=True))
            found += [
                MeasureRelation(name, emotion, condition, made[number].of(f"{name}, {emotion} in {condition}"))
                for number, name in enumerate(names)
            ]
    return found


def _raters(table: RatingTable, condition: str, emotion: str) -> tuple[int, int]:
    """Return the number of raters and of ratings of an emotion in a condition."""
    rows = (
        (table.condition.codes == table.condition.code_of(condition))
        & (table.emotion.codes == table.emotion.code_of(emotion))
        & ~np.isnan(table.score)
    )
    return int(np.unique(table.rater.codes[rows]).size), int(rows.sum())


def _of_pattern(
    table: RatingTable,
    values: Float,
    scores: Float,
    known: NDArray[np.bool_],
    settings: AgreementSettings,
    raters: tuple[int, int],
) -> list[Estimate]:
    """Return the estimate of each column of values, all of which are known for the same items."""
    n = int(known.sum())
    plain = Estimate(
        NAN,
        _ESTIMATOR,
        _REFERENCE,
        n_items=n,
        n_raters=raters[0],
        n_ratings=raters[1],
        missing="items without a rating or without a measured face are left out",
        plain=_PLAIN,
    )
    if n < LEAST_ITEMS:
        reason = f"only {n} items have both a rating and a measured face, {LEAST_ITEMS} are needed"
        return [_changed(plain, reason=reason) for _ in range(values.shape[1])]
    x, y = values[known], scores[known]
    # Correlations do not depend on scale and zero; sums of small numbers stay exact.
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-12)
    y = (y - y.mean()) / max(float(y.std()), 1e-12)
    clusters = clusters_of(table.items, known, settings.unit)
    k = values.shape[1]
    columns = np.column_stack([np.ones(n), y, y * y, x, x * x, x * y[:, None]])
    sums = gather(columns, clusters.of_item[known], clusters.count)
    whole = _correlation(sums.sum(axis=0)[None], k)[0]
    draws = _correlation(_resampled(sums, settings), k)
    return [_estimate(plain, whole[i], draws[:, i], clusters, settings) for i in range(k)]


def _estimate(plain: Estimate, value: float, draws: Float, clusters: Clusters, settings: AgreementSettings) -> Estimate:
    if np.isnan(value):
        return _changed(plain, reason="the measure or the rating is the same for all items")
    return with_interval(_changed(plain, value=float(value)), draws, clusters, settings, scale="fisher")


def _resampled(sums: Float, settings: AgreementSettings) -> Float:
    """Return the sums (rows, columns) of each resample: all clusters but one, or clusters drawn with replacement."""
    if settings.interval == "jackknife" and settings.replicates and len(sums) > 1:
        return weighted_sums(left_out_weights(len(sums)), sums)
    return bootstrap_sums(sums, settings.replicates, settings.seed)


def _changed(plain: Estimate, *, value: float = NAN, reason: str = "") -> Estimate:
    return replace(plain, value=value, reason=reason)


def _correlation(sums: Float, k: int) -> Float:
    """Return correlations (rows, k) from sums (rows, 3 + 3·k): n, y, y², x…, x²…, xy….

    Without spread they are NaN.
    """
    n, y, yy = (sums[:, i : i + 1] for i in range(3))
    x, xx, xy = (sums[:, 3 + i * k : 3 + (i + 1) * k] for i in range(3))
    spread_x, spread_y = xx - x * x / n, yy - y * y / n
    both = spread_x * spread_y
    with np.errstate(invalid="ignore", divide="ignore"):
        r = (xy - x * y / n) / np.sqrt(both)
    return np.where((spread_x > 1e-9) & (spread_y > 1e-9), np.clip(r, -1, 1), NAN)
