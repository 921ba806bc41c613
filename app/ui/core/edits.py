"""The undo command for edits, which hold what is needed to apply and undo them."""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtGui import QUndoCommand

from app.domain.changes import Edit

RunEdit: TypeAlias = Callable[[Edit, Callable[[Exception], None]], None]
"""Applies an edit in the background; the second argument is called if it cannot be applied."""


class EditCommand(QUndoCommand):
    """Wraps an edit for Qt's undo list.

    Args:
        edit: The edit.
        run: Function that applies an edit to the open project.
    """

    def __init__(self, edit: Edit, run: RunEdit) -> None:
        super().__init__(edit.title)
        self._edit, self._run = edit, run

    def redo(self) -> None:
        """Apply the edit. Qt also calls this when the command is pushed."""
        self._run(self._edit, self._failed)

    def undo(self) -> None:
        """Undo the edit."""
        self._run(self._edit.inverse(), self._failed)

    def _failed(self, _error: Exception) -> None:
        # What could not be done cannot be undone either.
        self.setObsolete(True)
