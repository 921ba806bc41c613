"""Streams of LSL beside a recorded clip: on its clock, within it, with undo, under the timeline and out again."""

import numpy as np
import pytest

import db.clips
import db.foreign_measures
import db.notes
from app.services.exchange.store import undo_import
from app.services.exchange.streams import store_streams
from app.services.exchange.writing import export_for
from app.services.predict.clip_curves import clip_curves
from app.services.predict.lsl_in import ReceivedStream
from db.check import problems

FIRST_S = 1000.0
STAMPS = FIRST_S + np.array([-0.5, 0.0, 1.25, 5.0, 7.0])
EDA = ReceivedStream(
    "EDA", "lab-2", ("gsr (µS)", "temperature"), STAMPS, np.arange(10, dtype=np.float32).reshape(5, 2), (), 0.0125
)
MARKERS = ReceivedStream("PsychoPy", "lab-2", ("channel 1",), STAMPS, None, ("early", "start", "face", "", "late"))


@pytest.fixture
def clip(project):
    return db.clips.every(project)[0]  # of five seconds


def test_what_came_within_the_clip_is_kept_on_its_clock(project, clip):
    assert store_streams(project, clip, [EDA, MARKERS], FIRST_S) == "the channels of LSL EDA and 3 markers"
    (kept,) = db.foreign_measures.of_clip(project, clip.id)
    assert kept.titles == ("LSL EDA gsr (µS)", "LSL EDA temperature")
    assert kept.file == "EDA of lab-2, clock corrected by +0.012500 s"
    assert kept.times_s.tolist() == [0.0, 1.25, 5.0]
    assert kept.values.tolist() == [[2, 3], [4, 5], [6, 7]]
    notes = db.notes.of_clip(project, clip.id)
    assert [(note.start_s, note.category, note.text) for note in notes] == [
        (0.0, "PsychoPy", "start"), (1.25, "PsychoPy", "face"), (5.0, "PsychoPy", ""),
    ]  # fmt: skip
    assert not list(problems(project))


def test_channels_are_curves_and_leave_as_measurements(project, clip, tmp_path):
    store_streams(project, clip, [EDA], FIRST_S)
    assert clip_curves(project, clip).foreign["LSL EDA temperature"].values.tolist() == [3, 5, 7]
    (path,) = export_for(project, tmp_path / "out", "measurements").files
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].endswith("time_s,gsr (µS),temperature")
    assert lines[2].endswith("LSL EDA,,1.25,4.0,5.0")


def test_they_are_taken_back_like_an_import(project, clip):
    store_streams(project, clip, [EDA, MARKERS], FIRST_S)
    undo_import(project)
    assert db.foreign_measures.clips(project) == set()
    assert db.notes.of_clip(project, clip.id) == ()


def test_streams_of_another_time_leave_nothing(project, clip):
    assert store_streams(project, clip, [EDA, MARKERS], FIRST_S + 100) == ""
    assert db.foreign_measures.clips(project) == set()
    assert db.notes.of_clip(project, clip.id) == ()
