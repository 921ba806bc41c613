import json

import cv2
import numpy as np
import pytest

from app.faces.boxes import corners, overlap
from app.faces.mtcnn import MtcnnDetector, MtcnnSettings
from app.inference.cards import load_card
from app.inference.session import open_model
from app.paths import SHIPPED_MODELS

from .pictures import FACE_BOX, REFERENCE, empty, group_picture, portrait


@pytest.fixture(scope="module")
def fine():
    return MtcnnDetector("cpu", settings=MtcnnSettings(min_face=20, min_share=0))


@pytest.fixture(scope="module")
def detector():
    return MtcnnDetector("cpu")


@pytest.fixture(scope="module")
def answers():
    return json.loads((REFERENCE / "mtcnn_faces.json").read_text("utf-8"))["faces"]


@pytest.mark.parametrize("net", ["pnet", "rnet", "onet"])
def test_networks_answer_as_the_package_does_under_tensorflow(net):
    with np.load(REFERENCE / "mtcnn_networks.npz") as stored:
        wanted = {name: stored[name] for name in stored.files if name.startswith(net)}
    image = ((wanted.pop(f"{net}_image").astype(np.float32) - 127.5) / 128).transpose(0, 3, 1, 2)
    session = open_model(load_card(SHIPPED_MODELS / "mtcnn"), "cpu", file=net)
    got = session.run({"image": image})
    assert {f"{net}_{name}" for name in got} == set(wanted)
    for name, value in got.items():
        value = value.transpose(0, 2, 3, 1) if value.ndim == 4 else value
        np.testing.assert_allclose(value, wanted[f"{net}_{name}"], atol=2e-6)


def check_against(found, wanted):
    """Every face of the reference is found at the same place, and no other.

    A pyramid level that differs by a grey level lets a neighbouring window win: hence percents and not pixels.
    """
    assert len(found) == len(wanted)
    for face in wanted:
        box = np.array(face["box"], np.float32)
        shared = overlap(corners(box), corners(np.stack([f.box for f in found])))[0]
        nearest = found[int(shared.argmax())]
        assert shared.max() > 0.9
        assert nearest.score == pytest.approx(face["score"], abs=0.03)
        off = np.linalg.norm(nearest.landmarks - np.array(face["landmarks"]), axis=1)
        assert off.max() < 0.05 * box[2:].max()


def test_finds_the_faces_the_package_finds(fine, answers):
    check_against(fine.detect(portrait()), answers["portrait.png"])
    check_against(fine.detect(group_picture()), answers["group"])


def test_finds_the_faces_the_package_finds_in_a_real_group(fine, detector, answers, shared):
    picture = cv2.cvtColor(cv2.imread(str(shared / "media" / "multi_face.jpg")), cv2.COLOR_BGR2RGB)
    check_against(fine.detect(picture), answers["multi_face.jpg"])
    assert len(detector.detect(picture)) >= 4


def test_landmarks_are_as_the_viewer_sees_them(detector):
    (face,) = detector.detect(portrait())
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
    assert 0.9 < face.score <= 1
    assert float(overlap(corners(face.box), corners(FACE_BOX))[0, 0]) > 0.8


@pytest.mark.parametrize("shape", [(1, 1, 3), (11, 300, 3), (40, 40, 3), (225, 400, 3)])
def test_no_face_and_tiny_pictures(detector, shape):
    assert detector.detect(np.full(shape, 90, np.uint8)) == []
    assert detector.detect(empty(*shape[:2])) == []


def test_a_face_cut_by_the_edge_is_found(detector):
    cropped = np.ascontiguousarray(portrait()[:, 170:])
    faces = detector.detect(cropped)
    assert len(faces) == 1
    assert faces[0].box[0] < 5


def test_refine_follows_from_a_box_that_is_a_little_off(detector):
    picture = portrait()
    off = FACE_BOX + np.array([7, -6, 8, 5])
    here, nowhere = detector.refine(picture, np.stack([off, [10, 20, 80, 90]]))
    assert nowhere is None
    assert float(overlap(corners(here.box), corners(FACE_BOX))[0, 0]) > 0.75
    assert detector.refine(picture, []) == []


def test_smallest_face_sets_where_the_search_begins(fine):
    small = cv2.resize(portrait(), (80, 45), interpolation=cv2.INTER_AREA)
    settings = MtcnnSettings(min_face=80)
    assert MtcnnDetector("cpu", settings=settings).detect(small) == []
    assert len(fine.detect(small)) == 1
    assert MtcnnDetector("cpu", settings=settings).parameters["min_face"] == 80
