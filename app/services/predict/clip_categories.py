"""The category of a clip according to the model in use and to the people who judged it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import db.items
import db.models
import db.sights
import db.spans
from app.domain.project import ClipRecord
from app.domain.spans import ClipVerdicts
from app.services.labels.tables import load_project_ratings
from app.services.models.in_use import CATEGORY_ROLE
from db.project import Project

Votes = Mapping[str, Mapping[str, int]]
"""Viewing condition → category → how many raters chose it."""


@dataclass(frozen=True, eq=False)
class ClipCategories:
    """Categories of a clip.

    Attributes:
        model: Name of the model of categories in use.
        verdicts: Its stored verdicts; None before the clip was analysed with it.
        votes: The categories that people chose, by the item's number.
    """

    model: str
    verdicts: ClipVerdicts | None
    votes: Mapping[int, Votes]


def clip_categories(project: Project, clip: ClipRecord) -> ClipCategories | None:
    """Read the verdicts on a clip and the votes of people, and note what is about to be shown (`db.sights`).

    Args:
        project: The open project.
        clip: The clip.

    Returns:
        The categories; None if no model of categories is in use. Votes are then shown only with the answers.
    """
    promoted = db.models.in_use(project, CATEGORY_ROLE)
    if promoted is None:
        return None
    verdicts = db.spans.newest(project, clip.id, promoted.sha256)
    votes = _votes(project, clip)
    if verdicts is not None:
        db.sights.note(project, [clip.id], "predictions")
    if votes:
        db.sights.note(project, [clip.id], "labels")
    return ClipCategories(promoted.name, verdicts, votes)


def _votes(project: Project, clip: ClipRecord) -> dict[int, dict[str, dict[str, int]]]:
    """First answers of raters who are not left out, by the rules of all analyses."""
    table = load_project_ratings(project, None, with_traces=False)
    categories = table.categories
    if categories is None:
        return {}
    numbers = {item.name: item.id for item in db.items.every(project, clip_id=clip.id)}
    mine = np.array([name in numbers for name in categories.items.names], np.bool_)
    out = {exclusion.rater for exclusion in table.exclusions}
    rater_in = np.array([name not in out for name in categories.rater.names], np.bool_)
    keep = (categories.pass_no == 1) & (categories.category.codes >= 0) & (categories.condition.codes >= 0)
    rows = np.flatnonzero(keep & mine[categories.item] & rater_in[categories.rater.codes])
    found: dict[int, dict[str, dict[str, int]]] = {}
    for row in rows:
        item = numbers[categories.items.names[categories.item[row]]]
        condition = categories.condition.names[categories.condition.codes[row]]
        word = categories.category.names[categories.category.codes[row]]
        of_item = found.setdefault(item, {}).setdefault(condition, {})
        of_item[word] = of_item.get(word, 0) + 1
    return found
