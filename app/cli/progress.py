"""A progress bar for long commands: on a terminal only, so that logs and pipes stay clean."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from app.jobs import Context, Progress


@contextmanager
def shown_progress() -> Iterator[Context]:
    """Give a `Context` whose progress is drawn on stderr and which Ctrl+C cancels.

    A first Ctrl+C asks the work to stop at the next safe place; a second one breaks off at once.
    """
    if not sys.stderr.isatty():
        ctx = Context()
        with _cancelled_by_interrupt(ctx):
            yield ctx
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def draw(progress: Progress) -> None:
            bar.update(task, description=progress.text, completed=progress.done, total=progress.total or None)

        ctx = Context(draw)
        with _cancelled_by_interrupt(ctx):
            yield ctx


@contextmanager
def _cancelled_by_interrupt(ctx: Context) -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)

    def ask(_number: int, _frame: FrameType | None) -> None:
        if ctx.cancelled:
            raise KeyboardInterrupt
        ctx.cancel()

    try:
        signal.signal(signal.SIGINT, ask)
    except ValueError:  # not in the main thread: a test or an embedding program owns the signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
