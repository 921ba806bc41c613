"""How a run ends that makes no model: its files, and the sentence that its record keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import db.models
from app.domain.training_events import BOARD, FOLD_FILES, FOLDS, RUN_FILES
from app.errors import Cancelled, UserError
from app.services.retrain.process import Crashed
from db.project import Project

OWNER: Final = "owner.pid"
"""File that names the process of a training, so that another process can tell whether it still runs."""
LOG: Final = "run.log"
"""File that receives the standard error of the training process."""
NOTHING_KEPT: Final = "Cancelled; nothing was kept."


@contextmanager
def ending_noted(project: Project, number: int, run: Path, cancelled: str = NOTHING_KEPT) -> Iterator[None]:
    """Note in the record of a run why it made no model, if it ends by an exception, which goes on.

    Args:
        project: The project, open for writing.
        number: Number of the record.
        run: Folder of the run.
        cancelled: What the record says after a cancel. After `NOTHING_KEPT` the files of the run are discarded.
    """
    try:
        yield
    except Cancelled:
        db.models.update_training(project, number, "cancelled", note=cancelled)
        if cancelled == NOTHING_KEPT:
            discard(run)
        raise
    except BaseException as error:
        db.models.update_training(project, number, "failed", note=failure_sentence(error, run / LOG))
        raise


def failure_sentence(error: BaseException, log: Path) -> str:
    """Say for the user why a run failed, and what to do: never a line of a trace.

    Args:
        error: What ended it.
        log: The file with what the training process wrote to its standard error.

    Example:
        >>> failure_sentence(UserError("The disk is full.", "Free some space."), Path("run.log"))
        'The disk is full. Free some space.'
    """
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return "The program was ended meanwhile. Start it again with the same settings."
    if isinstance(error, MemoryError) or (isinstance(error, Crashed) and error.killed):
        return "The system ended it, which happens if memory runs out. Close other programs, and start it again."
    where = f"Report it with the file {log}." if log.is_file() else "Report it with the program's log."
    return f"It ended because of a fault of the program ({type(error).__name__}). {where}"


def discard(run: Path) -> None:
    """Delete the files of a cancelled run; other files in a folder that the user named stay."""
    folds = list((run / FOLDS).glob("*"))
    places = [(run, (*RUN_FILES, LOG, OWNER)), *((fold, FOLD_FILES) for fold in folds)]
    for folder, names in places:
        for name in names:
            (folder / name).unlink(missing_ok=True)
            # A process that is killed while it writes leaves the half it had, under a name of its own.
            for half in folder.glob(f".{Path(name).stem}-*{Path(name).suffix}"):
                half.unlink(missing_ok=True)
    for file in (run / BOARD).glob("events.*"):
        file.unlink(missing_ok=True)
    for folder in (*folds, run / FOLDS, run / BOARD, run):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
