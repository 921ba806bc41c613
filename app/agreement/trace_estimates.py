"""Coefficients of traces with intervals that leave out whole items, clips or subjects, never moments of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.alpha import REFERENCE as KRIPPENDORFF
from app.agreement.alpha import alpha_continuous
from app.agreement.ccc import LIN, ccc, mean_of_others, mean_pairwise, pairwise_ccc
from app.agreement.clusters import Clusters
from app.agreement.estimate import NAN, Estimate
from app.agreement.intervals import with_interval
from app.agreement.jackknife import Scale, left_out_weights
from app.agreement.lags import LAG_RESAMPLES
from app.agreement.pooled import ccc_of_moments, moments
from app.agreement.resample import bootstrap_weights
from app.agreement.settings import AgreementSettings
from app.agreement.traces import RaterLag

Float = NDArray[np.float64]

HELD: Final = "zero-order hold at 25 Hz; missing before a rater's first sample, in pauses and after the last sample"
LAGS_IN: Final = "reaction lags left in"
CEILING: Final = "human ceiling, the mean over raters of the leave-one-out concordance correlation coefficient"
LAG: Final = "reaction lag behind the fastest rater in seconds, from cross-correlations of all pairs of raters"
LAG_SOURCE: Final = "correlations of the samples in common at each lag, docs/statistics.md; interval Hesterberg 2015"
WHOLE_DELAY: Final = (
    "the whole delay of the trace: a hand that smooths counts as late, by about 0.4 s at a time constant of 0.5 s"
)
ONE_POINT: Final = "no time point has two values, or only one value occurs"


class Units:
    """What is left out together of a list of traced items.

    Args:
        names: the unit of each item: its own name, its clip or its subject.
        settings: what the units are called, and how intervals are made.
    """

    def __init__(self, names: Sequence[str], settings: AgreementSettings) -> None:
        known, code = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
        self.settings = settings
        self.clusters = Clusters(settings.unit, code.astype(np.int64), int(known.size))

    def draws(self, per_item: Float) -> Float:
        """(rows, p) sums of the columns of each item, without each unit or of each bootstrap resample of units."""
        columns = np.zeros((self.clusters.count, per_item.shape[1]))
        np.add.at(columns, self.clusters.of_item, per_item)
        if not self.settings.replicates or self.clusters.count < 2:
            return np.empty((0, per_item.shape[1]))
        if self.settings.interval == "jackknife":
            left: Float = left_out_weights(self.clusters.count) @ columns
            return left
        weights = bootstrap_weights(self.clusters.count, self.settings.replicates, self.settings.seed)
        return np.concatenate([w @ columns for w in weights])

    def finished(
        self, estimate: Estimate, draws: Float, item_counts: NDArray[np.bool_], scale: Scale = "root_below_one"
    ) -> Estimate:
        """Return the estimate with its interval.

        Args:
            estimate: the estimate.
            draws: (rows,) the statistic of each row of `draws`.
            item_counts: (items,) which items have a part in it.
            scale: scale of the interval; share for a mean over items.
        """
        present = np.zeros(self.clusters.count, dtype=bool)
        present[self.clusters.of_item[item_counts]] = True
        return with_interval(
            estimate, draws, self.clusters, self.settings, scale=scale,
            present=present if draws.shape[0] == self.clusters.count else None,
        )  # fmt: skip


def trace_estimates(
    blocks: Sequence[Float], names: Sequence[str], settings: AgreementSettings, *, about: str = ""
) -> tuple[Estimate, Estimate]:
    """Return the mean concordance of pairs of raters and interval alpha of traces, with their intervals.

    Args:
        blocks: per item (raters, n) values on an even grid, NaN for missing.
        names: per item the unit that is left out with it.
        settings: what the units are, and how intervals are made.
        about: what was traced.

    Returns:
        (concordance, alpha); NaN with a reason where nothing can be compared.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> curve = np.sin(np.arange(100) / 9)
        >>> items = [curve + 0.1 * rng.normal(size=(3, 100)) for _ in range(6)]
        >>> ccc, alpha = trace_estimates(items, list("abcdef"), AgreementSettings(unit="item"))
        >>> round(ccc.value, 2), round(alpha.value, 2), ccc.n_units
        (0.98, 0.98, 6)
    """
    units = Units(names, settings)
    each = np.array([mean_pairwise(pairwise_ccc(b)) for b in blocks])
    known = ~np.isnan(each)
    raters = int(np.any([(~np.isnan(b)).any(axis=1) for b in blocks], axis=0).sum()) if blocks else 0
    base = Estimate(
        NAN, "", "", level=settings.level, n_items=len(blocks), n_raters=raters,
        n_ratings=int(sum((~np.isnan(b)).sum() for b in blocks)), missing=f"{HELD}; {LAGS_IN}", about=about,
    )  # fmt: skip
    concordance = replace(
        base, value=float(each[known].mean()) if known.any() else NAN, n_items=int(known.sum()), reference=LIN,
        estimator="concordance correlation coefficient, mean over pairs of raters and items",
        reason="" if known.any() else "no item has two traces that vary", plain=plain.CCC,
    )  # fmt: skip
    sums = units.draws(np.stack([np.where(known, each, 0.0), known.astype(np.float64)], axis=1))
    concordance = units.finished(concordance, _ratio(sums), known, "share")
    columns = _alpha_columns(blocks)
    value = _alpha(np.concatenate(list(blocks), axis=1)) if blocks else NAN
    alpha = replace(
        base, value=value, estimator="Krippendorff's alpha (interval) over time points", reference=KRIPPENDORFF,
        plain=plain.ALPHA, reason=ONE_POINT if np.isnan(value) else "",
    )  # fmt: skip
    alpha = units.finished(alpha, _alpha_of(units.draws(columns)), columns[:, 1] > 0)
    return concordance, alpha


def _ratio(sums: Float) -> Float:
    ok = sums[:, 1] > 0
    return np.where(ok, sums[:, 0] / np.where(ok, sums[:, 1], 1.0), NAN)


def _alpha(series: Float) -> float:
    """Interval alpha of (raters, n): every time point is a unit."""
    present = ~np.isnan(series)
    unit = np.broadcast_to(np.arange(series.shape[1]), series.shape)
    return alpha_continuous(series[present], unit[present], series.shape[1])


def _alpha_columns(blocks: Sequence[Float]) -> Float:
    """(items, 4) sums from which interval alpha follows in closed form."""
    out = np.zeros((len(blocks), 4))
    seen = [b[~np.isnan(b)] for b in blocks]
    centre = float(np.concatenate(seen).mean()) if any(s.size for s in seen) else 0.0
    for k, block in enumerate(blocks):
        present = ~np.isnan(block)
        m = present.sum(axis=0)
        values = np.where(present, block - centre, 0.0)[:, m >= 2]
        count = m[m >= 2]
        total, square = values.sum(axis=0), (values**2).sum(axis=0)
        within = (square - total * total / np.maximum(count, 1)) * count / np.maximum(count - 1, 1)
        out[k] = within.sum(), count.sum(), total.sum(), square.sum()
    return out


def _alpha_of(sums: Float) -> Float:
    within, n, total, square = sums.T
    spread = (square - total * total / np.maximum(n, 1.0)) / np.maximum(n - 1.0, 1.0)
    ok = (n > 1) & (spread > 1e-13)
    return np.where(ok, 1.0 - within / np.maximum(n, 1.0) / np.where(ok, spread, 1.0), NAN)


def pooled_estimate(
    pairs: Sequence[tuple[Float, Float]], names: Sequence[str], settings: AgreementSettings, *, about: str = "",
    estimator: str = "concordance correlation coefficient, all items pooled",
) -> Estimate:  # fmt: skip
    """Concordance of two series over all items together, with an interval over units.

    Args:
        pairs: per item two (n,) series on the same times, NaN for missing.
        names: per item the unit that is left out with it.
        settings: what the units are, and how intervals are made.
        about: whose series these are.
        estimator: full name.

    Returns:
        The coefficient; NaN with a reason where the series have no two moments in common or never move.

    Example:
        >>> x = np.sin(np.arange(50) / 5)
        >>> found = pooled_estimate([(x, x + 0.1)] * 6, list("abcdef"), AgreementSettings(unit="item"))
        >>> round(found.value, 2), found.n_items
        (0.99, 6)
    """
    units = Units(names, settings)
    common = [(x[both], y[both]) for x, y in pairs for both in (~(np.isnan(x) | np.isnan(y)),)]
    value = NAN
    if common:
        value = ccc(np.concatenate([x for x, _ in common]), np.concatenate([y for _, y in common]))
    centre = float(np.concatenate([y for _, y in common]).mean()) if any(y.size for _, y in common) else 0.0
    columns = np.array([moments(y - centre, x - centre) for x, y in common]).reshape(len(common), 6)
    used = columns[:, 0] > 0
    estimate = Estimate(
        value, estimator, LIN, n_items=int(used.sum()), n_raters=2, n_ratings=int(2 * columns[:, 0].sum()),
        missing=f"{HELD}; {LAGS_IN}", about=about, plain=plain.CCC,
        reason="" if not np.isnan(value) else "no two moments in common, or neither series moves",
    )  # fmt: skip
    return units.finished(estimate, ccc_of_moments(units.draws(columns)), used)


def pair_estimates(
    blocks: Sequence[Float],
    names: Sequence[str],
    raters: Sequence[str],
    settings: AgreementSettings,
    *,
    about: str = "",
) -> dict[tuple[int, int], Estimate]:
    """Compute the pooled concordance of every pair of raters.

    Args:
        blocks: per item (raters, n) values, NaN for missing.
        names: per item the unit that is left out with it.
        raters: codes.
        settings: what the units are, and how intervals are made.
        about: what was traced.

    Example:
        >>> from app.agreement.example import series
        >>> found = pair_estimates(series(), ("a", "b"), ("R1", "R2", "R3"), AgreementSettings(unit="item"))
        >>> {pair: round(one.value, 2) for pair, one in found.items()}
        {(0, 1): 0.95, (0, 2): 0.81, (1, 2): 0.95}
    """
    return {
        (a, b): pooled_estimate(
            [(block[a], block[b]) for block in blocks], names, settings,
            about=f"raters {raters[a]} and {raters[b]}{', ' + about if about else ''}",
        )
        for a in range(len(raters))
        for b in range(a + 1, len(raters))
    }  # fmt: skip


def leave_one_out_estimates(
    blocks: Sequence[Float],
    names: Sequence[str],
    raters: Sequence[str],
    settings: AgreementSettings,
    *,
    about: str = "",
) -> tuple[Estimate, ...]:
    """Compute the pooled concordance of each rater with the mean of the others: the ceiling for a prediction.

    Args:
        blocks: per item (raters, n) values, NaN for missing.
        names: per item the unit that is left out with it.
        raters: codes.
        settings: what the units are, and how intervals are made.
        about: what was traced.

    Example:
        >>> from app.agreement.example import series
        >>> found = leave_one_out_estimates(series(), ("a", "b"), ("R1", "R2", "R3"), AgreementSettings(unit="item"))
        >>> [round(one.value, 2) for one in found]
        [0.89, 1.0, 0.89]
    """
    return tuple(
        pooled_estimate(
            [(block[k], mean_of_others(block, k)) for block in blocks], names, settings,
            about=f"rater {name} against the mean of the others{', ' + about if about else ''}",
            estimator="leave-one-out concordance correlation coefficient, all items pooled",
        )
        for k, name in enumerate(raters)
    )  # fmt: skip


def ceiling_estimate(
    blocks: Sequence[Float], names: Sequence[str], settings: AgreementSettings, *, about: str = ""
) -> Estimate:
    """Compute the human ceiling: the mean over raters of the pooled concordance with the mean of the others.

    Args:
        blocks: per item (raters, n) values, NaN for missing.
        names: per item the unit that is left out with it.
        settings: what the units are, and how intervals are made.
        about: what was traced.

    Example:
        >>> from app.agreement.example import series
        >>> round(ceiling_estimate(series(), ("a", "b"), AgreementSettings(unit="item")).value, 2)
        0.93
    """
    units = Units(names, settings)
    count = blocks[0].shape[0] if blocks else 0
    columns = np.zeros((len(blocks), 6 * count))
    for i, block in enumerate(blocks):
        for k in range(count):
            x, y = block[k], mean_of_others(block, k)
            both = ~(np.isnan(x) | np.isnan(y))
            columns[i, 6 * k : 6 * k + 6] = moments(y[both], x[both])
    value = _mean_over_raters(columns.sum(axis=0, keepdims=True), count)
    used: NDArray[np.bool_] = np.any(columns[:, ::6] > 0, axis=1)
    estimate = Estimate(
        float(value[0]) if value.size else NAN, CEILING, LIN, n_items=int(used.sum()),
        n_raters=int((columns[:, ::6].sum(axis=0) > 0).sum()), n_ratings=int(columns[:, ::6].sum()),
        missing=f"{HELD}; {LAGS_IN}", about=about, plain=plain.CCC,
        reason="" if value.size and not np.isnan(value[0]) else "no rater has two moments in common with the others",
    )  # fmt: skip
    return units.finished(estimate, _mean_over_raters(units.draws(columns), count), used)


def _mean_over_raters(sums: Float, count: int) -> Float:
    """(rows,) mean of the raters' concordances that have a value; NaN where none has."""
    each = np.full((sums.shape[0], max(count, 1)), NAN)
    for k in range(count):
        part = sums[:, 6 * k : 6 * k + 6]
        some = part[:, 0] >= 2
        each[some, k] = ccc_of_moments(part[some])
    known = ~np.isnan(each)
    total = np.where(known, each, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), NAN)


