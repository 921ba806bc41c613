"""Numbers that describe a picture of the surroundings: colours, edges and their directions.

No network is used, because none that knows scenes is shipped. Colours are counted as in Swain and Ballard 1991 ("Color
indexing"), and edges as in Dalal and Triggs 2005 ("Histograms of oriented gradients for human detection"), both over
cells of a grid.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.streams.context import ContextPictures
from app.streams.face_crops import GREY
from app.streams.stream import Pictures, Rows, StreamSpec

VERSION: Final = 1
HUES: Final = 8
SHADES: Final = 4
COARSE: Final = 2
"""Cells along each side for colours."""
FINE: Final = 4
"""Cells along each side for edges."""
DIRECTIONS: Final = 8
COLUMNS: Final = (COARSE**2 + 1) * (HUES + 2 * SHADES) + FINE**2 * (DIRECTIONS + 1)
_RIM: Final = 0.1
_EDGE: Final = 40.0
"""Least length of the gradient, in grey levels per pixel, at which a pixel counts as an edge."""


class SceneStatistics:
    """Histograms of hue, saturation, brightness and direction of edges over cells, and the density of edges.

    Pixels under the cover of a masked face do not count, so that the place of the face is not revealed.

    Args:
        name: Name of the stream.
        masked: Whether the frame is read with its face covered.
        rate_hz: Frames per second that are read.
        size: Side of the picture in pixels.
    """

    def __init__(self, name: str, masked: bool, rate_hz: float, size: int = 112) -> None:
        self.reach = 0
        self.source = ContextPictures(size, masked)
        self.spec = StreamSpec(name, VERSION, COLUMNS, geometry=self.source.geometry, rate_hz=rate_hz)

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Rows:
        """Return the statistics of N×S×S×3 uint8 pictures: float32 N×columns, each the square root of a share, 0…1."""
        return np.stack([self._row(picture) for picture in pictures])

    def _row(self, rgb: Pictures) -> Rows:
        seen = np.ones(rgb.shape[:2], np.float32)
        if self.source.masked:
            seen -= _cover(rgb)
        hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
        # A grey pixel has no hue: it counts by its saturation.
        hue = _shares(hsv[..., 0].astype(np.int64) * HUES // 180, seen * hsv[..., 1] / 255, HUES, COARSE)
        strong = _shares(hsv[..., 1].astype(np.int64) * SHADES // 256, seen, SHADES, COARSE)
        light = _shares(hsv[..., 2].astype(np.int64) * SHADES // 256, seen, SHADES, COARSE)
        whole = [each.mean(axis=0, keepdims=True) for each in (hue, strong, light)]
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
        across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
        length = np.hypot(across, down) / 4
        angle = np.mod(np.arctan2(down, across), np.pi) / np.pi
        direction = np.minimum((angle * DIRECTIONS).astype(np.int64), DIRECTIONS - 1)
        edges = _shares(direction, seen * length, DIRECTIONS, FINE)
        dense = _shares((length > _EDGE).astype(np.int64), seen, 2, FINE)[:, 1:]
        parts = [hue, strong, light, *whole, edges, dense]
        return np.asarray(np.sqrt(np.concatenate([part.ravel() for part in parts])), np.float32)


def _cover(rgb: Pictures) -> NDArray[np.float32]:
    """float32 S×S, 1 on the cover of the face and its soft rim (`app.faces.face_only.draw_context_only`), else 0."""
    grey = np.asarray((np.abs(rgb.astype(np.int16) - GREY) <= 2).all(axis=2), np.uint8)
    # Single grey pixels are no cover.
    opened: Pictures = np.asarray(cv2.erode(grey, np.ones((3, 3), np.uint8)), np.uint8)
    rows, columns = np.nonzero(opened)
    if not len(rows):
        return np.zeros(rgb.shape[:2], np.float32)
    # The rim fades over a tenth of the half axis; a gradient and the reduction reach over some pixels more.
    half = max(np.ptp(rows), np.ptp(columns)) / 2
    reach = 2 * (round(_RIM * float(half)) + 4) + 1
    return np.asarray(cv2.dilate(opened, np.ones((reach, reach), np.uint8)), np.float32)


def _shares(code: NDArray[np.int64], weight: NDArray[np.floating], kinds: int, cells: int) -> NDArray[np.float64]:
    """The weight of each kind of pixel as a share of the weight of its cell: cells²×kinds, zero in an empty cell."""
    size = code.shape[0]
    place = np.arange(size) * cells // size
    cell = place[:, None] * cells + place[None, :]
    sums = np.bincount((cell * kinds + code).ravel(), weights=weight.ravel(), minlength=cells**2 * kinds)
    sums = sums.reshape(cells**2, kinds)
    total = np.bincount(cell.ravel(), weights=weight.ravel(), minlength=cells**2)[:, None]
    return np.asarray(np.divide(sums, total, out=np.zeros_like(sums), where=total > 1e-6))
