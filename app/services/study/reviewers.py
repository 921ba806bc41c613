"""Owners and reviewers, who may look through answers with code and PIN, and the naming of the first owner."""

from typing import NamedTuple

import db.edits
import db.raters
from app.domain.access import SEES_LABELS
from app.domain.project import RaterRecord, Role
from app.errors import UserError
from app.services.study.kits import guarded, kit_of
from db.project import Project


class Lookers(NamedTuple):
    """The people who may look through the answers of a project.

    Attributes:
        people: For each code whether a PIN is asked for; empty if no owner was named yet.
        kit: Code of the rater whose kit this is, in which nobody may look through answers; empty for a project.
        guarded: Whether predictions and labels are shown only to those who may look; in a kit, whether this was so in
            the project that it was made from.
    """

    people: list[tuple[str, bool]]
    kit: str
    guarded: bool


def reviewers(project: Project) -> list[RaterRecord]:
    """Return the people who may look through answers, ordered by code."""
    return db.raters.every(project, active_only=True, roles=SEES_LABELS)


def lookers(project: Project) -> Lookers:
    """Find the people who may look through the answers."""
    people = [(one.code, one.has_pin) for one in reviewers(project)]
    return Lookers(people, kit_of(project) or "", guarded(project))


def add_owner(project: Project, code: str, pin: str = "") -> RaterRecord:
    """Name the project's first owner. Afterwards only owners and reviewers can open the answers.

    Raises:
        UserError: The project has an owner or a reviewer already, the code is taken, or this is a kit.
    """
    refuse_kits(project)
    if reviewers(project):
        raise UserError("This project has an owner already.", "Sign in with that code, or ask the owner.")
    return add_person(project, code, "owner", pin)


def add_person(project: Project, code: str, role: Role, pin: str = "") -> RaterRecord:
    """Add somebody who may see labels, with a PIN if one is given.

    Raises:
        UserError: The code is taken.
    """
    with project.write() as session:
        if db.raters.by_code(session, code) is not None:
            raise UserError(f"{code.strip()} is already in use in this project.", "Choose another code.")
        added = db.raters.add(session, code, role)
        if pin:
            db.raters.set_pin(session, added.id, pin)
        return added


def set_person(project: Project, code: str, role: Role | None = None, pin: str | None = None) -> RaterRecord:
    """Store somebody's role and PIN; an unknown code is added.

    Args:
        project: The project.
        code: The person's code.
        role: The role; None leaves it as it is, and makes a new person a rater.
        pin: The PIN; None leaves it as it is, and an empty one removes it.

    Returns:
        The person as stored.
    """
    person = db.raters.by_code(project, code) or db.raters.add(project, code, role or "rater")
    if role is not None and person.role != role:
        db.edits.apply(project, db.edits.change_rater(project, person, role=role))
    if pin is not None:
        db.raters.set_pin(project, person.id, pin)
    return db.raters.get(project, person.id)


def refuse_kits(project: Project) -> None:
    """Refuse to go on in a rater's kit, or with a rater's login on a server.

    Raises:
        UserError: The project is a rater's kit, or the login is a rater's.
    """
    if project.team_role == "rater":
        raise UserError(
            "You use this project with the login of a rater.", "Answers are reviewed by its owners and reviewers."
        )
    if (rater := kit_of(project)) is not None:
        raise UserError(f"This is the kit of {rater}.", "Merge it into the project; answers are reviewed there.")
