"""One undo command for every edit: the edit itself knows its way forward and back."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from app.domain.project import Changes
    from app.ui.core.context import AppContext
    from db.edits import Edit
    from db.project import Project


class EditCommand(QUndoCommand):
    """Wraps an edit for Qt's undo list.

    Args:
        context: Where it is done and told.
        edit: What is done.
    """

    def __init__(self, context: "AppContext", edit: "Edit") -> None:
        super().__init__(edit.title)
        self._context, self._edit = context, edit

    def redo(self) -> None:
        """Do it; also called when it is pushed."""
        self._apply(self._edit)

    def undo(self) -> None:
        """Take it back."""
        self._apply(self._edit.inverse())

    def _apply(self, edit: "Edit") -> None:
        context, project = self._context, self._context.project
        if project is None:
            return

        def done(changes: "Changes") -> None:
            if context.project is project:
                context.broadcast(*changes.kinds, clips=changes.ids("clip") if changes.kinds == {"clip"} else ())

        def failed(error: Exception) -> None:
            # What could not be done cannot be undone either.
            self.setObsolete(True)
            context.fail(error)

        context.jobs.start("db", lambda _ctx: _applied(project, edit), on_done=done, on_error=failed)


def _applied(project: "Project", edit: "Edit") -> "Changes":
    import db.edits

    return db.edits.apply(project, edit)
