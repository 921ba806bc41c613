"""The undo command of an import, for Edit → Undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from app.domain.imports import ImportRecord
from app.services.exchange.store import named, undo_import
from app.ui.core.context import AppContext
from app.ui.look.language import tr

if TYPE_CHECKING:
    from app.services.projects.files import Project


class ImportCommand(QUndoCommand):
    """An import that was stored already. Undone, it cannot be repeated: its files are read again instead.

    Args:
        context: The context with the project.
        record: The import.
    """

    def __init__(self, context: AppContext, record: ImportRecord) -> None:
        super().__init__(tr("Import of {files}", files=named(record.files)))
        self._context, self._record = context, record

    def redo(self) -> None:
        """Do nothing. Qt calls this when the command is pushed, after the import was stored."""

    def undo(self) -> None:
        """Take the import back."""
        self.setObsolete(True)
        if self._context.project is not None:
            self._context.write(_undo, self._record)


def _undo(project: Project, record: ImportRecord) -> ImportRecord:
    return undo_import(project, record)
