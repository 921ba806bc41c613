"""The verdict on a claim about concordance; see `app.learning.process.verdict`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.agreement.pooled import ccc_of_moments
from app.learning.process.verdict import Float, Verdict, judge


def verdict(better: Sequence[Float], than: Sequence[Float], seed: int = 0) -> Verdict:
    """Judge a claim.

    Args:
        better: For each seed the (subjects, dimensions, 6) float64 sums of the held-out frames of the variant that
            should be better, as `app.agreement.pooled.moments` gives them.
        than: The same sums of the other variant, for the same subjects.
        seed: Seed of the resampling of subjects.
    """
    both = np.stack([np.stack(better), np.stack(than)])  # (2, seeds, subjects, dimensions, 6)
    _, seeds, subjects, dimensions, width = both.shape
    flat = np.moveaxis(both, 2, 0).reshape(subjects, -1)

    def differences(sums: Float) -> Float:
        """(rows, seeds) of the mean over dimensions."""
        found = ccc_of_moments(sums.reshape(-1, width)).reshape(sums.shape[0], 2, seeds, dimensions).mean(axis=3)
        return np.asarray(found[:, 0] - found[:, 1], np.float64)

    return judge(flat, differences, seed)
