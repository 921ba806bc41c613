"""What is assumed of traces where a study is planned, and traced items drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.plan_world import StudySize
from app.errors import UserError

Float = NDArray[np.float64]

RATE_HZ: Final = 5.0
"""Traces are simulated at this rate: concordance does not change with the rate of so smooth curves."""
LEAST_ITEMS: Final = 2


@dataclass(frozen=True)
class TraceWorld:
    """What traces are made of; standard deviations on the scale from -1 to 1.

    Attributes:
        level: of the mean of an item, half of its variance shared by the items of a subject.
        course: of the course over time that all raters of an item see.
        offset: of what a rater adds to all items.
        noise: of a rater's own course in an item.
        memory_s: time constant of the courses in seconds.
        duration_s: length of an item in seconds.
    """

    level: float = 0.2
    course: float = 0.3
    offset: float = 0.08
    noise: float = 0.22
    memory_s: float = 2.0
    duration_s: float = 20.0

    def words(self) -> str:
        """Return the assumptions in a sentence.

        Example:
            >>> print(TraceWorld().words())
            Traces from -1 to 1 of 20 s; standard deviations are 0.2 of an item's level, 0.3 of the course that all
            raters see, 0.08 of a rater's offset and 0.22 of a rater's own course; courses change within 2 s.
        """
        return (
            f"Traces from -1 to 1 of {self.duration_s:g} s; standard deviations are {self.level:.2g} of an item's "
            f"level, {self.course:.2g} of the course that all raters see, {self.offset:.2g} of a rater's offset and "
            f"{self.noise:.2g} of a rater's own course; courses change within {self.memory_s:.2g} s."
        )


def draw_traces(world: TraceWorld, size: StudySize, rng: np.random.Generator) -> tuple[list[Float], list[str]]:
    """Return the traces of one study.

    Args:
        world: what traces are made of.
        size: how large the study is.
        rng: source of chance.

    Returns:
        Per item (raters, n) float64 in -1...1, and per item the unit that is left out with it.

    Example:
        >>> blocks, units = draw_traces(TraceWorld(), StudySize(4, 2, 3), np.random.default_rng(0))
        >>> len(blocks), blocks[0].shape, units[:3]
        (8, (3, 100), ['s0', 's0', 's1'])
    """
    from scipy.signal import lfilter

    n = max(round(world.duration_s * RATE_HZ), 2)
    subject, _ = size.codes()
    stay = float(np.exp(-1.0 / (world.memory_s * RATE_HZ)))

    def course(shape: tuple[int, ...]) -> Float:
        steps = np.sqrt(1.0 - stay**2) * rng.normal(size=(*shape, n))
        steps[..., 0] /= np.sqrt(1.0 - stay**2)  # the first value has the spread of all
        made: Float = lfilter([1.0], [1.0, -stay], steps, axis=-1)
        return made

    items = size.n_items
    level = np.sqrt(0.5) * world.level * (rng.normal(size=size.subjects)[subject] + rng.normal(size=items))
    values = level[:, None, None] + world.course * course((items, 1)) + world.noise * course((items, size.raters))
    values = np.clip(values + world.offset * rng.normal(size=(1, size.raters, 1)), -1.0, 1.0)
    return list(values), [f"{size.unit[0]}{k}" for k in size.unit_of_item().tolist()]


def trace_world_of(blocks: Sequence[Float], rate_hz: float) -> TraceWorld:
    """Return what a pilot's traces are made of.

    Args:
        blocks: per item (raters, n) values on an even grid, NaN for missing.
        rate_hz: of the grid.

    Raises:
        UserError: fewer than two items with two raters at the same time.

    Example:
        >>> true = TraceWorld(level=0.1, course=0.2, offset=0.1, noise=0.1)
        >>> drawn, _ = draw_traces(true, StudySize(1, 300, 4), np.random.default_rng(0))
        >>> found = trace_world_of(drawn, RATE_HZ)
        >>> round(found.course, 1), round(found.noise, 1)
        (0.2, 0.1)
    """
    whole = [_complete(block) for block in blocks]
    used = [one for one in whole if one.shape[0] >= 2 and one.shape[1] >= 3]
    if len(used) < LEAST_ITEMS:
        raise UserError(
            "Two items that two raters traced at the same time are needed to plan from a pilot study.",
            "Collect more traces, or state assumptions instead of naming a pilot.",
        )
    residual, shared, lagged = [], [], []
    for one in used:
        left = one - one.mean(axis=1, keepdims=True) - one.mean(axis=0, keepdims=True) + one.mean()
        k = one.shape[0]
        noise = float((left**2).sum() / ((k - 1) * (one.shape[1] - 1)))
        residual.append(noise)
        shared.append(max(float(one.mean(axis=0).var(ddof=1)) - noise / k, 0.0))
        square = float((left[:, :-1] ** 2).sum())
        lagged.append(float((left[:, 1:] * left[:, :-1]).sum()) / square if square > 0 else 0.0)
    means = [one.mean() for one in used]
    noise, course, stay = float(np.mean(residual)), float(np.mean(shared)), float(np.clip(np.mean(lagged), 0.05, 0.999))
    duration_s = float(np.mean([one.shape[1] for one in used])) / rate_hz
    return TraceWorld(
        level=float(np.std(means, ddof=1)), course=float(np.sqrt(course)), offset=_offset(blocks),
        noise=float(np.sqrt(noise)), memory_s=float(np.clip(-1.0 / rate_hz / np.log(stay), 0.2, duration_s)),
        duration_s=duration_s,
    )  # fmt: skip


def _complete(block: Float) -> Float:
    """Return the raters who traced the item, at the moments at which all of them did."""
    rows: Float = block[(~np.isnan(block)).mean(axis=1) > 0.5]
    whole: Float = rows[:, ~np.isnan(rows).any(axis=0)]
    return whole


def _offset(blocks: Sequence[Float]) -> float:
    """Standard deviation of the raters' mean distance from the others, less what items account for."""
    rows = []
    for block in blocks:
        complete = ~np.isnan(block).all(axis=1)
        mean = np.full(block.shape[0], np.nan)
        mean[complete] = np.nanmean(block[complete], axis=1)
        rows.append(mean - np.nanmean(mean))
    apart = np.stack(rows)
    items = (~np.isnan(apart)).sum(axis=0)
    several = items >= 2
    if several.sum() < 2:
        return 0.0
    own = np.nanmean(apart[:, several], axis=0)
    chance = float((np.nanvar(apart[:, several], axis=0, ddof=1) / items[several]).mean())
    return float(np.sqrt(max(float(own.var(ddof=1)) - chance, 0.0)))
