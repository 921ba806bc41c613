"""The recipe after Miyoshi et al. 2019: enhanced convolutional LSTMs beside ResNets on dynamic images."""

from dataclasses import replace
from typing import Final

from app.domain.recipe import Parameter, Recipe
from app.domain.recipe_parameters import BATCH, CLIP, COMMON, FOLDS, RATE, TRAINED

PAPER: Final = (
    "Miyoshi et al. 2019, A proposal of facial expression recognition method from video using enhanced ConvLSTM"
)
_DEFAULTS: Final = {"epochs": 60, "patience": 12, "dropout": 0.5, "weight_decay": 1e-4}
_FOLDS: Final = replace(
    FOLDS,
    help="The paper leaves out one of five groups of subjects at a time. " + FOLDS.help,
)

RECIPES: Final = (
    Recipe(
        "convlstm",
        "Enhanced ConvLSTM",
        "Convolutional LSTMs read short clips of the face and of its motion; small ResNets read the sum of each clip. "
        "It learns from pixels.",
        f"{PAPER} (in Japanese)",
        "convlstm",
        (
            *(_FOLDS if each is FOLDS else each for each in COMMON),
            Parameter(
                "variant",
                "e",
                "Variant",
                "As in Table 2: a has only ResNets, b plain ConvLSTMs, c enhanced ones, d is a and b, e is a and c.",
                choices=("a", "b", "c", "d", "e"),
                basic=True,
            ),
            replace(RATE, default=0.01, help="Step of gradient descent (not stated in the paper)."),
            Parameter(
                "momentum",
                0.9,
                "Momentum",
                "Momentum of gradient descent (value not stated).",
                0.0,
                0.999,
            ),
            replace(BATCH, default=8, help="Short clips a step."),
            CLIP,
            *(replace(each, default=_DEFAULTS[each.key]) if each.key in _DEFAULTS else each for each in TRAINED),
            Parameter("clip_frames", 16, "Frames a clip", "Items are divided into short clips (paper: 16).", 2, 512),
            Parameter(
                "clip_step",
                8,
                "Frames to the next clip",
                "Number of frames from the beginning of a short clip to that of the next one (paper: 8).",
                1,
                512,
            ),
            Parameter(
                "crop",
                0,
                "Crop",
                "Side of the square that is cut out of the streams' pictures; 0 for all (not stated in the paper).",
                0,
                512,
            ),
            Parameter(
                "side",
                0,
                "Side",
                "The cut pictures are brought to this side; 0 leaves them as they are (not stated).",
                0,
                512,
            ),
            Parameter(
                "shift",
                1,
                "Shift",
                "In training, the crop of each clip lies up to this many pixels off the middle.",
                0,
                64,
            ),
            Parameter(
                "relative",
                True,
                "Around the mean",
                "Convolutional LSTMs read each pixel less its mean over the clip: what moves rather than who it is "
                "(not stated).",
            ),
            Parameter(
                "channels", 32, "Channels", "Channels of every layer of cells (not stated in the paper).", 1, 512
            ),
            Parameter("groups", 4, "Groups", "Groups of channels that are normalised (not stated).", 1, 64),
            Parameter("halved", 2, "Halved", "Layers of cells after which pictures are halved (not stated).", 0, 4),
            Parameter("width", 1.0, "Width of the ResNets", "Factor of the printed numbers of channels.", 0.05, 4.0),
            Parameter("grid", 4, "Grid", "Side of the feature maps when they are added (not stated).", 1, 32),
            Parameter(
                "units",
                256,
                "Units",
                "Units of the first of three linear layers; the second has a quarter of them.",
                4,
                4096,
            ),
            Parameter(
                "dynamic",
                "sum",
                "Dynamic image",
                "The sum of a clip's frames, in which their order is lost (paper), or weighted by rank.",
                choices=("sum", "rank"),
            ),
        ),
        "category",
        streams=("face_pixels:112", "flow_pixels:112"),
        scaled={
            "channels": 8,
            "width": 0.25,
            "units": 128,
            "epochs": 15,
            "patience": 6,
            "dropout": 0.1,
            "batch": 16,
            "learning_rate": 0.05,
        },
        scaled_streams=("face_pixels:32", "flow_pixels:32"),
    ),
)
