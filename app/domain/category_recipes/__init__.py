"""Recipes for the category of a whole item: a page for each paper."""

from typing import Final

from app.domain.category_recipes import kahou, miyoshi, ours, sun, xu

CATEGORY_RECIPES: Final = (*kahou.RECIPES, *xu.RECIPES, *sun.RECIPES, *miyoshi.RECIPES, *ours.RECIPES)
