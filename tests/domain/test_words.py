"""Numbers with their noun, times and sizes."""

import pytest

from app.domain.words import duration, figure, file_size, many


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (0, ("rater",), "0 raters"),
        (1, ("rater",), "1 rater"),
        (2, ("rater",), "2 raters"),
        (1, ("pass", "passes"), "1 pass"),
        (3, ("pass", "passes"), "3 passes"),
    ],
)
def test_one_is_not_many(number, words, text):
    assert many(number, *words) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s"),
        (12.4, "12 s"),
        (89.9, "90 s"),
        (90, "2 min"),
        (5399, "90 min"),
        (5400, "1.5 h"),
        (36_000, "10.0 h"),
    ],
)
def test_times_are_as_exact_as_people_need_them(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (400, "0 kB"),
        (430_000, "430 kB"),
        (1_000_000, "1.0 MB"),
        (1_234_560_000, "1,234.6 MB"),
        (None, "size not known"),
    ],
)
def test_sizes_are_in_the_units_that_file_managers_use(count, text):
    assert file_size(count) == text


@pytest.mark.parametrize(
    ("value", "digits", "sign", "said"),
    [
        (-0.256, 2, False, "−0.26"),
        (0.5, 3, True, "+0.500"),
        (-0.0004, 3, True, "0.000"),
        (0.0, 2, True, "0.00"),
        (float("nan"), 2, False, "–"),
        (None, 2, False, "–"),
    ],
)
def test_a_number_on_the_screen(value, digits, sign, said):
    assert figure(value, digits, sign=sign) == said
