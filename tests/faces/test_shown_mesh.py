"""A drawn face that is shown alone by its mesh: every pixel is known, and the background is one colour."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from app.domain.face_outline import face_outlines
from app.domain.face_view import FaceViewGeometry
from app.domain.media import Frame
from app.domain.study import FACE_ONLY
from app.domain.study_defaults import default_condition
from app.faces.face_only import draw_face_only
from app.faces.head_pose import HeadPose
from app.faces.mesh import MeshFinder
from app.services.study.viewing import TaskView, prepare_views

from .mesh_render import Actress

BACKGROUND = 150
TIMES = np.arange(3) * 0.04


@pytest.fixture(scope="module")
def actress():
    return Actress(MeshFinder("cpu"))


def by_mesh(face):
    """The view of a still face, shown alone by its mesh."""
    track = SimpleNamespace(
        times_s=TIMES, frame_idx=np.arange(3, dtype=np.int32), boxes=np.repeat(face.box[None], 3, axis=0),
        landmarks=np.repeat(face.landmarks[None], 3, axis=0),
    )  # fmt: skip
    task = SimpleNamespace(
        condition=default_condition(FACE_ONLY), geometry=FaceViewGeometry(shape="mesh"), track=track, neighbours=()
    )
    prepare_views([task])
    return TaskView(task, TIMES, 0.0, 0.08)


def frame_of(rgb, idx):
    image = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA)
    return Frame(frame_idx=idx, pts=idx, time_s=float(TIMES[idx]), image=image)


@pytest.mark.parametrize("yaw", [0, -30, 40])
def test_by_its_mesh_a_face_shows_no_background(actress, yaw):
    rgb, face = actress.draw(HeadPose(yaw, 0, 0))
    view = by_mesh(face)
    seen = [view.picture(frame_of(rgb, idx)) for idx in (0, 1, 0)]
    assert not any(picture.lost for picture in seen)
    # The frame 0 once more, now with a background that no face has: the mesh of a frame is not sought twice.
    marked = np.where((rgb == BACKGROUND).all(axis=2)[..., None], np.uint8([255, 0, 255]), rgb)
    shown = view.picture(frame_of(marked, 0)).image[..., :3].astype(int)
    lower = shown[len(shown) // 2 :]  # the drawn face has no forehead above its mesh, so its upper edge is background
    loud = (lower[..., 0] > 170) & (lower[..., 2] > 170) & (lower[..., 1] < 90)
    face_pixels = (lower != 128).any(axis=2)
    assert face_pixels.mean() > 0.25
    assert loud.sum() < 0.005 * face_pixels.sum()


def test_without_a_mesh_the_outline_is_shown(actress):
    rgb, face = actress.draw(HeadPose(0, 0, 0))
    plain = np.full_like(rgb, 90)  # no face for the network, though the detector is said to have found one
    picture = by_mesh(face).picture(frame_of(plain, 0))
    square = by_mesh(face).square(0)
    (outline,) = face_outlines(face.box[None], face.landmarks[None])
    expected = draw_face_only(plain, square, len(picture.image), FaceViewGeometry(), outline)
    assert not picture.lost
    np.testing.assert_array_equal(picture.image[..., :3], expected)
    assert (expected == 90).any()
