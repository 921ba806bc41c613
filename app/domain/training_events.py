"""The contract between a training process and the program that started it: events, files, the stop file, refusals.

The process writes each event as one JSON line to standard output; those of a training also go to `JOURNAL` in its
folder. A line has `event`, the name of the event, and its facts. Both sides take the names from here, and neither needs
torch for that.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.domain.json_values import plain
from app.errors import UserError

Event = dict[str, Any]

START: Final = "start"
"""A training begins or goes on: `recipe`, `epoch` already done, `device`, `values`, `folds`."""
EPOCH: Final = "epoch"
"""An epoch is done: `epoch` from 1, its `loss` and more measures; of system E also `epochs`, `fold` and `left_s`."""
MEMORY: Final = "memory"
"""Memory ran out and the training goes on with a smaller `batch`; `text` says so."""
FOLD: Final = "fold"
"""A fold of the cross-validation is done: `fold`, `folds` and its scores."""
CROSS_VALIDATED: Final = "cross_validated"
"""All folds are done: `folds`, and the scores over all of them."""
NOTE: Final = "note"
"""Something the user should know, as `text`."""
DONE: Final = "done"
"""The training has ended: `ending`, `epochs`, and scores."""
EXPORTED: Final = "exported"
"""The ONNX file is written: `parity`, the largest differences from torch."""
PROGRESS: Final = "progress"
"""How far a program is: `done`, `total`, `text`."""
REFUSED: Final = "refused"
"""The program refuses to go on: `what` happened and what `todo`; it then exits with status 1."""

FROZEN: Final = "frozen"
"""Told by the parent: the labels are frozen."""
PLACED: Final = "placed"
"""Told by the parent: the run has its `folder` and its number, `training`."""
FUSED: Final = "fused"
"""Told by the parent: what the fusion `training` found can be read; its model is still being written and compared."""
COMPARED: Final = "compared"
"""Told by the parent: the model was compared with the one in use."""

STOPPED: Final = "stopped"
"""The `ending` of a training that somebody asked to stop."""

SOLVED: Final = "solved"
"""The `ending` of a training without epochs, which learns from the people of the validation, too."""

STOP_FILE: Final = "stop"
"""A file of this name in the folder of a run asks it to end after this epoch and to keep the best so far."""
CHECKPOINT: Final = "checkpoint.pt"
BEST: Final = "best.pt"
NUMBERS: Final = "numbers.npz"
"""The numbers of a member that was solved at once."""
HELD_OUT: Final = "held_out.npz"
STOPPED_BY: Final = "stopped_by.npz"
"""Predictions of a model of valence and arousal on the people who stopped its training."""
OUT_OF_FOLD: Final = "out_of_fold.npz"
"""Predictions of each item by the fold that left its subject out."""
RESULT: Final = "result.json"
JOURNAL: Final = "run.jsonl"
BOARD: Final = "tensorboard"
"""Folder of the curves for TensorBoard."""
FOLDS: Final = "folds"
"""Folder with one numbered folder for each fold of the cross-validation."""
FOLD_RESULT: Final = "fold.json"
FOLD_PREDICTED: Final = "predicted.npz"

CROPS: Final = "crops.npz"
"""Some faces of the items, on which an export is tried: `crops` as the first stream reads them, `crops_2` …"""

SEARCH: Final = "search.json"
"""How far the search for the weights of a fusion is."""
TRIAL: Final = "trial.npz"
"""Rows of some items, on which the graph of a fusion is held against its members."""

RUN_FILES: Final = (
    CHECKPOINT,
    BEST,
    NUMBERS,
    CROPS,
    HELD_OUT,
    STOPPED_BY,
    OUT_OF_FOLD,
    RESULT,
    JOURNAL,
    STOP_FILE,
    SEARCH,
    TRIAL,
)
"""Files that a run leaves in its folder."""
FOLD_FILES: Final = (CHECKPOINT, FOLD_RESULT, FOLD_PREDICTED)
"""Files that a fold leaves in its folder."""


def event_line(event: str, **facts: Any) -> str:
    """Return one event as a line of JSON without its line break.

    Args:
        event: Name of the event.
        facts: JSON values; NaN and infinities become null.
    """
    return json.dumps(plain({"event": event, **facts}), allow_nan=False)


def read_event(line: str) -> Event | None:
    """Read the event of a line; None for anything else that was printed, or a line that was cut short by a kill."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("event"), str) else None


def facts_of(event: Mapping[str, Any]) -> Event:
    """Return the facts of an event, without its name and the time it was told."""
    return {key: value for key, value in event.items() if key not in ("event", "unix_s")}


def events_of(run: Path) -> list[Event]:
    """Return the events in the journal of a run, oldest first; empty where there is no journal."""
    try:
        lines = (run / JOURNAL).read_text("utf-8").splitlines()
    except OSError:
        return []
    return [event for line in lines if (event := read_event(line)) is not None]


def refusal_line(error: UserError) -> str:
    """Write the line that tells the parent of a refusal."""
    return event_line(REFUSED, what=error.what, todo=error.todo, command=error.command)


def refusal(event: Mapping[str, Any]) -> UserError | None:
    """Return the error with which a program refused; None for any other event."""
    if event["event"] != REFUSED:
        return None
    return UserError(str(event["what"]), str(event["todo"]), str(event.get("command", "")))


def ask_to_stop(run: Path) -> None:
    """Ask the training in a folder to end after this epoch and to keep the best so far."""
    (run / STOP_FILE).write_text("", "utf-8")


def asked_to_stop(run: Path) -> bool:
    """Return whether somebody asked the training in a folder to stop."""
    return (run / STOP_FILE).exists()


def take_back_stop(run: Path) -> None:
    """Withdraw a request that an earlier training in this folder should stop."""
    (run / STOP_FILE).unlink(missing_ok=True)


def numbered(name: str, number: int) -> str:
    """Return the name of one of several things of a kind: plain for the first (0), then `name_2`, `name_3` and on."""
    return name if number == 0 else f"{name}_{number + 1}"
