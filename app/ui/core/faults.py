"""Handles everything that goes wrong: Python's hooks, threads' hooks, Qt's messages and failed jobs.

A `UserError` becomes a banner that says what to do. Anything else is a bug: one dialog with its trace, which is also in
the log. Cancelling is not an error.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QLoggingCategory, QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.errors import Cancelled, UserError
from app.paths import log_dir

log = logging.getLogger("affectograph")
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Faults:
    """Catches errors that nothing else caught and passes them to the window.

    Args:
        dispatch: Function that runs another function in the window's thread.
    """

    def __init__(self, dispatch: Callable[[Callable[[], None]], None]) -> None:
        self._dispatch = dispatch
        self.on_user_error: Callable[[UserError], None] | None = None
        self.on_bug: Callable[[str], None] | None = None
        self.log_file = log_dir() / "affectograph.log"
        self._handler: logging.Handler | None = None
        self._before = (sys.excepthook, threading.excepthook)

    def install(self) -> None:
        """Take over the hooks and open the log."""
        self._handler = _open_log(self.log_file)
        logging.getLogger().addHandler(self._handler)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        qInstallMessageHandler(_on_qt_message)

    def remove(self) -> None:
        """Restore the hooks and close the log."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def report(self, error: BaseException) -> None:
        """Show an error in the right way. Any thread may call this."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            log.warning("%s %s", error.what, error.todo)
            told, user_error = self.on_user_error, error
            if told is not None:
                self._dispatch(lambda: told(user_error))
            return
        trace = "".join(traceback.format_exception(error))
        log.error("a bug:\n%s", trace)
        shown = self.on_bug
        if shown is not None:
            self._dispatch(lambda: shown(trace))

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self.report(error)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)


def _open_log(file: Path) -> logging.Handler:
    handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO)
    return handler


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.INFO), "%s (%s)", message, context.category)


@contextmanager
def loading_libraries() -> Iterator[None]:
    """Keep Qt's messages from Python while Qt loads a library of its own, such as a plugin.

    Some libraries write messages while the system loads them and holds its lock on loading. A handler in Python
    then waits for Python's lock, which another thread may hold that imports a library and waits for the system's: the
    window would stand for ever. These messages are dropped.
    """
    before = qInstallMessageHandler(None)
    QLoggingCategory.setFilterRules("*=false")
    try:
        yield
    finally:
        QLoggingCategory.setFilterRules("")
        qInstallMessageHandler(before)
