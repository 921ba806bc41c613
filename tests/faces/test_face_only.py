import numpy as np
import pytest

from app.domain.face_view import FaceViewGeometry, face_view
from app.faces.face_only import draw_context_only, draw_face_only

from .pictures import FACE_BOX, as_frames, portrait

GREY = FaceViewGeometry().fill
X, Y, W, H = FACE_BOX
SQUARE = np.array([X + W / 2, Y + H / 2, 1.3 * H])
LOST = np.full(3, np.nan)


def test_the_face_is_there_upright_and_nothing_of_the_corners():
    shown = draw_face_only(portrait(), SQUARE, 240)
    assert shown.shape == (240, 240, 3)
    for corner in (shown[:20, :20], shown[:20, -20:], shown[-20:, :20], shown[-20:, -20:]):
        assert (corner == GREY).all()
    side = SQUARE[2]
    left, top = int(SQUARE[0] - side / 2), int(SQUARE[1] - side / 2)
    expected = portrait()[top + int(side) // 2, left + int(side) // 2].astype(int)
    assert np.abs(shown[120, 120].astype(int) - expected).max() < 40


@pytest.mark.parametrize("size", [32, 75, 150, 400])
def test_a_mark_lands_where_it_should_at_every_size(size):
    picture = np.full((225, 400, 3), 50, np.uint8)
    picture[110:130, 190:210] = 250
    shown = draw_face_only(picture, np.array([199.5, 119.5, 150.0]), size)
    bright = np.argwhere(shown[..., 0] > 150)
    np.testing.assert_allclose(bright.mean(axis=0), (size - 1) / 2, atol=0.6)
    assert len(bright) == pytest.approx((20 * size / 150) ** 2, rel=0.35)


def test_what_lies_outside_the_picture_is_grey():
    shown = draw_face_only(portrait(), np.array([0.0, 112.0, 120.0]), 120)
    assert (shown[:, :58] == GREY).all()


def test_a_lost_face_shows_nothing_at_all():
    assert (draw_face_only(portrait(), LOST, 50) == GREY).all()
    assert (draw_context_only(portrait(), LOST) == GREY).all()


def test_nothing_of_the_face_is_left_in_the_context():
    picture = portrait()
    hidden = draw_context_only(picture, SQUARE, box=FACE_BOX.astype(np.float32))
    x, y, w, h = FACE_BOX.astype(int)
    assert (hidden[y : y + h + 1, x : x + w + 1] == GREY).all()
    np.testing.assert_array_equal(hidden[:, :40], picture[:, :40])
    assert hidden is not picture


def test_a_quick_movement_is_covered_where_it_really_is():
    moved = (FACE_BOX + np.array([100, 20, 0, 0])).astype(np.float32)
    hidden = draw_context_only(portrait(), SQUARE, box=moved)
    x, y, w, h = moved.astype(int)
    assert (hidden[y : y + h, x : x + w] == GREY).all()


def test_frames_with_a_gap_are_flagged_and_bare_frames_never_shown():
    n, gap = 60, range(20, 45)
    frames = list(as_frames([portrait()] * n))
    seen = [f for f in frames if f.frame_idx not in gap]
    times_s, at_s = np.array([f.time_s for f in seen]), np.array([f.time_s for f in frames])
    boxes = np.tile(FACE_BOX, (len(seen), 1)).astype(np.float32)
    view = face_view(times_s, boxes, at_s, 0.0, at_s[-1])
    by_idx = {f.frame_idx: box for f, box in zip(seen, boxes, strict=True)}
    assert len(view.squares) == n
    for frame, square in zip(frames, view.squares, strict=True):
        face = draw_face_only(frame.image, square, 64)
        context = draw_context_only(frame.image, square, box=by_idx.get(frame.frame_idx))
        assert (face == GREY).all() == (context == GREY).all() == (frame.frame_idx in gap)


def test_the_path_does_not_jump_when_the_detector_jitters():
    rng = np.random.default_rng(5)
    times_s = np.arange(200) / 25
    boxes = (FACE_BOX + rng.normal(0, 4, (200, 4))).astype(np.float32)
    view = face_view(times_s, boxes, times_s, 0.0, times_s[-1])
    steps = np.abs(np.diff(view.squares, axis=0))
    assert steps.max() < 1.5
    assert np.abs(np.diff(boxes[:, 0])).mean() > 3
