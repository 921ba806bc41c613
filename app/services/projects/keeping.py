"""Stores what was given exactly once, and keeps in a rescue file what a lost project cannot take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, TypeVar

from app.domain.rescue import Rescued
from app.errors import ProjectLost, ServerAway, UserError
from app.services.projects import rescue_files
from db.project import Project, Source

T = TypeVar("T")

AGAIN: Final = "Open the project again: what is in the rescue file can be stored then."

TRIES: Final = 5
"""So often is something given to a server that goes away each time, before the project counts as lost."""


def surely(project: Project, store: Callable[[], T], stored: Callable[[Source], T | None]) -> T:
    """Store something in a project exactly once, even if its server goes away in the middle.

    If a server ends before it has confirmed a commit, nobody knows whether it took it. It is asked when it is back.

    Args:
        project: The project.
        store: Stores it in one transaction and returns the result. It waits for the server by itself.
        stored: Returns the same result if the project has it, otherwise None.

    Raises:
        ProjectLost: The server has not come back. The project counts as lost until it is opened again.
    """
    for left in reversed(range(TRIES)):
        try:
            return store()
        except ServerAway as away:
            try:
                found = stored(project)
            except ServerAway as still:
                raise project.give_up(still) from still
            if found is not None:
                return found
            if not left:
                raise project.give_up(away) from away
    raise AssertionError("the last try returns or raises")


def read_again(read: Callable[[], T]) -> T:
    """Read something that changes nothing, once more where the server went away in the middle.

    Raises:
        ServerAway: The server has not come back.
    """
    for _ in range(TRIES - 1):
        with suppress(ServerAway):
            return read()
    return read()


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
    try:
        path = rescue_files.add(project.home, entry)
    except UserError as error:
        return ProjectLost(
            f"{lost.what} What you gave could not be kept in a rescue file either: {error.what}", lost.todo
        )
    return ProjectLost(f"{lost.what} What you gave is not lost: it is in the rescue file {path}.", AGAIN)


def kept_already(lost: ProjectLost) -> ProjectLost:
    """Return the error to show if the answer is already in the rescue file."""
    return ProjectLost(f"{lost.what} What you gave is not lost: it is in the rescue file.", AGAIN)
