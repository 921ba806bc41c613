"""Scores of predictions against labels, a thin record over `app.agreement`'s functions."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import ccc, pearson
from app.domain.json_values import plain


@dataclass(frozen=True)
class Scores:
    """The scores of one dimension, pooled over labelled frames.

    Attributes:
        name: "valence" or "arousal".
        n: Number of frames with both values.
        ccc: Lin's concordance, 1/N moments.
        pearson: Correlation.
        mse: Mean squared error.
        sagr: Sign agreement, 0–1.
    """

    name: str
    n: int
    ccc: float
    pearson: float
    mse: float
    sagr: float

    def called(self, name: str) -> "Scores":
        """Return the same scores under another name."""
        return replace(self, name=name)

    def as_dict(self) -> dict[str, Any]:
        """Return the scores for JSON; NaN becomes null."""
        facts: dict[str, Any] = plain(asdict(self))
        return facts


def score(predicted: NDArray[np.float32], target: NDArray[np.float32]) -> list[Scores]:
    """Return the scores of each column over the rows where both are known.

    Args:
        predicted: N×D; NaN where nothing was predicted.
        target: N×D; NaN where there is no label.
    """
    rows: list[Scores] = []
    for column in range(target.shape[1]):
        p, t = predicted[:, column].astype(np.float64), target[:, column].astype(np.float64)
        known = np.isfinite(p) & np.isfinite(t)
        p, t = p[known], t[known]
        mse = float(np.mean((p - t) ** 2)) if len(p) else float("nan")
        sagr = float(np.mean(np.sign(p) == np.sign(t))) if len(p) else float("nan")
        rows.append(Scores("", int(known.sum()), ccc(p, t), pearson(p, t), mse, sagr))
    return rows
