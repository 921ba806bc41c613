"""Puts answers that cannot be saved because the project is lost into a rescue file, and says so in the error."""

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
        project: The project in which it was to be saved.
        make: A function that makes the rescue entry; it is called only if it is needed.

    Raises:
        ProjectLost: Says what happened to the project and where the answer is now.
    """
    try:
        yield
    except ProjectLost as lost:
        raise keep(project, make(), lost) from lost


def keep(project: Project, entry: Rescued, lost: ProjectLost) -> ProjectLost:
    """Put an entry into the project's rescue file and return the error to show."""
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
    """Return the error to show if the answer is already in the rescue file."""
    return ProjectLost(f"{lost.what} What you gave is not lost: it is in the rescue file.", AGAIN)
