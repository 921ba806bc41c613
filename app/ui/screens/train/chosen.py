"""The run that is chosen on the train screen: its scores or its comparison, its report and its learning curves."""

from pathlib import Path

from app.domain.project import TrainingRecord
from app.domain.training_events import events_of
from app.errors import UserError
from app.services.retrain.category_cells import Confusion, confusions
from app.services.retrain.category_report import REPORT
from app.services.retrain.category_runs import METRICS, scores_sentence, seeds_sentences
from app.services.retrain.conditions import EXPERIMENT, gains_sentence
from app.services.retrain.conditions_report import PAGE
from app.services.retrain.known import Trainings, compare_again
from app.services.retrain.learning_curve import CurvePoint
from app.services.retrain.queue import Outcome
from app.services.retrain.runs import Trained
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.screens.train.history import RunList
from app.ui.screens.train.progress import ProgressCard
from app.ui.screens.train.result import ResultPanel


class ChosenRun:
    """Shows the chosen run in the panels of the train screen.

    Args:
        context: The context with project and jobs.
        runs: The list in which a run is chosen.
        result: The panel of results.
        progress: The card that shows learning curves.

    Attributes:
        known: What the project knows of trainings; None until it is read.
        outcomes: The outcomes of trainings of this session by the number of their record.
    """

    def __init__(self, context: AppContext, runs: RunList, result: ResultPanel, progress: ProgressCard) -> None:
        self._context, self._runs, self._result, self._progress = context, runs, result, progress
        self.known: Trainings | None = None
        self.outcomes: dict[int, Outcome] = {}
        self._drawing: set[int] = set()

    def forget(self) -> None:
        """Forget the outcomes of another project."""
        self.outcomes.clear()
        self._drawing.clear()

    def record(self, number: int) -> TrainingRecord | None:
        """Return a run of the project; None if there is no such run."""
        return next((r for r in self.known.records if r.id == number), None) if self.known is not None else None

    def show(self, number: int) -> None:
        """Show a run in the panel of results; 0 and a run that is still under way show nothing."""
        record = self.record(number)
        known = self.known
        if known is not None:
            self._result.set_in_use(known.in_use_name, can_roll_back=known.can_roll_back)
        if record is None or (record.model is None and record.status in ("queued", "running")):
            self._result.show_result("", None, None)
        elif METRICS in record.metrics:
            self._show_categories(record)
        elif EXPERIMENT in record.metrics:
            self._show_taught(record)
        elif record.model is None:
            name = Path(record.folder).name or record.recipe
            self._result.show_failure(f"{name} ({record.status})", record.note)
        else:
            made = self.outcomes.get(number)
            comparison = made.comparison if isinstance(made, Trained) else None
            self._result.show_result(
                record.model.name,
                comparison,
                record.metrics.get("comparison"),
                validated=record.metrics.get("cross_validation"),
                points=tuple(CurvePoint.of(point) for point in record.metrics.get("learning_curve", ())),
                notes=record.note,
            )
            if self.known is not None and record.model.sha256 == self.known.in_use_sha256:
                self._result.promote.hide()
            if comparison is None and record.metrics.get("comparison"):
                self._compare_again(record)

    def _show_taught(self, record: TrainingRecord) -> None:
        from app.services.retrain.runs import run_folder

        facts = record.metrics[EXPERIMENT]

        def found(folder: Path) -> None:
            if self._runs.current() == record.id:
                page = folder / PAGE
                name = Path(record.folder).name or record.recipe
                report = page if page.is_file() else None
                self._result.show_taught(name, gains_sentence(facts), facts, report, record.note)

        self._context.query(lambda project: run_folder(project, record), on_done=found, replace="train.report")

    def _show_categories(self, record: TrainingRecord) -> None:
        from app.services.retrain.runs import run_folder

        name, scores = Path(record.folder).name or record.recipe, record.metrics[METRICS]
        sentences = [scores_sentence(tr("Held-out subjects"), scores["test"])]
        if "cross_validation" in scores:
            sentences.append(scores_sentence(tr("Cross-validation"), scores["cross_validation"]))
        sentences += seeds_sentences(record, self.known.records if self.known is not None else [])

        def found(folder: Path) -> None:
            if self._runs.current() == record.id:
                report = folder / REPORT
                self._result.show_categories(
                    name, sentences, report if report.is_file() else None, record.note, record.metrics.get("comparison")
                )
                known = self.known
                if known is not None:
                    mine = record.model is not None and record.model.sha256 == known.category_sha256
                    if mine:
                        self._result.promote.hide()
                    self._result.set_in_use(known.category_name, can_roll_back=bool(known.category_name))

        def cells(those: tuple[Confusion, ...]) -> None:
            if self._runs.current() == record.id:
                self._result.confusion.show_confusions(those)

        self._context.query(lambda project: run_folder(project, record), on_done=found, replace="train.report")
        self._context.query(confusions, record, on_done=cells, replace="train.cells")

    def show_curves(self, number: int) -> None:
        """Show the learning curves of a run."""
        record = self.record(number)
        if record is None:
            self._progress.show_events([])
            return
        from app.services.retrain.runs import run_folder

        self._context.query(
            lambda project: events_of(run_folder(project, record)),
            on_done=self._progress.show_events,
            replace="train.curves",
        )

    def _compare_again(self, record: TrainingRecord) -> None:
        """Compute both models' series anew, from kept faces, to draw a run of another day."""
        project, model = self._context.project, record.model
        if project is None or model is None or record.id in self._drawing:
            return
        # Once a run: stopped or failed, it is not begun again by every reload.
        self._drawing.add(record.id)

        def done(made: Trained) -> None:
            self.outcomes[record.id] = made
            if self._runs.current() == record.id:
                self.show(record.id)

        def failed(error: Exception) -> None:
            # The stored numbers are shown all the same; a model that is gone draws no curves.
            if not isinstance(error, UserError):
                self._context.fail(error)

        title = tr("Drawing {name} beside the model it was compared with", name=model.name)
        self._context.work.start(
            title, "infer", compare_again, project, record, on_done=done, on_error=failed, replace="train.compare"
        )
