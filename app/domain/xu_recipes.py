"""Recipes after Xu et al. 2017: frame networks, aggregated features, C3D and the residual bidirectional LSTM."""

from dataclasses import replace
from typing import Final

from app.domain.recipe import Parameter, Recipe, Value
from app.domain.recipe_parameters import BATCH, CLIP, COMMON, FRAMES, GRID, RATE, TRAINED

PAPER: Final = "Xu et al. 2017, Emotion recognition in the wild using aggregated features"

_DESCENT: Final = replace(RATE, default=1e-4, help="Step of stochastic gradient descent (paper: 0.0001).")
_MOMENTUM: Final = Parameter(
    "momentum", 0.9, "Momentum", "Momentum of the descent (not stated in the paper).", 0.0, 0.999
)
_WEIGHTS: Final = Parameter(
    "weights",
    "",
    "Starting weights",
    "A local file with the network's weights; empty: from scratch. A file beside it whose name ends with .sha256 is "
    "checked.",
)
_WIDTH: Final = Parameter("width", 1.0, "Width", "Share of the paper's channels in every layer.", 0.01, 2.0)
_TRAINED: Final = tuple(  # without the frames, which come last
    replace(p, default=value) if (value := {"dropout": 0.5, "weight_decay": 5e-4}.get(p.key)) is not None else p
    for p in TRAINED[:-1]
)
_CROP: Final = Parameter(
    "crop", 0, "Crop", "Side of the square that is cut out of the stream's pictures; 0 for all.", 0, 512
)
_TURN: Final = Parameter("turn", 10.0, "Turning", "Faces are turned by up to this many degrees in training.", 0.0, 90.0)


_SMALL_FRAME: Final[dict[str, Value]] = {
    "side": 32, "width": 0.125, "units": 64, "epochs": 40, "patience": 10, "frames": 16, "learning_rate": 0.02,
    "folds": 1, "turn": 5.0, "dropout": 0.2, "grid": "0.1,1,10",
}  # fmt: skip
_SMALL_C3D: Final[dict[str, Value]] = {
    "side": 32, "crop": 36, "width": 0.125, "hidden": 64, "windows": 4, "batch": 16, "epochs": 40, "patience": 10,
    "learning_rate": 0.02, "folds": 1, "dropout": 0.2, "grid": "0.1,1,10",
}  # fmt: skip


def _frame_network(name: str, title: str, side: int, units: int, more: tuple[Parameter, ...]) -> Recipe:
    return Recipe(
        name,
        title,
        "Trains a network on single frames, each with the label of its item; then mean and variance over time of its "
        "features, and a linear classifier.",
        f"{PAPER}, section II",
        name,
        (
            *COMMON,
            _DESCENT,
            replace(BATCH, help="Frames a step, each of another item (paper: 32)."),
            CLIP,
            *_TRAINED,
            replace(
                FRAMES, default=32, help="Longer items are thinned out evenly to this many frames for their features."
            ),
            _MOMENTUM,
            _WEIGHTS,
            *more,
            _CROP,
            Parameter("side", side, "Side", f"Pictures are brought to this side (paper: {side}).", 16, 512),
            _WIDTH,
            Parameter("units", units, "Features", f"Length of the feature (paper: {units}).", 1, 8192),
            _TURN,
            GRID,
        ),
        "category",
        streams=("face_pixels:128",) if side == 224 else (f"face_pixels:{side}",),
        scaled_streams=("face_pixels:48",),
        scaled=_SMALL_FRAME,
    )


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
    _frame_network(
        "vgg_fc6",
        "VGG-16 (fc6) on faces",
        224,
        4096,
        (
            Parameter(
                "start",
                "vgg_face",
                "Weights from",
                "How the authors of the starting weights scale pixels.",
                choices=("vgg_face", "torchvision"),
            ),
        ),
    ),
    _frame_network("resnet10_fc1", "ResNet-10 (fc1) on faces", 150, 512, ()),
    Recipe(
        "c3d",
        "C3D and linear SVM",
        "Three-dimensional convolutions over windows of consecutive frames, averaged over the item; then a linear "
        "classifier on their features.",
        f"{PAPER}, section II-B-2",
        "c3d",
        (
            *COMMON,
            _DESCENT,
            replace(BATCH, default=8, help="Items a step, each with one random window (not stated in the paper)."),
            CLIP,
            *_TRAINED,
            replace(
                FRAMES,
                default=1000,
                help="Longer items are thinned out evenly to this many frames before windows are taken.",
            ),
            _MOMENTUM,
            _WEIGHTS,
            Parameter(
                "form",
                "windows",
                "Form",
                "windows: several windows an item, which starting weights fit; literal: 128 frames of 128×171 at once, "
                "as printed, with 548 million parameters in the paper's width, too many for an export.",
                choices=("windows", "literal"),
            ),
            Parameter("windows", 8, "Windows", "Windows an item in evaluation.", 1, 64),
            Parameter("window", 16, "Window", "Frames of a window, a multiple of 16.", 16, 512),
            replace(_CROP, default=112),
            Parameter("side", 112, "Side", "Pictures are brought to this side.", 16, 512),
            _WIDTH,
            Parameter("hidden", 4096, "Features", "Units of the two linear layers (paper: 4096).", 1, 8192),
            GRID,
        ),
        "category",
        streams=("face_pixels:128",),
        scaled_streams=("face_pixels:40",),
        scaled=_SMALL_C3D,
    ),
    Recipe(
        "bilstm",
        "Residual bidirectional LSTM",
        "Reads frame features forwards and backwards; the step of the last frame decides.",
        f"{PAPER}, section II-B-3",
        "bilstm",
        (
            *COMMON,
            replace(RATE, help="Adam's step (paper: 0.001)."),
            replace(BATCH, help="Items a step (paper: 32)."),
            CLIP,
            *(replace(p, default=0.0) if p.key in ("dropout", "weight_decay") else p for p in TRAINED[:-1]),
            replace(
                FRAMES,
                default=128,
                help="At most this many frames in order: random in training, even in prediction (paper: 128).",
            ),
            Parameter("units", 28, "Units", "Units of each direction (paper: 28).", 1, 4096),
            Parameter("layers", 2, "Layers", "Residual layers (not stated in the paper).", 1, 12),
        ),
        "category",
        scaled={"epochs": 40, "patience": 10, "folds": 1},
    ),
)
