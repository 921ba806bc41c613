"""Measure a frame model on labelled face images, through the code that also reads faces in video."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.class_metrics import cross_entropy, expected_calibration_error, ferplus_majority, score_classes
from app.domain.emotions import FER, FERPLUS
from app.errors import UserError
from app.inference.cards import find_model
from app.inference.face_frame import FaceFrameModel
from app.inference.session import open_model
from app.jobs import Context

CHUNK = 256


def evaluate_model(
    data: Path, *, model: str | None, device: str, ctx: Context, project_path: Path | None = None
) -> dict[str, Any]:
    """Run a frame model over images in the layout of FER2013 with FERPlus votes.

    Args:
        data: NPZ with `images` N×48×48 uint8, and `fer_label` N (index into `fer_classes`) and/or
            `ferplus_votes` N×10.
        model: Name of a card, None for the one in use.
        device: auto, cpu, cuda, tensorrt or coreml.
        ctx: Progress and cancel.
        project_path: Where the project's own models are looked up.

    Returns:
        Fractions and counts; null where the model lacks the output or the file the labels.

    Raises:
        UserError: When the file is not such a file, or the model cannot be opened.
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
    probabilities = np.concatenate([p.probabilities for p in parts])
    result: dict[str, Any] = {
        "model": card.name,
        "provider": frame_model.provider,
        "n": len(images),
        "images_per_s": len(images) / elapsed_s,
        **dict.fromkeys(("fer_accuracy", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy")),
        "per_class_recall": {},
        "confusion": {},
    }
    fer = [p.fer for p in parts if p.fer is not None]
    if fer and fer_label is not None:
        scores = score_classes(np.concatenate(fer), fer_label)
        result["fer_accuracy"] = scores.accuracy
        result["per_class_recall"]["fer"] = _named(FER, scores.recall)
        result["confusion"]["fer"] = {"classes": list(FER), "rows_are_labels": scores.confusion.tolist()}
    if votes is not None and probabilities.shape[1] == len(FERPLUS):
        keep, top = ferplus_majority(votes)
        kept, labels = probabilities[keep], top[keep]
        scores = score_classes(kept, labels)
        targets = votes[keep, : len(FERPLUS)].astype(np.float64)
        result |= {
            "ferplus_accuracy": scores.accuracy,
            "ferplus_n": scores.n,
            "ece": expected_calibration_error(kept, labels),
            "cross_entropy": cross_entropy(kept, targets / targets.sum(axis=1, keepdims=True)),
        }
        result["per_class_recall"]["expression"] = _named(FERPLUS, scores.recall)
        result["confusion"]["expression"] = {"classes": list(FERPLUS), "rows_are_labels": scores.confusion.tolist()}
    return result


def _named(names: tuple[str, ...], values: "np.ndarray[Any, Any]") -> dict[str, float | None]:
    return {name: float(v) if np.isfinite(v) else None for name, v in zip(names, values, strict=True)}


def _load(data: Path) -> tuple[Any, Any, Any]:
    """Images, FER labels in our class order (or None), votes (or None)."""
    wanted = "Give an .npz with `images` (N×48×48 uint8) and `fer_label` or `ferplus_votes`."
    try:
        with np.load(data, allow_pickle=False) as file:
            images = file["images"]
            label = file.get("fer_label")
            votes = file.get("ferplus_votes")
            classes = tuple(str(name) for name in file["fer_classes"]) if "fer_classes" in file else FER
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{data} cannot be read as labelled images ({error}).", wanted) from error
    if images.ndim != 3 or images.dtype != np.uint8 or not len(images):
        raise UserError(f"{data}: `images` is {images.dtype} {images.shape}.", wanted)
    for name, column, shape in (("fer_label", label, (len(images),)), ("ferplus_votes", votes, (len(images), 10))):
        if column is not None and column.shape != shape:
            raise UserError(f"{data}: `{name}` has the shape {column.shape} and not {shape}.", wanted)
    if label is not None:
        if sorted(classes) != sorted(FER) or label.min() < 0 or label.max() >= len(classes):
            raise UserError(f"{data}: the classes of `fer_label` are not FER2013's seven.", wanted)
        label = np.array([FER.index(name) for name in classes])[label]
    return images, label, votes
