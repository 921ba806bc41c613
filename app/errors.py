"""The exceptions a user may meet; everything else is a bug and is shown with its trace."""

import copy
from typing import Self


class UserError(Exception):
    """Something the user can mend: a broken file, a missing device, a full disk.

    Attributes:
        what: One sentence on what happened.
        todo: One sentence on what to do now.
    """

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what} {todo}")
        self.what = what
        self.todo = todo

    def about(self, name: str) -> Self:
        """Return the same error, whose sentence begins with the name of what it is about."""
        named = copy.copy(self)  # classes of their own are made of other arguments
        named.what = f"{name}: {self.what}"
        named.args = (f"{named.what} {named.todo}",)
        return named

    def __reduce__(self) -> tuple[type["UserError"], tuple[str, str]]:
        # Exception pickles its args, which hold the joined text: a worker process must hand back both parts.
        return (type(self), (self.what, self.todo))


class ProjectLost(UserError):
    """The open project's file is no longer where it was: what is confirmed must go elsewhere."""


class Cancelled(Exception):
    """The user asked to stop; raised by `Context.check` and passed up untouched."""


class ProjectClosed(Cancelled):
    """The project was closed while something was read from it: nobody waits for the result any more."""
