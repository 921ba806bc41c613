"""Recipes after Xu et al. 2017: aggregated features."""

from typing import Final

from app.domain.category_recipes.shared import COMMON, GRID
from app.domain.recipe import Parameter, Recipe

PAPER: Final = "Xu et al. 2017, Emotion recognition in the wild using aggregated features"

RECIPES: Final = (
    Recipe(
        "aggregation",
        "Aggregated features and linear SVM",
        "Mean and variance over time of normalised frame features, then a linear classifier. Fast, and hard to beat.",
        f"{PAPER}, section 3.1",
        "aggregation",
        (
            *COMMON,
            Parameter(
                "moments",
                "mean_variance",
                "Moments",
                "Mean and variance over the frames (paper), or the mean alone.",
                choices=("mean_variance", "mean"),
            ),
            GRID,
        ),
        "category",
    ),
)
