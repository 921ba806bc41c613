"""What is compared is the same face, the same item, the same condition; and everything of a project goes with it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint

import db.items
import db.raters
import db.runs
import db.traces
import db.tracks
from app.domain.faces import Face
from app.domain.live import LiveFace, LiveResult
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.services.projects.files import add_clips, create_project
from app.ui.core.context import ClipPlace

from .conftest import FRAMES, RATE, analysis_of
from .waiting import idle, settle

TIMES = np.arange(0, FRAMES / RATE, 0.05)


def trace(project, item, code, condition, level, start_s=0.0, end_s=9.0):
    rater = db.raters.by_code(project, code) or db.raters.add(project, code)
    times = TIMES[(start_s <= TIMES) & (end_s >= TIMES)]
    values = np.full((len(times), 2), level, np.float32)
    start = TraceStart(item.id, rater.id, condition, True, "mouse")
    return db.traces.add(project, start, TraceSamples(times, values, times, "mouse"))


@pytest.fixture
def project_path(tmp_path, clip_files):
    """Two faces in a clip, each with an item, traced in two conditions; a part of the clip of the second face."""
    path = tmp_path / "faces.affectograph"
    with create_project(path) as project:
        clip = add_clips(project, clip_files).added[0]
        db.runs.save(project, clip.id, analysis_of(clip, tracks=2))
        one, two = (track.id for track in db.tracks.of_clip(project, clip.id))
        first = db.items.add(project, clip.id, name="first", track_id=one)
        second = db.items.add(project, clip.id, name="second", track_id=two)
        part = db.items.add(project, clip.id, name="part", track_id=two, start_s=1.0, end_s=2.0)
        for code in ("R1", "R2"):
            trace(project, first, code, "face_only", 0.1)
            trace(project, first, code, "full_context", 0.2)
            trace(project, second, code, "face_only", 0.3 if code == "R1" else 0.5)
            trace(project, second, code, "full_context", 0.6)
        trace(project, part, "R1", "face_only", 0.9, 1.0, 2.0)
    return path


def shown(desk):
    return [(one.group, one.title) for one in desk.state.annotations]


def test_a_face_is_compared_with_its_own_traces_of_one_condition(desk):
    assert desk.state.track_id == 1
    assert shown(desk) == [
        ("face only", "Mean of 2 traces"), ("face only", "R1"), ("face only", "R2"),
        ("full context", "Mean of 2 traces"), ("full context", "R1"), ("full context", "R2"),
    ]  # fmt: skip
    np.testing.assert_allclose(np.nanmean(desk.state.annotation.values), 0.1, atol=1e-6)
    listed = [desk.timeline.choice.itemText(i) for i in range(desk.timeline.choice.count())]
    assert listed[:2] == ["face only", "Mean of 2 traces, face only"]
    assert not desk.timeline.choice.model().item(0).isEnabled()
    settle(lambda: desk.timeline.tables["valence"].fits is not None)
    before = desk.timeline.tables["valence"].fits[1]

    desk.context.commands.run("analysis.next_face")
    np.testing.assert_allclose(np.nanmean(desk.state.annotation.values), 0.4, atol=1e-6)
    groups = {group for group, _ in shown(desk)}
    assert groups == {"face only · second", "full context · second", "face only · part"}
    settle(lambda: desk.timeline.tables["valence"].fits[1] != before)
    expected = np.mean((desk.state.prediction.values[:, 0] - desk.state.annotation.values[:, 0]) ** 2)
    assert desk.timeline.tables["valence"].fits[1].mse == pytest.approx(float(expected), abs=1e-5)


def test_only_curves_of_the_same_item_and_condition_are_drawn_beside_the_chosen_one(desk):
    desk.timeline.refresh()
    drawn = desk.timeline.rows["valence"].keys
    wanted = {one.key for one in desk.state.annotations if one.condition == "face_only" and not one.mean}
    assert drawn == {*wanted, desk.state.chosen, "predicted", "face 0"}


def test_opening_an_item_opens_its_face_its_range_and_its_condition(desk, window):
    project = window.context.project
    second, part = (db.items.by_name(project, name) for name in ("second", "part"))
    window.context.clip_requested.emit(ClipPlace(second.clip_id, 0.0, second.id, "full_context"))
    assert desk.state.track_id == 2
    assert (desk.state.annotation.condition, desk.state.annotation.item_id) == ("full_context", second.id)
    window.context.clip_requested.emit(ClipPlace(part.clip_id, 1.0, part.id))
    assert desk.timeline.visible() == pytest.approx((1.0, 2.0), abs=0.05)
    assert desk.state.annotation.item_id == part.id
    assert desk.player.position_s == pytest.approx(1.0, abs=0.05)


def test_an_item_of_another_clip_waits_for_its_clip(desk, window):
    desk.clips.select(desk.clips.model.rows()[1].clip.id)
    settle(lambda: desk.state.row.clip.name == "clip1.mp4" and desk.player.is_open)
    second = db.items.by_name(window.context.project, "second")
    window.context.open_clip(second.clip_id, 0.5, second.id, "full_context")
    settle(lambda: desk.state.item is not None)
    settle(lambda: desk.state.annotation is not None)
    assert desk.state.track_id == 2
    assert (desk.state.annotation.condition, desk.state.annotation.item_id) == ("full_context", second.id)


def test_predictions_that_number_the_faces_otherwise_are_matched_by_place(desk, window):
    project = window.context.project
    clip = desk.state.row.clip
    analysis = analysis_of(clip, tracks=2)
    object.__setattr__(analysis.tracks[0], "boxes", analysis.tracks[1].boxes)
    object.__setattr__(analysis.tracks[1], "boxes", analysis_of(clip, tracks=1).tracks[0].boxes)
    from app.services.labels.faces import labels_of_clip

    faces = {one.item.name: one.face for one in labels_of_clip(project, clip.id, analysis).items}
    assert (faces["first"], faces["second"], faces["part"]) == (2, 1, 1)


def test_a_trace_recorded_on_another_face_belongs_to_that_face(desk, window, media_time):
    media_time.stand()
    desk.context.commands.run("analysis.next_face")
    desk.context.commands.run("recording.toggle")
    settle(lambda: desk.recording.phase == "running")
    for step in range(10):
        desk.side.plane.point_at(step / 20, 0.0)
        media_time.put_forward(0.02)
        settle(seconds=0.02)
    desk.context.commands.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    newest = max(db.traces.every(window.context.project), key=lambda one: one.id)
    assert newest.item_id == db.items.by_name(window.context.project, "second").id


def live(number, frame_idx, left, level):
    face = Face(np.float32([left, 20, 40, 50]), np.full((5, 2), 50, np.float32), 0.9)
    return LiveFace(number, face, 0.8, np.full(8, 0.125, np.float32), tuple("abcdefgh"), level, level)


def answer(frame_idx, *faces):
    return LiveResult(frame_idx, frame_idx, frame_idx / RATE, tuple(faces))


@pytest.fixture
def unanalysed(desk):
    desk.clips.select(desk.clips.model.rows()[1].clip.id)
    settle(lambda: desk.state.row.clip.name == "clip1.mp4" and desk.player.is_open and len(desk.state.times_s))
    idle(desk.context)
    desk.state.live_on = True
    return desk.state


def test_live_curves_stay_with_a_face_and_no_face_goes_on_in_anothers_line(unanalysed):
    state = unanalysed
    state.take_live(answer(0, live(1, 0, 10, 0.1), live(2, 0, 100, -0.4)))
    mine = state.track_id
    state.take_live(answer(4, live(2, 4, 100, -0.4)))  # face 1 is away; face 2 may not take its place
    state.take_live(answer(8, live(3, 8, 10, 0.8), live(2, 8, 100, -0.4)))  # somebody new where face 1 was
    assert state.track_id == mine == 1
    values = state.prediction.values[:9, 0]
    assert values[0] == pytest.approx(0.1)
    assert np.isnan(values[1:]).all()
    state.choose_track(3)
    values = state.prediction.values[:9, 0]
    assert values[8] == pytest.approx(0.8)
    assert np.isnan(values[:8]).all()
    state.choose_track(2)
    np.testing.assert_allclose(state.prediction.values[:9, 0], -0.4, atol=1e-6)


def test_live_faces_of_an_analysed_clip_are_the_stored_ones_by_place(desk):
    desk.state.live_on = True
    desk.state.choose_track(2)
    desk.state.take_live(answer(0, live(1, 0, 80, 0.7), live(2, 0, 40, -0.7)))  # numbered the other way round
    assert desk.state.track_id == 2
    assert desk.state.live.values[0, 0] == pytest.approx(0.7)
    assert [face.track_id for face in desk.state.faces(0, 0.0)] == [2, 1]


def test_an_answer_is_drawn_on_its_own_frame_when_that_is_shown_again(unanalysed):
    state = unanalysed
    for idx, left in ((0, 10), (4, 60), (8, 100)):
        state.take_live(answer(idx, live(1, idx, left, 0.1)))

    def drawn_at(idx):
        return [float(face.box[0]) for face in state.faces(idx, idx / RATE)]

    assert drawn_at(4) == [60.0]
    assert drawn_at(0) == [10.0]
    assert drawn_at(9) == [100.0], "the newest one where a frame has none of its own"
    state.set_live(False)
    state.set_live(True)
    assert drawn_at(4) == []


def test_the_status_line_says_that_predictions_make_room_for_playing(window):
    cells = window.status.cells
    window.status.set_live("CPU", 40.0, 12.0, 3, 0, slowed=True)
    assert cells["fps"].text() == "12 predictions/s (fewer, for smooth playing)"
    window.status.set_live("CPU", 40.0, 12.0, 3, 0)
    assert cells["fps"].text() == "12 predictions/s"


def test_everything_of_a_project_goes_when_it_goes(desk, window, tmp_path):
    desk.player.seek(1.0)
    settle(lambda: desk.side.plane.trails[0] is not None)
    settle(lambda: desk.side.histogram.values[1] is not None)
    window.projects.create(tmp_path / "other.affectograph")
    settle(lambda: window.context.project.path.stem == "other" and window.context.jobs.busy == 0)
    assert desk.side.plane.trails == (None, None)
    assert desk.side.histogram.values == (None, None)
    assert desk.timeline.rows["valence"].keys == set()
    assert desk.timeline.visible() == pytest.approx((0.0, 1.0))
    assert (desk.clips.model.rowCount(), desk.state.row, desk.player.is_open) == (0, None, False)
    assert desk.centre.video.faces == ()


def place(widget):
    return widget.mapTo(widget.window(), QPoint(0, 0)), widget.size()


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_the_plane_stays_where_it_is_and_the_bar_is_whole(desk, window, media_time, size):
    media_time.stand()
    window.resize(*size)
    desk.side.tabs.setCurrentIndex(0)
    settle(seconds=0.2)
    before = place(desk.side.plane)
    window.run("recording.toggle")
    settle(lambda: desk.recording.phase == "running")
    settle(seconds=0.1)
    assert place(desk.side.plane) == before
    text = desk.centre.bar_text
    assert text.height() >= text.heightForWidth(text.width())
    window.run("recording.discard")
    assert "Discard" in text.text()
    settle(seconds=0.05)
    assert place(desk.side.plane) == before
    window.run("recording.discard")
    settle(lambda: not desk.recording.active)


def test_escape_asks_and_the_trace_goes_on(desk, window, media_time):
    media_time.stand()
    window.run("recording.toggle")
    settle(lambda: desk.recording.phase == "running")
    desk.side.plane.point_at(0.3, 0.3)
    settle(seconds=0.1)
    window.run("recording.discard")
    assert (desk.recording.phase, desk.player.playing) == ("asking", False)
    window.run("player.toggle_play")
    assert (desk.recording.phase, desk.player.playing) == ("running", True)
    desk.side.plane.point_at(0.4, 0.4)
    settle(seconds=0.1)
    window.run("recording.discard")
    window.run("recording.toggle")  # R keeps it, also while it asks
    settle(lambda: not desk.recording.active)
    newest = max(db.traces.every(window.context.project, usable_only=False), key=lambda one: one.id)
    assert newest.status == "finished"
