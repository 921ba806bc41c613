"""A page of words between tasks: welcome, practice, breaks, feedback, the end. Enter continues."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_XL, TEXT_HEADING
from app.ui.parts.judging.keyboard import KeyboardHome
from app.ui.parts.widgets.basic import Card, button, column, label, row

Way = tuple[str, Callable[[], None]]
"""What stands on a button, and where it leads."""


class TextPage(QWidget):
    """A page with title, text, and one or two buttons.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._go: Callable[[], None] | None = None
        self._leave: Callable[[], None] | None = None
        self.title = label(kind="display", wrap=True)
        self.text = label(wrap=True)
        self.go = button(tr("Continue"), "primary", tip="Enter")
        self.leave = button(tr("Leave"), tip="Esc")
        for made in (self.go, self.leave):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.go.clicked.connect(self._on_go)
        self.leave.clicked.connect(self._on_leave)
        self._keys = label(tr("or press Enter"), "caption")
        card = Card(margins=SPACE_XL + SPACE_L)
        card.setMinimumWidth(560)
        card.setMaximumWidth(760)
        card.body.setSpacing(SPACE_L)
        card.body.addWidget(self.title)
        card.body.addWidget(self.text)
        card.body.addSpacing(SPACE_M)
        card.body.addLayout(row(self.go, self.leave, self._keys, None, spacing=SPACE_M))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Text of the study"))
        self._home = KeyboardHome(self, self.setFocus)
        middle = row(None, card, None)
        middle.setStretch(1, 3)
        self.setLayout(column(None, middle, None, margins=SPACE_L))
        context.theme.changed.connect(self._dress)
        self._dress()

    def show_text(self, title: str, text: str, go: Way, leave: Way | None = None) -> None:
        """Show words.

        Args:
            title: The heading; may be empty.
            text: The text below it.
            go: Text and function of the first button.
            leave: Text and function of the second button; None for none.
        """
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.text.setText(text)
        self.go.setText(go[0])
        self._go = go[1]
        self.leave.setVisible(leave is not None)
        self._leave = None
        if leave is not None:
            self.leave.setText(leave[0])
            self._leave = leave[1]
        self.setFocus()

    def let_go(self) -> None:
        """Forget where the buttons lead: the session that they belong to has ended."""
        self._go = self._leave = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_go()
        elif event.key() == Qt.Key.Key_Escape and self._leave is not None:
            self._on_leave()
        else:
            event.ignore()

    def _on_go(self) -> None:
        go, self._go = self._go, None  # twice pressed is once done
        if go is not None:
            go()

    def _on_leave(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def _dress(self) -> None:
        self.text.setFont(self._context.theme.font(TEXT_HEADING - 3))
