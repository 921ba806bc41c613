"""The reports of a training: events on standard output and in the journal of its folder, and curves for TensorBoard."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.training_events import BOARD, JOURNAL, event_line

if TYPE_CHECKING:
    from tensorboardX import SummaryWriter


class Journal:
    """Writes each event once to stdout (for the window) and to the run's folder (to be kept).

    Args:
        folder: Folder of the run.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / JOURNAL
        # A line cut short by a kill must not swallow the next one.
        cut = path.is_file() and not path.read_bytes().endswith(b"\n")
        self._file = path.open("a", encoding="utf-8")
        if cut:
            self._file.write("\n")
        self._place = folder / BOARD
        self._board: SummaryWriter | None = None

    def tell(self, event: str, **facts: Any) -> None:
        """Write one line: the event's name, the time and the facts (JSON values; NaN becomes null)."""
        line = event_line(event, unix_s=round(time.time(), 3), **facts)
        for stream in (self._file, sys.stdout):
            stream.write(line + "\n")
            stream.flush()

    def curve(self, name: str, value: float, step: int) -> None:
        """Add a point to a TensorBoard curve."""
        if self._board is None:
            from tensorboardX import SummaryWriter  # it imports torch, which a run without curves does without

            self._board = SummaryWriter(str(self._place))
        self._board.add_scalar(name, value, step)

    def close(self) -> None:
        """Write out and close the journal and the curves."""
        if self._board is not None:
            self._board.close()
        self._file.close()
