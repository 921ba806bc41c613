"""Test-retest reliability of raters: the same item, condition and emotion judged in two passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import pearson
from app.agreement.estimate import NAN, Estimate
from app.agreement.kappa import cohen_kappa, cohen_table
from app.domain.ratings import RatingTable

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Retest:
    """One rater against himself.

    Attributes:
        rater: code.
        emotion: emotion, empty for all together.
        kappa: quadratic-weighted kappa over the full scale; its n_items counts answer pairs.
        exact: share of identical answers.
        mean_difference: second minus first pass.
        mean_absolute_difference: mean size of the change.
        pearson: correlation of the passes.
    """

    rater: str
    emotion: str
    kappa: Estimate
    exact: float
    mean_difference: float
    mean_absolute_difference: float
    pearson: float


def retest_reliability(
    table: RatingTable, *, labels: Float | None = None, by_emotion: bool = False, passes: tuple[int, int] = (1, 2)
) -> list[Retest]:
    """Test-retest reliability of every rater with repeated items.

    Args:
        table: ratings of both passes.
        labels: (k,) the full scale; whole numbers of the table's scale, or the scores that occur, if None.
        by_emotion: one result per emotion instead of all together.
        passes: which passes are compared.
    """
    known = ~np.isnan(table.score)
    n_con, n_emo = len(table.condition.names), len(table.emotion.names)
    shared = (table.item.astype(np.int64) * n_con + table.condition.codes) * n_emo + table.emotion.codes
    key = shared * len(table.rater.names) + table.rater.codes
    masks = [known & (table.pass_no == p) for p in passes]
    if labels is None:
        labels = _scale_labels(table)
    _, first, second = np.intersect1d(key[masks[0]], key[masks[1]], return_indices=True)
    rows = [np.flatnonzero(m)[i] for m, i in zip(masks, (first, second), strict=True)]
    rater, emotion = table.rater.codes[rows[0]], table.emotion.codes[rows[0]]
    scores = [table.score[r] for r in rows]
    out = []
    for r, name in enumerate(table.rater.names):
        groups = [(e, table.emotion.names[e]) for e in range(n_emo)] if by_emotion else [(-1, "")]
        for e, title in groups:
            here = (rater == r) & ((emotion == e) if e >= 0 else True)
            if here.any():
                out.append(_retest(name, title, scores[0][here], scores[1][here], labels))
    return out


def _scale_labels(table: RatingTable) -> Float:
    seen = np.unique(table.score[~np.isnan(table.score)])
    if table.scale is None:
        return seen
    low, high = table.scale
    full = np.arange(low, high + 0.5)
    return full if bool(np.isin(seen, full).all()) else seen


def _retest(rater: str, emotion: str, a: Float, b: Float, labels: Float) -> Retest:
    kappa = cohen_kappa(cohen_table(a, b, labels), "quadratic")
    change = b - a
    about = f"rater {rater}{f', {emotion}' if emotion else ''}, first against second pass"
    return Retest(
        rater, emotion, kappa.of(about), float((change == 0).mean()) if a.size else NAN, float(change.mean()),
        float(np.abs(change).mean()), pearson(a, b),
    )  # fmt: skip
