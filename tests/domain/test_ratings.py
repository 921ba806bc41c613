"""Columns of judgements: codes and names, rows under a mask, raters left out, votes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ratings import CategoryTable, CountTable, Factor, Items, RatingTable

words = st.text("abc", max_size=2)


def decoded(factor):
    return ["" if code < 0 else factor.names[code] for code in factor.codes]


@given(st.lists(words))
def test_names_come_back_from_their_codes_in_order_of_first_appearance(values):
    factor = Factor.encode(values)
    assert decoded(factor) == values
    assert factor.names == tuple(dict.fromkeys(value for value in values if value))
    assert len(factor) == len(values)
    assert factor.codes.dtype == np.int32


@given(st.lists(words, min_size=1), st.data())
def test_chosen_rows_keep_their_names(values, data):
    factor = Factor.encode(values)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    assert decoded(factor.take(mask)) == [value for value, keep in zip(values, mask, strict=True) if keep]
    assert factor.take(mask).names == factor.names
    places = np.array(data.draw(st.lists(st.integers(0, len(values) - 1))), dtype=np.intp)
    assert decoded(factor.take(places)) == [values[place] for place in places]


def test_a_code_without_a_name_is_refused():
    with pytest.raises(ValueError, match="outside its list"):
        Factor(np.array([0, 2], np.int32), ("a", "b"))
    with pytest.raises(ValueError, match="outside its list"):
        Factor(np.array([-2], np.int32), ("a",))


def test_an_unknown_name_matches_no_row():
    factor = Factor.encode(["a", "", "b"])
    assert [factor.code_of(name) for name in ("a", "b", "c")] == [0, 1, -2]
    assert not (factor.codes == factor.code_of("c")).any()
    assert decoded(Factor.constant("x", 3)) == ["x", "x", "x"]
    assert decoded(Factor.missing(2)) == ["", ""]


def test_items_of_whole_clips():
    items = Items.of_clips(["a", "b"], ["S1", ""])
    assert (len(items), items.names, decoded(items.clip), decoded(items.subject)) == (
        2,
        ("a", "b"),
        ["a", "b"],
        ["S1", ""],
    )
    assert decoded(Items.of_clips(["a"]).subject) == [""]
    with pytest.raises(ValueError, match="differ in length"):
        Items(("a", "b"), Factor.encode(["a"]), Factor.missing(2))


def ratings(rows, **changes):
    """A table from (item, condition, rater, emotion, score, pass) rows over the items a and b."""
    item, condition, rater, emotion, score, pass_no = zip(*rows, strict=True)
    columns = {
        "items": Items.of_clips(["a", "b"], ["", ""]),
        "item": np.array(item, np.int32),
        "condition": Factor.encode(condition),
        "rater": Factor.encode(rater),
        "emotion": Factor.encode(emotion),
        "score": np.array(score, np.float64),
        "pass_no": np.array(pass_no, np.int32),
    }
    return RatingTable(**{**columns, **changes})


ROWS = [
    (0, "face", "R1", "sad", 1, 1),
    (0, "face", "R2", "sad", np.nan, 1),
    (1, "full", "R1", "happy", 5, 2),
    (1, "full", "R3", "sad", 0, 1),
]


def test_leaving_out_raters_deletes_nothing():
    table = ratings(ROWS, answered_s=np.arange(4.0), response_s=np.arange(4.0) / 2)
    rest = table.without_raters(["R1", "nobody"])
    assert decoded(rest.rater) == ["R2", "R3"]
    assert rest.answered_s.tolist() == [1, 3]
    assert rest.response_s.tolist() == [0.5, 1.5]
    assert rest.items is table.items
    assert len(table) == 4
    assert decoded(table.without_raters([]).rater) == decoded(table.rater)


def test_rows_of_one_pass():
    table = ratings(ROWS)
    assert decoded(table.of_pass(2).emotion) == ["happy"]
    assert len(table.of_pass(1)) == 3
    assert len(table.of_pass(7)) == 0
    first = table.of_pass(1)
    assert first.of_pass(1) is first
    assert first.answered_s is None


@pytest.mark.parametrize("column", ["item", "score", "pass_no", "answered_s", "response_s"])
def test_columns_of_different_length_are_refused(column):
    with pytest.raises(ValueError, match="columns differ"):
        ratings(ROWS, **{column: np.zeros(3, np.int32)})


labels = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["", "face", "full"]), st.sampled_from("PQ"), words, st.integers(1, 2)
    ),
    min_size=1,
)


def categories(rows):
    item, condition, rater, category, pass_no = zip(*rows, strict=True)
    return CategoryTable(
        Items.of_clips(["a", "b", "c"]),
        np.array(item, np.int32),
        Factor.encode(condition),
        Factor.encode(rater),
        Factor.encode(category),
        np.array(pass_no, np.int32),
        simulated=None,
        notes=("as read",),
    )


@given(labels, st.integers(1, 2))
def test_votes_are_those_of_counting_by_hand(rows, pass_no):
    counted = categories(rows).counts(pass_no)
    by_hand = Counter(
        (item, condition, category) for item, condition, _, category, number in rows
        if number == pass_no and condition and category
    )  # fmt: skip
    told = {
        (int(counted.item[row]), decoded(counted.condition)[row], counted.categories[column]): int(votes)
        for (row, column), votes in np.ndenumerate(counted.votes)
        if votes
    }
    assert told == by_hand
    assert (counted.votes.sum(axis=1) > 0).all()
    voters = {r for _, condition, r, category, number in rows if number == pass_no and condition and category}
    assert counted.n_raters == len(voters)
    assert (counted.simulated, counted.notes) == (None, ("as read",))


@given(labels)
def test_category_labels_without_a_rater_are_the_rows_of_the_others(rows):
    table = categories(rows).without_raters(["P"])
    rest = [row for row in rows if row[2] != "P"]
    assert [int(item) for item in table.item] == [row[0] for row in rest]
    assert decoded(table.category) == [row[3] for row in rest]
    assert table.pass_no.tolist() == [row[4] for row in rest]


def test_votes_have_a_row_for_each_cell_and_a_column_for_each_category():
    condition = Factor.constant("all", 2)
    with pytest.raises(ValueError, match="rows x categories"):
        CountTable(Items.of_clips(["a"]), np.zeros(2, np.int32), condition, ("x", "y"), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="differ in length"):
        CountTable(Items.of_clips(["a"]), np.zeros(1, np.int32), condition, ("x",), np.zeros((1, 1)))
