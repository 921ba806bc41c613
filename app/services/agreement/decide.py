"""Leaves a rater out of analyses or counts a rater again, which is always a person's decision with a reason."""

from __future__ import annotations

import db.audit
import db.edits
import db.raters
import db.settings
from app.domain.changes import Edit
from app.domain.project import RaterRecord
from app.errors import UserError
from app.services.labels.tables import TAKEN_BACK
from db.project import Project


def exclusion(project: Project, code: str, reason: str) -> Edit:
    """Return the edit that leaves a rater out; nothing of the rater is deleted.

    Raises:
        UserError: The rater does not exist or is left out already, or no reason is given.
    """
    return db.edits.exclude_rater(project, _rater(project, code), reason)


def inclusion(project: Project, code: str) -> Edit:
    """Return the edit that takes a rater into analyses again.

    Raises:
        UserError: The rater does not exist.
    """
    return db.edits.include_rater(project, _rater(project, code))


def take_back(project: Project, code: str) -> None:
    """Count the traces of a rater who was set aside for lags and gold standards, and log it.

    Raises:
        UserError: The rater does not exist.
    """
    _decide(project, _rater(project, code), taken=True)


def set_aside_again(project: Project, code: str) -> None:
    """Set a rater aside again, which undoes `take_back`.

    Raises:
        UserError: The rater does not exist.
    """
    _decide(project, _rater(project, code), taken=False)


def _decide(project: Project, rater: RaterRecord, *, taken: bool) -> None:
    with project.write() as session:
        before = set(db.settings.get(session, TAKEN_BACK, ()))
        db.settings.put(session, TAKEN_BACK, sorted(before | {rater.code} if taken else before - {rater.code}))
        db.audit.add(session, "rater.take_back" if taken else "rater.set_aside", {"rater_id": rater.id})


def _rater(project: Project, code: str) -> RaterRecord:
    rater = db.raters.by_code(project, code)
    if rater is None:
        raise UserError(f"The project has no rater {code}.", "Load the screen again.")
    return rater


def log_opening(project: Project) -> None:
    """Log that everybody's labels were shown; a project opened read-only keeps no log."""
    if not project.read_only:
        db.audit.add(project, "agreement.open")
