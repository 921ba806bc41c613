"""Renews the standard deviations of pooled effects, with what is known of them.

The logarithm of each has a normal prior.  Its first derivative is Fisher's identity, its second Louis' (1982): what
would be known if the effects were known, less what is missing because they are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.columns import Columns
from app.agreement.bayes.local import inverse
from app.agreement.bayes.priors import SPREADS

Float = NDArray[np.float64]
Int = NDArray[np.int64]

LONGEST: Final = 0.7
"""Longest step of a logarithm."""


@dataclass(frozen=True, eq=False)
class SpreadStep:
    """One step.

    Attributes:
        names: what the rows stand for.
        log: (n,) float64 logarithms after the step.
        cov: (n, n) float64 covariance of the logarithms.
        change: largest change.
    """

    names: tuple[str, ...]
    log: Float
    cov: Float
    change: float


def _step(names: tuple[str, ...], log: Float, score: Float, complete: Float, missing: Float) -> SpreadStep:
    """Newton's step with the prior; without what is missing where the matrix would not be positive."""
    kinds = [name.partition(":")[0] for name in names]
    centre = np.array([np.log(SPREADS[kind][0]) for kind in kinds])
    precision = np.array([SPREADS[kind][1] ** -2 for kind in kinds])
    score = score - precision * (log - centre)
    information = complete - missing + np.diag(precision)
    low = np.linalg.eigvalsh(information).min(initial=np.inf)
    if low < 0.25 * precision.min(initial=np.inf):
        information = complete + np.diag(precision)
    step = np.clip(np.linalg.solve(information, score), -LONGEST, LONGEST)
    cov = inverse(information)
    return SpreadStep(names, log + step, cov, float(np.abs(step).max(initial=0.0)))


def pooled_step(columns: Columns, effects: Float, cov: Float, spreads: dict[str, float]) -> SpreadStep:
    """Renew the spreads of the effects of raters, emotions and groups.

    Args:
        columns: The layout of the effects.
        effects: (effects,) float64 posterior mean.
        cov: (effects, effects) float64 posterior covariance.
        spreads: Standard deviation of each pooled kind.

    Example:
        >>> from app.agreement.bayes.columns import columns_of
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> columns = columns_of(draw_study(StudyShape(4, 3), np.random.default_rng(0))[0])
        >>> one = dict.fromkeys(columns.pooled, 1.0)
        >>> found = pooled_step(columns, columns.start(), np.eye(columns.size), one)
        >>> found.names
        ('context_emotion', 'bias', 'bias_emotion', 'drift', 'use', 'noise')
    """
    names = columns.pooled
    n = len(names)
    score, complete, missing = np.zeros(n), np.zeros((n, n)), np.zeros((n, n))
    for j, a in enumerate(names):
        at, var = columns.where[a], spreads[a] ** 2
        x = effects[at]
        free = x.size - int(a == "noise")  # log noises sum to 0
        total = float(x @ x + np.trace(cov[at, at]))
        score[j] = total / var - free
        complete[j, j] = 2.0 * max(total / var, free)
        for k, b in enumerate(names):
            other = columns.where[b]
            block = cov[at, other]
            y = effects[other]
            missing[j, k] = (2.0 * float((block**2).sum()) + 4.0 * float(x @ block @ y)) / (var * spreads[b] ** 2)
    return _step(names, np.log([spreads[a] for a in names]), score, complete, missing)


def own_step(
    emotions: tuple[str, ...], unit_emotion: Int, mean: Float, cov: Float, added: Float, item: Float, condition: float
) -> SpreadStep:
    """Renew the spreads of items, for each emotion, and of what a condition changes in one item.

    Args:
        emotions: Names of the emotions.
        unit_emotion: (units,) int64.
        mean: (units, conditions) float64 posterior mean of what is an item's own.
        cov: (units, conditions, conditions) float64 posterior covariance while all else is held fixed.
        added: (units, conditions, conditions) float64 what the uncertainty of all else adds.
        item: (emotions,) float64 standard deviation of items.
        condition: Standard deviation of what a condition changes.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> mean, zero = rng.normal(0.0, 2.0, (500, 1)), np.zeros((500, 1, 1))
        >>> code = np.zeros(500, dtype=np.int64)
        >>> found = own_step(("happy",), code, mean, zero, zero, np.array([2.0]), 0.5)
        >>> np.exp(found.log).round(1)
        array([2.])
    """
    n_e, n_c = len(emotions), mean.shape[1]
    one = np.ones((n_c, n_c))
    several = n_c > 1
    size = n_e + int(several)
    score, complete, missing = np.zeros(size), np.zeros((size, size)), np.zeros((size, size))
    for e in range(n_e):
        rows = unit_emotion == e
        prior = item[e] ** 2 * one + (condition**2 * np.eye(n_c) if several else 0.0)
        precision = np.linalg.inv(prior)
        parts = [(e, 2.0 * item[e] ** 2 * one)] + ([(n_e, 2.0 * condition**2 * np.eye(n_c))] if several else [])
        m, v = mean[rows], cov[rows]
        square = np.einsum("uc,ud->cd", m, m) + v.sum(axis=0) + added[rows].sum(axis=0)
        curves = [(j, precision @ part @ precision, precision @ part) for j, part in parts]
        for j, curve, share in curves:
            score[j] += 0.5 * float((curve * square).sum()) - 0.5 * rows.sum() * float(np.trace(share))
            for k, other, other_share in curves:
                complete[j, k] += 0.5 * rows.sum() * float(np.trace(share @ other_share))
                turned = curve @ v @ other
                missing[j, k] += 0.5 * float(np.einsum("ucd,udc->", turned, v))
                missing[j, k] += float(np.einsum("uc,ucd,ud->", m, turned, m))
    names = tuple(f"item:{name}" for name in emotions) + (("item_condition",) if several else ())
    log = np.log(np.append(item, [condition] if several else []))
    return _step(names, log, score, complete, missing)
