"""What a stream is: from the frames that show a face, and from the sound, to one row of numbers for each frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face

Pictures = NDArray[np.uint8]
Rows = NDArray[np.float32]
EVERY_FRAME: Final = 0.0


@dataclass(frozen=True)
class StreamSpec:
    """All that the rows of a stream depend on beside the clip, the face and the range.

    Attributes:
        name: As it is typed.
        version: Raised when the same clip gives other rows.
        columns: Numbers in a row.
        weights: SHA-256 of the network's file; empty without one.
        geometry: How pictures are cut, or windows of sound, as plain values.
        rate_hz: Rows that are computed in a second; a row is held until the next. `EVERY_FRAME` computes all.
        frame_classes: The last columns hold probabilities of these classes; empty where there are none.
    """

    name: str
    version: int
    columns: int
    weights: str = ""
    geometry: Mapping[str, Any] = field(default_factory=dict)
    rate_hz: float = EVERY_FRAME
    frame_classes: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return the specification as plain values: rows are stored under its hash, and manifests hold it."""
        return {
            "name": self.name,
            "version": self.version,
            "columns": self.columns,
            "weights": self.weights,
            "geometry": dict(self.geometry),
            "rate_hz": self.rate_hz,
            "frame_classes": list(self.frame_classes),
        }


@dataclass(frozen=True, eq=False)
class Seen:
    """A frame that shows the face.

    Attributes:
        image: uint8 H×W×3 RGB.
        face: Where the face is, pixels of the frame.
    """

    image: Pictures
    face: Face


class Sound(Protocol):
    """Gives the sound of a clip."""

    def read(self, start_s: float, duration_s: float, rate: int) -> NDArray[np.float32]:
        """float32 mono of round(duration × rate) samples; silence where the clip has none."""


class PictureSource(Protocol):
    """Cuts a picture out of each frame."""

    @property
    def geometry(self) -> dict[str, Any]:
        """How it cuts, as plain values."""

    def cut(self, seen: Seen) -> Pictures:
        """Return the picture of a frame: uint8 S×S for grey, S×S×3 RGB."""


@runtime_checkable
class PictureStream(Protocol):
    """A stream that is made from pictures."""

    @property
    def spec(self) -> StreamSpec:
        """What its rows depend on."""

    @property
    def source(self) -> PictureSource:
        """Cuts its pictures."""

    @property
    def reach(self) -> int:
        """How many pictures before one its row depends on."""

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Rows:
        """Return one row for each picture: N×S×S or N×S×S×3 uint8, and N times in seconds → float32 N×columns."""


@runtime_checkable
class SoundStream(Protocol):
    """A stream that is made from the sound."""

    @property
    def spec(self) -> StreamSpec:
        """What its rows depend on."""

    def heard(self, sound: Sound, times_s: NDArray[np.float64]) -> Rows:
        """Return one row for each of N times in seconds → float32 N×columns."""


Stream = PictureStream | SoundStream


def due(times_s: NDArray[np.float64], rate_hz: float) -> NDArray[np.int64]:
    """Return which frames a stream computes: at most `rate_hz` in a second, the first one always.

    Args:
        times_s: float64 N, ascending.
        rate_hz: `EVERY_FRAME` takes all.

    Example:
        >>> due(np.array([0.0, 0.1, 0.2, 0.3, 0.41]), 5.0).tolist()
        [0, 2, 4]
    """
    if rate_hz <= 0 or not len(times_s):
        return np.arange(len(times_s))
    return np.flatnonzero(np.r_[True, np.diff(slot(times_s, float(times_s[0]), rate_hz)) > 0])


def slot(times_s: NDArray[np.float64] | np.float64, first_s: float, rate_hz: float) -> NDArray[np.int64]:
    """Return which of the equal parts of time each time is in, counted from the first; a stream computes one in each.

    Args:
        times_s: In seconds, not before the first.
        first_s: Time of the first frame.
        rate_hz: Parts in a second.
    """
    # Half a millisecond of slack: time stamps are rounded.
    return np.floor((times_s - first_s + 5e-4) * rate_hz).astype(np.int64)


def held(rows: Rows, which: NDArray[np.int64], count: int) -> Rows:
    """Return every frame gets the newest row that was computed up to it: rows of the frames `which` → `count` rows."""
    return rows[np.searchsorted(which, np.arange(count), side="right") - 1]
