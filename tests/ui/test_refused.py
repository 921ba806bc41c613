"""The window is refused in sight where there is no terminal: a double click on a project must not end in nothing."""

import sys

import pytest
from PySide6.QtGui import QGuiApplication

from app.errors import UserError
from app.ui.shell import main, refused
from tests.ui.waiting import settle

ERROR = UserError("Somebody is judging clips in another window.", "Pause and leave there first (Esc).")


def test_the_message_says_what_and_what_to_do(qapp):
    box = refused.refusal(ERROR)
    box.show()
    settle(box.isVisible)
    assert (box.text(), box.informativeText()) == (ERROR.what, ERROR.todo)
    box.buttons()[0].click()
    assert not box.isVisible()


@pytest.mark.parametrize(
    ("terminal", "platform", "shown"), [(True, "xcb", 0), (False, "offscreen", 0), (False, "xcb", 1)]
)
def test_it_is_shown_where_nothing_else_tells(qapp, monkeypatch, terminal, platform, shown):
    """The refusal itself is the real one: only the terminal, the display and the other rater are given."""
    seen = []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    monkeypatch.setattr(refused.QMessageBox, "exec", lambda box: seen.append(box.text()))

    def rated():
        raise ERROR

    monkeypatch.setattr(main, "refuse_while_rated", rated)
    with pytest.raises(UserError):
        main.refuse_in_sight()
    assert seen == [ERROR.what] * shown
