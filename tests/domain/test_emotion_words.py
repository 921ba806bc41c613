"""Which word goes where: adjectives for what people rate, nouns for what a model recognises."""

import numpy as np
import pytest

from app.domain.emotion_words import COORDINATES, RATED_WORDS, class_word, rated_word
from app.domain.emotions import FERPLUS, FERPLUS_TO_RATED, RATED
from app.domain.study_defaults import default_study


def test_every_rated_emotion_has_one_word_and_the_default_study_says_it():
    assert tuple(RATED_WORDS) == RATED
    assert len(set(RATED_WORDS.values())) == len(RATED)
    for term in default_study().emotions:
        assert term.label("en") == rated_word(term.name) == RATED_WORDS[term.name]


def test_classes_are_nouns_and_never_the_words_of_raters():
    for name in FERPLUS:
        assert class_word(name) == name
        if name != "neutral":
            assert class_word(name) != rated_word(FERPLUS_TO_RATED[name]).lower()


@pytest.mark.parametrize(
    ("name", "word"), [("fear", "Afraid"), ("mixed_feelings", "Mixed feelings"), ("full_context", "Full context")]
)
def test_names_are_written_as_people_write_them(name, word):
    assert rated_word(name) == word


def test_every_class_lies_on_the_plane():
    assert set(COORDINATES) == set(FERPLUS)
    assert np.abs(np.array(list(COORDINATES.values()))).max() <= 1
