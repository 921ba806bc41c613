"""Recipes for categories that follow none of the five papers and serve as yardsticks."""

from dataclasses import replace
from typing import Final

from app.domain.recipe import Parameter, Recipe
from app.domain.recipe_parameters import BATCH, CLIP, COMMON, RATE, TRAINED

RECIPES: Final = (
    Recipe(
        "gru",
        "GRU on frame features",
        "A gated recurrent network; the last step decides. Takes order and duration into account.",
        "Cho et al. 2014, Learning phrase representations using RNN encoder–decoder",
        "gru",
        (
            *COMMON,
            RATE,
            BATCH,
            CLIP,
            *TRAINED,
            Parameter("hidden", 64, "Recurrent units", "Units of the recurrent layer.", 1, 4096),
        ),
        "category",
    ),
    Recipe(
        "attention",
        "Attention pooling",
        "A small transformer over the frames whose attention says which of them decided. The modern yardstick.",
        "Vaswani et al. 2017, Attention is all you need; Ilse et al. 2018, Attention-based deep multiple instance "
        "learning",
        "attention",
        (
            *COMMON,
            replace(RATE, default=5e-4),
            BATCH,
            CLIP,
            *TRAINED,
            Parameter("width", 64, "Width", "Values a frame inside the transformer.", 4, 4096),
            Parameter("layers", 1, "Layers", "Transformer layers before the pooling.", 0, 12),
            Parameter("heads", 4, "Heads", "Attention heads; they must divide the width.", 1, 64),
        ),
        "category",
    ),
)
