"""Recipes after Kahou et al. 2015: frame averaging, k-average bins, IRNN, sound, motion and fusion of features."""

from dataclasses import replace
from typing import Final

from app.domain.recipe import Parameter, Recipe, Value
from app.domain.recipe_parameters import (
    BATCH,
    CLIP,
    COMMON,
    FOLDS,
    FRAMES,
    GAMMA,
    GRID,
    RATE,
    SEED,
    SHARE,
    TRAINED,
)

PAPER: Final = "Kahou et al. 2015, Recurrent neural networks for emotion recognition in video"

_IRNN: Final = (
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
)
_SMALL_ACTIVITY: Final[dict[str, Value]] = {
    "blocks": 4000, "components": 60, "hidden": 60, "passes": 10, "words": 60, "folds": 1, "grid": "0.1,1,10",
    "gamma": "0.3,1",
}  # fmt: skip

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
        _IRNN,
        "category",
    ),
    Recipe(
        "audio",
        "Sound and RBF SVM",
        "Principal components of the features of the item's sound, and an RBF support vector machine. It has no live "
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
    Recipe(
        "activity",
        "Words of motion and RBF SVM",
        "A synchrony autoencoder finds kinds of local motion in blocks of 16×16 pixels and 10 frames; how often each "
        "occurs is classified. In the paper it fits its training people and few others.",
        f"{PAPER}, section 4",
        "activity",
        (
            *COMMON,
            replace(
                FRAMES,
                default=300,
                help="Longer items are thinned out to this many frames, which changes motion.",
            ),
            Parameter("step", 8, "Step in space", "Pixels from block to block.", 1, 512),
            Parameter("time_step", 5, "Step in time", "Frames from block to block.", 1, 1000),
            Parameter("blocks", 50_000, "Blocks", "Training blocks that filters are learned from.", 100, 10**7),
            Parameter("variance", 0.9, "Variance kept", "Share of the variance that whitening keeps.", 0.01, 1.0),
            Parameter("components", 300, "Components", "At most this many components; 0 for no limit.", 0, 2560),
            Parameter("hidden", 300, "Units", "Units of the autoencoder.", 1, 10_000),
            Parameter("passes", 30, "Passes", "Passes of the autoencoder over the blocks.", 1, 10_000),
            Parameter("rate", 1e-3, "Step", "Adam's step for the autoencoder.", 1e-7, 1.0),
            Parameter("contraction", 0.01, "Contraction", "Weight of the contraction of the code.", 0.0, 100.0),
            Parameter("words", 3000, "Words", "Kinds of motion, by k-means.", 2, 100_000),
            GRID,
            GAMMA,
        ),
        "category",
        streams=("context_pixels:128",),
        scaled_streams=("context_pixels:40",),
        scaled=_SMALL_ACTIVITY,
    ),
    Recipe(
        "feature_fusion",
        "Fusion of features",
        "Trains an IRNN, then joins its last state with bins of the frame model's outputs and with the sound in one "
        "small network. It has no live verdict.",
        f"{PAPER}, section 5.1",
        "feature_fusion",
        (
            *_IRNN,
            Parameter("bins", 15, "Bins", "Parts of equal length along the item (paper: 15).", 1, 200),
            Parameter(
                "components", 10, "Components", "Whitened principal components of the sound (paper: 10).", 1, 10_000
            ),
            Parameter(
                "setting",
                "stable",
                "Setting",
                "paper: descent with 0.1; stable: with 0.001 and a momentum of 0.9, as in section 6.2.",
                choices=("stable", "paper"),
            ),
            Parameter("cnn_units", 100, "Units, frames", "Units that read the bins (paper: 100).", 1, 4096),
            Parameter("sound_units", 10, "Units, sound", "Units that read the sound (paper: 10).", 1, 4096),
            Parameter("rnn_units", 50, "Units, IRNN", "Units that read the IRNN's state (paper: 50).", 1, 4096),
            Parameter("common_units", 70, "Common units", "Units of the common layer (paper: 70).", 1, 4096),
            Parameter(
                "sharing",
                1e-4,
                "Sharing",
                "Weight of the term by which modalities use the same units (not stated in the paper).",
                0.0,
                10.0,
            ),
            Parameter(
                "sparseness", 1e-5, "Sparseness", "Weight of the absolute weights of the first layers.", 0.0, 10.0
            ),
            Parameter("fusion_epochs", 2000, "Fusion epochs", "At most this many passes of the fusion.", 1, 10**6),
            Parameter("fusion_patience", 200, "Fusion patience", "Passes without a better validation.", 1, 10**6),
        ),
        "category",
        reads="both",
        streams=("face", "audio"),
        scaled={
            "hidden": 32,
            "epochs": 40,
            "patience": 10,
            "folds": 1,
            "batch": 32,
            "learning_rate": 0.02,
            "fusion_epochs": 400,
            "fusion_patience": 60,
        },
    ),
)
