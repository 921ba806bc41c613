"""Streams that were recorded beside a rater's trace: on the clip's clock, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.foreign_measures import ForeignMeasures
from app.domain.traces import TraceSamples

STILL_S: Final = 0.25
"""The clock may run on by this much more than the clip between two frames; beyond that the clip stood still."""


@dataclass(frozen=True, eq=False)
class TraceStream:
    """A stream beside a trace.

    Attributes:
        trace_id: Number of the trace.
        rater: Code of the rater who gave it.
        measures: The channels.
    """

    trace_id: int
    rater: str
    measures: ForeignMeasures


def named(streams: Iterable[TraceStream], names: Mapping[str, str] | None = None) -> Iterator[ForeignMeasures]:
    """Yield the channels under names that say beside whose trace they were recorded.

    Args:
        streams: The streams of a clip, in the order of the traces.
        names: Rater → another name for them; None for their codes.

    Example:
        >>> empty = ForeignMeasures("LSL EDA", "", "", ("gsr",), np.zeros(0), np.zeros((0, 1), np.float32))
        >>> [one.title("gsr") for one in named([TraceStream(3, "R1", empty), TraceStream(8, "R1", empty)])]
        ['LSL EDA beside R1 gsr', 'LSL EDA beside R1 (2) gsr']
    """
    traces: dict[str, list[int]] = {}
    for one in streams:
        known = traces.setdefault(one.rater, [])
        if one.trace_id not in known:
            known.append(one.trace_id)
        number = known.index(one.trace_id) + 1
        rater = one.rater if names is None else names[one.rater]
        whose = rater if number == 1 else f"{rater} ({number})"
        yield replace(one.measures, program=f"{one.measures.program} beside {whose}")


def clip_times(samples: TraceSamples, monotonic_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where the clip was at moments of the machine's clock, as the samples of a trace tell.

    A frame is on screen from its first sample on; between two frames the clip goes on evenly.

    Args:
        samples: The trace as it was given.
        monotonic_s: The moments, seconds of `time.monotonic`, not decreasing.

    Returns:
        float64 N, seconds on the clip's PTS axis; NaN before and after the trace and while it was paused.

    Example:
        >>> pause = TraceSamples(np.array([0.0, 0.1, 0.1, 0.2]), np.zeros((4, 2), np.float32),
        ...                      np.array([5.0, 5.1, 9.0, 9.1]), "mouse")
        >>> clip_times(pause, np.array([4.9, 5.05, 7.0, 9.05])).round(3).tolist()
        [nan, 0.05, nan, 0.15]
    """
    times_s, clock_s = samples.times_s, samples.monotonic_s
    found = np.full(len(monotonic_s), np.nan)
    if len(times_s) < 2:
        return found
    # A pause begins with the last sample before the clock runs on, and ends with the first one after it.
    still = np.diff(clock_s) - np.diff(times_s) > STILL_S
    kept = np.concatenate([[True], np.diff(times_s) > 0])
    kept[1:] |= still
    kept[:-1] |= still
    kept[-1] = True
    times_s, clock_s = times_s[kept], clock_s[kept]
    place = np.searchsorted(clock_s, monotonic_s, side="right") - 1
    inside = (place >= 0) & (monotonic_s <= clock_s[-1])
    place = np.clip(place, 0, len(times_s) - 2)
    elapsed_s, shown_s = clock_s[place + 1] - clock_s[place], times_s[place + 1] - times_s[place]
    inside &= elapsed_s - shown_s <= STILL_S
    share = (monotonic_s - clock_s[place]) / np.maximum(elapsed_s, 1e-9)
    found[inside] = (times_s[place] + share * shown_s)[inside]
    return found
