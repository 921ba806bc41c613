"""The planning of a study's size: the question, the simulation, and its answer as a sentence, a table and a curve."""

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.agreement.plan import size_words
from app.domain.words import figure
from app.errors import UserError
from app.jobs import Context, Job, Progress
from app.results import Goal, path_of
from app.services.agreement.choose import LabelFilter, chosen, load_labels
from app.services.agreement.planning import Planned, PlanRequest, curves, make_plan, write_plan
from app.services.consent.left import note_left
from app.ui.core.context import AppContext
from app.ui.core.whose import EVERYBODY, NAMED, Whose
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, lay_scrolled, row
from app.ui.parts.widgets.plain_plot import dress, pen, plot
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.study.planning_form import PlanForm

if TYPE_CHECKING:
    from app.services.projects.files import Project

FILTER: Final = tr("Web page (*.html);;JSON (*.json)")
LINES: Final = ("accent", "warning", "text_soft", "danger", "success")


def _plan(ctx: Context, project: "Project | None", study: str, request: PlanRequest) -> Planned:
    pilot = None if project is None else chosen(load_labels(project, study), LabelFilter())
    return make_plan(ctx, request, pilot)


class PlanTab(QWidget):
    """The page on which a study is planned.

    Args:
        context: The context with project, jobs and theme.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self.planned: Planned | None = None
        self._from_labels = False
        self.study = ""
        self.form = PlanForm()
        self.go = button(
            tr("Simulate"), "primary", tip=tr("Simulates and analyses studies of each size; nothing is stored")
        )
        self.stop = button(tr("Cancel"))
        self.save = button(tr("Save…"), icon_name="export", tip=tr("The answer as a web page or as JSON"))
        self.told = label("", "soft", wrap=True)
        self.answer = label("", "small", wrap=True)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = button(tr("Copy sentence"), icon_name="copy", tip=tr("For a paper or a preregistration"))
        self.table = RowsTable(
            (tr("Subjects"), tr("Clips"), tr("Raters"), tr("Width"), "±", tr("Enough")),
            tr("Sizes that were tried"),
            drop=(4, 1),
        )
        self.curve = plot(tr("Width or power over the size of the study"))
        self._lay_out()
        self.go.clicked.connect(self.simulate)
        self.stop.clicked.connect(self.cancel)
        self.save.clicked.connect(self._on_save)
        self.copy.clicked.connect(self._on_copy)
        context.theme.redraw_with(self, self._draw)
        self.form.show_project(context.project is not None)
        self._show()

    def _lay_out(self) -> None:
        actions = row(self.go, self.stop, None, self.copy, self.save, spacing=SPACE_S)
        below = row(self.table, self.curve, spacing=SPACE_M)
        below.setStretch(0, 4)
        below.setStretch(1, 3)
        box = column(self.form, actions, self.told, self.answer, below, spacing=SPACE_M, margins=SPACE_S)
        box.setStretch(4, 1)
        lay_scrolled(self, box)

    @property
    def busy(self) -> bool:
        """Whether studies are being simulated."""
        return self._job is not None

    def simulate(self) -> None:
        """Begin a simulation and cancel a running one."""
        try:
            request = self.form.request()
        except UserError as error:
            self._refuse(error)
            return
        self.cancel()
        self._from_labels = self.form.from_labels
        project = self._context.project if self._from_labels else None
        self._say(tr("Simulating …"))
        self._job = self._context.work.start(
            tr("Planning a study"), "io", _plan, project, self.study, request, on_done=self._on_done,
            on_progress=self._on_progress, on_error=self._on_error, on_end=self._on_end, replace="study.plan",
        )  # fmt: skip
        self._show()

    def whose(self) -> Whose:
        """Say whose answers are in the plan: everybody's of the project, where it was made from these."""
        return EVERYBODY if self.planned is not None and self._from_labels else NAMED

    def cancel(self) -> None:
        """Stop the simulation. The shown answer stays."""
        if self._job is not None:
            self._job.cancel()

    def forget(self) -> None:
        """Remove the plan of the last project."""
        self.cancel()
        self.planned = None
        self.study = ""
        self.form.show_project(self._context.project is not None)
        self.form.show_emotions(())
        self._show()

    def show_study(self, name: str, emotions: tuple[str, ...]) -> None:
        """Plan from the labels of a study."""
        self.study = name
        self.form.show_emotions(emotions)

    def _on_progress(self, progress: Progress) -> None:
        self._say(progress.text)

    def _on_end(self) -> None:
        self._job = None
        self._say("")
        self._show()

    def _on_done(self, planned: Planned) -> None:
        self.planned = planned
        self._show()

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._refuse(error)
        else:
            self._context.fail(error)

    def _refuse(self, error: UserError) -> None:
        self._say(f"{error.what} {error.todo}")

    def _say(self, text: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def _show(self) -> None:
        planned, busy = self.planned, self.busy
        self.stop.setVisible(busy)
        self._say(self.told.text())
        self.go.setEnabled(not busy)
        for part in (self.copy, self.save):
            part.setEnabled(planned is not None and not busy)
        self.table.setVisible(planned is not None)
        self.curve.setVisible(planned is not None)
        if planned is None:
            self.answer.setText(
                tr(
                    "Studies of each size are drawn at random from this project's labels, or from assumptions, and "
                    "analysed as Agreement does. The answer says which size is enough."
                )
            )
            return
        plan = planned.plan
        enough = (
            tr("Enough: {size_words}. ", size_words=size_words(plan.answer.size)) if plan.answer is not None else ""
        )
        self.answer.setText(f"{enough}{plan.sentence()}")
        self.answer.setToolTip("\n".join(plan.notes))
        effect = plan.question.kind == "effect"
        head = (tr("Subjects"), tr("Clips"), tr("Raters"), tr("Power") if effect else tr("Width"), "±", tr("Enough"))
        rows = []
        for one in plan.rows:
            value, error = (one.power, one.power_error) if effect else (one.width, one.width_error)
            numbers = tuple(figure(v, 3) for v in (value, error))
            size = one.size
            rows.append(
                (str(size.subjects), str(size.clips), str(size.raters), *numbers, "yes" if one.enough else "no")
            )
        self.table.show_rows(rows, head)
        self._draw()

    def _draw(self) -> None:
        if self.planned is None:
            return
        plan, theme = self.planned.plan, self._context.theme
        effect = plan.question.kind == "effect"
        item = self.curve.getPlotItem()
        item.clear()
        x_name, lines = curves(plan)
        dress(self.curve, theme, (tr("Power") if effect else tr("Mean width")) + tr(" over {x_name}", x_name=x_name))
        if item.legend is not None:
            item.legend.clear()
        elif len(lines) > 1:
            item.addLegend(offset=(-1, 1), labelTextColor=theme.colour("text_soft"))
        for k, (words, rows) in enumerate(lines):
            x = np.array([getattr(one.size, x_name) for one in rows], dtype=np.float64)
            y = np.array([one.power if effect else one.width for one in rows])
            colour = LINES[k % len(LINES)]
            brush = theme.colour(colour)
            item.plot(
                x, y, pen=pen(theme, colour), symbol="o", symbolSize=6, symbolBrush=brush, connect="finite", name=words
            )  # fmt: skip
        wanted = plan.question.power if effect else plan.question.target
        item.addItem(pg.InfiniteLine(wanted, 0, pen=pen(theme, "text_faint", dashed=True, width=1.0)))
        item.setYRange(
            0.0, 1.0 if effect else max([wanted, *(r.width for r in plan.rows if r.width == r.width)]) * 1.05
        )

    def _on_copy(self) -> None:
        if self.planned is not None:
            self._context.exports.copy_text(self.planned.plan.sentence(), tr("Copied."))

    def _on_save(self) -> None:
        if self.planned is None:
            return
        said = self._context.ask_file.new(self, tr("Save plan"), f"{self._context.project_name}-plan.html", FILTER)
        if said is not None:
            self.save_to(said)

    def save_to(self, goal: Goal) -> None:
        """Save the answer without asking; the ending chooses the format."""
        planned = self.planned
        if planned is None:
            return
        as_json = path_of(goal).suffix.lower() == ".json"
        keep = partial(write_plan, planned, json_to=goal) if as_json else partial(write_plan, planned, html_to=goal)
        context = self._context
        said = tr("Saved {path_of}.", path_of=path_of(goal))
        project, whose = context.project, self.whose()

        def save(_ctx: Context) -> None:
            if project is not None:
                whose.let_out(project)
            keep()
            if project is not None:
                note_left(project, "plan", path_of(goal))

        context.work.start(
            tr("Saving the plan"), "io", save, on_done=lambda _: context.notify(said, tone="ok"),
            on_error=lambda error: context.exports.refused(error, whose),
        )  # fmt: skip
