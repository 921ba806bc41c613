"""The ways of training that the program offers: one table, from which the form, the command line and the run come."""

from typing import Final

from app.domain.affect_recipes import AFFECT_RECIPES
from app.domain.category_recipes import CATEGORY_RECIPES
from app.domain.recipe import Recipe
from app.errors import UserError

RECIPES: Final = (*AFFECT_RECIPES, *CATEGORY_RECIPES)


def find_recipe(name: str) -> Recipe:
    """The recipe of a name.

    Raises:
        UserError: There is none; the sentence lists those there are.
    """
    for recipe in RECIPES:
        if recipe.name == name:
            return recipe
    raise UserError(f"There is no recipe {name}.", f"There are {', '.join(r.name for r in RECIPES)}.")
