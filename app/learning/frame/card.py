"""The cards of the shipped frame models, as nested tables."""

from pathlib import Path
from typing import Any

from app.domain.emotions import FER, FERPLUS
from app.files import sha256_of
from app.learning.frame.affect import WORDS
from app.learning.frame.localise import EYE_Y, SCALE

WEAKNESSES = [
    "Trained on grey 48×48 faces from image search (FER2013): many are posed, and the labels are noisy; people agree "
    "with the FER labels in about 65 % of the images.",
    "Faces turned away by more than about 45°, partly covered, very dark or smaller than 40 pixels are rare in the "
    "training images; predictions on them are not to be relied on.",
    "Skin tone, age and gender were not labelled in the data: differences in accuracy between groups were not "
    "measured.",
    "Valence and arousal are derived from the expression distribution through coordinates of emotion words, not "
    "learned from ratings; a face between two expressions lies on the line between their words.",
    "An expression is what a face shows; it is no proof of what a person feels.",
]

NAMES = {
    "kahou_cnn": (
        "kahou_cnn",
        "CNN of Kahou et al. 2015 (9×9)",
        "The small network of system D, for comparison and beside another network: eight expressions, the seven "
        "FER2013 classes, and valence and arousal from one grey face crop. affectograph_face is right more often.",
    ),
    "resnet10": (
        "resnet10",
        "ResNet-10 (fc1), as in Xu et al. 2017",
        "The residual network of system A, whose 512 features are meant to be aggregated beside those of another "
        "network; it gives the same outputs as affectograph_face, which is right more often.",
    ),
}
"""Recipe → name, title and summary of a model that is shipped beside the main one."""
MAIN = (
    "affectograph_face",
    "Affectograph face expression",
    "Eight expressions, the seven FER2013 classes, and valence and arousal from one grey face crop.",
)
OFTEN_MISSED = 0.5
"""Recall below which the card names a class among the weaknesses."""


def missed_classes(metrics: dict[str, Any]) -> list[str]:
    """Return a list with one sentence that names classes of low recall on the validation set; empty if there are none.

    Args:
        metrics: Measures with `per_class_recall_fer` and `per_class_recall_ferplus`, which map each class to the share
            found.
    """
    missed = [
        f"{name} ({titled}, {100 * recall:.0f} % found)"
        for key, titled in (("per_class_recall_fer", "FER"), ("per_class_recall_ferplus", "FERPlus"))
        for name, recall in metrics[key].items()
        if recall < OFTEN_MISSED
    ]
    if not missed:
        return []
    return [f"Often missed on the validation set, being rare or much alike in the data: {', '.join(missed)}."]


def card_table(
    model: Path,
    *,
    version: str,
    commit: str,
    embedding_size: int,
    flip: bool,
    side: int,
    heat: tuple[float, float],
    parity: float,
    runs: list[dict[str, Any]],
    metrics: dict[str, Any],
    variants: list[dict[str, Any]],
    history: str,
    localiser: str = "localiser.pt",
) -> dict[str, Any]:
    """Build the card.

    Args:
        model: The main file, already written.
        version: Version of the model.
        commit: Commit of the training code.
        embedding_size: Length of the embedding.
        flip: Whether the graph averages the embedding with that of the mirrored face.
        side: Side in pixels to which the graph resizes the face.
        heat: Temperatures of the expression and the FER logits.
        parity: Largest difference between torch and the FP32 file.
        runs: For each network its `plan` and the `last` line of its curve.
        metrics: Measures on the validation set.
        variants: Card entries of the other files.
        history: The course of the run, in words.
        localiser: Name of the localiser's file; empty without one.

    Returns:
        The table that `app.inference.cards.write_card` takes.
    """
    name, title, summary = NAMES.get(str(runs[0]["plan"]["recipe"]), MAIN)
    return {
        "name": name,
        "title": title,
        "version": version,
        "kind": "face_frame",
        "licence": "Apache-2.0",
        "summary": summary,
        "weaknesses": [*WEAKNESSES[:3], *missed_classes(metrics), *WEAKNESSES[3:]],
        "file": {"path": model.name, "sha256": sha256_of(model), "bytes": model.stat().st_size},
        "input": {"face": _input(inside=bool(localiser))},
        "output": _outputs(embedding_size, heat),
        "smoothing": _smoothing(),
        "training": _training(runs, commit, flip, side, history, localiser),
        "metrics": metrics
        | {
            "torch_parity": parity,
            "command": "affectograph models evaluate "
            f"{'' if name == MAIN[0] else f'--model {name} '}--data fer2013_valid.npz --device cpu --json OUT",
        },
        "variant": variants,
    }


