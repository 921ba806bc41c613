"""Smoothing along a face track: causal for live use, without lag for whole clips.

Source: Casiez, Roussel, Vogel 2012, "1€ filter: a simple speed-based low-pass filter for noisy input in interactive
systems": a low-pass whose cut-off rises with speed, so that a still face gives a still curve and a quick change passes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class SmoothingSettings:
    """How strongly to smooth.

    Attributes:
        min_cutoff_hz: Cut-off while the value stands still; lower is smoother.
        beta: How much the cut-off rises with speed, Hz per unit/s; higher lags less.
        speed_cutoff_hz: Cut-off of the speed estimate.
        gap_s: After a longer gap in the track the filter starts again.
    """

    min_cutoff_hz: float = 0.8
    beta: float = 1.2
    speed_cutoff_hz: float = 1.0
    gap_s: float = 1.0

    @property
    def parameters(self) -> dict[str, float]:
        """The values that a smoothed curve depends on, for the key of a prediction run."""
        return asdict(self)

    @classmethod
    def from_card(cls, table: Mapping[str, Any]) -> "SmoothingSettings":
        """Read the settings from a model card's [smoothing] table; a value that is missing has its default.

        The paper's name `derivative_cutoff_hz` and the card's `max_gap_s` are understood as well.

        Raises:
            UserError: A value is not a positive number.
        """
        names = {"speed_cutoff_hz": "derivative_cutoff_hz", "gap_s": "max_gap_s"}
        ours = {name: name if name in table else names.get(name, name) for name in asdict(cls())}
        known = {name: table[key] for name, key in ours.items() if key in table}
        for name, value in known.items():
            if not isinstance(value, int | float) or not (value > 0 or (name == "beta" and value == 0)):
                raise UserError(f"The card's smoothing.{name} is {value!r}.", "It must be a positive number.")
        return cls(**{name: float(value) for name, value in known.items()})


class OneEuro:
    """The causal filter for the values of one face.

    Args:
        settings: How strongly to smooth.
    """

    def __init__(self, settings: SmoothingSettings | None = None) -> None:
        self._settings = settings or SmoothingSettings()
        self._time_s = -math.inf
        self._raw = np.zeros(0)
        self._value = np.zeros(0)
        self._speed = np.zeros(0)

    def step(self, time_s: float, values: Sequence[float] | Floats) -> Floats:
        """Take the next values and give them smoothed.

        Args:
            time_s: Seconds; a step back or a gap longer than `gap_s` starts again.
            values: D values; NaN leaves that dimension as it was.

        Returns:
            float32 D.
        """
        raw = np.asarray(values, np.float64)
        past_s = time_s - self._time_s
        if not 0 <= past_s <= self._settings.gap_s or raw.shape != self._value.shape:
            self._raw, self._value, self._speed = raw, raw, np.zeros_like(raw)
        elif past_s > 0:
            raw = np.where(np.isnan(raw), self._raw, raw)
            self._value = np.where(np.isnan(self._value), raw, self._value)
            speed = np.nan_to_num((raw - np.where(np.isnan(self._raw), raw, self._raw)) / past_s, nan=0.0)
            self._speed = self._speed + _share(self._settings.speed_cutoff_hz, past_s) * (speed - self._speed)
            cutoff_hz = self._settings.min_cutoff_hz + self._settings.beta * np.abs(self._speed)
            self._value = self._value + _share(cutoff_hz, past_s) * (raw - self._value)
            self._raw = raw
        self._time_s = time_s
        return self._value.astype(np.float32)


def _share(cutoff_hz: Any, past_s: Any) -> Any:
    """Return the weight of the new value in a first-order low-pass (Casiez et al. 2012, eq. 6)."""
    tau = 2 * math.pi * cutoff_hz * past_s
    return tau / (tau + 1)


def smooth_track(times_s: NDArray[np.float64], values: Floats, settings: SmoothingSettings | None = None) -> Floats:
    """Smooth a whole track without lag: the filter runs forwards and backwards over its own result.

    The filter's cut-off follows the speed it sees, so forwards-then-backwards is not quite backwards-then-forwards; the
    mean of both treats past and future alike.

    Args:
        times_s: float64 N, ascending.
        values: float32 N×D.
        settings: How strongly to smooth.

    Returns:
        float32 N×D; equal to the values for N < 3. A change is centred where it happened (zero phase).
    """
    if len(times_s) < 3:
        return values.astype(np.float32)
    forwards, backwards = Filter(times_s, settings), Filter(-times_s[::-1], settings)
    there_and_back = backwards.over(forwards.over(values)[::-1])[::-1]
    back_and_there = forwards.over(backwards.over(values[::-1])[::-1])
    return np.asarray((there_and_back.astype(np.float64) + back_and_there) / 2, np.float32)


class Filter:
    """The filter of `OneEuro` for all times of a track at once.

    The speed of the raw values does not depend on anything that is filtered. Once it is smoothed, every cut-off is
    known. Both low-passes are therefore linear recurrences with known weights, each solved as one banded system.

    Args:
        times_s: float64 N ≥ 1.
        settings: How strongly to smooth.
    """

    def __init__(self, times_s: NDArray[np.float64], settings: SmoothingSettings | None = None) -> None:
        self._settings = settings or SmoothingSettings()
        past_s = np.diff(times_s, prepend=-math.inf)
        self._fresh = ~((past_s >= 0) & (past_s <= self._settings.gap_s))
        self._repeated = past_s == 0
        # Weights at fresh and repeated times are set below, whatever the distance in time.
        self._past_s = np.where(self._fresh | self._repeated, 1.0, past_s)
        share = _share(self._settings.speed_cutoff_hz, self._past_s)
        self._speed_share = np.where(self._repeated, 0.0, np.where(self._fresh, 1.0, share))

    def over(self, values: NDArray[Any]) -> Floats:
        """Return what `OneEuro.step` gives for each row in turn: N×D → float32 N×D."""
        columns = [self._column(np.asarray(column, np.float64)) for column in np.transpose(values)]
        return np.asarray(np.transpose(columns), np.float32).reshape(values.shape)

    def _column(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        rows = np.arange(len(values))
        # A missing value, and a second one of the same time, repeat the last; nothing is carried over a fresh start.
        missing = np.isnan(values) | self._repeated
        start = np.maximum.accumulate(np.where(self._fresh, rows, 0))
        raw = values[np.maximum(np.maximum.accumulate(np.where(missing, 0, rows)), start)]
        known = ~np.isnan(raw)
        begins = known & (self._fresh | ~np.r_[False, known[:-1]])
        change = np.where(begins | ~known, 0.0, np.diff(raw, prepend=0.0) / self._past_s)
        speed = _low_pass(self._speed_share, change)
        share = _share(self._settings.min_cutoff_hz + self._settings.beta * np.abs(speed), self._past_s)
        share = np.where(begins | ~known, 1.0, np.where(self._repeated, 0.0, share))
        return np.where(known, _low_pass(share, np.where(known, raw, 0.0)), np.nan)


def _low_pass(share: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve y[i] = (1 − share[i]) · y[i − 1] + share[i] · values[i], where share[0] is one."""
    from scipy.linalg import solve_banded  # a tenth of a second to import, which not every start needs

    below = np.r_[share[1:] - 1.0, 0.0]
    return np.asarray(solve_banded((1, 0), np.stack([np.ones_like(share), below]), share * values), np.float64)
