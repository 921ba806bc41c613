"""The question that comes where consent does not cover work with somebody."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.ui.core.context import AppContext
from app.ui.look.language import tr


def ask_without(context: AppContext, parent: QWidget, error: BaseException, again: Callable[[], None]) -> None:
    """Name the people whom consent does not cover, and offer to go on without them; other errors are shown as usual.

    Args:
        context: The context.
        parent: The widget over which the question opens.
        error: The error of the work.
        again: Called to do the work without these people.
    """
    from app.services.consent.covered import Uncovered

    if not isinstance(error, Uncovered):
        context.fail(error)
        return
    box = QMessageBox(QMessageBox.Icon.Warning, tr("Consent"), error.what, parent=parent.window())
    box.setObjectName("people.uncovered")
    box.setInformativeText(tr("Consent is recorded under File → People and consent…."))
    words = tr("Leave them out and compute again") if error.way == "numbers" else tr("Continue without these people")
    go = box.addButton(words, QMessageBox.ButtonRole.AcceptRole)
    stop = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stop)
    box.setEscapeButton(stop)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.buttonClicked.connect(lambda pressed: again() if pressed is go else None)
    box.open()
