"""An answer on the same rows that raters have, to be corrected."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.answers import Answer
from app.services.study.opened import OpenedAnswer
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.judging.draft import RatingDraft
from app.ui.parts.judging.questions import Questions
from app.ui.parts.widgets.basic import column, label


class AnswerTab(QWidget):
    """The questions, filled with one answer.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    changed = Signal()
    save_wanted = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: OpenedAnswer | None = None
        self.questions = Questions(context)
        self.note = label(kind="soft", wrap=True)
        self.setLayout(column(self.note, self.questions))
        self.questions.changed.connect(self.changed)
        self.questions.next_wanted.connect(self.save_wanted)

    def show_answer(self, opened: OpenedAnswer) -> None:
        """Put an answer into the rows."""
        self._opened = opened
        study = opened.task.study
        self.questions.build(study, study.language)
        self.questions.show_draft(RatingDraft.of(study, opened.stored.answer))
        self.questions.setEnabled(opened.editable)
        words = ""
        if opened.voided:
            words = tr("Void: it counts as missing. Restore an earlier revision, or give new values.")
        elif not opened.editable:
            words = (
                tr("This is practice: it is only shown, never analysed or changed.")
                if opened.stored.key.purpose == "practice"
                else tr("This is an attention check: it is only shown, never analysed or changed.")
            )
        self.note.setText(words)
        self.note.setVisible(bool(words))

    @property
    def answer(self) -> Answer | None:
        """The answer that the rows hold now; None without one."""
        return self.questions.draft.answer() if self.questions.draft is not None else None

    @property
    def dirty(self) -> bool:
        """Whether the rows differ from the stored answer."""
        answer, opened = self.answer, self._opened
        if answer is None or opened is None:
            return False
        return _said(answer) != _said(opened.stored.answer)

    def focus_first(self) -> None:
        """Put the keyboard on the first question."""
        if self.questions.stops and self.questions.isEnabled():
            self.questions.stops[0].setFocus()


def _said(answer: Answer) -> tuple[object, ...]:
    """Return everything that was said, without how long it took."""
    parts = {name: (given.score, given.missing_reason) for name, given in answer.intensities.items()}
    return parts, answer.category, answer.category_missing, answer.confidence, answer.comment.strip()
