"""Recipes after Kahou et al. 2015: frame averaging, k-average bins, the IRNN and the sound."""

from dataclasses import replace
from typing import Final

from app.domain.category_recipes.shared import BATCH, CLIP, COMMON, FOLDS, GAMMA, GRID, RATE, SEED, SHARE, TRAINED
from app.domain.recipe import Parameter, Recipe

PAPER: Final = "Kahou et al. 2015, Recurrent neural networks for emotion recognition in video"

RECIPES: Final = (
    Recipe(
        "average",
        "Frame averaging",
        "Averages what the shipped frame model says of each frame. Learns nothing: the baseline of all others.",
        f"{PAPER}, section 2.3",
        "average",
        (SEED, FOLDS, SHARE),
        "category",
        reads="probabilities",
    ),
    Recipe(
        "kaverage",
        "k-average bins and RBF SVM",
        "Averages the frame model's outputs before the softmax in bins along the item and classifies the bins.",
        f"{PAPER}, section 2.3",
        "kaverage",
        (
            *COMMON,
            Parameter("bins", 15, "Bins", "Parts of equal length along the item (paper: 15).", 1, 200),
            GRID,
            GAMMA,
        ),
        "category",
        reads="probabilities",
    ),
    Recipe(
        "irnn",
        "IRNN on frame features",
        "A recurrent network of rectified units that starts from the identity; the last step decides.",
        f"{PAPER}, section 2.2",
        "irnn",
        (
            *COMMON,
            replace(RATE, default=0.005, help="Step of stochastic gradient descent (paper: 0.005)."),
            replace(BATCH, default=64, help="Items a step (paper: 64)."),
            replace(CLIP, help="Longer gradients are shortened to this norm (paper: 1.0)."),
            *(replace(p, default=0.0) if p.key in ("dropout", "weight_decay") else p for p in TRAINED),
            Parameter("hidden", 200, "Recurrent units", "Units of the recurrent layer (paper: 200).", 1, 4096),
            Parameter(
                "identity",
                1.0,
                "Identity scale",
                "Recurrent weights start at the identity × this (not stated in the paper; Le et al. 2015 take 1).",
                0.0,
                2.0,
            ),
        ),
        "category",
    ),
    Recipe(
        "audio",
        "Sound and RBF SVM",
        "Principal components of what describes the item's sound, and an RBF support vector machine. It has no live "
        "verdict.",
        f"{PAPER}, section 3",
        "audio",
        (
            *COMMON,
            Parameter(
                "variance",
                0.95,
                "Variance kept",
                "Share of the variance that the principal components keep (not stated in the paper).",
                0.01,
                1.0,
            ),
            Parameter("components", 0, "Components", "At most this many components; 0 for no limit.", 0, 10_000),
            GRID,
            GAMMA,
        ),
        "category",
        streams=("audio",),
    ),
)
