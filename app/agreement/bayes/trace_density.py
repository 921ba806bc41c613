"""The density of the model of traces: a smooth truth that raters follow with gains, offsets, lags and slow noise.

A rater's trace is y(t) = offset + gain · (level + x(t − lag)) + noise. The course x of an item's truth is a Gaussian
process with a Matérn 3/2 covariance, the noise of a hand one with an exponential covariance, which is as large as the
rater's own and as long as everybody's. Only differences between raters can be known, so lags and offsets sum to 0 and
so do logarithms of gains: the truth has the panel's mean lag and offset, and its geometric mean gain.

Given these parameters all else is normal, and is integrated out exactly: on an even grid the truth and its slope are a
Markov chain (Hartikainen & Särkkä 2010), each trace is freed of its noise's memory by the difference of neighbours, and
a lag is a cubic interpolation between two points of the grid. What remains is one banded matrix, of all items one after
the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve_banded, cholesky_banded, null_space

Float = NDArray[np.float64]
Int = NDArray[np.int64]

MOST_LAG_S: Final = 5.0
"""Seconds by which a rater may be before or behind the panel."""
LEVEL_SD: Final = 0.5
OFFSET_SD: Final = 0.3
GAIN_SD: Final = 0.4
LAG_SD: Final = 1.0
NOISE_SD: Final = 0.5
"""Prior standard deviations: of items' levels and raters' offsets in units of the axis, which runs from −1 to 1, of a
log gain, of a lag in seconds, and of a log noise about the panel's."""
SHARED: Final = ((np.log(0.3), 0.8), (np.log(3.0), 0.7), (np.log(0.7), 0.6), (np.log(0.15), 0.8))
"""Mean and standard deviation of the priors of logarithms: the truth's spread, its length in seconds, the noise's
length in seconds, and the panel's noise."""
LEAST_NOISE: Final = 0.003
"""Noise of a hand that does not move: about a pixel of a pad of 700."""
_PAIRS: Final = tuple((p, q) for p in range(6) for q in range(p + 1))


@dataclass(frozen=True, eq=False)
class TraceParameters:
    """The parameters of the model of traces.

    Attributes:
        spread: Standard deviation of the truth's course.
        length_s: Length of its covariance in seconds.
        hand_s: Length of the noise's covariance in seconds.
        gain: (raters,) float64 with the geometric mean 1.
        lag_s: (raters,) float64 with the mean 0.
        noise: (raters,) float64 standard deviations.
    """

    spread: float
    length_s: float
    hand_s: float
    gain: Float
    lag_s: Float
    noise: Float


@dataclass(frozen=True, eq=False)
class Known:
    """What is known, given the parameters.

    Attributes:
        truths: Each item's truth, (n,) float64.
        variances: (n,) float64 their variances; none where they were not asked for.
        offset: (raters,) float64 offsets.
        offset_cov: (raters, raters) float64 their covariance.
    """

    truths: tuple[Float, ...]
    variances: tuple[Float, ...]
    offset: Float
    offset_cov: Float


