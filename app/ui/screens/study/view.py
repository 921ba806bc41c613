"""The study screen: the form at the left; raters, assignment and problems at the right."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QInputDialog, QStackedWidget, QTabWidget, QWidget

from app.domain.changes import Changes
from app.domain.words import many
from app.jobs import Context
from app.services.study import setup
from app.services.study.draft import FIRST_SEED, propose_name
from app.services.study.owner import export_study
from app.services.study.setup import StudySetup
from app.ui.core.context import AppContext
from app.ui.core.whose import Whose
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.parts.widgets.empty import EmptyState
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.parts.widgets.spoken import pass_over_pages
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.study.assignment import AssignmentTab
from app.ui.screens.study.assistant.view import StudyAssistant
from app.ui.screens.study.expectations import ExpectationsTab
from app.ui.screens.study.form import StudyForm
from app.ui.screens.study.leftovers import LeftoverList
from app.ui.screens.study.planning import PlanTab
from app.ui.screens.study.planning_page import PlanAlone
from app.ui.screens.study.raters import RatersTab

if TYPE_CHECKING:
    from app.services.study.owner import StudyState

FILTER = tr("Study files (*.toml)")


class StudyScreen(QWidget):
    """The set-up and state of the studies of a project.

    Args:
        context: The context that the screens share.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: StudySetup | None = None
        self.form = StudyForm(context)
        self.chooser = ChoiceBox(tr("Study"))
        self.state = label(kind="soft", wrap=True)
        self.save = button(
            tr("Save"), "primary", tip=tr("Saves the study as its next version; every answer records its version")
        )
        self.undo = button(tr("Undo changes"))
        people = self._people = RatersTab()
        self.raters, self.code, self.pin, self.add = people.raters, people.code, people.pin, people.add
        self.simulate = people.simulate
        self.expectations = ExpectationsTab(context)
        self.assignment = AssignmentTab(context)
        self.planning = PlanTab(context)
        self.flags = RowsTable(
            (tr("Clip"), tr("Condition"), tr("Why"), tr("What to do")),
            tr("Clips that cannot be shown as planned"),
            drop=(1,),
            wrap=True,
        )
        self.leftovers, self.left_alone = LeftoverList(), LeftoverList()
        self.tabs = QTabWidget()
        pass_over_pages(self.tabs)
        self.tabs.setAccessibleName(tr("Parts of the study"))
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._fit()
        self.reload()

    @property
    def name(self) -> str:
        """Name of the study that is shown; empty without one."""
        return self._shown.state.record.name if self._shown is not None and self._shown.state is not None else ""

    @property
    def state_shown(self) -> "StudyState | None":
        """The state of the study that is shown; None without one."""
        return self._shown.state if self._shown is not None else None

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: the plan's; every other table names people row by row."""
        return self.planning.whose()

    def screen_shown(self) -> None:
        """Reload when the screen becomes visible."""
        self.reload()

    def reload(self, name: str = "") -> None:
        """Read everything again.

        Args:
            name: Name of the study to show; by default the one that is shown now.
        """
        if self._context.project is None:
            self._shown = None
            self._show_empty(self.no_project)
            return
        self._context.query(setup.study_setup, name or self.name, on_done=self._fill, replace="study.load")

    def unsaved(self) -> str:
        """Return a sentence on what would be lost; empty for nothing."""
        told = (
            [tr("Changes to the study “{name}” are not saved.", name=self.name)]
            if self.name and self.form.dirty
            else []
        )
        told += [tr("The new study is not dealt yet.")] if self.assistant.touched else []
        return " ".join(told)

    def make_default(self) -> None:
        """Store the default study with all clips."""
        self._context.write(setup.add_default_study)

    def _fill(self, shown: StudySetup) -> None:
        kept = self.form.dirty and self._shown is not None and self._shown.state is not None
        if shown.state is not None and self.form.says(shown.state.record.study):
            kept = False  # it was just saved
        same = shown.state is not None and shown.state.record.name == self.name
        self._shown = shown
        self.leftovers.show_leftovers(shown.leftovers)
        self.left_alone.show_leftovers(shown.leftovers)
        if shown.state is None:
            self._show_empty(self._without_study if shown.items else self.no_clips)
            return
        self._show_main()
        self.chooser.blockSignals(True)
        self.chooser.clear()
        self.chooser.addItems(list(shown.names))
        self.chooser.setCurrentText(shown.state.record.name)
        self.chooser.blockSignals(False)
        if not (kept and same):  # what is being changed is not thrown away by news from elsewhere
            self._show_study(shown)
        else:
            self._adapt()
        self._fill_state(shown)
        self.planning.show_study(shown.state.record.name, shown.state.record.study.emotion_names)
        self.assignment.show_plan(shown)
        self._refresh()

    def plan_alone(self) -> None:
        """Plan without a study, from assumptions or from imported labels."""
        self.alone.hold(self.planning)
        self.stack.setCurrentWidget(self.alone)

    def begin_new(self) -> None:
        """Open the assistant for a new study."""
        self._context.screen_requested.emit("study")
        self.stack.setCurrentWidget(self.assistant)
        self.assistant.begin()

    def _leave_assistant(self) -> None:
        self.setFocus()
        self.stack.setCurrentWidget(self.no_project)
        self.reload()

    def _on_dealt(self, name: str) -> None:
        self._leave_assistant()
        self._shown = None
        self.reload(name)
        self._context.notify(
            tr("{name} is dealt.", name=name), tr("Raters can judge it now."), tone="ok", command="screens.annotate"
        )

    def leave_planning(self) -> None:
        """Go back to the study, or to the page that says what is missing."""
        self.stack.setCurrentWidget(self.no_project)
        self.reload()

    def _show_empty(self, page: QWidget) -> None:
        """Say what is missing; planning, which needs nothing of it, goes on, and so does a new study."""
        busy = (self.alone,) if page is self.no_project else (self.alone, self.assistant)
        if self.stack.currentWidget() not in busy:
            self.stack.setCurrentWidget(page)

    def _show_main(self) -> None:
        if self.stack.currentWidget() is self.assistant:
            return
        if self.tabs.indexOf(self.planning) < 0:
            self.tabs.addTab(self.planning, tr("Plan"))
        if self.stack.currentWidget() is self.alone:
            self.tabs.setCurrentWidget(self.planning)
        self.stack.setCurrentWidget(self.main)

    def _show_study(self, shown: StudySetup) -> None:
        if shown.state is not None:
            self.form.show_study(shown.state.record.study)
            self._adapt()

    def _adapt(self) -> None:
        """Let practice and checks offer what the form asks now."""
        study = self.form.study()
        if study is not None and self._shown is not None:
            self.expectations.show_study(study, self._shown.items, self._shown.verdicts)

    def _fill_state(self, shown: StudySetup) -> None:
        state = shown.state
        if state is None:
            return
        people = [one for one in state.raters if one.member.left_at is None]
        mock = sum(one.member.simulated for one in people)
        parts = [
            tr("Version {version}", version=state.record.version),
            many(state.items, tr("clip"), tr("clips")),
            many(len(people) - mock, tr("rater"), tr("raters"))
            + (tr(" and {count} simulated", count=mock) if mock else ""),
            many(state.answers, tr("rating"), tr("ratings")),
        ]
        self.state.setText(" · ".join(parts))
        self._people.show_raters(state.raters, shown.pins)
        self.flags.show_rows([(one.item, one.condition, one.obstacle.words, one.obstacle.todo) for one in state.flags])
        problems = len(state.flags) + len(shown.leftovers)
        self.tabs.setTabText(
            self.tabs.indexOf(self._flags),
            tr("Problems ({problems})", problems=problems) if problems else tr("Problems"),
        )

    def _refresh(self) -> None:
        dirty = self.form.dirty
        self.save.setEnabled(dirty)
        self.undo.setEnabled(dirty)
        version = self._shown.state.record.version + 1 if self._shown is not None and self._shown.state else 1
        self.save.setText(tr("Save as version {version}", version=version) if dirty else tr("Saved"))
        self.add.setEnabled(bool(self.code.text().strip()))

    def _lay_out(self) -> None:
        theme, run = self._context.theme, self._context.commands.run
        plan = (tr("Plan a study…"), self.plan_alone)
        self.no_project = EmptyState(
            theme,
            "studies",
            tr("No project is open"),
            tr("A study is part of a project, like its clips."),
            (
                (tr("Open project…"), lambda: run("project.open")),
                (tr("New project…"), lambda: run("project.new")),
                plan,
            ),
        )
        self.no_clips = EmptyState(
            theme, "clips", tr("No clips yet"), tr("Add the videos or images that are to be judged."),
            ((tr("Add clips…"), lambda: run("clips.add")), plan),
        )  # fmt: skip
        self.no_study = EmptyState(
            theme,
            "studies",
            tr("No study yet"),
            tr(
                "In the default study raters rate nine emotions from 0 to 5, choose the one that fits best, and trace "
                "valence and arousal, first with the face alone and then with full context. You can change everything."
            ),
            (
                (tr("New study…"), self.begin_new),
                (tr("Make the default study"), self.make_default),
                (tr("Import a study file…"), self._on_import),
                plan,
            ),
        )
        self._without_study = QWidget()
        above = column(self.no_study, self.left_alone, margins=SPACE_S)
        above.setStretch(0, 3)
        above.setStretch(1, 1)
        self._without_study.setLayout(above)
        left = self._left = Card()
        new, copy, read, write = (
            button(tr("New study…"), tip=tr("Another study in this project, page by page")),
            button(tr("Copy…"), tip=tr("A study like this one, under another name")),
            button(tr("Import…"), tip=tr("From a study file")),
            button(tr("Export…"), tip=tr("As a text file with labels, languages, instructions and all other settings")),
        )
        new.clicked.connect(self.begin_new)
        copy.clicked.connect(self._on_copy)
        read.clicked.connect(self._on_import)
        write.clicked.connect(self._on_export)
        chosen = row(self.chooser, new, spacing=SPACE_S)
        chosen.setStretch(0, 1)
        left.body.addLayout(chosen)
        left.body.addLayout(row(copy, read, write, None, spacing=SPACE_S))
        left.body.addWidget(self.form, 1)
        left.body.addLayout(row(self.save, self.undo, None, spacing=SPACE_M))
        right = Card()
        self._flags = self._flag_tab()
        right.body.addWidget(self.state)
        right.body.addWidget(self.tabs, 1)
        self.tabs.addTab(self._people, tr("Raters"))
        self.tabs.addTab(self.expectations, tr("Practice and checks"))
        self.tabs.addTab(self.assignment, tr("Who judges what"))
        self.tabs.addTab(self._flags, tr("Problems"))
        self.tabs.addTab(self.planning, tr("Plan"))
        self.main = QWidget()
        box = row(left, right, spacing=SPACE_S)
        box.setStretch(1, 1)
        self.main.setLayout(box)
        self.alone = PlanAlone(self.leave_planning)
        self.assistant = StudyAssistant(self._context)
        for page in (self.no_project, self.no_clips, self._without_study, self.main, self.alone, self.assistant):
            self.stack.addWidget(page)
        self.setLayout(column(self.stack))

    def _fit(self) -> None:
        """The form is as wide as its words, but leaves half of a small window."""
        scale, width = self._context.theme.scale, self.width()
        self._left.setFixedWidth(min(round(460 * scale), max(round(0.44 * width), min(round(360 * scale), width // 2))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _flag_tab(self) -> QWidget:
        page = QWidget()
        words = label(
            tr(
                "A clip that cannot be shown in one condition is not assigned in any, unless you allow it at the left. "
                "Analyse clips first so that faces are tracked."
            ),
            "small",
            wrap=True,
        )
        box = column(words, self.flags, self.leftovers, spacing=SPACE_M, margins=SPACE_S)
        page.setLayout(box)
        return page

    def show_problems(self) -> None:
        """Open the screen at the list of problems."""
        self._context.screen_requested.emit("study")
        self.tabs.setCurrentWidget(self._flags)

    def _connect(self) -> None:
        context = self._context
        context.commands.bind("study.show_problems", self.show_problems)
        context.commands.bind("study.new", self.begin_new)
        self.assistant.left.connect(self._leave_assistant)
        self.assistant.dealt.connect(self._on_dealt)
        self.form.changed.connect(self._refresh)
        self.form.changed.connect(self._adapt)
        self.expectations.changed.connect(
            lambda: self.form.set_parts(self.expectations.practice, self.expectations.attention)
        )
        self.save.clicked.connect(self._on_save)
        self.undo.clicked.connect(self._on_undo)
        self.chooser.currentTextChanged.connect(self._on_chosen)
        self.add.clicked.connect(self._on_add)
        self.code.returnPressed.connect(self._on_add)
        self.pin.returnPressed.connect(self._on_add)
        self.code.textChanged.connect(self._refresh)
        self.simulate.clicked.connect(self._on_simulate)
        self.assignment.wanted.connect(self._on_assign)
        context.theme.changed.connect(self._fit)
        context.project_changed.connect(self._on_project)
        context.changed.connect(self._on_changed)

    def _on_project(self) -> None:
        self._shown = None
        self.planning.forget()
        self.reload()

    def _on_chosen(self, name: str) -> None:
        self._shown = None  # what was changed belongs to the other study
        self.reload(name)

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("study", "rater", "item", "slot", "clip", "run"):
            self.reload()

    def _on_save(self) -> None:
        study = self.form.study()
        if study is not None and self._shown is not None and self._shown.state is not None:
            self._write(setup.store_study, study)

    def _on_undo(self) -> None:
        if self._shown is not None and self._shown.state is not None:
            self._show_study(self._shown)
            self._refresh()

    def _on_add(self) -> None:
        code = self.code.text().strip()
        if code and self.name:
            self._write(setup.let_join, self.name, code, self.pin.text())
            self.code.clear()
            self.pin.clear()
            self.code.setFocus()

    def _on_assign(self, seed: int) -> None:
        if self.name:
            self._write(setup.give_out, self.name, seed)

    def _on_simulate(self) -> None:
        count, said = QInputDialog.getInt(
            self, tr("Simulated raters"), tr("How many? Their answers are always marked as simulated."), 5, 1, 200
        )
        if said:
            self.fill_simulated(count)

    def fill_simulated(self, count: int) -> None:
        """Let a number of simulated raters answer everything."""
        project, name = self._context.project, self.name
        seed = self._shown.seed if self._shown is not None else FIRST_SEED
        if project is None or not name:
            return

        def simulate(ctx: Context) -> int:
            from app.services.study.simulate import simulate_study

            return simulate_study(project, name, count, seed, add_items=True, ctx=ctx)

        self._context.work.start(tr("Simulating raters"), "db", simulate)

    def _on_copy(self) -> None:
        proposed = propose_name(self._shown.names if self._shown is not None else ())
        name, said = QInputDialog.getText(self, tr("Copy the study"), tr("Name of the copy"), text=proposed)
        study = self.form.study()
        if said and name.strip() and study is not None:
            self._shown = None
            self._write(setup.store_study, replace(study, name=name.strip(), version=1))

    def _on_import(self) -> None:
        path = self._context.ask_file.one(self, tr("Import a study"), FILTER)
        if path is not None:
            self._shown = None
            self._write(setup.read_study_file, path)

    def _on_export(self) -> None:
        said = self._context.ask_file.new(self, tr("Export the study"), f"{self.name}.toml", FILTER)
        if said is not None and self.name:
            self._context.query(export_study, self.name, said, on_done=lambda _: None)

    def _write(self, fn: Any, *args: Any) -> None:
        def done(result: object) -> None:
            if isinstance(result, str):
                self.reload(result)

        self._context.write(fn, *args, on_done=done)
