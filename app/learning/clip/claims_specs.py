"""What is trained and what is claimed: the categories' own recipes, and systems A to D."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.domain.recipe import SCALED
from app.learning.clip.claims_data import CONDITIONS, PIXELS, SPEC


@dataclass(frozen=True)
class CategoryVariant:
    """One way of training.

    Attributes:
        name: Short name.
        recipe: Name of a recipe.
        streams: See `app.learning.clip.claims_data.CategoryClaims.items`.
        condition: The condition whose labels are learned.
        values: The values that differ from the recipe's defaults.
    """

    name: str
    recipe: str
    streams: str = "face"
    condition: str = "full_context"
    values: Mapping[str, Any] = field(default_factory=dict)


_EPOCHS: Final = {"epochs": 40, "patience": 8}
_GRID: Final = {"grid": "0.1,1,10"}
VARIANTS: Final = (
    CategoryVariant("average", "average"),
    CategoryVariant("kaverage", "kaverage", values=_GRID | {"gamma": "0.3,1,3"}),
    CategoryVariant("mean", "aggregation", values=_GRID | {"moments": "mean"}),
    CategoryVariant("mean + variance", "aggregation", values=_GRID),
    CategoryVariant("IRNN", "irnn", values=_EPOCHS),
    *(
        CategoryVariant(f"GRU, {streams}, {condition}", "gru", streams, condition, _EPOCHS)
        for condition in CONDITIONS
        for streams in ("face", "context", "both")
    ),
)


@dataclass(frozen=True)
class CategoryClaim:
    """A claim: a weighted sum of accuracies that should lie above 0.

    Attributes:
        text: The claim in words.
        terms: For each term its weight, the name of a variant, and the condition whose labels it is tested on.
        kind: The kind of clips that are tested; "" for all.
        provable: Whether the actor is made so that the claim can hold; other claims are only reported.
        why: What in the actor speaks for the claim or against it.
    """

    text: str
    terms: tuple[tuple[float, str, str], ...]
    kind: str
    provable: bool
    why: str


FULL: Final = "full_context"
FACE: Final = "face_only"
CLAIMS: Final = (
    CategoryClaim(
        "GRU > mean features",
        ((1.0, f"GRU, face, {FULL}", FULL), (-1.0, "mean", FULL)),
        "",
        True,
        "a quarter of the clips shows the same faces in both orders",
    ),
    CategoryClaim(
        "k-average > frame averaging",
        ((1.0, "kaverage", FULL), (-1.0, "average", FULL)),
        "",
        True,
        "bins keep the order, and their machine learns how the frame model errs on these faces",
    ),
    CategoryClaim(
        "face + context > face, on clips that the face alone leaves open",
        ((1.0, f"GRU, both, {FULL}", FULL), (-1.0, f"GRU, face, {FULL}", FULL)),
        "ambiguous",
        True,
        "the scene settles which of two meanings a face has",
    ),
    CategoryClaim(
        "full-context labels gain more from context than face-only labels",
        (
            (1.0, f"GRU, both, {FULL}", FULL),
            (-1.0, f"GRU, face, {FULL}", FULL),
            (-1.0, f"GRU, both, {FACE}", FACE),
            (1.0, f"GRU, face, {FACE}", FACE),
        ),
        "",
        True,
        "who sees the face alone cannot say what only the scene tells",
    ),
    CategoryClaim(
        "full-context labels gain from context",
        ((1.0, f"GRU, both, {FULL}", FULL), (-1.0, f"GRU, face, {FULL}", FULL)),
        "",
        True,
        "as above",
    ),
    CategoryClaim(
        "face-only labels gain from context",
        ((1.0, f"GRU, both, {FACE}", FACE), (-1.0, f"GRU, face, {FACE}", FACE)),
        "",
        False,
        "they should not, unless the scene helps where the face misleads",
    ),
    CategoryClaim(
        "IRNN > k-average",
        ((1.0, "IRNN", FULL), (-1.0, "kaverage", FULL)),
        "",
        False,
        "both know the order; the one reads features, the other eight outputs",
    ),
    CategoryClaim(
        "mean + variance > mean",
        ((1.0, "mean + variance", FULL), (-1.0, "mean", FULL)),
        "",
        False,
        "the variance tells how much a face moves, which here goes with no category",
    ),
)


@dataclass(frozen=True)
class Spec:
    """The claims of one system.

    Attributes:
        variants: What is trained.
        mixtures: Further rows that are weighted sums of the probabilities of variants: name, and weight by variant.
        claims: What is claimed.
        side: The side of faces and their motion, for networks that learn from pixels.
        people: Number of synthetic people, a third of whom are held out.
        scale: What is smaller than in the paper, as a sentence; empty if the recipes alone say it.
    """

    variants: tuple[CategoryVariant, ...]
    claims: tuple[CategoryClaim, ...]
    mixtures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    side: int = PIXELS
    people: int = SPEC.subjects
    scale: str = ""


_SMALL: Final = {"size": SCALED, "folds": 1}
_PIXELS: Final = _SMALL | {"epochs": 40, "patience": 10}


def _more(text: str, first: str, second: str, why: str) -> CategoryClaim:
    return CategoryClaim(text, ((1.0, first, FULL), (-1.0, second, FULL)), "", False, why)


_A: Final = Spec(
    (
        CategoryVariant("VGG-16", "vgg_fc6", "pixels", values=_PIXELS),
        CategoryVariant("ResNet-10", "resnet10_fc1", "pixels", values=_PIXELS),
        CategoryVariant("C3D", "c3d", "pixels", values=_PIXELS),
        CategoryVariant("LSTM", "bilstm", "face", values=_SMALL | {"epochs": 40}),
    ),
    (
        _more(
            "both frame networks > VGG-16",
            "VGG-16 + ResNet-10",
            "VGG-16",
            "paper: 40.15 : 38.86",
        ),
        _more("both frame networks > ResNet-10", "VGG-16 + ResNet-10", "ResNet-10", "paper: 40.15 : 37.14"),
        _more("C3D > frame network", "C3D", "VGG-16", "paper: 41.53 : 38.86; some clips differ in order only"),
        _more("LSTM > frame network", "LSTM", "VGG-16", "paper: 39.84 : 38.86; the LSTM reads the shipped features"),
        _more("fusion > C3D", "fusion", "C3D", "paper: 48.01 : 41.53"),
        _more("fusion > LSTM", "fusion", "LSTM", "paper: 48.01 : 39.84"),
    ),
    {
        "VGG-16 + ResNet-10": {"VGG-16": 0.5, "ResNet-10": 0.5},
        "fusion": {"VGG-16": 0.25, "ResNet-10": 0.25, "C3D": 0.25, "LSTM": 0.25},
    },
)
_D: Final = Spec(
    (
        CategoryVariant("averaging", "average"),
        CategoryVariant("aggregated CNN", "kaverage", values=_GRID | {"gamma": "0.3,1,3"}),
        CategoryVariant("RNN", "irnn", values=_EPOCHS),
        CategoryVariant("audio", "audio", "audio", values=_GRID | {"gamma": "0.3,1,3"}),
        CategoryVariant("activity", "activity", "pixels", values=_SMALL),
        CategoryVariant("feature fusion", "feature_fusion", "face+audio", values=_SMALL | _EPOCHS),
    ),
    (
        _more("RNN > aggregated CNN", "RNN", "aggregated CNN", "paper: 39.6 : 35.0"),
        _more("aggregated CNN > averaging", "aggregated CNN", "averaging", "paper: 35.0 : 23.7"),
        _more(
            "feature fusion > RNN",
            "feature fusion",
            "RNN",
            "paper: 43.7 : 39.6; the voice tells more than the face",
        ),
        _more("feature fusion > audio", "feature fusion", "audio", "paper: 43.7 : 33.2"),
        _more("RNN > activity", "RNN", "activity", "paper: 39.6 : 26.6; in the paper the activity model over-fits"),
    ),
)
_B: Final = Spec(
    tuple(
        CategoryVariant(name, recipe, streams, values=_SMALL | _EPOCHS)
        for name, recipe, streams in (
            ("Face-RNN", "face_rnn", "face"),
            ("Context-RNN", "context_rnn", "context"),
            ("Parallel-RNN", "parallel_rnn", "both"),
            ("Concatenated-RNN", "concatenated_rnn", "both"),
            ("CACA-RNN A", "caca_a", "both"),
            ("CACA-RNN B", "caca_b", "both"),
        )
    ),
    (
        replace(
            _more("face + context > face", "Parallel-RNN", "Face-RNN", "paper: 54.30 : 52.72"),
            provable=True,
        ),
        replace(
            _more("face + context > context", "Parallel-RNN", "Context-RNN", "paper: 54.30 : 37.68"),
            provable=True,
        ),
        _more("CACA-RNN A > Parallel-RNN", "CACA-RNN A", "Parallel-RNN", "paper: 53.01 : 54.30"),
        _more("CACA-RNN B > Parallel-RNN", "CACA-RNN B", "Parallel-RNN", "paper: 54.44 : 54.30"),
        _more("Parallel-RNN > Concatenated-RNN", "Parallel-RNN", "Concatenated-RNN", "paper: 54.30 : 54.15"),
    ),
)
_CLIPS: Final = _SMALL | {"epochs": 15, "patience": 15, "crop": 30, "side": 20}
_C: Final = Spec(
    tuple(
        CategoryVariant(f"variant {name}", "convlstm", "pixels+motion", values=_CLIPS | {"variant": name})
        for name in "abcde"
    ),
    (
        CategoryClaim(
            "enhanced ConvLSTM (c) > ResNet (a), on clips that differ in their order",
            ((1.0, "variant c", FULL), (-1.0, "variant a", FULL)),
            "ordered",
            True,
            "paper: 44.28 : 33.70; a sum of frames does not show what came first",
        ),
        _more("enhanced (c) > plain (b)", "variant c", "variant b", "paper: 44.28 : 39.84; clips have 16 frames"),
        _more("all four (e) > enhanced alone (c)", "variant e", "variant c", "paper: 45.29 : 44.28"),
        _more("all four (e) > with plain cells (d)", "variant e", "variant d", "paper: 45.29 : 41.48"),
    ),
    # Of the 31 people whom a seed learns from elsewhere, networks that start from pixels learn the faces by heart.
    people=150,
    scale="Of the pictures of 40×40 pixels, the middle 30×30 are read as 20×20; each training has 15 epochs.",
)
SPECS: Final[Mapping[str, Spec]] = {"categories": Spec(VARIANTS, CLAIMS), "A": _A, "B": _B, "C": _C, "D": _D}
"""The claims by the name of their system."""
