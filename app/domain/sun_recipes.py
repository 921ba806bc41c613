"""Recipes after Sun et al. 2018: recurrent networks of the face and its surroundings, and the cascade CACA-RNN."""

from dataclasses import replace
from typing import Final

from app.domain.recipe import Parameter, Recipe
from app.domain.recipe_parameters import BATCH, CLIP, COMMON, RATE, TRAINED

PAPER: Final = "Sun et al. 2018, Context-aware cascade attention-based RNN for video emotion recognition"
BOTH: Final = ("face", "context")
_DEFAULTS: Final = {"epochs": 200, "patience": 30, "dropout": 0.0, "weight_decay": 0.0}
FRAME_RATE: Final = Parameter(
    "frame_rate",
    5.0,
    "Frames a second",
    "At most this many frames per second are read (paper: 5). A training begins at a random frame, a prediction at "
    "the first one.",
    0.1,
    120.0,
)
SHARED: Final = (
    *COMMON,
    replace(RATE, default=1e-4, help="Adam's step (paper: 0.0001)."),
    replace(BATCH, help="Items a step (paper: 32)."),
    CLIP,
    *(replace(each, default=_DEFAULTS[each.key]) if each.key in _DEFAULTS else each for each in TRAINED),
    FRAME_RATE,
)
"""The parameters of all networks of the paper."""
_CODED: Final = Parameter(
    "encoded",
    128,
    "Values of a code",
    "A linear layer encodes each frame of a stream to so many values. 256 in networks of one stream and 128 in those "
    "of two give the paper's numbers of parameters.",
    1,
    4096,
)
_HIDDEN: Final = Parameter("hidden", 128, "Recurrent units", "Units of each layer (paper: 128 or 256).", 1, 4096)
_LAYERS: Final = Parameter("layers", 2, "Layers", "Recurrent layers of each network (paper: 2).", 1, 8)
_QUICK: Final = {"encoded": 32, "hidden": 32, "learning_rate": 2e-3, "epochs": 60, "patience": 12}


def _rnn(name: str, title: str, summary: str, streams: tuple[str, ...], encoded: int, hidden: int) -> Recipe:
    sizes = (replace(_CODED, default=encoded), replace(_HIDDEN, default=hidden), _LAYERS)
    return Recipe(
        name,
        title,
        summary,
        f"{PAPER}, section IV",
        name,
        (*SHARED, *sizes),
        "category",
        streams=streams,
        scaled=_QUICK | {"layers": 1},
    )


def _caca(name: str, title: str, summary: str) -> Recipe:
    configuration = Parameter(
        "configuration",
        "table_1",
        "Configuration",
        "table_1 encodes both streams, with two layers in the first network (section IV-D). submitted reads the map of "
        "the surroundings as it is, with two layers in the network of the face (section IV-C).",
        choices=("table_1", "submitted"),
    )
    decides = Parameter(
        "classifier",
        "state",
        "Classifier",
        "It reads the last state (790,792 parameters at the paper's sizes), or the last attention, too, as in eq. 4 "
        "(791,816).",
        choices=("state", "state_attention"),
    )
    return Recipe(
        name,
        title,
        summary,
        f"{PAPER}, section III-D",
        name,
        (
            *SHARED,
            _CODED,
            _HIDDEN,
            replace(_LAYERS, help="Layers of the deeper network (paper: 2)."),
            configuration,
            decides,
        ),
        "category",
        streams=BOTH,
        scaled=_QUICK | {"layers": 1},
    )


RECIPES: Final = (
    _rnn("face_rnn", "Face-RNN", "An LSTM over the face. Its last state decides.", ("face",), 256, 256),
    _rnn(
        "context_rnn", "Context-RNN", "An LSTM over the surroundings. Its last state decides.", ("context",), 256, 256
    ),
    _rnn(
        "parallel_rnn",
        "Parallel-RNN",
        "An LSTM over the face and one over the surroundings. Both last states decide together.",
        BOTH,
        128,
        128,
    ),
    _rnn(
        "concatenated_rnn",
        "Concatenated-RNN",
        "One LSTM over face and surroundings side by side.",
        BOTH,
        128,
        256,
    ),
    _caca(
        "caca_a",
        "CACA-RNN A",
        "An LSTM reads the surroundings. A second one begins where it ended, reads the face, and attends to moments of "
        "the surroundings, which are shown under the timeline.",
    ),
    _caca(
        "caca_b",
        "CACA-RNN B",
        "As CACA-RNN A with the parts changed: the face is read first, and the surroundings attend to its moments.",
    ),
    Recipe(
        "cnn3d",
        "2D-3D-CNN",
        "A small network reads every frame, and convolutions in space and time read its maps. It learns from "
        "pixels and takes items of any length.",
        f"{PAPER}, section VI",
        "cnn3d",
        (
            *SHARED,
            Parameter("width", 1.0, "Width", "Factor of all numbers of channels (not stated in the paper).", 0.05, 8.0),
            Parameter(
                "weights",
                "",
                "Starting weights",
                "A local file with the frame network's weights, which are then not trained (as in the paper); empty "
                "trains them, too.",
            ),
        ),
        "category",
        streams=("face_pixels",),
        scaled={"width": 0.5, "learning_rate": 1e-3, "epochs": 40, "patience": 10},
        scaled_streams=("face_pixels:32",),
    ),
)
