"""Samples of running traces are written to a small separate file from the moment they are given.

A commit to a project waits for other writers, for other programs and for its turn on a busy machine. A few bytes at the
end of a file do not wait, and they survive the end of this program. The next opening of the project adds the samples
that it does not have, and removes the file.
"""

import json
import logging
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.owners
import db.traces
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.paths import data_dir
from db.project import Project

SUFFIX: Final = ".samples"
_ROW: Final = struct.Struct("<4d")
"""Time on the clip, valence, arousal, monotonic clock."""

Row = tuple[float, float, float, float]
log = logging.getLogger(__name__)


class TraceJournal:
    """The file of one running trace.

    Samples that cannot be written are left out, because the project stores them anyway.

    Args:
        project: The project of the trace.
        start: The beginning of the trace, whose uid names the file.
    """

    def __init__(self, project: Project, start: TraceStart) -> None:
        self._file: int | None = None
        self._path = folder() / f"{start.uid}{SUFFIX}"
        header = {"project": project.address, "owner": project.owner, "start": asdict(start)}
        try:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            os.write(self._file, json.dumps(header).encode() + b"\n")
        except OSError as error:
            self._give_up(error)

    def add(self, row: Row) -> None:
        """Write down the next sample."""
        if self._file is None:
            return
        try:
            if os.write(self._file, _ROW.pack(*row)) != _ROW.size:
                self.close()  # what follows half a row could not be read
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file after the last sample, without removing it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def remove(self) -> None:
        """Remove the file, because the project has all samples."""
        self.close()
        with suppress(OSError):
            self._path.unlink()

    def _give_up(self, error: OSError) -> None:
        log.warning("samples are not written beside the project: %s", error)
        self.close()


def as_samples(rows: NDArray[np.float64], device: str) -> TraceSamples:
    """Return the samples in rows as they were given.

    Args:
        rows: float64 N×4: time on the clip, valence, arousal, monotonic clock. Values outside −1…1 are cut off.
        device: The device, as in `TraceSamples`.
    """
    values = np.clip(rows[:, 1:3], -1.0, 1.0).astype(np.float32)
    return TraceSamples(rows[:, 0].copy(), values, rows[:, 3].copy(), device)


def recover_traces(project: Project) -> int:
    """Close the traces that a dead program left open, with all samples that were given.

    Returns:
        The number of these traces.
    """
    found = {left.start.uid or "": left for left in _left()}
    given = {uid: as_samples(left.rows, left.start.device) for uid, left in found.items()}
    done = db.traces.recover(project, given)
    for uid, left in found.items():
        stored = db.traces.by_uid(project, uid)
        if stored is None and left.project == project.address and not db.owners.alive(left.owner):
            # It died before the trace itself was in the project.
            if len(left.rows):
                db.traces.add_interrupted(project, left.start, given[uid])
                done.append(uid)
        elif stored is None or stored.status == "recording":
            continue  # of another project, or of somebody at work
        with suppress(OSError):
            left.path.unlink()
    return len(done)


@dataclass(frozen=True)
class _Left:
    """A file that a recorder has left, or that is in use.

    Attributes:
        path: It.
        project: The project's address (`Project.address`).
        owner: Owner of the opening that made it.
        start: What is known of the trace.
        rows: float64 N×4.
    """

    path: Path
    project: str
    owner: str
    start: TraceStart
    rows: NDArray[np.float64]


def _left() -> Iterator[_Left]:
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            header, _, rest = path.read_bytes().partition(b"\n")
            said: dict[str, Any] = json.loads(header)
            start = TraceStart(**said["start"])
            whole = rest[: len(rest) // _ROW.size * _ROW.size]
            rows = np.array(list(_ROW.iter_unpack(whole)), np.float64).reshape(-1, 4)
            left = _Left(path, str(said["project"]), str(said["owner"]), start, rows)
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read: %s", path, error)
            continue
        yield left


def folder() -> Path:
    """Return the folder of the files in the user's data folder, because the project's own may be a slow share."""
    found = data_dir() / "traces"
    found.mkdir(exist_ok=True)
    return found
