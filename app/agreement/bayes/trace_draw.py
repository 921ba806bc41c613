"""Traces drawn from the model of traces, with all that was planted in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.trace_density import GAIN_SD, LAG_SD, LEVEL_SD, NOISE_SD, OFFSET_SD

Float = NDArray[np.float64]

RATE_HZ = 5.0
_FINE = 10
"""Points of the drawn course between two samples: a rater's lag falls between samples."""


@dataclass(frozen=True, eq=False)
class DrawnTraces:
    """Traces drawn from the model, with all that was planted.

    Attributes:
        clips: (raters, n) float64 of each item at 5 Hz.
        truths: (n,) float64 of each item, with the panel's mean lag and offset and its geometric mean gain.
        gain: (raters,) float64 with the geometric mean 1.
        offset: (raters,) float64 with the mean 0.
        lag_s: (raters,) float64 with the mean 0.
        noise: (raters,) float64 standard deviations.
    """

    clips: tuple[Float, ...]
    truths: tuple[Float, ...]
    gain: Float
    offset: Float
    lag_s: Float
    noise: Float


def matern(times_s: Float, length_s: float) -> Float:
    """Return the correlations of a process that is once differentiable (Matérn 3/2).

    Example:
        >>> matern(np.array([0.0, 1.0]), 1.0).round(3)
        array([1.   , 0.483])
    """
    x = np.sqrt(3.0) * np.abs(times_s) / length_s
    out: Float = (1.0 + x) * np.exp(-x)
    return out


def draw_traces(
    rng: np.random.Generator, raters: int = 6, seconds: Sequence[float] = (60.0,), share: float = 1.0
) -> DrawnTraces:
    """Draw traces of a panel, with the parameters drawn first.

    Args:
        rng: The source of chance.
        raters: Number of raters.
        seconds: Length of each item.
        share: Share of the items' traces that are given; each item keeps at least two.

    Example:
        >>> drawn = draw_traces(np.random.default_rng(0))
        >>> drawn.clips[0].shape, abs(round(float(drawn.lag_s.sum()), 6))
        ((6, 300), 0.0)
    """
    spread = float(0.35 * np.exp(0.3 * rng.normal()))
    length = float(3.0 * np.exp(0.4 * rng.normal()))
    hand = float(0.7 * np.exp(0.4 * rng.normal()))
    panel = float(0.55 * spread * np.exp(0.3 * rng.normal()))
    gain, lag, noise, offset = (sd * _around(rng, raters) for sd in (GAIN_SD, LAG_SD, NOISE_SD, OFFSET_SD))
    gain, noise = np.exp(gain), panel * np.exp(noise)
    edge = float(np.abs(lag).max()) + 1.0
    clips, truths = [], []
    for length_of in seconds:
        n = round(length_of * RATE_HZ)
        times = np.arange(n) / RATE_HZ
        fine = np.arange(-edge, length_of + edge, 1.0 / (RATE_HZ * _FINE))
        course = spread * path(matern(np.arange(4 * fine.size) / (RATE_HZ * _FINE), length), rng)[: fine.size]
        course = course + LEVEL_SD * rng.normal()
        slow = np.exp(-np.arange(8 * n) / RATE_HZ / hand)
        clips.append(np.array([offset[k] + gain[k] * np.interp(times - lag[k], fine, course)
                               + noise[k] * path(slow, rng)[:n] for k in range(raters)]))  # fmt: skip
        truths.append(np.interp(times, fine, course))
        if share < 1.0:
            given = rng.random(raters) < share
            given[rng.permutation(raters)[:2]] = True
            clips[-1][~given] = np.nan
    return DrawnTraces(tuple(clips), tuple(truths), gain, offset, lag, noise)


def _around(rng: np.random.Generator, n: int) -> Float:
    out = rng.normal(size=n)
    around: Float = out - out.mean()
    return around


def path(correlation: Float, rng: np.random.Generator) -> Float:
    """Draw a path of a process with these correlations, by circulant embedding (Wood & Chan 1994).

    Args:
        correlation: (n,) float64 at 0, 1, … steps; it should have fallen to about 0 at the end.
        rng: The source of chance.

    Example:
        >>> path(np.exp(-np.arange(400) / 5), np.random.default_rng(0)).shape
        (798,)
    """
    ring = np.concatenate([correlation, correlation[-2:0:-1]])
    power = np.maximum(np.fft.fft(ring).real, 0.0)
    noise = rng.normal(size=ring.size) + 1j * rng.normal(size=ring.size)
    out: Float = np.fft.fft(np.sqrt(power / ring.size) * noise).real
    return out
