"""The stream of measures against pictures of a face that was turned, mirrored, lost and made small."""

import cv2
import numpy as np
import pytest

from app.domain.faces import Face
from app.domain.measures import STORED
from app.faces.face_measures import measure
from app.faces.mesh import MeshFinder
from app.streams.catalogue import open_streams, read_names
from app.streams.stream import Seen
from tests.faces.pictures import empty, portrait

TIMES = np.zeros(1)


@pytest.fixture(scope="module")
def stream():
    (opened,) = open_streams(read_names("measures"), device="cpu")
    return opened


def five(face=None):
    from app.faces.mtcnn import MtcnnDetector

    (found,) = MtcnnDetector("cpu").detect(portrait() if face is None else face)
    return found


def row(stream, image, face):
    (values,) = stream.rows(stream.source.cut(Seen(image, face))[None], TIMES)
    return dict(zip(STORED, values.tolist(), strict=True))


def test_a_row_holds_what_the_mesh_of_the_frame_itself_says(stream):
    face = five()
    (mesh,) = MeshFinder("cpu").find(portrait(), [face])
    here = row(stream, portrait(), face)
    assert here["mesh"] > 0.9
    measures = np.array([here[name] for name in STORED[-20:]])
    np.testing.assert_allclose(measures, measure(mesh.points), atol=0.06)


def test_roll_is_kept_and_a_mirror_swaps_sides(stream):
    face = five()
    upright = row(stream, portrait(), face)
    turn = cv2.getRotationMatrix2D((200, 112), -20, 1.0)  # clockwise
    turned = cv2.warpAffine(portrait(), turn, (400, 225), borderMode=cv2.BORDER_REPLICATE)
    rolled = row(stream, turned, five(turned))
    assert 45 * (rolled["roll_deg"] - upright["roll_deg"]) == pytest.approx(20, abs=3)
    flipped = row(stream, np.ascontiguousarray(portrait()[:, ::-1]), five(np.ascontiguousarray(portrait()[:, ::-1])))
    assert flipped["yaw_deg"] == pytest.approx(-upright["yaw_deg"], abs=0.1)
    assert flipped["eye_open_left"] == pytest.approx(upright["eye_open_right"], abs=0.05)


def test_a_frame_without_a_mesh_is_a_face_at_rest_that_was_not_seen(stream):
    lost = row(stream, empty(), five())
    seen = row(stream, portrait(), five())
    assert lost["mesh"] == 0
    assert lost["yaw_deg"] == lost["pitch_deg"] == lost["roll_deg"] == 0
    assert np.isfinite(list(lost.values())).all()
    assert lost["lip_stretch"] == pytest.approx(seen["lip_stretch"], abs=0.3)  # of the average face, not zero
    assert lost["asymmetry"] < 0.02


def test_what_a_cover_hides_is_that_of_the_average_face(stream):
    bare, lost = row(stream, portrait(), five()), row(stream, empty(), five())
    picture = cv2.rectangle(portrait(), (140, 130), (260, 185), (205, 225, 235), -1)
    masked = row(stream, picture, five())
    assert masked["mesh"] > 0.5
    for name in ("corner_pull", "jaw_drop", "lip_stretch", "asymmetry"):
        assert masked[name] == lost[name] != bare[name]
    assert masked["eye_open_left"] == pytest.approx(bare["eye_open_left"], abs=0.1)


def test_a_small_picture_at_the_edge_is_read(stream):
    small = cv2.resize(portrait(), (200, 113), interpolation=cv2.INTER_AREA)[:, 60:]
    face = five()
    face = Face(face.box / 2 - np.float32([60, 0, 0, 0]), face.landmarks / 2 - np.float32([60, 0]), 1.0)
    assert row(stream, np.ascontiguousarray(small), face)["mesh"] > 0.5
