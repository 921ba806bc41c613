"""Offers rescued answers at the start, and whenever their project is opened."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from app.jobs import Context
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.shell.dialogs.rescue import RescueDialog

if TYPE_CHECKING:
    from app.services.projects.files import Project
    from app.services.projects.rescue_files import RescueFile
    from app.services.study.rescue_store import Outcome

    Found = tuple[list[RescueFile], list[RescueFile]]


class RescueOffer(QObject):
    """Looks for rescue files and shows them.

    Args:
        context: The context with the open project and the jobs.
        window: Parent of the dialog.

    Attributes:
        dialog: The open dialog; None for none.
    """

    def __init__(self, context: AppContext, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self.dialog: RescueDialog | None = None
        self._offered: Project | None = None
        context.project_changed.connect(self._on_project)
        context.commands.bind("project.rescued", lambda: self._look(everything=True, wanted=True))

    def at_start(self) -> None:
        """Offer all rescued answers of any project, after the window was opened."""
        self._look(everything=True)

    def _on_project(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        before, self._offered = self._offered, self._context.opened
        if self._offered is not None and before is not self._offered:
            self._look(everything=False)

    def _look(self, *, everything: bool, wanted: bool = False) -> None:
        project = self._context.opened

        def show(found: "Found") -> None:
            files, fitting = found
            shown = files if everything else fitting
            if self._context.opened is not project or self._context.commands.holds("annotating"):
                return
            if shown:
                self._show(shown, fitting)
            elif wanted:
                self._context.notify(tr("No answers are waiting to be stored."), tone="ok")

        self._context.jobs.start("io", _find, project, on_done=show, on_error=self._context.fail)

    def _show(self, files: Sequence["RescueFile"], fitting: Sequence["RescueFile"]) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = RescueDialog(self._context, files, fitting, self._store, self._window)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    def _on_closed(self) -> None:
        self.dialog = None

    def _store(self, files: Sequence["RescueFile"]) -> None:
        self._context.write(_store, tuple(files), on_done=self._tell, past_lock=True)

    def _tell(self, told: "list[Outcome]") -> None:
        stored = sum(one.fate in ("stored", "known") for one in told)
        rest = [one.words for one in told if one.fate in ("refused", "elsewhere")]
        what = (
            tr("1 rescued answer is now in the project.")
            if stored == 1
            else tr("{count} rescued answers are now in the project.", count=stored)
        )
        if rest:
            self._context.notify(
                tr("{what} Not stored: {reasons}.", what=what, reasons="; ".join(rest)),
                tr("They stay in the rescue file."),
            )
        else:
            self._context.notify(what, tone="ok")


def _find(_ctx: Context, project: "Project | None") -> "Found":
    from app.services.projects.confirmed import recover_gone
    from app.services.projects.rescue_files import pending

    recover_gone()
    files = pending()
    if project is None or project.read_only or not files:
        return files, []
    from app.services.study.rescue_store import belonging

    return files, belonging(project, files)


def _store(project: "Project", files: tuple["RescueFile", ...]) -> "list[Outcome]":
    from app.services.study.rescue_store import store

    return [one for file in files for one in store(project, file)]
