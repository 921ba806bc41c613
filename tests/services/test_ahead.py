"""Decoding ahead: in order, no more than a few frames, an error where it belongs, and an end at any time."""

import itertools
import threading

import pytest

from app.errors import UserError
from app.services.predict.ahead import AHEAD, DecodeAhead


class Numbers:
    """Stands in for a reader of any length, and counts what was asked of it."""

    def __init__(self, count=None, error=None):
        self.given, self._count, self._error = 0, count, error

    def frames(self, start=0, stop=None):
        for number in itertools.count() if self._count is None else range(self._count):
            self.given += 1
            yield number
        if self._error is not None:
            raise self._error


def test_all_frames_come_in_order():
    with DecodeAhead(Numbers(100)) as ahead:
        assert list(ahead) == list(range(100))
    assert ahead.decode_s > 0
    assert ahead.waiting_s >= 0


def test_an_error_comes_after_the_frames_before_it():
    with DecodeAhead(Numbers(3, UserError("It broke.", "Mend it."))) as ahead:
        numbers = iter(ahead)
        assert [next(numbers) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(UserError, match="broke"):
            next(numbers)


def test_it_runs_a_few_frames_ahead_and_ends_with_the_block():
    endless = Numbers()
    with DecodeAhead(endless) as ahead:
        numbers = iter(ahead)
        assert [next(numbers) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert 5 <= endless.given <= 5 + AHEAD + 1
    assert not [thread for thread in threading.enumerate() if thread.name == "decode-ahead"]
