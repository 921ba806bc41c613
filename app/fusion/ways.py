"""The ways to fuse categories: fixed or searched weights, and stacking. All give a `Fusion`, which predicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.fusion.combine import combined, rescaled
from app.fusion.search import MeasureName, Scorer, Scores, SearchPlan, SearchState, begin, search
from app.fusion.stacking import Stack, stack
from app.fusion.table import MemberTable

Float = NDArray[np.float64]
WayName = Literal["equal", "fixed", "model", "class", "stacking"]
WAYS: Final[dict[WayName, str]] = {
    "equal": "every member counts the same",
    "fixed": "given weights, such as 0.5, 0.25, 0.25",
    "model": "one weight for each member, by random search",
    "class": "one weight for each member and class, by random search as in Kahou et al. 2015",
    "stacking": "a regression with L2 on the members' calibrated log-probabilities",
}
SEARCHED: Final[tuple[WayName, ...]] = ("model", "class")
"""Ways that draw weights at random."""
DRAWS: Final[dict[WayName, int]] = {"model": 5_000, "class": 100_000}
"""Draws in each stage, if no number is given. For classes it is that of the paper."""


@dataclass(frozen=True)
class Way:
    """How to fuse.

    Attributes:
        name: See `WAYS`.
        weights: For "fixed", one weight for each member, in the order of the members.
        draws: Draws in each stage of a search; 0 takes the number of `DRAWS`.
        measure: What a search makes as large as possible.
        seed: Seed of draws and folds.
    """

    name: WayName = "stacking"
    weights: tuple[float, ...] = ()
    draws: int = 0
    measure: MeasureName = "accuracy"
    seed: int = 0

    @property
    def plan(self) -> SearchPlan:
        """The plan of its search."""
        draws = self.draws or DRAWS.get(self.name, 0)
        return SearchPlan(draws=draws, per_class=self.name == "class", measure=self.measure, seed=self.seed)


@dataclass(frozen=True, eq=False)
class Fusion:
    """A fusion whose weights are chosen.

    Attributes:
        members: Names of the members.
        weights: float64 M×K, which sum to one for each class; for stacking the mean size of the regression's weights.
        stack: The regression; None if the weights alone predict.
        taken: What was taken: "chosen" by the way, or a candidate that was better: "equal", or the name of a member.
        value: The measure on the items that chose the weights.
        state: The end of the search; None without one.
    """

    members: tuple[str, ...]
    weights: Float
    stack: Stack | None
    taken: str
    value: float
    state: SearchState | None = None

    def predict(self, said: Float) -> Float:
        """Return probabilities N×K of M×N×K, NaN where no member has a prediction."""
        return combined(said, self.weights) if self.stack is None else self.stack.predict(said)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "members": list(self.members),
            "weights": self.weights.tolist(),
            "stack": None if self.stack is None else self.stack.as_dict(),
            "taken": self.taken,
            "value": self.value,
            "search": None if self.state is None else self.state.as_dict(),
        }

    @classmethod
    def of(cls, facts: dict[str, Any]) -> "Fusion":
        """Return the fusion that `as_dict` wrote."""
        found = facts["stack"]
        made = None
        if found is not None:
            arrays = {name: np.array(found[name], np.float64) for name in ("temperature", "mean", "weight", "bias")}
            made = Stack(**arrays, strength=found["strength"])
        state = None if facts["search"] is None else SearchState.of(facts["search"])
        weights = np.array(facts["weights"], np.float64)
        return cls(tuple(facts["members"]), weights, made, facts["taken"], facts["value"], state)


def fused(
    table: MemberTable,
    way: Way,
    state: SearchState | None = None,
    on_chunk: Callable[[SearchState], bool] | None = None,
    spread: Callable[[Scorer], Scores] = lambda scorer: scorer,
) -> Fusion:
    """Choose the weights on all items of a table.

    Equal weights and each member alone are candidates of every way that chooses: if one of them has a better measure on
    these items than what was chosen, it is taken.

    Args:
        table: The items that choose; every person in it must be allowed to, see `app.fusion.partition`.
        way: How to fuse.
        state: Where an interrupted search goes on.
        on_chunk: Called after each chunk of draws of a search; false stops and keeps the best so far.
        spread: Turns the scorer of a search into one that computes elsewhere.

    Raises:
        UserError: Fixed weights do not fit the members.
    """
    shape = (len(table.members), len(table.classes))
    scorer = Scorer.of(table, way.measure)
    if way.name == "equal":
        return _weighted(table, scorer, np.full(shape, 1.0 / shape[0]))
    if way.name == "fixed":
        return _weighted(table, scorer, np.repeat(_given(way.weights, shape[0])[:, None], shape[1], axis=1))
    first = begin(scorer)
    if way.name == "stacking":
        made = stack(table, way.seed)
        value = measured(made.predict(table.said), table, way.measure)
        if value + 1e-12 < first.value:
            return Fusion(table.members, first.weights, None, named(first.weights, table.members), first.value)
        size = np.abs(made.weight).mean(axis=1)
        return Fusion(table.members, rescaled(np.asarray(size)), made, "chosen", value)
    found = search(spread(scorer), way.plan, state or first, on_chunk)
    return Fusion(table.members, found.weights, None, named(found.weights, table.members), found.value, found)


def measured(said: Float, table: MemberTable, measure: MeasureName) -> float:
    """Return accuracy, or recall averaged over classes, of probabilities N×K on the labelled items of a table."""
    use = table.labelled & np.isfinite(said).all(axis=1)
    if not use.any():
        return float("nan")
    label, right = table.label[use], said[use].argmax(axis=1) == table.label[use]
    if measure == "accuracy":
        return float(right.mean())
    return float(np.mean([right[label == k].mean() for k in np.unique(label)]))


def named(weights: Float, members: Sequence[str]) -> str:
    """Say whether weights are a candidate's: "equal", the name of a member alone, or "chosen"."""
    if np.allclose(weights, 1.0 / len(members)):
        return "equal"
    for number, member in enumerate(members):
        if np.allclose(weights[number], 1.0):
            return member
    return "chosen"


def _weighted(table: MemberTable, scorer: Scorer, weights: Float) -> Fusion:
    value = float(scorer.values(weights[None].astype(np.float32))[0])
    return Fusion(table.members, weights, None, named(weights, table.members), value)


def _given(weights: Sequence[float], members: int) -> Float:
    found = np.array(weights, np.float64)
    if len(found) != members or not np.isfinite(found).all() or (found < 0).any() or found.sum() <= 0:
        raise UserError(
            f"The weights {', '.join(f'{each:g}' for each in weights) or '(none)'} do not fit {members} members.",
            "Give one weight for each member, in their order, none of them negative.",
            "Give one weight for each member, in their order, none of them negative: --weights 0.5,0.25,0.25.",
        )
    return np.asarray(found / found.sum(), np.float64)
