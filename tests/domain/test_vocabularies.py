"""Words of one vocabulary in another: what corresponds, what a person says, what is lost."""

import numpy as np
import pytest

from app.domain.vocabularies import VOCABULARIES, carry_over, counterparts, find_vocabulary, read_mapping
from app.errors import UserError


@pytest.mark.parametrize("one", VOCABULARIES, ids=lambda v: v.name)
def test_every_vocabulary_corresponds_to_itself(one):
    assert counterparts(one.classes, one.classes) == dict(zip(one.classes, one.classes, strict=True))
    assert find_vocabulary(one.name) is one


def test_words_for_one_emotion_correspond_and_others_do_not():
    mec = find_vocabulary("mec").classes
    found = counterparts(("happiness", "sadness", "anger", "fear", "contempt", "Neutral"), mec)
    assert found == {"happiness": "happy", "sadness": "sad", "anger": "angry", "Neutral": "neutral"}


def test_what_a_person_says_comes_first():
    mec = find_vocabulary("mec").classes
    assert counterparts(("fear", "sad"), mec, {"fear": "anxious", "sad": "worried"}) == {
        "fear": "anxious",
        "sad": "worried",
    }


def test_columns_of_words_that_become_one_class_add_up_and_the_rest_is_counted():
    votes = np.array([[2, 1, 0, 3], [0, 0, 1, 0]])
    carried = carry_over(
        votes, ("fear", "worried", "happy", "bored"), ("fear", "happiness", "anger"), {"worried": "fear"}
    )
    np.testing.assert_array_equal(carried.values, [[3, 0, 0], [0, 1, 0]])
    assert carried.lost == {"bored": 3.0}
    assert carried.empty == ("anger",)
    assert carried.notes("vote") == [
        "3 votes for “bored” have no counterpart in the vocabulary and were left out.",
        "No label means anger: it cannot be learned.",
    ]


@pytest.mark.parametrize("chosen", [{"joy": "happy"}, {"fear": "panic"}])
def test_a_mapping_of_what_is_not_there_is_refused(chosen):
    with pytest.raises(UserError):
        counterparts(("fear",), ("happy",), chosen)


def test_pairs_are_read_as_typed():
    assert read_mapping(["worried=fear", " anxious = fear"]) == {"worried": "fear", "anxious": "fear"}
    for wrong in ("worried", "=fear", "worried="):
        with pytest.raises(UserError, match="not a pair of words"):
            read_mapping([wrong])
