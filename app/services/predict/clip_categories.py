"""The category of a clip according to the model in use and to the people who judged it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import db.answer_columns
import db.models
import db.raters
import db.sights
import db.spans
import db.terms
from app.domain.project import ClipRecord
from app.domain.spans import ClipVerdicts
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
    votes = clip_votes(project, clip.id)
    if verdicts is not None:
        db.sights.note(project, [clip.id], "predictions")
    if votes:
        db.sights.note(project, [clip.id], "labels")
    return ClipCategories(promoted.name, verdicts, votes)


def clip_votes(project: Project, clip_id: int) -> dict[int, dict[str, dict[str, int]]]:
    """Count the categories that people chose in a clip, by the rules of all analyses.

    First answers count, of raters who are not left out. Only the answers on this clip are read.

    Args:
        project: The open project.
        clip_id: Number of the clip.

    Returns:
        Item's number → viewing condition → category → how many raters chose it.
    """
    with project.read() as session:
        answers = db.answer_columns.answers(session, clip_id=clip_id)
        kept = (answers.pass_no == 1) & (answers.category >= 0) & (answers.condition >= 0)
        out = {exclusion.rater for exclusion in db.raters.exclusions(session)}
        if out:
            numbers = [rater.id for rater in db.raters.every(session) if rater.code in out]
            kept &= ~np.isin(answers.rater, numbers)
        rows = np.flatnonzero(kept)
        words = db.terms.texts(session) if len(rows) else {}
    found: dict[int, dict[str, dict[str, int]]] = {}
    for row in rows.tolist():
        condition, word = words[int(answers.condition[row])], words[int(answers.category[row])]
        of_item = found.setdefault(int(answers.item[row]), {}).setdefault(condition, {})
        of_item[word] = of_item.get(word, 0) + 1
    return found
