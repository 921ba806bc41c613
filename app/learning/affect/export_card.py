"""Writes the card of an exported network: inputs and outputs, training subjects, and scores."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.recipes import find_recipe
from app.domain.snapshot import Snapshot
from app.domain.traces import DIMENSIONS
from app.faces.landmarks68 import FIVE, LICENCE, NAME
from app.files import sha256_of
from app.inference.cards import ModelCard

MAX_GAP_S = 0.5
"""A face that was away for longer than this, in seconds, starts again from a zero state."""


def card_table(
    name: str,
    file: Path,
    result: dict[str, Any],
    snapshot: Snapshot,
    frame_card: ModelCard,
    parity: dict[str, float],
    state: int,
) -> dict[str, Any]:
    """Return the card as nested tables, ready for `write_card`.

    Args:
        name: The model's name.
        file: The ONNX file.
        result: The run's `result.json`.
        snapshot: The data that it was trained on.
        frame_card: Card of the frame model that it reads.
        parity: Largest differences found at export.
        state: Number of values of a track's state.
    """
    recipe = find_recipe(result["recipe"])
    manifest = snapshot.manifest
    few = len(result["subjects"]["train"])
    return {
        "name": name,
        "title": f"{recipe.title} ({name})",
        "version": datetime.now(UTC).strftime("%Y.%m.%d"),
        "kind": "face_sequence",
        "licence": "the project's own",
        "summary": f"Valence and arousal over time, learned from {manifest.get('labels', {}).get('title', 'labels')}; "
        f"expressions are those of {frame_card.name}.",
        "weaknesses": [
            f"Learned from {few} {'person' if few == 1 else 'people'} of one project: for other people, cameras and "
            "situations nothing is known.",
            "It carries a memory from frame to frame: skipped frames (a slow machine) change its predictions.",
            *([LICENCE] if _points(snapshot) == NAME else []),
        ],
        "file": {"path": file.name, "sha256": sha256_of(file), "bytes": file.stat().st_size},
        "input": _input(frame_card, snapshot, state),
        "output": _output(frame_card, state),
        "sequence": {"max_gap_s": MAX_GAP_S, "rate_hz": float(manifest.get("rate_hz", 25.0))},
        "smoothing": dict(frame_card.smoothing),
        "metrics": {
            "data": "held-out subjects of the project, frame by frame, not smoothed",
            **{dimension: _known(scores) for dimension, scores in result["test"].items()},
            **_validated(result.get("cross_validation")),
            "torch_parity": parity["torch"],
            "streaming_parity": parity["streaming"],
        },
        "training": _training(result, snapshot, frame_card),
    }


def _points(snapshot: Snapshot) -> str:
    """Return which landmarks the snapshot holds; the first ones had five and did not say so."""
    named: str = snapshot.manifest.get("landmarks", FIVE)
    return named


def _input(frame_card: ModelCard, snapshot: Snapshot, state: int) -> dict[str, Any]:
    face = next(iter(frame_card.raw["input"].values()))
    return {
        "face": {**face, "name": "face", "shape": ["N", "T", *list(face["shape"])[1:]], "dtype": "float32"},
        "landmarks": {
            "shape": ["N", "T", snapshot.landmarks.shape[1]],
            "dtype": "float32",
            "range": [-1.0, 1.0],
            "points": _points(snapshot),
            "frame": "the crop, −1 to 1 over it",
        },
        "state": {"shape": ["N", state], "dtype": "float32", "start": "zeros"},
    }


def _output(frame_card: ModelCard, state: int) -> dict[str, Any]:
    frame = frame_card.raw["output"]
    passed_on = {key: frame[key] for key in ("expression", "fer") if key in frame}
    return {
        "valence_arousal": {
            "shape": ["N", "T", 2],
            "dtype": "float32",
            "names": ["valence", "arousal"],
            "range": [-1.0, 1.0],
        },
        "state_out": {"shape": ["N", state], "dtype": "float32"},
        **{key: {**spec, "shape": ["N", "T", *list(spec["shape"])[1:]]} for key, spec in passed_on.items()},
    }


def _training(result: dict[str, Any], snapshot: Snapshot, frame_card: ModelCard) -> dict[str, Any]:
    recipe = find_recipe(result["recipe"])
    return {
        "recipe": recipe.name,
        "source": recipe.source,
        "values": result["values"],
        "snapshot_sha256": snapshot.sha256,
        "labels": snapshot.manifest.get("labels", {}),
        "frame_model": {"name": frame_card.name, "sha256": frame_card.file().sha256},
        "epochs": result["epochs"],
        "best_epoch": result["best_epoch"],
        "ending": result["ending"],
        "minutes": round(result["seconds"] / 60, 3),
        "device": result["device"],
        "subjects": result["subjects"],
    }


def _known(scores: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in scores.items() if value is not None and key != "name"}


def _validated(found: dict[str, Any] | None) -> dict[str, Any]:
    """Return what cross-validation found, as a table of the card; TOML knows no null."""
    if found is None:
        return {}
    table: dict[str, Any] = {"data": f"people learned from and stopped by, {found['folds']} folds, each left out once"}
    for name in DIMENSIONS:
        each = found.get(name)
        if each is not None and each["ccc"] is not None:
            interval = {"interval": each["interval"]} if None not in each["interval"] else {}
            table[name] = {"ccc": each["ccc"], "n_subjects": each["n_subjects"], **interval}
    return {"cross_validation": table}
