"""How a frame model wants its face crops cut: part of its card, so that run time and training agree."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class CropGeometry:
    """A square crop of a face.

    Attributes:
        size: Side in pixels.
        grey: True for one channel, False for RGB.
        method: "eyes" turns the face so that the eyes are level and sets its scale by the eyes and the mouth;
            "box" takes the detector's box, upright.
        scale: "eyes": distance from the point between the eyes to the point between the mouth corners, and at least
            the distance between the eyes, each as a share of the side (see `app.faces.alignment`).
        eye_y: "eyes": height of the eyes as a share of the side, from the top.
        margin: "box": how much the square is larger than the box's longer side, 0.1 is a tenth.
        shift_y: "box": downward shift of the square as a share of its side.
    """

    size: int = 48
    grey: bool = True
    method: Literal["eyes", "box"] = "eyes"
    scale: float = 0.4
    eye_y: float = 0.36
    margin: float = 0.1
    shift_y: float = 0.0
