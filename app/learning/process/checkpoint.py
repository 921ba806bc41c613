"""Checkpoints of a training run. They are written whole, and only tensors and plain values are unpickled."""

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from app.domain.training_events import CHECKPOINT
from app.errors import UserError
from app.files import replacing


def write(path: Path, state: dict[str, Any]) -> None:
    """Write a state so that a process that is killed at any moment leaves the old file or the new one.

    Raises:
        UserError: The disk is full or the folder cannot be written.
    """
    with replacing(path) as temporary:
        torch.save(state, temporary)


def read(path: Path) -> dict[str, Any]:
    """Return the state in a file, its tensors on the CPU.

    Raises:
        UserError: The file is missing or damaged.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise UserError(f"{path} does not exist.", "Name the checkpoint of a training.") from error
    except (OSError, RuntimeError, ValueError, EOFError, UnpicklingError) as error:
        raise UserError(f"The checkpoint {path} is damaged.", "Delete it and train again.") from error
    return state


def save(run: Path, identity: str, state: dict[str, Any], worker: int = 0) -> None:
    """Store the state of a run.

    Args:
        run: Folder of the run.
        identity: A text that must be equal for the run to be continued, see `load`.
        state: Tensors and plain values.
        worker: Number of the worker whose state it is, where several train one network.

    Raises:
        UserError: The disk is full or the folder cannot be written.
    """
    write(run / file_name(worker), state | {"identity": identity})


def load(run: Path, identity: str, worker: int = 0) -> dict[str, Any] | None:
    """Return the last state that `save` kept, or None where there is none yet.

    Raises:
        UserError: The file is damaged, or it belongs to a run of another identity.
    """
    path = run / file_name(worker)
    if not path.exists():
        return None
    state = read(path)
    if state.get("identity") != identity:
        raise UserError(
            f"{run} holds a run with other settings or data.",
            "Choose another folder.",
            "Choose another folder for --out.",
        )
    return state


def file_name(worker: int = 0) -> str:
    """Return the name of the checkpoint of a worker in the folder of a run."""
    stem, _, ending = CHECKPOINT.rpartition(".")
    return f"{stem}-{worker}.{ending}" if worker else CHECKPOINT
