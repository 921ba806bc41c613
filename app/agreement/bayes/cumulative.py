"""The probability of a level between two thresholds, and its derivatives.

A rating is a latent value with logistic noise, cut by thresholds (McCullagh 1980).  With u and l the distances of the
upper and lower threshold from the truth in units of the noise, log P = log F(u) + log(1 − F(l)) + log(1 − exp(l − u)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cuts:
    """Where the level of each rating lies.

    Attributes:
        upper: (n,) float64 upper threshold less what rater and condition add; any number where there is none.
        lower: (n,) float64 the same of the lower threshold.
        precision: (n,) float64 one over the rater's noise.
        has_upper: (n,) bool, False at the highest level.
        has_lower: (n,) bool, False at the lowest level.
    """

    upper: Float
    lower: Float
    precision: Float
    has_upper: Bool
    has_lower: Bool

    @property
    def gap(self) -> Float:
        """(n,) distance of the two thresholds in units of the noise; 1 where there is only one."""
        gap = np.clip((self.upper - self.lower) * self.precision, 1e-9, 300.0)
        return np.where(self.inner, gap, 1.0)

    @property
    def inner(self) -> Bool:
        """(n,) whether there are two thresholds."""
        return self.has_upper & self.has_lower


def sigmoid(z: Float) -> Float:
    """Return the logistic function without overflow.

    Example:
        >>> sigmoid(np.array([0.0, 800.0, -800.0]))
        array([0.5, 1. , 0. ])
    """
    out: Float = 0.5 * (1.0 + np.tanh(0.5 * z))
    return out


def log_probability(cuts: Cuts, truth: Float) -> Float:
    """Return the logarithm of the probability of each rating.

    Args:
        cuts: Where the ratings lie.
        truth: (n,) float64 the truth of each rating's item.

    Example:
        >>> one = np.ones(1, dtype=bool)
        >>> round(float(log_probability(Cuts(np.ones(1), -np.ones(1), np.ones(1), one, one), np.zeros(1))[0]), 4)
        -0.7719
    """
    u = (cuts.upper - truth) * cuts.precision
    low = (cuts.lower - truth) * cuts.precision
    out = np.where(cuts.has_upper, -np.logaddexp(0.0, -u), 0.0)
    out -= np.where(cuts.has_lower, np.logaddexp(0.0, low), 0.0)
    out += np.where(cuts.inner, np.log(-np.expm1(-cuts.gap)), 0.0)
    return out


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives of the log-probabilities, averaged over the posterior of the truth; all (n,) float64.

    First derivatives are of the log-probability by upper threshold, lower threshold and log noise.  Second ones are
    negative and without the curvature of thresholds and noise as parameters (generalised Gauss-Newton), so that the
    matrix that they form is never indefinite; `*_truth` are the mixed ones with the truth.  `*_lean` is how much the
    first derivatives fall with the truth, by regression on the truth, and `*_bend` how much of them goes with its
    second orthogonal polynomial, which has variance 1.
    """

    upper: Float
    lower: Float
    noise: Float
    upper_upper: Float
    lower_lower: Float
    upper_lower: Float
    upper_noise: Float
    lower_noise: Float
    noise_noise: Float
    upper_truth: Float
    lower_truth: Float
    noise_truth: Float
    upper_lean: Float
    lower_lean: Float
    noise_lean: Float
    upper_bend: Float
    lower_bend: Float
    noise_bend: Float

    @property
    def shift(self) -> Float:
        """First derivative by what is added to the truth."""
        return -(self.upper + self.lower)

    @property
    def shift_lean(self) -> Float:
        """Fall of the first derivative by what is added to the truth."""
        return -(self.upper_lean + self.lower_lean)

    @property
    def shift_bend(self) -> Float:
        """Bend of the first derivative by what is added to the truth."""
        return -(self.upper_bend + self.lower_bend)

    @property
    def shift_shift(self) -> Float:
        """Second derivative by what is added to the truth, negative."""
        return -(self.upper_truth + self.lower_truth)


