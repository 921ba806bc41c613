"""Ratings as the model of raters reads them: levels of a scale as numbers from 0, with codes for all else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.ratings import RatingTable
from app.errors import UserError

Float = NDArray[np.float64]
Int = NDArray[np.int64]

MOST_LEVELS: Final = 11
CLASSES: Final = 10
LEAST_HOURS: Final = 0.1
SESSION_GAP_S: Final = 1800.0
"""A rater who answers nothing for so long begins a new session."""


@dataclass(frozen=True, eq=False)
class OrdinalData:
    """Ratings of the first pass.

    Attributes:
        level: (n,) int64, 0 for the lowest point of the scale.
        item: (n,) int64 code of the item.
        emotion: (n,) int64 code of the emotion.
        condition: (n,) int64 code of the condition; 0 is the one that context is compared with.
        rater: (n,) int64 code of the rater.
        hours: (n,) float64 time since the session's begin less the rater's mean; zeros where times are unknown.
        points: (levels,) float64 score of each level.
        items: names of the items.
        emotions: names of the emotions.
        conditions: names of the conditions.
        raters: codes of the raters.
        groups: what items resemble each other in, such as the subject: (name, (items,) int64 code or -1).
        notes: what had to be decided.
        allowed: raters whose answers the model does not read as they stand (`kinds.py`), each with the reason in a few
            words.
    """

    level: Int
    item: Int
    emotion: Int
    condition: Int
    rater: Int
    hours: Float
    points: Float
    items: tuple[str, ...]
    emotions: tuple[str, ...]
    conditions: tuple[str, ...]
    raters: tuple[str, ...]
    groups: tuple[tuple[str, Int], ...] = ()
    notes: tuple[str, ...] = ()
    allowed: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        """Return the number of ratings."""
        return int(self.level.size)

    @property
    def timed(self) -> bool:
        """Whether times within sessions span `LEAST_HOURS`, without which drift is not part of the model."""
        return bool(np.ptp(self.hours) >= LEAST_HOURS) if self.hours.size else False

    def where(self, mask: NDArray[np.bool_]) -> OrdinalData:
        """Return the ratings under a mask; names stay."""
        return replace(
            self, level=self.level[mask], item=self.item[mask], emotion=self.emotion[mask],
            condition=self.condition[mask], rater=self.rater[mask], hours=self.hours[mask],
        )  # fmt: skip


def session_hours(answered_s: Float, rater: Int) -> Float:
    """Return the time of each answer within its session, centred within each rater.

    Args:
        answered_s: (n,) float64 seconds since any epoch, NaN unknown.
        rater: (n,) codes of the raters.

    Returns:
        (n,) float64 hours; 0 where the time is unknown.

    Example:
        >>> session_hours(np.array([0.0, 1800.0, 90000.0]), np.array([0, 0, 0])).round(3)
        array([-0.25,  0.25,  0.  ])
    """
    out = np.zeros(answered_s.size)
    for r in np.unique(rater):
        rows = np.flatnonzero((rater == r) & np.isfinite(answered_s))
        rows = rows[np.argsort(answered_s[rows], kind="stable")]
        times = answered_s[rows]
        new = np.flatnonzero(np.diff(times) > SESSION_GAP_S) + 1 if times.size else np.zeros(0, dtype=np.int64)
        if times.size == 0:
            continue
        for part in np.split(np.arange(times.size), new):
            hours = (times[part] - times[part[0]]) / 3600.0
            out[rows[part]] = hours - hours.mean()
    return out


def ordinal_data(table: RatingTable) -> OrdinalData:
    """Read a table of intensities for the model.

    Only ratings of the first pass with a score count.  A scale of more than `MOST_LEVELS` different scores is read in
    `CLASSES` classes that hold about as many ratings each, and a note says so.

    Args:
        table: The ratings.

    Raises:
        UserError: There are no ratings, or all are equal.

    Example:
        >>> from app.agreement.plan_world import StudySize, World, as_table, draw_scores
        >>> size = StudySize(6, 2, 4)
        >>> data = ordinal_data(as_table(draw_scores(World(), size, np.random.default_rng(0)), size, World()))
        >>> len(data), data.points.tolist(), [name for name, _ in data.groups]
        (48, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], ['subject'])
    """
    first = table.of_pass(1)
    known = ~np.isnan(first.score)
    for factor in (first.condition, first.rater, first.emotion):
        known &= factor.codes >= 0
    first = first.where(known)
    if not len(first):
        raise UserError("There are no ratings for a model of raters.", "Collect intensities, or choose other labels.")
    level, points, notes = _levels(first)
    if points.size < 2:
        raise UserError("All ratings are equal, so a model of raters has nothing to learn.", "Collect more ratings.")
    used, item = np.unique(first.item, return_inverse=True)
    rater_codes, rater = np.unique(first.rater.codes, return_inverse=True)
    emotion_codes, emotion = np.unique(first.emotion.codes, return_inverse=True)
    names = [first.condition.names[c] for c in np.unique(first.condition.codes)]
    ordered = sorted(names, key=lambda name: (name != "face_only", name))
    place = {first.condition.names.index(name): k for k, name in enumerate(ordered)}
    condition = np.array([place[int(c)] for c in first.condition.codes], dtype=np.int64)
    answered = first.answered_s
    hours = np.zeros(len(first)) if answered is None else session_hours(answered, rater.astype(np.int64))
    return OrdinalData(
        level, item.astype(np.int64), emotion.astype(np.int64), condition, rater.astype(np.int64), hours, points,
        tuple(first.items.names[i] for i in used), tuple(first.emotion.names[e] for e in emotion_codes),
        tuple(ordered), tuple(first.rater.names[r] for r in rater_codes), _groups(first, used), notes,
    )  # fmt: skip


def _levels(table: RatingTable) -> tuple[Int, Float, tuple[str, ...]]:
    scores = np.unique(table.score)
    if table.scale is not None:
        low, high = table.scale
        whole = np.arange(low, high + 0.5)
        if whole.size <= MOST_LEVELS and np.isin(scores, whole).all():
            scores = whole
    if scores.size <= MOST_LEVELS:
        return np.searchsorted(scores, table.score).astype(np.int64), scores, ()
    edges = np.unique(np.quantile(table.score, np.arange(1, CLASSES) / CLASSES))
    level = np.searchsorted(edges, table.score, side="right")
    kept, level = np.unique(level, return_inverse=True)
    points = np.array([table.score[level == k].mean() for k in range(kept.size)])
    note = f"The {scores.size} different scores are read in {kept.size} classes that hold about as many ratings each."
    return level.astype(np.int64), points, (note,)


def _groups(table: RatingTable, used: NDArray[np.integer]) -> tuple[tuple[str, Int], ...]:
    """Subjects and clips, where there is more than one and some hold several items."""
    out = []
    before: Int | None = None
    for name, factor in (("subject", table.items.subject), ("clip", table.items.clip)):
        codes = factor.codes[used]
        groups, inner = np.unique(codes, return_inverse=True)
        inner = inner.astype(np.int64)
        many = 1 < groups.size < used.size and bool((codes >= 0).any())
        if many and (before is None or not _same(before, inner)):
            inner = np.where(codes < 0, -1, inner - int((groups < 0).any()))
            out.append((name, inner))
            before = inner
    return tuple(out)


def _same(a: Int, b: Int) -> bool:
    return bool(np.unique(np.stack([a, b]), axis=1).shape[1] == np.unique(a).size == np.unique(b).size)
