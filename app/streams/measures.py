"""Head pose, eyes and facial movements as a stream: the measures of the face mesh in every frame."""

from functools import cache, cached_property
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.domain.measures import NAMES, POSE, STORED
from app.faces.face_cover import parts_seen
from app.faces.face_measures import measure
from app.faces.head_pose import DEPTH, euler, head_rotation, neutral_face
from app.faces.mesh import CROP_SIDE, MeshFinder, square_around
from app.faces.mesh_points import LEFT_LIDS, RIGHT_LIDS
from app.inference.cards import find_model
from app.streams.stream import Pictures, Rows, Seen, StreamSpec

VERSION: Final = 4
SIDE: Final = 256
"""Side of the picture around the face in pixels, from which the crops of the networks are cut."""
MOST_TURN_DEG: Final = 44.0
"""Of a face whose measured yaw is larger only the pose is given, as in the measures of clips: half of it is hidden."""
MOST_NOD_DEG: Final = 50.0
"""The same for nodding."""
_DEGREES: Final = 45.0
"""Angles are divided by this, so that they have about the size of the other measures."""


class UprightFace:
    """Cuts an upright square around the face, in which the head keeps its roll."""

    @property
    def geometry(self) -> dict[str, Any]:
        """The way in which it cuts, as plain values."""
        return {"of": "face", "upright": SIDE, "sides": CROP_SIDE}

    def cut(self, seen: Seen) -> Pictures:
        """Return the square of a frame: uint8 256×256×3 RGB."""
        x, y, side = square_around(seen.face)
        zoom = SIDE / side
        matrix = np.array([[zoom, 0, SIDE / 2 - zoom * x], [0, zoom, SIDE / 2 - zoom * y]])
        how = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
        cut = cv2.warpAffine(seen.image, matrix, (SIDE, SIDE), flags=how, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cut, np.uint8)


class FaceMeasures:
    """The measures of the face: its probability, pose, eyes, and absolute movements.

    Angles are in units of 45°. A frame without a mesh has the measures of the average face and the probability 0. A
    face that is turned too far has its own pose and probability, and else the measures of the average face; so has what
    needs an eye or a mouth that is covered.

    Args:
        name: Name of the stream.
        device: The device on which the networks run.
    """

    def __init__(self, name: str, device: str = "auto") -> None:
        self._device = device
        self.reach = 0
        self.source = UprightFace()
        networks = {network: find_model(network).file().sha256 for network in ("face_mesh", "iris")}
        geometry = self.source.geometry | {"columns": list(STORED), "iris": networks["iris"]}
        self.spec = StreamSpec(name, VERSION, len(STORED), networks["face_mesh"], geometry)

    @cached_property
    def _finder(self) -> MeshFinder:
        return MeshFinder(self._device)

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Rows:
        """Return the measures of N×256×256×3 uint8 pictures: float32 N×24."""
        found = np.zeros((len(pictures), len(STORED)), np.float32)
        found[:, -len(NAMES) :] = _average()
        for number, picture in enumerate(pictures):
            (mesh,) = self._finder.find(picture, [_whole()])
            if mesh is None:
                continue
            turn = head_rotation(mesh.points)
            pose = euler(turn)
            found[number, 0] = mesh.presence
            angles = [getattr(pose, name) for name in POSE]
            found[number, 1 : 1 + len(POSE)] = np.divide(angles, _DEGREES)
            if abs(pose.yaw_deg) <= MOST_TURN_DEG and abs(pose.pitch_deg) <= MOST_NOD_DEG:
                seen = parts_seen(picture, mesh.points).of(measure(mesh.points, turn))
                found[number, -len(NAMES) :] = np.where(np.isfinite(seen), seen, _average())
        return found


@cache
def _average() -> Rows:
    """Return the measures of the average face, which looks ahead: float32 20."""
    face = neutral_face()
    eyes = [np.tile(face[list(lids)].mean(axis=0), (5, 1)) for lids in (LEFT_LIDS, RIGHT_LIDS)]
    measures = measure(np.concatenate([face / (1, 1, DEPTH), *eyes]))
    return measures.astype(np.float32)


def _whole() -> Face:
    """Return the face in the picture of `UprightFace`: its first crop is the whole picture."""
    middle, length = SIDE / 2 - 0.5, SIDE / CROP_SIDE
    eyes, mouth = middle - length / 2, middle + length / 2
    half = length / 2
    five = [
        [middle - half, eyes],
        [middle + half, eyes],
        [middle, middle],
        [middle - half, mouth],
        [middle + half, mouth],
    ]
    box = np.array([0, 0, SIDE, SIDE], np.float32)
    return Face(box, np.array(five, np.float32), 1.0)
