"""The camera screen on a clip that stands in for a camera: everything but the device itself is the real part."""

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import db.clips
from app.errors import UserError
from app.media.reader import VideoReader
from app.media.writer import ClipWriter
from app.services.predict.camera import Camera, CameraChoice, CameraFeed, clip_as_camera
from app.services.projects.files import open_project
from app.ui.parts.player.overlay import OverlayFace
from app.ui.screens.camera.history import History
from app.ui.screens.camera.present import mirrored
from tests.faces.pictures import portrait

from .conftest import FRAMES, number_in
from .waiting import idle, settle

TEST_PICTURE = CameraChoice(Camera("testsrc=size=160x120:rate=50", "Test picture"), mirrored=False, api="lavfi")


@pytest.fixture
def screen(window):
    shown = window.show_screen("camera")
    settle(lambda: shown.bar.device.count() > 0)
    return shown


def start(screen, choice):
    screen.session.start(choice)
    settle(lambda: screen.session.state == "on")


def face_at(x, width=40):
    spots = np.float32([[x + 10, 20], [x + 30, 20], [x + 20, 30], [x + 12, 40], [x + 28, 40]])
    return OverlayFace(1, np.float32([x, 10, width, 50]), spots, 0.9, np.zeros(0, np.float32), (), 0.0, 0.0)


def test_without_a_camera_it_says_what_to_do(screen):
    screen.bar.show_cameras([])
    assert screen.stage.currentWidget() is screen.no_camera
    assert "Connect one" in screen.no_camera.text.text()
    screen.toggle()
    settle(seconds=0.1)
    assert screen.session.state == "off"


def test_the_camera_starts_only_when_asked(screen, window):
    screen.bar.show_cameras([Camera("/dev/none", "A camera")])
    assert screen.session.state == "off"
    assert screen.stage.currentWidget() is screen.switched_off
    assert not window.context.commands.enabled("camera.record")


def test_pictures_and_numbers_come_and_stop(screen, window):
    start(screen, TEST_PICTURE)
    settle(lambda: screen.video.has_picture and "pictures/s" in screen.facts.text())
    assert screen.video.picture_size().toTuple() == (160, 120)
    assert screen.session.status.fps == pytest.approx(50, abs=1), "as many as the camera sends, however many are shown"
    screen.toggle()
    assert screen.session.state == "off"
    assert screen.facts.text() == ""
    assert window.status.cells["latency"].text() == ""


def test_leaving_the_screen_gives_the_camera_back(screen, window):
    start(screen, TEST_PICTURE)
    window.show_screen("review")
    assert screen.session.state == "off"
    assert not window.context.ticker.running


def test_a_slow_window_skips_pictures_and_never_lags(qtbot):
    feed = CameraFeed(TEST_PICTURE, lambda _feed: None, lambda _feed, error: pytest.fail(str(error)))
    try:
        number, delays_s = 0, []

        def waiting():
            """Number of the picture that waits; `take` would take it."""
            return -1 if feed._shot is None else feed._shot.frame.frame_idx  # noqa: SLF001

        for _ in range(4):
            settle(lambda: waiting() >= number + 8)  # noqa: B023 — nobody asks for a while
            newest, before_s = waiting(), feed._source.now_s  # noqa: SLF001
            shot = feed.take()
            delays_s.append((before_s - shot.frame.time_s, feed._source.now_s - shot.frame.time_s))  # noqa: SLF001
            number = shot.frame.frame_idx
            assert number >= newest, "the picture taken is the newest, however long nobody asked"
        least_ms, most_ms = (1000 * np.median(side) for side in zip(*delays_s, strict=True))
        assert least_ms <= feed.status.shown_ms <= most_ms
        assert feed.status.skipped >= 4 * 7
        seen = [number]

        def ten():
            shot = feed.take()
            seen.extend([] if shot is None else [shot.frame.frame_idx])
            return len(seen) > 10

        settle(ten)
        assert seen == sorted(set(seen)), "none is given twice"
    finally:
        feed.close()


def test_a_lost_camera_says_so_and_starts_again(screen, clip_files):
    choice = CameraChoice(Camera("testsrc=size=64x48:rate=20:duration=0.5", "Short"), mirrored=False, api="lavfi")
    states = []
    screen.session.state_changed.connect(lambda: states.append(screen.session.state))
    screen.session.start(choice)
    settle(lambda: screen.session.state == "lost")
    assert "on" in states
    assert screen.stage.currentWidget() is screen.lost
    assert "was lost" in screen.lost.text.text()
    screen.bar.use_clip(clip_files[0])
    settle(lambda: screen.session.state == "on")
    assert screen.stage.currentWidget() is screen.video


def test_a_camera_that_cannot_be_opened_is_no_crash(screen):
    screen.session.start(CameraChoice(Camera("/dev/no-such-camera", "None")))
    settle(lambda: screen.session.state == "lost")
    assert isinstance(screen.session.error, UserError)
    assert "cannot be opened" in screen.lost.text.text()


