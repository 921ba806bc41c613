"""Pictures of the face in any size, grey or colour, as an aligned square or with all beyond its outline hidden."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.face_outline import face_outlines, outline_distance
from app.domain.faces import Face
from app.faces.alignment import aligned_crop, crop_matrix
from app.inference.geometry import CropGeometry
from app.streams.stream import Pictures, Seen

Mask = Literal["square", "oval"]
GREY: Final = 128
"""The grey in which hidden parts are drawn, as in the face-only view."""
FADE: Final = 0.1
"""Width of the fade beyond the outline, as in the face-only view."""


@dataclass(frozen=True)
class FaceCrops:
    """Aligned crops of the face.

    A square crop shows corners of the scene. A claim about the face alone needs the oval, which ends where the view of
    the condition "face only" ends.

    Attributes:
        crop: Size, colour and alignment.
        mask: "square", or "oval" for the face alone on grey.
    """

    crop: CropGeometry
    mask: Mask = "square"

    @property
    def geometry(self) -> dict[str, Any]:
        """The way in which it cuts, as plain values."""
        return {"of": "face", **asdict(self.crop), "mask": self.mask}

    def cut(self, seen: Seen) -> Pictures:
        """Return the crop of a frame: uint8 S×S for grey, S×S×3 RGB."""
        picture = aligned_crop(seen.image, seen.face, self.crop)
        if self.mask == "square":
            return picture
        shown = _in_crop(seen.face, crop_matrix(seen.face, self.crop))
        side = np.arange(self.crop.size, dtype=np.float32)
        share = np.clip((1 + FADE - outline_distance(shown, side[None, :], side[:, None])) / FADE, 0, 1)
        share = np.asarray(share, np.float32)
        plain = np.full_like(picture, GREY)
        return np.asarray(cv2.blendLinear(picture, plain, share, 1 - share), np.uint8)


def _in_crop(face: Face, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the outline of a face in pixels of its crop, see `face_outlines`."""
    [outline] = face_outlines(face.box[None], face.landmarks[None])
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    cos, sin = outline[4:6]
    down = matrix[:, :2] @ np.array([-sin, cos]) / max(zoom, 1e-9)
    centre = matrix[:, :2] @ outline[:2] + matrix[:, 2]
    return np.concatenate([centre, zoom * outline[2:4], [down[1], -down[0]]])
