"""Motion from frame to frame: dense optical flow by OpenCV's Farnebäck, as maps or as histograms of its directions."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.inference.geometry import CropGeometry
from app.streams.face_crops import FaceCrops
from app.streams.pixels import PixelName
from app.streams.stream import Pictures, Rows, StreamSpec

VERSION: Final = 1
FARNEBACK: Final = {
    "pyr_scale": 0.5, "levels": 3, "winsize": 9, "iterations": 3, "poly_n": 5, "poly_sigma": 1.1, "flags": 0,
}  # fmt: skip
"""Farnebäck 2003, "Two-frame motion estimation based on polynomial expansion", with OpenCV's usual settings."""
CELLS: Final = 4
DIRECTIONS: Final = 8
PIXEL_STEPS: Final = 1024.0
"""Steps of a byte for a motion as long as the crop's side; a byte reaches an eighth of the side either way."""
STILL: Final = 128
"""The byte of a pixel that does not move."""
COLUMNS: Final = CELLS**2 * (DIRECTIONS + 1)


def flow_maps(pictures: Pictures) -> NDArray[np.float32]:
    """Return the flow from each picture to the next: float32 N×S×S×2 (x, y), in pixels.

    Args:
        pictures: N×S×S (grey) or N×S×S×3 uint8.

    The first picture has no predecessor; its map is zero. Miyoshi et al. 2019, section 3, read such maps.
    """
    grey = [p if p.ndim == 2 else cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) for p in pictures]
    out = np.zeros((*pictures.shape[:3], 2), np.float32)
    for place in range(1, len(grey)):
        start = np.zeros_like(out[0])
        out[place] = cv2.calcOpticalFlowFarneback(  # type: ignore[call-overload]  # settings come by name
            grey[place - 1], grey[place], start, **FARNEBACK
        )
    return out


class FlowHistograms:
    """Histograms of how much each cell of the face moves, and in which directions.

    Aligned crops follow the eyes, so what remains is mostly the motion within the face.

    Args:
        name: Name of the stream.
        size: Side of the crops in pixels.
    """

    def __init__(self, name: str, size: int = 64) -> None:
        self.reach = 1
        self.source = FaceCrops(CropGeometry(size=size), "oval")
        self.spec = StreamSpec(name, VERSION, COLUMNS, geometry=self.source.geometry | {"farneback": FARNEBACK})

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Rows:
        """Return the motion per second of N×S×S uint8 pictures by direction, and its length: float32 N×columns.

        Motion is measured in shares of the crop's side.
        """
        step_s = np.r_[1.0, np.maximum(np.diff(times_s), 1e-3)]
        size = pictures.shape[1]
        place = np.arange(size) * CELLS // size
        cell = place[:, None] * CELLS + place[None, :]
        out = np.zeros((len(pictures), COLUMNS), np.float32)
        per_cell = np.bincount(cell.ravel(), minlength=CELLS**2)
        for row, motion, seconds in zip(out, flow_maps(pictures), step_s, strict=True):
            length = np.hypot(motion[..., 0], motion[..., 1]) / (size * seconds)
            angle = np.mod(np.arctan2(motion[..., 1], motion[..., 0]), 2 * np.pi) / (2 * np.pi)
            direction = np.minimum((angle * DIRECTIONS).astype(np.int64), DIRECTIONS - 1)
            sums = np.bincount(
                (cell * DIRECTIONS + direction).ravel(), weights=length.ravel(), minlength=CELLS**2 * DIRECTIONS
            )
            by_direction = sums.reshape(CELLS**2, DIRECTIONS) / per_cell[:, None]
            row[...] = np.concatenate([by_direction.ravel(), by_direction.sum(axis=1)])
        return out


class FlowPixels:
    """The flow from the picture before to each picture of the face, as two bytes a pixel: across and down.

    A byte is 128 + 1024·v, with the motion v in shares of the crop's side, rounded and limited to 0–255; 128 is
    still. The values lie in the order height, width, direction; the specification's geometry holds them as `shape`.

    Args:
        name: Name of the stream, such as `flow_pixels:48` or `flow_oval_pixels`, see `app.streams.pixels.PixelName`.

    Raises:
        UserError: The side or the rate is not a number, or out of range.
    """

    def __init__(self, name: str) -> None:
        asked = PixelName.read(name)
        self.reach = 1
        self.source = FaceCrops(CropGeometry(size=asked.size), "oval" if asked.kind == "flow_oval_pixels" else "square")
        geometry = self.source.geometry | {
            "farneback": FARNEBACK,
            "steps": PIXEL_STEPS,
            "shape": [asked.size, asked.size, 2],
        }
        self.spec = StreamSpec(
            name, VERSION, 2 * asked.size**2, geometry=geometry, rate_hz=asked.rate_hz, dtype="uint8"
        )

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Pictures:
        """Return the flow of N×S×S uint8 pictures: uint8 N×2·S². The first picture has none before it: all is still."""
        steps = flow_maps(pictures) * (PIXEL_STEPS / pictures.shape[1])
        values = np.asarray(np.clip(np.rint(STILL + steps), 0, 255), np.uint8)
        return values.reshape(len(pictures), self.spec.columns)
