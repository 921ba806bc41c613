"""The panel of a guided first hour: the step that is next, and all steps with ticks where wanted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from app.guide_table import Guide
from app.guides import Walk
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, label, row


class GuidePanel(Card):
    """Shows one walk; it ticks steps off by itself and never takes the focus.

    Attributes:
        wanted: Emitted with the id of the command that leads to the step.
        skipped: Emitted when the step should be passed over.
        again: Emitted when the guide should begin again.
        closed: Emitted when the panel should go; the walk is resumed from the Help menu.
    """

    wanted = Signal(str)
    skipped = Signal()
    again = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=SPACE_S, parent=parent)
        self._action = ""
        self._guide = ""
        self._signs: dict[str, QLabel] = {}
        self.name = label(kind="section")
        self.count = label(kind="small")
        self.text = label(wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.go = button(tr("Show me"))
        self.go.clicked.connect(lambda: self.wanted.emit(self._action))
        self.skip = button(tr("Skip"), "link", tip=tr("Skip this step"))
        self.skip.clicked.connect(self.skipped)
        self.over = button(tr("Start over"), "link")
        self.over.clicked.connect(self.again)
        self.more = QToolButton()
        self.more.setCheckable(True)
        self.more.setIcon(icon("sidebar"))
        self.more.setToolTip(tr("All steps"))
        self.more.setAccessibleName(tr("All steps"))
        self.more.toggled.connect(self._on_more)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setToolTip(tr("Close the guide. Help resumes it."))
        close.setAccessibleName(tr("Close the guide"))
        close.clicked.connect(self.closed)
        self.body.addLayout(row(self.name, self.count, None, self.more, close, spacing=SPACE_S))
        step = row(self.text, self.over, self.skip, self.go, spacing=SPACE_M)
        step.setStretch(0, 1)
        self.body.addLayout(step)
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, SPACE_S, 0, 0)
        self._rows.setSpacing(SPACE_S)
        self._list.hide()
        self.body.addWidget(self._list)
        self.hide()

    def show_walk(self, walk: Walk) -> None:
        """Show how far a walk is."""
        step, steps = walk.step, walk.guide.steps
        self.name.setText(tr(walk.guide.title))
        self.count.setText(tr("{done} of {steps}", done=len(walk.done), steps=len(steps)))
        self.text.setText(
            tr(step.text) if step is not None else tr("This was the guide. F1 opens the page of each screen.")
        )
        self._action = step.action if step is not None else ""
        self.go.setVisible(bool(self._action))
        self.skip.setVisible(step is not None)
        self.over.setVisible(step is None)
        self.setAccessibleName(f"{self.name.text()}, {self.count.text()}: {self.text.text()}")
        if walk.guide.id != self._guide:
            self._fill(walk.guide)
        for one in steps:
            done = one.id in walk.done
            self._signs[one.id].setPixmap(icon("check" if done else "circle").pixmap(16, 16))
            self._signs[one.id].setAccessibleName(tr("done") if done else tr("not done"))

    def _fill(self, guide: Guide) -> None:
        """Write the list of all steps."""
        self._guide = guide.id
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._signs = {step.id: QLabel() for step in guide.steps}
        for step in guide.steps:
            holder, sign = QWidget(), self._signs[step.id]
            line = row(sign, label(tr(step.text), "small", wrap=True), spacing=SPACE_S)
            line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
            line.setStretch(1, 1)
            holder.setLayout(line)
            self._rows.addWidget(holder)

    def _on_more(self, shown: bool) -> None:
        self._list.setVisible(shown)
