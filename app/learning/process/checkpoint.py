"""Checkpoints of a training run: written whole, read without unpickling anything but tensors and plain values."""

from pathlib import Path
from typing import Any, Final

import torch

from app.errors import UserError
from app.files import replacing

NAME: Final = "checkpoint.pt"


def save(folder: Path, state: dict[str, Any]) -> None:
    """Write the state so that a kill at any moment leaves the old or the new checkpoint.

    Raises:
        UserError: On a full disk or a folder that cannot be written.
    """
    with replacing(folder / NAME) as temporary:
        torch.save(state, temporary)


def load(folder: Path) -> dict[str, Any] | None:
    """The last state, or None where there is none yet.

    Raises:
        UserError: The file is damaged.
    """
    path = folder / NAME
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        raise UserError(f"The checkpoint {path} is damaged.", "Delete it and train again.") from error
    return state
