"""Every test has a limit, and nothing that hangs can keep a whole run waiting.

pytest-timeout fails a test at its limit (`timeout` in pyproject.toml, or a mark) with the stacks of all threads. It
does so by a signal, which Python hears only when some Python code runs: a dialog that stands for good, or a call that
keeps the interpreter's lock, never comes to that. A minute later faulthandler, which needs neither, prints the stacks
and ends the process; pytest-xdist then names the test and goes on in a new one.
"""

import faulthandler
import os
import signal
from collections.abc import Generator
from typing import Final

import pytest

SLOW_S: Final = 900.0
"""The limit of tests that are marked as slow, where they name none themselves."""
GRACE_S: Final = 60.0
ENDING_S: Final = 300.0
"""How long the process may take to end once all tests are over, such as for a thread that never ends."""
_stderr: list[int] = []


def pytest_configure() -> None:
    """Keep the real standard error, as what a test writes there is caught; and hear interrupts."""
    _stderr.append(os.dup(2))
    # A shell starts what it runs in the background with interrupts ignored, and children would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give slow tests more time."""
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_S))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End the process where a test has not even heard of its limit."""
    limit_s = limit(item)
    if limit_s > 0:
        faulthandler.dump_traceback_later(limit_s + GRACE_S, exit=True, file=_stderr[0])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_unconfigure() -> None:
    """The same for the end of the process."""
    faulthandler.dump_traceback_later(ENDING_S, exit=True, file=_stderr[0])


def limit(item: pytest.Item) -> float:
    """Seconds that a test has; 0 for no limit, as under a debugger's `--timeout=0`."""
    mark = item.get_closest_marker("timeout")
    if mark is not None and (mark.args or "timeout" in mark.kwargs):
        return float(mark.args[0] if mark.args else mark.kwargs["timeout"])
    named = item.config.getoption("timeout", None)
    return float(item.config.getini("timeout") or 0.0 if named is None else named)
