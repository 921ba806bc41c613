"""Random search for weights as in Kahou et al. 2015, section 4: uniform draws, then Gaussian draws around the best.

The paper draws 100,000 sets of weights uniformly, one weight for each model and class, rescales them so that the
weights of all models sum to one for each class, and takes the set with the best accuracy. It then draws around the best
from a Gaussian with σ = 0.5, shrinks σ by 0.9 after every 100,000 draws, and ends when σ is below 0.0001, which makes
81 stages. Negative draws become 0, which the paper does not state.

Draws are evaluated in blocks. Items are sorted by label, so that each class compares a contiguous block. Every chunk of
draws has a random generator of its own, made from seed, stage and chunk, so that a search that was interrupted goes on
with the same draws.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from app.fusion.combine import rescaled
from app.fusion.table import MemberTable

Float = NDArray[np.float64]
Small = NDArray[np.float32]
MeasureName = Literal["accuracy", "uar"]

BLOCK: Final = 250
"""Draws that are evaluated together: their scores stay in the processor's cache."""
CHUNK: Final = 5_000
"""Draws of one random generator; the centre of the draws moves after each of them."""


@dataclass(frozen=True)
class SearchPlan:
    """How weights are searched.

    Attributes:
        draws: Draws in the first, uniform stage, and in each local one.
        sigma: Standard deviation of the first local stage.
        shrink: Factor on it from stage to stage.
        least: The search ends when the standard deviation is below this.
        per_class: Whether every class has a weight of its own; otherwise a member has one weight.
        measure: What is made as large as possible: "accuracy", or "uar", the recall averaged over classes.
        seed: Seed of all draws.
    """

    draws: int = 100_000
    sigma: float = 0.5
    shrink: float = 0.9
    least: float = 1e-4
    per_class: bool = True
    measure: MeasureName = "accuracy"
    seed: int = 0

    @property
    def stages(self) -> int:
        """Number of stages, the uniform one included."""
        return 1 + sum(1 for _ in self.sigmas())

    def sigmas(self) -> Iterator[float]:
        """Yield the standard deviation of each local stage."""
        sigma = self.sigma
        while sigma >= self.least:
            yield sigma
            sigma *= self.shrink

    def sigma_of(self, stage: int) -> float:
        """Return the standard deviation of a local stage, from 1."""
        return self.sigma * self.shrink ** (stage - 1)

    @property
    def chunks(self) -> int:
        """Chunks of draws in a stage."""
        return math.ceil(self.draws / CHUNK)


@dataclass(frozen=True, eq=False)
class SearchState:
    """How far a search is. It holds all that is needed to go on.

    Attributes:
        stage: The stage, 0 for the uniform one.
        chunk: Chunks of it that are done.
        weights: float64 M×K, the best so far.
        value: Its measure.
        accepted: How often a draw was better than the best before it.
        draws: Draws so far.
    """

    stage: int
    chunk: int
    weights: Float
    value: float
    accepted: int = 0
    draws: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "stage": self.stage,
            "chunk": self.chunk,
            "weights": self.weights.tolist(),
            "value": self.value,
            "accepted": self.accepted,
            "draws": self.draws,
        }

    @classmethod
    def of(cls, facts: dict[str, Any]) -> "SearchState":
        """Return the state that `as_dict` wrote."""
        return cls(**{**facts, "weights": np.array(facts["weights"], np.float64)})


@dataclass(frozen=True, eq=False)
class _Pattern:
    """Items that the same members speak of, sorted by label.

    Attributes:
        members: Numbers of the members.
        said: float32 K×N′×M′.
        blocks: (class, slice of its items) for each class that occurs.
    """

    members: NDArray[np.int64]
    said: Small
    blocks: tuple[tuple[int, slice], ...]


