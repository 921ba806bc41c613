"""The train screen: form at the left; progress, runs and the comparison at the right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QSplitter, QWidget

from app.domain.project import TrainingRecord
from app.errors import UserError
from app.jobs import Context
from app.services.retrain.queue import QueuedRun, RunQueue
from app.services.retrain.runs import Trained, TrainRequest
from app.ui.context import AppContext, Changes
from app.ui.tokens import SPACE_M, SPACE_S
from app.ui.train.curves import LearningCurves
from app.ui.train.form import LabelsAtHand, TrainForm
from app.ui.train.history import RunList
from app.ui.train.result import ResultPanel
from app.ui.widgets.basic import Card, button, column, label, row

if TYPE_CHECKING:
    from db.project import Project

REDRAW_MS = 200
"""Events of a run come faster than anybody reads."""


@dataclass(frozen=True)
class Known:
    """What the project holds for this screen."""

    labels: LabelsAtHand
    records: list[TrainingRecord]
    in_use_name: str
    in_use_sha256: str
    can_roll_back: bool


def read(project: "Project") -> Known:
    """Labels, trainings and the model in use; runs off the window's thread."""
    import db.gold
    import db.items
    import db.models
    from app.inference.cards import DEFAULT_MODEL
    from app.services.in_use import ROLE
    from app.services.retrain.labels import conditions, usable_traces

    traces = usable_traces(project)
    golds = db.gold.all(project, kind="trace")
    labelled = {trace.item_id for trace in traces} | {gold.item_id for gold in golds}
    items = [item for item in db.items.all(project) if item.id in labelled]
    at_hand = LabelsAtHand(
        raters=tuple(sorted({trace.rater for trace in traces})),
        conditions=tuple(conditions(project)),
        clips=len({item.clip_id for item in items}),
        subjects=len({item.subject or f"clip {item.clip}" for item in items}),
        stored=bool(golds),
    )
    promoted = db.models.in_use(project, ROLE)
    name, sha256 = (promoted.name, promoted.sha256) if promoted is not None else (DEFAULT_MODEL, "")
    return Known(at_hand, db.models.trainings(project), name, sha256, promoted is not None)


