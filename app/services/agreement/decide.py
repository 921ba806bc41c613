"""Leaves a rater out of analyses or counts one again. This is always a person's decision and has a reason."""

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
        UserError: There is no such rater, no reason, or he or she is left out already.
    """
    return db.edits.exclude_rater(project, _rater(project, code), reason)


def inclusion(project: Project, code: str) -> Edit:
    """Return the edit that takes a rater into analyses again.

    Raises:
        UserError: There is no such rater.
    """
    return db.edits.include_rater(project, _rater(project, code))


def take_back(project: Project, code: str) -> None:
    """Count a rater's traces for lags and gold standards although the rater was set aside; written down.

    Raises:
        UserError: There is no such rater.
    """
    _decide(project, _rater(project, code), taken=True)


def set_aside_again(project: Project, code: str) -> None:
    """Take `take_back` back.

    Raises:
        UserError: There is no such rater.
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
    """Log that everybody's labels were looked at; a project opened read-only keeps no log."""
    if not project.read_only:
        db.audit.add(project, "agreement.open")
