"""What is written for other tools, and its times brought onto the grid that most of their formats need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.holding import zero_order_hold

EXACT_S: Final = 1e-6
"""Times that differ by no more are the same."""
RATE_HZ: Final = 25.0
"""Rate of the grid for traces that have none of their own."""
AXES: Final = ("valence", "arousal")


@dataclass(frozen=True, eq=False)
class OutTrace:
    """A trace to be written.

    Attributes:
        clip: The clip's name.
        rater: The rater's code.
        condition: The viewing condition.
        times_s: float64 N, seconds from the clip's first frame.
        values: float32 N×2 (valence, arousal) in −1…1; NaN where there is no value.
        clip_s: The clip's length in seconds; 0 where it is not known.
    """

    clip: str
    rater: str
    condition: str
    times_s: NDArray[np.float64]
    values: NDArray[np.float32]
    clip_s: float = 0.0

    @property
    def stem(self) -> str:
        """The clip's name without its ending."""
        return Path(self.clip).stem

    def has(self, axis: int) -> bool:
        """Return whether one of the two dimensions was traced."""
        return bool(np.isfinite(self.values[:, axis]).any())


@dataclass
class Written:
    """What an export wrote, and what it had to leave out.

    Attributes:
        files: The files.
        lost: Sentences on what the format cannot hold.
    """

    files: list[Path] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Grid:
    """A trace on evenly spaced times from 0.

    Attributes:
        rate_hz: Rows a second.
        values: float32 M×2, row i at i / rate_hz; NaN before the trace begins.
        loss: A sentence on how it differs from the trace; empty where it does not.
    """

    rate_hz: float
    values: NDArray[np.float32]
    loss: str = ""


def on_grid(trace: OutTrace) -> Grid:
    """Return a trace on an even grid from the clip's first frame.

    A trace that is even itself keeps its samples and their times. Any other is looked up at `RATE_HZ` by the rule that
    a value holds until the next one, and the loss says by how much times move.
    """
    times = trace.times_s
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    if step > 0:
        rate = 1 / step
        rate = round(rate) if abs(rate - round(rate)) < 1e-4 * rate else rate
        rows = np.rint(times * rate)
        if float(np.abs(times - rows / rate).max()) <= EXACT_S and rows[0] >= 0 and bool((np.diff(rows) == 1).all()):
            values = np.full((int(rows[-1]) + 1, 2), np.nan, np.float32)
            values[rows.astype(np.int64)] = trace.values
            return Grid(rate, values)
    last = max(float(times[-1]), 0.0) if len(times) else 0.0
    at_s = np.arange(int(np.floor(last * RATE_HZ + 1e-6)) + 1) / RATE_HZ
    values = zero_order_hold(times, trace.values, at_s).astype(np.float32)
    said = (
        f"{trace.clip}, rater {trace.rater}: its samples are not evenly spaced; it is written {RATE_HZ:g} times a "
        f"second, so that changes appear up to {1 / RATE_HZ:g} s late."
    )
    return Grid(RATE_HZ, values, said)


def said(value: float) -> str:
    """Return the shortest text that reads as the same float32; `NaN` where there is no value."""
    return "NaN" if np.isnan(value) else str(np.float32(value))


def safe(text: str) -> str:
    """Return a text as a part of a file's name.

    Example:
        >>> safe("R 1/2")
        'R_1_2'
    """
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in text) or "_"


def unique(names: Iterable[str]) -> list[str]:
    """Return names of files that differ also where capitals do not count; repeated ones get a number.

    Example:
        >>> unique(["a.txt", "A.txt"])
        ['a.txt', 'A-2.txt']
    """
    seen: set[str] = set()
    found = []
    for name in names:
        stem, dot, ending = name.partition(".")
        tried, number = name, 1
        while tried.casefold() in seen:
            number += 1
            tried = f"{stem}-{number}{dot}{ending}"
        seen.add(tried.casefold())
        found.append(tried)
    return found
