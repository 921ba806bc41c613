"""Measures a frame model on labelled face images, through the code that also reads faces in video."""

import time
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain import json_values
from app.domain.class_metrics import (
    cross_entropy,
    expected_calibration_error,
    ferplus_majority,
    score_classes,
    vote_shares,
)
from app.domain.emotions import FER, FERPLUS
from app.errors import UserError
from app.inference.cards import find_model
from app.inference.face_frame import FaceFrameModel
from app.inference.session import open_model
from app.jobs import Context

Floats = NDArray[np.float32]
Labels = NDArray[np.integer[Any]]
CHUNK: Final = 256
_ZIP: Final = b"PK\x03\x04"
_WANTED: Final = (
    "Give an .npz (numpy.savez) with `images` (N×48×48 uint8) and `fer_label` (N), `ferplus_votes` (N×10) or both; "
    "see Measuring in docs/models-zoo.md."
)


def evaluate_model(
    data: Path, *, model: str | None, device: str, ctx: Context, project_path: Path | None = None
) -> dict[str, Any]:
    """Run a frame model over images in the layout of FER2013 with FERPlus votes.

    Args:
        data: An NPZ file with `images` N×48×48 uint8, and `fer_label` N (index into `fer_classes`) and/or
            `ferplus_votes` N×10.
        model: Name of a model; None for the one in use.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        ctx: Receives the progress, and can cancel.
        project_path: The project whose own models count, too; None for no project.

    Returns:
        Fractions (0–1), counts and nats; None where the model lacks the output or the file the labels: `fer_accuracy`,
        `ece_fer`, `cross_entropy_fer` of the output `fer` on all images; `ferplus_accuracy` and `ece` of the output
        `expression` on the `ferplus_n` images with a majority (`class_metrics.ferplus_majority`), its `cross_entropy`
        on all images with a vote (`class_metrics.vote_shares`); `per_class_recall` and `confusion`; the speed
        `images_per_s` of everything after loading; and the file and provider that ran.

    Raises:
        UserError: The file has another layout, or the model cannot be opened.
    """
    images, fer_label, votes = _load(data)
    card = find_model(model, project_path)
    frame_model = FaceFrameModel(open_model(card, device), card)
    frame_model.predict(images[:1])
    parts = []
    began_s = time.perf_counter()
    for start in range(0, len(images), CHUNK):
        ctx.progress(start, len(images), f"evaluating {card.name}")
        parts.append(frame_model.predict(images[start : start + CHUNK]))
    elapsed_s = time.perf_counter() - began_s
    result: dict[str, Any] = {
        "model": card.name,
        "version": card.version,
        "sha256": frame_model.session.sha256,
        "file": frame_model.session.file or "model",
        "provider": frame_model.provider,
        "data": data.name,
        "n": len(images),
        "images_per_s": len(images) / elapsed_s,
        **dict.fromkeys(("fer_accuracy", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy")),
        **dict.fromkeys(("ece_fer", "cross_entropy_fer")),
        "per_class_recall": {"expression": None, "fer": None},
        "confusion": {"expression": None, "fer": None},
    }
    fer = [p.fer for p in parts if p.fer is not None]
    if fer and fer_label is not None:
        _add_fer(result, np.concatenate(fer), fer_label)
    probabilities = np.concatenate([p.probabilities for p in parts])
    if votes is not None and "expression" in card.outputs:
        _add_expression(result, probabilities, votes)
    return result


def _add_fer(result: dict[str, Any], probabilities: Floats, label: Labels) -> None:
    """Add the scores of the output `fer` on all images."""
    scores = score_classes(probabilities, label)
    result |= {
        "fer_accuracy": scores.accuracy,
        "ece_fer": expected_calibration_error(probabilities, label),
        "cross_entropy_fer": cross_entropy(probabilities, np.eye(len(FER))[label]),
    }
    result["per_class_recall"]["fer"] = _named(FER, scores.recall)
    result["confusion"]["fer"] = {"classes": list(FER), "rows_are_labels": scores.confusion.tolist()}


def _add_expression(result: dict[str, Any], probabilities: Floats, votes: Labels) -> None:
    """Add the scores of the output `expression`: against a majority, if there is one, and shares of votes."""
    keep, top = ferplus_majority(votes)
    shares, voted = vote_shares(votes)
    result["ferplus_n"] = int(keep.sum())
    if voted.any():
        result["cross_entropy"] = cross_entropy(probabilities[voted], shares[voted])
    if not keep.any():
        return
    kept, labels = probabilities[keep], top[keep]
    scores = score_classes(kept, labels)
    result |= {"ferplus_accuracy": scores.accuracy, "ece": expected_calibration_error(kept, labels)}
    result["per_class_recall"]["expression"] = _named(FERPLUS, scores.recall)
    result["confusion"]["expression"] = {"classes": list(FERPLUS), "rows_are_labels": scores.confusion.tolist()}


def _named(names: tuple[str, ...], values: "np.ndarray[Any, Any]") -> dict[str, float | None]:
    return {name: json_values.number(v) for name, v in zip(names, values, strict=True)}


def _read(data: Path) -> tuple[NDArray[Any], Any, Any, tuple[str, ...]]:
    """Return the file's images, labels, votes and names of classes, as they are."""
    try:
        with data.open("rb") as stream:
            if stream.read(4) != _ZIP:
                raise UserError(f"{data} is no .npz file.", _WANTED)
            stream.seek(0)
            with np.load(stream, allow_pickle=False) as file:
                if "images" not in file:
                    raise UserError(f"{data} has no array `images`, it has {', '.join(file) or 'none'}.", _WANTED)
                classes = tuple(str(name) for name in file["fer_classes"]) if "fer_classes" in file else FER
                return file["images"], file.get("fer_label"), file.get("ferplus_votes"), classes
    except FileNotFoundError as error:
        raise UserError(f"There is no file {data}.", _WANTED) from error
    except OSError as error:
        raise UserError(f"{data} cannot be read: {error.strerror or 'it is damaged'}.", _WANTED) from error
    except (EOFError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f"{data} is damaged, or its arrays are not plain numbers.", _WANTED) from error


def _load(data: Path) -> tuple[NDArray[np.uint8], Labels | None, Labels | None]:
    """Images, FER labels in our class order (or None), votes (or None)."""
    images, label, votes, classes = _read(data)
    if images.ndim != 3 or images.dtype != np.uint8 or not images.size:
        raise UserError(f"{data}: `images` is {images.dtype} {images.shape}.", _WANTED)
    if label is None and votes is None:
        raise UserError(f"{data} has no labels.", _WANTED)
    for name, column, shape in (("fer_label", label, (len(images),)), ("ferplus_votes", votes, (len(images), 10))):
        if column is None:
            continue
        if column.shape != shape or not np.issubdtype(column.dtype, np.integer):
            raise UserError(f"{data}: `{name}` is {column.dtype} {column.shape} and not integers {shape}.", _WANTED)
        if column.min() < 0:
            raise UserError(f"{data}: `{name}` has numbers below zero.", _WANTED)
    if label is not None:
        if sorted(classes) != sorted(FER) or label.max() >= len(classes):
            raise UserError(f"{data}: the classes of `fer_label` are not FER2013's seven.", _WANTED)
        label = np.array([FER.index(name) for name in classes])[label]
    return images, label, votes
