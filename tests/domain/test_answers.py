"""Answers against their study, and what a reviewer makes of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import (
    Answer,
    AnswerKey,
    Circumstances,
    Intensity,
    StoredAnswer,
    attention_of,
    check_answer,
)
from app.domain.corrections import VOIDED, is_voided, voided
from app.domain.study_defaults import default_study
from app.errors import UserError

STUDY = default_study("faces")


def full(score=3, **changes):
    intensities = {name: Intensity(score) for name in STUDY.emotion_names}
    return replace(Answer(intensities, category=STUDY.category_names[0], confidence=1), **changes)


def test_a_whole_answer_and_one_that_cannot_be_told_fit_the_study():
    check_answer(STUDY, full())
    check_answer(STUDY, full(STUDY.scale.low))
    check_answer(STUDY, full(STUDY.scale.high))
    nothing = Answer.cannot_tell(STUDY, comment="dark")
    check_answer(STUDY, nothing)
    assert {given.missing_reason for given in nothing.intensities.values()} == {"cannot_tell"}
    assert (nothing.category, nothing.category_missing, nothing.comment) == ("", "cannot_tell", "dark")


def test_a_study_without_categories_has_no_reason_for_a_missing_one():
    assert Answer.cannot_tell(replace(STUDY, categories=())).category_missing == ""


NAME = STUDY.emotion_names[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"intensities": {"joy": Intensity(1)}}, "'joy' is not an emotion of this study"),
        ({"intensities": {NAME: Intensity(STUDY.scale.high + 1)}}, f"{STUDY.scale.high + 1} is not on the scale"),
        ({"intensities": {NAME: Intensity(STUDY.scale.low - 1)}}, "is not on the scale"),
        ({"intensities": {NAME: Intensity(None)}}, "needs either a value or a reason"),
        ({"intensities": {NAME: Intensity(2, "cannot_tell")}}, "needs either a value or a reason"),
        ({"category": "joy"}, "'joy' is not a category"),
        ({"category_missing": "cannot_tell"}, "contradict each other"),
        ({"confidence": 0}, "confidence of 0"),
        ({"confidence": STUDY.confidence_levels + 1}, "is not offered"),
        ({"intensities": {}}, "Still to be judged: "),
        ({"category": ""}, "No category has been chosen"),
    ],
)
def test_what_does_not_fit_is_said_with_what_to_do(change, said):
    with pytest.raises(UserError) as refused:
        check_answer(STUDY, full(**change))
    assert said in refused.value.what
    assert refused.value.todo


def test_open_emotions_are_named_by_their_labels_and_allowed_where_the_answer_is_not_complete():
    part = full(intensities={name: Intensity(0) for name in STUDY.emotion_names[2:]}, category="")
    with pytest.raises(UserError) as refused:
        check_answer(STUDY, part)
    wanted = ", ".join(term.label(STUDY.language) for term in STUDY.emotions[:2])
    assert f"Still to be judged: {wanted}." in refused.value.what
    check_answer(STUDY, part, complete=False)


def stored(number, rater, passed, *, purpose="attention", current=True):
    key = AnswerKey(1, rater, None, "", purpose=purpose, check=f"c{number}")
    return StoredAnswer(number, str(number), key, full(), Circumstances(1, passed=passed), 1, current, None, False)


def test_attention_counts_current_checks_only():
    answers = [
        stored(1, 7, True),
        stored(2, 7, False, current=False),
        stored(3, 7, False),
        stored(4, 8, None),
        stored(5, 9, True, purpose="practice"),
        stored(6, 9, True, purpose="main"),
    ]
    assert attention_of(answers, {7: "R7", 8: "R8", 9: "R9"}) == {"R7": (1, 2)}
    assert attention_of([], {}) == {}


intensities = st.dictionaries(
    st.sampled_from(STUDY.emotion_names),
    st.one_of(
        st.builds(Intensity, st.integers(0, 5), st.just(""), st.floats(0, 9)),
        st.builds(Intensity, st.none(), st.sampled_from(["cannot_tell", "dark"]), st.none()),
    ),
)
answers = st.one_of(
    st.builds(Answer, intensities, st.sampled_from(STUDY.category_names), confidence=st.integers(1, 3)),
    st.builds(Answer, intensities, category_missing=st.just("cannot_tell"), comment=st.text()),
    st.builds(Answer, intensities.filter(bool), response_s=st.floats(0, 9)),
)


@given(answers)
def test_nothing_is_left_to_analyse_of_a_voided_answer_but_its_times(answer):
    gone = voided(answer)
    assert is_voided(gone)
    assert not is_voided(answer)
    assert voided(gone) == gone
    assert gone.intensities.keys() == answer.intensities.keys()
    assert all(
        given == Intensity(None, VOIDED, answer.intensities[n].response_s) for n, given in gone.intensities.items()
    )
    assert (gone.category, gone.confidence, gone.comment) == ("", None, "")
    assert gone.response_s == answer.response_s
    assert bool(gone.category_missing) == bool(answer.category or answer.category_missing)
    check_answer(STUDY, gone, complete=False)