def lag_estimates(
    lags: Sequence[RaterLag], raters: Sequence[str], settings: AgreementSettings, n_units: int, *, about: str = ""
) -> tuple[Estimate, ...]:
    """Turn the lags of raters into estimates, with intervals and a sentence each.

    Args:
        lags: as `app.agreement.lags` finds them.
        raters: codes.
        settings: what the units are, and how intervals are made.
        n_units: units that were resampled.
        about: what was traced.

    Example:
        >>> from app.agreement.example import series
        >>> from app.agreement.lags import relative_lags
        >>> lags = relative_lags(series(), rate_hz=10)
        >>> [round(one.value, 1) for one in lag_estimates(lags, ("R1", "R2", "R3"), AgreementSettings(), 2)]
        [0.0, 0.4, 0.8]
    """
    return tuple(
        Estimate(
            lag.lag_s, LAG, LAG_SOURCE, low=lag.low, high=lag.high, level=settings.level, n_items=lag.n,
            n_raters=len(raters), n_ratings=0,
            method=f"expanded percentile bootstrap over {settings.unit}s" if lag.interval else "",
            seed=settings.seed if lag.interval else None, unit=settings.unit, n_units=n_units,
            replicates=min(settings.replicates, LAG_RESAMPLES) if lag.interval else 0,
            missing=WHOLE_DELAY, about=f"rater {rater}{', ' + about if about else ''}",
            reason=lag.reason or lag.interval_reason, plain=plain.LAG,
        )
        for lag, rater in zip(lags, raters, strict=True)
    )  # fmt: skip
