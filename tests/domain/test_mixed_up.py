"""Curves given to the wrong items."""

import numpy as np

from app.domain.mixed_up import mixed_up


def test_every_item_has_its_length_and_values_of_one_item():
    curves = [np.full((n, 2), number, np.float32) + np.arange(n)[:, None] / 100 for number, n in enumerate((3, 7, 5))]
    found = mixed_up(curves, (3, 7, 5), np.random.default_rng(4))
    assert [len(each) for each in found] == [3, 7, 5]
    of = [set(np.floor(each[:, 0]).astype(int).tolist()) for each in found]
    assert sorted(next(iter(one)) for one in of) == [0, 1, 2]
    assert all(len(one) == 1 for one in of)
    again = mixed_up(curves, (3, 7, 5), np.random.default_rng(4))
    assert all(np.array_equal(a, b) for a, b in zip(found, again, strict=True))
