"""A progress bar for long commands: drawn on a terminal only, so that logs and pipes stay clean."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from app.cli.streams import new_console
from app.domain.path_text import one_line
from app.jobs import Context, Progress
from app.signals import handled


@contextmanager
def shown_progress() -> Iterator[Context]:
    """Give a `Context` whose progress is drawn on stderr and which Ctrl+C, SIGTERM and SIGHUP cancel.

    The first signal asks the work to stop at the next safe place; the second one ends it at once. A signal that is
    ignored, as SIGHUP is under `nohup`, stays ignored.
    """
    if not sys.stderr.isatty():
        ctx = Context()
        with _cancelled_by_interrupt(ctx):
            yield ctx
        return
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=new_console(to_stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def draw(progress: Progress) -> None:
            bar.update(task, description=one_line(progress.text), completed=progress.done, total=progress.total or None)

        ctx = Context(draw)
        with _cancelled_by_interrupt(ctx):
            yield ctx


@contextmanager
def _cancelled_by_interrupt(ctx: Context) -> Iterator[None]:
    def ask(_number: int, _frame: FrameType | None) -> None:
        if ctx.cancelled:
            raise KeyboardInterrupt
        ctx.cancel()

    with handled(ask):
        yield
