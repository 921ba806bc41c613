"""The record by which a screen describes itself, and the optional methods of its widget."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from app.commands import Command

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext


@dataclass(frozen=True)
class Screen:
    """One entry of the navigation rail.

    Attributes:
        id: Short name; commands that only make sense here have `screen.<id>` among their conditions.
        title: One word under the icon.
        icon: Name in the icon table or a Phosphor glyph.
        order: Place in the rail, from 0 upwards.
        factory: Function that makes the widget; it is called once, when the screen is first shown.
        help: One sentence for the tool tip.
        commands: Rows that this screen adds to the command table.
        bind: Function that binds those commands when the window is made, if they must work before the screen was
            opened.
        page: The page of the documentation that F1 opens, and after # the anchor of a heading.
        also: Further words by which the command palette finds the screen.
        shows_labels: Whether the screen shows predictions, what others answered, or what is expected of an answer. Such
            a screen is hidden from whoever may not see labels. Every screen must state it; there is no default.
    """

    id: str
    title: str
    icon: str
    order: int
    factory: "Callable[[AppContext], QWidget]"
    help: str = ""
    commands: tuple[Command, ...] = ()
    bind: "Callable[[AppContext], None] | None" = None
    page: str = field(kw_only=True)
    also: str = field(default="", kw_only=True)
    shows_labels: bool = field(kw_only=True)


@runtime_checkable
class ScreenWidget(Protocol):
    """Methods that the window calls if a screen's widget has them; each is optional."""

    def screen_shown(self) -> None:
        """Reload what changed meanwhile. The window calls this when the screen becomes visible."""

    def screen_hidden(self) -> None:
        """Pause what moves. The window calls this when another screen takes its place."""

    def unsaved(self) -> str:
        """Return a sentence on what would be lost if the project or the window were closed now; empty for nothing."""

    def close_screen(self) -> None:
        """Stop threads and timers. The window calls this when it closes."""
