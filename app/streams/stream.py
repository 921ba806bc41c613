"""The definition of a stream, which turns frames that show a face, or sound, into a row of numbers for each frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face

Pictures = NDArray[np.uint8]
Rows = NDArray[np.float32]
Stored = NDArray[np.float32] | NDArray[np.uint8]
"""Rows as they are kept; only streams of pixels keep bytes."""
EVERY_FRAME: Final = 0.0


@dataclass(frozen=True)
class StreamSpec:
    """Everything on which the rows of a stream depend besides the clip, the face and the range.

    Attributes:
        name: The name as users type it.
        version: A number that is raised when the same clip gives other rows.
        columns: Count of numbers in a row.
        weights: SHA-256 of the network's file; empty without one.
        geometry: How pictures or windows of sound are cut, as plain values.
        rate_hz: Rows that are computed per second; a row is held until the next. `EVERY_FRAME` computes all.
        frame_classes: Classes whose probabilities the last columns hold; empty where there are none.
        dtype: Type of the numbers; "uint8" is meant for pixels.
        non_commercial: What restricts the use of the rows and of models that learned from them; empty if nothing does.
    """

    name: str
    version: int
    columns: int
    weights: str = ""
    geometry: Mapping[str, Any] = field(default_factory=dict)
    rate_hz: float = EVERY_FRAME
    frame_classes: tuple[str, ...] = ()
    dtype: Literal["float32", "uint8"] = "float32"
    non_commercial: str = ""

    def facts(self) -> dict[str, Any]:
        """Return the specification as plain values: rows are stored under its hash, and manifests hold it."""
        facts: dict[str, Any] = {
            "name": self.name,
            "version": self.version,
            "columns": self.columns,
            "weights": self.weights,
            "geometry": dict(self.geometry),
            "rate_hz": self.rate_hz,
            "frame_classes": list(self.frame_classes),
        }
        # Rows that were kept, and models that were trained, before there were these facts stay valid.
        if self.dtype != "float32":
            facts["dtype"] = self.dtype
        if self.non_commercial:
            facts["non_commercial"] = self.non_commercial
        return facts


@dataclass(frozen=True, eq=False)
class Seen:
    """A frame that shows the face.

    Attributes:
        image: uint8 H×W×3 RGB.
        face: The place of the face, in pixels of the frame.
    """

    image: Pictures
    face: Face


class Sound(Protocol):
    """Gives the sound of a clip."""

    def read(self, start_s: float, duration_s: float, rate: int) -> NDArray[np.float32]:
        """Return round(duration × rate) samples of mono sound, float32, with silence where the clip has none."""


class PictureSource(Protocol):
    """Cuts a picture out of each frame."""

    @property
    def geometry(self) -> dict[str, Any]:
        """The way in which it cuts, as plain values."""

    def cut(self, seen: Seen) -> Pictures:
        """Return the picture of a frame: uint8 S×S for grey, S×S×3 RGB."""


@runtime_checkable
class PictureStream(Protocol):
    """A stream that is made from pictures."""

    @property
    def spec(self) -> StreamSpec:
        """The specification of the stream."""

    @property
    def source(self) -> PictureSource:
        """The source that cuts its pictures."""

    @property
    def reach(self) -> int:
        """The number of earlier pictures on which a row depends."""

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Stored:
        """Return one row for each of N pictures, N×S×S or N×S×S×3 uint8, at N times in seconds: N×columns."""


@runtime_checkable
class SoundStream(Protocol):
    """A stream that is made from the sound."""

    @property
    def spec(self) -> StreamSpec:
        """The specification of the stream."""

    def heard(self, sound: Sound, times_s: NDArray[np.float64]) -> Rows:
        """Return one row for each of N times in seconds: float32 N×columns."""


Stream = PictureStream | SoundStream


def held(rows: NDArray[Any], which: NDArray[np.int64], count: int) -> NDArray[Any]:
    """Give every frame the newest row that was computed up to it.

    Args:
        rows: The computed rows, one for each frame of `which`.
        which: Numbers of the frames that were computed, ascending.
        count: Number of all frames.

    Returns:
        `count` rows.
    """
    return rows[np.searchsorted(which, np.arange(count), side="right") - 1]
