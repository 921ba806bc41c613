"""The check of sound and screen in the real window, by keys; the loudspeaker alone is stood in for."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

import db.audit
import db.presentations
from app.domain.study_defaults import default_condition
from app.ui.screens.annotate import check, sitting_flow
from db.project import Project
from tests.ui.waiting import settle

KEY = Qt.Key


class Loudspeaker:
    """Takes what the program would send to a device, of which a test machine has none."""

    heard = b""
    there = True

    def __init__(self, volume):
        self.volume = volume

    @property
    def open(self):
        return Loudspeaker.there

    def start(self, time_s):
        Loudspeaker.heard = b""

    def push(self, source):
        Loudspeaker.heard += source.take(1 << 22)

    def stop(self):
        pass

    def close(self):
        pass


def tones_heard():
    """Count the tones in the sound that was sent."""
    if not Loudspeaker.heard:
        return 0
    left = np.abs(np.frombuffer(Loudspeaker.heard, np.float32).reshape(-1, 2)[:, 0]) > 0.02
    loud = np.convolve(left, np.ones(480), "same") > 0
    return int((np.diff(loud.astype(int)) == 1).sum())


@pytest.fixture
def loudspeaker(monkeypatch):
    monkeypatch.setattr(check, "Speaker", Loudspeaker)
    monkeypatch.setattr(sitting_flow, "Speaker", Loudspeaker)
    monkeypatch.setattr(Loudspeaker, "there", True)
    monkeypatch.setattr(Loudspeaker, "heard", b"")


def typed(desk, text):
    for digit in text:
        desk.key(digit)


def at_check(desk, path):
    desk.open(path)
    desk.sign_in()
    desk.until(lambda: desk.page is desk.screen.check, "the check")
    return desk.screen.check


def tries(path):
    with Project.open(path, read_only=True) as project:
        return [line.detail for line in reversed(db.audit.recent(project, action="sitting.check"))]


def test_by_keys_alone_tones_are_counted_and_digits_read(desk, make, loudspeaker):
    path = make(clips=3, sound=True, setup_check="required")
    page = at_check(desk, path)
    assert not page.skip.isVisible()
    assert desk.window.focusWidget() is page.play
    desk.key(KEY.Key_Space)
    desk.until(lambda: len(Loudspeaker.heard) > 0, "the tones")
    assert tones_heard() == page.questions.tones
    typed(desk, str(tones_heard() + 1))  # a wrong count
    desk.key(KEY.Key_Tab)
    typed(desk, page.questions.dark)
    desk.key(KEY.Key_Tab)
    typed(desk, page.questions.light[1:])
    asked = page.questions
    desk.key(KEY.Key_Return)
    desk.until(lambda: page.questions != asked, "other questions")
    assert "number of tones is not right" in page.verdict.text()
    assert "digits" not in page.verdict.text()
    assert desk.window.focusWidget() is page.play
    desk.key(KEY.Key_Space)
    desk.until(lambda: tones_heard() == page.questions.tones, "the tones again")
    typed(desk, str(tones_heard()))
    desk.key(KEY.Key_Tab)
    typed(desk, page.questions.dark[1:])
    desk.key(KEY.Key_Tab)
    typed(desk, page.questions.light)
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.page is not page, "the first clip")
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    desk.key(KEY.Key_Escape)
    desk.until(lambda: desk.screen.text.title.text() == "Paused", "the pause")
    first, second = tries(path)
    assert (first["passed"], first["sound"], first["tries"]) == (False, "failed", 1)
    assert (second["passed"], second["dark_steps"], second["light_steps"], second["tries"]) == (True, 2, 3, 2)
    assert min(second["picture_width"], second["picture_height"]) > 300
    with Project.open(path, read_only=True) as project:
        (shown,) = db.presentations.every(project, 1)
    assert shown.log.detail["sitting"]["passed"] is True


def test_without_sound_a_required_check_does_not_let_through_and_says_what_to_do(desk, make, loudspeaker):
    Loudspeaker.there = False
    path = make(clips=3, sound=True, setup_check="required")
    page = at_check(desk, path)
    assert "no sound output" in page.sound_note.text()
    page.dark_digits.setText(page.questions.dark)
    page.light_digits.setText(page.questions.light)
    asked = page.questions
    page.go.click()
    desk.until(lambda: page.questions != asked, "other questions")
    assert "Plug in headphones" in page.verdict.text()
    assert desk.page is page
    desk.key(KEY.Key_Escape)
    desk.until(lambda: desk.page is desk.screen.sign_in, "the form")
    with Project.open(path, read_only=True) as project:
        assert db.presentations.every(project, 1) == []


def test_an_offered_check_can_be_left_out_and_the_silence_is_told(desk, make, loudspeaker):
    Loudspeaker.there = False
    conditions = (default_condition("full_context"),)
    path = make(clips=3, sound=True, setup_check="offered", conditions=conditions)
    page = at_check(desk, path)
    page.skip.click()
    desk.until(lambda: desk.page is not page, "the first clip")
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    assert "no sound on this machine" in desk.screen.rating.header.condition.text()
    assert tries(path)[0]["skipped"] is True


def test_without_a_check_a_silent_machine_is_told_on_a_page_before_the_first_clip(desk, make, loudspeaker):
    Loudspeaker.there = False
    desk.open(make(clips=3, sound=True))
    desk.sign_in()
    desk.until(lambda: desk.screen.text.title.text() == "No sound on this machine", "the page")
    assert "Plug in headphones" in desk.screen.text.text.text()
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    Loudspeaker.there = True
    desk.key(KEY.Key_Escape)
    desk.until(lambda: desk.screen.text.title.text() == "Paused", "the pause")


def test_clips_without_a_sound_track_need_no_sound(desk, make, loudspeaker):
    Loudspeaker.there = False
    desk.open(make(clips=3))
    desk.sign_in()
    assert desk.screen.text.title.text() == ""


def test_a_study_without_sound_asks_for_the_screen_alone(desk, make, loudspeaker):
    path = make(clips=3, sound=True, setup_check="required", conditions=(default_condition("face_only"),))
    page = at_check(desk, path)
    assert not page.play.isVisible()
    assert desk.window.focusWidget() is page.dark_digits
    typed(desk, page.questions.dark)
    desk.key(KEY.Key_Tab)
    typed(desk, page.questions.light)
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.page is not page, "the first clip")
    assert tries(path)[0]["sound"] == "not_asked"


def test_the_digits_are_painted_in_the_greys_that_are_named(desk, make, loudspeaker):
    page = at_check(desk, make(clips=3, setup_check="offered"))
    settle(seconds=0.1)
    for field, ground, levels in ((page.dark, 0, check.DARK_LEVELS), (page.light, 255, check.LIGHT_LEVELS)):
        image = field.grab().toImage().convertToFormat(field.grab().toImage().Format.Format_Grayscale8)
        table = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)[2:-2, 2 : image.width() - 2]
        third = table.shape[1] // 3
        for place, level in enumerate(levels):
            part = table[:, place * third : (place + 1) * third]
            assert part[0, 0] == ground
            assert (part == level).sum() > 100
            assert abs(part.astype(int) - ground).max() == abs(level - ground)
