"""Calls into the window's thread, and the one clock that redraws plots."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class Dispatcher(QObject):
    """Runs functions from any thread in the thread that made it, in the order of the calls."""

    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def __call__(self, call: Callable[[], None]) -> None:
        """Run `call` in the owner's thread, soon."""
        self._called.emit(call)

    def close(self) -> None:
        """Drop calls that still arrive, because their receivers are being closed."""
        self._open = False

    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()


class Ticker(QObject):
    """A 30 Hz timer for everything that moves besides the picture. It stops while nobody listens."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(33)
        self._timer.timeout.connect(self.ticked)
        self._users: set[object] = set()
        self._closed = False

    def start(self, user: object) -> None:
        """Tick as long as this user or another one needs it. This does nothing once the window is closing."""
        if self._closed:
            return
        self._users.add(user)
        if not self._timer.isActive():
            self._timer.start()

    def stop(self, user: object) -> None:
        """Note that this user needs no more ticks."""
        self._users.discard(user)
        if not self._users:
            self._timer.stop()

    def close(self) -> None:
        """Stop ticking for good, so that a view that learns late of the closing project cannot start it again."""
        self._closed = True
        self._users.clear()
        self._timer.stop()

    @property
    def running(self) -> bool:
        """Whether anybody listens."""
        return self._timer.isActive()
