"""A project that somebody looks after, in the real window: none of its labels before an owner or reviewer signs in."""

import shutil
import subprocess
import sys

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

import db.raters
from app.errors import UserError
from app.services.study.kits import make_kit
from app.services.study.reviewers import add_owner
from app.ui.core.screen import Screen
from app.ui.screens import find_screens
from app.ui.shell.dialogs.palette import CommandPalette
from app.ui.shell.main import run_window
from db.project import Project
from tests.services.test_at_work import HOLD
from tests.ui.annotate.builder import build
from tests.ui.waiting import idle, settle

SHOW_LABELS = frozenset(screen.id for screen in find_screens() if screen.shows_labels)
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = build(tmp_path_factory.mktemp("guarded"), clips=2)
    with Project.open(path) as project:
        add_owner(project, "OWN", "55")
    return path


@pytest.fixture
def path(tmp_path, built):
    shutil.copytree(built.parent, tmp_path / "project")
    return tmp_path / "project" / built.name


@pytest.fixture
def reads(monkeypatch):
    """Every statement that is sent to any database, as text."""
    from sqlalchemy import Engine, event

    said = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


def test_every_screen_states_whether_it_shows_labels():
    assert {screen.id for screen in find_screens() if not screen.shows_labels} == {"annotate", "camera", "models"}
    with pytest.raises(TypeError, match="shows_labels"):
        Screen("new", "New", "models", 60, QWidget)


def opened(window, path):
    window.projects.open(path)
    settle(lambda: window.context.opened is not None and window.context.jobs.busy == 0, what="the project")


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))
    idle(window.context)


def sees_nothing(window):
    assert window.context.project is None
    for screen in SHOW_LABELS:
        widget = window.show_screen(screen)
        settle(lambda: window.context.jobs.busy == 0, seconds=0.1)
        assert window.stack.currentWidget() is window.guard
        assert not widget.isVisible()
        assert not window.context.commands.holds(f"screen.{screen}")


def test_it_opens_where_raters_sign_in_and_every_way_in_asks(window, path, reads):
    for screen in sorted(SHOW_LABELS):
        window.show_screen(screen)  # made before: none of them may hear of the project
    opened(window, path)
    del reads[:]  # opening closes traces that a crash cut short
    assert window.screen_id == "annotate"
    annotate = window.show_screen("annotate")
    settle(lambda: annotate.stack.currentWidget() is annotate.sign_in, what="the form")
    sees_nothing(window)
    window.activateWindow()
    settle(window.isActiveWindow, what="the window to be active")
    for number, screen in enumerate(window.screens):
        QTest.keyClick(window.windowHandle(), getattr(Qt.Key, f"Key_{(number + 1) % 10}"), ALT)
        settle(lambda name=screen: window.screen_id == name, what=screen)
        assert (window.stack.currentWidget() is window.guard) == (screen in SHOW_LABELS)
    window.context.open_clip(1)
    window.context.play()
    assert window.stack.currentWidget() is window.guard
    able = {command.id for command in window.context.commands.all() if window.context.commands.enabled(command.id)}
    assert able.isdisjoint({"clips.add", "analysis.analyse_all", "clips.relink", "analysis.analyse_clip"})
    palette = CommandPalette(window.context, window)
    items = [palette.list.item(row) for row in range(palette.list.count())]
    assert "Add clips" not in {item.text() for item in items if item.flags() & Qt.ItemFlag.ItemIsEnabled}
    assert window.context.commands.obstacle("clips.add") == "needs an owner or reviewer who is signed in"
    palette.deleteLater()
    with pytest.raises(UserError, match="can add clips"):
        window.projects.take_files([str(path.parent)])
    for statement in reads:
        for table in ("FROM run", "FROM gold", "FROM answer", "FROM trace", "FROM intensity", "FROM training_run"):
            assert table not in statement, statement


