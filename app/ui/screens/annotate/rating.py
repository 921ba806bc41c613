"""The rating screen: the clip at the left, the questions at the right, the keys at the foot."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.answers import Answer
from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.judging.draft import RatingDraft
from app.ui.parts.judging.hints import Hints
from app.ui.parts.judging.keyboard import KeyboardHome
from app.ui.parts.judging.keys import meant
from app.ui.parts.judging.playbar import PlayBar
from app.ui.parts.judging.presenter import Presenter
from app.ui.parts.judging.questions import Questions
from app.ui.parts.judging.stage import Stage
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.screens.annotate.batch import BatchStrip
from app.ui.screens.annotate.header import Header

# A narrow window leaves out the last ones.
HINTS = (
    ("↑ ↓", tr("question")),
    ("0–9", tr("rate, next question")),
    ("X", tr("cannot tell")),
    ("Enter", tr("save, next")),
    ("Space", tr("play")),
    ("R", tr("again")),
    ("Ctrl+X", tr("cannot judge the clip")),
    ("← →", tr("change")),
)


class RatingPage(QWidget):
    """Shows one task at a time and gathers its answer.

    Args:
        context: The context that the screens share.
    """

    submitted = Signal(object, object)
    skipped = Signal(str)
    pause_wanted = Signal()
    back_wanted = Signal()
    picked = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.header = Header(context)
        self.stage = Stage(context.theme)
        self.presenter = Presenter(context, self.stage, self)
        self.bar = PlayBar(context, self.presenter)
        self.questions = Questions(context, tab_stops=False)
        self.strip = BatchStrip(context)
        self.hints = Hints(HINTS)
        self.note = label(kind="soft", wrap=True)
        self.next = button(tr("Save and continue"), "primary", tip="Enter")
        self.none = button(
            tr("Cannot judge this clip"),
            "link",
            tip=tr("Answers “cannot tell” to every open question (Ctrl+X; press again to undo)"),
        )
        self._busy = False
        for made in (self.next, self.none):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.next.clicked.connect(self.submit)
        self.none.clicked.connect(self.questions.cannot_tell_all)
        self._lay_out()
        # Nothing that is clicked takes the keyboard from the question that the rater is at.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._home = KeyboardHome(self, self._take_keyboard)
        self.header.pause_wanted.connect(self.pause_wanted)
        self.header.back_wanted.connect(self.back_wanted)
        self.strip.picked.connect(self.picked)
        self.stage.clicked.connect(self.presenter.toggle)
        self.presenter.changed.connect(self._refresh)
        self.questions.changed.connect(self._refresh)
        self.questions.next_wanted.connect(self.submit)

    def show_task(
        self, task: Task, draft: RatingDraft, language: str, *, correcting: bool = False, notice: str = ""
    ) -> None:
        """Put a task on the screen.

        Args:
            task: The task.
            draft: The answer so far.
            language: Language of labels.
            correcting: Whether an earlier answer is corrected.
            notice: What is new about this task; it is shown before the task plays.
        """
        self._unlock()
        self.questions.build(task.study, language)
        draft.restart_clock()
        self.questions.show_draft(draft)
        self.next.setText(tr("Save the correction") if correcting else tr("Save and continue"))
        self.none.setVisible(task.purpose != "attention")
        if correcting:
            # Not shown again: what was seen for this answer is what its log says.
            self.presenter.show_words(task, tr("Correct your previous answer. The clip is not shown again."))
        else:
            self.presenter.show(task, notice=notice)
        if not self.presenter.unshown_reason:
            self.questions.focus_first()
        self._refresh()

    @property
    def draft(self) -> RatingDraft | None:
        """The answer so far; None without a task."""
        return self.questions.draft

    def submit(self) -> None:
        """Submit the answer if it is complete; otherwise show what is open."""
        task, draft = self.presenter.task, self.draft
        if task is None or draft is None or self._busy:
            return
        if self.presenter.unshown_reason:
            # What was never seen is not judged, whatever was pressed meanwhile.
            self.lock()
            self.skipped.emit(self.presenter.unshown_reason)
            return
        if not self.presenter.seen_whole:
            self.note.setText(tr("Watch the clip to the end once."))
            self.presenter.play()
            return
        attention = task.purpose == "attention"
        if not (draft.complete or (attention and draft.touched)):
            self.questions.alarm()
            self.note.setText(self._open_words())
            return
        self.lock()
        answer: Answer = draft.answer()
        # One word of the whole clip is another thing than the same word of each question.
        whole = {"missing_reason": "cannot_tell"} if draft.declined else {}
        self.submitted.emit(answer, self.presenter.log(**whole))

    def lock(self) -> None:
        """Ignore keys until the next task is shown, because they would belong to no task."""
        self._busy = True
        self.setFocus()
        self.questions.setEnabled(False)
        self.presenter.pause()
        self._refresh()

    def failed(self) -> None:
        """Keep the answer, which could not be saved, so that it can be submitted again."""
        self._unlock()
        self._refresh()
        self.questions.focus_first()
        self.note.setText(tr("Not saved yet. Your answer is still here: press Enter to try again."))

    def clear(self) -> None:
        """Stop playing and show nothing."""
        self.presenter.clear()

    def close_page(self) -> None:
        """Stop for good."""
        self.presenter.close()

    def hideEvent(self, event: QHideEvent) -> None:
        self.presenter.pause()
        super().hideEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return False  # Tab is a key like any other here: it must not lead to a part that takes no digits

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._busy or self.questions.give_key(event):
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not (self._with_control if control else self._plain)(meant(event)):
            event.ignore()

    def _with_control(self, key: Qt.Key) -> bool:
        """A key pressed with Ctrl; returns whether it was one of this page's."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif key == Qt.Key.Key_Z:
            self._undo()
        elif key == Qt.Key.Key_X and self.none.isVisible() and self.none.isEnabled():
            self.questions.cannot_tell_all()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.strip.step(-1 if key == Qt.Key.Key_Left else 1)
        else:
            return False
        return True

    def _plain(self, key: Qt.Key) -> bool:
        """A key pressed alone or with Shift; returns whether it was one of this page's."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self.questions.move_focus(-1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self.questions.move_focus(1)
        elif key == Qt.Key.Key_Space:
            self.presenter.toggle()
        elif key == Qt.Key.Key_R:
            self.presenter.replay()
        elif key == Qt.Key.Key_Escape:
            self.pause_wanted.emit()
        elif key == Qt.Key.Key_PageUp:
            self.back_wanted.emit()
        else:
            return False
        return True

    def _take_keyboard(self) -> None:
        if not self.questions.take_keyboard():
            self.setFocus()

    def _undo(self) -> None:
        said = self.questions.undo() if self.questions.isEnabled() else None
        self.note.setText(said or tr("There is nothing to undo."))

    def _unlock(self) -> None:
        self._busy = False
        self.questions.setEnabled(not self.presenter.unshown_reason)

    def _lay_out(self) -> None:
        picture = Card(margins=0)
        picture.body.setSpacing(0)
        picture.body.addWidget(self.stage, 1)
        under = row(self.bar, margins=SPACE_S)
        picture.body.addLayout(under)
        form = Card(margins=SPACE_M)
        form.body.addWidget(self.questions, 1)
        form.body.addWidget(self.note)
        form.body.addLayout(row(self.none, None, self.next, spacing=SPACE_M))
        middle = row(picture, form, spacing=SPACE_S)
        middle.setStretch(0, 11)
        middle.setStretch(1, 10)
        box = column(self.header, self.strip, middle, self.hints, spacing=SPACE_M, margins=SPACE_S)
        box.setStretch(2, 1)
        box.setContentsMargins(SPACE_L, SPACE_S, SPACE_S, SPACE_S)
        self.setLayout(box)

    def _refresh(self) -> None:
        draft, task = self.draft, self.presenter.task
        if draft is None or task is None:
            return
        if self.presenter.unshown_reason and not self._busy:
            self._offer_to_go_on()
            return
        attention = task.purpose == "attention"
        complete = draft.complete or (attention and draft.touched)
        self.none.setText(tr("Undo “cannot judge”") if draft.given_up else tr("Cannot judge this clip"))
        self.next.setEnabled(complete and self.presenter.seen_whole and not self._busy)
        if self._busy:
            self.note.setText(tr("Saving …"))
        elif draft.declined and self.presenter.seen_whole:
            self.note.setText(tr("Marked as “cannot judge”. Press Enter to save, or Ctrl+X to undo."))
        elif complete and not self.presenter.seen_whole:
            self.note.setText(tr("Once the clip is over, press Enter."))
        elif complete:
            self.note.setText(tr("Complete. Press Enter."))
        else:
            self.note.setText(self._open_words())

    def _offer_to_go_on(self) -> None:
        """Nothing can be judged: the questions are closed, and one button is left."""
        self.questions.setEnabled(False)
        self.none.setVisible(False)
        self.next.setText(tr("Continue"))
        self.next.setEnabled(True)
        self.note.setText(tr("This clip cannot be shown, so there is nothing to answer. Press Enter to continue."))
        if not self.hasFocus():
            self.setFocus()

    def _open_words(self) -> str:
        draft = self.draft
        if draft is None:
            return ""
        left = len(draft.open_emotions()) + int(draft.category_open)
        total = len(draft.study.emotions) + int(bool(draft.study.categories))
        return tr("Still open: {left} of {total}", left=left, total=total) if left else ""
