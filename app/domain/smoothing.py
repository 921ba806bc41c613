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
        gap_s: After a longer gap in the track the filter starts anew.
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
            UserError: A value is no positive number.
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
            time_s: Seconds; a step back or a gap longer than `gap_s` starts anew.
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
            speed = (raw - np.where(np.isnan(self._raw), raw, self._raw)) / past_s
            self._speed = self._speed + _share(self._settings.speed_cutoff_hz, past_s) * (speed - self._speed)
            cutoff_hz = self._settings.min_cutoff_hz + self._settings.beta * np.abs(self._speed)
            self._value = self._value + _share(cutoff_hz, past_s) * (raw - self._value)
            self._raw = raw
        self._time_s = time_s
        return self._value.astype(np.float32)


def _share(cutoff_hz: Any, past_s: float) -> Any:
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
    rows = np.asarray(values, np.float64)
    there_and_back = _pass(-times_s[::-1], _pass(times_s, rows, settings)[::-1], settings)[::-1]
    back_and_there = _pass(times_s, _pass(-times_s[::-1], rows[::-1], settings)[::-1], settings)
    return np.asarray((there_and_back + back_and_there) / 2, np.float32)


def _pass(times_s: NDArray[np.float64], rows: NDArray[Any], settings: SmoothingSettings | None) -> NDArray[Any]:
    smooth = OneEuro(settings)
    return np.stack([smooth.step(float(t), row) for t, row in zip(times_s, rows, strict=True)])
