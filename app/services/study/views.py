"""Views of labels and predictions that happen outside the window's screens: what commands print or write, and exports.

One rule (docs/decisions/0106-what-commands-show.md): what a command tells of a clip counts as shown to the owner or
reviewer who is named with the command, and else to everybody who judges on this machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import db.sights
import db.studies
from app.domain.access import SEES_LABELS
from app.domain.project import RaterRecord
from app.errors import UserError
from app.services.study.roles import needs_pin, sign_in
from db.files import can_write
from db.project import Project, is_server
from db.sights import What

__all__ = ["NOBODY", "Looker", "What", "asks_pin", "look_as", "looker", "note_clips", "note_judged", "require_looker"]


@dataclass(frozen=True)
class Looker:
    """Who looks: an owner or a reviewer.

    Attributes:
        code: Their code; empty for whoever sits at this machine.
        pin: Their PIN, where they have one.
    """

    code: str = ""
    pin: str = ""


NOBODY: Final = Looker()
"""Nobody is named: a view counts for everybody who judges on this machine."""


def looker(project: Project, code: str, pin: str = "") -> RaterRecord:
    """Find the owner or reviewer of this code.

    Raises:
        UserError: The code is a rater's or unknown, or the PIN is wrong.
    """
    who = sign_in(project, code, pin)
    if who.role not in SEES_LABELS:
        raise UserError("Raters do not see what others answered.", "Ask the study's owner or a reviewer to look at it.")
    return who


def look_as(project: Project, who: Looker) -> None:
    """Let everything that is shown of an open project from now on count for somebody.

    Raises:
        UserError: See `looker`.
    """
    if who.code:
        project.viewer = looker(project, who.code, who.pin).id


def require_looker(where: Project | str | Path, who: Looker) -> None:
    """Refuse a person who may not look, before anything is read for them.

    Args:
        where: A project that is open, or where one lies. A wrong PIN is counted where the project may be written.
        who: The person who is named.

    Raises:
        UserError: See `looker`.
    """
    if isinstance(where, Project):
        looker(where, who.code, who.pin)
        return
    with Project.open(where, read_only=not _may_write(where)) as project:
        looker(project, who.code, who.pin)


def _may_write(where: str | Path) -> bool:
    return is_server(str(where)) or can_write(Path(where))


def asks_pin(where: Project | str | Path, code: str) -> bool:
    """Return whether somebody needs a PIN in a project, which may be open or lie somewhere."""
    if isinstance(where, Project):
        return needs_pin(where, code)
    with Project.open(where, read_only=True) as project:
        return needs_pin(project, code)


def note_judged(where: Project | str | Path, what: What, study: str = "", who: Looker = NOBODY) -> None:
    """Note that something is about to be shown of every clip that was judged.

    Args:
        where: A project that is open for writing, or where one lies. One that may not be written keeps nothing.
        what: What is shown.
        study: Only of this study; empty for all.
        who: Who looks; an open project has its own viewer where nobody is named.

    Raises:
        UserError: See `looker`.
    """
    if not isinstance(where, Project):
        if _may_write(where):
            with Project.open(where) as project:
                note_judged(project, what, study, who)
        return
    look_as(where, who)
    found = db.studies.find(where, study) if study else None
    db.sights.note(where, db.sights.judged_clips(where, found.id if found is not None else None), what)


def note_clips(project: Project, clip_ids: Iterable[int], *what: What) -> None:
    """Note that something is about to be shown of some clips of an open project."""
    clips = list(clip_ids)
    for one in what:
        db.sights.note(project, clips, one)
