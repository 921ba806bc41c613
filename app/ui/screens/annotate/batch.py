"""The strip of a batch: several items side by side, which are judged in any order and saved one by one."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_XS
from app.ui.parts.widgets.basic import label, row

State = Literal["open", "answered"]


class BatchStrip(QWidget):
    """The numbers of the items on this screen, with a tick on saved ones. The strip is hidden for a single item.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    picked = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._group = QButtonGroup(self)
        self._box = row(spacing=SPACE_XS)
        self._count = self._at = 0
        self.setLayout(self._box)
        self.hide()

    def show_items(self, states: list[State], at: int) -> None:
        """Show the items of the batch.

        Args:
            states: The state of each item.
            at: Number of the item on the screen.
        """
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                if isinstance(widget, QToolButton):
                    self._group.removeButton(widget)
                widget.hide()
                widget.deleteLater()
        self._count, self._at = len(states), at
        self.setVisible(len(states) > 1)
        if len(states) <= 1:
            return
        self._box.addWidget(label(tr("Clips on this screen"), "small"))
        for number, state in enumerate(states):
            made = QToolButton()
            made.setText(f" {number + 1} ")
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            if state == "answered":
                made.setIcon(icon("check", self._context.theme.tokens.ok))
            made.setToolTip(tr("Saved; open it to correct it") if state == "answered" else tr("Still to be judged"))
            made.setAccessibleName(
                tr("Clip {number}, saved", number=number + 1)
                if state == "answered"
                else tr("Clip {number}, open", number=number + 1)
            )
            made.setCheckable(True)
            made.setChecked(number == at)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(lambda _checked=False, which=number: self.picked.emit(which))
            self._group.addButton(made)
            self._box.addWidget(made)
        self._box.addWidget(label("Ctrl+← →", "caption"))
        self._box.addStretch(1)

    def step(self, by: int) -> None:
        """Ask for the item before or after the one on the screen."""
        to = self._at + by
        if 0 <= to < self._count:
            self.picked.emit(to)
