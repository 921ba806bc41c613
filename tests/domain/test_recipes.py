"""Parameters of the recipes: types, bounds, choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.recipe import Parameter, Recipe
from app.domain.recipes import RECIPES, find_recipe
from app.errors import UserError

parameters = st.sampled_from([parameter for recipe in RECIPES for parameter in recipe.parameters])


@given(parameters)
def test_a_default_fits_its_own_bounds_and_is_read_back_from_text(parameter):
    assert parameter.checked(parameter.default) == parameter.default
    read = parameter.checked(str(parameter.default))
    assert read == parameter.default
    assert type(read) is type(parameter.default)
    assert parameter.title
    assert parameter.help.endswith(".")


@given(parameters.filter(lambda p: isinstance(p.default, int | float) and not isinstance(p.default, bool)), st.data())
def test_numbers_within_their_bounds_are_taken_and_others_refused(parameter, data):
    whole = isinstance(parameter.default, int)
    draw = st.integers if whole else st.floats
    inside = data.draw(draw(parameter.low, parameter.high))
    assert parameter.checked(inside) == inside
    with pytest.raises(UserError, match="too small") as small:
        parameter.checked(parameter.low - 1)
    assert f"{parameter.low:g}" in small.value.todo
    with pytest.raises(UserError, match="too large") as large:
        parameter.checked(parameter.high + 1)
    assert f"{parameter.high:g}" in large.value.todo


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("0", False)])
def test_switches_are_read_from_words(text, value):
    switch = Parameter("on", True, "On", "Whether.")
    assert switch.checked(text) is value
    assert switch.checked(value) is value


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        (Parameter("on", True, "On", "Whether."), "perhaps", "'perhaps' is not a bool"),
        (Parameter("n", 3, "N", "How many."), "many", "'many' is not a int"),
        (Parameter("n", 3, "N", "How many."), None, "None is not a int"),
        (Parameter("rate", 0.1, "Rate", "How fast."), "fast", "'fast' is not a float"),
        (Parameter("cell", "gru", "Cell", "Which.", choices=("gru", "lstm")), "rnn", "cannot be 'rnn'"),
    ],
)
def test_what_is_no_value_is_refused(parameter, value, said):
    with pytest.raises(UserError) as refused:
        parameter.checked(value)
    assert said in refused.value.what


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_given_values_take_the_place_of_defaults_and_no_others_are_known(recipe):
    assert find_recipe(recipe.name) is recipe
    defaults = recipe.values()
    assert list(defaults) == [parameter.key for parameter in recipe.parameters]
    changed = recipe.values({"seed": "7"})
    assert changed == {**defaults, "seed": 7}
    with pytest.raises(UserError, match="no parameter speed") as refused:
        recipe.values({"speed": 3})
    assert "seed" in refused.value.todo


def test_names_of_recipes_are_unique_and_an_unknown_one_lists_them():
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)
    with pytest.raises(UserError, match="no recipe magic") as refused:
        find_recipe("magic")
    assert all(recipe.name in refused.value.todo for recipe in RECIPES)


def test_a_scaled_size_replaces_defaults_but_not_what_is_given():
    one, two = (Parameter(key, 100, key, "A number.", 1, 1000) for key in ("units", "layers"))
    recipe = Recipe("r", "R", "", "", "gru", (one, two), "category", scaled={"units": 8}, scaled_streams=("flow",))
    assert recipe.values() == {"size": "paper", "units": 100, "layers": 100}
    small = recipe.values({"size": "scaled", "layers": 2})
    assert small == {"size": "scaled", "units": 8, "layers": 2}
    assert recipe.values(small) == small
    assert recipe.values({"size": "scaled", "units": 100})["units"] == 100
    assert (recipe.streams_in(), recipe.streams_in("scaled")) == (("face",), ("flow",))
    with pytest.raises(UserError, match="size cannot be 'tiny'"):
        recipe.values({"size": "tiny"})
    assert "size" not in find_recipe("gru").values()
