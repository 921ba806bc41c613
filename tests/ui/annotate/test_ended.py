"""A page that stays in sight after its session has ended: what is pressed there leads nowhere, and is no fault."""

import pytest

from tests.ui.annotate.builder import build
from tests.ui.waiting import settle


@pytest.fixture
def reading(desk, tmp_path):
    """A rater who reads the first page of words, whose button leads on to a task."""
    desk.open(build(tmp_path, clips=2, frames=10))
    desk.sign_in()
    desk.until(lambda: desk.page is desk.screen.text, "the first words")
    return desk


def test_whatever_is_pressed_just_after_leaving_asks_for_nothing(reading):
    desk, page = reading, reading.screen.text
    page.leave.click()
    assert not desk.screen.desk.is_open
    assert desk.page is page  # until it is known who can work here
    page.go.click()
    page.leave.click()
    desk.screen.rating.pause_wanted.emit()
    desk.screen.trace.pause_wanted.emit()
    desk.screen.flow.advance()
    desk.until(lambda: desk.page is desk.screen.sign_in, "the form")
    desk.sign_in()
    desk.skip_texts()
    desk.until(lambda: desk.screen.flow.task is not None, "the first task")


def test_labelling_everything_does_not_end_the_session_of_whoever_labels(reading):
    session = reading.screen.desk.session
    reading.screen.begin_at_once()
    settle(seconds=0.5)  # a study of its own would be made and signed in to meanwhile
    assert reading.screen.desk.session is session