def test_a_clip_in_its_place_plays_over_and_over(screen, clip_files):
    screen.bar.use_clip(clip_files[0])
    settle(lambda: screen.session.state == "on")
    seen = []
    screen.session.shot_taken.connect(lambda shot: seen.append(shot.frame.frame_idx))
    settle(lambda: bool(seen) and seen[-1] > FRAMES + 5)
    assert seen == sorted(set(seen))


def test_a_clip_chosen_before_cameras_were_listed_starts_and_stays(window, clip_files):
    screen = window.show_screen("camera")
    screen.bar.use_clip(clip_files[0])
    settle(lambda: screen.session.state == "on")
    idle(window.context)
    assert screen.bar.choice.camera.device == str(clip_files[0])
    assert screen.session.state == "on"


def test_a_recording_becomes_a_clip_of_the_project(screen, window, project_path, clip_files):
    window.projects.open(project_path)
    settle(lambda: window.context.project is not None and window.context.jobs.busy == 0)
    screen.bar.use_clip(clip_files[1])
    settle(lambda: screen.session.state == "on")
    began_s = time.monotonic()
    window.context.commands.run("camera.record")
    settle(lambda: (screen.session.recording_s or 0) > 0.8)
    window.context.commands.run("camera.record")
    settle(lambda: len(db.clips.every(window.context.project)) == 3)
    clip = db.clips.every(window.context.project)[-1]
    assert clip.path.parent.name == "test recordings"
    assert 0.7 < clip.duration_s < time.monotonic() - began_s + 0.1
    with VideoReader(clip.path) as reader:
        numbers = [number_in(frame.image) for frame in reader.frames()]
    steps = np.diff(numbers) % FRAMES
    assert (steps >= 1).all(), "every recorded picture is another one, in order"
    settle(lambda: "is now a clip of the project" in window.passing.text())


def test_closing_while_recording_keeps_the_clip(screen, window, project_path, clip_files):
    window.projects.open(project_path)
    settle(lambda: window.context.project is not None and window.context.jobs.busy == 0)
    start(screen, clip_as_camera(clip_files[1]))
    window.context.commands.run("camera.record")
    settle(lambda: (screen.session.recording_s or 0) > 0.3)
    window.close()
    files = list((project_path.parent / "test recordings").glob("*.mp4"))
    assert len(files) == 1
    with VideoReader(files[0]) as reader:
        assert len(reader) >= 2
    with open_project(project_path) as project:
        assert [clip.path for clip in db.clips.every(project)][-1] == files[0]


def test_recording_where_nothing_can_be_written_is_told(qtbot, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    feed = CameraFeed(TEST_PICTURE, lambda _feed: None, lambda _feed, error: pytest.fail(str(error)))
    try:
        settle(lambda: feed.take() is not None)
        with pytest.raises(UserError, match="cannot be made"):
            feed.record(blocked / "x.mp4", lambda recorded: None)
        assert feed.recording_s is None
    finally:
        feed.close()


def test_the_keys(screen, window):
    window.activateWindow()
    settle(window.isActiveWindow)
    screen.bar.show_cameras([Camera("testsrc=size=64x48:rate=20", "x")])
    QTest.keyClick(screen, Qt.Key.Key_Space)
    assert screen.session.state == "opening"
    settle(lambda: screen.session.state == "lost")  # the system's camera interface knows no such device
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.screen_id == "camera"


def test_mirroring_turns_what_is_drawn():
    face = mirrored(face_at(30), 160)
    assert face.box.tolist() == [90, 10, 40, 50]
    assert face.landmarks[0].tolist() == [120, 20]
    again = mirrored(face, 160)
    np.testing.assert_array_equal(again.box, face_at(30).box)


def test_history_keeps_its_span_and_breaks_at_gaps():
    history = History(10.0)
    for step in range(30):
        history.add(step * 0.5, 0.1, 0.2)
    ages, values = history.since(14.5, 3.0)
    assert ages.tolist() == [3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.0]
    assert values.shape == (7, 2)
    history.add(17.0, 0.5, 0.5)
    ages, values = history.since(17.0, 10.0)
    assert ages[0] <= 10.0
    assert np.isnan(values[-2]).all(), "a pause is not drawn over"
    history.clear()
    assert len(history.since(17.0, 10.0)[0]) == 0


def test_the_face_of_this_moment_is_measured_while_the_tab_is_shown(screen, tmp_path):
    path = tmp_path / "portrait.mp4"
    with ClipWriter(path, 400, 224, rate=25) as writer:
        for _ in range(30):
            writer.write(np.ascontiguousarray(portrait()[:224]))
    start(screen, clip_as_camera(path))
    settle(lambda: screen.present.result is not None and bool(screen.present.result.faces))
    assert screen.measures.face is None
    screen.tabs.setCurrentIndex(1)
    settle(lambda: screen.measures.face is not None)
    assert abs(screen.measures.face.value("yaw_deg")) < 15
    screen.toggle()
    assert screen.measures.face is None
