"""Signing in by code and PIN, the rights of each role, and opening the blind."""

from __future__ import annotations

import math

import db.pins
import db.raters
import db.studies
from app.domain.access import SEES_LABELS
from app.domain.project import RaterRecord
from app.domain.words import many, study_called
from app.errors import UserError
from db.project import Project


def sign_in(project: Project, code: str, pin: str = "") -> RaterRecord:
    """Return the person behind a code.

    Args:
        project: The project.
        code: The pseudonym.
        pin: The PIN of that person, if one is asked for.

    Raises:
        UserError: The code is unknown or no longer active, the PIN is wrong, or it was wrong too often shortly before.
    """
    rater = db.raters.by_code(project, code)
    if rater is None or not rater.active:
        raise UserError(f"The code {code!r} is unknown in this project.", "Check the code with the study's owner.")
    if not rater.has_pin:
        return rater
    left_s = math.ceil(db.pins.wait_s(project, rater.id))
    if left_s:
        raise UserError(
            f"The PIN of {rater.code} was wrong too often.", f"Wait {many(left_s, 'second')}, then try again."
        )
    right = db.raters.check_pin(project, rater.id, pin)
    if not project.read_only and (not right or db.pins.must_note(project, rater.id)):
        db.pins.note_try(project, rater.id, pin, right=right)
    if not right:
        raise UserError("The PIN is wrong.", "Try again, or ask the study's owner for a new one.")
    return rater


def needs_pin(project: Project, code: str) -> bool:
    """Return whether a PIN is asked for at the sign-in of a person."""
    rater = db.raters.by_code(project, code)
    return rater is not None and rater.has_pin


def open_blind(project: Project, study: str, rater: str, actor: str, pin: str, reason: str) -> None:
    """Let a rater see predictions and others' labels. It is logged, and their later answers count as unblinded.

    Args:
        project: The open project.
        study: Name of the study.
        rater: Code of the rater whose blind is opened.
        actor: Code of the owner or reviewer who does it.
        pin: The PIN of that person.
        reason: The reason, which is stored in the audit log.

    Raises:
        UserError: The actor may not do this or gives no reason, or the rater does not take part.
    """
    who = sign_in(project, actor, pin)
    if who.role not in SEES_LABELS:
        raise UserError("A rater cannot open the blind.", "Ask the study's owner or a reviewer.")
    if not reason.strip():
        raise UserError("The reason is missing.", "Say in a few words why the blind is opened.")
    record = db.studies.get(project, study)
    member = next((m for m in db.studies.members(project, record.id) if m.rater == rater), None)
    if member is None:
        raise UserError(f"{rater} takes no part in {study_called(study)}.", "Check the code.")
    db.studies.open_blind(project, record.id, member.rater_id, reason.strip(), actor)
