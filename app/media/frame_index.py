"""The frame index of a clip: when each frame is shown, and where decoding can begin (see `app.media.index`)."""

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """The frames of a clip in presentation order; frame `i` is the same picture for seeking and for sequential reading.

    Attributes:
        pts: int64, N, ascending: time stamps in ticks, unshifted.
        keyframes: int64, K, ascending: time stamps of packets at which decoding can begin. The first may lie before
            the first frame shown (edit lists).
        time_base: Seconds per tick.
        end_pts: Where the last frame ends, in ticks.
        timed: Whether a decoded frame's own time stamp tells which one it is. Some containers store none (raw streams)
            or libav has to guess them (H.264 in AVI); frames are then counted, from the start or from an anchor.
        anchors: int64, K or 0: for counted frames, the number of the frame each keyframe decodes to.
        decoded: Whether the whole clip was decoded while the index was built, not only its beginning and end.
        fragile: Whether decoding met errors. Readers then decode with one thread, so that each pass gives the same
            frames.
        complete: False where the file is cut off or frames do not decode. Frames that do not decode keep their
            number and their time where the packets tell them.
        note: One sentence that says why the clip is not complete; empty where it is.
    """

    pts: NDArray[np.int64]
    keyframes: NDArray[np.int64]
    time_base: Fraction
    end_pts: int
    timed: bool = True
    anchors: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    decoded: bool = True
    fragile: bool = False
    complete: bool = True
    note: str = ""

    def __len__(self) -> int:
        return len(self.pts)

    @cached_property
    def times_s(self) -> NDArray[np.float64]:
        """Presentation times in seconds, pts × time base: float64, N."""
        return self.to_s(self.pts)

    def to_s(self, pts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Turn ticks into seconds, correctly rounded (ticks × numerator stay below 2⁵³)."""
        return np.asarray(pts * self.time_base.numerator / self.time_base.denominator, dtype=np.float64)

    def time_of(self, pts: int) -> float:
        """Turn one tick count into seconds, the same number as in `times_s`."""
        return float(np.float64(pts * self.time_base.numerator) / np.float64(self.time_base.denominator))

    @property
    def start_s(self) -> float:
        """Time at which the first frame is shown, in seconds."""
        return float(self.times_s[0])

    @property
    def end_s(self) -> float:
        """Time at which the last frame ends, in seconds."""
        return self.time_of(self.end_pts)

    @property
    def duration_s(self) -> float:
        """Time from the first frame's start to the last one's end, in seconds."""
        return float((self.end_pts - int(self.pts[0])) * self.time_base)

    @property
    def average_rate(self) -> Fraction | None:
        """Exact frames per second; None with fewer than two different times."""
        span = int(self.pts[-1]) - int(self.pts[0])
        return Fraction(len(self) - 1) / (span * self.time_base) if span else None

    @property
    def variable_rate(self) -> bool:
        """Whether some distance between frames differs from the usual one by more than the rounding of the clock."""
        steps = np.diff(self.pts)
        return bool(len(steps) and np.abs(steps - np.median(steps)).max() > 1.5)

    def frame_at(self, time_s: float) -> int:
        """Return the number of the frame shown at a time in seconds: the newest that has begun, else the first one."""
        return max(int(np.searchsorted(self.times_s, time_s, side="right")) - 1, 0)

    def find(self, pts: int) -> int | None:
        """Return the number of the (first) frame with exactly this time stamp, None if there is none."""
        at = int(np.searchsorted(self.pts, pts))
        return at if at < len(self.pts) and int(self.pts[at]) == pts else None

    def keyframe_before(self, pts: int) -> int | None:
        """Return the newest keyframe's time stamp ≤ `pts`; None if decoding must begin at the file's start."""
        at = int(np.searchsorted(self.keyframes, pts, side="right")) - 1
        return int(self.keyframes[at]) if at >= 0 else None

    def same_as(self, other: "FrameIndex") -> bool:
        """Return whether another index has the same frames, times and places to begin at, and says the same of them."""
        mine, theirs = (
            (each.time_base, each.end_pts, each.timed, each.fragile, each.complete, each.note) for each in (self, other)
        )
        arrays = ((self.pts, other.pts), (self.keyframes, other.keyframes), (self.anchors, other.anchors))
        return mine == theirs and all(np.array_equal(a, b) for a, b in arrays)

    def content_hash(self) -> str:
        """Return a SHA-256 over time base and time stamps: equal for equal time axes, whatever the machine."""
        digest = hashlib.sha256(f"{self.time_base.numerator}/{self.time_base.denominator};".encode())
        digest.update(self.pts.astype("<i8").tobytes())
        return digest.hexdigest()
