"""One number with everything a reviewer asks about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from app.domain.json_values import number
from app.domain.words import many

NAN = float("nan")


@dataclass(frozen=True)
class Estimate:
    """A statistic, its interval and how both came about.

    Attributes:
        value: the statistic at full precision; NaN where it is undefined, then `reason` says why.
        estimator: full name of the estimator.
        reference: where its formula is published.
        low: lower end of the interval, NaN if there is none.
        high: upper end of the interval, NaN if there is none.
        level: confidence level of the interval.
        n_items: items that entered.
        n_raters: distinct raters that entered, 0 if not known (published vote counts).
        n_ratings: ratings that entered.
        method: how the interval was made; empty if there is none.
        seed: seed of the resampling, None where nothing was drawn.
        replicates: number of resamples (B), 0 where nothing was drawn.
        missing: how missing ratings were treated.
        reason: why value or interval is undefined; empty otherwise.
        about: what the number describes, for example "happy in face_only".
        p_value: two-sided p of the null hypothesis the text names, NaN if none was tested.
        unit: what was resampled: item, clip, subject; empty where nothing was.
        n_units: number of these.
        scope: whom the interval speaks of, such as "conditional on these 5 raters"; empty where nothing is to be said.
        plain: what the estimator means, for readers who do not compute it (`app.agreement.plain`).
    """

    value: float
    estimator: str
    reference: str
    low: float = NAN
    high: float = NAN
    level: float = 0.95
    n_items: int = 0
    n_raters: int = 0
    n_ratings: int = 0
    method: str = ""
    seed: int | None = None
    replicates: int = 0
    missing: str = ""
    reason: str = ""
    about: str = ""
    p_value: float = NAN
    unit: str = ""
    n_units: int = 0
    scope: str = ""
    plain: str = ""

    @property
    def defined(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    @property
    def interval(self) -> tuple[float, float] | None:
        """(low, high), or None if there is no interval."""
        return None if math.isnan(self.low) or math.isnan(self.high) else (self.low, self.high)

    def of(self, about: str) -> Estimate:
        """Return the same estimate, named after what it describes."""
        return replace(self, about=about)

    def sentence(self) -> str:
        """Return a sentence for a paper's methods or results section."""
        subject = f"{self.estimator}{' for ' + self.about if self.about else ''}"
        if not self.defined:
            return f"{subject} is undefined: {self.reason} ({self.reference})."
        parts = [f"{subject} was {_figure(self.value)}"]
        if self.interval is not None:
            parts.append(f", {self.level * 100:g} % interval [{_figure(self.low)}, {_figure(self.high)}]")
            how = self.method
            if self.unit and self.n_units:
                how += f", {many(self.n_units, self.unit)}"
            if self.replicates:
                how += f", B = {self.replicates}"
            if self.seed is not None:
                how += f", seed {self.seed}"
            parts.append(f" ({how})" if how else "")
        elif self.reason:
            parts.append(f", without an interval ({self.reason})")
        if not math.isnan(self.p_value):
            parts.append(f", p = {_figure(self.p_value)}")
        parts.append(f"; {self._sample()}")
        if self.missing:
            parts.append(f"; {self.missing}")
        if self.scope:
            parts.append(f"; {self.scope}")
        return "".join(parts) + f" ({self.reference})."

    def _sample(self) -> str:
        counts = ((self.n_items, "item"), (self.n_raters, "rater"), (self.n_ratings, "rating"))
        return ", ".join(many(n, name) for n, name in counts if n or name == "item")

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as JSON types: NaN becomes None, the interval a list."""
        return {
            "about": self.about,
            "estimator": self.estimator,
            "value": number(self.value),
            "interval": bounds(self.low, self.high),
            "level": self.level,
            "p": number(self.p_value),
            "n_items": self.n_items,
            "n_raters": self.n_raters or None,
            "n_ratings": self.n_ratings,
            "method": self.method,
            "seed": self.seed,
            "replicates": self.replicates,
            "unit": self.unit or None,
            "n_units": self.n_units,
            "scope": self.scope,
            "missing": self.missing,
            "reason": self.reason,
            "reference": self.reference,
            "sentence": self.sentence(),
        }


def bounds(low: float, high: float) -> list[float] | None:
    """[low, high] for JSON, None if either end is undefined.

    Example:
        >>> bounds(0.1, 0.5), bounds(NAN, 0.5)
        ([0.1, 0.5], None)
    """
    return [float(low), float(high)] if math.isfinite(low) and math.isfinite(high) else None


def _figure(value: float) -> str:
    """Four significant digits, enough to read and to compare."""
    if abs(value) < 1e-9:
        return "0"  # also what rounding left of it
    return f"{value:.4g}" if abs(value) >= 1e-4 else f"{value:.2g}"