def lean_and_bend(nodes: Float, weights: Float) -> tuple[Float, Float]:
    """Weights that take a function's slope and bend over the truth.

    Args:
        nodes: (cells, nodes) float64 possible truths.
        weights: (cells, nodes) float64 their probabilities.

    Returns:
        ((cells, nodes), (cells, nodes)) float64: the sum of the first with a function is the slope of its regression
        on the truth, the sum of the second its share of the second orthogonal polynomial, which has variance 1.

    Example:
        >>> lean, bend = lean_and_bend(np.array([[-1.0, 0.0, 1.0]]), np.array([[0.25, 0.5, 0.25]]))
        >>> lean.tolist(), bend.tolist()
        ([[-0.5, 0.0, 0.5]], [[0.25, -0.5, 0.25]])
    """
    mean = (weights * nodes).sum(axis=1, keepdims=True)
    x = nodes - mean
    variance = np.maximum((weights * x**2).sum(axis=1, keepdims=True), 1e-12)
    third = (weights * x**3).sum(axis=1, keepdims=True)
    second = x**2 - variance - third / variance * x
    size = np.sqrt(np.maximum((weights * second**2).sum(axis=1, keepdims=True), 1e-24))
    return weights * x / variance, weights * second / size


def mean_slopes(cuts: Cuts, cell: NDArray[np.int64], nodes: Float, weights: Float) -> Slopes:
    """Average the derivatives over what is known of each cell's truth.

    Args:
        cuts: Where the ratings lie.
        cell: (n,) int64 the cell that each rating belongs to.
        nodes: (cells, nodes) float64 possible truths.
        weights: (cells, nodes) float64 their probabilities; each row sums to 1.

    Example:
        >>> one = np.ones(1, dtype=bool)
        >>> cuts = Cuts(np.ones(1), -np.ones(1), np.ones(1), one, one)
        >>> abs(mean_slopes(cuts, np.zeros(1, dtype=np.int64), np.zeros((1, 1)), np.ones((1, 1))).shift)
        array([0.])
    """
    n = cell.size
    sums = np.zeros((17, n))
    lean, bend = lean_and_bend(nodes, weights)
    for j in range(nodes.shape[1]):
        truth, weight, fall, turn = nodes[cell, j], weights[cell, j], lean[cell, j], bend[cell, j]
        u = (cuts.upper - truth) * cuts.precision
        low = (cuts.lower - truth) * cuts.precision
        at_u, at_l = sigmoid(u), sigmoid(low)
        rest = 1.0 - at_u
        fu, fl = weight * at_u * rest, weight * at_l * (1.0 - at_l)
        sums[0] += weight * rest
        sums[1] += weight * at_l
        sums[2] += weight * (u * rest)
        sums[3] += weight * (low * at_l)
        sums[4] += fu
        sums[5] += fl
        sums[6] += u * fu
        sums[7] += low * fl
        sums[8] += u * u * fu * cuts.has_upper + low * low * fl * cuts.has_lower
        sums[9] += turn * rest
        sums[10] += turn * at_l
        sums[11] += turn * (u * rest)
        sums[12] += turn * (low * at_l)
        sums[13] += fall * rest
        sums[14] += fall * at_l
        sums[15] += fall * (u * rest)
        sums[16] += fall * (low * at_l)
    sums[[0, 2, 4, 6, 9, 11, 13, 15]] *= cuts.has_upper
    sums[[1, 3, 5, 7, 10, 12, 14, 16]] *= cuts.has_lower
    gap = cuts.gap
    q = np.where(cuts.inner, 1.0 / np.expm1(gap), 0.0)
    w = q * (1.0 + q)
    p, p2 = cuts.precision, cuts.precision**2
    return Slopes(
        upper=p * (sums[0] + q), lower=-p * (sums[1] + q), noise=-(sums[2] - sums[3] + q * gap),
        upper_upper=p2 * (sums[4] + w), lower_lower=p2 * (sums[5] + w), upper_lower=-p2 * w,
        upper_noise=-p * (sums[6] + gap * w), lower_noise=-p * (sums[7] - gap * w),
        noise_noise=sums[8] + w * gap**2,
        upper_truth=-p2 * sums[4], lower_truth=-p2 * sums[5], noise_truth=p * (sums[6] + sums[7]),
        upper_lean=-p * sums[13], lower_lean=p * sums[14], noise_lean=sums[15] - sums[16],
        upper_bend=p * sums[9], lower_bend=-p * sums[10], noise_bend=sums[12] - sums[11],
    )  # fmt: skip
