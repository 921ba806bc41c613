"""Recording streams of LSL with the camera: beside the clip in the project, and one sentence where LSL is missing."""

import builtins

import db.clips
import db.foreign_measures
import db.notes
from app.services.predict.camera import Camera, CameraChoice
from app.ui.parts.player.lsl_in import SETTING
from tests.services.test_lsl_in import NAME, outlets  # noqa: F401 — a fixture

from .waiting import idle, settle

TEST_PICTURE = CameraChoice(Camera("testsrc=size=160x120:rate=50", "Test picture"), mirrored=False, api="lavfi")


def test_where_lsl_is_missing_it_is_said_and_the_camera_goes_on(window, monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **more):
        if name == "pylsl":
            raise ImportError(name)
        return real(name, *args, **more)

    screen = window.show_screen("camera")
    monkeypatch.setattr(builtins, "__import__", missing)
    told = []
    window.context.notice_raised.connect(lambda notice: told.append(notice.what))
    window.context.settings.set(SETTING, "*")
    screen.session.start(TEST_PICTURE)
    settle(lambda: screen.session.state == "on" and told)
    assert told == ["The Lab Streaming Layer is not installed."]


def test_a_recording_brings_its_streams_into_the_project(window, project_path, outlets):  # noqa: F811
    eda, markers = outlets
    window.projects.open(project_path)
    settle(lambda: window.context.project is not None and window.context.jobs.busy == 0)
    window.context.settings.set(SETTING, f"{NAME} EDA, {NAME} markers")
    screen = window.show_screen("camera")
    screen.session.start(TEST_PICTURE)
    settle(lambda: screen.session.state == "on" and screen.session.streams.told.count(NAME) == 2)
    settle(lambda: f"LSL: {NAME}" in screen.facts.text())
    window.context.commands.run("camera.record")
    settle(lambda: (screen.session.recording_s or 0) > 0.2)
    eda.push_sample([0.5, 2.0])
    markers.push_sample(["face"])
    settle(lambda: (screen.session.recording_s or 0) > 0.8)
    window.context.commands.run("camera.record")
    settle(lambda: len(db.clips.every(window.context.project)) == 3)
    idle(window.context)
    project = window.context.project
    clip = db.clips.every(project)[-1]
    (kept,) = db.foreign_measures.of_clip(project, clip.id)
    assert kept.values.tolist() == [[0.5, 2.0]]
    assert 0.1 < kept.times_s[0] < 0.8
    (note,) = db.notes.of_clip(project, clip.id)
    assert (note.category, note.text) == (f"{NAME} markers", "face")
    assert abs(note.start_s - kept.times_s[0]) < 0.1
    settle(lambda: f"with the channels of LSL {NAME} EDA and 1 marker" in window.passing.text())


def test_nothing_is_heard_where_no_stream_is_named(window):
    screen = window.show_screen("camera")
    screen.session.start(TEST_PICTURE)
    settle(lambda: screen.session.state == "on")
    assert screen.session.streams.told == ""
    assert screen.session.streams.record()() == []
