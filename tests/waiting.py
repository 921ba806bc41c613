"""Waiting in tests for what must come. How long it takes says nothing about the program: the machines are shared.

No test measures time or sleeps for as long as something probably takes. It waits for the event with `PATIENCE_S`, which
costs nothing where the event comes, or counts work, or sets the clock itself. Tests of the window wait with `settle`
(`tests/ui/waiting.py`), which lets Qt's events run meanwhile.
"""

import time
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 120.0
"""How long a test waits for what must come before it fails. It is less than the limit of a test in pyproject.toml, so
that a failure says what was waited for."""
STEP_S: Final = 0.005


def until(done: Callable[[], object], what: str | Callable[[], str] = "it", patience: float = PATIENCE_S) -> None:
    """Wait until something holds, in a test without a window.

    Args:
        done: What is waited for.
        what: Words for it; a function is called when it has not come.
        patience: How long at most, in seconds.

    Raises:
        AssertionError: It has not come.
    """
    end_s = time.monotonic() + patience
    while not done():
        if time.monotonic() > end_s:
            raise AssertionError(f"waited in vain for {what() if callable(what) else what}")
        time.sleep(STEP_S)
