"""Background work as the user sees it: a title, its progress, the time left and a way to stop it."""

import itertools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.words import duration
from app.jobs import Context, Job, Jobs, Lane, Progress
from app.ui.look.language import tr


class VisibleWork:
    """One visible piece of work."""

    def __init__(self, number: int, title: str, at_once: bool = False) -> None:
        self.number = number
        self.title = title
        self.at_once = at_once
        self.progress: Progress | None = None
        self.job: Job | None = None

    def cancel(self) -> None:
        """Ask it to stop."""
        if self.job is not None:
            self.job.cancel()


class Work(QObject):
    """Starts jobs that the user can see.

    Args:
        jobs: Where they run.
        report: Shows an error that the caller does not handle.
    """

    changed = Signal()

    def __init__(self, jobs: Jobs, report: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._jobs = jobs
        self._report = report
        self._numbers = itertools.count()
        self.tasks: list[VisibleWork] = []

    def start(
        self,
        title: str,
        lane: Lane,
        fn: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_end: Callable[[], None] | None = None,
        replace: str | None = None,
        at_once: bool = False,
    ) -> Job:
        """Run `fn(ctx, *args)` and show it while it takes longer than half a second, or at once.

        Args:
            title: What is being done, for the user.
            lane: See `app.jobs`.
            fn: A plain function that takes a `Context` first.
            args: Passed on.
            on_done: Called with the result.
            on_progress: Called with each `Progress` as well.
            on_error: Handles the error instead of the window.
            on_end: Called first of all, however the work ends.
            replace: See `Jobs.start`.
            at_once: Whether it is shown at once, because nothing else answers the press that began it.
        """
        task = VisibleWork(next(self._numbers), title, at_once)
        self.tasks.append(task)

        def ended() -> None:
            self.tasks.remove(task)
            self.changed.emit()
            if on_end is not None:
                on_end()

        def done(result: Any) -> None:
            ended()
            if on_done is not None:
                on_done(result)

        def failed(error: Exception) -> None:
            ended()
            (on_error or self._report)(error)

        def progressed(progress: Progress) -> None:
            task.progress = progress
            self.changed.emit()
            if on_progress is not None:
                on_progress(progress)

        task.job = self._jobs.start(
            lane, fn, *args, on_done=done, on_error=failed, on_cancel=ended, on_progress=progressed, replace=replace
        )
        self.changed.emit()
        return task.job

    def cancel_all(self) -> None:
        """Ask everything to stop."""
        for task in self.tasks:
            task.cancel()


def time_left(progress: Progress) -> str:
    """Return the time left in words, empty while it is not known."""
    return "" if progress.left_s is None else tr("{left_s} left", left_s=duration(progress.left_s))


__all__ = ["Context", "VisibleWork", "Work", "time_left"]
