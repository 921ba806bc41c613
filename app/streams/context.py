"""Pictures of the surroundings: the whole frame, or the frame with the face covered."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

import cv2
import numpy as np

from app.domain.face_view import FaceViewGeometry
from app.faces.face_only import draw_context_only
from app.streams.stream import Pictures, Seen


@dataclass(frozen=True)
class ContextPictures:
    """The frame as a square picture.

    The whole frame still contains the face. To read the surroundings alone, the face must be covered, as in the viewing
    condition "context only".

    Attributes:
        size: Side in pixels.
        masked: Whether the face is covered with grey.
        cut_out: "whole" squeezes the frame into the square; "centre" takes its middle square (Sun et al. 2018, IV-B).
    """

    size: int = 224
    masked: bool = False
    cut_out: Literal["whole", "centre"] = "whole"

    @property
    def geometry(self) -> dict[str, Any]:
        """The way in which it cuts, as plain values."""
        return {"of": "context", **asdict(self)}

    def cut(self, seen: Seen) -> Pictures:
        """Return the picture of a frame: uint8 S×S×3 RGB."""
        image, box = seen.image, np.asarray(seen.face.box, np.float32)
        height, width = image.shape[:2]
        # Reduced before it is covered: the cover is drawn on every pixel. Half the reduction is left to the end.
        shrink = max(1, math.floor(min(height, width) / (2 * self.size)))
        if shrink > 1:
            image = np.asarray(
                cv2.resize(image, (width // shrink, height // shrink), interpolation=cv2.INTER_AREA), np.uint8
            )
            box = box * np.array([image.shape[1] / width, image.shape[0] / height] * 2, np.float32)
        if self.masked:
            centre = box[:2] + box[2:] / 2
            square = np.array([*centre, box[2:].max() * FaceViewGeometry().margin], np.float64)
            image = draw_context_only(image, square, box=box)
        if self.cut_out == "centre":
            side = min(image.shape[:2])
            top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
            image = image[top : top + side, left : left + side]
        how = cv2.INTER_AREA if min(image.shape[:2]) > self.size else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(image, (self.size, self.size), interpolation=how), np.uint8)
