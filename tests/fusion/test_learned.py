"""Who saw whom, also after people were renamed or joined."""

import numpy as np

from app.fusion.learned import Learned, kinds
from app.fusion.table import Kind

PEOPLE = {"A": "train", "B": "train", "C": "validation", "D": "test", "E": "test"}
ITEMS = {"a1": "A", "a2": "A", "b1": "B", "c1": "C", "d1": "D", "e1": "E"}
LEARNED = Learned(True, PEOPLE, ITEMS, (frozenset("AC"), frozenset("B")))
ALL = list(ITEMS)


def kind_of(subjects: dict[str, str], by_fold: str = "", learned: Learned = LEARNED) -> dict[str, Kind]:
    fold = np.array([item in by_fold.split() for item in ALL])
    found = kinds(learned, ALL, subjects, np.ones(len(ALL), bool), fold)
    return {item: Kind(code) for item, code in zip(ALL, found, strict=True)}


def test_every_part_of_a_training_has_its_kind() -> None:
    found = kind_of(ITEMS)
    assert [found[item] for item in ("a1", "b1", "c1", "d1")] == [Kind.SEEN, Kind.SEEN, Kind.STOPPED, Kind.HELD_OUT]
    assert kind_of(ITEMS, "a1 b1 c1")["a1"] is Kind.OUT_OF_FOLD


def test_a_person_who_was_renamed_is_still_seen() -> None:
    assert kind_of({**ITEMS, "a1": "Anna", "a2": "Anna"})["a1"] is Kind.SEEN


def test_a_held_out_person_who_turns_out_to_be_a_trained_one_is_seen() -> None:
    joined = {**ITEMS, "d1": "A"}
    assert kind_of(joined)["d1"] is Kind.SEEN
    renamed = {**ITEMS, "a1": "Anna", "a2": "Anna", "d1": "Anna"}
    assert kind_of(renamed)["d1"] is Kind.SEEN


def test_one_item_in_common_is_enough() -> None:
    # Only one of A's items was given to D: D is A.
    assert kind_of({**ITEMS, "a2": "D"})["d1"] is Kind.SEEN


def test_the_name_that_the_training_knew_counts_as_well() -> None:
    # The items of A are gone from the project; a clip of "A" that was added later is not new.
    now = {"a1": "A"}
    assert kinds(Learned(True, {"A": "train"}, {}), ["a1"], now, np.array([True]), np.array([False]))[0] == Kind.SEEN


def test_a_fold_counts_only_for_people_whom_it_left_out_altogether() -> None:
    # A was left out by the first fold, B by the second: joined, each fold has seen the other's items.
    joined = {**ITEMS, "b1": "A"}
    found = kind_of(joined, "a1 a2 b1 c1")
    assert [found[item] for item in ("a1", "b1", "c1")] == [Kind.SEEN, Kind.SEEN, Kind.OUT_OF_FOLD]


def test_people_joined_within_one_fold_stay_out_of_fold() -> None:
    assert kind_of({**ITEMS, "c1": "A"}, "a1 a2 b1 c1")["c1"] is Kind.OUT_OF_FOLD


def test_a_member_that_names_nobody_is_unknown() -> None:
    assert set(kind_of(ITEMS, learned=Learned(False, {}, {})).values()) == {Kind.UNKNOWN}


def test_nothing_said_is_no_prediction() -> None:
    assert kinds(LEARNED, ["d1"], ITEMS, np.array([False]), np.array([False]))[0] == Kind.NONE
