"""Stores frame indexes between runs, so that a long clip is read through once and not at every opening."""

import contextlib
import hashlib
import io
import json
import os
import secrets
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from app.files import DAMAGED_ARRAYS
from app.jobs import Context
from app.media.frame_index import FrameIndex
from app.media.index import build_index
from app.media.source import read_head

_VERSION: Final = 2
"""Version of the stored indexes; raise it when their meaning changes. Older files are then ignored."""

KEEP: Final = 500
"""Largest number of files in the folder; those unused for longest are deleted."""


def cached_index(path: Path | str, folder: Path, ctx: Context | None = None) -> FrameIndex:
    """Return the clip's index from the folder, or build and store it.

    A kept index is used for a file of the same place, size and time of change. A folder that cannot be written to only
    costs the time of building again.

    Args:
        path: The clip or image.
        folder: Where indexes are kept; made if it is missing.
        ctx: Reports progress of building, and can cancel it.

    Raises:
        UserError: The file cannot be read, or holds no frame that decodes.
        Cancelled: The user cancelled.
    """
    path = Path(path)
    kept = kept_index(path, folder)
    if kept is not None:
        return kept
    index = build_index(path, ctx)
    with contextlib.suppress(OSError):
        _save(folder / _name(path), index)
        _tidy(folder)
    return index


def kept_index(path: Path, folder: Path) -> FrameIndex | None:
    """Return the clip's index from the folder; None if it is not there.

    Raises:
        UserError: The file cannot be read.
    """
    read_head(path)
    return _load(folder / _name(path))


def kept_of(path: Path, folder: Path) -> list[Path]:
    """Return the files in the folder that were kept of the clip at a place, in whatever state it was then.

    Args:
        path: The place of the clip, which need not be there any more.
        folder: Where indexes are kept.
    """
    return sorted(folder.glob(f"{_place(path)}-*"))


def _name(path: Path) -> str:
    """Return the name of the file for the clip as it is now: its first part tells the place, the second the state."""
    state = path.stat()
    return f"{_place(path)}-{_short([_VERSION, state.st_size, state.st_mtime_ns])}.npz"


def _place(path: Path) -> str:
    return _short(os.path.abspath(path))


def _short(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts).encode(errors="surrogateescape")).hexdigest()[:32]


def _save(file: Path, index: FrameIndex) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    facts = {
        "time_base": [index.time_base.numerator, index.time_base.denominator],
        "end_pts": index.end_pts,
        "timed": index.timed,
        "decoded": index.decoded,
        "fragile": index.fragile,
        "complete": index.complete,
        "note": index.note,
    }
    part = file.with_name(f"{file.stem}.{secrets.token_hex(4)}.part")
    try:
        with part.open("wb") as out:
            np.savez_compressed(
                out, pts=index.pts, keyframes=index.keyframes, anchors=index.anchors, facts=np.array(json.dumps(facts))
            )
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def _load(file: Path) -> FrameIndex | None:
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as held:
            facts = json.loads(str(held["facts"]))
            index = FrameIndex(
                pts=held["pts"].astype(np.int64),
                keyframes=held["keyframes"].astype(np.int64),
                anchors=held["anchors"].astype(np.int64),
                time_base=Fraction(*facts.pop("time_base")),
                **facts,
            )
    except DAMAGED_ARRAYS:
        return None
    with contextlib.suppress(OSError):
        os.utime(file)
    return index


def _tidy(folder: Path) -> None:
    files = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[KEEP:]:
        file.unlink(missing_ok=True)
