"""How the traces of several raters go together, computed once: what lags and setting raters aside are told from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.lag_sums import PairSums, pair_sums
from app.agreement.lags import MAX_LAG_S
from app.agreement.set_aside import NEVER_MOVES, never_moving, opposing
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side
from app.domain.traces import DIMENSIONS

Float = NDArray[np.float64]

MAX_LAG: Final = round(MAX_LAG_S * RATE_HZ)


@dataclass(frozen=True, eq=False)
class TraceSums:
    """Correlations of all pairs of raters of some traces, over all items and conditions.

    Attributes:
        raters: codes, the order of all rows.
        axes: valence and arousal.
        items: number of items that several raters traced.
        aside: rater → why he or she is set aside for lags and gold standards, unless taken back.
    """

    raters: tuple[str, ...]
    axes: tuple[PairSums, PairSums]
    items: int
    aside: dict[str, str]

    @property
    def both(self) -> PairSums:
        """Both dimensions together."""
        return self.axes[0].plus(self.axes[1])

    def rows(self, raters: Sequence[str]) -> list[int]:
        """Return the rows of some raters."""
        return [self.raters.index(rater) for rater in raters if rater in self.raters]


@dataclass(frozen=True)
class _Asked:
    """Traces by their names: those of a project never change."""

    uids: tuple[str, ...]
    traces: tuple[TraceLabel, ...] = field(compare=False)


def trace_sums(traces: Sequence[TraceLabel]) -> TraceSums:
    """Compare all raters of some traces; the same stored traces are not compared twice.

    Args:
        traces: raw traces of the pass that is analysed, of any items and conditions.

    Example:
        >>> from app.agreement.example import traces
        >>> found = trace_sums(traces())
        >>> found.raters, len(found.axes), found.axes[0].pairs
        (('R1', 'R2', 'R3'), 2, [(0, 1), (0, 2), (1, 2)])
    """
    used = tuple(sorted((t for t in traces if len(t.samples)), key=lambda t: t.uid))
    if any(not t.uid for t in used):
        return _computed(used)
    return _known(_Asked(tuple(t.uid for t in used), used))


@lru_cache(maxsize=4)
def _known(asked: _Asked) -> TraceSums:
    return _computed(asked.traces)


def set_aside(traces: Sequence[TraceLabel], take_back: Sequence[str] = ()) -> dict[str, str]:
    """Find the raters who are set aside for lags and gold standards of traces.

    Args:
        traces: raw traces of the pass that is analysed.
        take_back: codes of raters who count all the same.

    Returns:
        Code → reason, of those who oppose the others in a dimension or never move; nobody among fewer than two raters.

    Example:
        >>> from app.agreement.example import traces
        >>> against = traces()
        >>> for trace in against[2::3]:  # the samples of R3, turned round
        ...     trace.samples.values[:] *= -1
        >>> sorted(set_aside(against))
        ['R3']
    """
    return {rater: why for rater, why in trace_sums(traces).aside.items() if rater not in take_back}


def _computed(traces: tuple[TraceLabel, ...]) -> TraceSums:
    groups: dict[tuple[str, str], list[TraceLabel]] = {}
    for trace in traces:
        groups.setdefault((trace.condition, trace.item), []).append(trace)
    raters = tuple(sorted({t.rater for t in traces}))
    blocks = [(group[0].clip, side_by_side(group, raters, even_times(group))) for group in groups.values()]
    shared = [(clip, block) for clip, block in blocks if (~np.isnan(block)).any(axis=(1, 2)).sum() > 1]
    units = [clip for clip, _ in shared]
    first, second = (
        pair_sums([block[:, :, axis] for _, block in shared], MAX_LAG, units, raters=len(raters)) for axis in (0, 1)
    )
    aside: dict[str, str] = {}
    if len(raters) > 1:
        still = never_moving([block[:, :, axis] for _, block in blocks for axis in (0, 1)], RATE_HZ)
        aside = {raters[k]: NEVER_MOVES for k in still}
        for name, sums in zip(DIMENSIONS, (first, second), strict=True):
            for k, mean in opposing(sums, RATE_HZ, still).items():
                aside.setdefault(raters[k], f"opposes the other raters in {name} (mean correlation {mean:.2f})")
    return TraceSums(raters, (first, second), len(shared), aside)
