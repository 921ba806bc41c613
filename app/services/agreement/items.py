"""Items ordered by the disagreement of their raters, and the answers to one item side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import db.items
from app.agreement.estimate import NAN
from app.agreement.variance import item_moments
from app.domain.ratings import ProjectRatings, RatingTable
from app.errors import UserError
from app.services.agreement.results import in_order
from db.project import Project

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ItemTable:
    """Disagreement of every item.

    Attributes:
        names: Items with a rating.
        clips: The clip of each.
        subjects: Code of the person seen in each; empty where unknown.
        conditions: Names of the conditions in the order of their columns.
        emotions: Names of the emotions.
        variance: (conditions, emotions, items) float64 sample variance over raters, NaN below two ratings.
        n: (conditions, items) largest number of ratings of one emotion.
    """

    names: tuple[str, ...]
    clips: tuple[str, ...]
    subjects: tuple[str, ...]
    conditions: tuple[str, ...]
    emotions: tuple[str, ...]
    variance: Float
    n: NDArray[np.int64]

    def score(self, emotion: str = "") -> Float:
        """Return the disagreement on one emotion, or the mean over all emotions: (conditions, items) float64."""
        if emotion:
            one: Float = self.variance[:, self.emotions.index(emotion)]
            return one
        known = (~np.isnan(self.variance)).sum(axis=1)
        total = np.nansum(self.variance, axis=1)
        return np.where(known > 0, total / np.maximum(known, 1), NAN)

    def worst(self, item: int) -> str:
        """Return the emotion on which raters of an item disagree most, in any condition."""
        here = self.variance[:, :, item]
        if np.isnan(here).all():
            return ""
        return self.emotions[int(np.nanargmax(here)) % len(self.emotions)]


def item_table(data: ProjectRatings) -> ItemTable | None:
    """Compute the disagreement of every item; None without intensities.

    Args:
        data: The labels of one pass.
    """
    table = data.intensities
    if table is None:
        return None
    table = table.where(~np.isnan(table.score))
    conditions = in_order(tuple(n for i, n in enumerate(table.condition.names) if (table.condition.codes == i).any()))
    n_items = len(table.items)
    variance = np.full((len(conditions), len(table.emotion.names), n_items), NAN)
    n = np.zeros((len(conditions), n_items), dtype=np.int64)
    for c, condition in enumerate(conditions):
        of_condition = table.condition.codes == table.condition.code_of(condition)
        for e in range(len(table.emotion.names)):
            rows = of_condition & (table.emotion.codes == e)
            if rows.any():
                moments = item_moments(table.score[rows], table.item[rows].astype(np.int64), n_items)
                variance[c, e] = moments.sample
                n[c] = np.maximum(n[c], moments.n.astype(np.int64))
    used = np.flatnonzero(n.sum(axis=0) > 0)
    items = table.items
    return ItemTable(
        names=tuple(items.names[i] for i in used),
        clips=tuple(items.clip.names[items.clip.codes[i]] for i in used),
        subjects=tuple(items.subject.names[k] if (k := int(items.subject.codes[i])) >= 0 else "" for i in used),
        conditions=conditions,
        emotions=table.emotion.names,
        variance=variance[:, :, used],
        n=n[:, used],
    )


@dataclass(frozen=True)
class ItemAnswers:
    """The answers of all raters to one item.

    Attributes:
        item: Name of the item.
        emotions: Names of the emotions.
        conditions: Names of the conditions in the order of their columns.
        raters: Codes of the raters.
        scores: The points by (condition, emotion, rater); NaN for "cannot tell".
        categories: The category by (condition, rater); empty for "cannot tell".
    """

    item: str
    emotions: tuple[str, ...]
    conditions: tuple[str, ...]
    raters: tuple[str, ...]
    scores: dict[tuple[str, str, str], float]
    categories: dict[tuple[str, str], str]


def answers_of(data: ProjectRatings, item: str) -> ItemAnswers:
    """Return every rater's answers to one item.

    Args:
        data: The labels of one pass.
        item: Name of the item.
    """
    scores: dict[tuple[str, str, str], float] = {}
    categories: dict[tuple[str, str], str] = {}
    emotions: tuple[str, ...] = ()
    table = data.intensities
    if table is not None and item in table.items.names:
        emotions = table.emotion.names
        for k in np.flatnonzero(table.item == table.items.names.index(item)).tolist():
            scores[_names(table, k)] = float(table.score[k])
    votes = data.categories
    if votes is not None and item in votes.items.names:
        for k in np.flatnonzero(votes.item == votes.items.names.index(item)).tolist():
            code = int(votes.category.codes[k])
            key = votes.condition.names[votes.condition.codes[k]], votes.rater.names[votes.rater.codes[k]]
            categories[key] = votes.category.names[code] if code >= 0 else ""
    conditions = {key[0] for key in scores} | {key[0] for key in categories}
    raters = {key[2] for key in scores} | {key[1] for key in categories}
    return ItemAnswers(item, emotions, in_order(tuple(conditions)), tuple(sorted(raters)), scores, categories)


def _names(table: RatingTable, k: int) -> tuple[str, str, str]:
    return (
        table.condition.names[table.condition.codes[k]],
        table.emotion.names[table.emotion.codes[k]],
        table.rater.names[table.rater.codes[k]],
    )


def place_of(project: Project, item: str) -> tuple[int, float, int]:
    """Return the number of the clip, the time in seconds and the number of the item at which an item begins.

    Raises:
        UserError: The project does not have this item any more.
    """
    found = db.items.by_name(project, item)
    if found is None:
        raise UserError(f"The project has no item {item} any more.", "Load the screen again.")
    return found.clip_id, found.start_s or 0.0, found.id
