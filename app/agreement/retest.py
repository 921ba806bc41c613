"""Test-retest reliability of raters: the same item, condition and emotion judged in two passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.ccc import pearson
from app.agreement.clusters import clusters_of
from app.agreement.estimate import NAN, Estimate
from app.agreement.pair_kappa import Places, mean_kappa
from app.agreement.resample import Unit
from app.domain.ratings import RatingTable
from app.domain.words import many

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Retest:
    """One rater against himself.

    Attributes:
        rater: code.
        emotion: emotion, empty for the mean over emotions.
        kappa: quadratic-weighted kappa within each emotion and condition, averaged; its interval leaves out one item
            (or clip, or subject) at a time.
        exact: share of identical answers.
        mean_difference: second minus first pass.
        mean_absolute_difference: mean size of the change.
        pearson: correlation of the passes, of all answers together.
    """

    rater: str
    emotion: str
    kappa: Estimate
    exact: float
    mean_difference: float
    mean_absolute_difference: float
    pearson: float


def retest_reliability(
    table: RatingTable, *, by_emotion: bool = False, passes: tuple[int, int] = (1, 2), unit: Unit = "item",
    level: float = 0.95,
) -> list[Retest]:  # fmt: skip
    """Compute the test-retest reliability of every rater with repeated items.

    Args:
        table: ratings of both passes.
        by_emotion: one result per emotion, too, after the mean over emotions.
        passes: which passes are compared.
        unit: what an interval leaves out together; answers to one item are never taken for independent.
        level: confidence level.

    Returns:
        By rater; empty where nothing was judged twice.

    Raises:
        UserError: resampling by subject without subjects.

    Example:
        >>> from app.agreement.example import ratings
        >>> from app.domain.ratings import Factor
        >>> from dataclasses import replace
        >>> table = ratings()
        >>> passes = np.where(table.condition.codes == 0, 1, 2).astype(np.int32)
        >>> again = replace(table, pass_no=passes, condition=Factor.constant("both", len(table)))
        >>> [(one.rater, round(one.kappa.value, 2)) for one in retest_reliability(again)]
        [('R1', 0.98), ('R2', 0.85), ('R3', 0.94)]
    """
    known = ~np.isnan(table.score)
    n_con, n_emo = len(table.condition.names), len(table.emotion.names)
    shared = (table.item.astype(np.int64) * n_con + table.condition.codes) * n_emo + table.emotion.codes
    key = shared * len(table.rater.names) + table.rater.codes
    masks = [known & (table.pass_no == p) for p in passes]
    _, first, second = np.intersect1d(key[masks[0]], key[masks[1]], return_indices=True)
    rows = [np.flatnonzero(m)[i] for m, i in zip(masks, (first, second), strict=True)]
    rater, emotion = table.rater.codes[rows[0]], table.emotion.codes[rows[0]]
    item, condition = table.item[rows[0]].astype(np.int64), table.condition.codes[rows[0]].astype(np.int64)
    scores = [table.score[r] for r in rows]
    used = np.zeros(len(table.items), dtype=bool)
    used[item] = True
    cluster = clusters_of(table.items, used, unit).of_item if used.any() else np.empty(0, np.int64)
    out = []
    for r, name in enumerate(table.rater.names):
        groups = [(-1, ""), *(enumerate(table.emotion.names) if by_emotion else ())]
        for e, title in groups:
            here = (rater == r) & ((emotion == e) if e >= 0 else True)
            if here.any():
                cell = condition[here] * n_emo + emotion[here]
                over = over_cells(np.unique(emotion[here]).size, np.unique(condition[here]).size)
                places = Places(cell, item[here], cluster[item[here]], unit, over)
                out.append(_retest(name, title, scores[0][here], scores[1][here], places, level))
    return out


def over_cells(n_emotions: int, n_conditions: int) -> str:
    """Return what an average of kappas is over, in words; empty where there is one emotion in one condition.

    Example:
        >>> over_cells(9, 2)
        '9 emotions in 2 conditions'
    """
    if n_emotions * n_conditions == 1:
        return ""
    return many(n_emotions, "emotion") + (f" in {many(n_conditions, 'condition')}" if n_conditions > 1 else "")


def _retest(rater: str, emotion: str, a: Float, b: Float, places: Places, level: float) -> Retest:
    about = f"rater {rater}{f', {emotion}' if emotion else ''}, first against second pass"
    kappa = mean_kappa(a, b, places, level=level, about=about, n_raters=1)
    change = b - a
    return Retest(
        rater, emotion, kappa, float((change == 0).mean()) if a.size else NAN, float(change.mean()),
        float(np.abs(change).mean()), pearson(a, b),
    )  # fmt: skip
