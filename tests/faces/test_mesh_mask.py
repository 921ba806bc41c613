"""The mask of the mesh on a drawn face, of which every pixel is known: the background is one colour."""

import cv2
import numpy as np
import pytest

from app.domain.face_outline import face_outlines
from app.domain.face_view import FaceViewGeometry
from app.faces.face_only import draw_face_only
from app.faces.head_pose import HeadPose, neutral_face, rotation
from app.faces.mesh import MeshFinder
from app.faces.mesh_mask import corners_of, covered, face_share, surface
from app.faces.mesh_points import N_MESH, OUTLINE

from .mesh_render import SIZE, Actress

BACKGROUND = 150
TURNS = [(0, 0, 0), (-40, 0, 0), (30, 0, 0), (0, 20, 0), (0, -20, 0), (20, 10, -15)]


@pytest.fixture(scope="module")
def finder():
    return MeshFinder("cpu")


@pytest.fixture(scope="module")
def actress(finder):
    return Actress(finder)


def flat(angles, size=40.0):
    """The neutral face in a picture of 400, far from the camera."""
    return (neutral_face() @ rotation(HeadPose(*angles)).T)[:, :2] * size / 2 + 200


def by_oval(face):
    """How much the oval of the five landmarks shows of each pixel."""
    (outline,) = face_outlines(face.box[None], face.landmarks[None])
    white = np.full((SIZE, SIZE, 3), 255, np.uint8)
    whole = np.array([(SIZE - 1) / 2, (SIZE - 1) / 2, SIZE])
    grey = FaceViewGeometry().fill
    return (draw_face_only(white, whole, SIZE, FaceViewGeometry(), outline)[..., 0] - float(grey)) / (255 - grey)


def test_the_triangles_cover_the_face_once_and_use_every_point():
    points = flat((0, 0, 0))
    assert set(surface().ravel().tolist()) == set(range(len(corners_of(points))))
    corners = corners_of(points)[surface()]
    (ax, ay), (bx, by) = (corners[:, 1] - corners[:, 0]).T, (corners[:, 2] - corners[:, 0]).T
    areas = np.abs(ax * by - ay * bx) / 2
    assert areas.sum() == pytest.approx(covered(points, 400, 400).sum(), rel=0.08)


@pytest.mark.parametrize("angles", TURNS)
def test_no_pixel_beyond_the_outline_of_the_surface_is_shown(angles):
    points = flat(angles)
    share = face_share(points, 400, 400)
    hull = cv2.convexHull(corners_of(points).astype(np.float32))
    rows, columns = np.nonzero(share)
    inside = [cv2.pointPolygonTest(hull, (float(x), float(y)), True) for x, y in zip(columns, rows, strict=True)]
    assert min(inside) >= 0
    assert share.max() == 1


def test_the_jaw_of_a_face_seen_from_the_front_is_its_edge():
    points = flat((0, 0, 0))
    share = face_share(points, 400, 400)
    jaw = points[[i for i in OUTLINE if neutral_face()[i, 1] > 0]]
    middle = points.mean(axis=0)
    outwards = (jaw - middle) / np.linalg.norm(jaw - middle, axis=1, keepdims=True)
    for step, shown in ((2, False), (-14, True)):
        x, y = np.rint(jaw + step * outwards).astype(int).T
        assert ((share[y, x] > 0) == shown).all()


@pytest.mark.parametrize("angles", TURNS)
def test_a_turned_face_is_shown_whole_and_nothing_beside_it(finder, actress, angles):
    picture, face = actress.draw(HeadPose(*angles))
    (mesh,) = finder.find(picture, [face])
    real = cv2.morphologyEx((picture != BACKGROUND).any(axis=2).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3))) > 0
    # Of the forehead only the mesh's part is drawn.
    below = np.arange(SIZE)[:, None] > mesh.points[[105, 334], 1].max()
    shown, oval = face_share(mesh.points, SIZE, SIZE), by_oval(face)
    beside, hidden = shown[~real & below].sum(), (1 - shown)[real & below].sum()
    assert beside <= 0.01 * real.sum()
    assert hidden <= 0.1 * real.sum()
    assert beside < oval[~real & below].sum()


def test_the_forehead_is_shown_to_the_hairline_and_turns_with_the_head():
    for angles in ((0, 0, 0), (30, 0, 0), (0, 0, 25)):
        points = corners_of(flat(angles))
        up = points[10] - points[152]
        rise = (points[N_MESH:] - points[10]) @ up / np.linalg.norm(up)
        assert 3 < rise.max() < 40


def test_a_face_at_the_edge_of_the_picture_fades_out_there():
    points = flat((0, 0, 0)) - (200, 0)
    share = face_share(points, 400, 400)
    assert share[:, 0].max() == 0
    assert share[200, 20] == 1
