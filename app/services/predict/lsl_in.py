"""Receives streams of the Lab Streaming Layer beside a recording or a trace: markers, and channels such as EDA."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.services.predict.lsl import OWN, library
from app.worker import END_WAIT_S, Worker

POLL_S: Final = 0.05
"""Seconds between two looks for new samples."""
CLOCK_S: Final = 5.0
"""Seconds between two comparisons of a stream's clock with our own, as often as liblsl measures anew."""
LATE_S: Final = 0.2
"""How long samples of a recording's last moment may be on their way."""
_PATIENCE_S: Final = 2.0


@dataclass(frozen=True, eq=False)
class ReceivedStream:
    """What came of one stream during a recording.

    Attributes:
        name: The stream's name, made unique among those that were received.
        host: The computer that sent it; empty where it does not say.
        channels: The names of the M channels, with their units in brackets.
        monotonic_s: float64 N, when the samples were taken, on the clock of `time.monotonic`; not decreasing.
        values: float32 N×M; None for markers.
        texts: N markers; empty for a stream of numbers.
        correction_s: What was added to the sender's clock at the end, in seconds; None where its clock could not be
            compared, so that its stamps were taken as they are.
        program: The name under which its channels are kept; empty for `LSL` and the stream's name.
        origin: Where it came from, in words; empty for the sender and the correction of its clock.
    """

    name: str
    host: str
    channels: tuple[str, ...]
    monotonic_s: NDArray[np.float64]
    values: NDArray[np.float32] | None
    texts: tuple[str, ...] = ()
    correction_s: float | None = None
    program: str = ""
    origin: str = ""


def is_wanted(wanted: str, name: str, kind: str) -> bool:
    """Return whether a list of names and types, with commas between, holds a stream; `*` holds every one.

    Example:
        >>> [is_wanted("eda, Markers", *one) for one in (("EDA", "EDA"), ("PsychoPy", "Markers"), ("X", "EEG"))]
        [True, True, False]
    """
    words = {word.strip().lower() for word in wanted.split(",")} - {""}
    return bool(words & {"*", name.lower(), kind.lower()})


