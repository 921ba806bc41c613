"""Waiting in tests of the window, without keeping background work from going on.

`QTest.qWait` holds the interpreter's lock while it waits, so that no worker thread of ours runs meanwhile.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

STEP_S = 0.002


def settle(
    done: Callable[[], object] | None = None,
    seconds: float = 0.0,
    patience: float = 30.0,
    what: str | Callable[[], str] = "",
) -> None:
    """Let events run: until something holds, or for some time.

    Args:
        done: What is waited for.
        seconds: How long events run where nothing is waited for, or at most where something may come or not.
        patience: Seconds after which something that is waited for has not come.
        what: Words for what is waited for; a function is called when it has not come.

    Raises:
        AssertionError: It has not come.
    """
    end_s = time.monotonic() + (seconds or patience)
    while done is None or not done():
        if time.monotonic() > end_s:
            if done is None or seconds:
                return
            raise AssertionError(f"waited in vain for {what() if callable(what) else what or 'it'}")
        QCoreApplication.processEvents()
        time.sleep(STEP_S)
