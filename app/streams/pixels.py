"""The pictures themselves as rows of numbers, for networks that learn from pixels."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.inference.geometry import CropGeometry
from app.streams.context import ContextPictures
from app.streams.face_crops import FaceCrops
from app.streams.stream import EVERY_FRAME, Pictures, StreamSpec

VERSION: Final = 1
DEFAULT_SIZES: Final = {
    "face_pixels": 128,
    "face_oval_pixels": 128,
    "context_pixels": 224,
    "context_masked_pixels": 224,
    "flow_pixels": 128,
    "flow_oval_pixels": 128,
}
"""Sides of the pictures where a name gives none (Sun et al. 2018, IV-B: faces of 128×128, context of 224×224)."""
SMALLEST: Final = 8
LARGEST: Final = 512
FASTEST_HZ: Final = 120.0


@dataclass(frozen=True)
class PixelName:
    """The name of a stream of pixels, as users type it: `face_pixels`, `face_pixels:48`, `context_pixels:112@5`.

    Attributes:
        kind: A key of `DEFAULT_SIZES`.
        size: Side of the picture in pixels.
        rate_hz: Pictures per second; `EVERY_FRAME` for all.
    """

    kind: str
    size: int
    rate_hz: float

    @classmethod
    def read(cls, name: str) -> "PixelName":
        """Return the parts of a name.

        Raises:
            UserError: The side or the rate is not a number, or out of range.
        """
        head, at, rate = name.partition("@")
        kind, colon, size = head.partition(":")
        try:
            side = int(size) if colon else DEFAULT_SIZES[kind]
            rate_hz = float(rate) if at else EVERY_FRAME
        except ValueError as error:
            raise UserError(f"There is no stream named {name}.", f"Write {kind}:48, or {kind}:48@5.") from error
        if not SMALLEST <= side <= LARGEST:
            raise UserError(
                f"The stream {name} wants pictures of {side} pixels.", f"Choose a side of {SMALLEST} to {LARGEST}."
            )
        if at and not 0 < rate_hz <= FASTEST_HZ:
            raise UserError(f"The stream {name} wants {rate} pictures per second.", f"Choose up to {FASTEST_HZ:g}.")
        return cls(kind, side, rate_hz)


class Pixels:
    """RGB pictures of the face or of the surroundings, each as a row of size·size·3 values, 0–255.

    The values lie in the order height, width, colour; the specification's geometry holds them as `shape`. Rows are
    kept as bytes, because floats would take four times as much of the disk.

    Args:
        name: Name of the stream, see `PixelName`.

    Raises:
        UserError: The side or the rate is not a number, or out of range.
    """

    def __init__(self, name: str) -> None:
        asked = PixelName.read(name)
        self.reach = 0
        self.source: FaceCrops | ContextPictures
        if asked.kind.startswith("face"):
            crop = CropGeometry(size=asked.size, grey=False)
            self.source = FaceCrops(crop, "oval" if asked.kind == "face_oval_pixels" else "square")
        else:
            self.source = ContextPictures(asked.size, masked=asked.kind == "context_masked_pixels", cut_out="centre")
        geometry = self.source.geometry | {"shape": [asked.size, asked.size, 3]}
        self.spec = StreamSpec(
            name, VERSION, 3 * asked.size**2, geometry=geometry, rate_hz=asked.rate_hz, dtype="uint8"
        )

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Pictures:
        """Return N×S×S×3 uint8 pictures as uint8 N×3·S²."""
        return pictures.reshape(len(pictures), self.spec.columns)
