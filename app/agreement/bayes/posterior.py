"""What the model of raters says of items, context and raters, with intervals.

The uncertainty of the spreads of pooled effects is carried on to the first order (Kass & Steffey 1989): few raters say
little of how much raters differ, and intervals are wider for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.band import LEVEL, Band, log_normal_band, normal_band
from app.agreement.bayes.fit import Fit
from app.agreement.bayes.local import own_cov
from app.agreement.bayes.pass_over import gaps_of
from app.agreement.bayes.thresholds import threshold_slopes, thresholds

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Truths:
    """What is known of each item in each condition.

    Attributes:
        latent: (units, conditions) on the scale of a typical rater's noise.
        points: (units, conditions) the mean score that raters of this kind would give, on the study's scale.
        context: (units, conditions − 1) points that a condition adds to the first one, for each item.
        by_emotion: (emotions, conditions − 1) the same as a mean over the judged items.
        population: (emotions, conditions − 1) the same on the latent scale, over all possible items.
    """

    latent: Band
    points: Band
    context: Band
    by_emotion: Band
    population: Band


@dataclass(frozen=True, eq=False)
class Raters:
    """What is known of each rater.

    Attributes:
        bias: (raters, emotions) what a rater adds, on the latent scale.
        mean_bias: (raters,) its mean over the emotions.
        thresholds: (raters, levels − 1).
        noise: (raters,) scale of the noise; 1 is a typical rater's.
        drift: (raters,) an hour; zeros without times.
    """

    bias: Band
    mean_bias: Band
    thresholds: Band
    noise: Band
    drift: Band


def expected_points(latent: Float, cuts: Float, points: Float) -> Float:
    """Mean score of ratings of a truth by a rater with noise 1.

    Args:
        latent: Truths, any shape.
        cuts: (levels − 1,) thresholds.
        points: (levels,) score of each level.

    Example:
        >>> expected_points(np.array([-50.0, 0.0, 50.0]), np.array([0.0]), np.array([1.0, 3.0]))
        array([1., 2., 3.])
    """
    from app.agreement.bayes.cumulative import sigmoid

    out: Float = points[0] + sigmoid(latent[..., None] - cuts) @ np.diff(points)
    return out


def points_slope(latent: Float, cuts: Float, points: Float) -> Float:
    """Derivative of `expected_points` by the truth.

    Example:
        >>> points_slope(np.zeros(1), np.array([0.0]), np.array([1.0, 3.0]))
        array([0.5])
    """
    from app.agreement.bayes.cumulative import sigmoid

    at = sigmoid(latent[..., None] - cuts)
    out: Float = (at * (1.0 - at)) @ np.diff(points)
    return out


def typical_cuts(fit: Fit) -> Float:
    """(levels − 1,) thresholds of a typical rater.

    Example:
        >>> from app.agreement.bayes.fit import fit
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> done = fit(draw_study(StudyShape(6, 3, 1, 1), np.random.default_rng(1))[0])
        >>> bool((np.diff(typical_cuts(done)) > 0).all())
        True
    """
    gap, use = gaps_of(fit.columns, fit.effects)
    out: Float = thresholds(gap, np.zeros_like(use), fit.columns.n_levels - 1)[0]
    return out


def whole_cov(fit: Fit) -> Float:
    """(effects, effects) covariance of the effects with the uncertainty of the spreads.

    Example:
        >>> from app.agreement.bayes.fit import fit
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> done = fit(draw_study(StudyShape(6, 3, 1, 1), np.random.default_rng(1))[0])
        >>> bool((np.diag(whole_cov(done)) >= np.diag(done.cov)).all())
        True
    """
    if not fit.columns.pooled:
        return fit.cov
    moves = []
    for kind in fit.columns.pooled:
        at = fit.columns.where[kind]
        moves.append(fit.cov[:, at] @ (2.0 * fit.effects[at] / fit.spreads[kind] ** 2))
    jacobian = np.stack(moves, axis=1)
    out: Float = fit.cov + jacobian @ fit.pooled.cov @ jacobian.T
    return out


def truths_of(fit: Fit, level: float = LEVEL) -> Truths:
    """Return the items' truths and the effect of context.

    Args:
        fit: A fit of the model.
        level: Probability within an interval.

    Example:
        >>> from app.agreement.bayes.fit import fit
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> found = truths_of(fit(draw_study(StudyShape(6, 3, 1, 2), np.random.default_rng(1))[0]))
        >>> found.points.mean.shape, found.context.mean.shape, found.by_emotion.mean.shape
        ((6, 2), (6, 1), (1, 1))
    """
    columns, local = fit.columns, fit.local
    cuts, points = typical_cuts(fit), columns.data.points
    shape = local.mean.shape
    cov = whole_cov(fit)
    mean = (columns.truth_design @ fit.effects[: columns.added]).reshape(shape) + local.mean
    slope = points_slope(mean, cuts, points)
    total = np.empty_like(local.cov)
    n_e, n_c = len(columns.data.emotions), shape[1]
    per_emotion = np.zeros((n_e, max(n_c - 1, 0), columns.size))
    own_part = np.zeros((n_e, max(n_c - 1, 0)))
    contrast = np.concatenate([-np.ones((n_c - 1, 1)), np.eye(n_c - 1)], axis=1) if n_c > 1 else np.zeros((0, 1))
    spread_cov = _own_spreads(fit)
    design = columns.truth_design
    for part, mixed in fit.equations.blocks(n_c):
        linear = -(local.cov[part] @ mixed)
        linear[..., : columns.added] += (
            design[part.start * n_c : part.stop * n_c].toarray().reshape(part.stop - part.start, n_c, -1)
        )
        own = local.cov[part] + spread_cov[part]
        total[part] = own + np.einsum("ucg,udg->ucd", linear @ cov, linear)
        scaled = contrast[None] * slope[part][:, None, :]
        moved = np.einsum("ukc,ucg->ukg", scaled, linear)
        np.add.at(per_emotion, columns.unit_emotion[part], moved)
        np.add.at(own_part, columns.unit_emotion[part], np.einsum("ukc,ucd,ukd->uk", scaled, own, scaled))
    variance = np.einsum("ucc->uc", total)
    latent = normal_band(mean, variance, level, _skew(fit, variance))
    of_points = _in_points(latent, cuts, points)
    scaled = contrast[None] * slope[:, None, :]
    difference = expected_points(mean, cuts, points)
    shift = np.einsum("kc,uc->uk", contrast, difference)
    context = normal_band(shift, np.einsum("ukc,ucd,ukd->uk", scaled, total, scaled), level)
    count = np.maximum(np.bincount(columns.unit_emotion, minlength=n_e), 1)[:, None]
    sums = np.zeros((n_e, max(n_c - 1, 0)))
    np.add.at(sums, columns.unit_emotion, shift)
    per_emotion /= count[..., None]
    spread = np.einsum("ekg,gh,ekh->ek", per_emotion, cov, per_emotion) + own_part / count**2
    return Truths(latent, of_points, context, normal_band(sums / count, spread, level), _population(fit, cov, level))


def _own_spreads(fit: Fit) -> Float:
    """(units, conditions, conditions) what not knowing the spreads of items adds."""
    columns, local = fit.columns, fit.local
    n_e, n_c = len(columns.data.emotions), local.mean.shape[1]
    prior = own_cov(fit.item, fit.item_condition, n_c)
    precision = np.linalg.inv(prior)
    moves = np.zeros((columns.n_units, n_c, n_e + int(n_c > 1)))
    for e in range(n_e):
        rows = columns.unit_emotion == e
        parts = [(e, 2.0 * fit.item[e] ** 2 * np.ones((n_c, n_c)))]
        if n_c > 1:
            parts.append((n_e, 2.0 * fit.item_condition**2 * np.eye(n_c)))
        for j, part in parts:
            curve = precision[e] @ part @ precision[e]
            moves[rows, :, j] = np.einsum("ucd,ud->uc", local.cov[rows] @ curve, local.mean[rows])
    out: Float = np.einsum("ucj,jk,udk->ucd", moves, fit.own.cov, moves)
    return out


def _skew(fit: Fit, variance: Float) -> Float:
    """(units, conditions) skewness of the truths: that of the grids, diluted by what the effects add."""
    local = fit.local
    nodes, weights = local.nodes, local.weights
    mean = (weights * nodes).sum(axis=1, keepdims=True)
    third = (weights * (nodes - mean) ** 3).sum(axis=1).reshape(variance.shape)
    out: Float = third / np.maximum(variance, 1e-12) ** 1.5
    return out


def _in_points(latent: Band, cuts: Float, points: Float) -> Band:
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    weights = weights / weights.sum()
    values = expected_points(latent.mean[..., None] + latent.sd[..., None] * nodes, cuts, points)
    mean = values @ weights
    sd = np.sqrt(np.maximum((values - mean[..., None]) ** 2 @ weights, 0.0))
    return Band(mean, sd, expected_points(latent.low, cuts, points), expected_points(latent.high, cuts, points))


def _population(fit: Fit, cov: Float, level: float) -> Band:
    """(emotions, conditions − 1) what conditions add over all possible items."""
    columns = fit.columns
    n_e, more = len(columns.data.emotions), columns.n_conditions - 1
    pick = np.zeros((n_e, more, columns.size))
    for c in range(more):
        pick[:, c, columns.where["context"].start + c] = 1.0
        if "context_emotion" in columns.where:
            pick[np.arange(n_e), c, columns.where["context_emotion"].start + np.arange(n_e) * more + c] = 1.0
    return normal_band(pick @ fit.effects, np.einsum("ekg,gh,ekh->ek", pick, cov, pick), level)


def raters_of(fit: Fit, level: float = LEVEL) -> Raters:
    """Return what is known of the raters.

    Args:
        fit: A fit of the model.
        level: Probability within an interval.

    Example:
        >>> from app.agreement.bayes.fit import fit
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> found = raters_of(fit(draw_study(StudyShape(6, 3, 1, 1), np.random.default_rng(1))[0]))
        >>> found.bias.mean.shape, found.thresholds.mean.shape, found.noise.mean.shape
        ((3, 1), (3, 5), (3,))
    """
    columns, effects = fit.columns, fit.effects
    data = columns.data
    cov = whole_cov(fit)
    n_r, n_e = len(data.raters), len(data.emotions)
    pick = np.zeros((n_r, n_e, columns.size))
    every = np.arange(n_r)
    pick[every, :, columns.where["bias"].start + every] = 1.0
    if "bias_emotion" in columns.where:
        place = columns.where["bias_emotion"].start + np.arange(n_r * n_e).reshape(n_r, n_e)
        pick[every[:, None], np.arange(n_e)[None], place] = 1.0
    bias = normal_band(pick @ effects, np.einsum("reg,gh,reh->re", pick, cov, pick), level)
    whole = pick.mean(axis=1)
    mean_bias = normal_band(whole @ effects, np.einsum("rg,gh,rh->r", whole, cov, whole), level)
    noise_at = columns.where["noise"]
    noise = log_normal_band(effects[noise_at], np.diag(cov)[noise_at], level)
    drift = normal_band(np.zeros(n_r), np.zeros(n_r), level)
    if "drift" in columns.where:
        drift = normal_band(effects[columns.where["drift"]], np.diag(cov)[columns.where["drift"]], level)
    return Raters(bias, mean_bias, _thresholds(fit, cov, level), noise, drift)


def _thresholds(fit: Fit, cov: Float, level: float) -> Band:
    columns = fit.columns
    gap, use = gaps_of(columns, fit.effects)
    n_cuts, n_r = columns.n_levels - 1, use.shape[0]
    mean = thresholds(gap, use, n_cuts)
    slopes = threshold_slopes(gap, use, n_cuts)
    jacobian = np.zeros((n_r, n_cuts, columns.size))
    if "gap" in columns.where:
        jacobian[:, :, columns.where["gap"]] = slopes
        for r in range(n_r):
            first = columns.where["use"].start + r * gap.size
            jacobian[r, :, first : first + gap.size] = slopes[r]
    return normal_band(mean, np.einsum("rkg,gh,rkh->rk", jacobian, cov, jacobian), level)
