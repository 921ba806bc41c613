"""What arrives for a dialog that was closed meanwhile."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

P = ParamSpec("P")
View = TypeVar("View", bound=QObject)


def while_there(show: Callable[Concatenate[View, P], None]) -> Callable[Concatenate[View, P], None]:
    """Let a method do nothing once Qt has deleted its object.

    Results of background work reach methods that show them after the user may have closed the dialog. What changes the
    project must happen nevertheless, so this is for methods that only show.
    """

    @wraps(show)
    def shown(view: View, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if isValid(view):
            show(view, *args, **kwargs)

    return shown
