"""Gold standards that are made to leave the project: from the labels of people whose consent covers an export."""

from __future__ import annotations

from dataclasses import replace

import db.items
from app.batch import Failures
from app.domain.project import GoldRecord
from app.services.consent.covered import allowed, exclusions
from app.services.consent.gate import covered_labels
from app.services.labels.gold import GoldRequest, make_gold
from app.services.labels.tables import load_project_ratings
from db.project import Project


def make_leaving_gold(
    project: Project, request: GoldRequest, *, without: bool, failures: Failures | None = None
) -> tuple[list[GoldRecord], list[GoldRecord], str]:
    """Make gold standards from the labels of those raters alone whose consent covers an export.

    Args:
        project: The project, open for writing.
        request: The gold standards to make.
        without: Whether to leave out the other people; otherwise it is refused before anything is stored.
        failures: Receives the items that fail; see `make_gold`.

    Returns:
        Those that were made; those among them whose items show nobody who refused; a sentence on who was left out.

    Raises:
        UserError: Consent does not cover it, or `make_gold` refuses.
    """
    labels = load_project_ratings(project, request.study, with_traces=request.kind == "trace")
    _, told = covered_labels(project, labels, [one.rater for one in labels.exclusions], without=without)
    may = allowed(project, "export", without=True)
    request = replace(request, leave_out=(*request.leave_out, *exclusions(may)))
    made = make_gold(project, request, failures=failures)
    subjects = {item.id: item.subject for item in db.items.every(project, removed=True)}
    return made, [one for one in made if subjects[one.item_id] not in may.subjects], told
