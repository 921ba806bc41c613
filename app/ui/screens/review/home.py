"""The Review screen as the window sees it: the welcome page, and the desk when there is a project.

The desk loads pyqtgraph and is made only for the first project, so that the window is on screen before that.
"""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.screens.review.welcome import Welcome

if TYPE_CHECKING:
    from app.ui.screens.review.view import ReviewScreen


class ReviewHome(QStackedWidget):
    """The welcome page or the desk.

    Args:
        context: What all screens share.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._desk: ReviewScreen | None = None
        self._shown = False
        self.welcome = Welcome(context)
        self.addWidget(self.welcome)
        context.project_changed.connect(self._on_project)
        self._on_project()

    @property
    def desk(self) -> "ReviewScreen":
        """The desk, which is made on first use."""
        if self._desk is None:
            from app.ui.screens.review.commands import bind_commands
            from app.ui.screens.review.view import ReviewScreen

            self._desk = ReviewScreen(self._context)
            bind_commands(self._desk)
            self.addWidget(self._desk)
        return self._desk

    def screen_shown(self) -> None:
        """Tell the desk that the screen became visible."""
        self._shown = True
        if self._desk is not None:
            self._desk.screen_shown()

    def screen_hidden(self) -> None:
        """Tell the desk that another screen took its place."""
        self._shown = False
        if self._desk is not None:
            self._desk.screen_hidden()

    def unsaved(self) -> str:
        """Return a sentence on what would be lost; empty for nothing."""
        return tr("A trace is being recorded.") if self._desk is not None and self._desk.recording.active else ""

    def close_screen(self) -> None:
        """Close the desk, because the window closes."""
        if self._desk is not None:
            self._desk.close_screen()

    def _on_project(self) -> None:
        if self._context.project is None:
            self.welcome.refresh()
            self.setCurrentWidget(self.welcome)
        else:
            self.setCurrentWidget(self.desk)
