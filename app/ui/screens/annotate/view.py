"""The annotation screen: the sign-in, then one page after the other as the session requires."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.changes import Changes
from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.core.whose import NAMED, Whose
from app.ui.look.language import tr
from app.ui.parts.widgets.basic import column
from app.ui.parts.widgets.empty import EmptyState
from app.ui.screens.annotate.check import CheckPage
from app.ui.screens.annotate.desk import Desk
from app.ui.screens.annotate.flow import Flow
from app.ui.screens.annotate.rating import RatingPage
from app.ui.screens.annotate.signin import SignInPage
from app.ui.screens.annotate.texts import TextPage
from app.ui.screens.annotate.trace import TracePage

if TYPE_CHECKING:
    from app.domain.study_records import StudyRecord
    from app.services.study.waiting import OpenStudy


class AnnotateScreen(QWidget):
    """A stack of pages, of which `flow` chooses one.

    Args:
        context: The context that the screens share.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._project = context.opened
        self.no_project = EmptyState(
            context.theme,
            "annotate",
            tr("Nothing to judge yet"),
            tr("Open a project that holds a study, or the folder you were given to rate."),
            (
                (tr("Open project…"), lambda: context.commands.run("project.open")),
                (tr("New project…"), lambda: context.commands.run("project.new")),
            ),
        )
        self.no_study = EmptyState(
            context.theme,
            "studies",
            tr("This project has no study yet"),
            tr(
                "A study says who judges which clips and how they are shown. Start judging "
                "everything here now, or set up "
                "a study first."
            ),
            (
                (tr("Judge everything here now"), self.begin_at_once),
                (tr("Set up a study"), lambda: context.screen_requested.emit("study")),
            ),
        )
        self.no_rater = EmptyState(
            context.theme,
            "person",
            tr("No clips have been assigned yet"),
            tr("Add raters to the study and assign the clips."),
            ((tr("Add raters"), lambda: context.screen_requested.emit("study")),),
        )
        self.sign_in = SignInPage(context)
        self.text = TextPage(context)
        self.rating = RatingPage(context)
        self.trace = TracePage(context)
        self.stack = QStackedWidget()
        self.check = CheckPage(context)
        for page in (
            self.no_project, self.no_study, self.no_rater, self.sign_in, self.check, self.text, self.rating, self.trace,
        ):  # fmt: skip
            self.stack.addWidget(page)
        self.setLayout(column(self.stack))
        self.desk = Desk(context, self)
        self.flow = Flow(context, self.desk, self.stack, self.text, self.rating, self.trace, self.check)
        self.flow.left.connect(self.reload)
        self.sign_in.wanted.connect(self._on_sign_in)
        context.project_changed.connect(self._on_project)
        context.changed.connect(self._on_changed)
        self.stack.setCurrentWidget(self.no_project)
        self.reload()

    def begin_at_once(self) -> None:
        """Label all clips of the project without any set-up, under the rater code of the settings."""
        from app.services.study.quick import start_labelling

        if self.desk.is_open:
            return  # somebody labels already, and another session would end theirs
        if self._context.project is None:
            self._context.screen_requested.emit("study")  # whoever looks after the project signs in first
            return
        code = self._context.settings.text("recording.rater") or "R1"

        def made(study: "StudyRecord") -> None:
            self.desk.sign_in(code, study.name, "", "", self.flow.begin, self._context.fail)

        self._context.write(start_labelling, code, on_done=made)

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: those of the rater who is at work, who exports nothing."""
        return NAMED

    def screen_shown(self) -> None:
        """Continue when the screen becomes visible."""
        if not self.desk.is_open:
            self.reload()
        page = self.stack.currentWidget()
        if page is not None:
            page.setFocus()

    def screen_hidden(self) -> None:
        """Pause when another screen takes its place."""
        self.flow.stand_still()

    def close_screen(self) -> None:
        """Stop everything when the window closes."""
        self.flow.end(wait=True)
        self.flow.traces.streams.close()
        self.check.close_page()
        self.rating.close_page()
        self.trace.close_page()

    def reload(self) -> None:
        """Read who can work here."""
        if self.desk.is_open:
            return
        if self._context.opened is None:
            self.stack.setCurrentWidget(self.no_project)
            return
        from app.services.study.waiting import open_studies

        self._context.query(open_studies, on_done=self._fill, replace="annotate.open_studies", past_lock=True)

    def _fill(self, studies: list["OpenStudy"]) -> None:
        if self.desk.is_open:
            return
        if not studies:
            self.stack.setCurrentWidget(self.no_study)
        elif not any(one.left for one in studies):
            self.stack.setCurrentWidget(self.no_rater)
        else:
            self.sign_in.fill(studies)
            arrived = self.stack.currentWidget() is not self.sign_in
            self.stack.setCurrentWidget(self.sign_in)
            if arrived and self.isVisible():
                self.sign_in.setFocus()

    def _on_sign_in(self, rater: str, study: str, pin: str, language: str) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self.sign_in.refused(str(error))
            else:
                self.sign_in.refused(tr("Signing in did not work."))
                self._context.fail(error)

        def begun() -> None:
            self.sign_in.start_over()
            self.flow.begin()

        self.desk.sign_in(rater, study, pin, language, begun, failed)

    def _on_project(self) -> None:
        if self._context.opened is self._project:
            return  # somebody who sees labels has come or gone: raters work on
        self._project = self._context.opened
        self.sign_in.start_over()
        self.flow.end()
        self.reload()

    def _on_changed(self, changes: Changes) -> None:
        if not self.desk.is_open and changes.touches("study", "rater", "item", "slot"):
            self.reload()
