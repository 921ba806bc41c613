"""Resampling: bootstrap of clusters and random sign flips, both with a stored seed.

Every statistic here is a function of sums over clusters (items, clips or subjects), so a bootstrap is one
product of a matrix of resampling weights with a matrix of per-cluster columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN

Float = NDArray[np.float64]
Real = NDArray[np.float32] | NDArray[np.float64]
Unit = Literal["item", "clip", "subject"]

MIN_FLIPS = 9_999
CHUNK_BYTES = 64_000_000
SUM_PIECE = 4_096
SIGN_BLOCK = 512
SIGN_PIECE = 128
SINGLE_PRECISION_FROM = 2_000
ENOUGH_DEFINED = 0.9
KEPT = 1_000_000
"""Weights, 8 MB of them, up to which a draw is kept for the next figure."""


def bootstrap_weights(n_clusters: int, replicates: int, seed: int, *, single: bool = False) -> Iterator[Real]:
    """Draw blocks of resampling weights: how often each cluster was drawn.

    Args:
        n_clusters: clusters to draw from, with replacement, as many as there are.
        replicates: number of resamples.
        seed: seed; the weights do not depend on how they are cut into blocks.
        single: single precision, which holds these whole numbers exactly.

    Yields:
        (block, n_clusters); the blocks together have `replicates` rows.

    Example:
        >>> weights = np.concatenate(list(bootstrap_weights(5, 1000, seed=0)))
        >>> weights.shape, bool((weights.sum(axis=1) == 5).all())
        ((1000, 5), True)
    """
    rng = np.random.default_rng(seed)
    block = max(1, min(replicates, CHUNK_BYTES // (8 * max(n_clusters, 1))))
    for start in range(0, replicates, block):
        rows = min(block, replicates - start)
        shape = (rows, n_clusters)
        weights: Real = np.empty(shape, dtype=np.float32) if single else np.empty(shape)
        for row in weights:
            row[:] = np.bincount(rng.integers(0, n_clusters, n_clusters, dtype=np.int32), minlength=n_clusters)
        yield weights


def weighted_sums(weights: Real, columns: Real) -> Float:
    """Compute (rows, p) float64 weighted sums of columns over clusters.

    Products run in the precision of the arguments over pieces of clusters, pieces are added in double precision.

    Args:
        weights: (rows, clusters).
        columns: (clusters, p) of the same type.

    Example:
        >>> weighted_sums(np.array([[1.0, 1, 1], [0, 1, 2]]), np.array([[1.0], [10], [100]]))
        array([[111.],
               [210.]])
    """
    out = np.zeros((weights.shape[0], columns.shape[1]))
    for start in range(0, columns.shape[0], SUM_PIECE):
        out += weights[:, start : start + SUM_PIECE] @ columns[start : start + SUM_PIECE]
    return out


def bootstrap_sums(columns: Float, replicates: int, seed: int) -> Float:
    """(replicates, p) sums of the columns over resampled clusters.

    Args:
        columns: (clusters, p) float64.
        replicates: number of resamples.
        seed: seed of the draws.

    Example:
        >>> bootstrap_sums(np.ones((4, 1)), 2, seed=0)
        array([[4.],
               [4.]])
    """
    if not replicates:
        return np.empty((0, columns.shape[1]))
    n = columns.shape[0]
    drawn = _kept_weights(n, replicates, seed) if n * replicates <= KEPT else bootstrap_weights(n, replicates, seed)
    return np.concatenate([weighted_sums(w, columns) for w in drawn])


@lru_cache(maxsize=8)
def _kept_weights(n_clusters: int, replicates: int, seed: int) -> tuple[Real, ...]:
    """Return the weights of `bootstrap_weights`; a report asks for the same draws for every one of its figures."""
    drawn = tuple(bootstrap_weights(n_clusters, replicates, seed))
    for weights in drawn:
        weights.setflags(write=False)
    return drawn


def percentile_interval(draws: Float, level: float = 0.95) -> tuple[float, float]:
    """Percentile interval of the defined draws; NaN if fewer than nine in ten are defined.

    Args:
        draws: (replicates,) float64 with NaN where a resample had no value.
        level: confidence level.

    Example:
        >>> percentile_interval(np.arange(101.0), 0.5)
        (25.0, 75.0)
    """
    defined = draws[~np.isnan(draws)]
    if defined.size < 2 or defined.size < ENOUGH_DEFINED * draws.size:
        return NAN, NAN
    low, high = np.quantile(defined, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def gather(values: Float, cluster: NDArray[np.integer], n_clusters: int) -> Float:
    """(n_clusters, p) sums of the rows of each cluster.

    Args:
        values: (rows, p) float64.
        cluster: (rows,) cluster of each row.
        n_clusters: number of clusters.

    Example:
        >>> gather(np.array([[1.0], [2.0], [3.0]]), np.array([0, 1, 0]), 2)
        array([[4.],
               [2.]])
    """
    if values.shape[0] == n_clusters and bool((cluster == np.arange(n_clusters)).all()):
        return values
    out = np.zeros((n_clusters, values.shape[1]))
    if values.shape[0] == 0:
        return out
    order = np.argsort(cluster, kind="stable")
    ordered = cluster[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    out[ordered[starts]] = np.add.reduceat(values[order], starts, axis=0)
    return out


def sign_sums(values: Float, flips: int, seed: int) -> tuple[int, bool, Iterator[Float]]:
    """Sum the rows under random sign vectors, or under all of them where that is fewer.

    Args:
        values: (clusters, p) float64.
        flips: number of random flips.
        seed: seed of the draws.

    Returns:
        The number of sign vectors, whether they are all there are (the observed one among them), and an iterator
        over blocks (rows, p) float64 of sums.

    Example:
        >>> count, all_of_them, blocks = sign_sums(np.array([[1.0], [2.0], [4.0]]), 9_999, seed=0)
        >>> count, all_of_them, sorted(np.concatenate(list(blocks))[:, 0].tolist())
        (8, True, [-7.0, -5.0, -3.0, -1.0, 1.0, 3.0, 5.0, 7.0])
    """
    n = values.shape[0]
    if n <= 20 and 1 << n <= flips + 1:
        bits = (np.arange(1 << n)[:, None] >> np.arange(n)[None, :]) & 1
        return 1 << n, True, iter([(1.0 - 2.0 * bits.astype(np.float64)) @ values])
    return flips, False, _random_sign_sums(values, flips, seed)


def _random_sign_sums(values: Float, flips: int, seed: int) -> Iterator[Float]:
    """Blocks of sums under random signs, computed as total - 2 * (sum of the flipped rows).

    Bits are unpacked in pieces that stay in the cache.  With thousands of clusters single precision within a piece
    is far below the Monte Carlo error; with few, ties matter and double precision is used.
    """
    n = values.shape[0]
    rng = np.random.default_rng(seed)
    single = n > SINGLE_PRECISION_FROM
    kind: type[np.float32] | type[np.float64] = np.float32 if single else np.float64
    # The eight bits of each byte as numbers: looking them up is faster than unpacking and converting.
    table = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(kind)
    width = (n + 7) // 8
    twice = np.zeros((8 * width, values.shape[1]), dtype=kind)
    twice[:n] = 2.0 * values
    total = values.sum(axis=0)
    # One buffer for all pieces: fresh memory for each costs more than the arithmetic.
    store = np.empty(SIGN_BLOCK * SIGN_PIECE * 8, dtype=kind)
    for start in range(0, flips, SIGN_BLOCK):
        rows = min(SIGN_BLOCK, flips - start)
        packed = np.frombuffer(rng.bytes(rows * width), dtype=np.uint8).reshape(rows, width)
        sums = np.tile(total, (rows, 1))
        for left in range(0, width, SIGN_PIECE):
            piece = packed[:, left : left + SIGN_PIECE]
            bits = store[: 8 * piece.size].reshape(rows, piece.shape[1], 8)
            np.take(table, piece, axis=0, out=bits, mode="clip")
            sums -= bits.reshape(rows, -1) @ twice[8 * left : 8 * (left + piece.shape[1])]
        yield sums


def sign_flip_max_t(sums: Float, *, flips: int = MIN_FLIPS, seed: int = 0) -> tuple[Float, Float]:
    """Sign-flip p of the mean difference per emotion and its step-down max-T adjustment.

    Under the null hypothesis the two conditions of a cluster may be exchanged, which flips the sign of its summed
    differences; all emotions share a flip, so their correlation is kept (Westfall & Young 1993, algorithm 4.1;
    Nichols & Holmes 2002).  The statistic is |sum d| / sqrt(sum d^2), which orders flips as the t statistic does.

    Args:
        sums: (clusters, emotions) float64, summed differences of each cluster.
        flips: random flips, raised to `MIN_FLIPS`; all 2^n are listed where that is fewer.
        seed: seed of the flips.

    Returns:
        (raw p, adjusted p), each (emotions,); 1 for an emotion without any difference.

    Example:
        >>> raw, adjusted = sign_flip_max_t(np.ones((5, 1)))
        >>> float(raw[0])
        0.0625
    """
    n_emotions = sums.shape[1]
    raw, adjusted = np.ones(n_emotions), np.ones(n_emotions)
    active = np.flatnonzero((sums != 0).any(axis=0))
    if active.size == 0:
        return raw, adjusted
    rows = (sums[:, active] != 0).any(axis=1)
    scaled = sums[np.ix_(rows, active)]
    scaled = scaled / np.sqrt((scaled**2).sum(axis=0))
    observed = np.abs(scaled.sum(axis=0))
    order = np.argsort(-observed, kind="stable")
    scaled, observed = scaled[:, order], observed[order]
    n_signs, listed, blocks = sign_sums(scaled, max(flips, MIN_FLIPS), seed)
    # Ties of the exact distribution must count as ties in spite of rounding.
    bar = observed * (1.0 - 1e-9)
    count_raw, count_step = np.zeros(order.size), np.zeros(order.size)
    for sums_drawn in blocks:
        drawn = np.abs(sums_drawn)
        count_raw += (drawn >= bar).sum(axis=0)
        running = np.maximum.accumulate(drawn[:, ::-1], axis=1)[:, ::-1]
        count_step += (running >= bar).sum(axis=0)
    extra = 0.0 if listed else 1.0
    raw[active[order]] = (count_raw + extra) / (n_signs + extra)
    adjusted[active[order]] = np.maximum.accumulate((count_step + extra) / (n_signs + extra))
    return raw, adjusted


def smallest_p(sums: Float, flips: int = MIN_FLIPS) -> float:
    """Return the smallest p that sign flips of these clusters can give.

    Args:
        sums: (clusters, emotions) float64, summed differences of each cluster.
        flips: random flips, raised to `MIN_FLIPS`; all 2^n are listed where that is fewer.

    Returns:
        2 / 2^n where all flips are listed (a flip and its mirror image are alike), 1 without any difference.

    Example:
        >>> smallest_p(np.ones((4, 1)))
        0.125
    """
    n, flips = int((sums != 0).any(axis=1).sum()), max(flips, MIN_FLIPS)
    if n == 0:
        return 1.0
    return 2.0 / (1 << n) if n <= 20 and 1 << n <= flips + 1 else 1.0 / (flips + 1)


def holm(p: Sequence[float] | Float) -> Float:
    """Holm's step-down adjustment (Holm 1979); NaN stay NaN and do not count as tests.

    Args:
        p: raw p values.

    Example:
        >>> holm([0.01, 0.04, 0.03])
        array([0.03, 0.06, 0.06])
    """
    values = np.asarray(p, dtype=np.float64)
    out = np.full(values.shape, NAN)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    scaled = values[order] * np.arange(order.size, 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return out
