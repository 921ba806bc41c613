"""Background work: lanes of threads, progress, cancel. No Qt: the window passes in how to reach its thread.

Callbacks are arguments of `start`, because a listener attached later can miss the result.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Concatenate, Final, Literal, ParamSpec, TypeVar

from app.domain.changes import Changes
from app.errors import Cancelled
from app.lanes import LaneThreads
from app.ledger import noting

P = ParamSpec("P")
T = TypeVar("T")
Lane = Literal["db", "infer", "io", "media"]
LANES: Final[dict[Lane, int]] = {"db": 1, "infer": 1, "io": 4, "media": 1}
"""Threads a lane. One for `db`, so that writes come one after another without locks; one for `infer`. What reads or
fingerprints clips of the user's goes to `media`, also where it writes then: a disk that does not answer must not keep
an answer waiting."""

CLOSE_WAIT_S: Final = 8.0
"""How long closing waits for work that does not heed the wish to stop."""

PROGRESS_INTERVAL_S: Final = 0.1
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes:
        done: Units finished, 0 ≤ done ≤ total.
        total: Units in all; 0 where the end is unknown.
        text: What is being done, for the user's eyes.
        elapsed_s: Seconds since the job began.
    """

    done: float
    total: float
    text: str
    elapsed_s: float

    @property
    def left_s(self) -> float | None:
        """Seconds still to go at the pace so far, None while it cannot be said."""
        if self.total <= 0 or self.done <= 0 or self.elapsed_s < 0.5:
            return None
        return self.elapsed_s * max(self.total - self.done, 0.0) / self.done


class Context:
    """What a long function is given to report progress and to notice that it should stop.

    A bare `Context()` reports to nobody and never stops: use it in scripts and tests.
    """

    def __init__(self, report: Callable[[Progress], None] | None = None) -> None:
        self._report = report
        self._stop = threading.Event()
        self._interrupts: list[Callable[[], object]] = []
        self._interrupting = threading.RLock()  # a signal's handler may ask while its thread holds it
        self._began_s = time.monotonic()
        self._last_s = 0.0

    def progress(self, done: float, total: float, text: str = "") -> None:
        """Tell how far the work is; at most ten reports a second get through, and always the last one."""
        self.check()
        now_s = time.monotonic()
        if self._report is None or (now_s - self._last_s < PROGRESS_INTERVAL_S and done < total):
            return
        self._last_s = now_s
        self._report(Progress(done, total, text, now_s - self._began_s))

    def restart(self) -> None:
        """Count the time that has passed from now on: the work waited for its turn until now."""
        self._began_s = time.monotonic()

    def check(self) -> None:
        """Raise `Cancelled` when the user asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop, for loops that must tidy up first."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next `check`."""
        with self._interrupting:
            self._stop.set()
            for interrupt in self._interrupts:
                interrupt()

    @contextmanager
    def interrupting(self, interrupt: Callable[[], object]) -> Iterator[None]:
        """Break off a wait that cannot `check`: for a child process, for the network.

        Args:
            interrupt: Called once, and only while the block runs, when the user asks to stop or has asked already. It
                is called in the thread that asks, and must return at once and raise nothing.
        """
        with self._interrupting:
            if self.cancelled:
                interrupt()
            else:
                self._interrupts.append(interrupt)
        try:
            yield
        finally:
            with self._interrupting:
                if interrupt in self._interrupts:
                    self._interrupts.remove(interrupt)


