"""The assignment: the stored one, the changes by assigning again, and how evenly work is dealt."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QSpinBox, QToolButton, QWidget

from app.domain.slots import Slot
from app.domain.words import many, plain
from app.services.study.assignment_rows import balance_rows, preview_rows
from app.services.study.expectations import KIND_WORDS
from app.services.study.setup import StudySetup
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, lay_scrolled, row, set_tone
from app.ui.parts.widgets.fields import roomy
from app.ui.parts.widgets.tables import RowsTable

HEADINGS = (tr("Rater"), tr("Place"), tr("Purpose"), tr("Clip"), tr("Condition"), tr("Pass"), tr("Task"), tr("State"))
CLIP = HEADINGS.index(tr("Clip"))
DROPPED = tuple(HEADINGS.index(name) for name in (tr("Purpose"), tr("Pass"), tr("Task")))
"""Columns that a narrow window leaves out, because they are the same in most rows."""


class AssignmentTab(QWidget):
    """Preview, balance, and the button that assigns.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    wanted = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: StudySetup | None = None
        self.note = label(wrap=True)
        self.seed = roomy(QSpinBox())
        self.seed.setAccessibleName(tr("Seed of the assignment"))
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setToolTip(tr("The same seed always gives the same assignment"))
        self.go = button(tr("Assign the clips"), "primary")
        self.list, self.balance = QToolButton(), QToolButton()
        self._group = QButtonGroup(self)
        for made, words in ((self.list, tr("In order")), (self.balance, tr("Balance"))):
            made.setText(words)
            made.setCheckable(True)
            self._group.addButton(made)
        self.list.setChecked(True)
        self.table = RowsTable(HEADINGS, tr("Assignment"), stretch=CLIP, drop=DROPPED)
        self._group.buttonClicked.connect(self._show)
        self.go.clicked.connect(lambda: self.wanted.emit(self.seed.value()))
        head = row(self.note, self.go, spacing=SPACE_M)
        head.setStretch(0, 1)
        choose = row(self.list, self.balance, None, label(tr("Seed"), "soft"), self.seed, spacing=SPACE_S)
        lay_scrolled(self, column(head, choose, self.table, spacing=SPACE_M, margins=SPACE_S))

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The stored assignment; empty if there is none."""
        return self._shown.slots if self._shown is not None else ()

    def show_plan(self, shown: StudySetup) -> None:
        """Show a study's assignment, or a preview of it."""
        if self._shown is None or self._shown.seed != shown.seed or not self._shown.slots:
            self.seed.setValue(shown.seed)
        self._shown = shown
        self._show()

    def _show(self) -> None:
        shown = self._shown
        if shown is None or shown.state is None:
            return
        planned = shown.plan.slots if shown.plan is not None else ()
        fresh = not shown.slots
        current = planned == shown.slots
        slots = planned if fresh else shown.slots
        self.go.setEnabled(shown.plan is not None)
        self.go.setText(tr("Assign the clips") if fresh else tr("Assign again"))
        lines = []
        if shown.why_not:
            lines.append(shown.why_not)
        elif fresh:
            lines.append(tr("This is a preview. Nothing has been assigned yet."))
        elif current:
            lines.append(tr("Assigned. Nothing has changed since."))
        else:
            lines.append(
                tr("Clips, raters or the design have changed: assign again. What raters have begun stays as it is.")
            )
        if shown.plan is not None:
            lines += shown.plan.notes
            if shown.plan.missing:
                lacking = sum(shown.plan.missing.values())
                lines.append(
                    tr(
                        "{judgements_have} no rater yet. Add raters, or ask for fewer raters for each clip.",
                        judgements_have=many(lacking, tr("judgement has"), tr("judgements have")),
                    )
                )
        set_tone(self.note, "warning" if shown.why_not or len(lines) > 1 else "")
        self.note.setText(" ".join(lines))
        if self.balance.isChecked():
            names = [plain(condition.name) for condition in shown.state.record.study.conditions]
            self.table.columns.set_rules(-1)
            self.table.show_rows(balance_rows(shown.state.record.study, slots), (tr("Rater"), *names, tr("In all")))
        else:
            rows = [
                (*one[:4], plain(one[4]), one[5], KIND_WORDS.get(one[6], one[6]), one[7]) for one in preview_rows(slots)
            ]
            self.table.columns.set_rules(CLIP, DROPPED)
            self.table.show_rows(rows, HEADINGS)
