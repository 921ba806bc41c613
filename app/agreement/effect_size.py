"""Effect sizes of paired differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement import plain
from app.agreement.estimate import NAN, Estimate
from app.agreement.jackknife import MOST_GROUPS, Scale, groups_of, jackknife_interval
from app.agreement.resample import Unit
from app.agreement.settings import AgreementSettings

Float = NDArray[np.float64]


MANY_ITEMS = 5_000
FEW_GROUPS = 40
TIE = 1e-12
"""Share of the largest difference up to which two differences are the same number."""


def standardised_difference(d: Float) -> float:
    """Cohen's d_z of paired differences (Cohen 1988): their mean over their standard deviation.

    Args:
        d: (n,) paired differences.

    Returns:
        A number without unit; NaN with fewer than two differences or where they do not vary.

    Example:
        >>> round(standardised_difference(np.array([1.0, 2.0, 3.0])), 3)
        2.0
    """
    if d.size < 2 or np.ptp(d) <= TIE * np.abs(d).max():
        return NAN
    return float(d.mean() / d.std(ddof=1))


def rank_biserial(d: Float) -> float:
    """Matched-pairs rank-biserial correlation, (W+ - W-) / (W+ + W-) (Kerby 2014).

    Zero differences are dropped before ranking and equal sizes share their mid-rank.  Two sizes that lie within
    `TIE` of the largest one are equal: thirds and halves of the same fraction differ by rounding only.

    Args:
        d: (n,) paired differences, in which a difference by rounding alone has been set to zero.

    Returns:
        A number in -1...1, positive where the first condition is larger; NaN without any difference.

    Example:
        >>> rank_biserial(np.array([0.0, 0.5, 0.25]))
        1.0
        >>> round(rank_biserial(np.array([0.3, -0.1, 0.1 + 1e-17])), 3)
        0.5
    """
    return _ranked(d[np.argsort(np.abs(d), kind="stable")])


def _ranked(d: Float) -> float:
    """`rank_biserial` of differences in the order of their size, so that a part of them need not be sorted again."""
    size = np.abs(d)
    limit = TIE * float(size.max(initial=0.0))
    d, size = d[size > limit], size[size > limit]
    if not d.size:
        return NAN
    group = np.concatenate([[0], np.cumsum(np.diff(size) > limit)])
    repeat = np.bincount(group)
    ranks = (np.cumsum(repeat) - (repeat - 1) / 2.0)[group]
    return float((ranks * np.sign(d)).sum() / ranks.sum())


def effect_sizes(
    d: Float, cluster: NDArray[np.integer], unit: Unit, settings: AgreementSettings
) -> tuple[Estimate, Estimate]:
    """Compute both effect sizes with the t interval of the jackknife over units.

    Args:
        d: (n,) paired differences.
        cluster: (n,) unit of each.
        unit: what these are.
        settings: level, and whether intervals are wanted.

    Returns:
        (d_z, rank-biserial correlation); where there is no difference both are undefined.

    Example:
        >>> d = np.array([0.5, 0.2, 0.4, -0.1, 0.3, 0.6, 0.1, 0.2, 0.4, 0.3])
        >>> d_z, rank_biserial = effect_sizes(d, np.arange(10), "item", AgreementSettings(unit="item"))
        >>> round(d_z.value, 2), round(rank_biserial.value, 2)
        (1.43, 0.95)
    """
    units, place = np.unique(cluster, return_inverse=True)
    # Ranks are formed again without each unit, or each group of units where they are many.
    group = groups_of(max(units.size, 1), MOST_GROUPS if d.size <= MANY_ITEMS else FEW_GROUPS)[place]
    order = np.argsort(np.abs(d), kind="stable")
    d, group = d[order], group[order]
    out = []
    for name, reference, scale, measure in _SIZES:
        value = measure(d)
        estimate = Estimate(
            value, name, reference, plain=plain.EFFECT_SIZE,
            level=settings.level, n_items=int(d.size), unit=unit, n_units=int(units.size),
            missing="items with two ratings in both conditions",
            reason="" if not np.isnan(value) else "no item differs between the conditions" if d.size else NO_ITEM,
        )  # fmt: skip
        if estimate.defined and settings.replicates:
            left = np.array([measure(d[group != g]) for g in range(int(group.max()) + 1)])
            found = jackknife_interval(value, left, level=settings.level, scale=scale)
            how = "" if found.reason else f"t interval of the jackknife over {unit}s"
            estimate = replace(estimate, low=found.low, high=found.high, reason=found.reason, method=how)
        out.append(estimate)
    return out[0], out[1]


NO_ITEM: Final = "no item has two ratings in both conditions"
_SIZES: Final[tuple[tuple[str, str, Scale, Callable[[Float], float]], ...]] = (
    ("d_z (mean paired difference over its standard deviation)", "Cohen 1988", "plain", standardised_difference),
    ("matched-pairs rank-biserial correlation", "Kerby 2014", "fisher", _ranked),
)
