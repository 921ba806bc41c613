"""One way to an interval for every estimate of a report: same rule in figure, table, console, page and JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.clusters import Clusters
from app.agreement.estimate import NAN, Estimate
from app.agreement.jackknife import MIN_UNITS, SCALE_WORDS, Scale, jackknife_interval, too_few_telling
from app.agreement.pooled import expanded_interval
from app.agreement.resample import ENOUGH_DEFINED, Unit
from app.agreement.settings import AgreementSettings
from app.domain.words import many

Float = NDArray[np.float64]

MOSTLY_UNDEFINED: Final = "more than one resample in ten has no value, so there is no interval"
JACKKNIFE: Final = "jackknife: Tukey 1958; Efron & Tibshirani 1993, chapter 11"
BOOTSTRAP: Final = "bootstrap: Davison & Hinkley 1997; Hesterberg 2015"


def no_interval(count: int, unit: Unit, settings: AgreementSettings) -> str:
    """Why there is nothing to form an interval from; empty where there is something.

    Args:
        count: units to resample.
        unit: what they are.
        settings: how intervals are made.

    Example:
        >>> no_interval(1, "clip", AgreementSettings())
        'one clip cannot be resampled'
    """
    if not settings.replicates:
        return "no resamples were asked for"
    if count == 1:
        return f"one {unit} cannot be resampled"
    if count < MIN_UNITS:
        return f"only {many(count, unit)} to resample, {MIN_UNITS} are needed for an interval"
    return ""


def with_interval(
    estimate: Estimate, draws: Float, clusters: Clusters, settings: AgreementSettings, *, scale: Scale = "plain",
    present: NDArray[np.bool_] | None = None, telling: int | None = None, more_variance: float = 0.0,
    more_freedom: float = np.inf,
) -> Estimate:  # fmt: skip
    """Return an estimate with the interval that its resamples give.

    Args:
        estimate: the estimate; an undefined one is returned unchanged.
        draws: (rows,) the statistic without each unit, or of each bootstrap resample; NaN where it has no value.
        clusters: what was left out or drawn.
        settings: how intervals are made.
        scale: scale on which the statistic is nearly symmetric (jackknife only).
        present: (clusters,) which clusters have a part in the statistic; all of them if None.
        telling: units that hold anything from which the statistic could vary; all of them if None.
        more_variance: variance from the choice of raters where conditions have different raters.
        more_freedom: its degrees of freedom.

    Returns:
        The estimate with interval, method, unit and number of units; `reason` says why there is no interval.  A
        difference of coefficients has the p of no difference by the same t (jackknife only).

    Example:
        >>> from app.agreement.cells import intensity_cells
        >>> from app.agreement.draws import resample
        >>> from app.agreement.example import ratings
        >>> from app.agreement.variance import mean_variance
        >>> cells, clusters = intensity_cells(ratings(), "item")
        >>> settings = AgreementSettings(unit="item")
        >>> left_out = resample(cells, [], clusters, settings).resampled[0]["disagreement"]
        >>> found = with_interval(mean_variance(cells[0].moments), left_out, clusters, settings)
        >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
        (0.625, 0.278, 0.972)
    """
    if not estimate.defined:
        return estimate
    count = clusters.count if present is None else int(present.sum())
    if present is not None and settings.interval == "jackknife" and draws.shape[0] == clusters.count:
        draws = draws[present]
    estimate = replace(estimate, unit=clusters.unit, n_units=count, level=settings.level)
    reason = no_interval(count, clusters.unit, settings)
    if not reason and telling is not None:
        reason = too_few_telling(telling, count, clusters.unit)
    if reason:
        return replace(estimate, reason=reason)
    if settings.interval == "bootstrap":
        return _bootstrap(estimate, draws, count, settings, more_variance)
    found = jackknife_interval(
        estimate.value, draws, level=settings.level, scale=scale, more_variance=more_variance, more_freedom=more_freedom
    )
    if found.reason:
        return replace(estimate, reason=found.reason)
    raters = " and of raters" if more_variance > 0 else ""
    how = f"t interval of the jackknife over {clusters.unit}s{raters}{SCALE_WORDS[scale]}"
    return replace(estimate, low=found.low, high=found.high, method=how, p_value=found.p_zero)


def _bootstrap(
    estimate: Estimate, draws: Float, count: int, settings: AgreementSettings, more_variance: float
) -> Estimate:
    """Return the percentile interval, widened for few units and by the normal spread that raters add."""
    known = draws[~np.isnan(draws)]
    if known.size < 2 or known.size < ENOUGH_DEFINED * draws.size:
        return replace(estimate, reason=MOSTLY_UNDEFINED)
    if more_variance > 0:
        noise = np.random.default_rng([settings.seed, 1]).standard_normal(draws.size)
        draws = draws + np.sqrt(more_variance) * noise
    low, high = expanded_interval(draws, count, settings.level)
    if np.isnan(low) or high - low <= 0.0:
        return replace(estimate, low=NAN, high=NAN, reason="no resample changes the value")
    return replace(
        estimate, low=low, high=high, seed=settings.seed, replicates=settings.replicates,
        method=f"percentile bootstrap over {estimate.unit}s, widened for few of them",
    )  # fmt: skip
