"""The sign-in of owners and reviewers by code and PIN; the first time, the project's owner is named."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QStackedWidget, QWidget

from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_XL
from app.ui.parts.widgets.basic import Card, button, column, label, row, say
from app.ui.parts.widgets.empty import EmptyState

_WHO = tr("Owners and reviewers see predictions and everybody's answers; raters do not. Your changes carry your code.")
_FIRST = tr(
    "This project has no owner yet. Give yourself a code. From then on, only owners and reviewers can open the "
    "answers, and your changes carry your code."
)


class Gate(QWidget):
    """The form for signing in.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    wanted = Signal(str, str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = False
        self._pins: dict[str, bool] = {}
        self.code, self.new_code, self.pin = QComboBox(), QLineEdit("OWNER"), QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setAccessibleName("PIN")
        self.code.setAccessibleName(tr("Your code"))
        self.new_code.setAccessibleName(tr("Your code"))
        self.words = label(_WHO, "soft", wrap=True)
        self.note = label(wrap=True, tone="danger")
        self.note.hide()
        self.go = button(tr("Sign in"), "primary")
        card = Card(margins=SPACE_XL)
        card.setMinimumWidth(380)
        card.setMaximumWidth(560)
        card.body.setSpacing(SPACE_L)
        self.title = label(tr("Owners and reviewers"), "display")
        card.body.addWidget(self.title)
        card.body.addWidget(self.words)
        self._form = QFormLayout()
        self._form.setSpacing(SPACE_M)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.addRow(tr("Your code"), self.code)
        self._form.addRow(tr("Your code"), self.new_code)
        self._form.addRow("PIN", self.pin)
        card.body.addLayout(self._form)
        card.body.addWidget(self.note)
        card.body.addLayout(row(self.go, label("Enter", "caption"), None, spacing=SPACE_M))
        middle = row(None, card, None)
        middle.setStretch(1, 3)
        self.setLayout(column(None, middle, None, margins=SPACE_L))
        self.go.clicked.connect(self._on_go)
        self.code.currentIndexChanged.connect(self._on_code)

    def fill(self, people: Sequence[tuple[str, bool]]) -> None:
        """Offer people to choose from.

        Args:
            people: For each person the code and whether a PIN is asked for; none to name the first owner.
        """
        before = self.code.currentText()
        self.first, self._pins = not people, dict(people)
        self.words.setText(_FIRST if self.first else _WHO)
        self.code.clear()
        self.code.addItems([code for code, _ in people])
        self.code.setCurrentIndex(max(self.code.findText(before), 0))
        self._form.setRowVisible(self.code, not self.first)
        self._form.setRowVisible(self.new_code, self.first)
        self.pin.setPlaceholderText(tr("may be left empty") if self.first else "")
        say(self.note, "")
        self._on_code()
        self.setFocusProxy(self.new_code if self.first else self.code)

    @property
    def chosen(self) -> str:
        """The code that is chosen or written."""
        return self.new_code.text().strip() if self.first else self.code.currentText()

    @property
    def needs_pin(self) -> bool:
        """Whether the chosen person is asked for a PIN."""
        return not self.first and self._pins.get(self.code.currentText(), False)

    def refused(self, why: str) -> None:
        """Show why signing in did not work."""
        say(self.note, why)
        self.pin.selectAll()
        (self.pin if self._form.isRowVisible(self.pin) else self.code).setFocus()

    def keyPressEvent(self, event: object) -> None:
        key = getattr(event, "key", lambda: None)()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_go()

    def _on_code(self) -> None:
        self.pin.clear()
        self._form.setRowVisible(self.pin, self.first or self.needs_pin)

    def _on_go(self) -> None:
        if self.chosen:
            say(self.note, "")
            self.wanted.emit(self.chosen, self.pin.text())


class Guard(QStackedWidget):
    """The page in place of a screen that nobody at the window may see now.

    Args:
        context: The context, which knows who may sign in.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.gate = Gate(context)
        self.closed = EmptyState(context.theme, "person", "", "")
        for page in (self.gate, self.closed):
            self.addWidget(page)
        self.gate.wanted.connect(self._on_wanted)

    def refresh(self) -> None:
        """Offer the people who may sign in, or say why nobody may."""
        seat = self._context.seat
        lookers = seat.lookers
        title = text = ""
        if seat.access.elsewhere:
            title = tr("Somebody is judging clips in another window")
            text = tr("Nothing else is shown meanwhile. Pause and leave in that window first (Esc).")
        elif lookers is not None and lookers.kit:
            title = tr("This is one rater's kit")
            text = tr("Merge it into the project that it was made from. Predictions and answers are shown there.")
        self.closed.title.setText(title)
        self.closed.text.setText(text)
        if not title and lookers is not None:
            self.gate.fill(lookers.people)
        page = self.closed if title else self.gate
        self.setCurrentWidget(page)
        self.setFocusProxy(page)

    def _on_wanted(self, code: str, pin: str) -> None:
        self._context.seat.sign_in(code, pin, lambda error: refuse(self._context, self.gate, error))


def refuse(context: AppContext, gate: Gate, error: Exception) -> None:
    """Show in the form why signing in did not work; a bug is passed to the window."""
    if isinstance(error, UserError):
        gate.refused(str(error))
    else:
        context.fail(error)
