"""A deadline for each run of a model, because a file that passes examination may still loop endlessly on some face."""

import functools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from app.worker import Worker

RUN_LIMIT_S: Final = 120.0
"""Seconds that one run may take. A batch of faces needs less than a second, or some seconds on a slow, busy machine."""
NAME: Final = "model-deadlines"
_LOOK_S: Final = 0.5
"""Seconds between two looks at the runs. Waking the watcher for each run would cost more than a small model takes."""


class _Watch(Worker):
    """Watches all runs of the process. There is one watcher, which ends with the process."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self._runs: dict[int, tuple[float, Any, threading.Event]] = {}
        self._begin()

    def add(self, due_s: float, options: Any, late: threading.Event) -> None:
        """Watch a run until `remove`."""
        with self._wake:
            self._runs[id(late)] = (due_s, options, late)

    def remove(self, late: threading.Event) -> None:
        """Stop watching a run that is over."""
        with self._wake:
            del self._runs[id(late)]

    def _run(self) -> None:
        with self._wake:
            while not self._stop:
                now = time.monotonic()
                for due_s, options, late in self._runs.values():
                    if now >= due_s:
                        late.set()
                        options.terminate = True
                self._wake.wait(_LOOK_S)


_watch: Final = functools.cache(_Watch)


@contextmanager
def ended_after(limit_s: float, options: Any) -> Iterator[threading.Event]:
    """Ask a run to end when it takes longer than the limit; ONNX Runtime looks between operators and rounds of a loop.

    Args:
        limit_s: Seconds.
        options: The run's `RunOptions`.

    Yields:
        An event that is set when the run was asked to end.
    """
    late = threading.Event()
    _watch().add(time.monotonic() + limit_s, options, late)
    try:
        yield late
    finally:
        _watch().remove(late)
