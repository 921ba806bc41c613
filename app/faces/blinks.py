"""Blinks from the opening of the eyes along a track."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CLOSED: Final = 0.2
"""An eye that is open by less than this share of its usual opening counts as closed for PERCLOS: closed by 80 % or more
(Wierwille and others 1994)."""
HALF: Final = 0.5
"""A blink lasts from the moment when the opening falls below this share of its usual value until it rises above it."""
LONGEST_S: Final = 0.5
"""Closures of more than this many seconds are not blinks."""
_USUAL: Final = 75.0
"""The usual opening is this percentile of the track's openings: a robust value of the open eye."""
_GAP_S: Final = 0.25
"""If the face is unseen for more than this many seconds, a closure ends and is not a blink."""


@dataclass(frozen=True)
class Blink:
    """One blink.

    Attributes:
        onset_s: Time at which the eyes were half closed, seconds on the clip's PTS axis.
        duration_s: Time until they were half open again, seconds.
        depth: Share of the usual opening by which they closed, 0–1.
    """

    onset_s: float
    duration_s: float
    depth: float


@dataclass(frozen=True)
class BlinkSummary:
    """The blinks of a track.

    Attributes:
        blinks: The blinks in order of time.
        seen_s: Time for which the eyes were seen, seconds.
        rate_per_min: Blinks per minute of that time; None below one second.
        perclos: Share of that time in which the eyes were closed by 80 % or more; None below one second.
        closing: bool N, True for frames within a blink.
    """

    blinks: tuple[Blink, ...]
    seen_s: float
    rate_per_min: float | None
    perclos: float | None
    closing: NDArray[np.bool_]


def find_blinks(times_s: NDArray[np.float64], opening: NDArray[np.float64]) -> BlinkSummary:
    """Find the blinks of one track.

    Args:
        times_s: float64 N, ascending, seconds on the clip's PTS axis.
        opening: float64 N, mean opening of both eyes; NaN where they are not measured.

    Returns:
        The blinks. If frames are more than a tenth of a second apart, some blinks are missed.
    """
    seen = np.flatnonzero(np.isfinite(opening))
    closing = np.zeros(len(times_s), np.bool_)
    if len(seen) < 2:
        return BlinkSummary((), 0.0, None, None, closing)
    t, usual = times_s[seen], float(np.percentile(opening[seen], _USUAL))
    share = opening[seen] / max(usual, 1e-9)
    steps = np.diff(t)
    known = steps <= _GAP_S
    seen_s = float(steps[known].sum())
    blinks = []
    starts = np.flatnonzero((share[1:] < HALF) & (share[:-1] >= HALF) & known) + 1
    for start in starts.tolist():
        rest = np.flatnonzero(share[start:] >= HALF)
        if not len(rest):
            continue
        end = start + int(rest[0])
        if not known[start - 1 : end].all():
            continue
        onset, offset = (_crossing(t, share, i) for i in (start, end))
        if offset - onset > LONGEST_S:
            continue
        blinks.append(Blink(onset, offset - onset, float(np.clip(1 - share[start:end].min(), 0, 1))))
        closing[seen[start:end]] = True
    if seen_s < 1:
        return BlinkSummary(tuple(blinks), seen_s, None, None, closing)
    closed = float(steps[known & (share[:-1] < CLOSED)].sum())
    return BlinkSummary(tuple(blinks), seen_s, 60 * len(blinks) / seen_s, closed / seen_s, closing)


def _crossing(t: NDArray[np.float64], share: NDArray[np.float64], i: int) -> float:
    """Return when the opening crosses one half between samples i - 1 and i, along a straight line."""
    part = (HALF - share[i - 1]) / (share[i] - share[i - 1])
    return float(t[i - 1] + part * (t[i] - t[i - 1]))
