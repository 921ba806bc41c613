"""The questions of a study as rows: emotions, category, confidence, comment. Keeps the draft consistent with them."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.answers import Intensity
from app.domain.study import Study, text_in
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.judging.anchors import Anchors
from app.ui.parts.judging.draft import CATEGORY, CONFIDENCE, RatingDraft
from app.ui.parts.judging.rows import CELL_HEIGHTS, ChoiceCell, ChoiceRow
from app.ui.parts.judging.wording import reason_words

MOST_IN_LINE = 11
"""Number of points of a scale side by side; a longer scale continues in the next line."""
CATEGORY_COLUMNS = 4
REASON_WEIGHT = 3.1
"""Width of "cannot tell" in points of the scale: the words and their key fit in the smallest window."""


class Questions(QScrollArea):
    """All questions of one study in one language.

    Args:
        context: What all screens share; the theme is taken from it.
        tab_stops: Whether Tab leads through the questions as through other fields; False if only the page moves the
            focus, by `move_focus`.
    """

    changed = Signal()
    next_wanted = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None, *, tab_stops: bool = True) -> None:
        super().__init__(parent)
        self._context, self._tab_stops = context, tab_stops
        self._study: Study | None = None
        self._language = ""
        self._current: QWidget | None = None
        self.draft: RatingDraft | None = None
        self.emotion_rows: dict[str, ChoiceRow] = {}
        self.category_row: ChoiceRow | None = None
        self.confidence_row: ChoiceRow | None = None
        # Until a study asks for comments nobody lays it out: it must have an owner all the same.
        self.comment = QLineEdit(self)
        self.comment.setAccessibleName(tr("Comment"))
        self.comment.hide()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        context.theme.changed.connect(self._keep_width)

    def build(self, study: Study, language: str) -> None:
        """Make the rows, unless they exist already."""
        if (study, language) == (self._study, self._language):
            return
        self._study, self._language, self._current = study, language, None
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, SPACE_S, 0)
        box.setSpacing(0)
        self._add_emotions(box, study, language)
        self._add_category(box, study, language)
        self._add_rest(box, study, language)
        box.addStretch(1)
        self.setWidget(page)
        self._keep_width()

    def show_draft(self, draft: RatingDraft) -> None:
        """Show what was given so far; nothing is chosen where nothing was given."""
        self.draft = draft
        for name, made in self.emotion_rows.items():
            self._show_emotion(name, made)
        self._show_category()
        self._show_confidence()
        self.comment.blockSignals(True)
        self.comment.setText(draft.comment)
        self.comment.blockSignals(False)
        self.verticalScrollBar().setValue(0)

    @property
    def current(self) -> QWidget | None:
        """The question that keys belong to. Only the rater changes it, whatever else is clicked or has the focus."""
        return self._current

    def give_key(self, event: QKeyEvent) -> bool:
        """Pass a key to the current question, whatever has the focus.

        Returns:
            Whether it was one of the question's keys.
        """
        made = self._current
        if not isinstance(made, ChoiceRow) or not self.isEnabled() or made.hasFocus():
            return False
        made.setFocus()
        event.accept()
        made.keyPressEvent(event)
        return event.isAccepted()

    def take_keyboard(self) -> bool:
        """Put the keyboard focus on the current question.

        Returns:
            False if there is none, or none can be answered now.
        """
        if self._current is None or not self.isEnabled():
            return False
        self._current.setFocus()
        return True

    def undo(self) -> str | None:
        """Undo the last step.

        Returns:
            The present value in words; None if there was nothing to undo.
        """
        question = self.draft.undo() if self.draft is not None else None
        if self.draft is None or question is None:
            return None
        self.show_draft(self.draft)
        rows = {**self.emotion_rows, CATEGORY: self.category_row, CONFIDENCE: self.confidence_row}
        made = rows.get(question)
        if made is not None:
            self._go_to(made)
        self.changed.emit()
        return tr("Undone. {what}.", what=made.accessibleName()) if made is not None else tr("Undone.")

    @property
    def stops(self) -> list[QWidget]:
        """Return the widgets that the keyboard focus visits, in their order."""
        stops: list[QWidget] = list(self.emotion_rows.values())
        stops += [made for made in (self.category_row, self.confidence_row) if made is not None]
        if self._study is not None and self._study.comments:
            stops.append(self.comment)
        return stops

    def focus_first(self) -> None:
        """Put the keyboard focus on the first open question, or else on the first one."""
        draft = self.draft
        for name, made in self.emotion_rows.items():
            if draft is not None and name in draft.open_emotions():
                self._go_to(made)
                return
        if draft is not None and draft.category_open and self.category_row is not None:
            self._go_to(self.category_row)
        elif self.stops:
            self._go_to(self.stops[0])

    def move_focus(self, step: int) -> None:
        """Move to the next or the previous question; at the ends, the focus stays."""
        stops, now = self.stops, self._current
        at = next((i for i, stop in enumerate(stops) if stop is now), None)
        to = (0 if step > 0 else len(stops) - 1) if at is None else min(max(at + step, 0), len(stops) - 1)
        if stops:
            self._go_to(stops[to])

    def alarm(self) -> None:
        """Mark the open questions and put the keyboard focus on the first of them."""
        if self.draft is None:
            return
        for name in self.draft.open_emotions():
            self.emotion_rows[name].set_alarm(True)
        if self.draft.category_open and self.category_row is not None:
            self.category_row.set_alarm(True)
        self.focus_first()

    def cannot_tell_all(self) -> None:
        """Give "cannot tell" for everything that is open; a second call undoes this."""
        if self.draft is not None:
            if self.draft.given_up:
                self.draft.take_back()
            else:
                self.draft.give_up("cannot_tell")
            self.show_draft(self.draft)
            self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # a scroll area would take the arrows for itself

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the comment line: Up, Tab back and Enter lead out of it; Escape too."""
        if watched is self.comment and event.type() == QEvent.Type.FocusIn:
            self._on_focused(self.comment)
        if watched is self.comment and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.next_wanted.emit()
                return True
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Backtab, Qt.Key.Key_Escape):
                self.move_focus(-1)
                return True
        return super().eventFilter(watched, event)

    def _keep_height(self) -> None:
        """Make rows as low as it takes to show all questions at once: what scrolls away is forgotten."""
        page = self.widget()
        rows = [stop for stop in self.stops if isinstance(stop, ChoiceRow)]
        if page is None or not rows:
            return
        for height in CELL_HEIGHTS:
            for made in rows:
                made.set_cell_height(height)
            layout = page.layout()
            if layout is not None:
                layout.invalidate()
            if page.sizeHint().height() <= self.viewport().height():
                break

    def _keep_width(self) -> None:
        """Never narrower than the rows: nobody should have to scroll sideways to a question."""
        page = self.widget()
        if page is not None:
            self.setMinimumWidth(page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())
        self._keep_height()

    def _add_emotions(self, box: QVBoxLayout, study: Study, language: str) -> None:
        self.emotion_rows = {}
        if not study.emotions:
            return
        points = range(study.scale.low, study.scale.high + 1)
        labels = {term.name: term.label(language) for term in study.emotions}
        width = min(max(len(words) for words in labels.values()), 16)
        anchors = {p: text_in(study.scale.anchors.get(str(p), {}), language) for p in points}
        one_line = len(points) <= MOST_IN_LINE
        cells = [ChoiceCell(str(p), tip=f"{p} {anchors[p]}".strip()) for p in points]
        if one_line:
            box.addWidget(Anchors(self._context, anchors, width))
        for term in study.emotions:
            made = ChoiceRow(
                self._context.theme,
                labels[term.name],
                [*cells, ChoiceCell(reason_words("cannot_tell"), "X", weight=REASON_WEIGHT if one_line else 1)],
                width,
                0 if one_line else MOST_IN_LINE,
                tab_stop=self._tab_stops,
            )
            made.setToolTip(text_in(term.hint, language))
            made.chosen.connect(partial(self._on_emotion, term.name))
            made.cleared.connect(partial(self._on_emotion_cleared, term.name))
            self._link(made)
            self.emotion_rows[term.name] = made
            box.addWidget(made)

    def _add_category(self, box: QVBoxLayout, study: Study, language: str) -> None:
        self.category_row = None
        if not study.categories:
            return
        box.addSpacing(SPACE_S)
        cells = [
            ChoiceCell(term.label(language), str(i) if i <= 9 else "", text_in(term.hint, language))
            for i, term in enumerate(study.categories, 1)
        ]
        made = ChoiceRow(
            self._context.theme,
            study.instruction("question.category", language) or tr("Which one fits best?"),
            [*cells, ChoiceCell(reason_words("cannot_tell"), "X")],
            columns=CATEGORY_COLUMNS,
            tab_stop=self._tab_stops,
        )
        made.chosen.connect(self._on_category)
        made.cleared.connect(self._on_category_cleared)
        self._link(made)
        self.category_row = made
        box.addWidget(made)

    def _add_rest(self, box: QVBoxLayout, study: Study, language: str) -> None:
        self.confidence_row = None
        if study.confidence_levels:
            made = ChoiceRow(
                self._context.theme,
                study.instruction("question.confidence", language) or tr("How sure are you?"),
                [
                    ChoiceCell(
                        str(i), tip=tr("{i} of {confidence_levels}", i=i, confidence_levels=study.confidence_levels)
                    )
                    for i in range(1, study.confidence_levels + 1)
                ],
                16,
                min(study.confidence_levels, MOST_IN_LINE),
                tab_stop=self._tab_stops,
            )
            made.setToolTip(
                tr(
                    "1 not at all, {confidence_levels} quite sure. May be left open.",
                    confidence_levels=study.confidence_levels,
                )
            )
            made.chosen.connect(self._on_confidence)
            made.cleared.connect(self._on_confidence_cleared)
            self._link(made)
            self.confidence_row = made
            box.addSpacing(SPACE_S)
            box.addWidget(made)
        if study.comments:
            self.comment = QLineEdit()
            self.comment.setPlaceholderText(tr("Comment (may be left empty)"))
            self.comment.setAccessibleName(tr("Comment"))
            if not self._tab_stops:
                self.comment.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self.comment.textChanged.connect(self._on_comment)
            self.comment.installEventFilter(self)
            box.addSpacing(SPACE_M)
            box.addWidget(self.comment)

    def _link(self, made: ChoiceRow) -> None:
        made.finished.connect(partial(self._on_finished, made))
        made.focused.connect(partial(self._on_focused, made))

    def _go_to(self, stop: QWidget) -> None:
        """Make a question the current one; a window in the background tells of no focus, so it is not waited for."""
        self._on_focused(stop)
        stop.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_focused(self, made: QWidget) -> None:
        self._current = made
        for stop in self.stops:
            if isinstance(stop, ChoiceRow):
                stop.set_current(stop is made)
        self.ensureWidgetVisible(made, 0, 24)

    def _on_finished(self, made: ChoiceRow) -> None:
        if made is not self.confidence_row:  # behind it lies only the comment, where keys would be letters
            self.move_focus(1)

    def _show_emotion(self, name: str, made: ChoiceRow) -> None:
        if self.draft is None or self._study is None:
            return
        score, reason = self.draft.score(name), self.draft.reason(name)
        last = len(made.cells) - 1
        made.set_cell(last, _reason_cell(made.cells[last], reason))
        made.set_at(last if reason else None if score is None else score - self._study.scale.low)
        was = self.draft.was(name)
        if isinstance(was, Intensity):
            made.set_was(last if was.score is None else was.score - self._study.scale.low)
        else:
            made.set_was(None)

    def _show_category(self) -> None:
        made, draft = self.category_row, self.draft
        if made is None or draft is None or self._study is None:
            return
        last = len(made.cells) - 1
        made.set_cell(last, _reason_cell(made.cells[last], draft.category_missing))
        names = self._study.category_names
        made.set_at(names.index(draft.category) if draft.category else last if draft.category_missing else None)
        was = draft.was(CATEGORY)
        made.set_was((names.index(was[0]) if was[0] else last) if isinstance(was, tuple) else None)

    def _show_confidence(self) -> None:
        made, draft = self.confidence_row, self.draft
        if made is not None and draft is not None:
            made.set_at(None if draft.confidence is None else draft.confidence - 1)
            was = draft.was(CONFIDENCE)
            made.set_was(was - 1 if isinstance(was, int) else None)

    def _on_emotion(self, name: str, number: int) -> None:
        if self.draft is None or self._study is None:
            return
        made = self.emotion_rows[name]
        if number == len(made.cells) - 1:
            self.draft.next_reason(name)
        else:
            self.draft.set_score(name, self._study.scale.low + number)
        self._show_emotion(name, made)
        self.changed.emit()

    def _on_emotion_cleared(self, name: str) -> None:
        if self.draft is not None:
            self.draft.clear(name)
            self._show_emotion(name, self.emotion_rows[name])
            self.changed.emit()

    def _on_category(self, number: int) -> None:
        if self.draft is None or self._study is None:
            return
        if number == len(self._study.categories):
            self.draft.next_category_reason()
        else:
            self.draft.set_category(self._study.category_names[number])
        self._show_category()
        self.changed.emit()

    def _on_category_cleared(self) -> None:
        if self.draft is not None:
            self.draft.clear_category()
            self._show_category()
            self.changed.emit()

    def _on_confidence(self, number: int) -> None:
        if self.draft is not None:
            self.draft.set_confidence(number + 1)
            self._show_confidence()
            self.changed.emit()

    def _on_confidence_cleared(self) -> None:
        if self.draft is not None:
            self.draft.set_confidence(None)
            self._show_confidence()
            self.changed.emit()

    def _on_comment(self, text: str) -> None:
        if self.draft is not None:
            self.draft.comment = text
            self.changed.emit()


def _reason_cell(cell: ChoiceCell, reason: str) -> ChoiceCell:
    return ChoiceCell(reason_words(reason or "cannot_tell"), cell.key, cell.tip, cell.weight)