@dataclass(eq=False)
class Job:
    """One piece of work under way: a handle to cancel it or wait for it.

    Attributes:
        lane: Where it runs.
        ctx: Its progress and its cancellation.
        replace: The key by which newer work takes its place; None where nothing does.
        future: Its end, set once it has its place in the lane.
    """

    lane: Lane
    ctx: Context
    replace: str | None
    future: "Future[None] | None" = field(default=None, repr=False)

    def cancel(self) -> None:
        """Ask it to stop; its `on_cancel` follows."""
        self.ctx.cancel()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until it has ended; not in the thread that its callbacks are dispatched to.

        Args:
            timeout_s: How long at most; None for good.

        Returns:
            Whether it has ended.
        """
        return self.future is None or not futures.wait([self.future], timeout_s).not_done


def _direct(call: Callable[[], None]) -> None:
    call()


class Jobs:
    """Runs plain functions `fn(ctx, …)` on lanes and hands results back through `dispatch`.

    Args:
        dispatch: Runs a callback in the owner's thread (the window's). By default callbacks run in the worker's.
        on_written: Gets what a job has written, however the job ended, before the callbacks of its end.
    """

    def __init__(
        self,
        dispatch: Callable[[Callable[[], None]], None] = _direct,
        on_written: Callable[[Changes], None] | None = None,
    ) -> None:
        self._dispatch = dispatch
        self._on_written = on_written
        self._pools = {lane: LaneThreads(lane, threads) for lane, threads in LANES.items()}
        self._live: set[Job] = set()
        self._lock = threading.Lock()
        self._closed = False

    def start(
        self,
        lane: Lane,
        fn: Callable[Concatenate[Context, P], T],
        *args: Any,
        on_done: Callable[[T], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_cancel: Callable[[], None] | None = None,
        replace: str | None = None,
    ) -> Job:
        """Run `fn(ctx, *args)` on a lane; exactly one of on_done, on_error, on_cancel is called at its end.

        Args:
            lane: `db` for writes, `infer` for models, `media` for what reads clips, `io` for the rest.
            fn: A plain function; its first argument is the `Context`.
            args: Passed on to `fn`.
            on_done: Called with the result.
            on_progress: Gets `Progress`, at most ten a second.
            on_error: Gets the exception; without it the error is logged with its trace.
            on_cancel: Called when the work stopped on request.
            replace: A key; earlier jobs with the same key that still wait or run are cancelled (newest wins).

        Raises:
            RuntimeError: After `close`.
        """
        report = None if on_progress is None else (lambda p: self._dispatch(lambda: on_progress(p)))
        job = Job(lane, Context(report), replace)
        with self._lock:
            if self._closed:
                raise RuntimeError("jobs are closed")
            if replace is not None:
                for other in self._live:
                    if other.replace == replace:
                        other.cancel()
            self._live.add(job)
            job.future = self._pools[lane].submit(partial(self._run, job, fn, args, on_done, on_error, on_cancel))
        return job

    def _run(
        self,
        job: Job,
        fn: Callable[..., T],
        args: tuple[Any, ...],
        on_done: Callable[[T], None] | None,
        on_error: Callable[[Exception], None] | None,
        on_cancel: Callable[[], None] | None,
    ) -> None:
        ending: Callable[[], None] | None = None
        try:
            with noting() as ledger:
                try:
                    job.ctx.check()
                    job.ctx.restart()
                    result = fn(job.ctx, *args)
                except Cancelled:
                    ending = on_cancel
                except Exception as error:  # handed to on_error or the log, never lost
                    ending = None if on_error is None else partial(on_error, error)
                    if on_error is None:
                        log.error("a background job failed", exc_info=error)
                else:
                    ending = None if on_done is None else partial(on_done, result)
            if self._on_written is not None and ledger.changes:
                self._dispatch(partial(self._on_written, ledger.changes))
            if ending is not None:
                self._dispatch(ending)
        finally:
            with self._lock:
                self._live.discard(job)

    @property
    def busy(self) -> int:
        """How many jobs wait or run."""
        with self._lock:
            return len(self._live)

    def close(self, wait_s: float = CLOSE_WAIT_S) -> bool:
        """Cancel everything, wait for it, and take no more. Call before the database is closed.

        Args:
            wait_s: How long at most; what hangs is left to the end of the process.

        Returns:
            Whether everything has ended.
        """
        with self._lock:
            self._closed = True
            for job in self._live:
                job.cancel()
        for pool in self._pools.values():
            pool.stop()
        until_s = time.monotonic() + wait_s
        ended = [pool.join(until_s) for pool in self._pools.values()]
        if not all(ended):
            log.error("some work has not ended in %.0f s and is left behind", wait_s)
        return all(ended)
