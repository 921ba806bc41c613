"""The dialog on what could not be saved in a lost project: show it, store it, or keep it for later."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QTreeWidget, QTreeWidgetItem, QWidget

from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.widgets.basic import button, column, label, row

if TYPE_CHECKING:
    from app.services.projects.rescue_files import RescueFile

_ABOUT = tr(
    "These answers were given after their project was moved, deleted or replaced while it was open. They are kept in "
    "your own folder and are not in a project yet. Their content is not shown here."
)


class RescueDialog(QDialog):
    """Lists rescue files with their contents.

    Args:
        context: The context with the theme.
        files: The rescue files that wait.
        fitting: The files that belong to the open project.
        store: Called with the files that are to be stored into the open project.
        parent: The window.
    """

    def __init__(
        self,
        context: AppContext,
        files: Sequence["RescueFile"],
        fitting: Sequence["RescueFile"],
        store: Callable[[Sequence["RescueFile"]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Rescued answers"))
        self.resize(760, 480)
        self._files, self._fitting, self._store_in_project = files, fitting, store
        self.list = QTreeWidget()
        self.list.setHeaderHidden(True)
        self.list.setAccessibleName(tr("Rescued answers"))
        for file in files:
            top = QTreeWidgetItem([file.words])
            top.setToolTip(0, tr("Project: {place}\nRescue file: {path}", place=file.place, path=file.path))
            for entry in file.entries:
                top.addChild(QTreeWidgetItem([f"{entry.place}: {entry.words}"]))
            self.list.addTopLevelItem(top)
        self.list.expandAll()
        self.store = button(tr("Store in this project"), "primary")
        self.store.clicked.connect(self._on_store)
        self.later = button(tr("Keep for later"))
        self.later.clicked.connect(self.reject)
        folder = button(tr("Open the folder"))
        folder.clicked.connect(self._on_folder)
        self.store.setEnabled(bool(fitting))
        (self.store if fitting else self.later).setDefault(True)
        self.note = label(self._words(context), wrap=True)
        self.setLayout(
            column(
                label(tr("Answers that could not be saved"), "heading"),
                label(_ABOUT, wrap=True),
                self.list,
                self.note,
                row(folder, None, self.later, self.store, spacing=SPACE_M),
                spacing=SPACE_M,
                margins=SPACE_L,
            )
        )

    def _words(self, context: AppContext) -> str:
        if not self._fitting:
            where = ", ".join(sorted({file.place for file in self._files}))
            return tr("To store them, open their project first: {where}", where=where)
        if len(self._fitting) == len(self._files):
            return tr("They belong to the open project, {project_name}.", project_name=context.project_name)
        fits = "; ".join(file.words for file in self._fitting)
        return tr(
            "These belong to the open project, {project_name}: {fits}.", project_name=context.project_name, fits=fits
        )

    def _on_store(self) -> None:
        self.accept()
        self._store_in_project(self._fitting)

    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._files[0].path.parent)))
