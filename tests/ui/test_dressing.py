"""A change of the theme: what is seen has the new look at once, the rest when it is shown or when there is time."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from shiboken6 import delete

from app.ui.look.theme import Theme
from app.ui.shell.dressing import Dressing
from tests.ui.waiting import settle


@pytest.fixture
def drawn(window):
    """A visible and a hidden part, and how often each was drawn."""
    host, drawn = QWidget(), []
    seen, hidden = (QWidget(host) for _ in range(2))
    inside = QWidget(hidden)
    hidden.hide()
    dressing = Dressing(window.context.theme, host)
    for part in (seen, hidden):
        dressing.add(part)
    for name, widget in (("seen", seen), ("inside", inside)):
        window.context.theme.redraw_with(widget, lambda name=name: drawn.append(name))
    host.show()
    yield window.context.theme, dressing, seen, hidden, drawn
    host.close()
    host.deleteLater()


def test_hidden_parts_wait_until_they_are_shown(drawn):
    theme, dressing, seen, hidden, told = drawn
    before = theme.sheet
    theme.toggle()
    assert (seen.styleSheet(), hidden.styleSheet()) == (theme.sheet, before)
    assert told == ["seen"]
    dressing.ready(hidden)
    assert hidden.styleSheet() == theme.sheet
    assert told == ["seen"]  # it is dressed, but nobody sees it yet
    hidden.show()
    assert told == ["seen", "inside"]
    hidden.hide()
    hidden.show()
    assert told == ["seen", "inside"]
    theme.toggle()
    assert told == ["seen", "inside", "seen", "inside"]


def test_hidden_parts_are_dressed_when_there_is_time(drawn):
    theme, _dressing, _seen, hidden, _told = drawn
    theme.toggle()
    settle(lambda: hidden.styleSheet() == theme.sheet)


def test_parts_that_are_gone_are_forgotten(drawn):
    theme, dressing, _seen, hidden, _told = drawn
    theme.toggle()
    delete(hidden)
    assert len(dressing.parts) == 1
    theme.toggle()
    settle(seconds=0.05)


def test_screens_bars_and_dialogs_have_the_look(window):
    theme: Theme = window.context.theme
    other = window.show_screen("models")
    window.show_screen("review")
    before = theme.sheet
    theme.toggle()
    shown = window.stack.currentWidget()
    for part in (shown, window.rail, window.menuBar(), window.statusBar()):
        assert part.styleSheet() == theme.sheet, part
    assert window.styleSheet() == ""
    assert window.show_screen("models") is other
    assert other.styleSheet() == theme.sheet != before
    window.run("app.open_settings")
    dialog = QApplication.activeModalWidget()
    assert dialog.styleSheet() == theme.sheet
    primary = next(one for one in dialog.findChildren(QPushButton) if one.property("kind") == "primary")
    primary.ensurePolished()
    assert primary.grab().toImage().pixelColor(primary.width() // 2, 4) == theme.colour("accent")
    dialog.close()
    theme.toggle()


def test_file_dialogs_open_one_after_the_other(window):
    """Qt ended the process in the second one when it had a style sheet of its own."""
    for command in ("project.open", "project.new", "project.open"):
        QTimer.singleShot(300, lambda: QApplication.activeModalWidget().reject())
        window.run(command)
        settle(seconds=0.05)
    assert window.isVisible()
