"""Cross-correlations of all pairs of raters at all lags, kept as sums that can be added up over clips and resampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN

Float = NDArray[np.float64]

MOST_FLOATS: Final = 25_000_000
"""Numbers kept at most; with more raters and clips, clips are added up in groups, which are then resampled."""
LEAST_GROUPS: Final = 20
FLAT: Final = 1e-9
"""A variance below this share of the largest is none: Fourier transforms leave residues of rounding."""
MIN_OVERLAP: Final = 0.5
"""Share of the samples in common that must remain at a lag."""


@dataclass(frozen=True, eq=False)
class PairSums:
    """What is needed to correlate every pair of raters at every lag, for each unit apart.

    Attributes:
        raters: number of raters.
        max_lag: largest lag in samples.
        sums: (units, pairs, 4, 2 max_lag + 1) float64: products, squares of the first, squares of the second, and
            samples, each after centring both series of a clip on what they have in common at that lag.  Pairs are in
            the order of `itertools.combinations`; a positive lag means that the first runs behind the second.
        common: (units, pairs) float64 samples in common at lag 0.
        series: how many dimensions were added up.
    """

    raters: int
    max_lag: int
    sums: Float
    common: Float
    series: int = 1

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The pairs of raters, in the order of `sums`."""
        return list(combinations(range(self.raters), 2))

    def plus(self, other: PairSums) -> PairSums:
        """Return the sums of both, unit by unit: of the same units in another dimension."""
        return PairSums(
            self.raters, self.max_lag, self.sums + other.sums, self.common + other.common, self.series + other.series
        )

    def correlations(self, weights: Float) -> Float:
        """Pearson correlations of all pairs at all lags of weighted units.

        Args:
            weights: (rows, units) float64, how often each unit counts.

        Returns:
            (rows, pairs, 2 max_lag + 1) float64; NaN where fewer than `MIN_OVERLAP` of the samples remain or a series
            does not vary.
        """
        shape = (weights.shape[0], *self.sums.shape[1:])
        total = (weights @ self.sums.reshape(self.sums.shape[0], -1)).reshape(shape)
        enough = total[:, :, 3] >= np.maximum(MIN_OVERLAP * (weights @ self.common), 2.0)[:, :, None]
        below = np.sqrt(np.maximum(total[:, :, 1], 0.0) * np.maximum(total[:, :, 2], 0.0))
        ok = enough & (below > 0)
        out = np.full(below.shape, NAN)
        out[ok] = np.clip(total[:, :, 0][ok] / below[ok], -1.0, 1.0)
        return out


def pair_sums(
    clips: Sequence[Float], max_lag: int, units: Sequence[str] | None = None, *, raters: int | None = None
) -> PairSums:
    """Compute the sums of all pairs by fast Fourier transforms.

    Args:
        clips: per clip (raters, n) float64 on an even grid, NaN for missing.
        max_lag: largest lag in samples.
        units: per clip the unit it belongs to, such as its subject; each clip is its own if None.
        raters: their number, needed where there is no clip.

    Example:
        >>> from app.agreement.example import series
        >>> found = pair_sums(series(), 20)
        >>> found.pairs, found.sums.shape, found.common[0]
        ([(0, 1), (0, 2), (1, 2)], (2, 3, 4, 41), array([400., 400., 400.]))
    """
    count = clips[0].shape[0] if clips else (raters or 0)
    pairs = list(combinations(range(count), 2))
    width = 2 * max_lag + 1
    names, code = np.unique(list(units) if units is not None else range(len(clips)), return_inverse=True)
    room = MOST_FLOATS // max(len(pairs) * 4 * width, 1)
    groups = max(min(len(names), max(room, LEAST_GROUPS)), 1)
    sums, common = np.zeros((groups, len(pairs), 4, width)), np.zeros((groups, len(pairs)))
    for clip, unit in zip(clips, code.tolist(), strict=True):
        _add(clip, max_lag, pairs, sums[unit % groups], common[unit % groups])
    return PairSums(count, max_lag, sums, common)


def _add(clip: Float, max_lag: int, pairs: list[tuple[int, int]], sums: Float, common: Float) -> None:
    """Add one clip."""
    from scipy.fft import irfft, next_fast_len, rfft

    seen = ~np.isnan(clip)
    count = seen.sum(axis=1)
    n = clip.shape[1]
    size = next_fast_len(n + max_lag + 1, real=True)
    means = np.where(seen, clip, 0.0).sum(axis=1) / np.maximum(count, 1)
    centred = np.where(seen, clip - means[:, None], 0.0)
    mask, value, square = (rfft(part, size, axis=1) for part in (seen.astype(np.float64), centred, centred**2))
    lags = np.arange(-max_lag, max_lag + 1)
    inside = np.abs(lags) < n
    for place, (a, b) in enumerate(pairs):
        if not (count[a] and count[b]):
            continue
        mask_b, value_b, square_b = mask[b].conj(), value[b].conj(), square[b].conj()
        joint = np.stack(
            [mask[a] * mask_b, value[a] * mask_b, mask[a] * value_b, square[a] * mask_b, mask[a] * square_b,
             value[a] * value_b]
        )  # fmt: skip
        found = irfft(joint, size, axis=1)[:, lags]
        m = np.rint(found[0]) * inside
        many = np.maximum(m, 1.0)
        product = found[5] - found[1] * found[2] / many
        first, second = found[3] - found[1] ** 2 / many, found[4] - found[2] ** 2 / many
        least = FLAT * max(float(found[3].max()), float(found[4].max()), 1e-300)
        moves = (m >= 2) & (first > least) & (second > least)
        sums[place] += np.where(moves, np.stack([product, first, second, m]), 0.0)
        common[place] += float((seen[a] & seen[b]).sum())


def lag_profile(series: Sequence[Float], reference: Sequence[Float], max_lag: int) -> Float:
    """Compute the overlap-normalised cross-correlation: (2 max_lag + 1,), lags -max_lag..max_lag in samples.

    Each lag's Pearson correlation uses only the samples both series have at that lag, so the peak is not drawn
    towards zero as with zero padding.  Several clips are pooled after centring each on its overlap.

    Args:
        series: per clip (n,) float64; a positive lag means that it runs behind the reference.
        reference: per clip (n,) float64.
        max_lag: largest lag in samples.

    Returns:
        NaN at lags that leave less than `MIN_OVERLAP` of the samples in common.

    Example:
        >>> from app.agreement.example import series
        >>> first = [block[0] for block in series()]
        >>> third = [block[2] for block in series()]
        >>> int(lag_profile(third, first, 20).argmax()) - 20
        8
    """
    found = pair_sums([np.stack(pair) for pair in zip(series, reference, strict=True)], max_lag, raters=2)
    out: Float = found.correlations(np.ones((1, found.sums.shape[0])))[0, 0]
    return out
