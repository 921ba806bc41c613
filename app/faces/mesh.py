"""The face mesh: 478 points of a face in three dimensions, by the networks `face_mesh` and `iris`.

The crops are those that MediaPipe cuts: a square around all points, 1.5 times their longer side, with the eyes level;
around each eye a square 2.3 times as wide as its corners are apart, the right one mirrored. A face that was measured in
the last frame is cropped by its own points; a new one by the detector's landmarks, twice, so that its crop no longer
depends on how the detector draws boxes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.alignment import resample
from app.faces.boxes import corners, overlap
from app.faces.mesh_points import LEFT_LIDS, N_MESH, N_POINTS, RIGHT_LIDS
from app.inference.cards import find_model
from app.inference.session import Session, open_model

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

FACE_SIDE: Final = 192
EYE_SIDE: Final = 64
_FACE_MARGIN: Final = 1.5
_EYE_MARGIN: Final = 2.3
CROP_SIDE: Final = 3.6
"""Side of a new face's first crop in units of the distance from the eyes' middle to the mouth's, or of that between the
eyes if it is longer."""
LEAST_PRESENCE: Final = 0.5
"""Below this probability, MediaPipe's own threshold, a crop shows no face."""
_SAME_PLACE: Final = 0.3
"""A mesh whose box has a smaller overlap than this with the tracked face's box has slipped to something else."""


@dataclass(frozen=True, eq=False)
class FaceMesh:
    """The points of one face in one frame.

    Attributes:
        points: float32 478×3. x, y in pixels of the displayed frame (centres at whole numbers); z in the same unit,
            smaller towards the camera, relative to the middle of the head.
        presence: Probability that there is a face, 0–1.
    """

    points: Floats
    presence: float

    @property
    def box(self) -> Floats:
        """Box around the mesh: float32 [x, y, w, h], pixels of the displayed frame."""
        low, high = self.points[:N_MESH, :2].min(axis=0), self.points[:N_MESH, :2].max(axis=0)
        return np.concatenate([low, high - low]).astype(np.float32)


@dataclass(frozen=True)
class _Square:
    """A turned square of the frame: middle in pixels (edges at whole numbers), side in pixels, angle in radians."""

    x: float
    y: float
    side: float
    angle: float

    @cached_property
    def turn(self) -> Doubles:
        """float64 2×2, from directions in the frame to directions in the crop."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.array([[cos, sin], [-sin, cos]])

    def cut(self, rgb: Image, pixels: int, mirrored: bool = False) -> Image:
        """Return the square, resampled to `pixels`×`pixels`."""
        turn = self.turn * (pixels / self.side)
        middle = np.array([self.x, self.y]) - 0.5
        matrix = np.concatenate([turn, (pixels / 2 - 0.5 - turn @ middle)[:, None]], axis=1)
        crop = np.asarray(resample(rgb, matrix, pixels), np.uint8)
        return np.asarray(cv2.flip(crop, 1), np.uint8) if mirrored else crop

    def place(self, points: Floats, pixels: int) -> Doubles:
        """Points of the crop (edges at 0 and `pixels`) in pixels of the frame, centres at whole numbers; z scaled."""
        zoom = self.side / pixels
        placed = np.multiply(points, zoom, dtype=np.float64)
        placed[:, :2] = (points[:, :2] - pixels / 2) * zoom @ self.turn + (self.x - 0.5, self.y - 0.5)
        return placed


class MeshFinder:
    """Finds the points of faces. Any thread may call it.

    Args:
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        threads: CPU threads within one run.
        eyes: Whether the network `iris` refines the eyes, which takes two thirds of the time. Without it the lids are
            less exact, and there are no irises (zeros).

    Raises:
        UserError: A network is missing or damaged, or cannot run on the device.
    """

    def __init__(self, device: str = "auto", threads: int = 1, *, eyes: bool = True) -> None:
        self._face = open_model(find_model("face_mesh"), device, threads=threads)
        self._eye = open_model(find_model("iris"), device, threads=threads) if eyes else None

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters on which the points depend: the SHA-256 of each network."""
        eye = {} if self._eye is None else {"iris": self._eye.sha256}
        return {"face_mesh": self._face.sha256, **eye}

    @property
    def provider(self) -> str:
        """The execution provider that runs the mesh network."""
        return self._face.provider.actual

    def find(self, rgb: Image, faces: Sequence[Face]) -> list[FaceMesh | None]:
        """Return the points of faces that a detector found.

        Args:
            rgb: H×W×3 uint8, RGB.
            faces: The faces, in pixels of that frame.

        Returns:
            One mesh for each face; None where the network sees no face.
        """
        squares = [_around_five(np.asarray(face.landmarks, np.float64)) for face in faces]
        first = self._run(rgb, squares, eyes=False)
        sure = [i for i, mesh in enumerate(first) if mesh is not None]
        found: list[FaceMesh | None] = [None] * len(faces)
        for i, mesh in zip(sure, self.follow(rgb, [m for m in first if m is not None]), strict=True):
            found[i] = mesh
        return found

    def follow(self, rgb: Image, before: Sequence[FaceMesh]) -> list[FaceMesh | None]:
        """Return the points of faces whose points in the last frame are known.

        Args:
            rgb: H×W×3 uint8, RGB.
            before: The meshes of the last frame.

        Returns:
            One mesh for each face; None where it is lost.
        """
        return self._run(rgb, [_around_mesh(np.asarray(mesh.points, np.float64)) for mesh in before], eyes=True)

    def _run(self, rgb: Image, squares: Sequence[_Square], eyes: bool) -> list[FaceMesh | None]:
        if not squares:
            return []
        crops = [square.cut(rgb, FACE_SIDE) for square in squares]
        answer = self._face.run({"image": _as_input(crops)})
        presence = 1 / (1 + np.exp(-np.asarray(answer["presence"][:, 0], np.float64)))
        points = np.zeros((len(squares), N_POINTS, 3))
        for i, square in enumerate(squares):
            points[i, :N_MESH] = square.place(answer["points"][i], FACE_SIDE)
        sure = np.flatnonzero((presence >= LEAST_PRESENCE) & np.isfinite(points).all(axis=(1, 2)))
        if eyes and self._eye is not None and len(sure):
            self._refine_eyes(rgb, points, sure, self._eye)
        meshes: list[FaceMesh | None] = [None] * len(squares)
        for i in sure.tolist():
            meshes[i] = FaceMesh(points[i].astype(np.float32), float(presence[i]))
        return meshes

    @staticmethod
    def _refine_eyes(rgb: Image, points: Doubles, rows: NDArray[np.intp], network: Session) -> None:
        """Replace the lids' x and y by the eye network's, and add the irises. The depth stays the mesh's."""
        # The network knows one eye, the viewer's left; the other is shown to it in a mirror.
        places = [(row, lids, lids is RIGHT_LIDS) for row in rows.tolist() for lids in (LEFT_LIDS, RIGHT_LIDS)]
        squares = [_around_eye(points[row], lids) for row, lids, _ in places]
        crops = [square.cut(rgb, EYE_SIDE, mirrored) for square, (_, _, mirrored) in zip(squares, places, strict=True)]
        answer = network.run({"image": _as_input(crops)})
        for i, (row, lids, mirrored) in enumerate(places):
            contour, iris = answer["contour"][i, : len(lids)].copy(), answer["iris"][i].copy()
            if mirrored:
                contour[:, 0], iris[:, 0] = EYE_SIDE - contour[:, 0], EYE_SIDE - iris[:, 0]
            points[row, lids, :2] = squares[i].place(contour, EYE_SIDE)[:, :2]
            first = N_MESH + (5 if mirrored else 0)
            points[row, first : first + 5, :2] = squares[i].place(iris, EYE_SIDE)[:, :2]
            points[row, first : first + 5, 2] = points[row, lids, 2].mean()