class TraceDensity:
    """The log-posterior of the parameters, with everything else integrated out.

    Parameters are a vector: logarithms of the truth's spread, its length, the noise's length and the panel's noise;
    then deviations of raters in the space where they sum to 0: log gains, lags, log noises.

    Args:
        clips: (raters, n) float64 of each item, on even grids, NaN for missing.
        rate_hz: Points of the grid in a second.

    Example:
        >>> density = TraceDensity([np.sin(np.arange(100) / 10)[None] + np.zeros((2, 1))], 5.0)
        >>> density.size, bool(np.isfinite(density.cost(density.start(np.zeros(2)))))
        (7, True)
    """

    def __init__(self, clips: Sequence[Float], rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.n_raters = clips[0].shape[0]
        self.basis: Float = null_space(np.ones((1, self.n_raters)))
        self.size = 4 + 3 * (self.n_raters - 1)
        pad = int(np.ceil(MOST_LAG_S * rate_hz)) + 2
        self._traces = _Traces(clips, pad)

    def start(self, lag_s: Float) -> Float:
        """Return parameters at their priors but for lags.

        Args:
            lag_s: (raters,) float64 lags; their mean is taken away.
        """
        out = np.zeros(self.size)
        out[:4] = [mean for mean, _ in SHARED]
        out[self.lags] = self.basis.T @ lag_s
        return out

    @property
    def lags(self) -> slice:
        """Where the lags are in the parameters."""
        return slice(4 + self.n_raters - 1, 4 + 2 * (self.n_raters - 1))

    def unfold(self, at: Float) -> TraceParameters:
        """Return the parameters by name."""
        gain, lag, noise = self.basis @ at[4:].reshape(3, self.n_raters - 1)[..., None]
        spread, length, hand, panel = np.exp(at[:4])
        return TraceParameters(
            float(spread), float(length), float(hand), np.exp(gain[:, 0]),
            np.clip(lag[:, 0], -MOST_LAG_S, MOST_LAG_S), np.hypot(panel * np.exp(noise[:, 0]), LEAST_NOISE),
        )  # fmt: skip

    def cost(self, at: Float) -> float:
        """Return the negative log-posterior, up to a constant."""
        with np.errstate(all="ignore"):
            try:
                value = self.likelihood(self.unfold(at))
            except np.linalg.LinAlgError:
                return 1e12
        prior = sum(0.5 * ((at[k] - mean) / sd) ** 2 for k, (mean, sd) in enumerate(SHARED))
        around = at[4:].reshape(3, self.n_raters - 1) / np.array([[GAIN_SD], [LAG_SD], [NOISE_SD]])
        beyond = np.maximum(np.abs(self.basis @ at[self.lags]) - 0.95 * MOST_LAG_S, 0.0)
        total = -value + prior + 0.5 * float((around**2).sum()) + 1e3 * float((beyond**2).sum())
        return float(total) if np.isfinite(total) else 1e12

    def likelihood(self, values: TraceParameters) -> float:
        """Return the log-likelihood with truths, levels and offsets integrated out, up to a constant.

        Raises:
            numpy.linalg.LinAlgError: The parameters are so extreme that no precision remains.
        """
        joined = self._traces.joined(values, self.rate_hz)
        factor = np.linalg.cholesky(self._offsets(joined))
        half = np.linalg.solve(factor, self.basis.T @ joined.told)
        out = joined.value + 0.5 * half @ half - np.log(np.diag(factor)).sum() - half.size * np.log(OFFSET_SD)
        return float(out)

    def _offsets(self, joined: _Joined) -> Float:
        """Precision of offsets in the space where they sum to 0."""
        own: Float = self.basis.T @ joined.precision @ self.basis
        return own + np.eye(self.n_raters - 1) / OFFSET_SD**2

    def known(self, at: Float, *, with_variance: bool = False) -> Known:
        """Return what is known of truths and offsets, given parameters.

        Args:
            at: The parameters.
            with_variance: Whether variances of truths are asked for.
        """
        joined = self._traces.joined(self.unfold(at), self.rate_hz)
        inner = np.linalg.inv(self._offsets(joined))
        offset, cov = self.basis @ (inner @ (self.basis.T @ joined.told)), self.basis @ inner @ self.basis.T
        each = [joined.truth(k, piece, offset) for k, piece in enumerate(self._traces.pieces)]
        variances = [joined.variance(k, piece, cov) for k, piece in enumerate(self._traces.pieces) if with_variance]
        return Known(tuple(each), tuple(variances), offset, cov)


class _Traces:
    """All items one after the other on one grid, each with room for lags before and after it."""

    def __init__(self, clips: Sequence[Float], pad: int) -> None:
        lengths = np.array([clip.shape[1] + 2 * pad for clip in clips])
        self.starts: Int = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        self.nodes = int(lengths.sum())
        self.pieces = [slice(int(s) + pad, int(s) + pad + clip.shape[1])
                       for s, clip in zip(self.starts, clips, strict=True)]  # fmt: skip
        self.item: Int = np.repeat(np.arange(len(clips)), lengths)
        whole = np.full((clips[0].shape[0], self.nodes), np.nan)
        for piece, clip in zip(self.pieces, clips, strict=True):
            whole[:, piece] = clip
        known = ~np.isnan(whole)
        values = np.where(known, whole, 0.0)
        follows = np.zeros_like(known)
        follows[:, 1:] = known[:, 1:] & known[:, :-1]
        begins = known & ~follows
        self._room = pad
        # Of each rater: which samples follow another one, they and those before them, and which begin a stretch.
        self._of = [
            (follows[r].astype(np.float64), values[r] * follows[r],
             np.concatenate([[0.0], values[r, :-1]]) * follows[r], np.flatnonzero(begins[r]), values[r, begins[r]])
            for r in range(whole.shape[0])
        ]  # fmt: skip
        self._count = np.array([self._per_item(one[0]) for one in self._of])
        self._first = np.array([np.bincount(self.item[one[3]], minlength=len(clips)) for one in self._of])

    def _per_item(self, values: Float) -> Float:
        out: Float = np.add.reduceat(values, self.starts)
        return out

    def joined(self, values: TraceParameters, rate_hz: float) -> _Joined:
        """Return the truth's posterior given levels and offsets, and what the traces tell of those."""
        n_r, nodes, items = len(self._of), self.nodes, self.starts.size
        memory = float(np.exp(-1.0 / (rate_hz * values.hand_s)))
        lost = 1.0 - memory
        square = np.zeros((len(_PAIRS), nodes))
        side = np.zeros((6, n_r + 2, nodes))  # rows: level, offsets, the traces themselves
        level, small = np.zeros((items, n_r + 2)), np.zeros((n_r + 2, n_r + 2))
        logs = 0.0
        for r, (mask, now, before, first, begun) in enumerate(self._of):
            late = -values.lag_s[r] * rate_hz
            k = int(np.floor(late))
            weights = _hermite(late - k)
            gain, wide = values.gain[r], values.noise[r] ** 2
            tight = wide * (1.0 - memory**2)
            row = np.zeros(6)
            row[2:] = weights
            row[:4] -= memory * weights
            row *= gain
            trace = (now - memory * before) / tight
            to, of = _shifted(k - 1, nodes)
            square[:, to] += np.array([row[p] * row[q] / tight for p, q in _PAIRS])[:, None] * mask[of]
            side[:, 0, to] += (row * (gain * lost / tight))[:, None] * mask[of]
            side[:, 1 + r, to] += (row * (lost / tight))[:, None] * mask[of]
            side[:, -1, to] += row[:, None] * trace[of]
            row = np.zeros(6)
            row[2:] = gain * weights
            there = first + k - 1
            square[:, there] += np.array([row[p] * row[q] / wide for p, q in _PAIRS])[:, None]
            side[:, 0, there] += row[:, None] * (gain / wide)
            side[:, 1 + r, there] += row[:, None] / wide
            side[:, -1, there] += row[:, None] * (begun / wide)
            # What the traces tell of level and offset themselves, in each item.
            told = self._count[r] * (lost**2 / tight) + self._first[r] / wide
            said = lost * self._per_item(trace) + np.bincount(self.item[first], begun, items) / wide
            level[:, 0] += gain**2 * told
            level[:, 1 + r] += gain * told
            level[:, -1] += gain * said
            small[1 + r, 1 + r] += told.sum()
            small[1 + r, -1] += said.sum()
            small[-1, 1 + r] += said.sum()
            small[-1, -1] += tight * (trace @ trace) + (begun @ begun) / wide
            logs += self._count[r].sum() * np.log(tight) + first.size * np.log(wide)
        band, log_det = _chain(values, rate_hz, self.starts, nodes)
        return _Joined((band, log_det), (square, side), level, small, logs, self.starts, self._room)


class _Joined:
    """The chain of the truths with the traces.

    Args:
        chain: (6, 2 · nodes) float64 the chain's precision as a lower band, and its log-determinant.
        added: (21, nodes) float64 what the traces add to the precision, and (6, raters + 2, nodes) float64 their
            covariances with level, offsets and traces.
        level: (items, raters + 2) float64 what traces tell of each item's level, with offsets and traces.
        small: (raters + 2, raters + 2) float64 the same of offsets and traces.
        logs: Sum of the log variances of all samples.
        starts: First node of each item.
        room: Nodes of an item after its last sample.
    """

    def __init__(
        self, chain: tuple[Float, float], added: tuple[Float, Float], level: Float, small: Float, logs: float,
        starts: Int, room: int,
    ) -> None:  # fmt: skip
        (band, log_det), (square, side) = chain, added
        nodes, self._room = square.shape[1], room
        border = np.zeros((2 * nodes, side.shape[1]))
        end = 2 * (nodes - 2)
        for which, (p, q) in enumerate(_PAIRS):
            band[p - q, q : q + end : 2] += square[which, : nodes - 2]
        for p in range(6):
            border[p : p + end : 2] += side[p, :, : nodes - 2].T
        self._factor = cholesky_banded(band, lower=True, check_finite=False)
        self._solved = cho_solve_banded((self._factor, True), border, check_finite=False)
        # Levels are integrated out next, item by item; what is left is of offsets.
        level = level - np.add.reduceat(border[:, :1] * self._solved, 2 * starts, axis=0)
        self._level, self._with = level[:, 0] + 1.0 / LEVEL_SD**2, level[:, 1:]
        rest = (small - border.T @ self._solved)[1:, 1:] - (self._with / self._level[:, None]).T @ self._with
        self.precision, self.told = rest[:-1, :-1], rest[:-1, -1]
        through = np.log(self._factor[0]).sum() - 0.5 * log_det
        self.value = float(-0.5 * (logs + rest[-1, -1] + np.log(self._level * LEVEL_SD**2).sum()) - through)

    def truth(self, item: int, piece: slice, offset: Float) -> Float:
        """Return an item's truth at its samples, given offsets."""
        level = (self._with[item, -1] - self._with[item, :-1] @ offset) / self._level[item]
        part = self._solved[2 * piece.start : 2 * piece.stop : 2]
        out: Float = level + part[:, -1] - part[:, 0] * level - part[:, 1:-1] @ offset
        return out

    def variance(self, item: int, piece: slice, cov: Float) -> Float:
        """Return the variance of an item's truth, given the covariance of offsets."""
        part = self._solved[2 * piece.start : 2 * piece.stop : 2]
        by_level = 1.0 - part[:, 0]
        by_offset = -part[:, 1:-1] - by_level[:, None] * self._with[item, :-1] / self._level[item]
        moved = by_level**2 / self._level[item] + np.einsum("ij,jk,ik->i", by_offset, cov, by_offset)
        out: Float = self._own(2 * np.arange(piece.start, piece.stop)) + moved
        return out

    def _own(self, places: Int) -> Float:
        """Diagonal of the inverse at some places: what comes before them does not enter."""
        low = int(places[0])
        factor = self._factor[:, low : int(places[-1]) + 2 + 2 * self._room]
        out = np.empty(places.size)
        for begin in range(0, places.size, 128):
            some = places[begin : begin + 128] - low
            unit = np.zeros((factor.shape[1], some.size))
            unit[some, np.arange(some.size)] = 1.0
            solved = cho_solve_banded((factor, True), unit, check_finite=False)
            out[begin : begin + 128] = solved[some, np.arange(some.size)]
        return out


def _shifted(by: int, n: int) -> tuple[slice, slice]:
    """Places to which samples go, and the samples that go there; those beside the grid are empty anyway."""
    return (slice(by, n), slice(0, n - by)) if by >= 0 else (slice(0, n + by), slice(-by, n))


def _hermite(f: float) -> Float:
    """Weights of value and slope at the node before and at the node after a place between them."""
    out: Float = np.array([(1 + 2 * f) * (1 - f) ** 2, f * (1 - f) ** 2, f * f * (3 - 2 * f), f * f * (f - 1)])
    return out


def _chain(values: TraceParameters, rate_hz: float, starts: Int, nodes: int) -> tuple[Float, float]:
    """Precision of the truths and their slopes on the grid as a lower band, and its log-determinant."""
    x = np.sqrt(3.0) / (values.length_s * rate_hz)
    still = values.spread**2 * np.diag([1.0, x**2])
    step = np.exp(-x) * np.array([[1.0 + x, 1.0], [-(x**2), 1.0 - x]])
    new = still - step @ still @ step.T
    back = np.linalg.inv(new)
    both, across = step.T @ back @ step, -back @ step
    band = np.zeros((6, 2 * nodes))
    ends = np.concatenate([starts[1:], [nodes]]) - 1
    first, inner, last = np.linalg.inv(still) + both, back + both, back
    for row, column, p, q in ((0, 0, 0, 0), (0, 1, 1, 1), (1, 0, 1, 0)):
        band[row, column::2] = inner[p, q]
        band[row, column + 2 * starts] = first[p, q]
        band[row, column + 2 * ends] = last[p, q]
    for row, column, p, q in ((2, 0, 0, 0), (2, 1, 1, 1), (3, 0, 1, 0), (1, 1, 0, 1)):
        band[row, column::2] = across[p, q]
        band[row, column + 2 * ends] = 0.0
    log_det = -starts.size * np.linalg.slogdet(still)[1] - (nodes - starts.size) * np.linalg.slogdet(new)[1]
    return band, float(log_det)
