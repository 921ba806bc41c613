"""The screens of the window: each lives in its own package under `app.ui` and says so in a module `screen`.

A package joins the window by having `screen.py` with `SCREEN = Screen(…)`: the window finds it and never names it.
`screen.py` must import nothing heavy; its factory does, when the screen is opened for the first time.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import app.ui
from app.commands import Command

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.context import AppContext


@dataclass(frozen=True)
class Screen:
    """One entry of the navigation rail.

    Attributes:
        id: Short name; commands that only make sense here have `screen.<id>` among their conditions.
        title: One word under the icon.
        icon: Name in the icon table or a Phosphor glyph.
        order: Place in the rail, from 0 upwards.
        factory: Makes the widget; called once, when the screen is first shown.
        help: One sentence for the tool tip.
        commands: Rows this screen adds to the command table.
        bind: Binds those commands when the window is made, where they must work before the screen was opened.
    """

    id: str
    title: str
    icon: str
    order: int
    factory: "Callable[[AppContext], QWidget]"
    help: str = ""
    commands: tuple[Command, ...] = ()
    bind: "Callable[[AppContext], None] | None" = None


@runtime_checkable
class ScreenWidget(Protocol):
    """What a screen's widget may have besides being a QWidget; all of it is optional."""

    def screen_shown(self) -> None:
        """It became visible: reload what changed meanwhile."""

    def screen_hidden(self) -> None:
        """Another screen took its place: pause what moves."""

    def unsaved(self) -> str:
        """A sentence on what would be lost if the project or the window closed now; empty for nothing."""

    def close_screen(self) -> None:
        """The window closes: stop threads and timers."""


def find_screens() -> tuple[Screen, ...]:
    """All screens, in the order of the rail."""
    found = []
    for package in pkgutil.iter_modules(app.ui.__path__):
        name = f"{app.ui.__name__}.{package.name}"
        if package.ispkg and importlib.util.find_spec(f"{name}.screen") is not None:
            module = importlib.import_module(f"{name}.screen")
            found.append(module.SCREEN)
    return tuple(sorted(found, key=lambda screen: screen.order))
