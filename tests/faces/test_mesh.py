import cv2
import numpy as np
import pytest

from app.domain.faces import Face
from app.domain.measures import NAMES
from app.faces.face_measures import measure
from app.faces.head_pose import head_pose, mirror_points
from app.faces.mesh import MeshFinder, MeshFollower
from app.faces.mesh_points import landmarks_5, landmarks_68
from app.faces.mtcnn import MtcnnDetector

from .mesh_render import PORTRAIT_FACE
from .pictures import empty, group_picture, portrait, shifted


@pytest.fixture(scope="module")
def finder():
    return MeshFinder("cpu")


def only(finder, rgb, face=PORTRAIT_FACE):
    (mesh,) = finder.find(rgb, [face])
    assert mesh is not None
    return mesh


def moved(face, matrix):
    """The face where an affine map of the picture takes it."""
    points = face.landmarks @ matrix[:, :2].T + matrix[:, 2]
    low, high = points.min(axis=0), points.max(axis=0)
    pad = (high - low).mean()
    return Face(np.array([*(low - pad), *(high - low + 2 * pad)], np.float32), points.astype(np.float32), 1.0)


def turned(rgb, face, degrees=0.0, zoom=1.0):
    height, width = rgb.shape[:2]
    x, y = face.box[:2] + face.box[2:] / 2
    matrix = cv2.getRotationMatrix2D((float(x), float(y)), -degrees, zoom)
    return cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), moved(face, matrix), matrix


def pose(mesh, rgb):
    return head_pose(mesh.points, rgb.shape[1], rgb.shape[0])


def test_five_and_68_landmarks_lie_where_the_detector_and_the_face_have_them(finder):
    mesh = only(finder, portrait())
    found = MtcnnDetector("cpu").detect(portrait())[0]
    off = np.linalg.norm(landmarks_5(mesh.points) - found.landmarks, axis=1)
    assert off.max() < 0.12 * np.linalg.norm(found.landmarks[1] - found.landmarks[0])
    points = landmarks_68(mesh.points)
    assert points.shape == (68, 2)
    assert points[0, 0] < points[36, 0] < points[39, 0] < points[42, 0] < points[45, 0] < points[16, 0]
    assert points[19, 1] < points[37, 1] < points[33, 1] < points[51, 1] < points[57, 1] < points[8, 1]


def test_the_irises_lie_within_the_eyes(finder):
    points = only(finder, portrait()).points
    for iris, outer, inner in ((468, 33, 133), (473, 263, 362)):
        eye = np.linalg.norm(points[outer, :2] - points[inner, :2])
        assert np.linalg.norm(points[iris, :2] - points[[outer, inner], :2].mean(axis=0)) < 0.3 * eye


def test_in_a_mirror_yaw_and_sides_swap(finder):
    rgb = portrait()
    flip = np.array([[-1.0, 0, rgb.shape[1] - 1], [0, 1, 0]])
    face = moved(PORTRAIT_FACE, flip)
    face.landmarks[:] = face.landmarks[[1, 0, 2, 4, 3]]
    straight, mirrored = only(finder, rgb), only(finder, np.ascontiguousarray(rgb[:, ::-1]), face)
    a, b = pose(straight, rgb), pose(mirrored, rgb)
    assert b.yaw_deg == pytest.approx(-a.yaw_deg, abs=2)
    assert b.roll_deg == pytest.approx(-a.roll_deg, abs=2)
    assert b.pitch_deg == pytest.approx(a.pitch_deg, abs=2)
    back = mirrored.points[:468][mirror_points()]
    off = np.hypot(rgb.shape[1] - 1 - back[:, 0] - straight.points[:468, 0], back[:, 1] - straight.points[:468, 1])
    assert np.median(off) < 0.02 * straight.box[2]
    one, other = (dict(zip(NAMES, measure(m.points), strict=True)) for m in (straight, mirrored))
    assert other["eye_open_left"] == pytest.approx(one["eye_open_right"], abs=0.03)
    assert other["iris_x_left"] == pytest.approx(-one["iris_x_right"], abs=0.1)


@pytest.mark.parametrize("degrees", [-25, 10, 25])
def test_a_turned_picture_turns_the_roll_and_nothing_else(finder, degrees):
    straight = only(finder, portrait())
    picture, face, _ = turned(portrait(), PORTRAIT_FACE, degrees)
    mesh = only(finder, picture, face)
    assert pose(mesh, picture).roll_deg - pose(straight, picture).roll_deg == pytest.approx(degrees, abs=1)
    np.testing.assert_allclose(measure(mesh.points), measure(straight.points), atol=0.05)


@pytest.mark.parametrize("zoom", [0.7, 1.6])
def test_size_changes_no_measure(finder, zoom):
    straight = only(finder, portrait())
    picture, face, matrix = turned(portrait(), PORTRAIT_FACE, zoom=zoom)
    mesh = only(finder, picture, face)
    wanted = straight.points[:468, :2] @ matrix[:, :2].T + matrix[:, 2]
    off = np.linalg.norm(mesh.points[:468, :2] - wanted, axis=1)
    assert np.median(off) < 0.02 * mesh.box[2]
    movements = slice(6, None)
    np.testing.assert_allclose(measure(mesh.points)[movements], measure(straight.points)[movements], atol=0.04)


def test_where_the_detector_draws_its_landmarks_hardly_matters(finder):
    straight = only(finder, portrait())
    loose = Face(PORTRAIT_FACE.box, (PORTRAIT_FACE.landmarks - 198) * np.float32(1.12) + 201, 1.0)
    off = np.linalg.norm(only(finder, portrait(), loose).points[:468, :2] - straight.points[:468, :2], axis=1)
    assert off.max() < 0.03 * straight.box[2]


def test_several_faces_at_once_answer_as_each_alone(finder):
    rgb = group_picture()
    faces = MtcnnDetector("cpu").detect(rgb)
    assert len(faces) >= 3
    for together, face in zip(finder.find(rgb, faces), faces, strict=True):
        assert together is not None
        np.testing.assert_allclose(together.points, only(finder, rgb, face).points, atol=0.02)


def test_where_there_is_no_face_there_is_no_mesh(finder):
    assert finder.find(empty(), [PORTRAIT_FACE]) == [None]
    assert finder.find(empty(), []) == []


class Counted:
    """A finder that counts how often it is asked for new faces."""

    def __init__(self, finder):
        self.finder, self.new = finder, 0

    def find(self, rgb, faces):
        self.new += len(faces)
        return self.finder.find(rgb, faces)

    def follow(self, rgb, before):
        return self.finder.follow(rgb, before)


def test_a_face_is_followed_by_its_own_points_until_it_is_lost(finder):
    counted = Counted(finder)
    follower = MeshFollower(counted)
    for step in range(5):
        moved_face = Face(PORTRAIT_FACE.box + np.float32([3 * step, 0, 0, 0]), PORTRAIT_FACE.landmarks, 1.0)
        (mesh,) = follower.step(shifted(portrait(), 3 * step), {7: moved_face}).values()
        assert mesh.points[1, 0] == pytest.approx(198 + 3 * step, abs=6)
    assert counted.new == 1
    assert follower.step(empty(), {7: PORTRAIT_FACE}) == {}
    assert list(follower.step(portrait(), {7: PORTRAIT_FACE})) == [7]
    assert counted.new == 3
