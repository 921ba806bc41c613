"""Corrections of what raters gave: save, void and restore, each with a reason and with undo."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services.study.opened import OpenedTrace
from app.ui.core.context import AppContext
from app.ui.core.seat import Seat
from app.ui.screens.answers.detail import Detail, last_said

if TYPE_CHECKING:
    from app.domain.changes import Edit


class Corrections(QObject):
    """Makes edits of the opened answer from what was typed, and asks for a missing reason.

    Args:
        context: The context with jobs and the undo stack.
        seat: The seat of the reviewer or owner.
        detail: The opened answer or trace.
        busy: Function that returns whether another answer is being read.

    Signals:
        made: Emitted when an edit is about to be applied.
        done: Emitted when it was applied.
    """

    made = Signal()
    done = Signal()

    def __init__(
        self, context: AppContext, seat: Seat, detail: Detail, busy: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._seat, self._detail, self._busy = context, seat, detail, busy

    def save(self) -> None:
        """Save the changes, if a reason is given."""
        opened, correcting = self._detail.opened, self._seat.correcting
        if opened is None or correcting is None or self._busy() or not self._detail.dirty:
            return
        if isinstance(opened, OpenedTrace):
            text = self._detail.trace_tab.note.text()
            self._do(lambda: correcting.note(opened, text))
            return
        answer = self._detail.answer
        if answer is not None:
            self._with_reason("save_wanted", lambda why: correcting.correct(opened, answer, why))

    def void(self) -> None:
        """Make the answer count as missing, or the trace not count."""
        opened, correcting = self._detail.opened, self._seat.correcting
        if opened is None or correcting is None or self._refuse_now():
            return
        if isinstance(opened, OpenedTrace):
            if opened.counts:
                self._with_reason("void_wanted", lambda why: correcting.reject(opened, why))
        elif opened.editable and not opened.voided:
            self._with_reason("void_wanted", lambda why: correcting.void(opened, why))

    def void_unseen(self, study: str, why: str) -> None:
        """Make all answers of a study that judge what was never shown count as missing."""
        correcting = self._seat.correcting
        if correcting is None:
            return
        if self._detail.dirty:
            self._detail.remind()
            return
        self._do(lambda: correcting.void_unseen(study, why))

    def restore(self) -> None:
        """Let an earlier revision count again: the chosen one, or else the newest that differs."""
        opened, correcting = self._detail.opened, self._seat.correcting
        if opened is None or correcting is None or self._refuse_now():
            return
        if isinstance(opened, OpenedTrace):
            if opened.acceptable:
                self._with_reason("restore_wanted", lambda why: correcting.accept(opened, why))
            return
        revision = self._detail.history.revision or last_said(opened)
        if opened.editable and revision is not None:
            self._with_reason("restore_wanted", lambda why: correcting.restore(opened, revision, why))

    def _with_reason(self, step: str, make: Callable[[str], "Edit"]) -> None:
        why = self._detail.why
        if not why:
            self._detail.expect(step)
            self._detail.ask_why()
            return
        self._do(lambda: make(why))

    def _do(self, make: Callable[[], "Edit"]) -> None:
        """Make an edit off the window's thread, then do it undoably."""

        def made(edit: "Edit") -> None:
            if edit.changes:
                self.made.emit()
                self._context.apply(edit)
                self.done.emit()

        self._context.query(lambda _project: make(), on_done=made)

    def _refuse_now(self) -> bool:
        """Return whether something else comes first: saving what was typed, or the answer that is being opened."""
        if self._detail.dirty:
            self._detail.remind()
        return self._busy() or self._detail.dirty
