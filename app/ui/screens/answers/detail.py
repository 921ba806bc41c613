"""The right half of the answers screen: an answer or trace in full, its clip as the rater saw it, and the actions."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QStackedWidget, QTabWidget, QWidget

from app.domain.answers import Answer
from app.domain.words import plain
from app.services.study.opened import OpenedAnswer, OpenedTrace
from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.judging.playbar import PlayBar
from app.ui.parts.judging.presenter import Presenter
from app.ui.parts.judging.stage import Stage
from app.ui.parts.widgets.basic import Card, button, column, label, row, set_tone
from app.ui.parts.widgets.spoken import pass_over_pages
from app.ui.screens.answers import words
from app.ui.screens.answers.answer import AnswerTab
from app.ui.screens.answers.history import HistoryTab
from app.ui.screens.answers.trace import TraceTab

LOW_PX, WIDE_PX = 480, 540
"""Height in pixels, before the text scale."""
_CHANGED = tr("Not saved yet: Ctrl+S saves it, Esc discards it.")


class Detail(QWidget):
    """One answer or trace.

    Args:
        context: The context that the screens share.
    """

    save_wanted = Signal()
    void_wanted = Signal()
    restore_wanted = Signal()
    left = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.opened: OpenedAnswer | OpenedTrace | None = None
        self.heading = label(kind="title", wrap=True)
        self.back = button(tr("List"), "link", icon_name="back", tip=tr("Back to the list (Esc)"))
        self.beside = button(
            tr("Side by side"), "link", tip=tr("This item in all its viewing conditions, with every rater's points")
        )
        self.facts = label(kind="small", wrap=True)
        self.stage = Stage(context.theme)
        self.presenter = Presenter(context, self.stage, self)
        self.bar = PlayBar(context, self.presenter)
        self.bar.play.setToolTip(tr("Play or pause (Ctrl+Space)"))
        self.bar.again.setToolTip(tr("From the beginning"))
        self.answer_tab = AnswerTab(context)
        self.trace_tab = TraceTab(context, self.presenter)
        self.history = HistoryTab()
        self.says = QStackedWidget()
        self.tabs = QTabWidget()
        pass_over_pages(self.tabs)
        self.tabs.setAccessibleName(tr("Answer and its revisions"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("Why? Every change needs a reason"))
        self.reason.setAccessibleName(tr("Reason for the change"))
        self.note = label(kind="soft", wrap=True)
        self.save = button(tr("Save correction"), "primary", tip=tr("As a new revision (Ctrl+S)"))
        self.discard = button(tr("Take back"), tip=tr("Discard unsaved changes (Esc)"))
        self.restore = button(tr("Restore"), icon_name="undo", tip="Ctrl+R")
        self.void = button(tr("Void"), "danger", tip=tr("The answer stays, but counts as missing (Ctrl+Delete)"))
        self._lay_out()
        self._connect()

    def show_opened(self, opened: OpenedAnswer | OpenedTrace) -> None:
        """Show an answer or a trace. The clip is opened only if it is another one."""
        before = self.opened
        again = before is not None and _same(before, opened)
        if again and before is not None:
            opened = replace(opened, task=before.task)  # what is on the stage
        self.opened = opened
        if isinstance(opened, OpenedAnswer):
            self.says.setCurrentWidget(self.answer_tab)
            self.answer_tab.show_answer(opened)
            self.history.show_answer(opened)
            count = len(opened.revisions)
            imported = words.SOURCES[opened.revisions[0].stored.circumstances.source]
        else:
            self.says.setCurrentWidget(self.trace_tab)
            self.trace_tab.show_trace(opened)
            self.history.show_trace(opened)
            count = len(opened.notes) + 1
            imported = opened.record.device
        self.heading.setText(_heading(opened))
        self.facts.setText(words.shown(opened.presentation, imported))
        self.tabs.setTabText(0, tr("Answer") if isinstance(opened, OpenedAnswer) else tr("Trace"))
        self.tabs.setTabText(1, tr("Revisions ({count})", count=count) if count > 1 else tr("Revisions"))
        self.reason.clear()
        set_tone(self.note, "")
        if not again:
            self.presenter.show(opened.task, auto=False)
        self.refresh()

    def clear(self) -> None:
        """Show nothing."""
        self.opened = None
        self.presenter.clear()

    def close_page(self) -> None:
        """Stop for good."""
        self.presenter.close()

    @property
    def dirty(self) -> bool:
        """Whether something was changed and not saved."""
        if isinstance(self.opened, OpenedAnswer):
            return self.answer_tab.dirty
        return self.opened is not None and self.trace_tab.dirty

    @property
    def answer(self) -> Answer | None:
        """The answer that the rows hold now; None without one."""
        return self.answer_tab.answer

    @property
    def why(self) -> str:
        """Return the reason that was typed."""
        return self.reason.text().strip()

    def ask_why(self) -> None:
        """Put the keyboard focus on the field of the reason."""
        self.reason.setFocus()
        self.note.setText(tr("Say in a few words why, then press Enter. It is stored with the change for good."))
        set_tone(self.note, "warning")

    def take_back(self) -> None:
        """Discard unsaved changes."""
        if isinstance(self.opened, OpenedAnswer):
            self.answer_tab.show_answer(self.opened)
        elif self.opened is not None:
            self.trace_tab.show_trace(self.opened)
        self.reason.clear()
        self.refresh()

    def remind(self) -> None:
        """Say that there are unsaved changes."""
        self.note.setText(_CHANGED)
        set_tone(self.note, "warning")

    def focus_first(self) -> None:
        """Put the keyboard on the first thing that can be changed."""
        self.tabs.setCurrentIndex(0)
        if isinstance(self.opened, OpenedAnswer):
            self.answer_tab.focus_first()
        elif self.opened is not None:
            self.trace_tab.focus_first()

    def refresh(self) -> None:
        """Update the buttons."""
        opened, dirty = self.opened, self.dirty
        rating = isinstance(opened, OpenedAnswer)
        self.save.setEnabled(dirty)
        self.save.setText(tr("Save correction") if rating else tr("Save note"))
        self.discard.setVisible(dirty)
        if isinstance(opened, OpenedAnswer):
            self.void.setText(tr("Void"))
            self.void.setVisible(opened.editable and not opened.voided)
            chosen = self.history.revision if self.tabs.currentIndex() == 1 else None
            if chosen is None and opened.voided:
                chosen = last_said(opened)
            self.restore.setText(tr("Restore revision {chosen}", chosen=chosen))
            self.restore.setVisible(opened.editable and chosen is not None)
            self.save.setVisible(opened.editable)
            self.reason.setVisible(opened.editable)
        elif opened is not None:
            self.void.setText(tr("Reject"))
            self.void.setVisible(opened.counts)
            self.restore.setText(tr("Accept again") if opened.rejected else tr("Accept"))
            self.restore.setVisible(opened.acceptable)
            self.save.setVisible(True)
            self.reason.setVisible(opened.counts or opened.acceptable)
        self.note.setText(_CHANGED if dirty else "")
        set_tone(self.note, "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the clip beside the answer if the pane is low but wide."""
        scale = self._context.theme.scale
        low = self.height() < LOW_PX * scale and self.width() > WIDE_PX * scale
        wanted = Qt.Orientation.Horizontal if low else Qt.Orientation.Vertical
        if wanted != self.split.orientation():
            self.split.setOrientation(wanted)
            self.split.setSizes([260, 440])
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move among the questions with Up and Down, as raters do. Esc discards unsaved changes, then leads out."""
        key = event.key()
        questions = self.answer_tab.questions
        inside = questions.isAncestorOf(self.window().focusWidget() or self)
        if key == Qt.Key.Key_Escape:
            if self.dirty:
                self.take_back()
            else:
                self.left.emit()
        elif inside and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            questions.move_focus(-1 if key == Qt.Key.Key_Up else 1)
        elif inside and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save_wanted.emit()
        else:
            event.ignore()

    def _lay_out(self) -> None:
        self.says.addWidget(self.answer_tab)
        self.says.addWidget(self.trace_tab)
        self.tabs.addTab(self.says, tr("Answer"))
        self.tabs.addTab(self.history, tr("Revisions"))
        self.stage.setMinimumSize(200, 110)
        above = QWidget()
        shown = column(self.stage, self.bar, self.facts, spacing=SPACE_S)
        shown.setStretch(0, 1)
        above.setLayout(shown)
        below = QWidget()
        buttons = row(self.save, self.discard, None, self.restore, self.void, spacing=SPACE_S)
        box = column(self.tabs, self.reason, self.note, buttons, spacing=SPACE_S)
        box.setStretch(0, 1)
        below.setLayout(box)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(above)
        self.split.addWidget(below)
        self.split.setSizes([260, 440])
        self.split.setStretchFactor(1, 1)
        card = Card(margins=SPACE_M)
        head = row(self.back, self.heading, self.beside, spacing=SPACE_S)
        head.setStretch(1, 1)
        card.body.addLayout(head)
        card.body.addWidget(self.split, 1)
        self.setLayout(column(card))

    def _connect(self) -> None:
        self.answer_tab.changed.connect(self.refresh)
        self.trace_tab.changed.connect(self.refresh)
        self.history.chosen.connect(self.refresh)
        self.tabs.currentChanged.connect(self.refresh)
        for signal in (self.answer_tab.save_wanted, self.trace_tab.save_wanted, self.save.clicked):
            signal.connect(lambda *_: self.save_wanted.emit())
        self.reason.returnPressed.connect(self._on_reason)
        self.discard.clicked.connect(self.take_back)
        self.back.clicked.connect(self._on_back)
        self.beside.clicked.connect(self._on_beside)
        self.void.clicked.connect(lambda: self.void_wanted.emit())
        self.restore.clicked.connect(lambda: self.restore_wanted.emit())
        self.stage.clicked.connect(self.presenter.toggle)
        self._wanted = self.save_wanted

    def expect(self, signal_name: str) -> None:
        """Set what Enter in the reason line does: the step that asked for the reason."""
        self._wanted = getattr(self, signal_name)

    def _on_back(self) -> None:
        if self.dirty:
            self.remind()
        else:
            self.left.emit()

    def _on_beside(self) -> None:
        item = self.opened.task.slot.slot.item if self.opened is not None else ""
        if item and self.dirty:
            self.remind()
        elif item:
            self._context.show_beside(item)

    def _on_reason(self) -> None:
        wanted, self._wanted = self._wanted, self.save_wanted
        if self.why:
            wanted.emit()


def last_said(opened: OpenedAnswer) -> int | None:
    """Return the number of the newest revision that differs from the one that counts; None for none."""
    said = [one.stored for one in opened.revisions if one.stored.answer != opened.stored.answer]
    return said[-1].revision if said else None


def _same(before: OpenedAnswer | OpenedTrace, now: OpenedAnswer | OpenedTrace) -> bool:
    """Return whether both are about the same presentation, so that its clip is on the stage already."""
    if isinstance(before, OpenedAnswer) and isinstance(now, OpenedAnswer):
        return before.stored.key == now.stored.key
    return isinstance(before, OpenedTrace) and isinstance(now, OpenedTrace) and before.record.id == now.record.id


def _heading(opened: OpenedAnswer | OpenedTrace) -> str:
    task: Task = opened.task
    slot = task.slot.slot
    rater = opened.rater if isinstance(opened, OpenedAnswer) else opened.record.rater
    parts = [rater, slot.item or slot.check]
    if task.condition is not None:
        parts.append(plain(task.condition.name))
    elif slot.condition:
        parts.append(tr("{condition} (no longer in the study)", condition=plain(slot.condition)))
    if slot.pass_no > 1:
        parts.append(tr("pass {pass_no}", pass_no=slot.pass_no))
    simulated = opened.stored.simulated if isinstance(opened, OpenedAnswer) else opened.record.simulated
    if simulated:
        parts.append("simulated")
    return " · ".join(parts)