class TrainScreen(QWidget):
    """Start trainings, watch them, compare, promote, roll back.

    Args:
        context: Project, settings and jobs.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._queue: RunQueue | None = None
        self._queue_project: Project | None = None
        self._known: Known | None = None
        self._results: dict[int, Trained] = {}
        self._follow = 0
        self.form = TrainForm()
        self.form.setFixedWidth(352)
        self.form.started.connect(self._on_start)
        self.curves = LearningCurves(context.theme)
        self.runs = RunList()
        self.runs.chosen.connect(self._on_chosen)
        self.result = ResultPanel(context.theme)
        self.result.promote_wanted.connect(self._on_promote)
        self.result.rollback_wanted.connect(self._on_rollback)
        self._now = label("", "soft")
        self._left = label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = button("Stop and keep the best", tip="End after this epoch; the best epoch so far is the model")
        self._stop.clicked.connect(self._on_stop)
        self._cancel = button("Cancel", tip="End it and throw away what it has learned")
        self._cancel.clicked.connect(self._on_cancel)
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
        progress = Card("Training")
        progress.body.addLayout(row(self._now, self._bar, self._left, self._stop, self._cancel, spacing=SPACE_M))
        progress.body.itemAt(progress.body.count() - 1).layout().setStretch(1, 1)  # type: ignore[union-attr]
        progress.body.addWidget(self.curves, 1)
        history = Card("Runs")
        history.body.addWidget(self.runs, 1)
        top = QSplitter(Qt.Orientation.Horizontal)
        top.addWidget(progress)
        top.addWidget(history)
        top.setSizes([520, 520])
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(top)
        both.addWidget(self.result)
        both.setSizes([380, 420])
        box = row(self.form, both, spacing=SPACE_S)
        box.setStretch(1, 1)
        self.setLayout(column(box))

    @property
    def queue(self) -> RunQueue | None:
        """Trainings of the open project; None while none was started."""
        return self._queue

    def screen_shown(self) -> None:
        """The screen became visible."""
        self.reload()

    def close_screen(self) -> None:
        """The window closes: end what trains."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.close()

    def reload(self) -> None:
        """Read labels, runs and the model in use again."""
        if self._context.project is None:
            self._fill(None)
            return
        self._context.query(read, on_done=self._fill, replace="train.read")

    def _on_project(self) -> None:
        if self._queue_project is not self._context.project:
            self.close_screen()
        self._results.clear()
        self._queue_project = self._context.project
        self.reload()

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and any(changes.touches(kind) for kind in ("trace", "gold", "clip", "item", "model")):
            self.reload()

    def _fill(self, known: Known | None) -> None:
        self._known = known
        self.form.set_labels(known.labels if known is not None else None)
        queue = self._queue.runs if self._queue is not None else []
        self.runs.show_runs(
            known.records if known is not None else [], queue, known.in_use_sha256 if known is not None else ""
        )
        if self._follow:
            self.runs.choose(self._follow)
            self._follow = 0
        self.result.set_in_use(
            known.in_use_name if known is not None else "", can_roll_back=known is not None and known.can_roll_back
        )
        self._on_chosen(self.runs.current())
        self._redraw()

    def _on_start(self, request: TrainRequest) -> None:
        project = self._context.project
        if project is None:
            return
        if self._queue is None:
            self._queue = RunQueue(project, self._on_run, self._context.dispatcher)
        self._queue.add(request)
        self.reload()

    def _on_run(self, run: QueuedRun) -> None:
        """Something of a run changed; told in the window's thread."""
        if run.events and run.events[-1]["event"] == "placed" and run.state == "running":
            self._follow = int(run.events[-1]["training"])
            self.reload()
        if run.state in ("done", "failed", "cancelled"):
            self._ended(run)
        if not self._timer.isActive():
            self._timer.start()

    def _ended(self, run: QueuedRun) -> None:
        if run.result is not None and run.result.record.id not in self._results:
            self._results[run.result.record.id] = run.result
            self._follow = run.result.record.id
            comparison = run.result.comparison
            text = comparison.sentence if comparison is not None else f"{run.result.model} is trained."
            good = comparison is not None and comparison.offers_promotion
            self._context.notify(text, "", "ok" if good else "warning")
            self._context.broadcast("model")
        elif run.error is not None:
            error, run.error = run.error, None
            self._context.fail(error)
        self.reload()

    def _redraw(self) -> None:
        run = self._queue.current if self._queue is not None else None
        for part in (self._bar, self._left, self._stop, self._cancel):
            part.setVisible(run is not None)
        if run is None:
            waiting = "Nothing is being trained."
            self._now.setText(waiting)
            self._show_curves_of(self.runs.current())
            return
        progress = run.progress
        known = progress is not None and progress.total > 0
        self._bar.setRange(0, 1000 if known else 0)
        if progress is not None and known:
            self._bar.setValue(round(1000 * progress.done / progress.total))
        self._now.setText(progress.text if progress is not None else "Starting …")
        left = run.left_s
        self._left.setText("" if left is None else f"at most {_minutes(left)}")
        self._stop.setEnabled(left is not None)
        self.curves.show_events(run.events)

    def _on_chosen(self, number: int) -> None:
        record = next((r for r in self._known.records if r.id == number), None) if self._known is not None else None
        if record is None or record.model is None:
            self.result.show_result("", None, None)
        else:
            made = self._results.get(number)
            comparison = made.comparison if made is not None else None
            self.result.show_result(record.model.name, comparison, record.metrics.get("comparison"))
            if self._known is not None and record.model.sha256 == self._known.in_use_sha256:
                self.result.promote.hide()
            if comparison is None and record.metrics.get("comparison"):
                self._compare_again(record)
        if self._queue is None or self._queue.current is None:
            self._show_curves_of(number)

    def _show_curves_of(self, number: int) -> None:
        record = next((r for r in self._known.records if r.id == number), None) if self._known is not None else None
        if record is None:
            self.curves.show_events([])
            return
        from app.services.retrain.runs import curves, run_folder

        self._context.query(
            lambda project: curves(run_folder(project, record)), on_done=self.curves.show_events, replace="train.curves"
        )

    def _compare_again(self, record: TrainingRecord) -> None:
        """Compute both models' series anew, from kept faces, to draw a run of another day."""
        project, model = self._context.project, record.model
        if project is None or model is None:
            return

        def work(ctx: Context) -> Trained:
            from app.services.retrain.compare import compare

            was = record.metrics["comparison"]["models"]["old"]
            found = compare(project, was, record.folder, ctx)
            return Trained(record, model.name, project.folder, found, ())

        def done(made: Trained) -> None:
            self._results[record.id] = made
            if self.runs.current() == record.id:
                self._on_chosen(record.id)

        def failed(error: Exception) -> None:
            # The stored numbers are shown all the same; a model that is gone draws no curves.
            if not isinstance(error, UserError):
                self._context.fail(error)

        self._context.jobs.start("infer", work, on_done=done, on_error=failed, replace="train.compare")

    def _on_stop(self) -> None:
        run = self._queue.current if self._queue is not None else None
        if run is not None and self._queue is not None:
            self._queue.stop(run)
            self._stop.setEnabled(False)

    def _on_cancel(self) -> None:
        run = self._queue.current if self._queue is not None else None
        if run is not None and self._queue is not None:
            self._queue.cancel(run)

    def _on_promote(self, name: str) -> None:
        from app.services.retrain.promote import promote

        record = next((r for r in self._known.records if r.id == self.runs.current()), None) if self._known else None
        folder = record.folder if record is not None else name
        self._switch(
            lambda project: promote(project, folder).name, "{} predicts from now on, live and for whole clips."
        )

    def _on_rollback(self) -> None:
        from app.services.retrain.promote import rollback

        self._switch(rollback, "{} predicts again.")

    def _switch(self, change: Any, said: str) -> None:
        context = self._context

        def done(name: str) -> None:
            # A model chosen by hand in the settings would hide the project's own choice.
            context.settings.set("analysis.model", "")
            context.notify(said.format(name), "", "ok")
            self.reload()

        context.write(change, kinds=("model", "run"), on_done=done)


def _minutes(seconds: float) -> str:
    return f"{max(round(seconds), 1)} s" if seconds < 90 else f"{round(seconds / 60)} min"
