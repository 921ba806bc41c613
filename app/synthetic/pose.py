"""Head pose as a movement of the flat picture: the head is a rounded body in front of still shoulders.

A paraboloid with a nose gives each point of the head a depth. The body is rotated and projected without perspective.
The movement fades out towards the collar and the shoulders.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic.canvas import blurred, stored
from app.synthetic.geometry import FIELD_COLUMNS, FIELD_ROWS, FIELD_STEP, FIELD_X0, FIELD_Y0, sample
from app.synthetic.parameters import INDEX, Parameters

CENTRE: Final = (200.0, 96.0)
NECK: Final = (201.0, 182.0)
"""Yaw and pitch turn about the head's centre, roll about the neck."""
_FADE: Final = 30.0
"""Portrait units below the head at which collar and shoulders no longer move."""


@cache
def masks() -> NDArray[np.float32]:
    """Return soft masks of person, hair and skin of the portrait, float32 225×400×3 in 0–1.

    The array is shared: do not write to it.
    """
    soft = blurred(stored("masks.png").astype(np.float32) / np.float32(255), 1.0)
    soft.flags.writeable = False
    return soft


@cache
def _weight_and_depth() -> NDArray[np.float32]:
    """Return, for each node of the field, how much it belongs to the head (0–1) and its depth in portrait units."""
    head = (masks()[..., 1] + masks()[..., 2] > 0.5).astype(np.uint8)
    head[172:] = 0
    to_head = np.asarray(cv2.distanceTransform(1 - head, cv2.DIST_L2, 5), np.float32)
    still = ((masks()[..., 0] > 0.5) & (to_head > _FADE)).astype(np.uint8)
    to_still = np.asarray(cv2.distanceTransform(1 - still, cv2.DIST_L2, 5), np.float32)
    # Around the head there is only background, which is another layer: no fading there, or hair would be torn.
    share = to_still / np.maximum(to_still + to_head, 1e-3)
    weight = blurred(share * share * (3 - 2 * share), 3)
    rows, columns = np.mgrid[0:FIELD_ROWS, 0:FIELD_COLUMNS].astype(np.float32)
    x, y = FIELD_X0 + FIELD_STEP * columns, FIELD_Y0 + FIELD_STEP * rows
    nodes = cv2.remap(
        weight, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    r2 = ((x - CENTRE[0]) / 80) ** 2 + ((y - CENTRE[1]) / 96) ** 2
    nose = 10 * np.exp(-(((x - 200) / 9) ** 2) - ((y - 124) / 15) ** 2)
    depth = 62 * np.clip(1 - r2, 0, None) + nose
    return np.ascontiguousarray(np.dstack([nodes, depth]), np.float32)


@dataclass(frozen=True)
class Pose:
    """The pose of the head in one frame.

    Attributes:
        yaw: Turn in radians, positive towards the picture's right.
        pitch: Nod in radians, positive downwards.
        roll: Tilt in radians, positive clockwise.
        shift: Displacement in portrait units (right, down).
        size: Size relative to the portrait.
    """

    yaw: float
    pitch: float
    roll: float
    shift: tuple[float, float]
    size: float

    @classmethod
    def of(cls, row: Parameters) -> "Pose":
        """Return the pose that one row of parameters states."""
        yaw, pitch, roll = (math.radians(float(row[INDEX[name]])) for name in ("yaw", "pitch", "roll"))
        shift = (float(row[INDEX["shift_x"]]), float(row[INDEX["shift_y"]]))
        return cls(yaw, pitch, roll, shift, 1.0 + float(row[INDEX["zoom"]]))

    def moved(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return where points of the head at rest move, float32 rows×columns×2 in portrait units, as `points`."""
        weight_depth = sample(_weight_and_depth(), points)
        weight, depth = weight_depth[..., 0], weight_depth[..., 1]
        x, y = points[..., 0], points[..., 1]
        turned_x = CENTRE[0] + (x - CENTRE[0]) * math.cos(self.yaw) + depth * math.sin(self.yaw)
        turned_y = CENTRE[1] + (y - CENTRE[1]) * math.cos(self.pitch) + depth * math.sin(self.pitch)
        from_x, from_y = (turned_x - NECK[0]) * self.size, (turned_y - NECK[1]) * self.size
        cos, sin = math.cos(self.roll), math.sin(self.roll)
        to_x = NECK[0] + cos * from_x - sin * from_y + self.shift[0]
        to_y = NECK[1] + sin * from_x + cos * from_y + self.shift[1]
        return np.stack([x + weight * (to_x - x), y + weight * (to_y - y)], axis=-1).astype(np.float32)

    def unmoved(self, points: NDArray[np.float32], rounds: int = 4) -> NDArray[np.float32]:
        """Return the inverse of `moved`, found by fixed-point iteration, float32 rows×columns×2 in portrait units."""
        # A start near the end: roll, shift and size undone as if everything were head.
        cos, sin = math.cos(self.roll), math.sin(self.roll)
        x, y = points[..., 0] - (NECK[0] + self.shift[0]), points[..., 1] - (NECK[1] + self.shift[1])
        turned = np.stack([cos * x + sin * y, cos * y - sin * x], axis=-1)
        rigid = np.asarray(turned / self.size + np.array(NECK, np.float32), np.float32)
        weight = sample(_weight_and_depth(), rigid)[..., :1]
        source = np.asarray(points + weight * (rigid - points), np.float32)
        for _ in range(rounds):
            source = source + (points - self.moved(source))
        return source
