"""Where the followed person looks while a camera is open, and what is kept of it with a recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from app.domain.gaze import GazeCalibration
from app.domain.measured_faces import MeasuredFace
from app.services.predict.lsl_in import ReceivedStream

PROGRAM: Final = "Gaze"
"""The name of the curves."""
CHANNELS: Final = ("x (share of the screen)", "y (share of the screen)")


class GazeRecord:
    """Tells where the person looks, from a calibration on, and keeps it while something is recorded.

    `take` is called in one thread; what `record` returns may be called in another.

    Attributes:
        calibration: What was calibrated since the camera was opened; None before.
        place: Where the person looked last, x from the left and y from the top as shares of the screen; None while that
            is not known.
    """

    def __init__(self) -> None:
        self.calibration: GazeCalibration | None = None
        self.place: tuple[float, float] | None = None
        self._rows: list[tuple[float, float, float]] | None = None

    def calibrated(self, calibration: GazeCalibration | None) -> None:
        """Use a calibration from now on; None forgets the one in use."""
        self.calibration, self.place = calibration, None

    def take(self, face: MeasuredFace | None, monotonic_s: float) -> None:
        """Take the face of a picture.

        Args:
            face: The measures of the followed face; None where it is not seen.
            monotonic_s: When the picture was taken, on the clock of `time.monotonic`.
        """
        if self.calibration is None:
            return
        x, y = self.calibration.place(face.values[None])[0].tolist() if face is not None else (np.nan, np.nan)
        self.place = (x, y) if np.isfinite([x, y]).all() else None
        if self._rows is not None and not (self._rows and monotonic_s < self._rows[-1][0]):
            self._rows.append((monotonic_s, x, y))

    def record(self) -> Callable[[], list[ReceivedStream]]:
        """Keep what comes from now on, and return the function that gives it."""
        rows: list[tuple[float, float, float]] = []
        self._rows = rows

        def taken() -> list[ReceivedStream]:
            table = np.array(list(rows), np.float64).reshape(-1, 3)
            if not len(table) or self.calibration is None:
                return []
            x, y = (f"{100 * share:.0f} %" for share in self.calibration.error)
            origin = f"calibrated; off by {x} of the screen's width and {y} of its height"
            values = table[:, 1:].astype(np.float32)
            return [ReceivedStream(PROGRAM, "", CHANNELS, table[:, 0], values, program=PROGRAM, origin=origin)]

        return taken
