"""Traces by a virtual gamepad, by arrow keys and by mouse, through the real window into the real file."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest

import db.presentations
import db.raters
import db.traces
from app.domain.study import PracticeClip
from app.domain.study_defaults import default_trace
from app.errors import UserError
from app.inputs.sampler import Sampler
from app.services.study.session import AnnotateSession
from app.ui.core.messages import Notice
from app.ui.screens.annotate import tracing
from db.project import Project
from tests.inputs.virtual_pad import VirtualPad
from tests.ui.waiting import idle, settle

KEY = Qt.Key
TRACE_ONLY = {"trace": default_trace(), "emotions": (), "categories": ()}


@pytest.fixture
def traced(desk, make):
    """The desk in a study of traces, at the first one."""

    def begin(device, countdown_s=0.0, **changes):
        spec = changes.pop("trace", default_trace())
        spec = type(spec)(spec.joint, countdown_s, False, spec.axis_labels)
        path = make(**{"clips": 2, "frames": 15, **TRACE_ONLY, **changes, "trace": spec})
        desk.window.context.settings.set("annotate.device", device)
        desk.open(path)
        desk.sign_in()
        desk.skip_texts()
        until_ready(desk)
        return path

    return begin


def until_ready(desk):
    page, flow = desk.screen.trace, desk.screen.flow

    def ready():
        task = page.presenter.task
        due = task is not None and flow.task is not None and task.slot.id == flow.task.slot.id
        return desk.page is page and due and page.tracing.phase == "ready" and page.presenter.phase == "ready"

    desk.until(ready, "a clip to trace")


def until_phase(desk, *phases):
    desk.until(lambda: desk.screen.trace.tracing.phase in phases, f"{phases}")


def press(desk, pad, name, effect, what):
    """Down until it is noticed, then up until that is noticed; pressed again, as people do, while a page loads."""
    tracing = desk.screen.trace.tracing
    before = tracing.phase

    def noticed():
        return tracing.phase != before or effect()

    for _ in range(60):
        pad.button(name, True)
        settle(noticed, seconds=2.0)
        heard = noticed()
        pad.button(name, False)
        desk.until(lambda: tracing.phase == "idle" or not tracing.pad.held, "the button's way up")
        if heard:
            break
    desk.until(effect, what)


@pytest.mark.slow
def test_every_item_in_both_conditions_by_gamepad_alone(desk, traced):
    with VirtualPad() as pad:
        path = traced("gamepad", clips=8, frames=6)
        page, flow = desk.screen.trace, desk.screen.flow
        for number in range(60):
            if desk.page is desk.screen.text:
                desk.skip_texts()
            if desk.finished:
                break
            until_ready(desk)
            slot = flow.task.slot.id
            pad.stick(0.8 if number % 2 else -0.8, 0.4)
            press(desk, pad, "accept", lambda: page.tracing.phase in ("countdown", "running", "review"), "the start")
            until_phase(desk, "review")
            pad.stick(0.0, 0.0)

            def moved_on(before=slot):
                return flow.task is None or flow.task.slot.id != before

            press(desk, pad, "accept", moved_on, "the next")
            desk.until(lambda: desk.page is desk.screen.text or page.tracing.phase == "ready", "its page")
        assert desk.finished
    desk.window.context.set_project(None)
    with Project.open(path, read_only=True) as project:
        traces = [t for t in db.traces.every(project, usable_only=False) if t.status == "finished"]
        assert len(traces) == 16
        assert {t.condition for t in traces} == {"face_only", "full_context"}
        assert {t.device for t in traces} == {"gamepad"}
        for trace in traces:
            samples = db.traces.samples(project, trace.id)
            assert len(samples) >= 3
            assert (np.diff(samples.times_s) >= 0).all()
            assert (np.diff(samples.monotonic_s) > 0).all()
            assert np.abs(samples.values[-1, 0]) > 0.02


def test_samples_come_with_every_tick_of_the_sampler_and_with_both_clocks(desk, traced, monkeypatch):
    ticks = []

    class Noted(Sampler):
        """How far apart its ticks are is looked at in tests/inputs/test_sampler.py."""

        def __init__(self, step):
            super().__init__(lambda now_s: (ticks.append(now_s), step(now_s)))

    monkeypatch.setattr(tracing, "Sampler", Noted)
    traced("keyboard", frames=60)
    page = desk.screen.trace
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    QTest.keyPress(desk.window.windowHandle(), KEY.Key_Right)
    until_phase(desk, "review")
    QTest.keyRelease(desk.window.windowHandle(), KEY.Key_Right)
    samples = page.tracing.samples()
    assert samples.device == "keyboard"
    assert np.nanmax(samples.values[:, 0]) > 0.3
    frames = np.unique(samples.times_s)
    assert np.isin(frames, page.presenter.player.times_s).all()
    taken = samples.monotonic_s[:-1]  # the last one is taken when the clip has ended
    between = [tick for tick in ticks if taken[0] <= tick <= taken[-1]]
    assert taken.tolist() == between, "no tick is without its sample"
    desk.until(lambda: page.flags.text() not in ("", "Checking the trace …"), "the quality")
    stored = desk.screen.desk.session
    project = desk.window.context.opened
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.done == 1, "the trace kept")
    (trace,) = [t for t in db.traces.every(project, usable_only=False) if t.status == "finished"]
    assert trace.rater_id == stored.rater.id
    assert trace.quality["rate_hz"] > 0
    kept = db.traces.samples(project, trace.id)
    np.testing.assert_allclose(kept.values, samples.values, atol=1e-6)
    np.testing.assert_allclose(kept.monotonic_s, samples.monotonic_s)
    shown = [p for p in db.presentations.every(project, 1) if p.trace_id == trace.id]
    assert [p.outcome for p in shown] == ["answered"]
    assert shown[0].log.detail["device"] == "keyboard"


def at(page, valence, arousal):
    point = page.pad.to_point(valence, arousal)
    return QPoint(round(point.x()), round(point.y()))


def test_a_mouse_that_does_not_move_says_where_it_rests(desk, traced):
    traced("mouse", frames=30)
    page, project = desk.screen.trace, desk.window.context.opened
    QCursor.setPos(page.pad.mapToGlobal(at(page, 0.5, -0.5)))
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    assert page.pad.marker == pytest.approx((0.5, -0.5), abs=0.05)
    until_phase(desk, "review")
    samples = page.tracing.samples()
    assert samples.times_s[0] < 0.2
    assert samples.values == pytest.approx(np.tile([0.5, -0.5], (len(samples), 1)), abs=0.05)
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.done == 1, "the trace kept")
    (trace,) = [t for t in db.traces.every(project, usable_only=False) if t.status == "finished"]
    assert trace.n_samples == len(samples)


@pytest.mark.parametrize(("valence", "title"), [(0.5, "As expected"), (-0.5, "Others see it differently")])
def test_a_practised_trace_is_told_whether_it_is_as_expected(desk, traced, valence, title):
    practice = PracticeClip(
        "clip00.mp4", "full_context", "trace", band={"valence": (0.3, 1.0)}, feedback={"en": "He smiles."}
    )
    traced("mouse", clips=3, practice=(practice,))
    page = desk.screen.trace
    QCursor.setPos(page.pad.mapToGlobal(at(page, valence, 0.0)))
    desk.key(KEY.Key_Return)
    until_phase(desk, "review")
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.page is desk.screen.text, "the feedback")
    assert desk.screen.text.title.text() == title
    told = desk.screen.text.text.text()
    assert told.startswith("He smiles.")
    assert ("expected 0.3 to 1." in told) is (valence < 0)
    desk.skip_texts()
    until_ready(desk)
    assert desk.screen.flow.task.purpose == "main"


def test_leaving_the_field_is_shown_and_stored_as_a_gap(desk, traced, media_time):
    media_time.stand()
    traced("mouse", frames=60)
    page = desk.screen.trace
    QCursor.setPos(page.pad.mapToGlobal(at(page, 0.5, 0.0)))
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    desk.until(lambda: len(page.tracing.samples()) > 3, "samples")
    QTest.mouseMove(page.pad, at(page, 0.6, 0.0))
    QCoreApplication.sendEvent(page.pad, QEvent(QEvent.Type.Leave))
    assert "Not recording" in page.pad.message
    assert page.pad.marker is None
    count = len(page.tracing.samples())
    assert np.isnan(page.tracing.samples().values[-1]).all()
    media_time.put_forward(0.6)
    settle(lambda: page.presenter.player.frame.time_s > 0.5)
    settle(seconds=0.1)
    assert len(page.tracing.samples()) == count
    QTest.mouseMove(page.pad, at(page, 0.2, 0.2))
    assert page.pad.message == ""
    media_time.go_on()
    until_phase(desk, "review")
    samples = page.tracing.samples()
    assert samples.values[-1] == pytest.approx([0.2, 0.2], abs=0.05)
    desk.until(lambda: "gaps" in page.flags.text(), "the quality")


def test_an_empty_trace_is_offered_again_and_never_kept(desk, traced):
    traced("mouse", frames=30)
    page, project, flow = desk.screen.trace, desk.window.context.opened, desk.screen.flow
    for way in ("again", "skip"):
        QCursor.setPos(desk.window.mapToGlobal(QPoint(3, 3)))  # far from the field
        desk.key(KEY.Key_Return)
        until_phase(desk, "running")
        assert "move the mouse back" in page.pad.message
        until_phase(desk, "review")
        assert len(page.tracing.samples()) == 0
        assert page.go.text() == "Trace it again"
        desk.until(lambda: "cannot be kept" in page.flags.text(), "what is said of it")
        if way == "again":
            desk.key(KEY.Key_Return)
            until_ready(desk)
            assert flow.done == 0
    desk.key(KEY.Key_X)
    assert page.go.text() == "Continue without it"
    desk.key(KEY.Key_Return)
    desk.until(lambda: flow.done == 1, "the next")
    assert {t.status for t in db.traces.every(project, usable_only=False)} == {"abandoned"}
    shown = db.presentations.every(project, 1)
    assert [p.outcome for p in shown][:3] == ["redone", "redone", "answered"]
    assert shown[2].log.detail["missing_reason"] == "cannot_tell"
    assert shown[2].trace_id is None


def test_the_marker_is_there_before_a_key_is_pressed(desk, traced):
    traced("keyboard", countdown_s=1.0)
    page = desk.screen.trace
    desk.key(KEY.Key_Return)
    assert page.tracing.phase == "countdown"
    assert page.pad.marker == (0.0, 0.0)
    until_phase(desk, "review")
    assert len(page.tracing.samples()) > 3  # nothing was pressed, and the middle is an answer


def test_a_pause_is_marked_and_redo_keeps_the_first_one_as_abandoned(desk, traced, media_time):
    media_time.stand()
    traced("keyboard", frames=30)
    page, project = desk.screen.trace, desk.window.context.opened
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    desk.until(lambda: len(page.tracing.samples()) > 2, "samples")
    desk.key(KEY.Key_Space)
    assert page.tracing.phase == "paused"
    assert np.isnan(page.tracing.samples().values[-1]).all()
    count = len(page.tracing.samples())
    settle(seconds=0.1)
    assert len(page.tracing.samples()) == count
    media_time.go_on()
    desk.key(KEY.Key_Space)
    until_phase(desk, "review")
    desk.key(KEY.Key_R)
    until_ready(desk)
    assert [t.status for t in db.traces.every(project, usable_only=False)] == ["abandoned"]
    assert [p.outcome for p in db.presentations.every(project, 1)] == ["redone", "open"]
    desk.key(KEY.Key_Return)
    until_phase(desk, "review")
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.done == 1, "the trace kept")
    assert sorted(t.status for t in db.traces.every(project, usable_only=False)) == ["abandoned", "finished"]


def test_it_pauses_when_the_window_is_left(desk, traced, media_time):
    media_time.stand()
    traced("keyboard", frames=30)
    page = desk.screen.trace
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    QGuiApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert page.tracing.phase == "paused"
    assert page.presenter.phase == "paused"
    assert "Paused" in page.stage.message


def test_the_countdown_counts_and_one_dimension_is_traced_on_an_axis(desk, traced):
    traced("keyboard", countdown_s=1.0, trace=default_trace(joint=False))
    page = desk.screen.trace
    assert page.tracing.axes in ((True, False), (False, True))
    desk.key(KEY.Key_Return)
    assert page.tracing.phase == "countdown"
    assert page.stage.message == "1"
    until_phase(desk, "review")
    values = page.tracing.samples().values
    alone = page.tracing.axes.index(True)
    assert np.isfinite(values[:, alone]).all()
    assert np.isnan(values[:, 1 - alone]).all()


def test_what_cannot_be_judged_is_passed_over_with_a_reason_and_asked_first(desk, traced):
    traced("keyboard")
    page = desk.screen.trace
    desk.key(KEY.Key_X)
    assert page.asking
    assert "Esc to go back" in page.pad.message
    desk.key(KEY.Key_D)
    desk.key(KEY.Key_Escape)
    assert not page.asking
    assert (desk.page, page.tracing.phase, page.tracing.device) == (page, "ready", "keyboard")
    desk.key(KEY.Key_X)
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.done == 1, "the next")
    shown = db.presentations.every(desk.window.context.opened, 1)
    assert shown[0].log.detail["missing_reason"] == "cannot_tell"


def test_a_skip_that_cannot_be_saved_keeps_the_trace_and_is_saved_once_when_pressed_again(desk, traced, monkeypatch):
    traced("mouse", frames=30)
    page, flow, project = desk.screen.trace, desk.screen.flow, desk.window.context.opened
    QCursor.setPos(desk.window.mapToGlobal(QPoint(3, 3)))  # far from the field
    desk.key(KEY.Key_Return)
    until_phase(desk, "review")
    session, asked = AnnotateSession, []

    def refuses(*_args, **_kwargs):
        asked.append(1)
        raise UserError("The disk is full.", "Make room.")

    with monkeypatch.context() as broken:
        broken.setattr(session, "redo_trace", refuses)
        desk.key(KEY.Key_X)
        desk.key(KEY.Key_Return)
        desk.until(lambda: asked and page.tracing.phase == "review", "the refusal")
    assert "Not saved yet" in page.trouble.text()
    assert flow.done == 0
    desk.key(KEY.Key_X)
    desk.key(KEY.Key_Return)
    assert page.tracing.phase == "saving"
    desk.key(KEY.Key_X)  # too late to mean this clip, too early for the next
    desk.key(KEY.Key_Return)
    desk.until(lambda: flow.done == 1, "the next")
    until_ready(desk)
    idle(desk.window.context)
    assert {trace.status for trace in db.traces.every(project, usable_only=False)} == {"abandoned"}
    outcomes = [shown.outcome for shown in db.presentations.every(project, 1)]
    assert outcomes.count("answered") == 1
    assert flow.done == 1


def test_leaving_in_the_middle_of_a_trace_loses_nothing(desk, traced, media_time):
    media_time.stand()
    traced("keyboard", frames=60)
    page, project = desk.screen.trace, desk.window.context.opened
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    desk.until(lambda: len(page.tracing.samples()) > 3, "samples")
    desk.key(KEY.Key_Escape)
    desk.key(KEY.Key_Escape)
    desk.until(lambda: desk.page is desk.screen.text, "the pause")
    idle(desk.window.context)
    (trace,) = db.traces.every(project, usable_only=False)
    assert trace.status == "abandoned"
    assert len(db.traces.samples(project, trace.id)) > 3


def test_the_reaction_lag_is_measured_before_the_first_trace(desk, make, monkeypatch):
    from app.services.study import calibration

    monkeypatch.setattr(calibration, "jumps", lambda: calibration.Jumps(np.array([0.5, 1.1, 1.7, 2.3]), 3.0))
    spec = default_trace()
    spec = type(spec)(spec.joint, 0.0, True, spec.axis_labels)
    path = make(clips=2, frames=6, **{**TRACE_ONLY, "trace": spec})
    desk.window.context.settings.set("annotate.device", "gamepad")
    desk.window.context.settings.set("annotate.pad_mode", "absolute")
    with VirtualPad() as pad:
        desk.open(path)
        desk.sign_in()
        desk.until(lambda: "dot" in desk.screen.text.text.text(), "the offer")
        desk.key(KEY.Key_Return)
        until_ready(desk)
        page = desk.screen.trace
        assert page.tracing.axes == (False, True)
        pad.stick(0.0, -1.0)
        desk.key(KEY.Key_Return)
        until_phase(desk, "running")
        for onset, up in ((0.5, 1), (1.1, -1), (1.7, 1), (2.3, -1)):
            desk.until(lambda: page.presenter.player.position_s > onset + 0.15, "the jump")  # noqa: B023
            pad.stick(0.0, float(up))
        until_phase(desk, "review")
        desk.key(KEY.Key_Return)
        desk.until(lambda: desk.page is desk.screen.text, "the result")
    assert desk.screen.text.title.text() == "Measured"
    project = desk.window.context.opened
    (rater,) = [r for r in db.raters.every(project) if r.code == "R01"]
    assert 0.1 < rater.lag_s < 0.6
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.task is not None and desk.screen.flow.task.slot.id > 0, "the first clip")
    assert not [p for p in db.presentations.every(project, 1) if p.start.key.condition == "calibration"]


def test_keys_of_a_trace_stay_with_it_wherever_the_focus_was_led(desk, traced):
    traced("mouse")
    page, window = desk.screen.trace, desk.window
    window.context.notice_raised.emit(Notice("Something happened.", "Do something."))
    settle(window.banner.isVisible, what="the message")
    before = page.device.currentIndex()
    QTest.mouseClick(page.device, Qt.MouseButton.LeftButton)
    page.device.hidePopup()
    desk.key("D")
    assert page.device.currentIndex() != before
    for widget in desk.focusable_beside(page):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert window.focusWidget() is page
    desk.key(KEY.Key_Tab)
    desk.key("X")
    assert page.asking
