"""The fusion screen: a page for a new fusion, a page for what the fusions of the project found, and the running one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from app.domain.changes import Changes
from app.domain.project import ClipRecord, ItemRecord, TrainingRecord
from app.domain.training_events import FUSED, PLACED
from app.domain.verdicts_beside import VerdictsBeside
from app.errors import UserError
from app.jobs import Context
from app.services.fusion.affect import FACTS, AffectFusionRequest, FusedAffect
from app.services.fusion.known import Found, Fusions, fusions, of_affect, read_fusion, role_of
from app.services.fusion.outcome import FusedItem, FusionOutcome
from app.services.fusion.play import clip_records, item_records
from app.services.fusion.runs import FusedCategories, FusionRequest
from app.services.retrain.known import note_compared
from app.services.retrain.queue import QueuedRun, RunQueue
from app.services.study.views import note_judged
from app.ui.core.context import AppContext, ClipPlace
from app.ui.core.whose import Whose, of_runs
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import column
from app.ui.parts.widgets.empty import EmptyState
from app.ui.screens.fusion.progress import ProgressStrip
from app.ui.screens.fusion.result import READING, ResultPage
from app.ui.screens.fusion.setup import SetupPage

if TYPE_CHECKING:
    from app.services.projects.files import Project

REDRAW_MS: Final = 200
"""Milliseconds between two updates, because events of a run come faster than anybody reads."""
ENDED: Final = "ended"
NEW, FOUND = 0, 1
"""Numbers of the pages."""
HOW: Final = tr(
    "Train two models of categories on different streams, such as face, surroundings and voice, or two models of "
    "valence and arousal, each with two folds or more: then the people of the training can choose the weights."
)


class FusionScreen(QWidget):
    """The screen on which models of categories are fused, and fusions are read, promoted and rolled back.

    Args:
        context: The context with project, settings and jobs.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._queue: RunQueue | None = None
        self._queue_project: Project | None = None
        self._known: Fusions | None = None
        self._outcomes: dict[int, tuple[Found, Path | None]] = {}
        self._follow = 0
        self._told: set[tuple[int, str]] = set()
        self.setup = SetupPage(context)
        self.setup.started.connect(self._on_start)
        self.result = ResultPage(context)
        self.result.chosen.connect(self._on_chosen)
        self.result.promote_wanted.connect(self._on_promote)
        self.result.rollback_wanted.connect(self._on_rollback)
        self.result.play_wanted.connect(self.play)
        self.result.turns_shown.connect(self._on_turns)
        self.result.affect.wanted.connect(self.play_clips)
        self.result.affect.shown.connect(self._on_clips)
        self.progress = ProgressStrip()
        self.progress.stop_wanted.connect(self._on_stop)
        self.progress.cancel_wanted.connect(self._on_cancel)
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
        theme, commands = self._context.theme, self._context.commands
        self.no_project = EmptyState(
            theme, "fusion", tr("No project is open"), tr("Open a project with trained models."),
            ((tr("Open project…"), lambda: commands.run("project.open")),),
        )  # fmt: skip
        self.no_members = EmptyState(
            theme, "fusion", tr("Fusing needs two models"), HOW,
            ((tr("Go to Train"), lambda: self._context.screen_requested.emit("train")),),
        )  # fmt: skip
        self.waiting = EmptyState(theme, "fusion", tr("Looking for models …"), tr("This takes a moment."))
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Fusion"))
        self.pages = QStackedWidget()
        for title, page in ((tr("New fusion"), self.setup), (tr("Fusions"), self.result)):
            self.tabs.addTab(title)
            self.pages.addWidget(page)
        self.tabs.currentChanged.connect(self._on_tab)
        self.desk = QWidget()
        box = column(self.tabs, self.progress, self.pages, spacing=SPACE_S)
        box.setStretch(2, 1)
        self.desk.setLayout(box)
        self.stack = QStackedWidget()
        for widget in (self.no_project, self.no_members, self.waiting, self.desk):
            self.stack.addWidget(widget)
        self.setLayout(column(self.stack))

    @property
    def queue(self) -> RunQueue | None:
        """The queue of fusions of the open project; None while none was started."""
        return self._queue

    @property
    def known(self) -> Fusions | None:
        """What the open project knows of fusions; None until it is read."""
        return self._known

    @property
    def outcome(self) -> FusionOutcome | None:
        """What the fusion of categories in view found; None until it is read."""
        found = self._outcomes.get(self.result.current())
        return found[0] if found is not None and isinstance(found[0], FusionOutcome) else None

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: those that the members and fusions in the list learned from."""
        return of_runs(self._known.records if self._known is not None else ())

    def screen_shown(self) -> None:
        """Reload when the screen becomes visible."""
        self.reload()

    def close_screen(self) -> None:
        """End all fusions when the window closes."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.close()

    def reload(self) -> None:
        """Read members, fusions and the model in use again."""
        if self._context.project is None:
            self._fill(None)
            return
        self._context.query(fusions, on_done=self._fill, replace="fusion.read")

    def _on_project(self) -> None:
        if self._queue_project is not self._context.opened:
            self.close_screen()  # a fusion goes on while nobody may look at it
        self._outcomes.clear()
        self._queue_project = self._context.opened
        self._fill(None)
        if self.isVisible():
            self.reload()

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("answer", "gold", "clip", "item", "model", "training"):
            self.reload()

    def _fill(self, known: Fusions | None) -> None:
        self._known = known
        self.setup.show_known(known)
        self.result.show_known(known, self._follow)
        self._follow = 0
        if self._context.project is None:
            self.stack.setCurrentWidget(self.no_project)
        elif known is None:
            self.stack.setCurrentWidget(self.waiting)
        elif not known.enough and not known.records:
            self.stack.setCurrentWidget(self.no_members)
        else:
            self.stack.setCurrentWidget(self.desk)
        if self.tabs.currentIndex() == FOUND:
            self._on_chosen(self.result.current())
        self._redraw()

    def _on_tab(self, at: int) -> None:
        self.pages.setCurrentIndex(at)
        if at == FOUND:
            self._on_chosen(self.result.current())

    def open_page(self, at: int) -> None:
        """Open the page of a new fusion (`NEW`) or of the fusions of the project (`FOUND`)."""
        self.tabs.setCurrentIndex(at)

    # A fusion that runs

    def _on_start(self, request: FusionRequest | AffectFusionRequest) -> None:
        project = self._context.project
        if project is None:
            return
        if self._queue is None:
            self._queue = RunQueue(project, self._on_run, self._context.dispatcher)
        self._queue.add(request)

    def _on_run(self, run: QueuedRun) -> None:
        """Show that a run has changed; called in the window's thread."""
        for kind in (PLACED, FUSED):
            number = _training(run, kind)
            if number and (number, kind) not in self._told and run.state == "running":
                self._told.add((number, kind))
                self._follow = number
                if kind == FUSED:
                    self.open_page(FOUND)
                self.reload()
        if run.state in ("done", "failed", "cancelled"):
            self._ended(run)
        if not self._timer.isActive():
            self._timer.start()

    def _ended(self, run: QueuedRun) -> None:
        changes, run.changes = run.changes, Changes()
        if changes:
            self._context.broadcast(changes)
        made = _fused(run.result)
        if made is not None and (made.record.id, ENDED) not in self._told:
            number = made.record.id
            self._told.add((number, ENDED))
            self._outcomes[number] = (made.outcome, made.report)
            self._context.query(note_judged, "agreement", on_done=lambda _: None)
            if made.comparison is not None:
                self._context.query(note_compared, made.comparison, on_done=lambda _: None)
            if (number, FUSED) not in self._told:  # else it was opened when it was found, and may have been left since
                self._follow = number
                self.open_page(FOUND)
            if not self.isVisible():  # else the page says it
                better = made.outcome.verdict == "better"
                self._context.notify(made.outcome.sentence, "", "ok" if better else "warning")
        elif run.state != "done":
            self._outcomes.pop(_training(run, FUSED), None)
        if run.error is not None:
            error, run.error = run.error, None
            self._context.fail(error)
        self.reload()

    def _redraw(self) -> None:
        queue = self._queue
        waiting = sum(each.state == "waiting" for each in queue.runs) if queue is not None else 0
        self.progress.show_run(queue.current if queue is not None else None, waiting)

    def _on_stop(self) -> None:
        if self._queue is not None and (run := self._queue.current) is not None:
            self._queue.stop(run)
            self._redraw()

    def _on_cancel(self) -> None:
        if self._queue is not None and (run := self._queue.current) is not None:
            self._queue.cancel(run)

    # A fusion that is read

    def _record(self, number: int) -> TrainingRecord | None:
        records = self._known.records if self._known is not None else ()
        return next((each for each in records if each.id == number), None)

    def _on_chosen(self, number: int) -> None:
        record = self._record(number)
        if record is None:
            return
        found = self._outcomes.get(number)
        if found is not None:
            self._show(record, *found)
        elif record.status in ("queued", "running") and FACTS not in record.metrics:
            self.result.show_words(tr("This fusion is being made."))
        elif record.model is None and record.status != "running":
            name = Path(record.folder).name or record.recipe
            self.result.show_words(
                tr("{name} made no model ({status}).", name=name, status=record.status), record.note, tone="warning"
            )
        else:
            self._read(record)

    def _show(self, record: TrainingRecord, outcome: Found, report: Path | None) -> None:
        used = self._known is not None and self._known.in_use(record)
        if isinstance(outcome, FusionOutcome):
            self.result.show_outcome(record, outcome, report, in_use=used)
        else:
            self.result.show_affect(record, outcome, report, in_use=used)

    def _read(self, record: TrainingRecord) -> None:
        """Read a fusion of another day from its files."""

        def read(project: "Project") -> tuple[Found, Path | None] | UserError:
            note_judged(project, "agreement")
            try:
                return read_fusion(project, record)
            except UserError as error:
                return error

        def done(found: tuple[Found, Path | None] | UserError) -> None:
            if isinstance(found, UserError):
                if self.result.current() == record.id:
                    self.result.show_words(found.what, found.todo, tone="warning")
                return
            self._outcomes[record.id] = found
            if self.result.current() == record.id:
                self._show(record, *found)

        self.result.show_words(READING)
        self._context.query(read, on_done=done, replace="fusion.outcome")

    # Clips

    def _on_turns(self, items: tuple[FusedItem, ...]) -> None:
        """Note that labels and verdicts of these items are in view."""
        self._context.query(
            lambda project: item_records(Context(), project, items), on_done=lambda _: None, replace="fusion.turns"
        )

    def play(self, title: str, items: Sequence[FusedItem]) -> None:
        """Play items of the fusion in view in Review."""
        outcome = self.outcome
        if outcome is None:
            return
        condition = str(outcome.data.facts["labels"].get("condition", ""))
        beside = {each.name: _beside(outcome, each, self.result.name()) for each in items}

        def done(records: tuple[ItemRecord, ...]) -> None:
            if not records:
                self._context.notify(tr("The project does not have these items any more."))
                return
            places = [
                ClipPlace(item.clip_id, item.start_s or 0.0, item.id, condition, item.end_s, beside[item.name])
                for item in records
            ]
            self._context.play_list(title, places)

        self._context.query(
            lambda project: item_records(Context(), project, items), on_done=done, replace="fusion.play"
        )

    def _on_clips(self, names: tuple[str, ...]) -> None:
        """Note that errors, and thereby labels and predictions, of these clips are in view."""
        self._context.query(
            lambda project: clip_records(Context(), project, names), on_done=lambda _: None, replace="fusion.clips"
        )

    def play_clips(self, title: str, names: Sequence[str]) -> None:
        """Play clips of a fusion of valence and arousal in Review."""

        def done(clips: tuple[ClipRecord, ...]) -> None:
            if not clips:
                self._context.notify(tr("The project does not have these clips any more."))
                return
            self._context.play_list(title, [ClipPlace(clip.id) for clip in clips])

        self._context.query(
            lambda project: clip_records(Context(), project, names), on_done=done, replace="fusion.play"
        )

    # The model in use

    def _on_promote(self) -> None:
        from app.services.retrain.promote import promote
        from app.services.retrain.runs import model_folder

        record = self._record(self.result.current())
        if record is not None:
            self._switch(lambda project: promote(project, str(model_folder(project, record))).name)

    def _on_rollback(self) -> None:
        from app.services.retrain.promote import rollback

        record = self._record(self.result.current())
        if record is not None:
            self._switch(lambda project: rollback(project, role=role_of(record)) or tr("No model"))

    def _switch(self, change: Callable[["Project"], str]) -> None:
        record = self._record(self.result.current())
        what = tr("valence and arousal") if record is not None and of_affect(record) else tr("categories")

        def done(name: str) -> None:
            said = tr("{name} predicts {what} from now on, also live.", name=name, what=what)
            self._context.notify(said, tr("Stored curves are still those of the model that made them."), "ok")
            self.reload()

        self._context.write(change, on_done=done)


def _training(run: QueuedRun, kind: str) -> int:
    """Return the number of the fusion in the newest event of a kind; 0 without one."""
    return next((int(event["training"]) for event in reversed(run.events) if event["event"] == kind), 0)


def _fused(result: object) -> FusedCategories | FusedAffect | None:
    return result if isinstance(result, FusedCategories | FusedAffect) else None


def _beside(outcome: FusionOutcome, item: FusedItem, name: str) -> VerdictsBeside:
    """Return what the fusion and its members said of an item."""
    members = zip(outcome.members, item.members.astype(np.float32), strict=True)
    return VerdictsBeside(name, item.label, outcome.classes, item.fusion.astype(np.float32), tuple(members))
