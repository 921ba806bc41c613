"""A face of known pose: the neutral face, textured with the portrait, turned and drawn by a pinhole camera."""

import itertools
import json

import cv2
import numpy as np

from app.domain.faces import Face
from app.faces.head_pose import neutral_face, rotation
from app.faces.mesh import MeshFinder
from app.faces.mesh_points import LEFT_LIDS, RIGHT_LIDS

from .pictures import REFERENCE, portrait

SIZE = 400
FOCAL = 620.0
"""Pixels: a horizontal field of view of some 36 degrees."""
CAMERA_DEG = float(2 * np.rad2deg(np.arctan(SIZE / 2 / FOCAL)))
FIVE = np.array([[178, 105], [219, 105], [198, 128], [181, 145], [216, 145]], np.float32)
"""Five landmarks in the portrait, roughly."""
PORTRAIT_FACE = Face(np.array([154, 60, 90, 115], np.float32), FIVE, 1.0)


LEFT_EYE = (*LEFT_LIDS[:9], *LEFT_LIDS[:8:-1])
RIGHT_EYE = (*RIGHT_LIDS[:9], *RIGHT_LIDS[:8:-1])
MOUTH = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)


def triangles():
    return np.array(json.loads((REFERENCE / "mesh_triangles.json").read_text("utf-8")))


def fan(ring):
    """Triangles that close the hole within a ring of points."""
    return np.array([(ring[0], a, b) for a, b in itertools.pairwise(ring[1:])])


class Actress:
    """The neutral face as a solid of known shape with the looks of a picture; an eye's distance is 1.

    Args:
        finder: Finds the points of the looks.
        texture: The picture, H×W×3 uint8 RGB; the portrait by default.
        face: The face in it.
    """

    def __init__(self, finder: MeshFinder, texture=None, face=PORTRAIT_FACE) -> None:
        self.texture = portrait() if texture is None else texture
        mesh = finder.find(self.texture, [face])[0]
        self.places = mesh.points[:468, :2]
        solid = neutral_face() - neutral_face().mean(axis=0)
        eyes = solid[[362, 263]].mean(axis=0) - solid[[33, 133]].mean(axis=0)
        self.solid = solid / np.linalg.norm(eyes)
        self.triangles = np.concatenate([triangles(), *(fan(ring) for ring in (LEFT_EYE, RIGHT_EYE, MOUTH))])

    def draw(self, pose, distance=9.0, aside=(0.0, 0.0)):
        """The picture, and where a detector would see the face.

        Args:
            pose: How the solid is turned; its axes are the camera's.
            distance: From the camera, in eye distances.
            aside: Right and down from the camera's axis, in eye distances.
        """
        turned = self.solid @ rotation(pose).T + (*aside, distance)
        flat = FOCAL * turned[:, :2] / turned[:, 2:] + (SIZE - 1) / 2
        picture = np.full((SIZE, SIZE, 3), 150, np.uint8)
        order = np.argsort(-turned[self.triangles, 2].mean(axis=1))
        for corner in self.triangles[order]:
            self._draw_triangle(picture, self.places[corner], flat[corner])
        five = np.stack([flat[[33, 133]].mean(0), flat[[362, 263]].mean(0), flat[1], flat[61], flat[291]])
        low, high = flat.min(axis=0), flat.max(axis=0)
        return picture, Face(np.concatenate([low, high - low]).astype(np.float32), five.astype(np.float32), 1.0)

    def _draw_triangle(self, picture, source, target):
        low = np.floor(target.min(axis=0)).astype(int)
        high = np.ceil(target.max(axis=0)).astype(int) + 1
        if (low < 0).any() or (high > SIZE).any():
            return
        matrix = cv2.getAffineTransform(source.astype(np.float32), (target - low).astype(np.float32))
        width, height = (high - low).tolist()
        patch = cv2.warpAffine(self.texture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        mask = np.zeros((height, width), np.uint8)
        cv2.fillConvexPoly(mask, np.round((target - low) * 16).astype(np.int32), 1, shift=4)
        part = picture[low[1] : high[1], low[0] : high[0]]
        part[mask > 0] = patch[mask > 0]
