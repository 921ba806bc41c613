"""The assistant: from clips and faces over questions and raters to a study that is dealt, page by page.

It holds a draft, and nothing is stored before the last press. The numbers below and the hurdles are computed again with
every choice.
"""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QStackedWidget, QToolButton, QWidget

from app.domain.changes import Changes, Edit
from app.services.projects.clip_table import subject_edit, subjects_edit
from app.services.study.draft import Draft, Material, consistent, deal, first_draft, material
from app.services.study.hurdles import Hurdle, Mend
from app.services.study.outlook import Outlook, look_ahead
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.clips.analysis import Analysis
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.screens.study.assistant.asked import AskedPage
from app.ui.screens.study.assistant.clips import ClipsPage
from app.ui.screens.study.assistant.dealing import DealingPage
from app.ui.screens.study.assistant.hurdles import HurdleList
from app.ui.screens.study.assistant.page import Page
from app.ui.screens.study.assistant.raters import RatersPage
from app.ui.screens.study.assistant.summary import SummaryPage, counted

TITLES: Final = (tr("Clips and faces"), tr("What is asked"), tr("Raters"), tr("Deal"), tr("Summary"))
PLACES: Final = ("clips", "asked", "raters", "deal")
"""The pages' names in hurdles, in the order of the pages."""