class LslIn(Worker):
    """Looks for streams and listens to them, from its making until `close`. What comes is kept only while recording.

    Args:
        wanted: Names and types of streams with commas between; `*` for all. Our own streams are never received.

    Raises:
        UserError: LSL is not installed, or its library cannot be loaded.
    """

    def __init__(self, wanted: str) -> None:
        super().__init__("lsl-in")
        self._lsl = library()
        self._wanted = wanted
        self._heard: dict[str, _Heard] = {}
        self._recording = False
        self._begin()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the streams that are heard."""
        with self._wake:
            return tuple(one.name for one in self._heard.values())

    def record(self) -> None:
        """Keep what comes from now on; what was kept before is forgotten."""
        with self._wake:
            for one in self._heard.values():
                one.pull()
                one.forget()
            self._recording = True

    def take(self) -> list[ReceivedStream]:
        """End the recording and return what came, after a moment for what is still on its way.

        It may be called in any thread, and also after `close`.
        """
        time.sleep(LATE_S)
        with self._wake:
            self._recording = False
            shift_s = time.monotonic() - self._lsl.local_clock()
            found = []
            for one in self._heard.values():
                one.pull()
                found += [one.received(shift_s)] if one.stamps else []
                one.forget()
        return found

    def rest(self) -> None:
        """End the recording without its result."""
        with self._wake:
            self._recording = False

    def leave(self) -> None:
        """Ask to stop listening, without waiting; what was kept can still be taken."""
        self._halt()

    def close(self) -> None:
        """Stop listening and wait for it: some seconds where a stream does not answer. A second call does nothing."""
        self._end(END_WAIT_S)

    def _run(self) -> None:
        resolver = self._lsl.ContinuousResolver()
        while not self._stop:
            for info in resolver.results():
                known = info.uid() in self._heard
                if not known and not self._stop and is_wanted(self._wanted, info.name(), info.type()):
                    self._listen(info)
            with self._wake:
                for one in self._heard.values():
                    one.pull()
                    if not self._recording:
                        one.forget()
                due = [one for one in self._heard.values() if self._lsl.local_clock() - one.compared_s > CLOCK_S]
            for one in due:
                one.compare_clocks()
            with self._wake:
                if not self._stop:
                    self._wake.wait(POLL_S)

    def _listen(self, info: Any) -> None:
        if info.source_id().startswith(OWN):
            return
        with self._wake:
            taken = {one.name for one in self._heard.values()}
        try:
            heard = _Heard(self._lsl, info, taken)
        except (self._lsl.LostError, TimeoutError, RuntimeError):  # it has gone again, or does not answer yet
            return
        with self._wake:
            self._heard[info.uid()] = heard


class _Heard:
    """A stream that is listened to."""

    def __init__(self, lsl: Any, info: Any, taken: set[str]) -> None:
        self._lsl = lsl
        self._inlet = lsl.StreamInlet(info)
        self._inlet.open_stream(_PATIENCE_S)
        full = self._inlet.info(_PATIENCE_S)
        self.name, number = info.name() or info.type() or "stream", 1
        while self.name in taken:
            number += 1
            self.name = f"{info.name()} ({number})"
        self.host: str = info.hostname()
        self.channels = _channels(full)
        self.markers = info.channel_format() == lsl.cf_string or info.type().lower() == "markers"
        self.stamps: list[float] = []
        self._samples: list[Sequence[Any]] = []
        self._clocks: list[tuple[float, float]] = []
        self.compared_s = 0.0
        self.compare_clocks()

    def compare_clocks(self) -> None:
        """Ask how far the sender's clock is from ours. The first time this takes some milliseconds."""
        self.compared_s = self._lsl.local_clock()
        try:
            correction_s = self._inlet.time_correction(_PATIENCE_S)
        except (TimeoutError, self._lsl.LostError, RuntimeError):
            return
        self._clocks.append((self._lsl.local_clock() - correction_s, correction_s))

    def pull(self) -> None:
        """Take everything that has come, without waiting."""
        while True:
            try:
                samples, stamps = self._inlet.pull_chunk(0.0)
            except (self._lsl.LostError, RuntimeError):
                return
            if not stamps:
                return
            self._samples += samples
            self.stamps += stamps

    def forget(self) -> None:
        """Forget the samples and all but the newest comparison of clocks."""
        self.stamps, self._samples, self._clocks = [], [], self._clocks[-1:]

    def received(self, shift_s: float) -> ReceivedStream:
        """Return what came, on the clock of `time.monotonic`.

        Args:
            shift_s: What is added to the clock of liblsl.
        """
        stamps = np.array(self.stamps)
        if self._clocks:
            at, corrections = np.array(self._clocks).T
            stamps = stamps + np.interp(stamps, at, corrections)
        order = np.argsort(stamps, kind="stable")
        values: NDArray[np.float32] | None = None
        texts: tuple[str, ...] = ()
        if self.markers:
            texts = tuple(_marker(self._samples[place]) for place in order)
        else:
            values = np.array(self._samples, np.float32)[order]
        correction_s = self._clocks[-1][1] if self._clocks else None
        return ReceivedStream(self.name, self.host, self.channels, stamps[order] + shift_s, values, texts, correction_s)


def _marker(sample: Sequence[Any]) -> str:
    return " · ".join(said for said in (str(one).strip() for one in sample) if said)


def _channels(info: Any) -> tuple[str, ...]:
    """Return the names of a stream's channels, each once, with their units."""
    names: list[str] = []
    channel = info.desc().child("channels").child("channel")
    for number in range(info.channel_count()):
        label = channel.child_value("label").strip() or f"channel {number + 1}"
        unit = channel.child_value("unit").strip()
        channel = channel.next_sibling("channel")
        name = f"{label} ({unit})" if unit and unit != "none" else label
        names.append(f"{name} #{number + 1}" if name in names else name)
    return tuple(names)
