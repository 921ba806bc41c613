"""Keeping what cannot be saved because the project is lost: it goes into a rescue file, and the error says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from app.domain.rescue import Rescued
from app.errors import ProjectLost, UserError
from app.services.projects import rescue_files
from db.project import Project

AGAIN: Final = "Open the project again: what is in the rescue file can be stored then."


@contextmanager
def rescuing(project: Project, make: Callable[[], Rescued]) -> Iterator[None]:
    """Keep what the block could not save because the project is lost.

    Args:
        project: Where it was to go.
        make: What it is; called only where it is needed.

    Raises:
        ProjectLost: Says what happened to the project and where the answer is now.
    """
    try:
        yield
    except ProjectLost as lost:
        raise keep(project, make(), lost) from lost


def keep(project: Project, entry: Rescued, lost: ProjectLost) -> ProjectLost:
    """Put an entry into the project's rescue file; returns the error to be told."""
    if project.path is None:
        return lost
    try:
        path = rescue_files.add(project.path, entry)
    except UserError as error:
        return ProjectLost(
            f"{lost.what} What you gave could not be kept in a rescue file either: {error.what}", lost.todo
        )
    return ProjectLost(f"{lost.what} What you gave is not lost: it is in the rescue file {path}.", AGAIN)


def kept_already(lost: ProjectLost) -> ProjectLost:
    """Return what to tell where the answer was put into the rescue file before."""
    return ProjectLost(f"{lost.what} What you gave is not lost: it is in the rescue file.", AGAIN)
