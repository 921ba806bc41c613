"""What a model of categories says of spans of a clip: one verdict an item, and one each stride on the last seconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import RunKey

Floats = NDArray[np.float32]
Times = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ItemVerdict:
    """The category of one face over one range of a clip.

    Attributes:
        track_id: Number of the face's track in the clip's predictions.
        start_s: Where the range begins, in seconds on the clip's axis.
        end_s: Where it ends.
        probabilities: float32 K over the classes of the run, sums to one.
        evidence_s: float64 M, times of the frames that were read; empty where the model weighs no frames.
        evidence: float32 M, the weight of each of them, sums to one.
    """

    track_id: int
    start_s: float
    end_s: float
    probabilities: Floats
    evidence_s: Times
    evidence: Floats


@dataclass(frozen=True, eq=False)
class WindowVerdicts:
    """What was said of the last seconds, again and again along one face track.

    Attributes:
        track_id: Number of the face's track in the clip's predictions.
        start_s: float64 N, where each window begins.
        end_s: float64 N, rising, where each window ends: the time at which this is said.
        probabilities: float32 N×K over the classes of the run, rows sum to one.
    """

    track_id: int
    start_s: Times
    end_s: Times
    probabilities: Floats

    def at(self, time_s: float, stride_s: float) -> Floats | None:
        """Return the newest verdict at a time; None before the first, or where the last is older than two strides."""
        place = int(np.searchsorted(self.end_s, time_s + 1e-6, side="right")) - 1
        if place < 0 or time_s - self.end_s[place] > 2 * stride_s:
            return None
        found: Floats = self.probabilities[place]
        return found


@dataclass(frozen=True, eq=False)
class ClipVerdicts:
    """All verdicts of one model on one clip.

    Attributes:
        key: What they depend on.
        provider: The execution provider that really ran.
        classes: Names of the K classes.
        window_s: How many seconds a window holds.
        stride_s: Seconds between windows.
        items: One an item's range and face.
        windows: One a face track.
    """

    key: RunKey
    provider: str
    classes: tuple[str, ...]
    window_s: float
    stride_s: float
    items: tuple[ItemVerdict, ...] = ()
    windows: tuple[WindowVerdicts, ...] = ()

    def item(self, track_id: int, start_s: float, end_s: float) -> ItemVerdict | None:
        """Return the verdict on a face over a range; None where there is none."""
        for each in self.items:
            if each.track_id == track_id and abs(each.start_s - start_s) < 1e-6 and abs(each.end_s - end_s) < 1e-6:
                return each
        return None

    def along(self, track_id: int) -> WindowVerdicts | None:
        """Return the windows of a face; None where there are none."""
        return next((each for each in self.windows if each.track_id == track_id), None)
