"""How many pictures or results come in a second."""

import pytest

from app.services.predict.rate import Rate


def test_the_rate_is_that_of_the_last_two_seconds():
    rate = Rate()
    for number in range(100):
        rate.add(number / 25, number)
    for number in range(100, 300):
        rate.add(4 + (number - 100) / 50, number)
    assert rate.per_s(7.98) == pytest.approx(50)


def test_numbers_that_are_passed_over_count():
    rate = Rate()
    for number in range(0, 100, 10):
        rate.add(number / 50, number)
    assert rate.per_s(2.0) == pytest.approx(50)


def test_a_burst_gives_no_rate():
    rate = Rate()
    assert rate.per_s(0.0) == 0.0
    for number in range(50):
        rate.add(1 + number / 1000, number)
    assert rate.per_s(1.05) == 0.0


def test_what_stopped_two_seconds_ago_has_no_rate():
    rate = Rate()
    for number in range(50):
        rate.add(number / 50, number)
    assert rate.per_s(1.0) == pytest.approx(50)
    assert rate.per_s(4.0) == 0.0
