"""Fusion of valence and arousal: weights that make the concordance largest, and stacking.

Both dimensions are fused on their own. Weights are not negative and sum to one; they are found by maximising Lin's
concordance of the weighted mean, from several starts. Stacking is a linear regression with L2, which pulls towards
equal weights, followed by the shift and the scale that make the concordance largest (Lin 1989): the mean and the
standard deviation of the labels.

If a member has no prediction for a frame, weights are rescaled over the others, as for categories; stacking takes the
member's mean on the frames that chose instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.agreement.ccc import ccc
from app.domain.mixed_up import mixed_up
from app.errors import UserError
from app.fusion.table import MemberTable

Float = NDArray[np.float64]
AffectWay = Literal["equal", "fixed", "ccc", "stacking"]
AFFECT_WAYS: Final[dict[AffectWay, str]] = {
    "equal": "every member counts the same",
    "fixed": "given weights",
    "ccc": "the weights with the largest concordance",
    "stacking": "a regression with L2, scaled to the largest concordance",
}
STRENGTHS: Final = (10.0, 1.0, 0.1, 0.01, 0.001)
"""Penalties that are tried, relative to the mean variance of the members."""
FOLDS: Final = 5
STARTS: Final = 8


@dataclass(frozen=True, eq=False)
class AffectTable:
    """The predictions of M members for the frames of I items.

    Attributes:
        members: Names of the members.
        items: Names of the items.
        subjects: Present name of the person in each item.
        kind: int8 M×I of `Kind`.
        item: int64 N, the item of each frame.
        said: float64 M×N×2, valence and arousal; NaN where a member says nothing.
        gold: float64 N×2, the labels; NaN where there is none.
    """

    members: tuple[str, ...]
    items: tuple[str, ...]
    subjects: tuple[str, ...]
    kind: NDArray[np.int8]
    item: NDArray[np.int64]
    said: Float
    gold: Float

    @property
    def rule(self) -> MemberTable:
        """The items as a table by which people are dealt, see `app.fusion.partition.dealt`."""
        m, count = self.kind.shape
        ones = np.ones((count, 1))
        return MemberTable(
            self.members, ("any",), self.items, self.subjects, np.ones((m, count, 1)), self.kind, ones, ones
        )

    @property
    def who(self) -> NDArray[np.int64]:
        """int64 N, a number for the person in each frame."""
        names = sorted(set(self.subjects))
        of_item = np.array([names.index(name) for name in self.subjects], np.int64)
        return np.asarray(of_item[self.item], np.int64)

    def mixed_up(self, seed: int) -> "AffectTable":
        """Return the table with the labels of every item given to another one, as a control."""
        rows = [np.flatnonzero(self.item == number) for number in range(len(self.items))]
        gold = np.full_like(self.gold, np.nan)
        curves = mixed_up([self.gold[each] for each in rows], list(map(len, rows)), np.random.default_rng([seed, 907]))
        for each, curve in zip(rows, curves, strict=True):
            gold[each] = curve
        return replace(self, gold=gold)

    def without(self, member: int) -> "AffectTable":
        """Return the table without one member."""
        keep = [number for number in range(len(self.members)) if number != member]
        names = tuple(self.members[number] for number in keep)
        return replace(self, members=names, kind=self.kind[keep], said=self.said[keep])

    def frames(self, items: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the frames of some items."""
        return np.flatnonzero(np.isin(self.item, items))


@dataclass(frozen=True, eq=False)
class AffectFusion:
    """A fusion of valence and arousal whose weights are chosen.

    Attributes:
        members: Names of the members.
        weights: float64 M×2.
        shift: float64 2, added to the weighted sum.
        mean: float64 M×2, the value that replaces a missing prediction in stacking.
        stacked: Whether it is a regression for each dimension; otherwise weights sum to one.
        taken: For each dimension "chosen", "equal", or the name of a member.
        value: float64 2, concordance on the frames that chose.
    """

    members: tuple[str, ...]
    weights: Float
    shift: Float
    mean: Float
    stacked: tuple[bool, bool]
    taken: tuple[str, str]
    value: Float

    def predict(self, said: Float) -> Float:
        """Return float64 N×2 in −1…1 of M×N×2; NaN where no member has a prediction."""
        return np.stack([self.dimension(said[:, :, d], d) for d in range(2)], axis=1)

    def dimension(self, said: Float, d: int) -> Float:
        """Return one dimension N of M×N."""
        if self.stacked[d]:
            there = np.isfinite(said)
            filled = np.where(there, said, self.mean[:, d, None])
            found = self.weights[:, d] @ filled + self.shift[d]
            found = np.where(there.any(axis=0), found, np.nan)
        else:
            found = weighted(said, self.weights[:, d])
        return np.asarray(np.clip(found, -1.0, 1.0), np.float64)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        arrays = {name: getattr(self, name).tolist() for name in ("weights", "shift", "mean", "value")}
        lists = {name: list(getattr(self, name)) for name in ("members", "stacked", "taken")}
        return arrays | lists

    @classmethod
    def of(cls, facts: dict[str, Any]) -> "AffectFusion":
        """Return the fusion that `as_dict` wrote."""
        found: dict[str, Any] = {name: tuple(facts[name]) for name in ("members", "stacked", "taken")}
        found |= {name: np.array(facts[name], np.float64) for name in ("weights", "shift", "mean", "value")}
        return cls(**found)


