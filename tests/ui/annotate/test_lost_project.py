"""A project that is moved, deleted or replaced under a rater: told at once, kept, and offered again."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

import db.answers
import db.traces
from app.domain.study_defaults import default_trace
from app.services.projects import rescue_files
from app.ui.shell.main import make_window
from db.project import Project
from tests.lost import HARM
from tests.ui.annotate.test_traces import TRACE_ONLY, at, until_phase, until_ready
from tests.ui.waiting import settle

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
KEY = Qt.Key


def copied(path, tmp_path):
    """A copy made by another program, as people make one while the project is closed."""
    other = tmp_path / "backup.affectograph"
    subprocess.run(["cp", str(path), str(other)], check=True)
    return other


def until_stopped(desk):
    desk.until(lambda: desk.page is desk.screen.text and "Stop here" in desk.screen.text.title.text(), "the word")
    return desk.screen.text.text.text()


def begin(desk, path):
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()


def stored_from_offer(window, path):
    """Open a project, look at what is offered, store it."""
    window.projects.open(path)
    settle(lambda: window.context.project is not None and window.context.project.path == path)
    settle(lambda: window.rescued.dialog is not None, what="the offer")
    dialog = window.rescued.dialog
    assert dialog.store.isEnabled()
    rows = [dialog.list.topLevelItem(0).child(n).text(0) for n in range(dialog.list.topLevelItem(0).childCount())]
    dialog.store.click()
    settle(lambda: window.context.jobs.busy == 0 and window.rescued.dialog is None, what="the storing")
    return rows


@pytest.mark.parametrize("harm", HARM)
def test_in_the_middle_of_an_item(desk, make, tmp_path, harm):
    path = make(clips=2)
    copy = copied(path, tmp_path)
    begin(desk, path)
    desk.until_shown("playing", "ended")
    for digit in "012345012" + "3":
        desk.key(digit)
    desk.until(lambda: desk.screen.rating.presenter.seen_whole, "the end of the clip")
    HARM[harm](path)
    words = until_stopped(desk)  # nobody has pressed anything since
    assert "rescue file" in words
    assert "while it was open" in words
    assert "while it was open" in desk.window.banner.text()
    (file,) = rescue_files.pending()
    (entry,) = file.entries
    assert not entry.confirmed
    assert entry.answer.category == "happy"
    assert len(entry.answer.intensities) == 9
    desk.key(KEY.Key_Return)  # leave
    desk.until(lambda: not desk.screen.desk.is_open, "leaving")
    desk.window.context.set_project(None)
    assert len(stored_from_offer(desk.window, copy)) == 1
    with Project.open(copy, read_only=True) as project:
        (one,) = db.answers.every(project, 1)
        assert one.answer.category == "happy"
    assert rescue_files.pending() == []


def test_an_answer_that_is_being_saved_when_it_happens(desk, make, tmp_path):
    path = make(clips=2)
    copy = copied(path, tmp_path)
    begin(desk, path)
    desk.until_shown("playing", "ended")
    for digit in "012345012" + "3":
        desk.key(digit)
    desk.until(lambda: desk.screen.rating.presenter.seen_whole, "the end of the clip")
    HARM["renamed"](path)
    desk.key(KEY.Key_Return)
    assert "rescue file" in until_stopped(desk)
    (file,) = rescue_files.pending()
    assert [one.confirmed for one in file.entries] == [True]
    assert desk.screen.flow.done == 0
    desk.key(KEY.Key_Return)
    desk.until(lambda: not desk.screen.desk.is_open, "leaving")
    desk.window.context.set_project(None)
    stored_from_offer(desk.window, copy)
    with Project.open(copy, read_only=True) as project:
        assert len(db.answers.every(project, 1)) == 1


@pytest.mark.parametrize("harm", HARM)
def test_in_the_middle_of_a_trace(desk, make, tmp_path, harm):
    spec = default_trace()
    path = make(clips=2, frames=200, **{**TRACE_ONLY, "trace": type(spec)(spec.joint, 0.0, False, spec.axis_labels)})
    copy = copied(path, tmp_path)
    desk.window.context.settings.set("annotate.device", "mouse")
    begin(desk, path)
    until_ready(desk)
    page = desk.screen.trace
    QCursor.setPos(page.pad.mapToGlobal(at(page, 0.5, -0.5)))
    desk.key(KEY.Key_Return)
    until_phase(desk, "running")
    desk.until(lambda: len(page.tracing.samples()) > 30, "samples")
    HARM[harm](path)
    assert "rescue file" in until_stopped(desk)
    (file,) = rescue_files.pending()
    (entry,) = file.entries
    assert entry.what == "trace"
    assert not entry.confirmed
    assert len(entry.samples) > 30
    np.testing.assert_allclose(entry.samples.values[0], [0.5, -0.5], atol=0.05)
    desk.key(KEY.Key_Return)
    desk.until(lambda: not desk.screen.desk.is_open, "leaving")
    desk.window.context.set_project(None)
    stored_from_offer(desk.window, copy)
    with Project.open(copy, read_only=True) as project:
        (trace,) = db.traces.every(project, usable_only=False)
        assert (trace.status, trace.n_samples) == ("interrupted", len(entry.samples))


def test_closing_in_the_middle_of_a_lost_project_ends_and_keeps_everything(desk, make):
    path = make(clips=2)
    begin(desk, path)
    desk.until_shown("playing", "ended")
    desk.key("3")
    HARM["deleted"](path)
    until_stopped(desk)
    desk.window.close()
    assert not desk.window.isVisible()
    assert desk.window.context.project is None
    assert len(rescue_files.pending()) == 1


def test_the_next_start_offers_what_waits_and_keeps_it_for_later(desk, make, qapp):
    path = make(clips=2)
    begin(desk, path)
    desk.until_shown("playing", "ended")
    desk.key("3")
    HARM["renamed"](path)
    until_stopped(desk)
    desk.window.close()
    desk.window.context.faults.remove()
    again = make_window(desk.window.context.settings, remember=False)
    again.show()
    again.rescued.at_start()
    settle(lambda: again.rescued.dialog is not None, what="the offer")
    dialog = again.rescued.dialog
    assert not dialog.store.isEnabled()
    assert str(path) in dialog.note.text()
    assert "R01" in dialog.list.topLevelItem(0).text(0)
    dialog.later.click()
    settle(lambda: again.rescued.dialog is None)
    assert len(rescue_files.pending()) == 1
    again.run("project.rescued")
    settle(lambda: again.rescued.dialog is not None, what="the offer from the menu")
    again.close()
    again.context.faults.remove()
    again.deleteLater()


def test_a_folder_that_does_not_answer_is_no_loss(desk, make, monkeypatch):
    """The disk hangs for the watcher, then refuses; the rater is told nothing and goes on."""
    import os
    import threading

    path = make(clips=2)
    begin(desk, path)
    desk.until_shown("playing", "ended")
    real, name, until, asked = os.stat, str(path), threading.Event(), threading.Event()

    def stat(where, *args, **options):
        if str(where).startswith(name) and threading.current_thread().name == "reach":
            asked.set()
            until.wait(1.5)
            raise OSError(5, "Input/output error", str(where))
        return real(where, *args, **options)

    monkeypatch.setattr(os, "stat", stat)
    desk.until(asked.is_set, "the watcher's look")
    settle(seconds=2.5)
    until.set()
    monkeypatch.undo()
    assert "rating.affectograph" not in desk.window.banner.text()
    assert desk.window.context.opened.lost is None
    assert desk.page is desk.screen.rating
