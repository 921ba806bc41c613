"""Parameters that several recipes for categories have in common."""

from typing import Final

from app.domain.recipe import Parameter

SEED: Final = Parameter(
    "seed", 0, "Seed", "Equal seeds and data give equal models on one machine.", 0, 2**31 - 1, basic=True
)
FOLDS: Final = Parameter(
    "folds",
    5,
    "Folds",
    "Cross-validate by subject: train again without each fold's people and test on them; 1 does not. The held-out "
    "people stay out of it. 0 leaves out one official group of people at a time, or one person without groups.",
    0,
    100,
    basic=True,
)
SHARE: Final = Parameter(
    "share", 1.0, "Share of subjects", "Learn from this share of the training subjects, for learning curves.", 0.01, 1.0
)
BALANCE: Final = Parameter(
    "balance", False, "Balance categories", "Weight items so that every category counts the same in training."
)
COMMON: Final = (SEED, FOLDS, SHARE, BALANCE)
"""The parameters of every recipe that learns."""
GRID: Final = Parameter(
    "grid",
    "0.01,0.1,1,10,100",
    "Values of C",
    "Tried by cross-validation over training subjects; the one with the best recall averaged over categories is taken.",
)
GAMMA: Final = Parameter(
    "gamma", "0.1,0.3,1,3", "Values of gamma", "Tried with every C, each divided by the number of features."
)

EPOCHS: Final = Parameter(
    "epochs", 60, "Epochs", "At most this many passes over the training items.", 1, 10_000, basic=True
)
PATIENCE: Final = Parameter(
    "patience", 12, "Patience", "Stop when validation has not improved for this many epochs.", 1, 10_000
)
DECAY: Final = Parameter("decay", 1.0, "Decay factor", "Learning rate × this every `decay_steps`.", 0.01, 1.0)
STEPS: Final = Parameter("decay_steps", 400, "Decay steps", "Steps between decays.", 1, 10**6)
CLIP: Final = Parameter("clip", 1.0, "Gradient limit", "Longer gradients are shortened to this norm.", 1e-6, 1e6)
RATE: Final = Parameter("learning_rate", 1e-3, "Learning rate", "Adam's step at the start.", 1e-7, 1.0)
BATCH: Final = Parameter("batch", 32, "Batch", "Items a step.", 1, 4096)
DROPOUT: Final = Parameter("dropout", 0.3, "Dropout", "Share of units left out in training.", 0.0, 0.95)
WEIGHT_DECAY: Final = Parameter(
    "weight_decay", 1e-4, "Weight decay", "Decoupled weight decay of the optimiser.", 0.0, 1.0
)
FRAMES: Final = Parameter(
    "frames",
    100,
    "Frames an item",
    "Longer items are thinned out evenly to this many frames, in training and in prediction alike.",
    2,
    10_000,
)
TRAINED: Final = (EPOCHS, PATIENCE, DECAY, STEPS, DROPOUT, WEIGHT_DECAY, FRAMES)
"""The parameters of every recipe that is trained in epochs, besides learning rate, batch and gradient limit."""
