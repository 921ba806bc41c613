"""Flags on a trace that a person should look at: late start, gaps, idle stretches, saturation. Hints, not verdicts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.traces import TraceSamples


@dataclass(frozen=True)
class QualityLimits:
    """The limits beyond which a trace is flagged.

    Attributes:
        first_sample_s: Seconds into the item until the first sample.
        first_move_s: Seconds until the marker first moves (ANNEMO: 5 s).
        gap_s: Seconds of the item without a sample.
        idle_s: Seconds without movement (ANNEMO: 20 s).
        saturated_share: Share of the item spent at the edge of the scale.
        edge: Absolute value from which the marker is at the edge, 0–1.
    """

    first_sample_s: float = 1.0
    first_move_s: float = 5.0
    gap_s: float = 0.25
    idle_s: float = 20.0
    saturated_share: float = 0.25
    edge: float = 0.99


@dataclass(frozen=True)
class TraceQuality:
    """What was measured on a trace.

    Attributes:
        flags: What was found, of "empty", "late_start", "gaps", "idle", "saturation", "ends_early".
        first_sample_s: Seconds from the item's start to the first sample; None without any.
        first_move_s: Seconds to the first movement; None where there was none.
        longest_gap_s: Longest stretch within the item without a sample (pauses count).
        gaps: How many stretches are longer than allowed.
        longest_idle_s: Longest stretch without movement.
        saturated_share: Share of the traced time at the edge of the scale.
        covered_share: Share of the item's time that is traced.
        rate_hz: Median samples per second by the monotonic clock, 0 with fewer than two.
    """

    flags: tuple[str, ...]
    first_sample_s: float | None
    first_move_s: float | None
    longest_gap_s: float
    gaps: int
    longest_idle_s: float
    saturated_share: float
    covered_share: float
    rate_hz: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as they are stored with a trace."""
        return {**asdict(self), "flags": list(self.flags)}


def trace_quality(
    samples: TraceSamples, start_s: float, end_s: float, limits: QualityLimits | None = None
) -> TraceQuality:
    """Measure and flag a trace.

    Args:
        samples: As recorded; NaN in both dimensions marks a pause, NaN in one that it was not traced.
        start_s: Where the item begins on the clip's PTS axis.
        end_s: Where it ends, after `start_s`.
        limits: The limits beyond which a trace is flagged.

    Raises:
        ValueError: The item has no length.
    """
    if not end_s > start_s:
        raise ValueError("the item has no length")
    limits = limits or QualityLimits()
    live = np.isfinite(samples.values).any(axis=1)
    live &= (samples.times_s >= start_s) & (samples.times_s <= end_s)
    length = end_s - start_s
    if not live.any():
        return TraceQuality(("empty",), None, None, length, 1, length, 0.0, 0.0, 0.0)
    times, values = samples.times_s[live], np.nan_to_num(samples.values[live].astype(np.float64))
    clock = samples.monotonic_s[live]
    edges = np.concatenate([[start_s], times, [end_s]])
    steps = np.diff(edges)
    holes = steps[steps > limits.gap_s]
    moved = np.flatnonzero((np.diff(values, axis=0) != 0).any(axis=1)) + 1
    first_move = float(times[moved[0]] - start_s) if moved.size else None
    still = np.diff(np.concatenate([[times[0]], times[moved], [times[-1]]]))
    weights = np.minimum(np.diff(np.append(times, end_s)), limits.gap_s)
    at_edge = (np.abs(values) >= limits.edge).any(axis=1)
    traced = float(weights.sum())
    quality = TraceQuality(
        flags=(),
        first_sample_s=float(times[0] - start_s),
        first_move_s=first_move,
        longest_gap_s=float(steps.max()),
        gaps=int(holes.size),
        longest_idle_s=float(still.max()),
        saturated_share=float(weights[at_edge].sum() / traced) if traced else float(at_edge.mean()),
        covered_share=float(min(1.0, 1.0 - holes.sum() / length)),
        rate_hz=_rate(clock),
    )
    return TraceQuality(**{**asdict(quality), "flags": _flags(quality, end_s - float(times[-1]), length, limits)})


def _flags(quality: TraceQuality, missing_end_s: float, length: float, limits: QualityLimits) -> tuple[str, ...]:
    late = (quality.first_sample_s or 0.0) > limits.first_sample_s
    late |= quality.first_move_s is not None and quality.first_move_s > limits.first_move_s
    checks = (
        ("late_start", late),
        ("gaps", quality.gaps > 0),
        ("idle", quality.longest_idle_s > limits.idle_s or (quality.first_move_s is None and length > 2.0)),
        ("saturation", quality.saturated_share > limits.saturated_share),
        ("ends_early", missing_end_s > limits.first_sample_s),
    )
    return tuple(name for name, found in checks if found)


def _rate(clock: NDArray[np.float64]) -> float:
    steps = np.diff(clock)
    steps = steps[np.isfinite(steps) & (steps > 0)]
    return float(1.0 / np.median(steps)) if steps.size else 0.0
