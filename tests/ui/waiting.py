"""Waiting in tests of the window, without keeping background work from going on.

`QTest.qWait` holds the interpreter's lock while it waits, so that no worker thread of ours runs meanwhile.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.ui.core.context import AppContext
from tests.waiting import PATIENCE_S

STEP_S = 0.002


def settle(
    done: Callable[[], object] | None = None,
    seconds: float = 0.0,
    patience: float = PATIENCE_S,
    what: str | Callable[[], str] = "",
) -> None:
    """Let events run: until something holds, or for some time.

    Args:
        done: What is waited for.
        seconds: How long events run where nothing is waited for, or at most where something may come or not. On a slow
            machine they run for longer: there are half as many turns at least as an idle machine has in this time.
        patience: Seconds after which something that is waited for has not come.
        what: Words for what is waited for; a function is called when it has not come.

    Raises:
        AssertionError: It has not come.
    """
    end_s, turns = time.monotonic() + (seconds or patience), int(seconds / STEP_S / 2)
    while done is None or not done():
        if time.monotonic() > end_s and turns <= 0:
            if done is None or seconds:
                return
            raise AssertionError(f"waited in vain for {what() if callable(what) else what or 'it'}")
        QCoreApplication.processEvents()
        time.sleep(STEP_S)
        turns -= 1


def idle(context: AppContext) -> None:
    """Wait until nothing is under way in the background of a window, and all results have reached it."""
    settle(
        lambda: context.jobs.busy == 0,
        what=lambda: f"work in the background: {[task.title for task in context.work.tasks] or context.jobs.busy}",
    )
