"""A page of results that computes its own content in the background, and only while it is shown."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.ui.screens.agreement.state import AgreementState, DashboardState

if TYPE_CHECKING:
    from app.services.projects.files import Project


class ComputedPage(QWidget):
    """A page whose content is computed from the labels and from something else in the project, such as predictions.

    A page states what it computes (`start`), how it shows nothing (`clear`) and, if not every result of the screen
    makes its content outdated, which do (`outdated`).

    Args:
        state: The state with labels and project.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: DashboardState | None = None
        self._stale = True

    def start(self, project: "Project", shown: DashboardState) -> None:
        """Begin to compute the content in the background."""
        raise NotImplementedError

    def clear(self) -> None:
        """Show that there is nothing to show."""
        raise NotImplementedError

    def outdated(self, shown: DashboardState) -> bool:
        """Return whether the content must be computed again for these results; `_shown` holds the ones before."""
        return True

    def show_shown(self, shown: DashboardState | None) -> None:
        """Take over the results of the screen; the content is computed when the page is shown."""
        if shown is None or self.outdated(shown):
            self._stale = True
        self._shown = shown
        if shown is None:
            self.clear()
        elif self.isVisible():
            self.compute()

    def touch(self) -> None:
        """Note that predictions or measures in the project have changed."""
        self._stale = True
        if self.isVisible():
            self.compute()

    def compute(self) -> None:
        """Compute the content again if something has changed."""
        project, shown = self._state.context.project, self._shown
        if project is None or shown is None or not self._stale:
            return
        self._stale = False
        self.start(project, shown)
