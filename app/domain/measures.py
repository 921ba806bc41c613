"""What is measured on a face besides the model's predictions, in columns along its track."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class TrackMeasures:
    """Measures along one face track; row i belongs to row i of the track's prediction.

    Attributes:
        track_id: The track.
        names: One for each column.
        values: float64 N×len(names); NaN where nothing could be measured.
        blinks: How many blinks were found.
        seen_s: For how many seconds the eyes were seen.
        blink_rate_per_min: None where the eyes were seen for less than a second.
        perclos: Share of the time in which the eyes were closed by 80 % or more; None as above.
    """

    track_id: int
    names: tuple[str, ...]
    values: NDArray[np.float64]
    blinks: int
    seen_s: float
    blink_rate_per_min: float | None
    perclos: float | None
