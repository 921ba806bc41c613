import numpy as np
import pytest

from app.domain.face_outline import face_outlines, outline_distance
from app.domain.face_view import FaceViewGeometry, face_view
from app.faces.face_only import draw_context_only, draw_face_only

from .pictures import FACE_BOX, as_frames, empty, portrait

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


POINTS = np.array([[180, 105], [218, 105], [199, 128], [183, 147], [215, 147]], np.float32)
"""Landmarks of a face in the box."""
MARGIN = FaceViewGeometry().outline_margin
NOISE = np.random.default_rng(0).integers(0, 100, (225, 400, 3), np.uint8)


def distances(outline, square, size):
    """Distance of each pixel of the result from an outline of the frame."""
    at = (np.arange(size) - (size - 1) / 2) * square[2] / size
    return outline_distance(outline, square[0] + at[None, :], square[1] + at[:, None])


@pytest.mark.parametrize("tilt_deg", [0, 25, -40])
def test_everything_beyond_the_outline_and_its_margin_is_the_masks_grey(tilt_deg):
    turn = np.deg2rad(tilt_deg)
    middle = POINTS.mean(axis=0)
    points = (POINTS - middle) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + middle
    (outline,) = face_outlines(FACE_BOX[None], points[None])
    shown = draw_face_only(NOISE, SQUARE, 240, outline=outline)
    far = distances(outline, SQUARE, 240)
    assert (shown[far > 1 + MARGIN + 0.01] == GREY).all()
    assert (shown[far < 1].astype(int) < GREY).all()  # the noise is darker than the grey: all of it is shown
    upright = np.degrees(np.arctan2(-outline[5], outline[4]))
    assert upright == pytest.approx(-tilt_deg, abs=3) or upright == pytest.approx(tilt_deg, abs=3)


@pytest.mark.parametrize("way", [70, 45, 30])
def test_a_neighbours_face_is_grey_where_it_overlaps_and_wherever_it_is_nearer(way):
    (mine,) = face_outlines(FACE_BOX[None], POINTS[None])
    theirs = mine + np.array([way, 5, 0, 0, 0, 0])
    shown = draw_face_only(NOISE, SQUARE, 300, outline=mine, others=[theirs, np.full(6, np.nan)])
    near, far = distances(theirs, SQUARE, 300), distances(mine, SQUARE, 300)
    assert ((near < far) & (far < 1 + MARGIN)).any()
    assert (shown[(near < far) & (near < 1 + MARGIN)] == GREY).all()
    assert (shown[far > 1 + MARGIN + 0.01] == GREY).all()
    assert (shown[far < 0.3] < GREY).all()  # the middle of the face itself is there
    alone = draw_face_only(NOISE, SQUARE, 300, outline=mine)
    assert (alone[(near < far) & (far < 1)] < GREY).any()


def test_a_face_at_the_edge_of_the_frame_shows_nothing_beyond_either():
    (outline,) = face_outlines(FACE_BOX[None], POINTS[None])
    left = int(SQUARE[0])
    shown = draw_face_only(NOISE[:, left:], SQUARE - (left, 0, 0), 240, outline=outline - (left, 0, 0, 0, 0, 0))
    assert (shown[:, :116] == GREY).all()
    assert (shown[110:130, 125:150] < GREY).all()


def test_the_outline_follows_a_quick_movement_without_lag():
    times_s = np.arange(120) / 30
    way = 60 * np.sin(2 * np.pi * 1.0 * times_s)  # to and fro once a second, 380 pixels a second at the most
    boxes = (FACE_BOX + np.column_stack([way, 0 * way, 0 * way, 0 * way])).astype(np.float32)
    points = (POINTS[None] + np.stack([way, 0 * way], axis=1)[:, None]).astype(np.float32)
    view = face_view(times_s, boxes, times_s, 0.0, times_s[-1], landmarks=points)
    inner = slice(15, -15)
    off = np.abs(view.outlines[inner, 0] - face_outlines(boxes, points)[inner, 0])
    assert off.max() < 0.1 * view.outlines[:, 2].mean()  # well within the margin
    lag = np.array([np.corrcoef(view.outlines[20:100, 0], way[20 + k : 100 + k])[0, 1] for k in range(-3, 4)])
    assert lag.argmax() == 3  # neither late nor early


def test_without_landmarks_the_outline_is_made_from_the_box():
    wrong = np.full((5, 2), 50.0)
    for points in (wrong, np.full((5, 2), np.nan), POINTS + 500):
        (outline,) = face_outlines(FACE_BOX[None], points[None])
        np.testing.assert_allclose(outline[:2], [X + W / 2, Y + H / 2])
        np.testing.assert_allclose(outline[4:], [1, 0])
        assert 0.4 * W < outline[2] < 0.6 * W


def test_a_smile_does_not_cut_the_chin():
    smile = POINTS.copy()
    smile[3:, 1] -= 9
    (plain,), (smiling,) = face_outlines(FACE_BOX[None], POINTS[None]), face_outlines(FACE_BOX[None], smile[None])
    assert smiling[1] + smiling[3] > 0.97 * Y + 0.97 * H
    assert abs((plain[1] + plain[3]) - (Y + H)) < 0.1 * H


def test_what_an_older_version_showed_is_shown_again_as_it_was():
    stored = {"margin": 1.3, "smooth_s": 0.25, "gap_s": 0.5, "fill": 128}  # as presentations of 0.1 keep it
    old = FaceViewGeometry.from_dict(stored)
    assert old.shape == "oval"
    assert FaceViewGeometry.from_dict(FaceViewGeometry().to_dict()) == FaceViewGeometry()
    (outline,) = face_outlines(FACE_BOX[None], POINTS[None])
    same = draw_face_only(empty(), SQUARE, 200, old, outline)
    np.testing.assert_array_equal(same, draw_face_only(empty(), SQUARE, 200, old))
    assert (draw_face_only(empty(), SQUARE, 200, FaceViewGeometry(), outline) != same).any()
