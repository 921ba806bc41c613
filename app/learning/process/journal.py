"""What a training process tells: JSON lines on stdout and in `run.jsonl`, curves for TensorBoard."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from tensorboardX import SummaryWriter


class Journal:
    """Writes each event once to stdout (for the window) and to the run's folder (for good).

    Args:
        folder: Of the run.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "run.jsonl"
        # A line cut short by a kill must not swallow the next one.
        cut = path.is_file() and not path.read_bytes().endswith(b"\n")
        self._file = path.open("a", encoding="utf-8")
        if cut:
            self._file.write("\n")
        self._board = SummaryWriter(str(folder / "tensorboard"))

    def tell(self, event: str, **facts: Any) -> None:
        """Write one line: the event's name, the time and the facts (JSON values; NaN becomes null)."""
        clean = {key: _plain(value) for key, value in facts.items()}
        line = json.dumps({"event": event, "unix_s": round(time.time(), 3), **clean}, allow_nan=False)
        for stream in (self._file, sys.stdout):
            stream.write(line + "\n")
            stream.flush()

    def curve(self, name: str, value: float, step: int) -> None:
        """Add a point to a TensorBoard curve."""
        self._board.add_scalar(name, value, step)

    def close(self) -> None:
        """Flush and close both."""
        self._board.close()
        self._file.close()


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