def test_an_owner_signs_in_once_for_all_screens_and_out_again(window, path):
    opened(window, path)
    window.show_screen("review")
    gate = window.guard.gate
    assert gate.isVisible()
    gate.pin.setText("54")
    gate.go.click()
    settle(lambda: "PIN is wrong" in gate.note.text(), what="the refusal")
    sees_nothing(window)
    window.show_screen("review")
    gate.pin.setText("55")
    gate.go.click()
    settle(lambda: window.context.project is not None, what="the owner")
    for screen in window.screens:
        widget = window.show_screen(screen)
        assert window.stack.currentWidget() is widget
    window.show_screen("review")
    review = window.show_screen("review")
    settle(lambda: review.desk.player.is_open, what="the clip")
    window.run("project.sign_out")
    assert window.stack.currentWidget() is window.guard
    assert review.currentWidget() is review.welcome
    sees_nothing(window)


def test_a_rater_who_signs_in_ends_the_owners_session(window, path):
    opened(window, path)
    window.show_screen("agreement")
    window.guard.gate.pin.setText("55")
    window.guard.gate.go.click()
    settle(lambda: window.context.project is not None, what="the owner")
    annotate = window.show_screen("annotate")
    settle(lambda: annotate.stack.currentWidget() is annotate.sign_in, what="the form")
    form = annotate.sign_in
    assert form.rater.count() == 0, "nobody reads who takes part"
    assert form.code.isVisible()
    assert not form.go.isEnabled()
    form.code.setText("R99")
    settle(form.go.isEnabled, what="the button")
    form.go.click()
    settle(lambda: "R99" in form.note.text(), what=lambda: f"the refusal; the form says {form.note.text()!r}")
    refusal = form.note.text()
    form.pin.setText("12")
    form.pin.setFocus()
    annotate.reload()  # the list of studies comes again while somebody writes
    idle(window.context)
    assert form.note.text() == refusal
    assert (form.code.text(), form.pin.text()) == ("R99", "12")
    assert form.go.isEnabled()
    form.code.setText("R01")
    settle(form.go.isEnabled, what="the button")
    form.go.click()
    settle(lambda: window.context.commands.holds("annotating"), what="the rater")
    assert window.context.project is None
    assert annotate.desk.is_open
    assert (form.code.text(), form.pin.text()) == ("", ""), "the next person does not read who was here"
    annotate.flow.end()
    assert window.context.project is None, "the owner is not back by itself"
    sees_nothing(window)


def test_closing_in_the_middle_and_starting_again_shows_no_prediction(window, path):
    opened(window, path)
    assert window.context.recent.paths()[0] == path
    window.projects.close()
    assert window.context.opened is None
    window.show_screen("review")
    drop(window, path)
    settle(lambda: window.context.opened is not None, what="the project")
    assert window.screen_id == "annotate"
    assert window.context.project is None
    sees_nothing(window)


def test_a_reviewer_who_is_named_closes_the_open_project_to_others(window, project_path):
    opened(window, project_path)
    assert window.context.project is not None
    window.context.write(lambda project: db.raters.add(project, "REV", "reviewer"))
    settle(lambda: window.context.project is None, what="the lock")
    sees_nothing(window)


def test_a_kit_of_a_guarded_project_shows_nobody_predictions(window, path, tmp_path):
    with Project.open(path) as project:
        kit = make_kit(project, "R01", tmp_path / "kit")
    opened(window, kit)
    assert window.screen_id == "annotate"
    sees_nothing(window)
    assert window.guard.currentWidget() is window.guard.closed
    assert "kit" in window.guard.closed.title.text()


def test_a_second_window_of_the_same_user_opens_nothing_while_a_rater_is_signed_in(window, project_path):
    opened(window, project_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UserError, match="another window"):
            run_window(project_path)
        before = window.context.opened
        window.projects.open(project_path)
        settle(seconds=0.1)
        assert window.context.opened is before
        sees_nothing(window)
        assert "another window" in window.guard.closed.title.text()
        other.communicate("\n")
    window.context.seat.look_elsewhere()
    assert window.context.project is before
