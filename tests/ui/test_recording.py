"""Recording a trace with the mouse: durable, blind, and honest where it was not."""

import numpy as np
import pytest

import db.traces

from .waiting import settle


def record(desk, media_time, seconds=0.5):
    """Record so much of the clip; no more of it passes by itself."""
    media_time.stand()
    desk.context.commands.run("recording.toggle")
    settle(lambda: desk.recording.phase == "running")
    for step in range(20):
        desk.side.plane.point_at(step / 20, -step / 40)
        media_time.put_forward(seconds / 20)
        settle(seconds=0.01)


def newest(desk):
    return max(db.traces.every(desk.context.project, usable_only=False), key=lambda trace: trace.id)


def test_a_recorded_trace_is_kept_and_compared_with(desk, media_time):
    record(desk, media_time)
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


def test_a_recording_tells_the_views_of_its_trace_and_of_a_new_rater(desk, window, media_time):
    told = []
    window.context.changed.connect(told.append)
    window.context.settings.set("recording.rater", "NEW")
    record(desk, media_time)
    window.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    assert [changes.kinds for changes in told] == [{"settings"}, {"rater"}, {"trace"}]
    settle(lambda: desk.clips.current().traces == 3)


def test_nothing_that_could_lead_is_in_sight_while_recording(desk, media_time):
    record(desk, media_time)
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


def test_a_trace_with_curves_in_sight_is_unblinded(desk, media_time):
    desk.context.settings.set("recording.blind", False)
    record(desk, media_time)
    assert not desk.timeline.hidden_reason
    desk.context.commands.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    assert not newest(desk).blinded


def test_a_discarded_trace_does_not_count(desk, media_time):
    before = len(db.traces.every(desk.context.project))
    record(desk, media_time)
    desk.context.commands.run("recording.discard")
    desk.context.commands.run("recording.discard")
    settle(lambda: not desk.recording.active)
    assert newest(desk).status == "abandoned"
    assert len(db.traces.every(desk.context.project)) == before


def test_the_end_of_the_clip_ends_the_recording(desk):
    desk.context.commands.run("recording.toggle")
    settle(lambda: desk.recording.phase == "running")
    desk.side.plane.point_at(0.3, 0.3)
    ends = []
    desk.player.ended.connect(lambda: ends.append((desk.player.position_s, desk.player.frame.time_s)))
    settle(lambda: not desk.recording.active)
    samples = db.traces.samples(desk.context.project, newest(desk).id)
    (position_s, seen_s), *_ = ends
    assert position_s == desk.player.times_s[-1]
    assert samples.times_s[-1] == seen_s, "the last sample is of the frame that was on the screen at the end"


def test_a_pause_is_marked(desk, media_time):
    record(desk, media_time, 0.3)
    desk.context.commands.run("player.toggle_play")
    assert not desk.player.playing
    settle(seconds=0.1)
    before_s = desk.player.frame.time_s
    desk.context.commands.run("player.toggle_play")
    desk.side.plane.point_at(0.1, 0.1)
    media_time.put_forward(0.2)
    settle(lambda: desk.player.frame.time_s > before_s)
    desk.context.commands.run("recording.toggle")
    settle(lambda: not desk.recording.active)
    values = db.traces.samples(desk.context.project, newest(desk).id).values
    assert np.isnan(values[:, 0]).sum() == 1
    assert not np.isnan(values[-1, 0])


def test_closing_the_window_while_recording_keeps_what_was_given(desk, window, project_path, media_time):
    from db.project import Project

    record(desk, media_time)
    window.close()
    with Project.open(project_path) as project:
        trace = max(db.traces.every(project), key=lambda t: t.id)
        assert trace.status == "finished"
        assert trace.n_samples >= 15
