"""The place of a subject's face in an output: the view, and where points of the skin move. Nothing is drawn here."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.synthetic.canvas import PORTRAIT_SIZE
from app.synthetic.geometry import Field, sample
from app.synthetic.identity import Identity, fields
from app.synthetic.landmarks import landmarks
from app.synthetic.parameters import Parameters
from app.synthetic.pose import Pose

FRAME_WIDTH: Final = 640
FRAME_HEIGHT: Final = 360


@dataclass(frozen=True)
class View:
    """The part of the portrait that an output shows: unit = origin + rotation(pixel) / scale.

    Attributes:
        width: Width of the output in pixels.
        height: Height of the output in pixels.
        scale: Output pixels per portrait unit.
        centre: The point of the portrait in the middle of the output, in portrait units.
        angle: Rotation of the portrait in the output in radians, positive clockwise.
    """

    width: int = FRAME_WIDTH
    height: int = FRAME_HEIGHT
    scale: float = FRAME_WIDTH / PORTRAIT_SIZE[0]
    centre: tuple[float, float] = ((PORTRAIT_SIZE[0] - 1) / 2, (PORTRAIT_SIZE[1] - 1) / 2)
    angle: float = 0.0

    def to_portrait(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return pixel centres of the output, float32 …×2, in portrait units."""
        x = (pixels[..., 0] - (self.width - 1) / 2) / self.scale
        y = (pixels[..., 1] - (self.height - 1) / 2) / self.scale
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        out = np.stack([self.centre[0] + cos * x + sin * y, self.centre[1] - sin * x + cos * y], axis=-1)
        return np.asarray(out, np.float32)

    def to_pixels(self, units: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return points of the portrait, float32 …×2, in pixels of the output; the inverse of `to_portrait`."""
        x, y = units[..., 0] - self.centre[0], units[..., 1] - self.centre[1]
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        out = np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1) * self.scale
        return np.asarray(out + np.array([(self.width - 1) / 2, (self.height - 1) / 2]), np.float32)


@dataclass(frozen=True, eq=False)
class FaceTruth:
    """The true place of the face in a rendered picture.

    Attributes:
        box: float32 [x, y, w, h] in output pixels, from brows to chin with a margin, as face detectors draw it.
        landmarks: float32 5×2 in output pixels: left eye, right eye, nose, left and right mouth corner as the viewer
            sees them.
    """

    box: NDArray[np.float32]
    landmarks: NDArray[np.float32]


class FacePlace:
    """The places of one subject's face in a view, frame by frame.

    Args:
        who: The subject.
        view: The part of the portrait that the output shows.
    """

    def __init__(self, who: Identity, view: View) -> None:
        self.who, self.view = who, view
        self._fields = fields(who)
        self._last: tuple[Parameters, Field] | None = None

    def displacement(self, row: Parameters) -> Field:
        """Return the skin's field for a row; the last field is kept, for picture and landmarks share it."""
        if self._last is None or not np.array_equal(self._last[0], row):
            self._last = (row.copy(), self._fields.displacement(row))
        return self._last[1]

    def moved(self, points: NDArray[np.float32], row: Parameters) -> NDArray[np.float32]:
        """Return where points of the skin, float32 N×2 in portrait units, lie in the output, in output pixels.

        In a mirrored subject the points change sides with the picture; their order does not change.
        """
        at = points[None]
        pixels = self.view.to_pixels(Pose.of(row).moved(at + sample(self.displacement(row), at))[0])
        if self.who.flipped:
            pixels[:, 0] = self.view.width - 1 - pixels[:, 0]
        return pixels

    def truth(self, row: Parameters) -> FaceTruth:
        """Return the true place of the face for a row of parameters."""
        marks = landmarks()
        points = [marks["iris_r"][0], marks["iris_l"][0], marks["nose_bridge"][-1], marks["mouth_upper_outer"][0]]
        points += [marks["mouth_upper_outer"][-1], *marks["jaw"], *marks["brow_r"], *marks["brow_l"]]
        pixels = self.moved(np.array(points, np.float32), row)
        if self.who.flipped:
            pixels[:5] = pixels[[1, 0, 2, 4, 3]]
        low, high = pixels[5:].min(0), pixels[5:].max(0)
        top = low[1] - 0.22 * (high[1] - low[1])
        box = np.array([low[0], top, high[0] - low[0], high[1] - top], np.float32)
        return FaceTruth(box, pixels[:5].astype(np.float32))