class StudyAssistant(QWidget):
    """The pages, what is in the way, and the buttons that lead on.

    Args:
        context: What all screens share.

    Signals:
        left: The user goes back to the studies; the draft stays for the next time.
        dealt: A study of this name was stored and dealt.

    Attributes:
        draft: The choices so far; None before the project was read.
        outlook: What the draft would become; None until that is computed.
    """

    left = Signal()
    dealt = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._analysis = Analysis(context, self)
        self._found: Material | None = None
        self._first: Draft | None = None
        self.draft: Draft | None = None
        self.outlook: Outlook | None = None
        self.clips, self.asked, self.raters = ClipsPage(context), AskedPage(), RatersPage()
        self.dealing, self.summary = DealingPage(), SummaryPage()
        self.pages: tuple[Page, ...] = (self.clips, self.asked, self.raters, self.dealing, self.summary)
        self.steps = [QToolButton() for _ in TITLES]
        self._group = QButtonGroup(self)
        self.stack = QStackedWidget()
        self.line = label(kind="soft", wrap=True)
        self.again = button(tr("Start again"), "link", tip=tr("Forgets the choices made here"))
        self.cancel = button(
            tr("Cancel"), tip=tr("Back to the studies; what was chosen here stays for the next time (Esc)")
        )
        self.back = button(tr("Back"))
        self.next = button(tr("Next"), "primary")
        self.hurdles = HurdleList(context.theme, self.next)
        self._lay_out()
        self.hurdles.pressed.connect(self.mend)
        self.back.clicked.connect(lambda: self.show_page(self.stack.currentIndex() - 1))
        self.next.clicked.connect(self.go_on)
        self.cancel.clicked.connect(self.left)
        self.again.clicked.connect(self._on_again)
        context.changed.connect(self._on_changed)
        context.project_changed.connect(self.forget)

    def begin(self) -> None:
        """Open the assistant, with the choices of the last time if it was left."""
        self.show_page(self.stack.currentIndex())
        self._to_page()
        self._read()

    def forget(self) -> None:
        """Drop all choices, because they belong to another project or are stored now."""
        self._found = self._first = self.draft = self.outlook = None
        self.hurdles.show_hurdles(())
        self.raters.forget()
        self.show_page(0)

    @property
    def touched(self) -> bool:
        """Whether anything was chosen that would be lost."""
        return self.draft is not None and self.draft != self._first

    def show_page(self, number: int) -> None:
        """Show one of the pages.

        Args:
            number: Its number, from 0.
        """
        number = min(max(number, 0), len(self.pages) - 1)
        self.stack.setCurrentIndex(number)
        self.steps[number].setChecked(True)
        self._refresh()

    def go_on(self) -> None:
        """Show the next page; on the last one store and deal."""
        if self.pages[self.stack.currentIndex()] is not self.summary:
            self.show_page(self.stack.currentIndex() + 1)
            self._to_page()
        elif self.draft is not None and self._ready:
            self.next.setEnabled(False)  # one press deals once
            self._context.write(deal, self.draft, on_done=self._on_dealt, on_error=self._on_refused)

    def _to_page(self) -> None:
        """Give the focus to what comes first on the page; on the last one to the button that deals."""
        page = self.pages[self.stack.currentIndex()]
        (self.next if page is self.summary else page).setFocus()

    def mend(self, mend: Mend) -> None:
        """Do what a button beside a hurdle promises."""
        context = self._context
        if mend.draft is not None:
            self._take(mend.draft)
        elif mend.act == "add":
            context.commands.run("clips.add")
        elif mend.act == "analyse":
            self._analyse(mend.clips)
        elif mend.act == "subjects":
            context.query(subjects_edit, mend.clips, on_done=self._apply)
        elif mend.act == "one_subject":
            context.query(subject_edit, mend.clips, "S01", on_done=self._apply)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, or else leads on; Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            (focused if isinstance(focused, QAbstractButton) else self.next).click()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        for number, (made, title, page) in enumerate(zip(self.steps, TITLES, self.pages, strict=True)):
            made.setCheckable(True)
            made.setAccessibleName(title)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._group.addButton(made)
            made.clicked.connect(partial(self.show_page, number))
            self.stack.addWidget(page)
            page.changed.connect(partial(self._on_page, page))
        card = Card(tr("New study"))
        card.body.setSpacing(SPACE_M)
        card.body.addLayout(row(*self.steps, None, spacing=SPACE_S))
        card.body.addWidget(self.stack, 1)
        card.body.addWidget(self.hurdles)
        card.body.addWidget(self.line)
        card.body.addLayout(row(self.again, None, self.cancel, self.back, self.next, spacing=SPACE_S))
        self.setLayout(column(card))

    @property
    def _ready(self) -> bool:
        """Return whether what was computed fits the present choices, and no problem is left."""
        return self.outlook is not None and self.outlook.draft == self.draft and self.outlook.ready

    def _read(self) -> None:
        if self._context.project is not None:
            self._context.write(material, on_done=self._on_material)

    def _on_material(self, found: Material) -> None:
        before, self._found = self._found, found
        draft = self.draft
        if draft is None:
            draft = self._first = first_draft(found)
        elif before is not None:
            # Faces that were found meanwhile are chosen like their clips, and what was removed is chosen no more.
            known = {choice.item.name for choice in before.choices}
            here = {choice.item.name: choice.clip.id for choice in found.choices}
            clips = {here[name] for name in draft.items if name in here}
            fresh = {name for name, clip in here.items() if name not in known and (clip in clips or not clips)}
            draft = Draft(draft.study, frozenset((draft.items & here.keys()) | fresh), draft.raters, draft.seed)
        self._take(draft)

    def _take(self, draft: Draft) -> None:
        """Make these the present choices, on all pages, and look ahead."""
        if self._found is None:
            return
        draft = self.draft = consistent(draft)
        for page in self.pages:
            page.show_draft(draft, self._found)
        self._refresh()
        self._context.query(look_ahead, draft, on_done=self._on_outlook, replace="study.assistant")

    def _on_page(self, page: Page) -> None:
        if self.draft is not None:
            self._take(page.into(self.draft))

    def _on_outlook(self, outlook: Outlook) -> None:
        if outlook.draft != self.draft:
            return
        self.outlook = outlook
        for page in self.pages:
            page.show_outlook(outlook)
        self.line.setText(counted(outlook))
        self._refresh()

    def _refresh(self) -> None:
        number = self.stack.currentIndex()
        last = number == len(self.pages) - 1
        hurdles = self.outlook.hurdles if self.outlook is not None else ()
        for at, made in enumerate(self.steps):
            stops = at < len(PLACES) and any(one.stops and one.page == PLACES[at] for one in hurdles)
            made.setText(f"{at + 1}  {TITLES[at]}" + ("  •" if stops else ""))
            made.setToolTip(tr("Something is in the way here") if stops else "")
        self.hurdles.show_hurdles(self._of_page(hurdles, number))
        self.back.setEnabled(number > 0)
        self.next.setText(tr("Deal the clips") if last else tr("Next"))
        self.next.setEnabled(not last or self._ready)
        self.again.setVisible(self.touched)

    def _of_page(self, hurdles: tuple[Hurdle, ...], number: int) -> tuple[Hurdle, ...]:
        """Return the hurdles of a page; the last one shows all that stop."""
        if number < len(PLACES):
            return tuple(one for one in hurdles if one.page == PLACES[number])
        return tuple(one for one in hurdles if one.stops)

    def _analyse(self, clips: tuple[int, ...]) -> None:
        choices = self._found.choices if self._found is not None else ()
        wanted = {choice.clip.id: choice.clip for choice in choices if choice.clip.id in clips}
        self.hurdles.set_busy(True)
        self._analysis.start(list(wanted.values()), lambda: self.hurdles.set_busy(False))

    def _apply(self, edit: Edit | None) -> None:
        if edit is not None:
            self._context.apply(edit)

    def _on_changed(self, changes: Changes) -> None:
        wanted = self.draft is not None and self.isVisible()
        if wanted and changes.touches("clip", "subject", "item", "run", "rater", "study"):
            self._read()

    def _on_again(self) -> None:
        self.forget()
        self._read()

    def _on_refused(self, error: Exception) -> None:
        self._context.fail(error)
        self._refresh()

    def _on_dealt(self, name: Any) -> None:
        self.forget()
        self.dealt.emit(name)
