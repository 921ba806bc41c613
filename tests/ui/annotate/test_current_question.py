"""The current question stays until the rater moves it, and an overwritten answer is seen and can be taken back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.ui.core.messages import Notice
from tests.ui.waiting import settle

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def begun(desk, make):
    desk.open(make(clips=2))
    desk.sign_in()
    desk.skip_texts()
    desk.until_shown("ended")
    return desk.screen.rating


def test_clicks_beside_the_cells_leave_the_question_and_its_answers_alone(desk, make):
    page = begun(desk, make)
    rows = page.questions.emotion_rows
    names = list(rows)
    desk.key("3")
    desk.key("2")
    third = rows[names[2]]
    assert page.questions.current is third
    title = QPoint(3, rows[names[0]].height() // 2)
    for widget, at in (
        (page.stage, page.stage.rect().center()),
        (page, QPoint(2, 2)),
        (page.header, QPoint(3, 3)),
        (page.hints, page.hints.rect().center()),
        (rows[names[0]], title),
        (page.questions.viewport(), QPoint(2, page.questions.viewport().height() - 2)),
    ):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
        assert page.questions.current is third
        assert third.current
    desk.key("5")
    assert [page.draft.score(name) for name in names[:4]] == [3, 2, 5, None]
    assert page.questions.current is rows[names[3]]
    QTest.mouseClick(page.stage, Qt.MouseButton.LeftButton)
    desk.key(KEY.Key_Down)
    assert page.questions.current is rows[names[4]]


def test_an_overwritten_answer_is_seen_and_taken_back(desk, make):
    page = begun(desk, make)
    first, second = list(page.questions.emotion_rows)[:2]
    row = page.questions.emotion_rows[first]
    desk.key("4")
    desk.key("1")
    desk.key(KEY.Key_Up)
    desk.key(KEY.Key_Up)
    desk.key("2")
    assert (row.at, row.was) == (2, 4)
    assert "was 4" in row.accessibleName()
    desk.key("Z", CONTROL)
    assert (page.draft.score(first), row.at, row.was) == (4, 4, None)
    assert page.questions.current is row
    assert "Undone" in page.note.text()
    desk.key("Z", CONTROL)
    assert page.draft.score(second) is None
    desk.key("Z", CONTROL)
    assert page.draft.score(first) is None
    desk.key("Z", CONTROL)
    assert "nothing to undo" in page.note.text()


@pytest.mark.parametrize("comments", [False, True])
def test_digits_go_to_the_current_question_wherever_the_focus_was_led(desk, make, comments):
    desk.open(make(clips=2, comments=comments))
    desk.sign_in()
    desk.skip_texts()
    desk.until_shown("ended")
    page, window = desk.screen.rating, desk.window
    rows = list(page.questions.emotion_rows.values())
    window.context.notice_raised.emit(Notice("Something happened.", "Do something."))
    settle(window.banner.isVisible, what="the message")
    others = desk.focusable_beside(page)
    assert any(window.banner.isAncestorOf(w) for w in others)
    for number, widget in enumerate(others):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        desk.key(str(number))
        assert (rows[number].at, page.questions.current) == (number, rows[number + 1])
    QTest.mouseClick(window.banner, Qt.MouseButton.LeftButton)
    QTest.mouseClick(others[-1], Qt.MouseButton.RightButton)
    assert page.questions.current is rows[len(others)]
    at = page.questions.stops.index(page.questions.current)
    for key, modifier, step in [(KEY.Key_Tab, None, 1)] * 20 + [(KEY.Key_Backtab, SHIFT, -1)] * 20:
        desk.key(key, modifier or Qt.KeyboardModifier.NoModifier)
        at = min(max(at + step, 0), len(page.questions.stops) - 1)
        assert page.questions.current is page.questions.stops[at]
        assert window.focusWidget() is page.questions.current
    assert at == 0
    desk.key(KEY.Key_Down)
    others[0].setFocus()
    window.banner.hide()
    desk.key("5")
    assert (rows[1].at, page.questions.current) == (5, rows[2])
