"""Nothing outlives a test: no thread, no child process, no open file; where Qt is used, no widget and no timer.

What a test's fixtures of a wider scope (module, session) hold was there before the test and is not counted. Whoever
leaves something is looked at again for a while, because a thread that was told to end needs a moment to do so.
"""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

PATIENCE_S = 60.0
"""How long something that is ending may take to be gone; only a test that fails waits for so long."""
DESCRIPTORS = Path("/proc/self/fd")
KEPT_THREADS = {"model-deadlines"}
"""Threads of which a process has one from the first need to its end, whichever test is the first to need it."""


_searched: set[object] = set()
"""Modules of tests of the window that have begun."""


def little_to_search(module: object) -> None:
    """Put what the imports made out of the garbage collector's sight: it is looked through after each of the tests.

    Once for each module with tests of the window; collecting takes longer than most tests, and others need no search.
    """
    if module not in _searched:
        _searched.add(module)
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def nothing_left(request):
    """Fail where something outlives the test."""
    if "qapp" in request.fixturenames:
        little_to_search(request.module)
    threads, children, files = set(threading.enumerate()), child_processes(), open_files()
    qt = QtThings() if "qapp" in request.fixturenames else None
    yield

    def left() -> list[str]:
        found = [
            f"thread {each.name}"
            for each in threading.enumerate()
            if each not in threads and each.name not in KEPT_THREADS and not _ended(each)
        ]
        found += [f"process {pid} ({what})" for pid, what in child_processes().items() if pid not in children]
        found += [f"file {path}" for number, path in open_files().items() if files.get(number) != path]
        return found if qt is None else [*found, *qt.left()]

    found = after_a_while(left)
    assert found == [], f"left behind by the test: {', '.join(found)}"


def after_a_while(left: Callable[[], list[str]]) -> list[str]:
    """What is still left once garbage was collected and everything that is ending had its time."""
    found = left()
    until_s = time.monotonic() + PATIENCE_S
    while found and time.monotonic() < until_s:
        gc.collect()
        if "PySide6.QtCore" in sys.modules:
            deliver_events()
        found = left()
        if found:
            time.sleep(0.02)
    return found


def child_processes() -> dict[int, str]:
    """Running children by number, with the beginning of their command line."""
    if hasattr(os, "waitid"):
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # asking the kernel takes microseconds, listing all processes takes milliseconds
            return {}
    found = {}
    for child in psutil.Process().children():
        try:
            words = " ".join(child.cmdline())
        except psutil.Error:
            continue
        # multiprocessing keeps one for the rest of the process's life, whoever was the first to need it.
        if "multiprocessing.resource_tracker" not in words:
            found[child.pid] = words[:120] or child.name()
    return found


def open_files() -> dict[int, str]:
    """Files that are open, by descriptor; not those of the interpreter and its packages."""
    if DESCRIPTORS.is_dir():
        named = {}
        for number in os.listdir(DESCRIPTORS):
            try:
                named[int(number)] = os.readlink(DESCRIPTORS / number)
            except OSError:  # the one that the listing itself needed
                continue
    else:
        named = {each.fd: each.path for each in psutil.Process().open_files()}
    return {number: path for number, path in named.items() if path.startswith("/") and not path.startswith(FOREIGN)}


FOREIGN = ("/dev/", "/proc/", "/sys/", "/memfd:", sys.prefix, os.path.realpath(sys.prefix), sys.base_prefix)


def _ended(thread: threading.Thread) -> bool:
    # Threads that were not made by `threading` (a decoder's, a driver's) are known by a name only, and for ever.
    return not thread.is_alive() or isinstance(thread, threading._DummyThread)  # noqa: SLF001


def deliver_events() -> None:
    """Let Qt do what it has put off, such as deleting what was given up."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


class QtThings:
    """The widgets that are there before a test."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        deliver_events()
        self._widgets = set(QApplication.topLevelWidgets())

    def left(self) -> list[str]:
        """Widgets that came since and timers that run."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        from shiboken6 import isValid

        deliver_events()
        found = [f"widget {each!r}" for each in QApplication.topLevelWidgets() if each not in self._widgets]
        kinds = classes_of(QTimer)
        timers = (each for each in gc.get_objects() if type(each) in kinds)
        return found + [f"timer of {each.parent()!r}" for each in timers if isValid(each) and each.isActive()]


def classes_of(base: type) -> set[type]:
    """A class and all that are derived from it."""
    return {base}.union(*map(classes_of, base.__subclasses__()))
