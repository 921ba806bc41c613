"""Recipes for valence and arousal of every frame: system E, and heads on the shipped model's features."""

from dataclasses import replace
from typing import Final

from app.domain.recipe import Parameter, Recipe

KOLLIAS: Final = "Kollias et al. 2017, Recognition of affect in the wild using deep neural networks"

_EPOCHS = Parameter(
    "epochs", 60, "Epochs", "At most this many passes over the training sequences.", 1, 10_000, basic=True
)
_PATIENCE = Parameter(
    "patience", 12, "Patience", "Stop when validation has not improved for this many epochs.", 1, 10_000
)
_SEED = Parameter("seed", 0, "Seed", "Equal seeds and data give equal models on one machine.", 0, 2**31 - 1, basic=True)
_RATE = Parameter("learning_rate", 1e-3, "Learning rate", "Adam's step at the start (paper: 0.001).", 1e-7, 1.0)
_DECAY = Parameter("decay", 0.97, "Decay factor", "Learning rate × this every `decay_steps` (paper: 0.97).", 0.01, 1.0)
_STEPS = Parameter("decay_steps", 400, "Decay steps", "Steps between decays (paper: 400).", 1, 10**6)
_DROPOUT = Parameter("dropout", 0.5, "Dropout", "Share of units left out in training (paper: 0.5).", 0.0, 0.95)
_WEIGHT_DECAY = Parameter("weight_decay", 0.0, "Weight decay", "Adam's decoupled weight decay.", 0.0, 1.0)
_LOSS = Parameter(
    "loss",
    "ccc",
    "Loss",
    "1 − mean CCC (paper's choice), mean squared error, or their sum.",
    choices=("ccc", "mse", "both"),
)
_DIMENSION = Parameter(
    "dimension",
    "both",
    "Dimensions",
    "One joint network, or a network for one dimension (the paper finds the latter slightly better).",
    choices=("both", "valence", "arousal"),
)
_BALANCE = Parameter(
    "balance", True, "Balance quadrants", "Draw sequences so that rare quadrants of the plane come more often (paper)."
)
_QUADRANTS = Parameter(
    "quadrants",
    "paper",
    "Shares of quadrants",
    "Where quadrants are balanced: 43 % positive valence and arousal, 24 % negative valence and positive arousal, 19 % "
    "positive valence and negative arousal, 14 % both negative (paper), or a quarter each.",
    choices=("paper", "equal"),
)
_LANDMARKS = Parameter(
    "landmarks", True, "Read landmarks", "Join facial landmarks to the features (paper: they help).", basic=True
)
_BATCH_SEQUENCES = Parameter("batch", 8, "Batch", "Sequences a step.", 1, 4096)
_LENGTH = Parameter("length", 100, "Sequence length", "Frames a sequence (paper: 100, about 3 s).", 2, 10_000)
_CELL = Parameter(
    "cell", "gru", "Recurrent cell", "GRU (paper's best) or LSTM with peepholes.", choices=("gru", "lstm")
)
_HIDDEN = Parameter("hidden", 128, "Recurrent units", "Units of a recurrent layer (paper: 128).", 1, 4096)
_LAYERS = Parameter("layers", 2, "Recurrent layers", "One or two (paper: two).", 1, 4)
_BACKBONE = Parameter(
    "backbone", "resnet", "Backbone", "ResNet-50 (Table 1) or VGG (Table 2).", choices=("resnet", "vgg")
)
_SCALE = Parameter("scale", 1.0, "Scale", "All layer sizes × this; 1 is the paper's network.", 0.01, 4.0)
_WEIGHTS = Parameter(
    "weights", "", "Starting weights", "A local file with the backbone's weights; empty: from scratch."
)
_FREEZE = Parameter("freeze", False, "Freeze the backbone", "Train only what follows the convolutions.")

_SHARE = Parameter(
    "share", 1.0, "Share of subjects", "Learn from this share of the training subjects, for learning curves.", 0.01, 1.0
)

_FOLDS = Parameter(
    "folds",
    3,
    "Folds",
    "Cross-validate by subject: train again without each fold's people and test on them; 1 does not. The held-out "
    "people of the comparison stay out of it.",
    1,
    100,
    basic=True,
)
"""Three: on kept features a fold takes seconds, and everybody is met once by a model that does not know them."""
_NO_FOLDS = replace(_FOLDS, default=1, basic=False)
"""From pixels each fold costs a whole training."""

_COMMON = (
    _SEED,
    _PATIENCE,
    _RATE,
    _DECAY,
    _STEPS,
    _DROPOUT,
    _WEIGHT_DECAY,
    _LOSS,
    _DIMENSION,
    _BALANCE,
    _QUADRANTS,
    _SHARE,
)

AFFECT_RECIPES: Final = (
    Recipe(
        "gru_head",
        "Recurrent head on the shipped model",
        "Keeps the shipped face model and trains a GRU on its features: minutes on two cores. Take this first.",
        f"{KOLLIAS}, Table 3, on frozen features",
        "head",
        (
            _EPOCHS,
            _FOLDS,
            *_COMMON,
            _LANDMARKS,
            _LENGTH,
            _BATCH_SEQUENCES,
            _CELL,
            Parameter("units", 64, "Units before the RNN", "Fully connected layer before it (paper: 4096).", 1, 8192),
            Parameter("hidden", 64, "Recurrent units", "Units of a recurrent layer (paper: 128).", 1, 4096),
            _LAYERS,
        ),
    ),
    Recipe(
        "frame_head",
        "Frame head on the shipped model",
        "Keeps the shipped face model and trains fully connected layers on single frames: no memory. To see what time "
        "brings, or for cameras that drop many frames.",
        f"{KOLLIAS}, Tables 1 and 2, on frozen features",
        "frame_head",
        (
            _EPOCHS,
            _FOLDS,
            *_COMMON,
            _LANDMARKS,
            Parameter("batch", 80, "Batch", "Frames a step (paper: 80).", 1, 4096),
            Parameter("units", 128, "First layer", "Units of the first layer (paper: 1500).", 1, 8192),
            Parameter("second", 64, "Second layer", "Units of the second layer (paper: 256).", 1, 8192),
        ),
    ),
    Recipe(
        "kollias_cnn",
        "CNN on single frames",
        "System E without time: ResNet-50 or VGG on face crops. For a GPU at the paper's size.",
        f"{KOLLIAS}, Tables 1 and 2",
        "cnn",
        (
            _EPOCHS,
            _NO_FOLDS,
            *_COMMON,
            _LANDMARKS,
            Parameter("batch", 80, "Batch", "Frames a step (paper: 80).", 1, 4096),
            _BACKBONE,
            _SCALE,
            _WEIGHTS,
            _FREEZE,
        ),
    ),
    Recipe(
        "kollias_cnn_rnn",
        "CNN-RNN on sequences",
        "System E in full: a CNN on each frame, a GRU or LSTM over time. For a GPU at full size.",
        f"{KOLLIAS}, Table 3",
        "cnn_rnn",
        (
            _EPOCHS,
            _NO_FOLDS,
            *_COMMON,
            _LANDMARKS,
            _LENGTH,
            _BATCH_SEQUENCES,
            _CELL,
            Parameter("units", 4096, "Units before the RNN", "Fully connected layer before it (paper: 4096).", 1, 8192),
            _HIDDEN,
            _LAYERS,
            _BACKBONE,
            _SCALE,
            _WEIGHTS,
            _FREEZE,
        ),
    ),
)
