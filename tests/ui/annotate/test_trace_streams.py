"""A rater's trace by LSL while it is given, and other streams beside it on the same clock. Needs the extra lsl."""

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt

import db.consent
import db.edits
import db.trace_streams
import db.traces
from app.services.predict.trace_out import EVENTS, TRACE
from app.ui.parts.recording.streams import RECORD, SEND
from tests.services.test_lsl_in import NAME, outlets  # noqa: F401 — a fixture
from tests.ui.annotate.test_traces import traced, until_phase, until_ready  # noqa: F401 — a fixture

KEY = Qt.Key


class Inlet:
    """What another program would receive of one stream of ours."""

    def __init__(self, lsl, name):
        found = [one for one in lsl.resolve_byprop("name", name, 1, 30.0) if one.source_id().startswith("affecto")]
        self._inlet = lsl.StreamInlet(found[0])
        self._inlet.open_stream(30.0)
        self.samples, self.stamps = [], []

    def pull(self):
        samples, stamps = self._inlet.pull_chunk(0.0)
        self.samples += samples
        self.stamps += stamps
        return self.samples


def test_a_trace_is_sent_with_markers_and_what_comes_is_kept_with_it(desk, traced, outlets):  # noqa: F811
    lsl = pytest.importorskip("pylsl")
    eda, markers = outlets
    desk.window.context.settings.set(SEND, True)
    desk.window.context.settings.set(RECORD, f"{NAME} EDA, {NAME} markers")
    traced("keyboard", frames=60)
    page, flow = desk.screen.trace, desk.screen.flow
    streams = flow.traces.streams
    desk.until(lambda: streams.sending and streams.receiver.told.count(NAME) == 2, "both directions")
    values, events = Inlet(lsl, TRACE), Inlet(lsl, EVENTS)
    item = flow.task.item
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    desk.until(lambda: len(page.tracing.samples()) > 20, "samples")
    markers.push_sample(["face"])
    eda.push_sample([0.5, 2.0])
    taken_s = time.monotonic()
    until_phase(desk, "review")
    samples = page.tracing.samples()
    desk.until(lambda: len(values.pull()) >= len(samples), "all samples at the other program")
    desk.until(lambda: len(events.pull()) == 2, "both markers")
    assert events.samples == [[f"start {item.name}"], [f"end {item.name}"]]
    sent = np.array(values.samples)
    np.testing.assert_allclose(sent[:, 0], samples.times_s, atol=1e-6)
    np.testing.assert_allclose(sent[:, 1:], samples.values, atol=1e-6)
    shift_s = time.monotonic() - lsl.local_clock()
    np.testing.assert_allclose(np.array(values.stamps) + shift_s, samples.monotonic_s, atol=0.02)
    assert events.stamps[0] <= values.stamps[1]
    assert events.stamps[1] >= values.stamps[-2]
    desk.until(lambda: page.flags.text() not in ("", "Checking the trace …"), "the quality")
    desk.key(KEY.Key_Return)
    desk.until(lambda: flow.done == 1, "the trace kept")
    project = desk.window.context.opened
    (trace,) = [one for one in db.traces.every(project, usable_only=False) if one.status == "finished"]
    kept = {one.measures.program: one for one in db.trace_streams.of_clip(project, item.clip_id)}
    assert set(kept) == {f"LSL {NAME} EDA", f"LSL {NAME} markers"}
    assert {one.trace_id for one in kept.values()} == {trace.id}
    eda_s = kept[f"LSL {NAME} EDA"].measures.times_s[0]
    marker_s = kept[f"LSL {NAME} markers"].measures.times_s[0]
    assert kept[f"LSL {NAME} markers"].measures.names == ("face",)
    assert abs(eda_s - marker_s) < 0.05
    shown_s = np.interp(taken_s, samples.monotonic_s, samples.times_s)
    assert abs(eda_s - shown_s) < 0.1


def test_a_trace_that_is_given_again_leaves_no_stream_and_says_so(desk, traced, outlets):  # noqa: F811
    lsl = pytest.importorskip("pylsl")
    desk.window.context.settings.set(SEND, True)
    desk.window.context.settings.set(RECORD, f"{NAME} EDA")
    traced("keyboard", frames=30)
    streams = desk.screen.flow.traces.streams
    desk.until(lambda: streams.sending and NAME in streams.receiver.told, "both directions")
    events = Inlet(lsl, EVENTS)
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    outlets[0].push_sample([1.0, 1.0])
    desk.key(KEY.Key_Space)
    until_phase(desk, "paused")
    desk.key(KEY.Key_R)
    until_ready(desk)
    desk.until(lambda: len(events.pull()) == 3, "three markers")
    assert [text.split()[0] for (text,) in events.samples] == ["start", "pause", "stop"]
    assert db.trace_streams.clips(desk.window.context.opened) == set()


def test_without_consent_a_trace_is_given_but_not_sent(desk, traced, make):  # noqa: F811
    pytest.importorskip("pylsl")
    told = []
    desk.window.context.notice_raised.connect(lambda notice: told.append(notice.what))
    traced("keyboard", frames=15)
    project = desk.window.context.opened
    rater = db.consent.person(project, "rater", desk.screen.desk.session.rater.code)
    db.edits.apply(project, db.consent.set_consent(project, rater, "export", granted=False))
    desk.window.context.settings.set(SEND, True)
    desk.key(KEY.Key_Return)
    until_phase(desk, "review")
    desk.key(KEY.Key_R)
    until_ready(desk)
    desk.until(lambda: told, "a sentence")
    streams = desk.screen.flow.traces.streams
    assert told == ["This trace is not sent by LSL, because consent does not cover that it leaves the project."]
    assert not streams.sending
    desk.key(KEY.Key_Return)
    until_phase(desk, "review")
    assert len(desk.screen.trace.tracing.samples()) > 3
