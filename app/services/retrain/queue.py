"""Runs the trainings of a window one after the other in a separate thread, so that they block no other work."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from app.domain.changes import Changes
from app.domain.training_events import EPOCH, PLACED, Event, ask_to_stop, asked_to_stop, events_of
from app.errors import Cancelled
from app.jobs import Context, Progress
from app.ledger import noting
from app.services.retrain.category_runs import CategoryRequest, TrainedCategories, train_categories
from app.services.retrain.conditions import ConditionsRequest, ConditionsResult, train_conditions
from app.services.retrain.process import Tell
from app.services.retrain.runs import Trained, TrainRequest, train
from app.worker import Worker
from db.project import Project


@runtime_checkable
class StartedRequest(Protocol):
    """A request of another kind that knows how it is carried out, such as a fusion."""

    def start(self, project: Project, tell: Tell, ctx: Context) -> Any:
        """Carry it out, and return what came of it."""


Request = TrainRequest | CategoryRequest | ConditionsRequest | StartedRequest
Outcome = Trained | TrainedCategories | ConditionsResult
State = Literal["waiting", "running", "done", "failed", "cancelled"]
log = logging.getLogger(__name__)


@dataclass(eq=False)
class QueuedRun:
    """One requested training. The queue's thread sets its fields; any thread may read them.

    Attributes:
        number: Its number, from 1 in the order of requests.
        request: The training to run.
        state: Its present state.
        events: The events of the training so far.
        progress: The newest progress.
        result: The result, if it is done.
        error: The error, if it failed.
        changes: The changes that it has written, once it has ended.
    """

    number: int
    request: Request
    state: State = "waiting"
    events: list[Event] = field(default_factory=list)
    progress: Progress | None = None
    result: Outcome | None = None
    error: Exception | None = None
    changes: Changes = field(default_factory=Changes)
    ctx: Context = field(default_factory=Context)
    folder: Path | None = None

    @property
    def left_s(self) -> float | None:
        """Largest number of seconds left, as the training reports it; None before its first epoch."""
        epochs = [event for event in self.events if event["event"] == EPOCH]
        if isinstance(self.request, ConditionsRequest):
            return None  # an epoch knows of its own model only, and there are several
        return float(epochs[-1]["left_s"]) if epochs and epochs[-1].get("left_s") is not None else None

    @property
    def asked_to_stop(self) -> bool:
        """Whether it was asked to end and keep the best model so far."""
        return self.folder is not None and asked_to_stop(self.folder)


class RunQueue(Worker):
    """Runs trainings of one project.

    Args:
        project: The project, open for writing. Close the queue before the project.
        on_change: Called, through `dispatch`, whenever something about a run has changed.
        dispatch: Function that runs a callback in the owner's thread.
    """

    def __init__(
        self,
        project: Project,
        on_change: Callable[[QueuedRun], None],
        dispatch: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__("training-queue")
        self._project, self._on_change, self._dispatch = project, on_change, dispatch
        self.runs: list[QueuedRun] = []
        self._waiting: deque[QueuedRun] = deque()
        self._begin()

    @property
    def current(self) -> QueuedRun | None:
        """The run that is under way; None where there is none."""
        return next((run for run in self.runs if run.state == "running"), None)

    def add(self, request: Request) -> QueuedRun:
        """Put a training at the end of the queue."""
        run = QueuedRun(len(self.runs) + 1, request)
        run.ctx = Context(lambda progress: self._progressed(run, progress))
        with self._wake:
            self.runs.append(run)
            self._waiting.append(run)
            self._wake.notify()
        self._tell(run)
        return run

    def cancel(self, run: QueuedRun) -> None:
        """Stop a training and discard its results."""
        run.ctx.cancel()
        with self._wake:
            if run in self._waiting:
                self._waiting.remove(run)
                run.state = "cancelled"
        self._tell(run)

    def stop(self, run: QueuedRun) -> None:
        """End a training after the present epoch and keep the best model so far."""
        if run.folder is not None:
            ask_to_stop(run.folder)

    def close(self) -> None:
        """Cancel all trainings and wait until they have ended."""
        with self._wake:
            self._halt()  # with the lock held: a run that ends now tells nobody any more
            self._waiting.clear()
            for run in self.runs:
                if run.state == "running":
                    run.ctx.cancel()
        self._end()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._stop)
                if self._stop:
                    return
                run = self._waiting.popleft()
                run.state = "running"
            self._tell(run)
            with noting() as ledger:
                try:
                    run.result = self._trained(run)
                    ending: State = "done"
                except Cancelled:
                    ending = "cancelled"
                except Exception as error:  # shown to the user by whoever listens
                    log.info("a training failed", exc_info=error)
                    run.error, ending = error, "failed"
            run.changes, run.state = ledger.changes, ending
            self._tell(run)

    def _trained(self, run: QueuedRun) -> Outcome:
        tell = partial(self._heard, run)
        if isinstance(run.request, ConditionsRequest):
            return train_conditions(self._project, run.request, tell, run.ctx)
        if isinstance(run.request, CategoryRequest):
            return train_categories(self._project, run.request, tell, run.ctx)
        if isinstance(run.request, TrainRequest):
            return train(self._project, run.request, tell, run.ctx)
        made: Outcome = run.request.start(self._project, tell, run.ctx)
        return made

    def _heard(self, run: QueuedRun, event: Event) -> None:
        if event["event"] == PLACED:
            run.folder = Path(event["folder"])
            # Of a run that was broken off, its curves go on.
            run.events += [past for past in events_of(run.folder) if past["event"] == EPOCH]
        run.events.append(event)
        self._tell(run)

    def _progressed(self, run: QueuedRun, progress: Progress) -> None:
        run.progress = progress
        self._tell(run)

    def _tell(self, run: QueuedRun) -> None:
        if not self._stop:
            self._dispatch(lambda: self._on_change(run))
