"""Does the model of raters fit? Ratings drawn from the fitted model, beside those that were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.fit import Fit
from app.agreement.bayes.pass_over import cuts_of
from app.agreement.bayes.posterior import whole_cov
from app.domain.words import figure

Float = NDArray[np.float64]

DRAWS: Final = 100
ALARM: Final = 3.5
"""Distance from the draws' mean, in their standard deviations, from which on the model does not fit."""


@dataclass(frozen=True)
class Checked:
    """One quantity of the ratings and of ratings that the model drew.

    Attributes:
        what: what it is, such as "share of score 5".
        of: whose, such as the code of a rater or the name of an emotion; empty for all ratings.
        observed: of the ratings that were given.
        mean: mean of the draws.
        low: 5 % of the draws lie below.
        high: 5 % of the draws lie above.
        away: distance of the observed from the mean, in standard deviations of the draws.
    """

    what: str
    of: str
    observed: float
    mean: float
    low: float
    high: float
    away: float

    @property
    def fits(self) -> bool:
        """Whether the observed could have come from the model."""
        return abs(self.away) < ALARM


def check_fit(fit: Fit, seed: int = 0, draws: int = DRAWS) -> tuple[Checked, ...]:
    """Compare ratings with what the model draws for the same raters and items.

    Compared are the share of each score, the disagreement within items of each emotion, the share of the ends of the
    scale of each rater, and how far each rater's ratings follow the others'.

    Args:
        fit: A fit of the model.
        seed: Of the draws.
        draws: Their number.

    Example:
        >>> from app.agreement.bayes.fit import fit
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> found = check_fit(fit(draw_study(StudyShape(20, 3, 1, 1), np.random.default_rng(1))[0]), draws=40)
        >>> found[0].what, sum(not one.fits for one in found) <= 2
        ('share of score 0', True)
    """
    rng = np.random.default_rng(seed)
    names, observed = _measured(fit, fit.columns.data.level)
    drawn = np.array([_measured(fit, level)[1] for level in _draws(fit, rng, draws)])
    known = np.isfinite(drawn).any(axis=0)  # one rater alone follows nobody
    names, observed, drawn = (
        [name for name, there in zip(names, known, strict=True) if there],
        observed[known],
        drawn[:, known],
    )
    with np.errstate(all="ignore"):
        mean, sd = np.nanmean(drawn, axis=0), np.nanstd(drawn, axis=0)
        low, high = np.nanquantile(drawn, [0.05, 0.95], axis=0)
        away = (observed - mean) / np.maximum(sd, 1e-3)
    return tuple(
        Checked(what, of, float(observed[k]), float(mean[k]), float(low[k]), float(high[k]), float(away[k]))
        for k, (what, of) in enumerate(names)
        if np.isfinite(away[k])
    )


def _draws(fit: Fit, rng: np.random.Generator, draws: int) -> list[NDArray[np.int64]]:
    """Levels of every rating, drawn anew with effects and truths from their posterior."""
    columns, local = fit.columns, fit.local
    root = np.linalg.cholesky(whole_cov(fit) + 1e-9 * np.eye(columns.size))
    own_root = np.linalg.cholesky(local.cov + 1e-9 * np.eye(columns.n_conditions))
    out = []
    for _ in range(draws):
        move = root @ rng.normal(size=columns.size)
        mean = local.mean.copy()
        for part, mixed in fit.equations.blocks(columns.n_conditions):
            mean[part] -= np.einsum("ucd,ud->uc", local.cov[part], mixed @ move)
        own = mean + np.einsum("ucd,ud->uc", own_root, rng.normal(size=mean.shape))
        level = np.zeros(len(columns.data), dtype=np.int64)
        value = rng.logistic(size=level.size)
        truth = own.ravel()[columns.cell]
        for k in range(columns.n_levels - 1):
            at = np.full(level.size, k, dtype=np.int64)
            cuts = cuts_of(columns, fit.effects + move, at)
            level += value > (cuts.upper - truth) * cuts.precision
        out.append(level)
    return out


def _measured(fit: Fit, level: NDArray[np.int64]) -> tuple[list[tuple[str, str]], Float]:
    """Names and values of what is compared."""
    columns = fit.columns
    data, top = columns.data, columns.n_levels - 1
    names: list[tuple[str, str]] = []
    values: list[Float] = []
    names += [(f"share of score {point:g}", "") for point in data.points]
    values.append(np.bincount(level, minlength=top + 1) / level.size)
    score = data.points[level]
    n_cells = columns.n_units * columns.n_conditions
    n = np.bincount(columns.cell, minlength=n_cells)
    total = np.bincount(columns.cell, score, n_cells)
    square = np.bincount(columns.cell, score**2, n_cells)
    several = n >= 2
    variance = (square - total**2 / np.maximum(n, 1))[several] / (n[several] - 1)
    emotion = np.repeat(columns.unit_emotion, columns.n_conditions)[several]
    n_e, n_r = len(data.emotions), len(data.raters)
    names += [("disagreement within items", name) for name in data.emotions]
    values.append(np.bincount(emotion, variance, n_e) / np.maximum(np.bincount(emotion, minlength=n_e), 1))
    of_rater = np.maximum(np.bincount(data.rater, minlength=n_r), 1)
    names += [("share of the scale's ends", name) for name in data.raters]
    values.append(np.bincount(data.rater, (level == 0) | (level == top), n_r) / of_rater)
    names += [("correlation with the others", name) for name in data.raters]
    others = (total[columns.cell] - score) / np.maximum(n[columns.cell] - 1, 1)
    values.append(np.array([_correlation(score, others, (data.rater == r) & several[columns.cell])
                            for r in range(n_r)]))  # fmt: skip
    return names, np.concatenate(values)


def _correlation(a: Float, b: Float, rows: NDArray[np.bool_]) -> float:
    if rows.sum() < 3 or np.ptp(a[rows]) == 0 or np.ptp(b[rows]) == 0:
        return float("nan")
    return float(np.corrcoef(a[rows], b[rows])[0, 1])


def alarms(checked: tuple[Checked, ...]) -> tuple[str, ...]:
    """Return a sentence for each quantity where the model does not fit.

    Example:
        >>> alarms((Checked("share of score 5", "", 0.5, 0.1, 0.05, 0.15, 8.0),))
        ('The model does not fit: share of score 5 is 0.50, and 0.10 [0.05, 0.15] in ratings drawn from the model.',)
    """
    return tuple(
        f"The model does not fit{f' {one.of}' if one.of else ''}: {one.what} is {figure(one.observed)}, "
        f"and {figure(one.mean)} [{figure(one.low)}, {figure(one.high)}] in ratings drawn from the model."
        for one in checked
        if not one.fits
    )