@dataclass(frozen=True, eq=False)
class Scorer:
    """Counts how many items a set of weights tells right.

    Attributes:
        value: float64 K, what a right item of each class adds to the measure.
        patterns: Items by the members that speak of them.
        shape: Numbers of members and classes.
    """

    value: Float
    shape: tuple[int, int]
    patterns: tuple[_Pattern, ...] = field(default=())

    @classmethod
    def of(cls, table: MemberTable, measure: MeasureName = "accuracy") -> "Scorer":
        """Make the scorer of a table; items without a label, or without any prediction, are left out."""
        present, label = table.present, table.label
        use = np.flatnonzero((label >= 0) & present.any(axis=0))
        count = np.bincount(label[use], minlength=len(table.classes)).astype(np.float64)
        occurring = max(int((count > 0).sum()), 1)
        each = np.where(count > 0, 1.0 / np.maximum(count, 1), 0.0) / occurring
        value = each if measure == "uar" else np.full(len(count), 1.0 / max(len(use), 1))
        groups: dict[bytes, list[int]] = {}
        for row in use:
            groups.setdefault(present[:, row].tobytes(), []).append(int(row))
        patterns = []
        for rows in groups.values():
            order = np.array(rows)[np.argsort(label[rows], kind="stable")]
            members = np.flatnonzero(present[:, order[0]])
            said = np.ascontiguousarray(table.said[members][:, order].transpose(2, 1, 0), np.float32)
            edges = np.searchsorted(label[order], np.arange(len(count) + 1))
            blocks = tuple(
                (k, slice(int(edges[k]), int(edges[k + 1]))) for k in range(len(count)) if edges[k + 1] > edges[k]
            )
            patterns.append(_Pattern(members, said, blocks))
        return cls(value, (len(table.members), len(table.classes)), tuple(patterns))

    def values(self, weights: Small) -> Float:
        """Return the measure of each of B sets of rescaled weights.

        Args:
            weights: float32 B×M×K.

        Returns:
            float64 B. Ties between classes go to the first, as everywhere.
        """
        found = np.zeros(len(weights))
        for pattern in self.patterns:
            own = weights if len(pattern.members) == self.shape[0] else rescaled(weights[:, pattern.members])
            for start in range(0, len(weights), BLOCK):
                part = np.ascontiguousarray(own[start : start + BLOCK].transpose(2, 1, 0))
                found[start : start + BLOCK] += self._right(np.matmul(pattern.said, part), pattern)
        return found

    def _right(self, scores: Small, pattern: _Pattern) -> Float:
        """Return what the right items add: scores K×N′×B → B."""
        total = np.zeros(scores.shape[2])
        last = scores.shape[0] - 1
        for k, block in pattern.blocks:
            own = scores[k, block]
            if k == 0:
                right = own >= scores[1:, block].max(axis=0)
            elif k == last:
                right = own > scores[:k, block].max(axis=0)
            else:
                right = own > scores[:k, block].max(axis=0)
                right &= own >= scores[k + 1 :, block].max(axis=0)
            counted = np.uint16 if len(own) < 1 << 16 else np.uint32  # the narrow sum is twice as fast
            total += self.value[k] * right.sum(axis=0, dtype=counted)
        return total


class Scores(Protocol):
    """Scores weights: a `Scorer`, or the workers of a cluster (`app.fusion.far_search`)."""

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of members and classes."""

    def values(self, weights: Small) -> Float:
        """Return the measure of each of B sets of rescaled weights B×M×K: float64 B."""


def candidates(members: int, classes: int) -> Float:
    """Return the weights that every search begins with: equal ones, and each member alone. (1 + M)×M×K."""
    alone = np.repeat(np.eye(members)[:, :, None], classes, axis=2)
    return np.concatenate([np.full((1, members, classes), 1.0 / members), alone])


def begin(scorer: Scores) -> SearchState:
    """Return the state before the first draw: the best of equal weights and each member alone."""
    first = candidates(*scorer.shape)
    values = scorer.values(first.astype(np.float32))
    best = int(values.argmax())
    return SearchState(0, 0, first[best], float(values[best]))


def drawn(plan: SearchPlan, state: SearchState, shape: tuple[int, int]) -> Small:
    """Draw the next chunk of weights, rescaled.

    Args:
        plan: How weights are searched.
        state: How far the search is.
        shape: Numbers of members and classes.

    Returns:
        float32 draws×M×K.
    """
    rng = np.random.default_rng([plan.seed, state.stage, state.chunk])
    count = min(CHUNK, plan.draws - state.chunk * CHUNK)
    size = (count, shape[0], shape[1] if plan.per_class else 1)
    if state.stage == 0:
        weights: Small = rng.random(size, np.float32)
    else:
        centre = state.weights[:, : size[2]].astype(np.float32)
        weights = centre + np.float32(plan.sigma_of(state.stage)) * rng.standard_normal(size, np.float32)
        np.maximum(weights, 0.0, out=weights)
    found: Small = rescaled(weights)
    return found if plan.per_class else np.repeat(found, shape[1], axis=2)


def step(plan: SearchPlan, state: SearchState, scorer: Scores) -> SearchState:
    """Evaluate the next chunk of draws; its best draw becomes the centre if it is better than the best so far."""
    weights = drawn(plan, state, scorer.shape)
    values = scorer.values(weights)
    best = int(values.argmax())
    found = state
    if values[best] > state.value + 1e-12:
        found = replace(
            state,
            weights=weights[best].astype(np.float64),
            value=float(values[best]),
            accepted=state.accepted + 1,
        )
    done = state.chunk + 1 >= plan.chunks
    return replace(
        found,
        stage=state.stage + done,
        chunk=0 if done else state.chunk + 1,
        draws=state.draws + len(weights),
    )


def search(
    scorer: Scores,
    plan: SearchPlan,
    state: SearchState | None = None,
    on_chunk: Callable[[SearchState], bool] | None = None,
) -> SearchState:
    """Search weights to the end, or until somebody asks to stop.

    Args:
        scorer: Scores the items that choose the weights.
        plan: How weights are searched.
        state: Where an interrupted search goes on; None begins.
        on_chunk: Called after each chunk of draws; false stops and keeps the best so far.

    Returns:
        The state at the end. Its measure is never below that of equal weights or of a member alone.
    """
    state = state or begin(scorer)
    stages = plan.stages
    while state.stage < stages:
        state = step(plan, state, scorer)
        if on_chunk is not None and not on_chunk(state):
            break
    return state
