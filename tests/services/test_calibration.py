"""The calibration clip: its jumps are where they are said to be, and a known lag is found again."""

import numpy as np
import pytest

import db.clips
import db.items
import db.raters
import db.traces
from app.domain.study_defaults import default_trace
from app.media.reader import VideoReader
from app.services.study import calibration
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.ui.annotate.builder import build

pytestmark = pytest.mark.slow


@pytest.fixture
def session(tmp_path):
    spec = default_trace()
    spec = type(spec)(spec.joint, 0.0, True, spec.axis_labels)
    path = build(tmp_path / "p", clips=2, frames=4, trace=spec)
    with Project.open(path) as project, AnnotateSession(project, "R01") as session:
        yield session


def test_the_dot_jumps_exactly_at_the_onsets(tmp_path):
    path = tmp_path / "dot.mp4"
    calibration.write_clip(path)
    onsets = calibration.jumps().onsets_s
    with VideoReader(path) as reader:
        times = reader.index.times_s
        height = calibration.SIZE[1]
        for onset in onsets[[0, 4, 8]]:
            at = int(np.argmin(np.abs(times - onset)))
            assert times[at] == pytest.approx(onset, abs=1e-6)
            rows = [reader.frame(i).image[:, 240].mean(axis=1).argmax() < height / 2 for i in (at - 1, at)]
            assert rows[0] != rows[1]


def test_a_rater_who_follows_late_is_measured_so(session):
    assert calibration.needs_calibration(session)
    task = calibration.calibration_task(session)
    recorder = calibration.start(session, task, "keyboard")
    onsets, lag_s = calibration.jumps().onsets_s, 0.62
    for time_s in np.arange(0, calibration.jumps().end_s, 1 / 60):
        passed = int(np.searchsorted(onsets + lag_s, time_s, side="right"))
        recorder.add(float(time_s), float("nan"), 0.6 if passed % 2 else -0.6, monotonic_s=float(time_s))
    found = calibration.finish(session, recorder)
    assert found.accepted
    assert found.lag_s == pytest.approx(lag_s, abs=0.02)
    assert db.raters.get(session.project, session.rater.id).lag_s == pytest.approx(found.lag_s)
    assert not calibration.needs_calibration(session)
    (trace,) = db.traces.every(session.project)
    assert trace.calibration
    assert trace.dimensions == "arousal"


def test_the_clip_is_in_no_list_and_made_once(session):
    before = {item.name for item in db.items.every(session.project)}
    item = calibration.ensure_item(session.project)
    assert {item.name for item in db.items.every(session.project)} == before
    assert calibration.FILE not in {clip.name for clip in db.clips.every(session.project)}
    assert calibration.ensure_item(session.project).id == item.id
