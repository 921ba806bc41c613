"""The partition rule: refusals name people, and nobody who chose is a result."""

import numpy as np
import pytest

from app.errors import UserError
from app.fusion.partition import PartitionName, dealt
from app.fusion.table import Kind, MemberTable
from tests.fusion.tables import world

OOF, HELD, SEEN, STOPPED, NONE = Kind.OUT_OF_FOLD, Kind.HELD_OUT, Kind.SEEN, Kind.STOPPED, Kind.NONE


def studied(*kinds: list[Kind]) -> MemberTable:
    """Return three members of ten people with two items each; `kinds` are those of each member by person."""
    table = world(people=10, each=2)
    for member, each in enumerate(kinds):
        table.kind[member] = np.repeat([int(kind) for kind in each], 2)
    return table


COMMON = [OOF] * 6 + [HELD] * 4


def names(table: MemberTable, rows: object) -> list[str]:
    return list(dict.fromkeys(np.array(table.subjects)[rows].tolist()))  # type: ignore[call-overload]


def test_folds_choose_on_out_of_fold_people_and_score_held_out_ones() -> None:
    table = studied(COMMON, COMMON, COMMON)
    found = dealt(table, "folds")
    assert names(table, found.search) == [f"P0{n}" for n in range(6)]
    assert names(table, found.result) == [f"P0{n}" for n in range(6, 10)]
    assert found.in_the_way == ()


def test_a_member_that_saw_people_who_choose_is_refused_by_name() -> None:
    table = studied(COMMON, [SEEN, SEEN, *COMMON[2:]], COMMON)
    with pytest.raises(UserError, match="m1 learned from P00, P01") as refused:
        dealt(table, "folds")
    assert "cannot choose its weight" in refused.value.what


def test_people_in_the_way_can_be_left_out_and_are_named() -> None:
    table = studied(COMMON, [SEEN, SEEN, *COMMON[2:]], COMMON)
    found = dealt(table, "folds", leave_out=True)
    assert names(table, found.search) == ["P02", "P03", "P04", "P05"]
    assert [(each.member, each.subjects, each.reason) for each in found.in_the_way] == [("m1", ("P00", "P01"), "saw")]


def test_named_people_choose_unless_a_member_saw_them() -> None:
    table = studied(COMMON, COMMON, [OOF] * 5 + [SEEN] + [HELD] * 4)
    found = dealt(table, "folds", weighting=["P01", "P02", "P06"])
    assert names(table, found.search) == ["P01", "P02", "P06"]
    assert names(table, found.result) == ["P07", "P08", "P09"]
    with pytest.raises(UserError, match="m2 learned from P05"):
        dealt(table, "folds", weighting=["P01", "P05"])
    with pytest.raises(UserError, match="shows Nobody"):
        dealt(table, "folds", weighting=["Nobody"])


def test_three_parts_never_ask_people_of_any_training() -> None:
    table = studied(COMMON, COMMON, COMMON)
    found = dealt(table, "three_parts", seed=3)
    assert set(names(table, found.search)) | set(names(table, found.result)) == {f"P0{n}" for n in range(6, 10)}
    assert {each.reason for each in found.in_the_way} == {"saw"}
    with pytest.raises(UserError, match="m0, m1 and m2 learned from P01"):
        dealt(table, "three_parts", weighting=["P01", "P06"])


def test_as_in_d_asks_those_who_stopped_the_trainings_and_warns() -> None:
    kinds = [SEEN] * 4 + [STOPPED] * 2 + [HELD] * 4
    table = studied(kinds, kinds, kinds)
    found = dealt(table, "as_in_d")
    assert names(table, found.search) == ["P04", "P05"]
    assert names(table, found.result) == [f"P0{n}" for n in range(6, 10)]
    assert "As in D" in found.warning
    assert dealt(studied(COMMON, COMMON, COMMON), "folds").warning == ""


def test_nested_folds_score_everybody_by_weights_of_others() -> None:
    table = studied(COMMON, COMMON, COMMON)
    found = dealt(table, "nested", folds=5)
    assert len(found.deals) == 5
    assert names(table, found.result) == [f"P0{n}" for n in range(10)]
    for deal in found.deals:
        assert not set(names(table, deal.search)) & set(names(table, deal.result))


@pytest.mark.parametrize("name", ["folds", "three_parts", "nested"])
def test_no_person_is_in_both_parts_of_a_deal_and_no_seen_prediction_is_used(name: PartitionName) -> None:
    table = studied(COMMON, [HELD] * 10, [OOF, SEEN, *COMMON[2:]])
    found = dealt(table, name, leave_out=True)
    for deal in found.deals:
        assert not set(names(table, deal.search)) & set(names(table, deal.result))
        assert len(deal.search)
        assert len(deal.result)
        both = np.concatenate([deal.search, deal.result])
        assert not np.isin(table.kind[:, both], [int(SEEN), int(STOPPED)]).any()


def test_the_result_holds_no_prediction_by_a_fold() -> None:
    table = studied(COMMON, COMMON, COMMON)
    result = dealt(table, "folds").result
    assert (table.kind[:, result] == HELD).all()


def test_too_few_people_are_told_with_who_stands_in_the_way() -> None:
    table = studied([SEEN] * 10, COMMON, COMMON)
    with pytest.raises(UserError, match="m0 learned from P00"):
        dealt(table, "folds", leave_out=True)


def test_a_missing_prediction_is_not_in_the_way_of_a_person_with_others() -> None:
    table = studied(COMMON, COMMON, COMMON)
    table.kind[1, 0] = int(NONE)
    assert "P00" in names(table, dealt(table, "folds").search)
