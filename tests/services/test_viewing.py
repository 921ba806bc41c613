"""What a condition shows of a frame, and that the fast path shows the same as the whole one."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.domain.face_view import FaceViewGeometry
from app.domain.media import Frame
from app.domain.study import CONTEXT_ONLY, FACE_ONLY, FULL_CONTEXT
from app.domain.study_defaults import default_condition
from app.faces.face_only import draw_context_only
from app.services.study.viewing import TaskView, marked_box, told_problem

TIMES = np.arange(20) * 0.04
RNG = np.random.default_rng(3)


def make_task(view, first_seen=0, **changes):
    rows = np.arange(first_seen, 20)
    boxes = np.float32([[100 + 2 * i, 60 + i, 50, 60] for i in rows])
    points = np.full((len(rows), 5, 2), np.nan, np.float32)
    track = SimpleNamespace(times_s=TIMES[rows], boxes=boxes, frame_idx=rows.astype(np.int32), landmarks=points)
    parts = {
        "condition": default_condition(view), "geometry": FaceViewGeometry(), "track": track, "start_s": None,
        "neighbours": (),
        "item": SimpleNamespace(target={}), "clip": SimpleNamespace(missing=False, name="happy.mp4"), "problem": "",
    }  # fmt: skip
    return SimpleNamespace(**(parts | changes))


def make_frame(idx):
    image = RNG.integers(0, 256, (180, 320, 4), dtype=np.uint8)
    return Frame(frame_idx=idx, pts=idx, time_s=float(TIMES[idx]), image=image)


def test_the_full_picture_is_the_frame_itself():
    frame = make_frame(3)
    assert TaskView(make_task(FULL_CONTEXT), TIMES, 0.0, 0.8).picture(frame).image is frame.image


def test_only_the_face_is_shown():
    picture = TaskView(make_task(FACE_ONLY), TIMES, 0.0, 0.8).picture(make_frame(5))
    assert picture.image.shape == (160, 160, 4)  # the clip has no more pixels than that
    assert (picture.image[:8, :8, :3] == 128).all()  # outside the oval
    assert picture.image[70:90, 70:90].std() > 10


def test_a_lost_face_is_never_shown_bare():
    for view in (FACE_ONLY, CONTEXT_ONLY):
        picture = TaskView(make_task(view, first_seen=15), TIMES, 0.0, 0.8).picture(make_frame(0))
        assert picture.lost
        assert (picture.image[..., :3] == 128).all()


@pytest.mark.parametrize("idx", [0, 7, 19])
def test_the_cover_is_the_same_as_computed_over_the_whole_frame(idx):
    task, frame = make_task(CONTEXT_ONLY), make_frame(idx)
    view = TaskView(task, TIMES, 0.0, 0.8)
    square = view.square(idx)
    whole = draw_context_only(np.ascontiguousarray(frame.image[..., :3]), square, task.geometry, task.track.boxes[idx])
    np.testing.assert_array_equal(view.picture(frame).image[..., :3], whole)
    assert (whole != frame.image[..., :3]).any()


def test_a_hidden_part_needs_a_track():
    with pytest.raises(ValueError, match="track"):
        TaskView(make_task(FACE_ONLY, track=None), TIMES, 0.0, 0.8)


def test_the_target_is_marked_where_it_is_first_seen():
    at_s, box = marked_box(make_task(FULL_CONTEXT, first_seen=4))
    assert at_s == pytest.approx(0.16)
    assert box.tolist() == [108, 64, 50, 60]
    by_hand = make_task(FULL_CONTEXT, track=None, item=SimpleNamespace(target={"time_s": 0.2, "box": [1, 2, 3, 4]}))
    assert marked_box(by_hand)[1].tolist() == [1, 2, 3, 4]
    assert marked_box(make_task(FULL_CONTEXT, track=None)) is None


def test_no_problem_names_the_file():
    missing = make_task(FULL_CONTEXT, problem="The file of happy.mp4 is missing.")
    missing.clip.missing = True
    assert "happy" not in told_problem(missing)
