"""The agreement screen: head, filters, warnings, and one page after the other."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.agreement.page import warnings_of
from app.domain.changes import Changes
from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.core.whose import NAMED, Whose
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, column, label, row
from app.ui.parts.widgets.empty import EmptyState
from app.ui.screens.agreement.asking import AskingPage
from app.ui.screens.agreement.computed import ComputedPage
from app.ui.screens.agreement.exports import Exports, export_button, let_out
from app.ui.screens.agreement.fan import FanPage
from app.ui.screens.agreement.filters import UNIT_WORDS, Filters
from app.ui.screens.agreement.gaps import GapsPage
from app.ui.screens.agreement.items import ItemsPage
from app.ui.screens.agreement.measures import MeasuresPage
from app.ui.screens.agreement.model import ModelPage
from app.ui.screens.agreement.offers import AgreementOffers
from app.ui.screens.agreement.pages import EffectPage, OverviewPage
from app.ui.screens.agreement.raters import RatersPage
from app.ui.screens.agreement.raters_model import RatersModelPage
from app.ui.screens.agreement.reliability import ReliabilityPage
from app.ui.screens.agreement.state import AgreementState, DashboardState

STATUS_WIDTH = 260
"""Room in pixels that the status needs at 100 % text to be read without being cut."""
MOST_WARNINGS = 3
KINDS = (("intensity", tr("Intensities")), ("category", tr("Categories")))


@dataclass(frozen=True)
class PageEntry:
    """A page of the screen.

    Attributes:
        id: Name in code and of pictures.
        title: Title on its tab.
        figure: Name of the one of `app.services.agreement.export.FIGURES` that is saved from it.
        by_kind: Whether it shows intensities or categories, by choice.
    """

    id: str
    title: str
    figure: str
    by_kind: bool = False


PAGES: Final = (
    PageEntry("overview", tr("Overview"), "overview", by_kind=True),
    PageEntry("effect", tr("Effect of context"), "effect", by_kind=True),
    PageEntry("reliability", tr("Reliability"), "overview"),
    PageEntry("raters", tr("Raters"), "matrix"),
    PageEntry("items", tr("Items"), "items"),
    PageEntry("traces", tr("Traces"), "fan"),
    PageEntry("model", tr("Model"), "model"),
    PageEntry("gaps", tr("Gaps"), "model"),
    PageEntry("measures", tr("Measures"), "overview"),
    PageEntry("raters_model", tr("Raters' model"), "overview"),
    PageEntry("asking", tr("Next judgements"), "overview"),
)
"""The pages in the order of the tabs."""


class AgreementScreen(QWidget):
    """The screen of the agreement of raters.

    Args:
        context: The context that the screens share.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.state = AgreementState(context, self)
        self.saving = Exports(self.state, self)
        self._make_states()
        self._make_pages()
        self._offers = AgreementOffers(self)
        self.stack = QStackedWidget()
        for widget in (self.no_project, self.no_labels, self.closed, self.waiting, self.desk):
            self.stack.addWidget(widget)
        self.setLayout(column(self.stack))
        state = self.state
        state.labels_changed.connect(self._on_state)
        state.results_changed.connect(self._on_results)
        self._beside = ""
        context.beside_wanted.connect(self._on_beside_wanted)
        state.busy_changed.connect(self._tell)
        state.refused.connect(self._on_refused)
        context.project_changed.connect(self._on_project)
        context.changed.connect(self._on_changed)
        context.commands.on_change(self._on_conditions)
        self._was_allowed = state.allowed
        self._bind()
        self._on_state()

    def _make_states(self) -> None:
        theme, commands = self._context.theme, self._context.commands
        self.no_project = EmptyState(
            theme,
            "agreement",
            tr("No project is open"),
            tr("Open a project with labels, or the demo, whose raters are simulated."),
            (
                (tr("Open project…"), lambda: commands.run("project.open")),
                (tr("Open the demo"), lambda: commands.run("project.open_demo")),
            ),
        )
        self.no_labels = EmptyState(
            theme, "agreement", tr("Nobody has judged anything yet"),
            tr("Let raters judge a study in Annotate, import labels of other tools in Exchange, or fill a study with "
            "simulated raters (Study, Raters) to see what this screen will show."),
            (
                (tr("Go to Annotate"), lambda: self._context.screen_requested.emit("annotate")),
                (tr("Go to Study"), lambda: self._context.screen_requested.emit("study")),
            ),
        )  # fmt: skip
        self.closed = EmptyState(
            theme, "eye-slash", tr("Not while somebody is rating"),
            tr("Raters judge without seeing others' answers. Sign out in Annotate to look at agreement."),
        )  # fmt: skip
        self.waiting = EmptyState(
            theme, "agreement", tr("Reading labels …"), tr("This takes a moment in large projects.")
        )

    def _make_pages(self) -> None:
        theme, state = self._context.theme, self.state
        self.filters = Filters(state)
        self.status = label("", "small")
        self.export = export_button(self._context)
        self.warning = QFrame()
        self.warning.setProperty("kind", "notice")
        self.warning_text = label("", "small", wrap=True)
        self.warning.setLayout(column(self.warning_text, margins=SPACE_S))
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setProperty("kind", "many")
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Pages"))
        for page in PAGES:
            self.tabs.addTab(page.title)
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Kind of labels"))
        # Where the window is narrow the pages scroll, and the words here stay whole.
        self.kind.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.overview = OverviewPage(theme)
        self.overview.chart.clicked.connect(self._on_emotion)
        self.effect = EffectPage(theme)
        self.effect.chart.clicked.connect(self._on_emotion)
        self.reliability = ReliabilityPage(state)
        self.raters = RatersPage(state)
        self.items = ItemsPage(state)
        self.fan = FanPage(state)
        self.model = ModelPage(state)
        self.gaps = GapsPage(state)
        self.measures = MeasuresPage(state)
        self.raters_model = RatersModelPage(state)
        self.asking = AskingPage(state)
        self.kind.currentIndexChanged.connect(self._draw)
        self.pages = QStackedWidget()
        made: dict[str, QWidget] = {
            "overview": self.overview, "effect": self.effect, "reliability": self.reliability, "raters": self.raters,
            "items": self.items, "traces": self.fan, "model": self.model,
            "gaps": self.gaps, "measures": self.measures, "raters_model": self.raters_model,
            "asking": self.asking,
        }  # fmt: skip
        for page in PAGES:
            self.pages.addWidget(made[page.id])
        self.tabs.currentChanged.connect(self._on_tab)
        self._tools = row(None, self.kind, self.status, self.export, spacing=SPACE_M)
        self._head = row(self.tabs, spacing=SPACE_M)
        self._head.addLayout(self._tools, 1)
        bar = Card(margins=SPACE_S)
        bar.body.addWidget(self.filters)
        self.desk = QWidget()
        box: QVBoxLayout = column(bar, self.warning, self._head, self.pages, spacing=SPACE_S)
        box.setStretch(3, 1)
        self.desk.setLayout(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the window is narrow hide the status, which the filters then have as a tool tip; then fold the head."""
        free = self.width() - self.tabs.sizeHint().width() - 4 * SPACE_M
        least = self.kind.sizeHint().width() + self.export.sizeHint().width()
        self.status.setVisible(free >= least + self.state.context.theme.room(STATUS_WIDTH))
        beside = QBoxLayout.Direction.LeftToRight if free >= least else QBoxLayout.Direction.TopToBottom
        self._head.setDirection(beside)
        super().resizeEvent(event)

    def screen_shown(self) -> None:
        """Reload what changed while the screen was hidden."""
        self.state.reload()
        self._on_state()

    def exports(self) -> list[Offer]:
        """Return what can be exported of the whole screen."""
        return self._offers.of_screen()

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: everybody's that the filters leave."""
        shown = self.state.shown
        if shown is None:
            return NAMED
        return Whose(lambda project: let_out(project, shown), self.state.leave_out)

    def page(self, page_id: str) -> None:
        """Open one of `PAGES`."""
        self.tabs.setCurrentIndex([page.id for page in PAGES].index(page_id))

    @property
    def page_now(self) -> PageEntry:
        """The page in view."""
        return PAGES[self.tabs.currentIndex()]

    @property
    def page_id(self) -> str:
        """The id of the page in view; empty while the screen shows nothing."""
        return self.page_now.id if self.stack.currentWidget() is self.desk else ""

    def _bind(self) -> None:
        commands = self._context.commands
        commands.bind("agreement.save_figure", self._save_figure)
        commands.bind("agreement.save_tables", lambda: self.saving.ask_tables(self.model.placement))
        commands.bind("agreement.save_report", lambda: self.saving.ask_report(self.model.placement))
        commands.bind("agreement.save_pdf", lambda: self.saving.ask_report(self.model.placement, as_pdf=True))
        commands.bind("agreement.copy_methods", self._copy_methods)
        commands.bind("agreement.store_gold", self.fan.keep)
        commands.bind("agreement.review_gaps", lambda: self.page("gaps"))
        commands.bind("agreement.edit_reasons", self.gaps.ask_list)
        commands.bind("agreement.export_reasons", self.gaps.ask_export)
        commands.bind("agreement.next_page", lambda: self._turn(1))
        commands.bind("agreement.previous_page", lambda: self._turn(-1))

    def figure(self) -> str:
        """Return the name of the figure of the page in view."""
        return self.page_now.figure

    def _save_figure(self) -> None:
        self.saving.ask_figure(
            self.figure(), self.kind_now, self.fan.fan, self.model.placement, self.raters.matrix.shown
        )

    def _copy_methods(self) -> None:
        shown = self.state.shown
        if shown is not None:
            self._context.exports.copy_text("\n\n".join(shown.results.told_methods), tr("The methods text is copied."))

    def _turn(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())

    @property
    def kind_now(self) -> str:
        """Kind of labels in view: "intensity" or "category"."""
        return str(self.kind.currentData() or "intensity")

    def _on_tab(self, at: int) -> None:
        self.pages.setCurrentIndex(at)
        self.kind.setVisible(self.page_now.by_kind and self.kind.count() > 1)
        page = self.pages.currentWidget()
        if isinstance(page, ComputedPage):
            page.compute()

    def _on_beside_wanted(self, item: str) -> None:
        """Show an item side by side when the labels are there."""
        self._beside = item
        self._show_beside()

    def _show_beside(self) -> None:
        shown = self.state.shown
        if self._beside and shown is not None and shown.final:
            item, self._beside = self._beside, ""
            self.page("items")
            self.items.show_beside(item)

    def _on_emotion(self, emotion: object) -> None:
        self.items.show_emotion(str(emotion))
        self.reliability.show_emotion(str(emotion))
        self.page("items")

    def _on_project(self) -> None:
        self.state.reset()
        if self.isVisible():
            self.state.reload()

    def _on_changed(self, changes: Changes) -> None:
        self.state.on_changed(changes, self.isVisible())
        if changes.touches("run", "model"):
            self.model.touch()
            self.gaps.touch()
            self.measures.touch()
        if changes.touches("gap_reason", "reason_word"):
            self.gaps.read()

    def _on_conditions(self) -> None:
        """A rater sits down: what others said leaves the screen and memory."""
        allowed = self.state.allowed
        if allowed != self._was_allowed:
            self._was_allowed = allowed
            if not allowed:
                self.state.forget()
            self._on_state()
            if allowed and self.isVisible():
                self.state.reload()

    def _on_refused(self, error: UserError) -> None:
        self.closed.title.setText(error.what)
        self.closed.text.setText(error.todo)
        self.stack.setCurrentWidget(self.closed)

    def _on_state(self) -> None:
        labels = self.state.labels
        page = self.desk
        if not self.state.allowed:
            self.closed.title.setText(tr("Not while somebody is rating"))
            self.closed.text.setText(tr("Raters judge without seeing others' answers. Sign out in Annotate first."))
            page = self.closed
        elif self._context.project is None:
            page = self.no_project
        elif labels is not None and labels.empty:
            page = self.no_labels
        elif labels is None or self.state.shown is None:
            page = self.waiting
        self.stack.setCurrentWidget(page)

    def _on_results(self) -> None:
        shown = self.state.shown
        self._context.commands.set_condition("agreement", shown is not None)
        report = shown.results.report if shown is not None else None
        self._fill_kinds(shown)
        warnings = list(warnings_of(report))
        out = shown.results.excluded if shown is not None else {}
        warnings += [tr("{rater} is left out: {reason}.", rater=rater, reason=reason) for rater, reason in out.items()]
        most = warnings if len(warnings) <= MOST_WARNINGS else warnings[: MOST_WARNINGS - 1]
        more = len(warnings) - len(most)
        self.warning_text.setText(
            "\n".join([*most, *([tr("and {more} more: rest the mouse here to read them", more=more)] if more else [])])
        )
        self.warning_text.setToolTip("\n".join(warnings))
        self.warning.setVisible(bool(warnings))
        self._draw()
        results = shown.results if shown is not None else None
        self.reliability.show_results(results)
        self.raters.show_results(results)
        self.items.show_shown(shown)
        if shown is None or shown.final:
            self.fan.show_shown(shown)
        self.model.show_shown(shown)
        self.gaps.show_shown(shown)
        self.measures.show_shown(shown)
        self.raters_model.show_shown(shown)
        self.asking.show_shown(shown)
        self._tell()
        self._on_state()
        self._show_beside()

    def _fill_kinds(self, shown: DashboardState | None) -> None:
        report = shown.results.report if shown is not None else None
        has = {"intensity": bool(report and report.emotions), "category": bool(report and report.categories)}
        now = self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        for key, title in KINDS:
            if has[key]:
                self.kind.addItem(title, key)
        self.kind.setCurrentIndex(max(self.kind.findData(now), 0) if self.kind.count() else -1)
        self.kind.blockSignals(False)
        self.kind.setVisible(self.page_now.by_kind and self.kind.count() > 1)

    def _draw(self) -> None:
        shown = self.state.shown
        results = shown.results if shown is not None else None
        self.overview.chart.show_results(results, self.kind_now)
        self.effect.show_results(results, self.kind_now)

    def _tell(self) -> None:
        shown = self.state.shown
        if shown is None:
            self.status.setText(tr("Computing …") if self.state.busy else "")
            return
        s = shown.results.settings
        one, several = UNIT_WORDS[s.unit]
        how = tr("Intervals leave out each {unit}", unit=one)
        if s.interval == "bootstrap":
            how = tr("{replicates} resamples of {units}", replicates=f"{s.replicates:,}", units=several)
        if not shown.final:
            how = tr("First look, without traces. {how}", how=how)
        self.status.setText(tr("{how} · seed {seed}", how=how, seed=s.seed))
        self.filters.setToolTip(self.status.text())
