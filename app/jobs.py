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
from app.reach import NotAnswering
from app.worker import POLITE, Worker

P = ParamSpec("P")
T = TypeVar("T")
Lane = Literal["db", "infer", "io", "media", "clips", "behind"]
LANES: Final[dict[Lane, int]] = {"db": 1, "infer": 1, "io": 4, "media": 1, "clips": 4, "behind": 1}
"""Threads a lane. One for `db`, so that writes come one after another without locks; one for `infer`. What adds or
fingerprints clips of the user's goes to `media`, also where it writes then. What opens them to show them, or looks for
devices, goes to `clips`. A disk that does not answer must not keep an answer waiting. What nobody waits for, such as
pictures of a list, goes to `behind`, which stands back behind all others."""

ASKED: Final[frozenset[Lane]] = frozenset({"clips", "db", "io"})
"""Lanes whose work somebody waits for. Work on `behind` pauses meanwhile, at its next `check`."""

CONFIRMED: Final[frozenset[Lane]] = frozenset({"db"})
"""Lanes whose waiting work is done even when the program closes: somebody has confirmed it, or it closes a file."""

STAND_BACK_S: Final = 1.0
"""How long work on `behind` pauses at a `check` at most, so that it does not stand still for good."""

SILENT_S: Final[dict[Lane, float]] = {"clips": 20.0, "media": 60.0, "behind": 60.0, "infer": 600.0}
"""How long work on these lanes may go without `check` or `progress`. It hangs then in a read that never returns: it is
left behind, its owner is told, and its lane goes on. A read of a slow disk takes seconds, waiting for another writer at
most half a minute, and a model's run less than some minutes."""

CLOSE_WAIT_S: Final = 8.0
"""How long closing waits for work that does not heed the wish to stop."""

PROGRESS_INTERVAL_S: Final = 0.1
VIGIL_S: Final = 1.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """The progress of a job.

    Attributes:
        done: Units finished, 0 ≤ done ≤ total.
        total: Units in all; 0 if unknown.
        text: The present step, in words for the user.
        elapsed_s: Seconds since the job began.
    """

    done: float
    total: float
    text: str
    elapsed_s: float

    @property
    def left_s(self) -> float | None:
        """Estimated seconds until the end at the pace so far; None while there is no estimate."""
        if self.total <= 0 or self.done <= 0 or self.elapsed_s < 0.5:
            return None
        return self.elapsed_s * max(self.total - self.done, 0.0) / self.done


