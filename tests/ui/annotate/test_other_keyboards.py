"""Keyboards that write no Latin letters, or digits only with Shift: keys count by their place."""

import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

import db.answers
from app.ui.parts.judging import keys
from app.ui.parts.judging.keys import meant, written
from db.project import Project

NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
X, R, ONE, THREE = 53, 27, 10, 12
"""Scan codes of keys in their places on X11."""


def event(key, code=0, text="", modifier=NONE, virtual=0):
    return QKeyEvent(QEvent.Type.KeyPress, int(key), modifier, code, virtual, 0, text)


@pytest.mark.parametrize(
    ("letter", "code", "wanted"),
    [("ч", X, "X"), ("Ч", X, "X"), ("к", R, "R"), ("χ", X, "X"), ("ρ", R, "R"), ("ס", X, "X"), ("ر", 47, "ر"),
     ("&", ONE, "1"), ("é", 11, "2"), ('"', THREE, "3"), ("à", 19, "0"), ("١", ONE, "1"), ("ź", X, "X")],
)  # fmt: skip
def test_a_key_is_what_it_is_in_its_place_where_it_writes_another_script(letter, code, wanted):
    pressed = event(ord(letter.upper()), code, letter)
    assert meant(pressed, "linux") == Qt.Key(ord(wanted))


@pytest.mark.parametrize(
    ("key", "code", "text"),
    [(Qt.Key.Key_Z, 29, "z"), (Qt.Key.Key_A, 24, "a"), (Qt.Key.Key_5, 84, "5"), (Qt.Key.Key_X, 56, "x")],
)
def test_a_latin_letter_or_digit_is_what_it_says_wherever_it_is(key, code, text):
    assert meant(event(key, code, text)) == key
    assert written(event(key, code, text)) == text.upper()


def test_signs_and_keys_that_write_nothing_stay():
    for key, code in ((Qt.Key.Key_Left, 113), (Qt.Key.Key_Return, 36), (Qt.Key.Key_Escape, 9), (Qt.Key.Key_Space, 65)):
        assert meant(event(key, code)) == key
    assert meant(event(Qt.Key.Key_Question, 61, "?")) == Qt.Key.Key_Question
    assert meant(event(ord("Ж"), 47, "ж")) == ord("Ж")  # the key in its place writes a sign


def test_windows_and_macos_have_codes_of_their_own():
    assert meant(event(ord("Ч"), 45, "ч"), "win32") == Qt.Key.Key_X
    assert meant(event(ord("Ч"), 1, "ч", virtual=7), "darwin") == Qt.Key.Key_X
    assert all(len(set(places.values())) == len(places) == 36 for places in keys.PLACES.values())


@pytest.mark.skipif(sys.platform != "linux", reason="the codes are those of X11")
def test_an_item_is_judged_with_a_russian_and_a_french_keyboard(desk, make):
    path = make(clips=2)
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    page, flow = desk.screen.rating, desk.screen.flow

    def press(key, code, text, modifier=NONE):
        QCoreApplication.sendEvent(desk.window.windowHandle(), event(key, code, text, modifier))

    desk.until_shown("ended")
    press(ord("Ч"), X, "ч")
    assert page.draft.reason("angry") == "cannot_tell"
    desk.key(Qt.Key.Key_Down)
    press(Qt.Key.Key_QuoteDbl, THREE, '"')
    assert page.draft.score("disgust") == 3
    press(ord("Я"), 52, "", CONTROL)
    assert page.draft.score("disgust") is None
    press(ord("К"), R, "к")
    desk.until_shown("playing", "ended")
    press(ord("Ч"), X, "", CONTROL)
    assert page.draft.complete
    desk.until(lambda: page.presenter.seen_whole, "the end of the clip")
    slot = flow.task.slot.id
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: flow.task is None or flow.task.slot.id != slot or desk.page is desk.screen.text, "the next")
    with Project.open(path, read_only=True) as project:
        (answer,) = db.answers.every(project, 1)
    assert {one.missing_reason for one in answer.answer.intensities.values()} == {"cannot_tell"}
