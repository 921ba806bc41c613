"""Recipes for the category of a whole item, from the features of its frames."""

from dataclasses import replace
from typing import Final

from app.domain.recipe import Parameter, Recipe

KAHOU: Final = "Kahou et al. 2015, Recurrent neural networks for emotion recognition in video"
XU: Final = "Xu et al. 2017, Emotion recognition in the wild using aggregated features"

_SEED = Parameter("seed", 0, "Seed", "Equal seeds and data give equal models on one machine.", 0, 2**31 - 1, basic=True)
_FOLDS = Parameter(
    "folds",
    5,
    "Folds",
    "Cross-validate by subject: train again without each fold's people and test on them; 1 does not. The held-out "
    "people stay out of it. 0 leaves out one official group of people at a time, or one person without groups.",
    0,
    100,
    basic=True,
)
_SHARE = Parameter(
    "share", 1.0, "Share of subjects", "Learn from this share of the training subjects, for learning curves.", 0.01, 1.0
)
_BALANCE = Parameter(
    "balance", False, "Balance categories", "Weight items so that every category counts the same in training."
)
_COMMON = (_SEED, _FOLDS, _SHARE, _BALANCE)
_GRID = Parameter(
    "grid",
    "0.01,0.1,1,10,100",
    "Values of C",
    "Tried by cross-validation over training subjects; the one with the best recall averaged over categories is taken.",
)
_GAMMA = Parameter(
    "gamma", "0.1,0.3,1,3", "Values of gamma", "Tried with every C, each divided by the number of features."
)

_EPOCHS = Parameter("epochs", 60, "Epochs", "At most this many passes over the training items.", 1, 10_000, basic=True)
_PATIENCE = Parameter(
    "patience", 12, "Patience", "Stop when validation has not improved for this many epochs.", 1, 10_000
)
_DECAY = Parameter("decay", 1.0, "Decay factor", "Learning rate × this every `decay_steps`.", 0.01, 1.0)
_STEPS = Parameter("decay_steps", 400, "Decay steps", "Steps between decays.", 1, 10**6)
_CLIP = Parameter("clip", 1.0, "Gradient limit", "Longer gradients are shortened to this norm.", 1e-6, 1e6)
_RATE = Parameter("learning_rate", 1e-3, "Learning rate", "Adam's step at the start.", 1e-7, 1.0)
_BATCH = Parameter("batch", 32, "Batch", "Items a step.", 1, 4096)
_DROPOUT = Parameter("dropout", 0.3, "Dropout", "Share of units left out in training.", 0.0, 0.95)
_WEIGHT_DECAY = Parameter("weight_decay", 1e-4, "Weight decay", "Decoupled weight decay of the optimiser.", 0.0, 1.0)
_FRAMES = Parameter(
    "frames",
    100,
    "Frames an item",
    "Longer items are thinned out evenly to this many frames, in training and in prediction alike.",
    2,
    10_000,
)
_TRAINED = (_EPOCHS, _PATIENCE, _DECAY, _STEPS, _DROPOUT, _WEIGHT_DECAY, _FRAMES)

CATEGORY_RECIPES: Final = (
    Recipe(
        "average",
        "Frame averaging",
        "Averages what the shipped frame model says of each frame. Learns nothing: the baseline of all others.",
        f"{KAHOU}, section 2.3",
        "average",
        (_SEED, _FOLDS, _SHARE),
        "category",
    ),
    Recipe(
        "kaverage",
        "k-average bins and RBF SVM",
        "Averages the frame model's outputs before the softmax in bins along the item and classifies the bins.",
        f"{KAHOU}, section 2.3",
        "kaverage",
        (
            *_COMMON,
            Parameter("bins", 15, "Bins", "Parts of equal length along the item (paper: 15).", 1, 200),
            _GRID,
            _GAMMA,
        ),
        "category",
    ),
    Recipe(
        "aggregation",
        "Aggregated features and linear SVM",
        "Mean and variance over time of normalised frame features, then a linear classifier. Fast, and hard to beat.",
        f"{XU}, section 3.1",
        "aggregation",
        (
            *_COMMON,
            Parameter(
                "moments",
                "mean_variance",
                "Moments",
                "Mean and variance over the frames (paper), or the mean alone.",
                choices=("mean_variance", "mean"),
            ),
            _GRID,
        ),
        "category",
    ),
    Recipe(
        "irnn",
        "IRNN on frame features",
        "A recurrent network of rectified units that starts from the identity; the last step decides.",
        f"{KAHOU}, section 2.2",
        "irnn",
        (
            *_COMMON,
            replace(_RATE, default=0.005, help="Step of stochastic gradient descent (paper: 0.005)."),
            replace(_BATCH, default=64, help="Items a step (paper: 64)."),
            replace(_CLIP, help="Longer gradients are shortened to this norm (paper: 1.0)."),
            *(replace(p, default=0.0) if p.key in ("dropout", "weight_decay") else p for p in _TRAINED),
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
        "gru",
        "GRU on frame features",
        "A gated recurrent network; the last step decides. Takes order and duration into account.",
        "Cho et al. 2014, Learning phrase representations using RNN encoder–decoder",
        "gru",
        (
            *_COMMON,
            _RATE,
            _BATCH,
            _CLIP,
            *_TRAINED,
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
            *_COMMON,
            replace(_RATE, default=5e-4),
            _BATCH,
            _CLIP,
            *_TRAINED,
            Parameter("width", 64, "Width", "Values a frame inside the transformer.", 4, 4096),
            Parameter("layers", 1, "Layers", "Transformer layers before the pooling.", 0, 12),
            Parameter("heads", 4, "Heads", "Attention heads; they must divide the width.", 1, 64),
        ),
        "category",
    ),
)