class MeshFollower:
    """Measures tracked faces from frame to frame, by their own points while they are in sight and else by detections.

    Args:
        finder: Finds the points.
    """

    def __init__(self, finder: MeshFinder) -> None:
        self._finder = finder
        self._known: dict[int, FaceMesh] = {}

    def step(self, rgb: Image, faces: Mapping[int, Face]) -> dict[int, FaceMesh]:
        """Return the meshes of the faces of the next frame.

        Args:
            rgb: H×W×3 uint8, RGB.
            faces: The faces by track, in pixels of that frame.

        Returns:
            The meshes by track; a face without a mesh is left out.
        """
        known = [track for track in faces if track in self._known]
        followed = self._finder.follow(rgb, [self._known[track] for track in known])
        found = {
            track: mesh
            for track, mesh in zip(known, followed, strict=True)
            if mesh is not None and _is_at(mesh, faces[track])
        }
        new = [track for track in faces if track not in found]
        for track, mesh in zip(new, self._finder.find(rgb, [faces[track] for track in new]), strict=True):
            if mesh is not None and _is_at(mesh, faces[track]):
                found[track] = mesh
        self._known = dict(sorted(found.items()))
        return self._known


def _is_at(mesh: FaceMesh, face: Face) -> bool:
    return float(overlap(corners(mesh.box), corners(face.box))[0, 0]) >= _SAME_PLACE


def square_around(face: Face) -> tuple[float, float, float]:
    """Return the middle (x, y) and the side, in pixels of the frame, of the square in which a new face is sought."""
    square = _around_five(np.asarray(face.landmarks, np.float64))
    return square.x, square.y, square.side


def _as_input(crops: Sequence[Image]) -> Floats:
    """Return crops as a network reads them: float32 N×3×side×side, 0–1."""
    return np.asarray(cv2.dnn.blobFromImages(crops, 1 / 255), np.float32)


def _around_five(five: Doubles) -> _Square:
    left, right = five[0], five[1]
    eyes, mouth = (left + right) / 2, (five[3] + five[4]) / 2
    middle = (eyes + mouth) / 2 + 0.5
    length = max(float(np.hypot(*(right - left))), float(np.hypot(*(mouth - eyes))), 1.0)
    angle = float(np.arctan2(*(right - left)[::-1]))
    return _Square(float(middle[0]), float(middle[1]), CROP_SIDE * length, angle)


def _around_mesh(points: Doubles) -> _Square:
    across = points[263, :2] - points[33, :2]
    angle = float(np.arctan2(across[1], across[0]))
    turn = _Square(0.0, 0.0, 1.0, angle).turn
    turned = points[:N_MESH, :2] @ turn.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    x, y = (low + high) / 2 @ turn + 0.5
    return _Square(float(x), float(y), max(_FACE_MARGIN * float((high - low).max()), 1.0), angle)


def _around_eye(points: Doubles, lids: Sequence[int]) -> _Square:
    outer, inner = points[lids[0], :2], points[lids[8], :2]
    across = (inner - outer) if lids is LEFT_LIDS else (outer - inner)
    x, y = (outer + inner) / 2 + 0.5
    side = max(_EYE_MARGIN * float(np.hypot(*across)), 1.0)
    return _Square(float(x), float(y), side, float(np.arctan2(across[1], across[0])))