def weighted(said: Float, weights: Float) -> Float:
    """Return the weighted mean of M×N, with weights rescaled over the members that have a prediction.

    Example:
        >>> weighted(np.array([[0.2, 0.4], [0.6, np.nan]]), np.array([0.5, 0.5])).round(3).tolist()
        [0.4, 0.4]
    """
    there = np.isfinite(said)
    own = np.where(there, weights[:, None], 0.0)
    total, count = own.sum(axis=0), there.sum(axis=0)
    equal = np.where(there, 1.0 / np.maximum(count, 1), 0.0)
    own = np.where(total > 0, own / np.where(total > 0, total, 1.0), equal)
    return np.where(count > 0, (own * np.where(there, said, 0.0)).sum(axis=0), np.nan)


def ccc_weights(said: Float, gold: Float, seed: int = 0) -> Float:
    """Return weights ≥ 0 that sum to one and make the concordance of the weighted mean largest.

    Args:
        said: M×N without NaN.
        gold: N without NaN.
        seed: Seed of the starts.

    Example:
        One member is right and the other predicts the opposite:

        >>> gold = np.linspace(-1, 1, 50)
        >>> ccc_weights(np.stack([gold, -gold]), gold).round(3).tolist()
        [1.0, 0.0]
    """
    m = len(said)
    mean, mean_g = said.mean(axis=1), gold.mean()
    apart, apart_g = said - mean[:, None], gold - mean_g
    spread = apart @ apart.T / len(gold)
    with_gold = apart @ apart_g / len(gold)
    var_g = float((apart_g**2).mean())

    def loss(weights: Float) -> float:
        below = float(weights @ spread @ weights) + var_g + float(weights @ mean - mean_g) ** 2
        return -2.0 * float(weights @ with_gold) / below if below > 0 else 0.0

    rng = np.random.default_rng([seed, 53])
    starts = [np.full(m, 1.0 / m), *np.eye(m), *rng.dirichlet(np.ones(m), STARTS)]
    limits: Any = {"type": "eq", "fun": lambda weights: weights.sum() - 1.0}
    best = min(starts, key=loss)
    for start in starts:
        bounds: Any = [(0.0, 1.0)] * m
        found: Any = minimize(loss, start, method="SLSQP", bounds=bounds, constraints=[limits])
        weights = np.clip(found.x, 0.0, None)
        weights = weights / weights.sum() if weights.sum() > 0 else start
        if loss(weights) < loss(best):
            best = weights
    return np.asarray(best, np.float64)


def stacked(said: Float, gold: Float, who: NDArray[np.int64], seed: int = 0) -> tuple[Float, float]:
    """Return weights and shift of the regression that is scaled to the largest concordance.

    Args:
        said: M×N without NaN.
        gold: N without NaN.
        who: N, the person of each frame; the penalty is chosen by folds over people.
        seed: Seed of the folds.
    """
    people = np.unique(who)
    order = np.random.default_rng([seed, 41]).permutation(len(people))
    fold = order[np.searchsorted(people, who)] % min(FOLDS, len(people))
    best = 0
    if len(people) > 1:
        values = []
        for strength in STRENGTHS:
            told = np.full(len(gold), np.nan)
            for number in np.unique(fold):
                weights, shift = _regressed(said[:, fold != number], gold[fold != number], strength)
                told[fold == number] = weights @ said[:, fold == number] + shift
            values.append(np.nan_to_num(ccc(told, gold), nan=-1.0))
        best = int(np.argmax(values))
    return _regressed(said, gold, STRENGTHS[best])


