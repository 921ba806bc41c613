"""The registry of networks for categories: every recipe has one, and every network its recipe."""

import numpy as np
import pytest

from app.domain.category_recipes import CATEGORY_RECIPES
from app.domain.item_data import load_items
from app.domain.item_frames import FrameRule
from app.learning.clip.base.member import Machine, Network
from app.learning.clip.members import _members, member_of
from app.learning.clip.task import frames_drawn, frames_read
from tests.learning.clip.data import made_up


def test_every_recipe_has_its_network_and_every_network_a_recipe():
    assert {recipe.network for recipe in CATEGORY_RECIPES} == set(_members())
    for recipe in CATEGORY_RECIPES:
        member = member_of(recipe.network)
        assert isinstance(member, Network | Machine)
        assert ("epochs" in recipe.values()) == isinstance(member, Network), recipe.name


def test_an_unknown_network_is_refused():
    with pytest.raises(ValueError, match="called lstm_of_nobody"):
        member_of("lstm_of_nobody")


def test_frames_at_a_rate_and_random_first_frames(tmp_path):
    data = load_items(made_up(tmp_path, subjects=6, clips=2, frames=(26, 40)))
    items, rule = np.arange(len(data)), FrameRule(4, 5.0)
    for item, rows in zip(items, frames_read(data, items, rule), strict=True):
        assert rows[0] == 0
        assert len(rows) == 4
        assert rows[-1] == 5 * ((data.first[item + 1] - data.first[item] - 1) // 5)
    rng = np.random.default_rng(0)
    drawn = [frames_drawn(data, items, FrameRule(0, 5.0), "first", rng) for _ in range(12)]
    assert {int(rows[0]) for each in drawn for rows in each} == {0, 1, 2, 3, 4}
    assert all((np.diff(rows) == 5).all() for each in drawn for rows in each)
    wild = frames_drawn(data, items, FrameRule(20), "any", rng)
    assert all(len(rows) == 20 and (np.diff(rows) > 0).all() for rows in wild)
    assert any((np.diff(rows) > 2).any() for rows in wild)
