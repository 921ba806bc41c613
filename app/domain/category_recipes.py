"""Recipes for the category of a whole item, from the pages of the papers."""

from typing import Final

from app.domain import kahou_recipes, miyoshi_recipes, own_recipes, sun_recipes, xu_recipes

CATEGORY_RECIPES: Final = (
    *kahou_recipes.RECIPES,
    *xu_recipes.RECIPES,
    *sun_recipes.RECIPES,
    *miyoshi_recipes.RECIPES,
    *own_recipes.RECIPES,
)
