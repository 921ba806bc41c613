"""Raters who oppose the group or never move: found, named and set aside for lags and gold standards of traces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.lag_sums import PairSums
from app.agreement.lags import LEAST_S

Float = NDArray[np.float64]

OPPOSED: Final = -0.35
"""Mean correlation with the others from which on a rater opposes them.  With one minute of material four of five
inverted raters reach it and up to two of ten who follow something else; with five minutes all of the former and none
of the latter (benchmarks/lags.py)."""
NEVER_MOVES: Final = "never moves"


def never_moving(clips: Sequence[Float], rate_hz: float) -> list[int]:
    """Find raters whose traces hold one value on every clip, where others moved.

    Args:
        clips: per clip and dimension (raters, n) float64 on an even grid, NaN for missing.
        rate_hz: sampling rate of the grid.

    Returns:
        Rows of raters who never leave their value within a clip, over `LEAST_S` at least in which another rater moves.

    Example:
        >>> still, moving = np.full(1500, 0.1), np.sin(np.arange(1500) / 30)
        >>> never_moving([np.stack([still, moving])], 25.0), never_moving([np.stack([still, still])], 25.0)
        ([0], [])
    """
    count = clips[0].shape[0] if clips else 0
    moved, beside = np.zeros(count, dtype=bool), np.zeros(count)
    for clip in clips:
        seen = ~np.isnan(clip)
        high = np.where(seen, clip, -np.inf).max(axis=1, initial=-np.inf)
        low = np.where(seen, clip, np.inf).min(axis=1, initial=np.inf)
        moves = high > low
        moved |= moves
        if moves.any():
            beside += seen.sum(axis=1) / rate_hz
    return np.flatnonzero(~moved & (beside >= LEAST_S)).tolist()


def opposing(sums: PairSums, rate_hz: float, leave_out: Sequence[int] = ()) -> dict[int, float]:
    """Find raters who move against the others.

    Of every pair of raters with `LEAST_S` in common the strongest correlation at any lag tells whether they go together
    or against each other.  The rater with the lowest mean over the others is taken out where it is below `OPPOSED`, and
    the rest is looked at again, until nobody is.  Of two raters nobody can say who opposes whom.

    Args:
        sums: correlations of all pairs of one dimension.
        rate_hz: sampling rate of the grid.
        leave_out: raters who do not count.

    Returns:
        Row of each rater who opposes the others → mean of the strongest correlations with them.

    Example:
        >>> from app.agreement.example import series
        >>> from app.agreement.lag_sums import pair_sums
        >>> against = [np.vstack([block, -block[:1]]) for block in series()]
        >>> {row: round(mean, 2) for row, mean in opposing(pair_sums(against, 20), rate_hz=10).items()}
        {3: -1.0}
    """
    count = sums.raters
    if count < 3 or not sums.sums.shape[0]:
        return {}
    strongest = np.full((count, count), np.nan)
    together = sums.common.sum(axis=0) / rate_hz / sums.series
    every = sums.correlations(np.ones((1, sums.sums.shape[0])))[0]
    for (a, b), seconds, row in zip(sums.pairs, together.tolist(), every, strict=True):
        if seconds >= LEAST_S and not np.isnan(row).all():
            strongest[a, b] = strongest[b, a] = row[int(np.nanargmax(np.abs(row)))]
    members = [k for k in range(count) if k not in leave_out]
    found: dict[int, float] = {}
    while len(members) > 2:
        inside = strongest[np.ix_(members, members)]
        known = ~np.isnan(inside)
        enough = known.sum(axis=1) >= 2
        mean = np.where(enough, np.nansum(inside, axis=1) / np.maximum(known.sum(axis=1), 1), np.inf)
        worst = int(np.argmin(mean))
        if not mean[worst] <= OPPOSED:
            break
        found[members[worst]] = float(mean[worst])
        del members[worst]
    return found
