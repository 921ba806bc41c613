import cv2
import numpy as np
import pytest

from app.domain.faces import Face
from app.faces.alignment import aligned_crop, crop_matrix
from app.faces.appearance import describe
from app.faces.mtcnn import MtcnnDetector
from app.faces.quality import face_quality, frontality, quality_score
from app.inference.geometry import CropGeometry

from .pictures import FACE_BOX, group_picture, other_person, portrait

LANDMARKS = np.array([[179.9, 100.0], [222.9, 102.5], [201.1, 126.8], [177.6, 138.7], [220.7, 141.3]])


def face(landmarks=LANDMARKS, box=FACE_BOX, score=0.99):
    return Face(np.asarray(box, np.float32), np.asarray(landmarks, np.float32), score)


def turned(picture, landmarks, degrees, zoom=1.0):
    matrix = cv2.getRotationMatrix2D((200, 112), degrees, zoom)
    points = landmarks @ matrix[:, :2].T + matrix[:, 2]
    return cv2.warpAffine(picture, matrix, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE), points


@pytest.mark.parametrize("size", [24, 48, 64, 224])
def test_eyes_are_level_and_where_the_geometry_wants_them(size):
    geometry = CropGeometry(size=size)
    matrix = crop_matrix(face(), geometry)
    left, right, _, *mouth = LANDMARKS @ matrix[:, :2].T + matrix[:, 2]
    eyes = (left + right) / 2
    assert left[1] == pytest.approx(right[1], abs=1e-6)
    np.testing.assert_allclose((eyes + 0.5) / size, [0.5, geometry.eye_y], atol=1e-6)
    longer = max(np.hypot(*(right - left)), np.hypot(*(np.mean(mouth, axis=0) - eyes)))
    assert longer / size == pytest.approx(geometry.scale)


@pytest.mark.parametrize(("degrees", "zoom"), [(20, 1.0), (-35, 1.0), (0, 0.8), (12, 1.3)])
def test_the_crop_does_not_depend_on_how_the_head_is_held(degrees, zoom):
    geometry = CropGeometry(size=48)
    straight = aligned_crop(portrait(), face(), geometry).astype(float)
    picture, points = turned(portrait(), LANDMARKS, degrees, zoom)
    crop = aligned_crop(picture, face(points), geometry).astype(float)
    assert np.corrcoef(straight.ravel(), crop.ravel())[0, 1] > 0.97


def test_a_large_face_is_averaged_and_not_sampled():
    """Fine stripes must become grey: skipped pixels would make patterns that flicker from frame to frame."""
    stripes = np.zeros((900, 900, 3), np.uint8)
    stripes[:, ::2] = 255
    points = LANDMARKS * 4 - [350, 50]
    crop = aligned_crop(stripes, face(points), CropGeometry(size=48))
    assert crop.std() < 12
    assert crop.mean() == pytest.approx(127.5, abs=6)


@pytest.mark.parametrize("method", ["eyes", "box", "stretch"])
@pytest.mark.parametrize("grey", [True, False])
def test_shapes(method, grey):
    geometry = CropGeometry(size=40, grey=grey, method=method)
    faces = [face(), face(LANDMARKS + 20, FACE_BOX + np.array([20, 20, 0, 0]))]
    for each in faces:
        crop = aligned_crop(portrait(), each, geometry)
        assert crop.shape == ((40, 40) if grey else (40, 40, 3))
        assert crop.dtype == np.uint8


def test_box_crops_hold_the_box():
    for method, margin in (("box", 0.0), ("box", 0.3), ("stretch", 0.2)):
        matrix = crop_matrix(face(), CropGeometry(size=100, method=method, margin=margin))
        corner = FACE_BOX[:2] @ matrix[:, :2].T + matrix[:, 2]
        opposite = (FACE_BOX[:2] + FACE_BOX[2:]) @ matrix[:, :2].T + matrix[:, 2]
        assert (corner >= -1e-4).all()
        assert (opposite <= 100 + 1e-4).all()
        assert (opposite - corner).max() == pytest.approx(100 / (1 + margin), rel=1e-4)


def test_landmarks_on_one_point_do_not_fail():
    crop = aligned_crop(portrait(), face(np.full((5, 2), 100.0)), CropGeometry(size=48))
    assert crop.shape == (48, 48)


def test_a_good_face_is_good():
    quality = face_quality(portrait(), face())
    assert quality.score > 0.85
    assert min(quality.size, quality.sharpness, quality.pose, quality.detection, quality.light) > 0.6


def test_each_fault_lowers_its_own_part():
    good = face_quality(portrait(), face())
    blurred = face_quality(cv2.GaussianBlur(portrait(), (0, 0), 5), face())
    assert blurred.sharpness < 0.5 * good.sharpness
    assert blurred.pose == good.pose
    dark = face_quality((portrait() // 30).astype(np.uint8), face())
    assert dark.light < 0.4
    assert face_quality(portrait(), face(score=0.6)).detection < 0.5
    small = cv2.resize(portrait(), (72, 40), interpolation=cv2.INTER_AREA)
    assert face_quality(small, face(LANDMARKS * 0.18, FACE_BOX * 0.18)).size < 0.3


def test_quality_falls_with_blur_step_by_step():
    scores = [quality_score(cv2.GaussianBlur(portrait(), (0, 0), s), face()) for s in (0.5, 2, 4, 8)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0.5 < scores[0]


def test_a_turned_head_is_less_frontal():
    assert frontality(LANDMARKS.astype(np.float32)) > 0.8
    scores = []
    for turn in (0, 10, 20, 30):
        points = LANDMARKS.copy()
        points[2, 0] += turn
        scores.append(frontality(points.astype(np.float32)))
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == 0
    assert frontality(np.zeros((5, 2), np.float32)) == 0


def test_looks_tell_people_apart_and_not_places():
    detector = MtcnnDetector("cpu")
    here = describe(portrait(), detector.detect(portrait())[0])
    group = group_picture()
    same = [float(here @ describe(group, each)) for each in detector.detect(group)]
    other = other_person()
    assert min(same) > 0.8
    assert float(here @ describe(other, detector.detect(other)[0])) < 0.6
    assert float(here @ here) == pytest.approx(1, abs=1e-5)
