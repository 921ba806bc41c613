"""Recorder of traces, which takes samples without waiting.

They survive the program's end within a tenth of a second.
"""

import logging
import math
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

import db.traces
from app.domain.project import ItemRecord, RaterRecord, TraceRecord, TraceStart
from app.domain.traces import Dimensions, TraceSamples
from app.errors import ProjectLost, UserError
from app.services.projects.trace_journal import Row, TraceJournal, as_samples
from app.worker import Worker
from db.project import Project
from db.schema.base import new_uid

FLUSH_S: Final = 0.05
"""Seconds between the beginnings of two flushes. After a commit that takes longer the next one begins at once."""
RETRY_S: Final = 1.0
"""Seconds until a failed flush is tried again; samples wait in memory meanwhile."""
JUMP_BACK_S: Final = 0.25
"""A sample at most this much earlier than the last counts as simultaneous, as clocks jitter; else the player jumped."""

log = logging.getLogger(__name__)


class TraceRecorder(Worker):
    """Records one trace. The window's thread may call `add`, which only puts the sample into a list.

    Make it when the clip starts, call `finish` or `abandon` at the end. If the program dies in between, the next
    opening finds everything, in the project or in the trace's journal, and marks the trace as interrupted.
    """

    def __init__(
        self,
        project: Project,
        item: ItemRecord,
        rater: RaterRecord,
        condition: str = "full_context",
        blinded: bool = True,
        device: str = "mouse",
        *,
        study_id: int | None = None,
        study_version: int | None = None,
        pass_no: int = 1,
        dimensions: Dimensions = "both",
        calibration: bool = False,
        on_problem: Callable[[UserError], None] | None = None,
    ) -> None:
        """Begin.

        Args:
            project: The open project in which it is kept.
            item: What is judged.
            rater: The rater.
            condition: How it is shown.
            blinded: False where predictions or other curves are in sight: the trace is stored as unblinded.
            device: mouse, keyboard, gamepad or simulated.
            study_id: The study's version, None outside a study.
            study_version: Number of the version.
            pass_no: 1 for the first time.
            dimensions: Both at once, or one a presentation.
            calibration: Whether this is the calibration clip.
            on_problem: Told, from the writing thread, when samples cannot be saved; they are kept and tried again.
        """
        super().__init__("trace-writer")
        self._start = TraceStart(
            item_id=item.id,
            rater_id=rater.id,
            condition=condition,
            blinded=blinded,
            device=device,
            study_id=study_id,
            study_version=study_version,
            pass_no=pass_no,
            dimensions=dimensions,
            calibration=calibration,
            uid=new_uid(),
        )
        self.project, self.item, self.rater = project, item, rater
        self._journal = TraceJournal(project, self._start)
        self._on_problem = on_problem
        self._given: list[Row] = []
        self._waiting: list[Row] = []
        self._last_s = -math.inf
        self._saved = 0
        self._doubtful = False
        self._trace_id: int | None = None
        self._problem: UserError | None = None
        self._failure: Exception | None = None
        self._done: TraceRecord | None = None
        self.jumps_back = 0
        self._begin()

    def add(self, time_s: float, valence: float, arousal: float, monotonic_s: float | None = None) -> None:
        """Take a sample. This is cheap and never waits for the disk.

        Args:
            time_s: Seconds on the clip's PTS axis of the frame on screen. A sample from before the last one is ignored.
                If the player jumps back, finish this trace and begin another.
            valence: −1…1; NaN for a pause or if it is not traced. Values outside are cut off.
            arousal: Like `valence`.
            monotonic_s: This machine's monotonic clock in seconds; its present value by default.

        Raises:
            RuntimeError: The trace was already finished or abandoned.
        """
        clock_s = time.monotonic() if monotonic_s is None else monotonic_s
        with self._wake:
            if self._stop:
                raise RuntimeError("this trace has ended")
            if not (math.isfinite(time_s) and time_s >= self._last_s - JUMP_BACK_S):
                self.jumps_back += 1
                return
            self._last_s = max(self._last_s, time_s)
            row = (self._last_s, valence, arousal, clock_s)
            self._journal.add(row)
            self._waiting.append(row)
            self._given.append(row)
            if len(self._waiting) == 1:
                self._wake.notify()

    @property
    def trace_id(self) -> int | None:
        """Number of the trace; None until the first write has succeeded."""
        return self._trace_id

    @property
    def problem(self) -> UserError | None:
        """The reason why samples are not being saved now; None if they are."""
        return self._problem

    @property
    def unsaved(self) -> int:
        """Number of samples that are not on disk yet."""
        with self._wake:
            return len(self._waiting)

    def given(self) -> TraceSamples:
        """Return everything that was given so far, on disk or not."""
        with self._wake:
            return as_samples(np.array(self._given, np.float64).reshape(-1, 4), self._start.device)

    @property
    def start(self) -> TraceStart:
        """The facts with which it was begun, including its uid."""
        return self._start

    def let_go(self) -> TraceSamples:
        """End the trace without saving anything more, because the project is lost.

        Returns:
            All samples from the beginning, including those saved before the loss.
        """
        self._end()
        self._journal.close()
        return self.given()

    def finish(self, quality: dict[str, Any] | None = None) -> TraceRecord:
        """End the trace and wait until all of it is on disk.

        Args:
            quality: Flags such as late start, gaps, idle, saturation.

        Raises:
            UserError: The trace cannot be saved now. Nothing is lost; call this again.
        """
        return self._complete(abandon=False, quality=quality)

    def abandon(self) -> TraceRecord:
        """End the trace as one that does not count, even after `finish`; its samples are kept.

        Raises:
            UserError: The trace cannot be saved now; call this again.
        """
        return self._complete(abandon=True, quality=None)

    def _complete(self, *, abandon: bool, quality: dict[str, Any] | None) -> TraceRecord:
        if self._done is not None:
            if abandon and self._done.status != "abandoned":
                self._done = db.traces.abandon(self.project, self._done.id)
            return self._done
        self._end()
        self._journal.close()
        if self._failure is not None:
            raise self._failure
        self._flush()  # what the thread could not save; raises where it still cannot be
        if self._trace_id is None:
            raise RuntimeError("the trace was never begun")
        flags = dict(quality or {})
        if self.jumps_back:
            flags["jumps_back"] = self.jumps_back
        self._done = db.traces.finish(
            self.project, self._trace_id, "abandoned" if abandon else "finished", quality=flags or None
        )
        self._journal.remove()
        return self._done

    def _run(self) -> None:
        """The writing thread: begins the trace, then saves what has come until it is told to stop."""
        pause_s = 0.0
        while True:
            with self._wake:
                if pause_s:
                    self._wake.wait_for(lambda: self._stop, pause_s)
                if self._trace_id is not None:
                    self._wake.wait_for(lambda: self._stop or self._waiting)
                last = self._stop
            began_s = time.monotonic()
            try:
                self._flush()
                # Counted from the beginning: what came during a slow commit must not wait for a pause as well.
                self._problem, pause_s = None, max(0.0, began_s + FLUSH_S - time.monotonic())
            except UserError as error:
                pause_s = RETRY_S
                if self._problem is None and self._on_problem is not None:
                    self._on_problem(error)
                self._problem = error
                if isinstance(error, ProjectLost):
                    return  # for good; `let_go` has all of it
            except Exception as error:  # a mistake of ours: handed to whoever ends the trace
                log.exception("a trace could not be written")
                self._failure = error
                return
            if last:
                return

    def _flush(self) -> None:
        """Save what waits. Called by the writing thread, and by `finish` once that has ended."""
        if self._doubtful:
            self._look_again()
        self._doubtful = True
        if self._trace_id is None:
            self._trace_id = db.traces.begin(self.project, self._start)
        with self._wake:
            rows = list(self._waiting)
        if rows:
            samples = as_samples(np.array(rows, np.float64), self._start.device)
            db.traces.append(self.project, self._trace_id, samples)
            self._forget(len(rows))
        self._doubtful = False

    def _look_again(self) -> None:
        """Find out what the project has: the flush that failed may have gone through on a server that then ended."""
        assert self._start.uid is not None
        known = db.traces.by_uid(self.project, self._start.uid)
        if known is not None:
            self._trace_id = known.id
            self._forget(db.traces.stored(self.project, known.id) - self._saved)

    def _forget(self, count: int) -> None:
        """Let the oldest rows that waited go, because they are saved."""
        with self._wake:
            del self._waiting[:count]
        self._saved += count
