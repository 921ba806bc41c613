"""A rater's trace as streams of the Lab Streaming Layer while it is given: the samples, and markers of what happens."""

from __future__ import annotations

import time
from typing import Any, Final

from app.services.predict.lsl import OWN, library

TRACE: Final = "Affectograph trace"
TRACE_KIND: Final = "Rating"
EVENTS: Final = "Affectograph events"
EVENTS_KIND: Final = "Markers"
CHANNELS: Final = (("time", "seconds"), ("valence", "none"), ("arousal", "none"))
"""Channels of a trace and their units: the clip's own time, and the place of the marker, −1…1; NaN is a gap."""


class TraceOut:
    """The two streams. Other programs see them as long as this is open. Neither names the rater.

    Raises:
        UserError: LSL is not installed, or its library cannot be loaded.
    """

    def __init__(self) -> None:
        lsl = self._lsl = library()
        info = lsl.StreamInfo(TRACE, TRACE_KIND, len(CHANNELS), lsl.IRREGULAR_RATE, "float32", f"{OWN}trace")
        described = info.desc().append_child("channels")
        for name, unit in CHANNELS:
            channel = described.append_child("channel")
            channel.append_child_value("label", name)
            channel.append_child_value("unit", unit)
        self._trace: Any = lsl.StreamOutlet(info)
        self._events: Any = lsl.StreamOutlet(
            lsl.StreamInfo(EVENTS, EVENTS_KIND, 1, lsl.IRREGULAR_RATE, "string", f"{OWN}events")
        )

    def sample(self, time_s: float, valence: float, arousal: float, monotonic_s: float) -> None:
        """Send a sample, from any thread. It does not wait for receivers.

        Args:
            time_s: Seconds on the clip's PTS axis.
            valence: −1…1; NaN for a gap.
            arousal: Like `valence`.
            monotonic_s: When it was taken, seconds of `time.monotonic`.
        """
        trace = self._trace  # another thread may close it
        if trace is not None:
            trace.push_sample([time_s, valence, arousal], self._stamp(monotonic_s))

    def mark(self, text: str) -> None:
        """Send a marker with the present time."""
        events = self._events
        if events is not None:
            events.push_sample([text], self._stamp(time.monotonic()))

    def close(self) -> None:
        """End the streams. A second call does nothing."""
        self._trace, self._events = None, None

    def _stamp(self, monotonic_s: float) -> float:
        """Return a moment of `time.monotonic` on the clock of liblsl, which need not begin with it."""
        return float(monotonic_s + self._lsl.local_clock() - time.monotonic())
