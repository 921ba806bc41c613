"""The answers screen: the sign-in, then the list at the left and one answer at the right. Changes can be undone."""

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QInputDialog, QSplitter, QStackedWidget, QWidget

from app.domain.changes import Changes
from app.domain.corrections import ListedAnswer
from app.services.study.corrections import AnswerCorrections
from app.services.study.opened import OpenedAnswer, OpenedTrace
from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.core.whose import NAMED, Whose
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.judging.hints import Hints
from app.ui.parts.signing.gate import Gate, refuse
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.parts.widgets.empty import EmptyState
from app.ui.screens.answers import words
from app.ui.screens.answers.corrections import Corrections
from app.ui.screens.answers.detail import Detail
from app.ui.screens.answers.export import OFFER, ask_answers
from app.ui.screens.answers.listing import Listing
from app.ui.screens.answers.people import ask_reviewer

NARROW_PX = 780
"""Below this width, before the text scale, list and answer do not fit side by side."""
TOUCHED: Final = ("answer", "trace", "study", "item", "clip")
Loaded = tuple[list[str], list[ListedAnswer], "OpenedAnswer | OpenedTrace | None"]


class AnswersScreen(QWidget):
    """The screen on which answers are looked through and corrected.

    Args:
        context: The context that the screens share.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._stale = self._saved = False
        self._loading = self._then_change = False
        self._is_open = self._inside = False
        self.no_project = EmptyState(
            context.theme,
            "checks",
            tr("No project is open"),
            tr("Answers are stored in a project, beside their study."),
            ((tr("Open project…"), lambda: context.commands.run("project.open")),),
        )
        self.kit = EmptyState(
            context.theme, "person", tr("This is one rater's kit"),
            tr("Merge it into the project that it was made from. Answers are looked through there."),
        )  # fmt: skip
        self.gate = Gate(context)
        self.seat = context.seat
        self.nothing = EmptyState(
            context.theme, "checks", tr("Nobody has answered yet"), tr("What raters have judged is shown here."),
            ((tr("Annotate"), lambda: context.screen_requested.emit("annotate")),
             (tr("Study"), lambda: context.screen_requested.emit("study"))),
        )  # fmt: skip
        self.study = QComboBox()
        self.study.setAccessibleName(tr("Study"))
        self.who = label(kind="small")
        self.undo, self.redo = button("", icon_name="undo"), button("", icon_name="redo")
        self.out = button(
            tr("Sign out"),
            "link",
            tip=tr("Afterwards, changes can no longer be undone, but earlier revisions can be restored"),
        )
        self.add = button(tr("Add reviewer…"), "link", tip=tr("Let somebody else look through answers"))
        self.listing = Listing(context)
        self.detail = Detail(context)
        self.corrections = Corrections(context, self.seat, self.detail, lambda: self._loading, self)
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._set_open(False)
        self.reload()

    @property
    def correcting(self) -> AnswerCorrections | None:
        """The session of the person who looks; None where nobody does."""
        return self.seat.correcting

    @property
    def opened(self) -> OpenedAnswer | OpenedTrace | None:
        """The answer or trace at the right; None without one."""
        return self.detail.opened

    @property
    def loading(self) -> bool:
        """Whether the answer that was chosen in the list is still being read."""
        return self._loading

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: every row names its rater and clip."""
        return NAMED

    def screen_shown(self) -> None:
        """Reload when the screen becomes visible."""
        if self.correcting is None or self._stale:
            self.reload()
        page = self.stack.currentWidget()
        if page is self.main:
            self.leave()
        elif page is not None:
            page.setFocus()

    def screen_hidden(self) -> None:
        """Pause when another screen takes its place."""
        self.detail.presenter.pause()

    def unsaved(self) -> str:
        """Return a sentence on what would be lost; empty for nothing."""
        return tr("A corrected answer is not saved.") if self.correcting is not None and self.detail.dirty else ""

    def close_screen(self) -> None:
        """Stop everything when the window closes."""
        self.detail.close_page()

    def exports(self) -> list[Offer]:
        """Return what can be exported besides the list: the raw answers."""
        return [OFFER] if self.stack.currentWidget() is self.main else []

    def sign_out(self) -> None:
        """Clear the screen, because nobody is signed in any more."""
        self.seat.sign_out()

    def reload(self) -> None:
        """Read everything again, or who may sign in."""
        self._stale = False
        if self._context.project is None:
            self.stack.setCurrentWidget(self.no_project)
        elif self.correcting is None:
            self._ask_owner()
        else:
            row_now = self.listing.current
            self._load((row_now.kind, row_now.id) if row_now is not None else None)

    def change(self) -> None:
        """Put the keyboard focus into the answer as soon as it is shown."""
        self._then_change = self._loading
        if not self._loading:
            self._inside = True
            self._fit()
            self.detail.focus_first()

    def leave(self) -> None:
        """Go back to the list."""
        self._inside = False
        self._fit()
        self.listing.table.setFocus()

    # -- loading --------------------------------------------------------------------------------------------------

    def _load(self, keep: tuple[str, int] | None) -> None:
        correcting = self.correcting
        if correcting is not None:
            wanted, opened = self.study.currentText(), _key(self.opened)
            self._context.query(
                lambda _project: _read(correcting, wanted, opened),
                on_done=lambda found: self._on_loaded(correcting, keep, found),
                replace="answers.load",
            )

    def _on_loaded(self, correcting: AnswerCorrections, keep: tuple[str, int] | None, found: Loaded) -> None:
        if self.correcting is not correcting:
            return
        names, rows, opened = found
        before = self.study.currentText()
        self.study.blockSignals(True)
        self.study.clear()
        self.study.addItems(names)
        self.study.setCurrentIndex(max(self.study.findText(before), 0))
        self.study.blockSignals(False)
        self.study.setVisible(len(names) > 1)
        self.stack.setCurrentWidget(self.main if rows else self.nothing)
        if not rows:
            return
        if opened is not None and keep == _key(self.opened):
            keep = _key(opened)  # a correction has another number
            if self._saved or not self.detail.dirty or _key(opened) != _key(self.opened):
                self.detail.show_opened(opened)
        self._saved = False
        self.listing.fill(rows, keep)
        if self.opened is None:
            self._on_picked(self.listing.current)

    def _on_picked(self, chosen: ListedAnswer | None) -> None:
        correcting = self.correcting
        if correcting is None:
            return
        now = _key(self.opened)
        if chosen is None:
            self._set_open(False)
            return
        if (chosen.kind, chosen.id) == now:
            self._loading = False
            self._set_open(True)
            return
        if self.detail.dirty and now is not None and self.listing.model.row_of(*now) is not None:
            # Nothing that was typed is lost by a slip of the arrow keys.
            self._context.dispatcher(lambda: self.listing.choose(now))
            self.detail.remind()
            return
        kind, number = chosen.kind, chosen.id
        if self.detail.isAncestorOf(self.window().focusWidget() or self):
            # What is typed until the other answer is there must not land in this one.
            self._then_change = True
            self.setFocus()
        self._loading = True
        self._context.query(
            lambda _project: correcting.answer(number) if kind == "rating" else correcting.trace(number),
            on_done=lambda opened: self._on_opened(correcting, (kind, number), opened),
            replace="answers.open",
        )

    def _on_opened(
        self, correcting: AnswerCorrections, wanted: tuple[str, int], opened: OpenedAnswer | OpenedTrace
    ) -> None:
        now = self.listing.current
        if self.correcting is correcting and now is not None and (now.kind, now.id) == wanted:
            self.detail.show_opened(opened)
            self._set_open(True)
            self._loading = False
            if self._then_change:
                self.change()

    def _set_open(self, on: bool) -> None:
        if not on:
            self.detail.presenter.pause()
        self._is_open = on
        self._fit()
        self._context.commands.set_condition("answer open", on)

    # -- who ------------------------------------------------------------------------------------------------------

    def _ask_owner(self) -> None:
        """Ask for a code if the project has no owner yet; a kit never has one."""
        lookers = self.seat.lookers
        if lookers is not None and lookers.kit:
            self.stack.setCurrentWidget(self.kit)
            return
        self.gate.fill(())
        self.stack.setCurrentWidget(self.gate)
        if self.isVisible():
            self.gate.setFocus()

    def _on_owner(self, code: str, pin: str) -> None:
        self.seat.sign_in(code, pin, lambda error: refuse(self._context, self.gate, error), first=True)

    def _on_taken(self) -> None:
        correcting = self.correcting
        if correcting is None:
            return
        self.who.setText(f"{correcting.who.code} ({correcting.who.role})")
        self.add.setVisible(correcting.who.role == "owner")
        self._set_open(False)
        self._load(None)
        self.listing.table.setFocus()

    def _on_left(self) -> None:
        self._set_open(False)
        self.detail.clear()
        self.listing.fill([], None)
        self.reload()

    def _on_project(self) -> None:
        if self.correcting is None:
            self._on_left()

    def _on_changed(self, changes: Changes) -> None:
        if self.correcting is None:
            if changes.touches("rater") and self.isVisible():
                self.reload()
        elif changes.touches(*TOUCHED):
            self._stale = not self.isVisible()
            if self.isVisible():
                self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    # -- looks ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = self.left = Card(margins=SPACE_M)
        left.body.addLayout(row(self.who, self.out, self.add, None, self.undo, self.redo, spacing=SPACE_S))
        left.body.addWidget(self.study)
        left.body.addWidget(self.listing, 1)
        self.main = QSplitter(Qt.Orientation.Horizontal)
        self.main.setChildrenCollapsible(False)
        self.main.addWidget(left)
        self.main.addWidget(self.detail)
        self.main.setSizes([520, 620])
        self.main.setStretchFactor(1, 1)
        for page in (self.no_project, self.kit, self.gate, self.nothing, self.main):
            self.stack.addWidget(page)
        self.hints = Hints(words.HINTS)
        foot = row(self.hints)
        foot.setContentsMargins(SPACE_M, 0, 0, 0)
        box = column(self.stack, foot, spacing=SPACE_S)
        box.setStretch(0, 1)
        self.setLayout(box)
        self.stack.currentChanged.connect(lambda _at: self.hints.setVisible(self.stack.currentWidget() is self.main))

    def _fit(self) -> None:
        """List and answer side by side; where there is no room for both, the one that is worked on."""
        narrow = self.width() < NARROW_PX * self._context.theme.scale
        self.left.setVisible(not (narrow and self._inside and self._is_open))
        self.detail.setVisible(self._is_open and (self._inside or not narrow))
        self.detail.back.setVisible(narrow)

    def _connect(self) -> None:
        context, commands, undo = self._context, self._context.commands, self._context.undo
        for made, name, can in (
            (self.undo, "edit.undo", undo.canUndoChanged), (self.redo, "edit.redo", undo.canRedoChanged),
        ):  # fmt: skip
            made.setAccessibleName(name.removeprefix("edit.").capitalize())
            made.setToolTip(made.accessibleName())
            made.setEnabled(False)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            can.connect(made.setEnabled)
            made.clicked.connect(lambda _checked=False, run=name: commands.run(run))
        undo.undoTextChanged.connect(lambda text: self.undo.setToolTip(tr("Undo {value} (Ctrl+Z)", value=text)))
        undo.redoTextChanged.connect(lambda text: self.redo.setToolTip(tr("Redo {value} (Ctrl+Shift+Z)", value=text)))
        self.gate.wanted.connect(self._on_owner)
        self.seat.taken.connect(self._on_taken)
        self.seat.left.connect(self._on_left)
        self.out.clicked.connect(self.sign_out)
        self.add.clicked.connect(lambda: ask_reviewer(context, self.correcting, self))
        self.study.currentTextChanged.connect(self._on_study)
        self.listing.picked.connect(self._on_picked)
        self.listing.entered.connect(self.change)
        self.listing.void_unseen_wanted.connect(self._on_void_unseen)
        self.detail.left.connect(self.leave)
        self.corrections.made.connect(self._on_made)
        self.corrections.done.connect(self.leave)
        self.detail.save_wanted.connect(self.corrections.save)
        self.detail.void_wanted.connect(self.corrections.void)
        self.detail.restore_wanted.connect(self.corrections.restore)
        commands.bind("answers.next", lambda: self.listing.go(1))
        commands.bind("answers.previous", lambda: self.listing.go(-1))
        commands.bind("answers.export", lambda: ask_answers(context, self, self.study.currentText()))
        commands.bind("answers.find", self.listing.text.setFocus)
        commands.bind("answers.play", self.detail.presenter.toggle)
        commands.bind("answers.save", self.corrections.save)
        commands.bind("answers.void", self.corrections.void)
        commands.bind("answers.restore", self.corrections.restore)
        context.theme.changed.connect(self._fit)
        context.project_changed.connect(self._on_project)
        context.changed.connect(self._on_changed)

    def _on_void_unseen(self) -> None:
        words = tr("They judge what was never shown. The reason is stored with each of them for good:")
        why, said = QInputDialog.getText(
            self, tr("Void answers to what was never shown"), words, text=tr("It was never shown.")
        )
        if said:
            self.corrections.void_unseen(self.study.currentText(), why)

    def _on_made(self) -> None:
        self._saved = True

    def _on_study(self, _name: str) -> None:
        self.detail.clear()
        self._load(None)


def _key(opened: OpenedAnswer | OpenedTrace | None) -> tuple[str, int] | None:
    """Return how the list names it."""
    if opened is None:
        return None
    if isinstance(opened, OpenedAnswer):
        return "rating", opened.stored.id
    return opened.record.dimensions, opened.record.id


def _read(correcting: AnswerCorrections, study: str, opened: tuple[str, int] | None) -> Any:
    """Return the studies, the rows of one of them, and what was opened as it stands now."""
    names = correcting.studies()
    rows = correcting.listed(study if study in names else names[0]) if names else []
    now: OpenedAnswer | OpenedTrace | None = None
    if opened is not None:
        now = correcting.answer(opened[1]) if opened[0] == "rating" else correcting.trace(opened[1])
    return names, rows, now
