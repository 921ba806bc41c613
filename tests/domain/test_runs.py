"""Runs of whole numbers give back the column that they came from."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.domain.runs import from_runs, to_runs


@given(st.lists(st.integers(0, 3), max_size=60))
def test_runs_give_the_column_back(numbers):
    column = np.array(numbers, np.int64)
    runs = to_runs(column)
    np.testing.assert_array_equal(from_runs(runs, len(column)), column)
    assert all(a[1] != b[1] for a, b in pairwise(runs))


def test_a_run_begins_where_the_number_changes():
    assert to_runs(np.array([2, 2, 1, 1, 1, 0])) == [[0, 2], [2, 1], [5, 0]]
    assert to_runs(np.array([], np.int64)) == []
