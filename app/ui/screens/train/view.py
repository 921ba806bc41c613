"""The train screen: form at the left; progress, runs and the comparison at the right."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSplitter, QWidget

from app.domain.changes import Changes
from app.domain.training_events import PLACED
from app.jobs import Context
from app.services.models.titles import title_of
from app.services.predict.reanalyse import renew
from app.services.retrain.category_cells import Confusion, note_cell
from app.services.retrain.category_runs import METRICS, CategoryRequest
from app.services.retrain.conditions import ConditionsResult
from app.services.retrain.known import Trainings, note_compared, trainings
from app.services.retrain.learning_curve import CurvePoint, learning_curve
from app.services.retrain.queue import Outcome, QueuedRun, Request, RunQueue
from app.services.retrain.runs import TrainRequest
from app.services.study.views import note_judged
from app.ui.core.context import AppContext, ClipPlace
from app.ui.core.whose import Whose, of_runs
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.people.covered import ask_without
from app.ui.parts.widgets.basic import Card, column, label, row
from app.ui.screens.train.chosen import ChosenRun
from app.ui.screens.train.form import TrainForm
from app.ui.screens.train.history import RunList
from app.ui.screens.train.progress import ProgressCard
from app.ui.screens.train.result import ResultPanel

if TYPE_CHECKING:
    from app.services.projects.files import Project

REDRAW_MS: Final = 200
"""Milliseconds between two updates, because events of a run come faster than anybody reads."""
NARROW: Final = 1000
FORM: Final = 352
SMALL_FORM: Final = 292
SMALL_RESULT: Final = 460


class TrainScreen(QWidget):
    """The screen on which trainings are started, watched, compared, promoted and rolled back.

    Args:
        context: The context with project, settings and jobs.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._queue: RunQueue | None = None
        self._queue_project: Project | None = None
        self._follow = 0
        self.form = TrainForm()
        self.form.setFixedWidth(FORM)
        self.form.started.connect(self._on_start)
        self.progress = ProgressCard(context.theme)
        self.progress.stop_wanted.connect(self._on_stop)
        self.progress.cancel_wanted.connect(self._on_cancel)
        self.runs = RunList()
        self.runs.chosen.connect(self._on_chosen)
        self.result = ResultPanel(context.theme, self._title)
        self.result.promote_wanted.connect(self._on_promote)
        self.result.rollback_wanted.connect(self._on_rollback)
        self.result.renew_wanted.connect(self._on_renew)
        self.result.people.wanted.connect(self._on_people)
        self.result.confusion.wanted.connect(self._on_cell)
        self._chosen = ChosenRun(context, self.runs, self.result, self.progress)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self._lay_out()
        context.project_changed.connect(self._on_project)
        context.changed.connect(self._on_changed)
        context.closing.connect(self.close_screen)
        self._on_project()

    def _lay_out(self) -> None:
        history = Card(tr("Runs"))
        self._no_runs = label(tr("Every training is kept here."), "soft", wrap=True)
        self._no_runs.setAlignment(Qt.AlignmentFlag.AlignCenter)
        history.body.addWidget(self._no_runs, 1)
        history.body.addWidget(self.runs, 1)
        self.runs.setMinimumHeight(110)
        self._top = QSplitter(Qt.Orientation.Horizontal)
        self._top.addWidget(self.progress)
        self._top.addWidget(history)
        self._top.setSizes([520, 520])
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self._top)
        both.addWidget(self.result)
        both.setSizes([380, 420])
        for splitter in (self._top, both):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(SPACE_S)
        area = QScrollArea()
        area.setAccessibleName(tr("Training"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(both)
        box = row(self.form, area, spacing=SPACE_S)
        box.setStretch(1, 1)
        self.setLayout(column(box))

    def _title(self, name: str) -> str:
        """The title of a model; empty for none."""
        project = self._context.project
        return title_of(name, project.home if project is not None else None) if name else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show a narrow form, and the runs below the curves, in a small window."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        wide = self._context.theme.room(SMALL_FORM if narrow else FORM, self.width())
        self.form.setFixedWidth(max(wide, self.form.minimumSizeHint().width()))
        self.form.put_above(narrow and self._context.theme.scale > 1.0)
        # Wrapped lines need more height in a narrow panel than a splitter asks of it.
        self.result.setMinimumHeight(SMALL_RESULT if narrow else 0)
        self._top.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    @property
    def queue(self) -> RunQueue | None:
        """The queue of trainings of the open project; None while none was started."""
        return self._queue

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: those that the trainings in the list learned from."""
        known = self._chosen.known
        return of_runs(known.records if known is not None else ())

    def screen_shown(self) -> None:
        """Reload when the screen becomes visible."""
        self.reload()

    def close_screen(self) -> None:
        """End all trainings when the window closes."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.close()

    def reload(self) -> None:
        """Read labels, runs and the model in use again."""
        if self._context.project is None:
            self._fill(None)
            return
        setting = self._context.settings.text("analysis.model")
        self._context.query(trainings, setting, on_done=self._fill, replace="train.read")

    def _on_project(self) -> None:
        if self._queue_project is not self._context.opened:
            self.close_screen()  # a training goes on while nobody may look at it
        self._chosen.forget()
        self._queue_project = self._context.opened
        self.reload()

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("trace", "gold", "clip", "item", "model", "run", "training"):
            self.reload()

    def _fill(self, known: Trainings | None) -> None:
        self._chosen.known = known
        self.form.set_labels(*((known.labels, known.categories) if known is not None else (None,)))
        queue = self._queue.runs if self._queue is not None else []
        self.runs.show_runs(
            known.records if known is not None else [], queue, known.in_use_sha256 if known is not None else ""
        )
        self.runs.setVisible(self.runs.rowCount() > 0)
        self._no_runs.setVisible(self.runs.rowCount() == 0)
        if self._follow:
            self.runs.choose(self._follow)
            self._follow = 0
        name = known.in_use_name if known is not None else ""
        self.result.set_in_use(name, can_roll_back=known is not None and known.can_roll_back)
        self.result.set_behind(known.behind if known is not None else "")
        self._on_chosen(self.runs.current())
        self._redraw()

    def _on_start(self, request: Request) -> None:
        project = self._context.project
        if project is None:
            return
        if self._queue is None:
            self._queue = RunQueue(project, self._on_run, self._context.dispatcher)
        self._queue.add(request)
        self.reload()

    def _on_run(self, run: QueuedRun) -> None:
        """Show that a run has changed; called in the window's thread."""
        if run.events and run.events[-1]["event"] == PLACED and run.state == "running":
            self._follow = int(run.events[-1]["training"])
            self.reload()
        if run.state in ("done", "failed", "cancelled"):
            self._ended(run)
        if not self._timer.isActive():
            self._timer.start()

    def _ended(self, run: QueuedRun) -> None:
        changes, run.changes = run.changes, Changes()
        if changes:
            self._context.broadcast(changes)
        if run.result is not None and run.result.record.id not in self._chosen.outcomes:
            self._chosen.outcomes[run.result.record.id] = run.result
            self._follow = run.result.record.id
            self._context.query(note_judged, "agreement", on_done=lambda _: None)
            self._tell(run.result)
        elif run.error is not None:
            error, run.error = run.error, None
            ask_without(self._context, self, error, partial(self._without_refused, run.request))
        self.reload()

    def _without_refused(self, request: Request) -> None:
        """Train again without the people whose consent does not cover it."""
        if isinstance(request, TrainRequest):  # noqa: SIM114 — the labels of the two are of different kinds
            self._on_start(replace(request, labels=replace(request.labels, covered_only=True)))
        elif isinstance(request, CategoryRequest):
            self._on_start(replace(request, labels=replace(request.labels, covered_only=True)))

    def _tell(self, made: Outcome) -> None:
        """Say in the banner what came of a training."""
        if isinstance(made, ConditionsResult):
            self._context.notify(made.sentence or tr("The context experiment is done."), "", "ok")
            return
        comparison = made.comparison
        if comparison is not None:
            self._context.query(note_compared, comparison, on_done=lambda _: None)
        text = comparison.sentence if comparison is not None else tr("{model} is trained.", model=made.model)
        good = comparison is not None and comparison.offers_promotion
        self._context.notify(text, "", "ok" if good else "warning")

    def _redraw(self) -> None:
        run = self._queue.current if self._queue is not None else None
        waiting = len([each for each in self._queue.runs if each.state == "waiting"]) if self._queue is not None else 0
        self.progress.show_run(run, waiting)
        if run is None:
            self._chosen.show_curves(self.runs.current())

    def _on_chosen(self, number: int) -> None:
        self._chosen.show(number)
        if self._queue is None or self._queue.current is None:
            self._chosen.show_curves(number)

    def _on_cell(self, found: Confusion, row: int, column: int) -> None:
        """Play the clips behind a cell of the confusion."""
        places = [
            ClipPlace(item.clip_id, item.start_s or 0.0, item.id, found.condition, item.end_s)
            for item in found.items[row, column]
        ]
        self._context.query(note_cell, [place.clip_id for place in places], on_done=lambda _: None)
        self._context.play_list(found.words(row, column), places)

    def _on_stop(self) -> None:
        run = self._queue.current if self._queue is not None else None
        if run is not None and self._queue is not None:
            self._queue.stop(run)
            self._redraw()

    def _on_cancel(self) -> None:
        run = self._queue.current if self._queue is not None else None
        if run is not None and self._queue is not None:
            self._queue.cancel(run)

    def _on_promote(self, name: str) -> None:
        from app.services.retrain.promote import promote
        from app.services.retrain.runs import model_folder

        record = self._chosen.record(self.runs.current())

        def change(project: "Project") -> str:
            return promote(project, str(model_folder(project, record)) if record is not None else name).name

        said = (
            tr("{} predicts categories from now on, also live.")
            if record is not None and METRICS in record.metrics
            else ""
        )
        self._switch(change, said or tr("{} predicts from now on, also live."))

    def _on_rollback(self) -> None:
        from app.services.models.in_use import CATEGORY_ROLE, card_in_use, wished_model
        from app.services.retrain.promote import rollback

        setting = self._context.settings.text("analysis.model")
        record = self._chosen.record(self.runs.current())
        if record is not None and METRICS in record.metrics:
            self._switch(
                lambda project: rollback(project, role=CATEGORY_ROLE) or tr("No model"),
                tr("{} predicts categories from now on."),
            )
            return

        def change(project: "Project") -> str:
            rollback(project)
            return card_in_use(wished_model(setting, project), project).name

        self._switch(change, tr("{} predicts again, also live."))

    def _switch(self, change: Callable[["Project"], str], said: str) -> None:
        context = self._context

        def done(name: str) -> None:
            context.notify(said.format(name), tr("Stored curves are still those of the model that made them."), "ok")
            self.reload()

        context.write(change, on_done=done)

    def _on_renew(self) -> None:
        """Analyse again what still shows another model's curves; the status bar shows how far it is, with a stop."""
        context = self._context
        project = context.project
        if project is None:
            return

        def done(said: list[str]) -> None:
            more = tr("({said} more like this.)", said=len(said) - 1) if len(said) > 1 else ""
            if said:
                context.notify(said[0], more)
            else:
                context.notify(tr("Every analysed clip shows the curves of the model in use."), "", "ok")

        def ended() -> None:
            self.result.renew.setEnabled(True)

        self.result.renew.setEnabled(False)
        words = (project, context.settings.text("analysis.model"), context.settings.text("analysis.device"))
        context.work.start(tr("Analysing clips again"), "infer", renew, *words, on_done=done, on_end=ended)

    def _on_people(self) -> None:
        """Train again on fewer people, in the background."""
        context, record = self._context, self._chosen.record(self.runs.current())
        project = context.project
        if project is None or record is None:
            return

        device = self.form.device.currentData()

        def work(ctx: Context) -> list[CurvePoint]:
            return learning_curve(project, record, ctx, device=device)

        def ended() -> None:
            self.result.people.set_busy(busy=False)
            self.reload()

        self.result.people.set_busy(busy=True)
        context.work.start(tr("Training on fewer people"), "io", work, on_end=ended)
