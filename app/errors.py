"""The exceptions that a user may meet; every other one is a bug and is shown with its trace."""

import copy
from collections.abc import Callable
from typing import Self


class UserError(Exception):
    """An error that the user can correct: a broken file, a missing device, a full disk.

    Attributes:
        what: One sentence that says what happened.
        todo: One sentence that says what to do now, in the words of the window.
        command: The same in the words of the command line; equal to `todo` where that fits both.
    """

    def __init__(self, what: str, todo: str, command: str = "") -> None:
        super().__init__(f"{what} {todo}")
        self.what = what
        self.todo = todo
        self.command = command or todo

    @property
    def at_command_line(self) -> str:
        """The whole message in the words of the command line."""
        return f"{self.what} {self.command}"

    def about(self, name: str) -> Self:
        """Return the same error with a sentence that begins with the name of the thing concerned."""
        named = copy.copy(self)  # classes of their own are made of other arguments
        named.what = f"{name}: {self.what}"
        named.args = (f"{named.what} {named.todo}",)
        return named

    def __reduce__(self) -> tuple[Callable[..., "UserError"], tuple[type["UserError"], str, str, str]]:
        # Exception pickles its args, which hold the joined text: a worker process must hand back all parts.
        return (_again, (type(self), self.what, self.todo, self.command))


def _again(kind: type[UserError], what: str, todo: str, command: str) -> UserError:
    made = kind(what, todo)
    made.command = command
    return made


class ProjectLost(UserError):
    """The open project's file is no longer at its place; confirmed answers must be stored elsewhere."""


class ServerAway(UserError):
    """The project's server does not answer. Whether the last commit went through is not known."""


class ClusterLost(UserError):
    """The cluster that computes does not answer any more; none of the work that is left can be done."""


class Cancelled(Exception):
    """The user asked to stop; raised by `Context.check` and never caught on the way."""


class ProjectClosed(Cancelled):
    """The project was closed while it was being read; the result is no longer needed."""