class Context:
    """The means by which a long function reports progress and learns that it should stop.

    A bare `Context()` reports to nobody and never stops: use it in scripts and tests.

    Args:
        report: Receives the progress.
        turn: Is set while it may work; each `check` waits for it, but not for long.

    Attributes:
        text: The step that was reported last.
    """

    def __init__(self, report: Callable[[Progress], None] | None = None, turn: threading.Event | None = None) -> None:
        self._report = report
        self._turn = turn
        self._stop = threading.Event()
        self._interrupts: list[Callable[[], object]] = []
        self._interrupting = threading.RLock()  # a signal's handler may ask while its thread holds it
        self._began_s = self._heard_s = time.monotonic()
        self._last_s = 0.0
        self.text = ""

    def progress(self, done: float, total: float, text: str = "") -> None:
        """Report the progress; at most ten reports a second are passed on, and always the last one."""
        self.check()
        now_s, self.text = self._heard_s, text
        if self._report is None or (now_s - self._last_s < PROGRESS_INTERVAL_S and done < total):
            return
        self._last_s = now_s
        self._report(Progress(done, total, text, now_s - self._began_s))

    def restart(self) -> None:
        """Start the clock of the work again, because it has waited for its turn until now."""
        self._began_s = self._heard_s = time.monotonic()

    @property
    def silent_s(self) -> float:
        """Seconds since the work last reported."""
        return time.monotonic() - self._heard_s

    def check(self) -> None:
        """Raise `Cancelled` if the user has asked to stop."""
        if self._turn is not None and not self._stop.is_set():
            self._turn.wait(STAND_BACK_S)
        self._heard_s = time.monotonic()
        if self._stop.is_set():
            raise Cancelled

    @property
    def cancelled(self) -> bool:
        """Whether the user has asked to stop, for loops that must clean up first."""
        self._heard_s = time.monotonic()
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next `check`."""
        with self._interrupting:
            self._stop.set()
            for interrupt in self._interrupts:
                interrupt()

    @contextmanager
    def interrupting(self, interrupt: Callable[[], object]) -> Iterator[None]:
        """Let a cancel interrupt a wait that cannot `check`, such as for a child process or the network.

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
    """A handle to work that was started, to cancel it or wait for it.

    Attributes:
        lane: The lane on which it runs.
        ctx: Passes on its progress and its cancellation.
        replace: The key by which newer work replaces it; None if none does.
        future: Its end, set once it has its place in the lane.
        begun: Whether a thread has started it.
        over: Whether it has ended or was abandoned.
        on_left: Called when it is abandoned because it hangs.
    """

    lane: Lane
    ctx: Context
    replace: str | None
    future: "Future[None] | None" = field(default=None, repr=False)
    begun: bool = False
    over: bool = False
    on_left: Callable[[], None] | None = field(default=None, repr=False)

    def cancel(self) -> None:
        """Ask it to stop; its `on_cancel` follows."""
        self.ctx.cancel()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until it has ended. Must not be called in the thread to which its callbacks are dispatched.

        Args:
            timeout_s: Longest wait in seconds; None for no limit.

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
        on_written: Receives the changes that a job has written, however it ended, before the callbacks of its end.
    """

    def __init__(
        self,
        dispatch: Callable[[Callable[[], None]], None] = _direct,
        on_written: Callable[[Changes], None] | None = None,
    ) -> None:
        self._dispatch = dispatch
        self._on_written = on_written
        self._pools = {
            lane: LaneThreads(lane, threads, POLITE if lane == "behind" else 0) for lane, threads in LANES.items()
        }
        self._live: set[Job] = set()
        self._nobody_waits = threading.Event()
        self._nobody_waits.set()
        self._lock = threading.Lock()
        self._closed = False
        self._vigil: _Vigil | None = None

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
            lane: See `LANES`; `io` is for what reads the project and the program's own files.
            fn: A plain function; its first argument is the `Context`.
            args: Passed on to `fn`.
            on_done: Called with the result.
            on_progress: Receives `Progress`, at most ten times a second.
            on_error: Gets the exception; without it the error is logged with its trace. It also gets a `NotAnswering`
                where the work hangs (`SILENT_S`) and is left behind.
            on_cancel: Called when the work stopped on request.
            replace: A key; earlier jobs with the same key that still wait or run are cancelled (newest wins).

        Raises:
            RuntimeError: After `close`.
        """
        report = None if on_progress is None else (lambda p: self._dispatch(lambda: on_progress(p)))
        job = Job(lane, Context(report, self._nobody_waits if lane == "behind" else None), replace)
        job.on_left = partial(_tell_hanging, job, on_error, on_cancel)
        with self._lock:
            if self._closed:
                raise RuntimeError("jobs are closed")
            if replace is not None:
                for other in self._live:
                    if other.replace == replace:
                        other.cancel()
            self._live.add(job)
            if lane in ASKED:
                self._nobody_waits.clear()
            if lane in SILENT_S and self._vigil is None:
                self._vigil = _Vigil(self._look)
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
        wrote = telling = False
        try:
            with noting() as ledger:
                try:
                    job.ctx.check()
                    job.ctx.restart()
                    job.begun = True
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
                wrote = True
            ending = ending if self._ends(job) else None
            if wrote or ending is not None:
                self._dispatch(partial(self._tell, job, ending))
                telling = True
        finally:
            if not telling:
                self._gone(job)

    def _tell(self, job: Job, ending: Callable[[], None] | None) -> None:
        """Tell the owner how a job ended, behind what it has written: it counts as under way until then."""
        try:
            if ending is not None:
                ending()
        finally:
            self._gone(job)

    def _gone(self, job: Job) -> None:
        with self._lock:
            self._live.discard(job)
            if not any(other.lane in ASKED for other in self._live):
                self._nobody_waits.set()

    def _ends(self, job: Job) -> bool:
        """Return whether nobody has told the end of a job yet; it counts as told from now on."""
        with self._lock:
            told, job.over = job.over, True
            return not told

    def _look(self) -> None:
        """Leave behind what has not been heard of for too long."""
        with self._lock:
            running = [job for job in self._live if job.begun and job.lane in SILENT_S]
        for job in running:
            if job.ctx.silent_s <= SILENT_S[job.lane] or job.future is None or not self._ends(job):
                continue
            log.error("work on the lane %s hangs and is left behind: %s", job.lane, job.ctx.text or "no progress told")
            # The lane works again before anybody is told: whoever hears of it may start the next work at once.
            self._pools[job.lane].leave(job.future)
            self._dispatch(partial(self._tell, job, job.on_left))

    @property
    def busy(self) -> int:
        """Number of jobs that wait, run, or have ended but not yet called back their owner."""
        with self._lock:
            return len(self._live)

    def close(self, wait_s: float = CLOSE_WAIT_S) -> bool:
        """Cancel all jobs, wait for them, and accept no more. Call before the database is closed.

        What waits on a lane of `CONFIRMED` is done first, and is not cancelled.

        Args:
            wait_s: Longest wait in seconds; jobs that hang last until the process ends.

        Returns:
            Whether everything has ended.
        """
        with self._lock:
            self._closed = True
            for job in self._live:
                if job.lane not in CONFIRMED:
                    job.cancel()
        if self._vigil is not None:
            self._vigil.end()
        for pool in self._pools.values():
            pool.stop()
        until_s = time.monotonic() + wait_s
        ended = [pool.join(until_s) for pool in self._pools.values()]
        if not all(ended):
            log.error("some work has not ended in %.0f s and is left behind", wait_s)
        return all(ended)


def _tell_hanging(job: Job, on_error: Callable[[Exception], None] | None, on_cancel: Callable[[], None] | None) -> None:
    """Say of a job that it was left behind; should it come back, it ends at its next `check`."""
    cancelled = job.ctx.cancelled
    job.cancel()
    if cancelled and on_cancel is not None:
        on_cancel()
    elif not cancelled and on_error is not None:
        what = f"“{job.ctx.text}”" if job.ctx.text else "What was being read"
        silent = f"its disk, network folder or device has not answered for {SILENT_S[job.lane]:.0f} s"
        on_error(NotAnswering(f"{what} was given up: {silent}.", "Check that it is connected, then try again."))


class _Vigil(Worker):
    """Looks again and again whether something hangs.

    Args:
        look: What is called each time.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__("jobs-vigil")
        self._look = look
        self._begin()

    def end(self) -> None:
        """Look no more."""
        self._end()

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._wake.wait_for(lambda: self._stop, VIGIL_S):
                    return
            self._look()
