"""The dynamic image: the frames of a window summed up into one picture, in which their order is lost."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.inference.geometry import CropGeometry
from app.streams.face_crops import FaceCrops
from app.streams.stream import Pictures, Rows, StreamSpec

VERSION: Final = 1
WINDOW: Final = 16
"""Number of frames that are summed (Miyoshi et al. 2019, section 4)."""
SHOWN: Final = 16
"""Side in pixels to which the picture is reduced when it is read as a row of numbers."""


def dynamic_images(pictures: Pictures, window: int = WINDOW) -> NDArray[np.float32]:
    """Return the mean of the last `window` pictures at each frame, or of all pictures so far at the beginning.

    Source: Miyoshi et al. 2019, section 3.2, take the plain sum over the frames of a clip of 16; the mean differs by
    that factor.

    Args:
        pictures: N×S×S or N×S×S×3 uint8.
        window: Number of frames, ≥ 1.

    Returns:
        float32 in the shape of `pictures`, 0…255.
    """
    sums = np.cumsum(pictures, axis=0, dtype=np.float64)
    before = np.zeros_like(sums)
    before[window:] = sums[:-window] if len(sums) > window else 0.0
    count = np.minimum(np.arange(1, len(pictures) + 1), window).reshape(-1, *[1] * (pictures.ndim - 1))
    return ((sums - before) / count).astype(np.float32)


class DynamicImages:
    """The dynamic image of the face, reduced to a small picture, for members that read rows of numbers.

    Args:
        name: Name of the stream.
        size: Side of the crops in pixels.
        window: Number of frames that are summed.
    """

    def __init__(self, name: str, size: int = 64, window: int = WINDOW) -> None:
        self.window = window
        self.reach = window - 1
        self.source = FaceCrops(CropGeometry(size=size), "oval")
        geometry = self.source.geometry | {"window": window, "shown": SHOWN}
        self.spec = StreamSpec(name, VERSION, SHOWN**2, geometry=geometry)

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Rows:
        """Return the reduced dynamic images of N×S×S uint8 pictures: float32 N×256, −1…1 around mid-grey."""
        small = [
            cv2.resize(each, (SHOWN, SHOWN), interpolation=cv2.INTER_AREA)
            for each in dynamic_images(pictures, self.window)
        ]
        return np.asarray(np.stack(small).reshape(len(pictures), -1) / 127.5 - 1, np.float32)
