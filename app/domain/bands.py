"""The expected band of the mean valence or arousal, or of both, of a trace for practice or as an attention check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from app.domain.study import Part, Study, text_in
from app.domain.trace_quality import QualityLimits
from app.domain.traces import TraceSamples

AXES: Final = ("valence", "arousal")
"""Names of the dimensions that a band may be expected of, in the order of a trace's columns."""
LOWEST: Final = -1.0
HIGHEST: Final = 1.0
"""Ends of both dimensions."""
MEANS: Final = "means"
PASSED: Final = "passed"
"""Names under which the means and the verdict stand among the measures that are stored with a trace."""


def axis_words(study: Study, name: str, language: str) -> str:
    """Return the name of a dimension for raters: the study's label, or else the stored name."""
    labels = study.trace.axis_labels if study.trace is not None else {}
    return text_in(labels.get(name, {}), language, name.capitalize())


def span_words(low: float, high: float) -> str:
    """Write a band for people.

    Examples:
        >>> span_words(-0.5, 0.25), span_words(1, 1)
        ('−0.5 to 0.25', '1')
    """
    ends = [f"{end:g}".replace("-", "−") for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def trace_means(samples: TraceSamples, start_s: float, end_s: float) -> dict[str, float]:
    """Compute the mean of each traced dimension over the traced time of an item.

    A sample counts for as long as it was held, at most for the longest allowed gap.

    Args:
        samples: As recorded; NaN in a dimension marks a pause, or that it was not traced.
        start_s: Where the item begins on the clip's PTS axis.
        end_s: Where it ends, after `start_s`.

    Returns:
        Dimension → mean, −1 to 1; a dimension without samples is not in it.
    """
    inside = (samples.times_s >= start_s) & (samples.times_s <= end_s)
    times, values = samples.times_s[inside], samples.values[inside].astype(np.float64)
    weights = np.clip(np.diff(np.append(times, end_s)), 0.0, QualityLimits().gap_s)
    means = {}
    for column, name in enumerate(AXES):
        known = np.isfinite(values[:, column])
        if known.any():
            weight = weights[known] if weights[known].sum() > 0 else np.ones(int(known.sum()))
            means[name] = float(np.average(values[known, column], weights=weight))
    return means


def outside_band(part: Part, means: Mapping[str, float]) -> tuple[str, ...]:
    """Return the dimensions whose means are outside the expected bands, with those that were not traced."""
    return tuple(
        name for name, (low, high) in part.band.items() if (mean := means.get(name)) is None or not low <= mean <= high
    )


def passes_band(part: Part, means: Mapping[str, float]) -> bool | None:
    """Return whether the means of a trace are within the bands of a part; None if it expects nothing."""
    return not outside_band(part, means) if part.band else None


def verdict_of(part: Part | None, samples: TraceSamples, start_s: float, end_s: float) -> dict[str, Any]:
    """Return the means and the verdict that are stored with a trace; empty if nothing is expected."""
    if part is None or not part.band:
        return {}
    means = trace_means(samples, start_s, end_s)
    return {MEANS: {name: round(mean, 6) for name, mean in means.items()}, PASSED: passes_band(part, means)}
