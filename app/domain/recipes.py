"""The ways of training that the program offers. The form, the command line and the run all read this table."""

from typing import Final

from app.domain.affect_recipes import AFFECT_RECIPES
from app.domain.category_recipes import CATEGORY_RECIPES
from app.domain.recipe import Recipe
from app.errors import UserError

RECIPES: Final = (*AFFECT_RECIPES, *CATEGORY_RECIPES)


def find_recipe(name: str) -> Recipe:
    """Find a recipe by its name.

    Raises:
        UserError: There is none of this name; the message lists all names.
    """
    for recipe in RECIPES:
        if recipe.name == name:
            return recipe
    raise UserError(f"There is no recipe {name}.", f"There are {', '.join(r.name for r in RECIPES)}.")


def category_recipe(name: str) -> Recipe:
    """Find a recipe that predicts categories by its name.

    Raises:
        UserError: There is none of this name, or it predicts something else.
    """
    recipe = find_recipe(name)
    if recipe.target != "category":
        raise UserError(f"The recipe {name} predicts no categories.", "Choose gru, aggregation or attention.")
    return recipe
