"""Runs child processes of `app.learning` and reads their JSON lines; this side never imports torch."""

import errno
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.child import child_command
from app.domain.training_events import Event, read_event, refusal
from app.errors import Cancelled, UserError
from app.extras import how_to_add
from app.files import check_writable
from app.jobs import Context

Tell = Callable[[Event], None]
NEEDED: Final = ("torch", "onnx", "sklearn", "tensorboardX")


class Crashed(RuntimeError):
    """A child process ended without a word of its own.

    Args:
        message: The end of its standard error.
        status: Its exit status; negative for the signal that ended it.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.killed = status < 0


def can_train() -> bool:
    """Return whether this installation can train, without importing anything heavy."""
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def require_training(out: Path | None = None) -> None:
    """Refuse before long work begins if torch is missing or the results could not be written.

    Args:
        out: The folder that the user named for them; None for the project's own.

    Raises:
        UserError: Torch is missing, and the message names the command that adds it; or the folder cannot be written.
    """
    if not can_train():
        raise UserError("Training needs torch, which is not installed.", f"{how_to_add('train')}.")
    if out is not None:
        check_writable(out)


@contextmanager
def _temporary() -> Iterator[dict[str, str]]:
    """An environment with a folder for temporary files that goes with the child: one that is killed removes nothing."""
    with tempfile.TemporaryDirectory(prefix="affectograph-child-", ignore_cleanup_errors=True) as place:
        yield {**os.environ, "TMPDIR": place, "TEMP": place, "TMP": place}


def _refuse_full_disk(folder: Path, tail: Sequence[str]) -> None:
    """Tell a child that ended for want of space from one that crashed. On a full disk its log says nothing, either."""
    check_writable(folder)
    check_writable(Path(tempfile.gettempdir()))
    if any(os.strerror(errno.ENOSPC) in line for line in tail):
        raise UserError("A disk is full: the training could not write its files.", "Free some space and try again.")


def run_child(module: str, words: Sequence[str], tell: Tell, ctx: Context, log: Path) -> None:
    """Run `python -m module words…` and pass on its JSON lines; a cancel kills it.

    Args:
        module: Module of `app.learning`.
        words: Arguments of the program.
        tell: Called with each event, in this thread.
        ctx: Can cancel.
        log: File for its standard error.

    Raises:
        UserError: The child process refused, and the message is its own; or it ended because a disk is full.
        Crashed: The child process crashed; the message is the end of its standard error.
        Cancelled: The user cancelled; the child process has ended.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    refused: UserError | None = None
    with log.open("ab") as errors, _temporary() as environment:
        process = subprocess.Popen(
            child_command(module, *words),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        try:
            with ctx.interrupting(process.kill):
                for line in process.stdout or ():
                    event = read_event(line)
                    if event is None:
                        continue  # a library printed it
                    told = refusal(event)
                    if told is None:
                        tell(event)
                    else:
                        refused = told
                status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()
    if ctx.cancelled:
        raise Cancelled
    if refused is not None:
        raise refused
    if status != 0:
        tail = log.read_text("utf-8", errors="replace").strip().splitlines()[-12:]
        _refuse_full_disk(log.parent, tail)
        raise Crashed(f"{module} ended with status {status}: " + "\n".join(tail), status)
