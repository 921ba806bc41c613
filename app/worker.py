"""A thread that runs as long as its owner and is woken by it; jobs that end are in `app.jobs`."""

import contextlib
import os
import sys
import threading
from abc import ABC, abstractmethod
from typing import Final

READ_WAIT_S: Final = 2.0
"""How long an owner waits for a thread that only reads a file: nothing is lost where it is left behind."""
END_WAIT_S: Final = 10.0
"""How long an owner waits for a thread that reads; a camera that is pulled out ends within some seconds by itself."""


POLITE: Final = 5
"""Steps by which threads stand back. With many more, one that holds the interpreter's lock would not get a turn while
other programs take the cores, and the window would wait for it."""


def yield_to_others(steps: int = POLITE) -> None:
    """Let the calling thread stand back behind other threads.

    Only Linux knows priorities of single threads; elsewhere nothing happens.

    Args:
        steps: Steps of politeness, 1–19.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), steps)


class Worker(ABC):
    """Runs `_run` in a daemon thread from `_begin` until `_end`.

    `_wake` guards the data that both threads use; `_run` waits on it and returns once `_stop` is set.

    Args:
        name: Name of the thread, for logs.
    """

    def __init__(self, name: str) -> None:
        self._wake = threading.Condition()
        self._stop = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def _begin(self) -> None:
        """Start the thread; the last thing a constructor does, as `_run` needs all that it sets."""
        self._thread.start()

    def _halt(self) -> None:
        """Ask the thread to end, without waiting for it."""
        with self._wake:
            self._stop = True
            self._wake.notify_all()

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def _end(self, wait_s: float | None = None) -> bool:
        """Ask the thread to end and wait until it has; the thread itself does not wait. Harmless twice.

        Args:
            wait_s: How long at most, for threads that a device or a disk may never give back; None for those whose work
                must be complete.

        Returns:
            Whether it has ended. Where it has not, what it uses must not be closed under it.
        """
        self._halt()
        if threading.current_thread() is not self._thread:
            self._thread.join(wait_s)
            return not self._thread.is_alive()
        return True

    @abstractmethod
    def _run(self) -> None:
        """Do the work of the thread."""