def _regressed(said: Float, gold: Float, strength: float) -> tuple[Float, float]:
    m = len(said)
    mean, mean_g = said.mean(axis=1), float(gold.mean())
    apart, apart_g = said - mean[:, None], gold - mean_g
    spread = apart @ apart.T / len(gold)
    penalty = strength * max(float(np.trace(spread)) / m, 1e-12)
    prior = np.full(m, 1.0 / m)
    right = apart @ apart_g / len(gold) + penalty * prior
    weights = np.linalg.solve(spread + penalty * np.eye(m), right)
    deviation = float((weights @ apart).std())
    scale = float(gold.std()) / deviation if deviation > 1e-9 and gold.std() > 0 else 1.0
    weights = weights * scale
    return weights, mean_g - float(weights @ mean)


def fused_affect(
    table: AffectTable, frames: NDArray[np.int64], way: AffectWay, weights: Sequence[float] = (), seed: int = 0
) -> AffectFusion:
    """Choose the weights on some frames, all of whose people may choose.

    Equal weights and each member alone are candidates for each dimension.

    Args:
        table: The predictions of the members.
        frames: Numbers of the frames that choose.
        way: See `AFFECT_WAYS`.
        weights: For "fixed" one weight for each member.
        seed: Seed of starts and folds.

    Raises:
        UserError: No member predicts a dimension, or fixed weights do not fit.
    """
    m = len(table.members)
    found = np.zeros((m, 2))
    shift, mean, value = np.zeros(2), np.zeros((m, 2)), np.zeros(2)
    taken, regressed = ["", ""], [False, False]
    for d in range(2):
        said, gold = table.said[:, frames, d], table.gold[frames, d]
        able: NDArray[np.bool_] = np.asarray(np.isfinite(said).any(axis=1), np.bool_)
        if not able.any() or not np.isfinite(gold).any():
            raise UserError(
                f"No member predicts {('valence', 'arousal')[d]} on people who may choose.", "Choose other members."
            )
        mean[:, d] = [float(np.nanmean(each)) if some else 0.0 for each, some in zip(said, able, strict=True)]
        whole = np.isfinite(said[able]).all(axis=0) & np.isfinite(gold)
        fixed = _given(weights, m) if way == "fixed" else np.where(able, 1.0, 0.0)
        own, plus, is_regression = fixed / fixed.sum(), 0.0, False
        if way in ("ccc", "stacking") and whole.sum() > 1:
            part = said[np.ix_(able, whole)]
            own = np.zeros(m)
            if way == "ccc":
                own[able] = ccc_weights(part, gold[whole], seed)
            else:
                own[able], plus = stacked(part, gold[whole], table.who[frames][whole], seed)
                is_regression = True
        made = AffectFusion(
            table.members, np.stack([own, own], 1), np.full(2, plus), np.stack([mean[:, d]] * 2, 1),
            (is_regression, is_regression), ("", ""), np.zeros(2),
        )  # fmt: skip
        best, name = ccc(made.dimension(said, d), gold), "equal" if way == "equal" else "chosen"
        if way in ("ccc", "stacking"):
            for label, candidate in _candidates(table.members, able):
                alone = ccc(np.clip(weighted(said, candidate), -1, 1), gold)
                if alone > best + 1e-12:
                    own, plus, is_regression, best, name = candidate, 0.0, False, alone, label
        found[:, d], shift[d], regressed[d], taken[d], value[d] = own, plus, is_regression, name, best
    return AffectFusion(
        table.members, found, shift, mean, (regressed[0], regressed[1]), (taken[0], taken[1]), value
    )  # fmt: skip


def _candidates(members: Sequence[str], able: NDArray[np.bool_]) -> list[tuple[str, Float]]:
    found = [("equal", np.where(able, 1.0, 0.0) / able.sum())]
    found += [(name, np.eye(len(members))[n]) for n, name in enumerate(members) if able[n]]
    return found


def _given(weights: Sequence[float], members: int) -> Float:
    found = np.array(weights, np.float64)
    if len(found) != members or not np.isfinite(found).all() or (found < 0).any() or found.sum() <= 0:
        raise UserError(
            f"The weights do not fit {members} members.",
            "Give one weight for each, none negative.",
            "Give one weight for each, none negative: --weights 0.5,0.5.",
        )
    return found
