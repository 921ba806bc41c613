"""Agreement of continuous traces: pairwise and leave-one-out CCC, interval alpha, lags, per condition and dimension."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import mean_pairwise, pairwise_ccc
from app.agreement.estimate import NAN, Estimate
from app.agreement.lag_sums import pair_sums
from app.agreement.lags import LAG_RESAMPLES, lags_of_sums
from app.agreement.resample import Unit
from app.agreement.settings import AgreementSettings
from app.agreement.trace_estimates import (
    ceiling_estimate,
    lag_estimates,
    leave_one_out_estimates,
    pair_estimates,
    trace_estimates,
)
from app.agreement.trace_sums import MAX_LAG, set_aside
from app.agreement.traces import RaterLag
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side
from app.domain.traces import DIMENSIONS

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TraceAgreement:
    """How traces of one condition and dimension agree.

    Attributes:
        condition: viewing condition.
        dimension: valence or arousal.
        raters: codes, the order of all arrays.
        pairwise: (raters, raters) CCC over all items pooled, NaN where two never judged the same item.
        mean_pairwise: mean over items of the mean CCC of pairs, with its interval.
        leave_one_out: (raters,) CCC with the mean of the others over all items pooled: the human ceiling.
        alpha: Krippendorff's interval alpha over all time points, with its interval.
        lags: lag of each rater behind the fastest one, with its interval.
        ceiling: mean over raters of their leave-one-out CCC, the human ceiling, with its interval.
        lag_estimates: the lags as estimates.
        aside: rater → why he or she is set aside for lags and gold standards; the coefficients count everybody.
        per_item: (item, mean pairwise CCC) of each item, NaN where undefined; sorted, most disputed first.
        pairs: (first, second) → pooled CCC of two raters with its interval.
        ceilings: pooled leave-one-out CCC of each rater with its interval.
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
    pairs: dict[tuple[int, int], Estimate] = field(default_factory=dict)
    ceilings: tuple[Estimate, ...] = ()
    aside: dict[str, str] = field(default_factory=dict)
    ceiling: Estimate | None = None
    lag_estimates: tuple[Estimate, ...] = ()

    def estimates(self) -> tuple[Estimate, ...]:
        """Return all estimates: of all raters, of each rater against the others, of each pair, of each lag."""
        joint = [self.mean_pairwise, self.alpha, *([self.ceiling] if self.ceiling is not None else [])]
        return *joint, *self.ceilings, *self.pairs.values(), *self.lag_estimates


def trace_agreement(
    traces: Sequence[TraceLabel], settings: AgreementSettings | None = None, take_back: Sequence[str] = ()
) -> list[TraceAgreement]:
    """Compute agreement of all traces of pass 1.

    Args:
        traces: raw traces; conditions and dimensions are told apart, dimensions without a sample left out.
        settings: what is left out together (item, clip or subject), and how intervals are made; items if None.
        take_back: raters who get a lag although they oppose the others or never move.

    Example:
        >>> from app.agreement.example import traces
        >>> valence, arousal = trace_agreement(traces())
        >>> round(valence.mean_pairwise.value, 2), [round(lag.lag_s, 1) for lag in valence.lags]
        (0.9, [0.0, 0.4, 0.8])
    """
    chosen = settings or AgreementSettings(unit="item")
    first = [t for t in traces if t.pass_no == 1 and len(t.samples)]
    out = []
    aside = set_aside(first, take_back)
    for condition in sorted({t.condition for t in first}):
        here = [t for t in first if t.condition == condition]
        raters = tuple(sorted({t.rater for t in here}))
        for axis, dimension in enumerate(DIMENSIONS):
            blocks = [(item, _block([t for t in here if t.item == item], raters, axis)) for item in _items(here)]
            blocks = [(item, b) for item, b in blocks if not np.isnan(b).all()]
            if blocks:
                units = [_unit_of([t for t in here if t.item == item], chosen.unit) for item, _ in blocks]
                out.append(_agreement((condition, dimension), raters, blocks, units, chosen, aside))
    return out


def _items(traces: Sequence[TraceLabel]) -> list[str]:
    return list(dict.fromkeys(t.item for t in traces))


def _unit_of(traces: Sequence[TraceLabel], unit: Unit) -> str:
    """Return what an item is left out with; without a subject it is its clip."""
    one = traces[0]
    if unit == "item":
        return one.item
    return f"subject {one.subject}" if unit == "subject" and one.subject else f"clip {one.clip}"


def _block(traces: Sequence[TraceLabel], raters: tuple[str, ...], axis: int) -> Float:
    """(raters, n) held values of one item on an even grid."""
    return side_by_side(traces, raters, even_times(traces))[:, :, axis]


def _agreement(
    about: tuple[str, str],
    raters: tuple[str, ...],
    blocks: list[tuple[str, Float]],
    units: list[str],
    settings: AgreementSettings,
    aside: dict[str, str],
) -> TraceAgreement:
    condition, dimension = about
    series = [block for _, block in blocks]
    named = f"{dimension} in {condition}"
    ccc, alpha = trace_estimates(series, units, settings, about=named)
    pairs = pair_estimates(series, units, raters, settings, about=named)
    alone = leave_one_out_estimates(series, units, raters, settings, about=named)
    pairwise = np.full((len(raters), len(raters)), NAN)
    everything = np.concatenate(series, axis=1)
    np.fill_diagonal(pairwise, np.diag(pairwise_ccc(everything)))
    for (a, b), one in pairs.items():
        pairwise[a, b] = pairwise[b, a] = one.value
    each = [mean_pairwise(pairwise_ccc(block)) for block in series]
    out = [k for k, rater in enumerate(raters) if rater in aside]
    sums = pair_sums(series, MAX_LAG, units)
    lags = lags_of_sums(
        sums, RATE_HZ, leave_out=out, replicates=min(settings.replicates, LAG_RESAMPLES), seed=settings.seed,
        level=settings.level,
    )  # fmt: skip
    items = [int((~np.isnan(block[k])).any()) for k in range(len(raters)) for block in series]
    shared = np.reshape(items, (len(raters), len(series))).sum(axis=1)
    lags = tuple(
        replace(lag, n=int(n), reason=aside.get(rater, lag.reason))
        for rater, lag, n in zip(raters, lags, shared, strict=True)
    )
    ordered = sorted(zip((i for i, _ in blocks), each, strict=True), key=lambda p: (np.isnan(p[1]), p[1]))
    return TraceAgreement(
        condition=condition, dimension=dimension, raters=raters, pairwise=pairwise, mean_pairwise=ccc,
        leave_one_out=np.array([one.value for one in alone]), alpha=alpha, lags=lags,
        per_item=tuple(ordered), pairs=pairs, ceilings=alone, aside={r: w for r, w in aside.items() if r in raters},
        ceiling=ceiling_estimate(series, units, settings, about=named),
        lag_estimates=lag_estimates(lags, raters, settings, sums.sums.shape[0], about=named),
    )  # fmt: skip
