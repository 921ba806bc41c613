"""Variance components of a pilot study, carried to the scale on which studies are drawn.

Components follow from squared differences of pairs of ratings: two raters of one item differ by rater and residual, one
rater's ratings of two persons by subject, clip, item and residual, and so on.  Any design serves, complete or not
(method of moments; Searle, Casella & McCulloch 1992).  Rounding and the ends of the scale take a part of each variance;
the values before rounding get such variances that studies drawn from them show the components of the pilot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.cells import scale_of
from app.agreement.plan_world import PARTS, StudySize, World, as_table, draw_scores
from app.domain.ratings import Factor, RatingTable
from app.domain.words import many
from app.errors import UserError

Float = NDArray[np.float64]
Int = NDArray[np.int64]

RESAMPLES: Final = 40
LEAST_UNITS: Final = 5
"""With fewer persons or clips a pilot is taken as it is; it cannot be resampled."""
MOST_LEVELS: Final = 16
ROUNDS: Final = 8
TRIED: Final = StudySize(120, 2, 30, 2)
SMALLEST: Final = 1e-3


@dataclass(frozen=True)
class Pilot:
    """What a pilot study says of the world.

    Attributes:
        world: what its ratings are made of.
        resampled: the same of resamples of its persons or clips: how sure it is of that; empty where it is too small.
        words: what it is, in a sentence.
    """

    world: World
    resampled: tuple[World, ...]
    words: str


def components(table: RatingTable) -> dict[str, float]:
    """Variance components of the ratings of one emotion as they are given, in squared points.

    Args:
        table: ratings of pass 1 of one emotion; conditions are never compared with each other.

    Returns:
        Variances by the names of `PARTS`, none below 0.  A level of which no two are told apart is part of the next
        lower one.

    Raises:
        UserError: no item has two ratings, or fewer than two items are judged.

    Example:
        >>> size = StudySize(200, 2, 4)
        >>> world = World(0.5, 0.0, 1.0, 0.0, 0.5, prevalence=1 - 1e-12, low=-50, high=50, step=0)
        >>> found = components(as_table(draw_scores(world, size, np.random.default_rng(1)), size, world))
        >>> round(found["residual"], 1), found["clip"] + found["item"] > found["subject"]
        (0.5, True)
    """
    known = ~np.isnan(table.score)
    item, y = table.item[known].astype(np.int64), table.score[known]
    clip = table.items.clip.codes.astype(np.int64)
    named = table.items.subject.codes.astype(np.int64)
    subject = np.where(named >= 0, named, len(table.items.subject.names) + clip)
    condition, rater = table.condition.codes[known].astype(np.int64), table.rater.codes[known].astype(np.int64)
    pairs = {
        "item": _pairs(y, condition, item),
        "rater clip": _pairs(y, condition, rater, clip[item]),
        "rater subject": _pairs(y, condition, rater, subject[item]),
        "rater": _pairs(y, condition, rater),
        "subject": _pairs(y, condition, subject[item]),
        "all": _pairs(y, condition),
    }
    within = _half(pairs["item"])
    levels = [
        _half(pairs["rater clip"]),
        _half(_less(pairs["rater subject"], pairs["rater clip"])),
        _half(_less(pairs["rater"], pairs["rater subject"])),
    ]
    apart = [value for value in levels if not np.isnan(value)]
    if np.isnan(within) or not apart:
        raise UserError(
            "Two ratings of an item and a rater with two items are needed to plan from a pilot study.",
            "Collect more answers, or state assumptions instead of naming a pilot.",
        )
    both_differ = _half(
        (
            pairs["all"][0] - pairs["rater"][0] - pairs["subject"][0] + pairs["rater subject"][0],
            pairs["all"][1] - pairs["rater"][1] - pairs["subject"][1] + pairs["rater subject"][1],
        )
    )
    rater_part = 0.0 if np.isnan(both_differ) else float(np.clip(both_differ - apart[-1], 0.0, within))
    residual = max(within - rater_part, 0.0)
    out = dict.fromkeys(PARTS, 0.0) | {"rater": rater_part, "residual": residual}
    below = residual
    for name, value in zip(("item", "clip", "subject"), levels, strict=True):
        if not np.isnan(value):
            out[name] = max(value - below, 0.0)
            below = max(value, below)
    return out


_Pairs = tuple[float, float]


def _pairs(y: Float, *keys: Int) -> _Pairs:
    """Return the sum of squared differences and number of all pairs of ratings that are alike in all keys."""
    group = np.zeros(y.size, dtype=np.int64)
    for key in keys:
        group = np.unique(group * (int(key.max(initial=0)) + 1) + key, return_inverse=True)[1].astype(np.int64)
    y = y - y.mean() if y.size else y
    n, total, square = (np.bincount(group, weights=w) for w in (np.ones_like(y), y, y * y))
    return float((n * square - total**2).sum()), float((n * (n - 1.0) / 2.0).sum())


def _less(all_of: _Pairs, part: _Pairs) -> _Pairs:
    return all_of[0] - part[0], all_of[1] - part[1]


def _half(pairs: _Pairs) -> float:
    return pairs[0] / pairs[1] / 2.0 if pairs[1] > 0.5 else float("nan")


def pilot_of(table: RatingTable, emotion: str = "", seed: int = 0) -> Pilot:
    """Return what a pilot study says of the world.

    Args:
        table: its ratings; only pass 1 counts.
        emotion: the emotion that is planned for; the mean over all emotions if empty.
        seed: of the resamples and of the studies that the values before rounding are fitted to.

    Raises:
        UserError: there is no such emotion, or too little was judged.

    Example:
        >>> size = StudySize(30, 2, 4)
        >>> table = as_table(draw_scores(World(), size, np.random.default_rng(1)), size, World())
        >>> pilot = pilot_of(table)
        >>> len(pilot.resampled), pilot.world.high
        (40, 5.0)
    """
    first = table.where((table.pass_no == 1) & ~np.isnan(table.score))
    names = [name for code, name in enumerate(first.emotion.names) if (first.emotion.codes == code).any()]
    if emotion and emotion not in names:
        raise UserError(f"The pilot study has no emotion {emotion}.", f"Choose one of {', '.join(names) or 'none'}.")
    chosen = [emotion] if emotion else names
    if not chosen:
        raise UserError("The pilot study holds no rating.", "State assumptions instead of naming a pilot.")
    low, high = scale_of(first)
    levels = np.unique(first.score)
    step = float(np.diff(levels).min()) if 1 < levels.size <= MOST_LEVELS else 0.0
    observed, prevalence = _mean_components(first, chosen, low)
    world = _fitted(observed, World(prevalence=prevalence, low=low, high=high, step=step), seed)
    carried = {name: getattr(world, name) / observed[name] if observed[name] > 0 else 0.0 for name in PARTS}
    resampled = tuple(_resampled(first, chosen, world, carried, seed))
    about = emotion or f"the mean of {many(len(chosen), 'emotion')}"
    sure = (
        f"; {len(resampled)} resamples of its {_unit_word(first)}s carry how sure that is"
        if resampled
        else "; it is too small to tell how sure that is"
    )
    words = f"Variances and prevalence are those of the pilot study ({about}, {many(len(first), 'rating')}){sure}."
    return Pilot(world, resampled, words)


def _unit_word(table: RatingTable) -> str:
    codes = table.items.subject.codes[table.item]
    return "subject" if np.unique(codes[codes >= 0]).size > 1 else "clip"


def _mean_components(table: RatingTable, emotions: list[str], low: float) -> tuple[dict[str, float], float]:
    """Return the mean components over emotions, and the share of ratings above the lowest point, kept off 0 and 1."""
    rows = [table.where(table.emotion.codes == table.emotion.code_of(name)) for name in emotions]
    each = [components(one) for one in rows if len(one)]
    score = np.concatenate([one.score for one in rows])
    edge = 0.5 / score.size
    share = float(np.clip((score > low).mean(), edge, 1.0 - edge))
    return {name: float(np.mean([one[name] for one in each])) for name in PARTS}, share


def _fitted(observed: dict[str, float], like: World, seed: int) -> World:
    """Return a world whose studies show the observed components."""
    most = (2.0 * (like.high - like.low)) ** 2
    found = {name: observed[name] for name in PARTS}
    found["residual"] = max(found["residual"], SMALLEST)
    for _ in range(ROUNDS):
        world = replace(like, **found)
        shown = components(as_table(draw_scores(world, TRIED, np.random.default_rng(seed)), TRIED, world))
        for name in PARTS:
            if observed[name] > 0.0:
                ratio = float(np.clip(observed[name] / max(shown[name], SMALLEST), 0.5, 2.0))
                found[name] = min(max(found[name] * ratio, 0.0), most)
    return replace(like, **found)


def _resampled(
    table: RatingTable, emotions: list[str], world: World, carried: dict[str, float], seed: int
) -> list[World]:
    """Worlds of resamples of the pilot's persons, or clips where persons are not told apart."""
    by_subject = _unit_word(table) == "subject"
    of_item = (table.items.subject if by_subject else table.items.clip).codes.astype(np.int64)
    unit = of_item[table.item]
    units = np.unique(unit[unit >= 0])
    if units.size < LEAST_UNITS:
        return []
    rng = np.random.default_rng([seed, 1])
    rows_of = [np.flatnonzero(unit == one) for one in units]
    out: list[World] = []
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, units.size, units.size)
        try:
            observed, prevalence = _mean_components(_copies(table, [rows_of[k] for k in drawn]), emotions, world.low)
        except UserError:
            continue  # a resample of clips that nobody judged twice
        made = {name: observed[name] * carried[name] for name in PARTS}
        made["residual"] = max(made["residual"], SMALLEST)
        out.append(replace(world, **made, prevalence=prevalence))
    return out


def _copies(table: RatingTable, rows: list[NDArray[np.intp]]) -> RatingTable:
    """Return the rows one after the other; each part has persons, clips and items of its own."""
    n = len(table.items)
    flat = np.concatenate(rows)
    part = np.repeat(np.arange(len(rows), dtype=np.int64), [r.size for r in rows])
    kept = table.where(flat)  # type: ignore[arg-type]
    clip, subject = table.items.clip, table.items.subject
    items = type(table.items)(
        tuple(f"{p} {name}" for p in range(len(rows)) for name in table.items.names),
        _shifted(clip, len(rows)), _shifted(subject, len(rows)),
    )  # fmt: skip
    return replace(kept, items=items, item=(kept.item + part * n).astype(np.int32))


def _shifted(factor: Factor, times: int) -> Factor:
    k = len(factor.names)
    codes = [np.where(factor.codes >= 0, factor.codes + p * k, -1) for p in range(times)]
    names = tuple(f"{p} {name}" for p in range(times) for name in factor.names)
    return Factor(np.concatenate(codes).astype(np.int32), names)
