"""Messages: good news passes and moves nothing, errors stay until read, and nothing follows to other screens."""

import threading
from dataclasses import replace

import pytest

from app.ui.core.messages import LEAST_S, MOST_S, Messages, Notice
from tests.ui.waiting import settle

GOOD = Notice("Saved a.csv.", tone="ok")
BAD = Notice("The disk is full.", "Free some space.", "danger")
WARNING = Notice("Two clips are missing.", "Find them.")
LOST = Notice("The project was moved.", tone="danger", everywhere=True)


@pytest.fixture
def told():
    told = []
    messages = Messages(lambda: told.append((messages.passing, messages.unread)))
    messages.go_to("review")
    messages.told = told
    return messages


def test_good_news_passes_and_leaves_errors_alone(told):
    told.take(BAD)
    told.take(GOOD)
    assert (told.passing, told.unread) == (GOOD, (BAD,))
    told.end_passing()
    assert (told.passing, told.unread) == (None, (BAD,))
    assert told.told[-1] == (None, (BAD,))


def test_errors_stay_until_closed_and_the_newest_is_closed_first(told):
    for notice in (BAD, WARNING, BAD):
        told.take(notice)
    assert told.unread == (WARNING, BAD)
    told.close()
    assert told.unread == (WARNING,)
    told.take(GOOD)
    told.close()
    assert (told.unread, told.passing) == ((), GOOD)
    told.close()
    assert told.passing is None
    count = len(told.told)
    told.close()
    assert len(told.told) == count


def test_nothing_follows_to_another_screen_and_errors_wait_on_theirs(told):
    told.take(BAD)
    told.take(GOOD)
    told.seen()
    told.go_to("study")
    assert (told.passing, told.unread) == (None, ())
    told.take(WARNING)
    told.seen()
    told.go_to("review")
    assert told.unread == (BAD,)
    told.close()
    told.go_to("study")
    assert told.unread == (WARNING,)


def test_what_nobody_has_seen_goes_along(told):
    told.take(BAD)
    told.take(GOOD)
    told.go_to("study")
    assert (told.passing, told.unread) == (GOOD, (BAD,))
    told.seen()
    told.go_to("review")
    assert (told.passing, told.unread) == (None, ())


def test_what_concerns_the_window_is_on_every_screen(told):
    told.take(LOST)
    told.seen()
    told.go_to("study")
    assert told.unread == (LOST,)
    told.close()
    told.go_to("review")
    assert told.unread == ()


def test_another_project_drops_all(told):
    for notice in (BAD, LOST, GOOD):
        told.take(notice)
    told.forget()
    assert (told.passing, told.unread) == (None, ())


@pytest.mark.parametrize(
    ("notice", "least", "most"),
    [
        (Notice("Copied.", tone="ok"), LEAST_S, LEAST_S),
        (Notice("x" * 90, tone="ok"), 8.0, 8.0),
        (Notice("x" * 900, tone="ok"), MOST_S, MOST_S),
        (Notice("Dealt.", tone="ok", command="screens.annotate"), MOST_S, MOST_S),
    ],
)
def test_it_lasts_as_long_as_its_reading(notice, least, most):
    assert least <= notice.lasts_s <= most


def test_in_the_window(window, monkeypatch):
    context, stack = window.context, window.stack
    window.activateWindow()
    window.show_screen("review")
    settle(seconds=0.05)
    place = stack.geometry()
    context.notify(GOOD.what, tone="ok")
    settle(lambda: window.passing.isVisible() and not window.messages.unseen)
    assert (stack.geometry(), window.banner.text()) == (place, "")
    assert place.contains(window.passing.geometry())
    window.resize(1000, 700)
    settle(lambda: stack.geometry().contains(window.passing.geometry()))
    window.passing.end.start(0)
    settle(lambda: window.passing.text() == "")

    context.notify(BAD.what, BAD.todo, "danger")
    context.notify(WARNING.what, WARNING.todo)
    settle(lambda: window.banner.text() == WARNING.text and not window.messages.unseen)
    assert window.banner.more.text() == "1 of 2"
    window.show_screen("models")
    assert window.banner.text() == ""
    assert context.commands.obstacle("view.close_message") == "there is no message"
    window.show_screen("review")
    assert window.banner.text() == WARNING.text
    window.run("view.close_message")
    assert window.banner.text() == BAD.text
    assert not window.banner.more.isVisible()
    window.run("view.close_message")
    assert window.banner.text() == ""


def test_work_that_answers_a_press_is_shown_at_once(window):
    work, line = window.context.work, window.status.task
    go = threading.Event()
    work.start("Quiet", "io", lambda _ctx: go.wait(20))
    assert line.isHidden()
    work.start("Analysing a.mp4", "io", lambda _ctx: go.wait(20), at_once=True)
    assert line.isVisible()
    go.set()
    settle(line.isHidden)


def test_a_screen_that_is_made_shows_its_name_meanwhile(window):
    screen, seen = window.screens["models"], []

    def make(context):
        seen.append((window.stack.currentWidget() is window.opening, window.opening.text()))
        raise RuntimeError("broken")

    window.screens["models"] = replace(screen, factory=make)
    before = window.stack.currentWidget()
    with pytest.raises(RuntimeError, match="broken"):
        window.show_screen("models")
    assert seen == [(True, "Opening Models …")]
    assert window.stack.currentWidget() is before
    window.screens["models"] = screen
    assert window.show_screen("models") is window.stack.currentWidget()
