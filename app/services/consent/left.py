"""Lines of the audit log on what left a project: who took what where, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import db.audit
import db.raters
from app.addresses import is_server
from app.domain.path_text import shown
from app.errors import UserError
from db.files import can_write
from db.project import Project

EXPORT: Final = "export.write"
COPY: Final = "export.copy"
ARCHIVE: Final = "archive.make"


def note_left(
    where: Project | str | Path,
    what: str,
    to: Path | None,
    *,
    counts: Mapping[str, int] | None = None,
    action: str = EXPORT,
    actor: str = "",
) -> None:
    """Write a line after something has left a project. A project that cannot be written keeps none.

    Args:
        where: The open project, or where one lies. One that was opened for reading is opened again.
        what: What left, such as `labels` or the title of a table.
        to: The file or folder; None for the clipboard.
        counts: How much it was, such as files and rows.
        action: The name of the action.
        actor: Code of the person; empty for whoever is signed in at the project.

    Raises:
        UserError: The project cannot be written now. The error says so of what was written already.
    """
    try:
        _add(where, what, to, counts, action, actor)
    except UserError as error:
        if to is None:
            raise
        raise UserError(
            f"{shown(str(to))} is written, but the project's audit log could not be: {error.what}", error.todo
        ) from error


def _add(
    where: Project | str | Path, what: str, to: Path | None, counts: Mapping[str, int] | None, action: str, actor: str
) -> None:
    if isinstance(where, Project):
        actor = actor or _viewer(where)
        if not where.read_only:
            place = {} if to is None else {"to": shown(str(to.expanduser().absolute()))}
            db.audit.add(where, action, {"what": what, **place, **(counts or {})}, actor)
            return
        where = where.place
    if is_server(str(where)) or can_write(Path(where)):
        with Project.open(where) as project:
            _add(project, what, to, counts, action, actor)


def _viewer(project: Project) -> str:
    """Return the code of the person who is signed in at a project; empty for anybody."""
    if project.viewer is None:
        return ""
    return next((one.code for one in db.raters.every(project) if one.id == project.viewer), "")
