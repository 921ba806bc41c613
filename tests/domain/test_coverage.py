from dataclasses import replace

import pytest

from app.domain.answers import Answer, AnswerKey, Intensity, outside, passes
from app.domain.assignment import plan_study
from app.domain.coverage import judged_stimuli, lacking, shown_elsewhere
from app.domain.slots import TRACED, TRACES, Slot, Target, attention_check, practice_clip
from app.domain.study import AttentionCheck, PracticeClip
from app.domain.study_defaults import default_study
from app.domain.study_records import RaterProgress, StoredSlot

CHECK = AttentionCheck("calm", expected={"happy": (0, 1), "sad": (2, 5)}, item="seen", condition="full_context")
PRACTICE = PracticeClip("first", "face_only", expected={"happy": (4, 5)})
STUDY = replace(
    default_study("s", trace=False), practice=(PRACTICE,), attention=(CHECK,), raters_per_cell=2, min_distance=0
)
TARGETS = [
    Target("b", "b"),
    Target("a", "a"),
    Target("a face 2", "a"),
    Target("first", "first"),
    Target("twin", "first"),
]


def test_what_practice_and_checks_show_is_judged_by_nobody_and_neither_is_what_lies_beside_it():
    assert shown_elsewhere(STUDY) == {"first", "seen"}
    assert judged_stimuli(STUDY, TARGETS) == {"a": ["a", "a face 2"], "b": ["b"]}


def test_what_is_lacking_is_the_same_for_a_plan_and_for_what_is_stored():
    one = plan_study(STUDY, TARGETS, ["R1"], seed=1)
    assert one.missing == dict.fromkeys(
        ((item, c.name) for item in ("a", "a face 2", "b") for c in STUDY.conditions), 1
    )
    assert one.missing == lacking(STUDY, judged_stimuli(STUDY, TARGETS), one.slots)
    assert plan_study(STUDY, TARGETS, ["R1", "R2"], seed=1).missing == {}


def test_a_rater_counts_once_all_passes_are_planned():
    study = replace(STUDY, passes=2, raters_per_cell=1)
    slots = [Slot("R1", 1, "b", "face_only", 1, "rating")]
    assert lacking(study, {"b": ["b"]}, slots)["b", "face_only"] == 1
    slots.append(Slot("R1", 2, "b", "face_only", 2, "rating"))
    assert ("b", "face_only") not in lacking(study, {"b": ["b"]}, slots)


def test_a_presentation_knows_its_check_or_its_practice_clip():
    asked = Slot("R1", 3, "seen", "full_context", 1, "rating", "attention", "calm")
    shown = Slot("R1", 1, "first", "face_only", 1, "rating", "practice")
    main = replace(shown, purpose="main")
    assert attention_check(STUDY, asked) is CHECK
    assert attention_check(replace(STUDY, attention=()), asked) is None
    assert attention_check(STUDY, main) is None
    assert practice_clip(STUDY, shown) is PRACTICE
    assert practice_clip(STUDY, replace(shown, condition="full_context")) is None
    assert practice_clip(STUDY, main) is None


def test_the_key_of_a_place_is_that_of_its_answers():
    slot = Slot("R1", 3, "seen", "full_context", 2, "rating", "attention", "calm")
    assert StoredSlot(9, "u", 4, 5, 6, slot).key == AnswerKey(4, 5, 6, "full_context", 2, "attention", "calm")


def test_every_kind_of_trace_comes_from_one_kind_of_task():
    assert TRACES == {"both": "trace", "valence": "trace_valence", "arousal": "trace_arousal"}
    assert {TRACES[dimensions]: dimensions for dimensions in TRACES} == TRACED


@pytest.mark.parametrize(
    ("happy", "sad", "wrong"), [(1, 2, ()), (2, 2, ("happy",)), (1, None, ("sad",)), (5, 0, ("happy", "sad"))]
)
def test_a_check_passes_where_nothing_is_outside(happy, sad, wrong):
    given = {"happy": Intensity(happy), "sad": Intensity(sad, "" if sad is not None else "cannot_tell")}
    assert outside(CHECK, Answer(given)) == wrong
    assert passes(CHECK, Answer(given)) is (not wrong)


def test_a_category_must_be_the_one_that_is_asked_for():
    check = replace(CHECK, expected={}, category="happy")
    assert passes(check, Answer(category="happy"))
    assert not passes(check, Answer(category="sad"))


def test_what_is_left_of_a_list():
    assert (RaterProgress(3, 5, 1, 2).left, RaterProgress(3, 5, 1, 2).finished) == (2, False)
    assert RaterProgress(5, 5, 2, 2).finished
