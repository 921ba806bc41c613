"""Gold standards of intensities and traces: derived by a stored recipe, never written over raw labels."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import ccc, mean_of_others, pearson
from app.agreement.estimate import NAN
from app.agreement.traces import shift_samples
from app.agreement.warping import barycentre

Float = NDArray[np.float64]
Method = Literal["mean", "median", "ewe", "barycentre"]
Weighting = Literal["leave_one_out", "mean_all", "mean_pairwise_ccc"]

TRACE_RULES = 3
"""Version of the rules by which traces are fused.  1 held a rater's last value to the end of the longest trace; since 2
a rater is part of the gold standard until the end of the last sample; since 3 raters who oppose the others or never
move are set aside, and lags need a minute in common."""


@dataclass(frozen=True)
class GoldRecipe:
    """How a gold standard was made; together with the raw labels it makes the same one again.

    Attributes:
        kind: intensity, trace or category.
        method: mean, median, ewe, barycentre, bayes, or for categories plurality, majority, ferplus, soft, dawid_skene,
            bayes.
        raters: raters whose labels entered, in the order of weights and lags.
        excluded: raters left out, with reasons.
        weighting: definition of the weights, for ewe.
        lags_s: lag removed from each rater's trace, empty for none.
        window: band of the barycentre in samples, 0 if unused.
        scope: over which labels weights were estimated.
        version: version of this recipe's rules; those of traces are `TRACE_RULES`.
    """

    kind: str
    method: str
    raters: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    weighting: str = ""
    lags_s: tuple[float, ...] = ()
    window: int = 0
    scope: str = ""
    version: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class GoldStandard:
    """Derived values with what is needed to judge them.

    Attributes:
        values: (n,) float64, NaN where no rater has a value.
        spread: (n,) float64 sample standard deviation over raters, NaN below two.
        n: (n,) int64 raters behind each value.
        weights: (raters,) float64, summing to 1.
        recipe: how it was made.
        notes: what the reader should know.
    """

    values: Float
    spread: Float
    n: NDArray[np.int64]
    weights: Float
    recipe: GoldRecipe
    notes: tuple[str, ...] = ()


def reliability(series: Float, weighting: Weighting = "leave_one_out") -> Float:
    """(raters,) reliability of each rater, the r_k of the evaluator weighted estimator; NaN where undefined.

    Args:
        series: (raters, n) float64 with NaN for missing.
        weighting: correlation with the mean of the others (recommended), with the mean of all (Grimm & Kroschel 2005,
            favours a rater by its own share), or mean pairwise CCC (MuSe-Toolbox).

    Example:
        >>> np.round(reliability(np.array([[0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [2.0, 1.0, 0.0]])), 1)
        array([nan, nan, -1.])
    """
    raters = series.shape[0]
    if weighting == "leave_one_out":
        return np.array([pearson(series[k], mean_of_others(series, k)) for k in range(raters)], dtype=np.float64)
    if weighting == "mean_all":
        everyone = combine(series, np.full(raters, 1.0 / max(raters, 1)))
        return np.array([pearson(row, everyone) for row in series], dtype=np.float64)
    out = np.full(raters, NAN)
    for k in range(raters):
        values = [ccc(series[k], series[j]) for j in range(raters) if j != k]
        known = [v for v in values if not np.isnan(v)]
        if known:
            out[k] = float(np.mean(known))
    return out


def ewe_weights(series: Float, weighting: Weighting = "leave_one_out") -> tuple[Float, bool]:
    """Compute the weights of the evaluator weighted estimator.

    Args:
        series: (raters, n) float64; the whole corpus or session, not one clip of a few points.
        weighting: see `reliability`.

    Returns:
        (weights, fallback): (raters,) float64 summing to 1, negative and undefined reliabilities count 0; where all
        are 0 the weights are equal and fallback is True.

    Example:
        >>> weights, fallback = ewe_weights(np.array([[1.0, 2, 3, 4], [1, 2, 4, 4], [2, 1, 2, 1]]))
        >>> weights.round(2), fallback
        (array([0.45, 0.55, 0.  ]), False)
    """
    return weights_of(reliability(series, weighting))


def weights_of(r: Float) -> tuple[Float, bool]:
    """Weights of the evaluator weighted estimator from the raters' reliability; see `ewe_weights`.

    Example:
        >>> weights_of(np.array([0.9, 0.3, -0.5]))
        (array([0.75, 0.25, 0.  ]), False)
    """
    positive = np.where(np.isnan(r) | (r < 0), 0.0, r)
    total = float(positive.sum())
    if total <= 0:
        return np.full(r.size, 1.0 / max(r.size, 1)), True
    return positive / total, False


WEAK_SHARE = 0.5
"""A rater whose reliability is below this share of the median moves the plain mean more than he or she knows."""


def weak_raters(r: Float) -> list[int]:
    """Find raters by whom the plain mean is misled: those who agree much less with the others than most do.

    Args:
        r: (raters,) float64 reliability of each rater, as `reliability` gives it.

    Returns:
        Rows below `WEAK_SHARE` of the median; none among fewer than three raters or where most agree with nobody.

    Example:
        >>> weak_raters(np.array([0.7, 0.6, 0.1])), weak_raters(np.array([0.7, 0.1]))
        ([2], [])
    """
    known = r[~np.isnan(r)]
    middle = float(np.median(known)) if known.size >= 3 else 0.0
    return np.flatnonzero(r < WEAK_SHARE * middle).tolist() if middle > 0 else []


def combine(series: Float, weights: Float) -> Float:
    """(n,) weighted mean over the raters present at each point, NaN where none has weight.

    Args:
        series: (raters, n) float64 with NaN for missing.
        weights: (raters,) float64.

    Example:
        >>> combine(np.array([[0.0, 1.0], [2.0, np.nan]]), np.array([0.5, 0.5]))
        array([1., 1.])
    """
    present = ~np.isnan(series)
    below = weights @ present
    above = weights @ np.where(present, series, 0.0)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), NAN)


def gold_standard(
    series: Float,
    method: Method = "mean",
    *,
    raters: tuple[str, ...] = (),
    kind: str = "intensity",
    weighting: Weighting = "leave_one_out",
    weights: Float | None = None,
    lags_s: Float | None = None,
    rate_hz: float = 0.0,
    window_s: float = 4.0,
    excluded: tuple[tuple[str, str], ...] = (),
) -> GoldStandard:
    """Fuse raters into one series.

    Args:
        series: (raters, n) float64 with NaN for missing: items of one emotion, or a trace on an even grid.
        method: mean (default), median, ewe or barycentre (traces only).
        raters: their codes.
        kind: intensity or trace.
        weighting: definition of the weights, for ewe.
        weights: weights estimated over a larger corpus, for ewe; estimated from `series` if None.
        lags_s: (raters,) lags to remove first (NaN counts as 0); needs `rate_hz`.
        rate_hz: sampling rate of the grid.
        window_s: band of the barycentre.
        excluded: raters left out before, with reasons; only noted.

    Raises:
        ValueError: lags or a barycentre without a sampling rate.

    Example:
        >>> fused = gold_standard(np.array([[1.0, 2, 3], [1, 4, np.nan]]), raters=("R1", "R2"))
        >>> fused.values, fused.n
        (array([1., 3., 3.]), array([2, 2, 1]))
    """
    notes: list[str] = []
    if (lags_s is not None or method == "barycentre") and rate_hz <= 0:
        raise ValueError("a sampling rate is needed")
    if lags_s is not None:
        series = shift_samples(series, np.rint(np.nan_to_num(lags_s) * rate_hz).astype(np.int64))
    present = ~np.isnan(series)
    n = present.sum(axis=0)
    used = np.full(series.shape[0], 1.0 / max(series.shape[0], 1))
    if method == "ewe":
        used, fallback = ewe_weights(series, weighting) if weights is None else (weights / weights.sum(), False)
        if fallback:
            notes.append("No rater correlates positively with the others; all weigh the same.")
        values = combine(series, used)
    elif method == "median":
        values = np.full(series.shape[1], NAN)
        values[n > 0] = np.nanmedian(series[:, n > 0], axis=0)
    elif method == "barycentre":
        values = _barycentre(series, round(window_s * rate_hz), notes)
    else:
        values = combine(series, used)
    mean = np.where(n > 0, np.where(present, series, 0.0).sum(axis=0) / np.maximum(n, 1), NAN)
    squares = np.where(present, (series - mean) ** 2, 0.0).sum(axis=0)
    recipe = GoldRecipe(
        kind=kind, method=method, raters=raters, excluded=excluded, weighting=weighting if method == "ewe" else "",
        lags_s=() if lags_s is None else tuple(float(v) for v in np.nan_to_num(lags_s)),
        window=round(window_s * rate_hz) if method == "barycentre" else 0,
        scope="" if method != "ewe" else ("given" if weights is not None else "these labels"),
        version=TRACE_RULES if kind == "trace" else 1,
    )  # fmt: skip
    spread = np.where(n >= 2, np.sqrt(squares / np.maximum(n - 1, 1)), NAN)
    return GoldStandard(values, spread, n.astype(np.int64), used, recipe, tuple(notes))


def _barycentre(series: Float, window: int, notes: list[str]) -> Float:
    """Barycentre over the stretch that all raters cover, NaN outside."""
    common = ~np.isnan(series).any(axis=0)
    values = np.full(series.shape[1], NAN)
    where = np.flatnonzero(common)
    if not where.size:
        notes.append("There is no time that all raters cover.")
        return values
    breaks = np.flatnonzero(np.diff(where) > 1) + 1
    longest = max(np.split(where, breaks), key=len)
    if longest.size < where.size:
        notes.append("Raters pause at different times; the barycentre covers their longest common stretch only.")
    values[longest] = barycentre(series[:, longest], window)
    return values
