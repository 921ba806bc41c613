"""The page of a new fusion: members, the form, and who would choose and be the result."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from app.jobs import Context
from app.services.fusion.affect import AffectFusionRequest
from app.services.fusion.known import Fusions
from app.services.fusion.members import Candidate
from app.services.fusion.runs import FusionRequest
from app.services.fusion.survey import Survey, survey
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, column, label, row
from app.ui.screens.fusion.form import FusionForm
from app.ui.screens.fusion.members import MemberTable
from app.ui.screens.fusion.people import WAITING, PeopleCard

PAUSE_MS: Final = 150
"""Milliseconds without another change before the people are looked at."""
HOW: Final = tr("Tick two or more with Space or a click. Whatever trained a member cannot choose its weight.")
FORM: Final = 372
SMALL_FORM: Final = 300
NARROW: Final = 1000


class SetupPage(QWidget):
    """The page on which a fusion is put together.

    The signal `started` carries the request.

    Args:
        context: The context with project and settings.
    """

    started = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.members = MemberTable()
        self.members.ticked.connect(self._on_changed)
        self.form = FusionForm()
        self.form.changed.connect(self._on_changed)
        self.form.kind_changed.connect(self._on_kind)
        self._candidates: tuple[Candidate, ...] = ()
        self.form.started.connect(self.start)
        self.people = PeopleCard()
        self.found: Survey | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        card = Card(tr("Members"))
        card.body.addWidget(label(HOW, "caption", wrap=True))
        card.body.addWidget(self.members, 1)
        self.members.setMinimumHeight(120)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(card)
        right.addWidget(self.people)
        right.setSizes([300, 360])
        right.setChildrenCollapsible(False)
        right.setHandleWidth(SPACE_S)
        whole = row(self.form, right, spacing=SPACE_S)
        whole.setStretch(1, 1)
        self.setLayout(column(whole))
        QWidget.setTabOrder(self.members, self.form.predicts)
        self._on_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show a narrow form in a small window."""
        super().resizeEvent(event)
        wide = self._context.theme.room(SMALL_FORM if self.width() < NARROW else FORM, self.width())
        self.form.setFixedWidth(max(wide, self.form.minimumSizeHint().width()))

    def show_known(self, known: Fusions | None) -> None:
        """Show the models that can be members; None without a project."""
        self._candidates = known.candidates if known is not None else ()
        if known is None:
            self.members.forget()
            self.people.show_words("")
            self._on_changed()
            return
        before = self._meant()
        self.form.set_kinds([each.predicts for each in known.candidates])
        self._show_candidates()
        if self.found is not None and self._meant() == before:
            self._look()  # the button stays as it is meanwhile, so that no click is lost
        else:
            self._on_changed()

    def _on_kind(self) -> None:
        self._show_candidates()
        self._on_changed()

    def _show_candidates(self) -> None:
        """Show the models of the kind that is to be fused."""
        self.members.blockSignals(True)
        self.members.show_candidates([each for each in self._candidates if each.predicts == self.form.kind])
        self.members.blockSignals(False)

    @property
    def settled(self) -> bool:
        """Whether it is known who would choose and be the result, or that nothing can be fused yet."""
        return self.found is not None or bool(self.form.problem(self.members.names()))

    def start(self) -> None:
        """Start the fusion, if it can begin."""
        if self.form.start.isEnabled():
            self.started.emit(self._request())

    def _request(self) -> FusionRequest | AffectFusionRequest:
        device = self._context.settings.text("analysis.device")
        return self.form.request(self.members.names(), device)

    def _on_changed(self) -> None:
        """Discard what was found of the previous fusion, because another one is wanted now."""
        self.found = None
        problem = self.form.problem(self.members.names())
        self.form.set_state(problem, ready=False)
        if problem:
            self._timer.stop()
            self.people.show_words("")
        else:
            self.people.show_words(WAITING)
            self._timer.start()

    def _meant(self) -> FusionRequest | AffectFusionRequest:
        """Return the request without the name of the model, by which no other people are asked."""
        return replace(self._request(), name="")

    def _look(self) -> None:
        request = self._meant()

        def done(found: Survey) -> None:
            if request == self._meant():
                self.found = found
                self.people.show_survey(found)
                refused = bool(found.refusal)
                told = tr("It cannot start. The reasons are listed on the right.") if refused else ""
                self.form.set_state(told, ready=not refused)

        self._context.query(lambda project: survey(Context(), project, request), on_done=done, replace="fusion.survey")
