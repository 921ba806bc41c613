"""Notes views of labels and predictions outside the window's screens: output of commands, and exports.

One rule (docs/decisions/0106-what-commands-show.md): the output of a command on a clip counts as shown to the owner or
reviewer who is named with the command, or else to everybody who judges on this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import db.sights
import db.studies
from app.addresses import is_server
from app.domain.access import SEES_LABELS
from app.domain.project import RaterRecord
from app.errors import UserError
from app.services.study.roles import needs_pin, sign_in
from db.files import can_write
from db.project import Project
from db.sights import What

__all__ = [
    "NOBODY",
    "Looker",
    "What",
    "asks_pin",
    "look_as",
    "looker",
    "note_clips",
    "note_judged",
    "note_shown",
    "require_looker",
]


@dataclass(frozen=True)
class Looker:
    """The person who looks: an owner or a reviewer.

    Attributes:
        code: Code of the person; empty for anybody who sits at this machine.
        pin: PIN of the person, if there is one.
    """

    code: str = ""
    pin: str = ""


NOBODY: Final = Looker()
"""Nobody is named: a view counts for everybody who judges on this machine."""


def looker(project: Project, code: str, pin: str = "") -> RaterRecord:
    """Find the owner or reviewer with a code.

    Raises:
        UserError: The code is a rater's or unknown, or the PIN is wrong.
    """
    who = sign_in(project, code, pin)
    if who.role not in SEES_LABELS:
        raise UserError("Raters do not see what others answered.", "Ask the study's owner or a reviewer to look at it.")
    return who


def look_as(project: Project, who: Looker) -> None:
    """Count everything that is shown of an open project from now on as seen by a person.

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
    """Return whether a person needs a PIN in a project, which may be open or given by its path."""
    if isinstance(where, Project):
        return needs_pin(where, code)
    with Project.open(where, read_only=True) as project:
        return needs_pin(project, code)


def note_judged(where: Project | str | Path, what: What, study: str = "", who: Looker = NOBODY) -> None:
    """Note that something is about to be shown of every clip that was judged.

    Args:
        where: A project that is open for writing, or the path of one. A read-only project keeps nothing.
        what: The kind of content that is shown.
        study: Name of the study to keep to; empty for all.
        who: The person who looks; if nobody is named, an open project's own viewer.

    Raises:
        UserError: See `looker`.
    """

    def judged(project: Project) -> list[int]:
        found = db.studies.find(project, study) if study else None
        return db.sights.judged_clips(project, found.id if found is not None else None)

    note_shown(where, what, judged, who)


def note_shown(
    where: Project | str | Path, what: What, clips_of: Callable[[Project], Iterable[int]], who: Looker = NOBODY
) -> None:
    """Note that something is about to be shown of some clips.

    Args:
        where: A project that is open for writing, or the path of one. A read-only project keeps nothing.
        what: The kind of content that is shown.
        clips_of: Function that returns the numbers of the clips.
        who: The person who looks; if nobody is named, an open project's own viewer.

    Raises:
        UserError: See `looker`.
    """
    if not isinstance(where, Project):
        if _may_write(where):
            with Project.open(where) as project:
                note_shown(project, what, clips_of, who)
        return
    look_as(where, who)
    db.sights.note(where, clips_of(where), what)


def note_clips(project: Project, clip_ids: Iterable[int], *what: What) -> None:
    """Note that something is about to be shown of some clips of an open project."""
    clips = list(clip_ids)
    for one in what:
        db.sights.note(project, clips, one)
