"""Adds reviewers, who may look through answers."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from app.ui.core.context import AppContext
from app.ui.look.language import tr

if TYPE_CHECKING:
    from app.services.study.corrections import AnswerCorrections

TITLE = tr("Add a reviewer")


def ask_reviewer(context: AppContext, correcting: "AnswerCorrections | None", parent: QWidget) -> None:
    """Ask for a code and a PIN, and add that person as a reviewer.

    Args:
        context: The context with the writing thread.
        correcting: The session of the owner; without one nothing is asked.
        parent: Parent of the dialogs.
    """
    if correcting is None:
        return
    code, said = QInputDialog.getText(parent, TITLE, tr("Code (not the person's name)"))
    if not said or not code.strip():
        return
    pin, said = QInputDialog.getText(
        parent, TITLE, tr("PIN of {code} (may be left empty)", code=code.strip()), QLineEdit.EchoMode.Password
    )
    if said:
        context.write(
            lambda _project: correcting.add_reviewer(code, pin),
            on_done=lambda who: context.notify(
                tr("{code} may look through the answers now.", code=who.code), tone="ok"
            ),
        )
