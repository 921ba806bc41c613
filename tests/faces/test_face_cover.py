"""Covered eyes and mouths are noticed, bare ones in any light, size and pose are not taken for covered."""

import cv2
import numpy as np
import pytest

from app.domain.measures import NAMES
from app.faces.face_cover import PartsSeen, parts_seen
from app.faces.face_measures import measure
from app.faces.head_pose import HeadPose, head_pose
from app.faces.mesh import MeshFinder
from app.faces.mtcnn import MtcnnDetector
from app.services.predict.measures import half_hidden

from .mesh_render import CAMERA_DEG, PORTRAIT_FACE, SIZE, Actress
from .pictures import portrait

BARE = PartsSeen(left_eye=True, right_eye=True, mouth=True)
MOUTH = {"corner_pull", "corner_depress", "lip_stretch", "lip_press", "mouth_open", "jaw_drop", "pucker"}


@pytest.fixture(scope="module")
def finder():
    return MeshFinder("cpu")


@pytest.fixture(scope="module")
def mesh(finder):
    return finder.find(portrait(), [PORTRAIT_FACE])[0]


def covered(mesh, left, top, right, bottom, colour):
    """The portrait with a rectangle, whose sides are shares of the face's box."""
    x, y, w, h = mesh.box
    low, high = (int(x + left * w), int(y + top * h)), (int(x + right * w), int(y + bottom * h))
    return cv2.rectangle(portrait(), low, high, colour, -1)


CASES = {
    "mask": ((-0.1, 0.62, 1.1, 1.1), (205, 225, 235), PartsSeen(left_eye=True, right_eye=True, mouth=False)),
    "dark glasses": ((0.0, 0.15, 1.0, 0.42), (25, 22, 20), PartsSeen(left_eye=False, right_eye=False, mouth=True)),
    "hair over an eye": ((-0.1, 0.0, 0.48, 0.45), (60, 45, 40), PartsSeen(left_eye=False, right_eye=True, mouth=True)),
}


@pytest.mark.parametrize("name", list(CASES))
def test_what_is_covered_is_noticed(finder, mesh, name):
    place, colour, expected = CASES[name]
    picture = covered(mesh, *place, colour)
    (found,) = finder.find(picture, [PORTRAIT_FACE])
    assert parts_seen(picture, mesh.points if found is None else found.points) == expected


@pytest.mark.parametrize("gain", [1.0, 0.4, 1.3])
@pytest.mark.parametrize("zoom", [0.6, 1.0, 2.0])
def test_a_bare_face_is_in_sight_in_any_light_and_size(mesh, gain, zoom):
    picture = cv2.resize(portrait(), None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    picture = np.clip(picture * gain, 0, 255).astype(np.uint8)
    assert parts_seen(picture, (mesh.points + 0.5) * zoom - 0.5) == BARE


def test_closed_eyes_and_a_closed_mouth_are_in_sight(finder):
    from app.synthetic.parameters import parameters
    from app.synthetic.portrait import FaceRenderer

    row = parameters({"lid_close": 1.0, "lip_press": 1.0})
    renderer = FaceRenderer()
    picture, truth = renderer.frame(row), renderer.truth(row)
    (face,) = [found for found in MtcnnDetector("cpu").detect(picture) if found.score > 0.8]
    (mesh,) = finder.find(picture, [face])
    assert np.linalg.norm(face.landmarks - truth.landmarks, axis=1).max() < 15
    assert parts_seen(picture, mesh.points) == BARE


def test_measures_of_covered_parts_are_absent_and_others_stay(mesh):
    values = measure(mesh.points)
    kept = dict(zip(NAMES, PartsSeen(left_eye=True, right_eye=True, mouth=False).of(values), strict=True))
    assert {name for name, value in kept.items() if np.isnan(value)} == MOUTH | {"asymmetry"}
    kept = dict(zip(NAMES, PartsSeen(left_eye=False, right_eye=True, mouth=True).of(values), strict=True))
    assert np.isnan(kept["iris_x_left"])
    assert np.isnan(kept["lid_raise"])
    assert kept["eye_open_right"] == values[NAMES.index("eye_open_right")]
    np.testing.assert_array_equal(BARE.of(values), values)


def test_a_plain_picture_shows_nothing(mesh):
    assert parts_seen(np.full((225, 400, 3), 80, np.uint8), mesh.points) == PartsSeen(False, False, False)


@pytest.fixture(scope="module")
def actress(finder):
    return Actress(finder)


@pytest.mark.parametrize("yaw", [-75, -65, -45, 45, 65, 75])
def test_a_head_turned_by_more_than_sixty_degrees_has_no_measures(finder, actress, yaw):
    picture, _ = actress.draw(HeadPose(yaw, 0, 0))
    face = MtcnnDetector("cpu").detect(picture)[0]
    (mesh,) = finder.find(picture, [face])
    hidden = mesh is None or half_hidden(head_pose(mesh.points, SIZE, SIZE, CAMERA_DEG), face)
    assert hidden == (abs(yaw) > 60)


@pytest.mark.parametrize("gain", [0.1, 0.02])
def test_in_the_dark_no_face_is_found(gain):
    assert MtcnnDetector("cpu").detect((portrait() * gain).astype(np.uint8)) == []
