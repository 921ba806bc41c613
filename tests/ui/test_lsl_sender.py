"""Sending live predictions by LSL from the window: by a setting, and one sentence where LSL is missing."""

import builtins

import pytest

from app.domain.live import LiveResult
from app.ui.parts.player.live import LiveFeed
from app.ui.parts.player.lsl import SETTING, LslSender
from tests.services.test_lsl import face
from tests.ui.waiting import idle, settle


@pytest.fixture
def sender(window):
    made = LslSender(window.context, LiveFeed(window.context, window), "test-window", window)
    yield made
    made.close()


def answer(sender, number=1):
    sender.take(LiveResult(number, 0, 0.0, (face(1, 40),)))


def test_nothing_is_sent_before_somebody_wants_it(sender):
    answer(sender)
    assert not sender.sending


def test_where_lsl_is_missing_it_is_said_once_and_the_setting_goes_back(sender, window, monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **more):
        if name == "pylsl":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    told = []
    window.context.notice_raised.connect(lambda notice: told.append(notice.what))
    window.context.settings.set(SETTING, True)
    answer(sender)
    answer(sender, 2)
    assert not window.context.settings.flag(SETTING)
    settle(lambda: told)
    idle(window.context)
    assert [what for what in told if "Lab Streaming Layer" in what] == ["The Lab Streaming Layer is not installed."]


def test_a_stream_lasts_as_long_as_the_setting(sender, window):
    pytest.importorskip("pylsl")
    window.context.settings.set(SETTING, True)
    answer(sender)
    assert sender.sending
    window.context.settings.set(SETTING, False)
    assert not sender.sending
