"""How intervals and p values are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.agreement.resample import MIN_FLIPS, Unit

Interval = Literal["jackknife", "bootstrap"]


@dataclass(frozen=True)
class AgreementSettings:
    """How intervals and p values are made.

    Attributes:
        unit: what is resampled together.
        replicates: bootstrap resamples (B), 0 for no intervals of any kind.
        seed: seed of all draws.
        flips: sign flips, never below 9,999.
        level: confidence level.
        icc_interval: jackknife, or F where it is asked for.
        present: score from which an emotion counts as present; any score above the scale's lowest point if None.
        interval: t interval of the delete-one jackknife (the default, without a draw), or percentile bootstrap.

    Example:
        >>> AgreementSettings(unit="subject").interval
        'jackknife'
    """

    unit: Unit = "clip"
    replicates: int = 1000
    seed: int = 0
    flips: int = MIN_FLIPS
    level: float = 0.95
    interval: Interval = "jackknife"
    present: float | None = None
    icc_interval: Literal["jackknife", "F"] = "jackknife"
