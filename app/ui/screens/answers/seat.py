"""Who looks through the answers now: signing in and out, and adding reviewers. A rater who sits down ends it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.screens.answers.gate import Gate

if TYPE_CHECKING:
    from app.services.study.corrections import AnswerCorrections
    from app.services.study.reviewers import Lookers


class Seat(QObject):
    """Holds the session of a reviewer or owner.

    Args:
        context: What the screens share.
        gate: The form.
    """

    taken = Signal()
    left = Signal()
    wanted = Signal(bool)

    def __init__(self, context: AppContext, gate: Gate, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._gate, self._parent = context, gate, parent
        self.correcting: AnswerCorrections | None = None
        gate.wanted.connect(self._on_code)
        context.commands.on_change(self._on_conditions)

    def look(self) -> None:
        """Find out who may look; `wanted` then says whether this is a kit, where nobody may."""
        from app.services.study.reviewers import lookers

        self._context.query(lookers, on_done=self._on_people, replace="answers.people")

    def sign_out(self) -> None:
        """Nobody looks any more, and the next one cannot undo in this one's name."""
        if self.correcting is None:
            return
        self.correcting = None
        self._context.undo.clear()
        self._context.commands.set_condition("correcting", False)
        self.left.emit()

    def add_reviewer(self) -> None:
        """Ask for a code and a PIN, and let that person look too."""
        correcting = self.correcting
        code, said = QInputDialog.getText(self._parent, "Add a reviewer", "Code, which is no name")
        if correcting is None or not said or not code.strip():
            return
        pin, said = QInputDialog.getText(
            self._parent, "Add a reviewer", f"PIN of {code.strip()} (may be left empty)", QLineEdit.EchoMode.Password
        )
        if said:
            self._context.write(
                lambda _project: correcting.add_reviewer(code, pin),
                on_done=lambda who: self._context.notify(f"{who.code} may look through the answers now.", tone="ok"),
            )

    def _on_people(self, found: "Lookers") -> None:
        if self.correcting is not None:
            return
        if not found.kit:
            self._gate.fill(found.people)
        self.wanted.emit(bool(found.kit))

    def _on_code(self, code: str, pin: str) -> None:
        from app.services.study.corrections import open_corrections

        if self._context.project is None:
            return
        first = self._gate.first

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self._gate.refused(str(error))
            else:
                self._context.fail(error)

        def done(correcting: "AnswerCorrections") -> None:
            self.correcting = correcting
            self._context.commands.set_condition("correcting", True)
            self.taken.emit()

        self._context.write(
            lambda project: open_corrections(project, code, pin, first=first), on_done=done, on_error=failed
        )

    def _on_conditions(self) -> None:
        if self._context.commands.holds("annotating"):
            self.sign_out()
