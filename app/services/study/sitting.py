"""The check of sound and screen for a sitting: whether it is due, and storing its findings."""

from __future__ import annotations

from dataclasses import dataclass

import db.audit
import db.showings
from app.domain.sitting import SittingCheck
from app.errors import UserError
from app.services.study.session import AnnotateSession


@dataclass(frozen=True)
class CheckWanted:
    """The checks before the first clip of a sitting.

    Attributes:
        sound: Whether the study plays any sound.
        required: Whether the check must be passed before anything is shown.
    """

    sound: bool
    required: bool


def has_sound(session: AnnotateSession) -> bool:
    """Return whether the study plays any sound: a condition has sound, and so has a clip."""
    if not any(condition.audio for condition in session.study.conditions):
        return False
    with session.view.read() as source:
        return db.showings.any_sound(source, session.record.id)


def check_wanted(session: AnnotateSession) -> CheckWanted | None:
    """Return the checks that are due now; None if none are asked for, all are done, or nothing is left to judge."""
    study = session.study
    if study.setup_check == "off" or session.rater.simulated or session.sitting is not None:
        return None
    if session.progress().finished:
        return None
    return CheckWanted(has_sound(session), study.setup_check == "required")


def note_try(session: AnnotateSession, check: SittingCheck) -> None:
    """Write an attempt into the audit log, whatever its outcome."""
    detail = {"study": session.record.id, **check.to_dict()}
    db.audit.add(session.project, "sitting.check", detail, actor=session.rater.code)


def keep_check(session: AnnotateSession, check: SittingCheck) -> None:
    """Store the findings of a check with every presentation of this sitting and in the audit log.

    Raises:
        UserError: The study requires the check, and it was not passed. The attempt is still logged.
    """
    note_try(session, check)
    if session.study.setup_check == "required" and not check.passed:
        what, todo = check.problems[0]
        raise UserError(what, todo)
    session.sitting = check
