"""Stored results of computations on clips in the user's data folder, which may be deleted at any time."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.files import DAMAGED_ARRAYS, replacing
from app.paths import data_dir

CLIP_HASH: Final = re.compile("[0-9a-f]{64}")
"""The names of the folders of clips."""


def cache_folder() -> Path:
    """Return the folder of stored faces and features, which may be deleted at any time."""
    folder = data_dir() / "features"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clip_folder(sha256: str) -> Path:
    """Return the folder of what is stored of one clip, so that it is found and deleted with it; writing makes it.

    Args:
        sha256: SHA-256 of the clip's bytes, which is the folder's name.
    """
    return cache_folder() / sha256


def digest(facts: Any) -> str:
    """Return a short hash of plain values, for the names of files."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """Return the arrays in a file; None if it is missing or damaged, so that they are computed again."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:  # numpy leaves a damaged one open
            return {name: file[name] for name in file.files}
    except DAMAGED_ARRAYS:
        return None


def write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Store arrays in a file that appears only when complete.

    Raises:
        UserError: The disk is full or the folder cannot be written.
    """
    columns: dict[str, Any] = dict(arrays)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **columns)
