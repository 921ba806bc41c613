"""Agreement of continuous traces: pairwise and leave-one-out CCC, interval alpha, lags, per condition and dimension."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.alpha import REFERENCE, alpha_continuous
from app.agreement.ccc import LIN, leave_one_out_ccc, mean_pairwise, pairwise_ccc
from app.agreement.estimate import NAN, Estimate
from app.agreement.resample import percentile_interval
from app.agreement.traces import RaterLag, relative_lags
from app.domain.ratings import TraceRecord
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side
from app.domain.traces import DIMENSIONS
from app.domain.words import many

Float = NDArray[np.float64]

HELD = "zero-order hold at 25 Hz; missing before a rater's first sample, in pauses and after the last sample"


@dataclass(frozen=True, eq=False)
class TraceAgreement:
    """How traces of one condition and dimension agree.

    Attributes:
        condition: viewing condition.
        dimension: valence or arousal.
        raters: codes, the order of all arrays.
        pairwise: (raters, raters) CCC over all items pooled, NaN where two never judged the same item.
        mean_pairwise: mean over items of the mean CCC of pairs, with an interval over items.
        leave_one_out: (raters,) CCC with the mean of the others over all items pooled: the human ceiling.
        alpha: Krippendorff's interval alpha over all time points, with an interval over items.
        lags: lag of each rater behind the fastest one.
        per_item: (item, mean pairwise CCC) of each item, NaN where undefined; sorted, most disputed first.
    """

    condition: str
    dimension: str
    raters: tuple[str, ...]
    pairwise: Float
    mean_pairwise: Estimate
    leave_one_out: Float
    alpha: Estimate
    lags: tuple[RaterLag, ...]
    per_item: tuple[tuple[str, float], ...]


def trace_agreement(
    traces: Sequence[TraceRecord], *, replicates: int = 1000, seed: int = 0, level: float = 0.95
) -> list[TraceAgreement]:
    """Agreement of all traces of pass 1.

    Args:
        traces: raw traces; conditions and dimensions are told apart, dimensions without a sample left out.
        replicates: bootstrap resamples of items.
        seed: seed of the resampling.
        level: confidence level.
    """
    first = [t for t in traces if t.pass_no == 1 and len(t.samples)]
    out = []
    for condition in sorted({t.condition for t in first}):
        here = [t for t in first if t.condition == condition]
        raters = tuple(sorted({t.rater for t in here}))
        for axis, dimension in enumerate(DIMENSIONS):
            blocks = [(item, _block([t for t in here if t.item == item], raters, axis)) for item in _items(here)]
            blocks = [(item, b) for item, b in blocks if not np.isnan(b).all()]
            if blocks:
                out.append(_agreement(condition, dimension, raters, blocks, replicates, seed, level))
    return out


def _items(traces: Sequence[TraceRecord]) -> list[str]:
    return list(dict.fromkeys(t.item for t in traces))


def _block(traces: Sequence[TraceRecord], raters: tuple[str, ...], axis: int) -> Float:
    """(raters, n) held values of one item on an even grid."""
    return side_by_side(traces, raters, even_times(traces))[:, :, axis]


def _agreement(
    condition: str,
    dimension: str,
    raters: tuple[str, ...],
    blocks: list[tuple[str, Float]],
    replicates: int,
    seed: int,
    level: float,
) -> TraceAgreement:
    everything = np.concatenate([b for _, b in blocks], axis=1)
    each = np.array([mean_pairwise(pairwise_ccc(b)) for _, b in blocks])
    known = each[~np.isnan(each)]
    about = f"{dimension} in {condition}"
    base = Estimate(
        NAN, "", "", level=level, n_items=len(blocks), n_raters=len(raters),
        n_ratings=int((~np.isnan(everything)).sum()), missing=HELD, about=about,
    )  # fmt: skip
    ccc = replace(
        base, value=float(known.mean()) if known.size else NAN, n_items=int(known.size), reference=LIN,
        estimator="concordance correlation coefficient, mean over pairs of raters and items",
        reason="" if known.size else "no item has two traces that vary", plain=plain.CCC,
    )  # fmt: skip
    alpha = replace(
        base,
        value=_alpha(everything),
        estimator="Krippendorff's alpha (interval) over time points",
        reference=REFERENCE,
        plain=plain.ALPHA,
    )
    if np.isnan(alpha.value):
        alpha = replace(alpha, reason="no time point has two values, or only one value occurs")
    if replicates and len(blocks) >= 2:
        rng = np.random.default_rng(seed)
        how = f"percentile bootstrap over {many(len(blocks), 'item')}"
        if known.size >= 2:
            draws = known[rng.integers(0, known.size, (replicates, known.size))].mean(axis=1)
            low, high = percentile_interval(draws, level)
            ccc = replace(ccc, low=low, high=high, method=how, seed=seed, replicates=replicates)
        low, high = percentile_interval(_alpha_draws([b for _, b in blocks], replicates, rng), level)
        alpha = replace(alpha, low=low, high=high, method=how, seed=seed, replicates=replicates)
    ordered = sorted(zip((i for i, _ in blocks), each.tolist(), strict=True), key=lambda p: (np.isnan(p[1]), p[1]))
    return TraceAgreement(
        condition=condition, dimension=dimension, raters=raters, pairwise=pairwise_ccc(everything), mean_pairwise=ccc,
        leave_one_out=leave_one_out_ccc(everything), alpha=alpha,
        lags=relative_lags([b for _, b in blocks], RATE_HZ), per_item=tuple(ordered),
    )  # fmt: skip


def _alpha(series: Float) -> float:
    """Interval alpha of (raters, n): every time point is a unit."""
    present = ~np.isnan(series)
    unit = np.broadcast_to(np.arange(series.shape[1]), series.shape)
    return alpha_continuous(series[present], unit[present], series.shape[1])


def _alpha_draws(blocks: list[Float], replicates: int, rng: np.random.Generator) -> Float:
    """(replicates,) alpha of resampled items from sums per item, as the closed form is a function of sums."""
    sums = np.zeros((len(blocks), 4))
    centre = float(np.nanmean(np.concatenate([b.ravel() for b in blocks])))
    for k, block in enumerate(blocks):
        present = ~np.isnan(block)
        m = present.sum(axis=0)
        two = m >= 2
        values = np.where(present, block - centre, 0.0)[:, two]
        count = m[two]
        total, square = values.sum(axis=0), (values**2).sum(axis=0)
        within = (square - total * total / np.maximum(count, 1)) * count / np.maximum(count - 1, 1)
        sums[k] = within.sum(), count.sum(), total.sum(), square.sum()
    weights = rng.multinomial(len(blocks), np.full(len(blocks), 1.0 / len(blocks)), replicates)
    within, n, total, square = (weights @ sums).T
    spread = (square - total * total / np.maximum(n, 1.0)) / np.maximum(n - 1.0, 1.0)
    ok = (n > 1) & (spread > 1e-13)
    return np.where(ok, 1.0 - within / np.maximum(n, 1.0) / np.where(ok, spread, 1.0), NAN)