def _input(*, inside: bool) -> dict[str, Any]:
    found = {
        "shape": ["N", 1, 48, 48],
        "dtype": "float32",
        "colour": "grey",
        "range": [0.0, 255.0],
        "size": [48, 48],
        "normalisation": "inside the graph: zero mean and unit deviation per face",
        "alignment": "eyes",
        "scale": SCALE,
        "eye_y": EYE_Y,
        "crop_margin": 0.0,
    }
    if inside:
        found["inside"] = (
            "the graph finds eyes and mouth and aligns the face again; a face already aligned passes nearly unchanged"
        )
    return found


def _outputs(embedding_size: int, heat: tuple[float, float]) -> dict[str, Any]:
    probabilities = {"dtype": "float32", "activation": "probabilities"}
    return {
        "expression": probabilities | {"shape": ["N", len(FERPLUS)], "classes": list(FERPLUS), "temperature": heat[0]},
        "fer": probabilities | {"shape": ["N", len(FER)], "classes": list(FER), "temperature": heat[1]},
        "valence_arousal": {
            "shape": ["N", 2],
            "dtype": "float32",
            "names": ["valence", "arousal"],
            "range": [-1.0, 1.0],
            "derived": "expectation of word coordinates under `expression`; not learned from ratings",
            "coordinates": {name: list(place) for name, place in WORDS.items()},
            "source": "Russell and Mehrabian 1977, Journal of Research in Personality 11(3), 273–294 (happy, "
            "surprised, sad, angry, disgusted, fearful); neutral is the origin; contempt is our assumption, the mean "
            "of anger and disgust",
        },
        "embedding": {"shape": ["N", embedding_size], "dtype": "float32", "size": embedding_size},
    }


def _smoothing() -> dict[str, Any]:
    return {
        "method": "one_euro",
        "source": "Casiez, Roussel and Vogel 2012, 1 € filter",
        "min_cutoff_hz": 0.8,
        "beta": 0.6,
        "derivative_cutoff_hz": 1.0,
        "live": "causal",
        "clip": "zero_phase",
        "max_gap_s": 0.5,
    }


def _training(
    runs: list[dict[str, Any]], commit: str, flip: bool, side: int, history: str, localiser: str
) -> dict[str, Any]:
    aligned = f" --localiser {localiser}" if localiser else ""
    # The localiser of a frame model's file needs no training.
    taught = [f"python -m app.learning.frame.localise --data DIR --out {localiser} --epochs 10"]
    return {
        "data": "FER2013 training images (Goodfellow et al. 2013), 28,558 faces",
        "labels": "FERPlus vote distributions (Barsoum et al. 2016) and the original FER2013 classes, one head each",
        "validation": "fer2013_valid.npz, used for the choice of the model and for the temperatures",
        "recipe": "app/learning/frame (localise.py, train.py, ship.py); see docs/models.md",
        "command": " ; ".join(
            (taught if localiser.endswith(".pt") else [])
            + [_command(run["plan"], aligned) for run in runs]
            + [f"python -m app.learning.frame.ship --checkpoint RUN/final.pt{aligned} --side {side}"]
        ),
        "history": history,
        "commit": commit,
        "mirror_averaging": flip,
        "side_inside_graph": side,
        "run": [_run(run["plan"], run["last"]) for run in runs],
    }


def _sizes(plan: dict[str, Any], key: str = "sizes") -> str:
    return ",".join(f"{part:g}:{side}" for part, side in plan.get(key, ()))


def _command(plan: dict[str, Any], aligned: str) -> str:
    length = f"--minutes {plan['minutes']:g}" if plan["minutes"] else f"--epochs {plan['epochs']}"
    start = f" --enlarge {_sizes(plan, 'enlarge')}" if plan.get("enlarge") else ""
    start += f" --start {plan['start']}" if plan.get("start") else ""
    start += f" --teacher {plan['teacher']}" if plan.get("teacher") else ""
    return (
        f"python -m app.learning.frame.train --recipe {plan['recipe']} --data DIR --out RUN --seed {plan['seed']} "
        f"{length} --rate {plan['rate']:g} --sizes {_sizes(plan)}{aligned}{start}"
    )


def _run(plan: dict[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in plan.items() if value is not None}
    end = {key: value for key, value in last.items() if value is not None}
    return known | {"sizes": _sizes(plan), "enlarge": _sizes(plan, "enlarge"), "curve_end": end}
