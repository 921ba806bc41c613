"""Calibrating the gaze before an open camera: points over the screen, a line that says where somebody looks, curves."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import db.clips
import db.foreign_measures
from app.domain.gaze import CHECKED, PLACES
from app.domain.measured_faces import MeasuredFace
from app.domain.measures import COLUMNS
from app.media.writer import ClipWriter
from app.services.predict.camera import clip_as_camera
from app.ui.screens.camera import gaze_points
from app.ui.screens.camera.gaze_points import DWELL_S, SETTLE_S, GazePoints
from tests.faces.pictures import portrait

from .waiting import settle


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


def face_at(x, y):
    values = np.zeros(len(COLUMNS))
    for side in ("left", "right"):
        values[COLUMNS.index(f"iris_x_{side}")] = 0.4 * (0.5 - x)
        values[COLUMNS.index(f"iris_y_{side}")] = 0.3 * (y - 0.4)
        values[COLUMNS.index(f"eye_open_{side}")] = 0.3 - 0.1 * y
    return MeasuredFace(values, None)


def follow(window, points, clock, face_of=face_at):
    """Look at all points, with two pictures on the way to each and eight at it."""
    while points.place is not None:
        began_s = clock.now_s
        for step in (0.1, SETTLE_S - 0.1):
            clock.now_s = began_s + step
            points.take(face_at(0.0, 0.0))
        for step in np.linspace(SETTLE_S + 0.1, DWELL_S - 0.1, 8):
            clock.now_s = began_s + step
            points.take(face_of(*points.place))
        clock.now_s = began_s + DWELL_S
        window.context.ticker.ticked.emit()


@pytest.fixture
def screen(window, tmp_path):
    path = tmp_path / "portrait.mp4"
    with ClipWriter(path, 400, 224, rate=25) as writer:
        for _ in range(40):
            writer.write(np.ascontiguousarray(portrait()[:224]))
    shown = window.show_screen("camera")
    settle(lambda: shown.bar.device.count() > 0)
    assert not shown.gaze.press.isEnabled()
    shown.session.start(clip_as_camera(path))
    settle(lambda: shown.session.state == "on")
    return shown


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(
        "app.ui.screens.camera.gaze.GazePoints", lambda context: GazePoints(context, clock), raising=True
    )
    return clock


def test_a_calibration_by_keys_and_what_is_kept_of_it(screen, window, clock, project_path):
    window.projects.open(project_path)
    settle(lambda: window.context.project is not None and window.context.jobs.busy == 0)
    window.context.commands.run("camera.calibrate_gaze")
    points = screen.gaze.points
    assert points.isVisible()
    assert points.place is None
    QTest.keyClick(points, Qt.Key.Key_Space)
    assert points.place == PLACES[0]
    follow(window, points, clock)
    assert [len(frames) for frames in points.seen.values()] == [8] * len(PLACES)
    assert [len(frames) for frames in points.checked.values()] == [8] * len(CHECKED)
    assert screen.gaze.points is None
    calibration = screen.session.gaze.calibration
    assert max(calibration.error) < 0.02
    settle(lambda: "off by 1 % of the width and 1 % of the height" in window.passing.text())
    settle(lambda: screen.session.gaze.place is not None)
    plain = screen.measures.grab().toImage()

    window.context.commands.run("camera.record")
    settle(lambda: (screen.session.recording_s or 0) > 0.8)
    window.context.commands.run("camera.record")
    settle(lambda: len(db.clips.every(window.context.project)) == 3)
    clip = db.clips.every(window.context.project)[-1]
    settle(lambda: bool(db.foreign_measures.of_clip(window.context.project, clip.id)))
    (kept,) = db.foreign_measures.of_clip(window.context.project, clip.id)
    assert kept.titles == ("Gaze x (share of the screen)", "Gaze y (share of the screen)")
    assert kept.file.startswith("calibrated; off by ")
    assert len(kept.times_s) >= 2
    assert 0 <= kept.times_s[0] <= kept.times_s[-1] <= clip.duration_s
    screen.toggle()
    assert screen.session.gaze.calibration is None, "another session has another calibration"
    assert screen.measures.grab().toImage() != plain


def test_escape_leaves_and_keeps_nothing(screen, window, clock):
    window.context.commands.run("camera.calibrate_gaze")
    points = screen.gaze.points
    QTest.keyClick(points, Qt.Key.Key_Space)
    QTest.keyClick(points, Qt.Key.Key_Escape)
    assert screen.gaze.points is None
    assert screen.session.gaze.calibration is None
    assert not points.isVisible()


def test_eyes_that_do_not_follow_are_told(screen, window, clock):
    window.context.commands.run("camera.calibrate_gaze")
    screen.gaze.points.begin()
    follow(window, screen.gaze.points, clock, lambda x, y: face_at(0.5, 0.5))
    assert screen.session.gaze.calibration is None
    settle(lambda: "no better than by always naming the middle" in window.banner.text())


def test_a_camera_that_stops_ends_the_calibration(screen, window, clock):
    window.context.commands.run("camera.calibrate_gaze")
    points = screen.gaze.points
    points.begin()
    screen.toggle()
    assert screen.gaze.points is None
    assert not points.isVisible()


def test_the_introduction_states_the_time():
    assert f"{(len(PLACES) + len(CHECKED)) * DWELL_S / 60:.1f} minutes" in gaze_points.INTRODUCTION
