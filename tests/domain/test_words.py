"""Numbers with their noun."""

import pytest

from app.domain.words import many


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
