"""Threads that run calls in order, and for which the program need not wait if one of them hangs.

The pools of `concurrent.futures` are joined when the interpreter ends, without a limit: a driver or a network share
that never answers would keep the program alive for good. These threads are daemons.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from app.worker import yield_to_others

_Work = tuple[Callable[[], None], "Future[None]"]


class LaneThreads:
    """A lane: several threads on one queue, which are started when they are first needed.

    Args:
        name: Name of the lane; its threads are called `lane-NAME`.
        most: Largest number of threads.
        politeness: Steps by which the threads stand back behind others; see `yield_to_others`.
    """

    def __init__(self, name: str, most: int, politeness: int = 0) -> None:
        self._name, self._most, self._politeness = name, most, politeness
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._left: set[threading.Thread] = set()
        self._at: dict[Future[None], threading.Thread] = {}
        self._changing = threading.Lock()
        self._idle: Final = threading.Semaphore(0)

    def submit(self, call: Callable[[], None]) -> "Future[None]":
        """Run a call after those that wait; may be called from one thread at a time."""
        done: Future[None] = Future()
        self._waiting.put((call, done))
        with self._changing:
            if not self._idle.acquire(blocking=False) and len(self._threads) < self._most:
                self._start()
        return done

    def working(self, done: "Future[None]") -> bool:
        """Return whether a thread of the lane is running the call for which `submit` returned this future."""
        with self._changing:
            return done in self._at

    def leave(self, done: "Future[None]") -> None:
        """Abandon the thread that hangs in a call: another one replaces it, and it ends if the call ever returns.

        Nothing happens if the call waits or has ended in the meantime.

        Args:
            done: The future that `submit` returned for the call.
        """
        with self._changing:
            thread = self._at.pop(done, None)
            if thread is not None:
                self._threads.remove(thread)
                self._left.add(thread)
                self._start()

    def _start(self) -> None:
        thread = threading.Thread(target=self._work, name=f"lane-{self._name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """End the threads after the calls that wait."""
        with self._changing:
            for _ in self._threads:
                self._waiting.put(None)

    def join(self, until_s: float) -> bool:
        """Wait for the threads until a time of the monotonic clock; return whether all have ended.

        Abandoned threads are not waited for.
        """
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))
        return not any(thread.is_alive() for thread in (*self._threads, *self._left))

    def _work(self) -> None:
        if self._politeness:
            yield_to_others(self._politeness)
        while (found := self._waiting.get()) is not None:
            call, done = found
            with self._changing:
                self._at[done] = threading.current_thread()
            try:
                call()
            except BaseException as error:  # noqa: BLE001 — whoever waits gets it, as from a pool
                done.set_exception(error)
            else:
                done.set_result(None)
            with self._changing:
                self._at.pop(done, None)
                del call, done, found
                if threading.current_thread() in self._left:
                    self._left.remove(threading.current_thread())
                    return
                self._idle.release()
