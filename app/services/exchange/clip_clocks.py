"""Times of other tools on the clips' own clocks: seconds from the first frame, or numbers of frames."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.clip_times import check_times
from app.domain.project import ClipRecord
from app.errors import UserError
from app.jobs import Context
from app.media.index import build_index
from app.media.probe import first_time_s

SPARE_LINES: Final = 1
"""Number of lines by which a list of frames may differ from its clip, as programs count differently."""


class ClipClocks:
    """The beginnings and frames of clips, each looked up once.

    Args:
        ctx: Can cancel the reading of a clip's index.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._begins: dict[int, float] = {}
        self._frames: dict[int, NDArray[np.float64]] = {}

    def begin(self, clip: ClipRecord) -> float:
        """Return the time of the first frame; 0 where the clip's file cannot be asked."""
        if clip.id not in self._begins:
            self._begins[clip.id] = 0.0
            with suppress(UserError):
                self._begins[clip.id] = first_time_s(clip.path)
        return self._begins[clip.id]

    def frames(self, clip: ClipRecord) -> NDArray[np.float64]:
        """Return the times of all frames.

        Raises:
            UserError: The clip cannot be read.
        """
        if clip.id not in self._frames:
            self._frames[clip.id] = build_index(clip.path, self._ctx).times_s
        return self._frames[clip.id]

    def of_lines(self, numbers: NDArray[np.float64], clip: ClipRecord) -> NDArray[np.float64]:
        """Return the times of a list with a line for each frame; a spare line at its end has none.

        Raises:
            UserError: The list has another number of lines than the clip has frames.
        """
        frames, rows = self.frames(clip), numbers.astype(np.int64)
        if abs(int(rows[-1]) + 1 - len(frames)) > SPARE_LINES:
            # Which frame a line belongs to cannot be told, and a shift by some frames would go unseen.
            raise UserError(
                f"it has lines for {rows[-1] + 1} frames, but {clip.name} has {len(frames)} frames.",
                "Each frame needs one line.",
            )
        at: NDArray[np.float64] = frames[rows[rows < len(frames)]]
        return at

    def of_frames(self, numbers: NDArray[np.float64], clip: ClipRecord) -> NDArray[np.float64]:
        """Return the times of frames, which need not be all; a spare frame behind the last one gets its time.

        Raises:
            UserError: The clip has no such frame, or cannot be read.
        """
        frames, rows = self.frames(clip), numbers.astype(np.int64)
        for row in (int(rows.min()), int(rows.max())):
            if not 0 <= row < len(frames) + SPARE_LINES:
                raise UserError(
                    f"it names frame {row}, but {clip.name} has {len(frames)} frames.", "Choose another clip."
                )
        at: NDArray[np.float64] = frames[np.minimum(rows, len(frames) - 1)]
        return at

    def edge(self, number: float, clip: ClipRecord) -> float:
        """Return the time at which a frame begins; the clip's end for the number behind the last one.

        Raises:
            UserError: The clip has no such frame.
        """
        frames, row = self.frames(clip), int(number)
        if 0 <= row < len(frames):
            return float(frames[row])
        if len(frames) <= row <= len(frames) + SPARE_LINES:
            return float(frames[-1])
        raise UserError(f"it names frame {row}, but {clip.name} has {len(frames)} frames.", "Choose another clip.")

    def check(self, first_s: float, last_s: float, clip: ClipRecord) -> None:
        """Refuse times outside a clip.

        Raises:
            UserError: They are; the sentence says what they seem to be.
        """
        check_times("its range of times", first_s, last_s, clip.name, self.begin(clip), clip.duration_s)
