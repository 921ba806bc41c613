"""Recording a trace with the mouse: durable, blind, and honest where it was not."""

import numpy as np
import pytest

import db.traces

from .waiting import settle


def record(desk, seconds=0.5):
    desk.context.commands.run("recording.toggle")
    settle(lambda: desk.recording.phase == "running")
    for step in range(20):
        desk.side.plane.point_at(step / 20, -step / 40)
        settle(seconds=seconds / 20)


def newest(desk):
    return max(db.traces.every(desk.context.project, usable_only=False), key=lambda trace: trace.id)


def test_a_recorded_trace_is_kept_and_compared_with(desk):
    record(desk)
    desk.context.commands.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    settle(lambda: len(desk.state.annotations) == 4)
    trace = newest(desk)
    # The clip's predictions and traces had been in sight before, although they are hidden while it is recorded.
    assert (trace.status, trace.blinded, trace.device, trace.rater) == ("finished", False, "mouse", "R1")
    samples = db.traces.samples(desk.context.project, trace.id)
    assert len(samples) >= 20
    assert (np.diff(samples.times_s) >= 0).all()
    assert samples.values[-1, 0] == pytest.approx(0.95, abs=1e-6)
    assert desk.state.chosen == str(trace.id)
    assert samples.times_s[-1] <= desk.player.range_s[1]


def test_a_recording_tells_the_views_of_its_trace_and_of_a_new_rater(desk, window):
    told = []
    window.context.changed.connect(told.append)
    window.context.settings.set("recording.rater", "NEW")
    record(desk)
    window.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    assert [changes.kinds for changes in told] == [{"settings"}, {"rater"}, {"trace"}]
    settle(lambda: desk.clips.current().traces == 3)


def test_nothing_that_could_lead_is_in_sight_while_recording(desk):
    record(desk)
    assert desk.timeline.hidden_reason
    assert desk.centre.video.overlay_parts is None
    assert desk.centre.video.faces == ()
    assert not any(part.isVisible() for part in (desk.side.now, desk.side.histogram, desk.side.tabs))
    assert desk.side.plane.trails == (None, None)
    assert not desk.live.on
    desk.context.commands.run("recording.discard")
    desk.context.commands.run("recording.discard")
    settle(lambda: not desk.recording.active)
    assert not desk.timeline.hidden_reason
    assert desk.centre.video.overlay_parts is not None


def test_a_trace_with_curves_in_sight_is_unblinded(desk):
    desk.context.settings.set("recording.blind", False)
    record(desk)
    assert not desk.timeline.hidden_reason
    desk.context.commands.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    assert not newest(desk).blinded


def test_a_discarded_trace_does_not_count(desk):
    before = len(db.traces.every(desk.context.project))
    record(desk)
    desk.context.commands.run("recording.discard")
    desk.context.commands.run("recording.discard")
    settle(lambda: not desk.recording.active)
    assert newest(desk).status == "abandoned"
    assert len(db.traces.every(desk.context.project)) == before


def test_the_end_of_the_clip_ends_the_recording(desk):
    desk.context.commands.run("recording.toggle")
    settle(lambda: desk.recording.phase == "running")
    desk.side.plane.point_at(0.3, 0.3)
    settle(lambda: not desk.recording.active)
    samples = db.traces.samples(desk.context.project, newest(desk).id)
    assert samples.times_s[-1] == pytest.approx(desk.player.times_s[-1], abs=0.1)


def test_a_pause_is_marked(desk):
    record(desk, 0.3)
    desk.context.commands.run("player.toggle_play")
    assert not desk.player.playing
    settle(seconds=0.1)
    desk.context.commands.run("player.toggle_play")
    desk.side.plane.point_at(0.1, 0.1)
    settle(seconds=0.2)
    desk.context.commands.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    values = db.traces.samples(desk.context.project, newest(desk).id).values
    assert np.isnan(values[:, 0]).sum() == 1
    assert not np.isnan(values[-1, 0])


def test_closing_the_window_while_recording_keeps_what_was_given(desk, window, project_path):
    from db.project import Project

    record(desk)
    window.close()
    with Project.open(project_path) as project:
        trace = max(db.traces.every(project), key=lambda t: t.id)
        assert trace.status == "finished"
        assert trace.n_samples >= 15
