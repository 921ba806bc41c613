"""Writes the card of an exported model of categories: window, streams, classes, people, scores and licence."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.domain.item_data import ItemData
from app.domain.item_frames import FrameRule
from app.domain.recipe import Recipe
from app.domain.recipes import find_recipe
from app.domain.training_events import numbered
from app.files import sha256_of
from app.inference.cards import ModelCard
from app.learning.clip.base.frame_files import network_of
from app.learning.clip.base.graph_rows import FACES, FEATURES, LENGTH, PROBABILITY
from app.learning.clip.members import member_of

KIND: Final = "clip_category"
STRIDES: Final = 8
"""Number of live verdicts that are given while one window passes."""
LEAST_STRIDE_S: Final = 0.2


def card_table(
    name: str,
    folder: Path,
    files: Mapping[str, str],
    result: dict[str, Any],
    data: ItemData,
    networks: Sequence[ModelCard],
    parity: Mapping[str, float],
) -> dict[str, Any]:
    """Return the card as nested tables, ready for `write_card`.

    Args:
        name: The model's name.
        folder: Folder of the files.
        files: The path of each file within the folder, by the keys model, head, frame and frame_card.
        result: The run's `result.json`.
        data: The items that it was trained on.
        networks: Cards of the frame models that it reads, the first one first; a card may be given twice.
        parity: Largest differences found at export.
    """
    recipe = find_recipe(result["recipe"])
    frame_card, beneath = networks[0], {card.name: card for card in networks}
    people = len(result["subjects"]["train"])
    labels = data.manifest.get("labels", {})
    table: dict[str, Any] = {
        "name": name,
        "title": f"{recipe.title} ({name})",
        "version": datetime.now(UTC).strftime("%Y.%m.%d"),
        "kind": KIND,
        "licence": "; ".join(
            ["the project's own", *(f"beneath it {card.name}: {card.licence}" for card in beneath.values())]
        ),
        "summary": f"The category of a whole item, learned from {labels.get('title', 'labels')}.",
        "weaknesses": [
            f"Learned from {people} {'person' if people == 1 else 'people'} of one project: for other people, cameras "
            "and situations nothing is known.",
            "A category is what people said that an item shows; it is no proof of what a person feels.",
        ],
        "file": {
            key: {"path": path, "sha256": sha256_of(folder / path), "bytes": (folder / path).stat().st_size}
            for key, path in files.items()
        },
        "classes": list(data.classes),
        "window": window_of(data, FrameRule.of(result["values"])),
        "streams": list(data.manifest["streams"]),
        "reads": recipe.reads,
        "input": _inputs(recipe, data, beneath if "model" in files else {}),
        "output": _outputs(recipe, data.classes, whole="model" in files),
        "metrics": _metrics(result, parity),
        "training": {
            "recipe": recipe.name,
            "source": recipe.source,
            "values": result["values"],
            "items_sha256": data.sha256,
            "labels": labels,
            "frame_model": {"name": frame_card.name, "sha256": frame_card.file().sha256},
            "epochs": result["epochs"],
            "best_epoch": result["best_epoch"],
            "ending": result["ending"],
            "device": result["device"],
            "subjects": result["subjects"],
        },
    }
    restricted = [str(each["non_commercial"]) for each in table["streams"] if each.get("non_commercial")]
    if restricted:
        table["licence"] += "; " + " ".join(restricted)
    if restricted or any(card.non_commercial for card in beneath.values()):
        table["origin"] = {"non_commercial": True}
    return table


def networks_read(recipe: Recipe, data: ItemData) -> list[str]:
    """Return for each stream that the head reads the name of its frame network; empty for a stream without one.

    A recipe that reads probabilities reads those of the first network alone.
    """
    streams = data.manifest.get("streams", ())
    if recipe.reads == "probabilities":
        streams = [each for each in streams if each.get("frame_classes")][:1]
    return [network_of(each) for each in streams]


def frame_table(card: ModelCard, file: Path) -> dict[str, Any]:
    """Return the card of the copy of the frame model, which has only the main file."""
    table = {key: value for key, value in card.raw.items() if key not in ("variant", "file")}
    return {**table, "file": {"path": file.name, "sha256": sha256_of(file), "bytes": file.stat().st_size}}


def window_of(data: ItemData, rule: FrameRule) -> dict[str, Any]:
    """Return how much a live verdict reads, which follows from the items of the training.

    Args:
        data: The items.
        rule: The frames of an item that are read.

    Returns:
        `seconds`, the median length of an item; `rate_hz`, its frames per second; `stride_s`, the time between two
        verdicts; `most_frames`; and, for networks that read fewer frames per second, `frame_rate`.
    """
    steps, lengths = [], []
    for item in range(len(data)):
        times_s = data.times_s[data.frames(item)]
        step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else np.nan
        steps.append(step_s)
        lengths.append(float(times_s[-1] - times_s[0]) + (0.0 if np.isnan(step_s) else step_s))
    known = [step for step in steps if step > 0]
    rate_hz = 1.0 / float(np.median(known)) if known else 25.0
    seconds = round(max(float(np.median(lengths)), 1.0 / rate_hz), 2)
    stride_s = round(max(seconds / STRIDES, LEAST_STRIDE_S), 2)
    found = {"seconds": seconds, "stride_s": stride_s, "rate_hz": round(rate_hz, 3), "most_frames": rule.most}
    return found | ({"frame_rate": rule.rate_hz} if rule.rate_hz else {})


def _inputs(recipe: Recipe, data: ItemData, networks: Mapping[str, ModelCard]) -> dict[str, Any]:
    """Return the inputs of the files; `networks` by name where there is a graph of the whole item."""
    rows = data.probabilities if recipe.reads == "probabilities" else data.features
    length = {
        "name": LENGTH,
        "shape": ["N"],
        "dtype": "int64",
        "means": "frames of each item; the rest is padding",
    }
    found: dict[str, Any] = {
        "features": {
            "name": FEATURES,
            "file": "head",
            "shape": ["N", "T", int(rows.shape[1])],
            "dtype": "float32",
        },
        "features_length": {**length, "file": "head"},
    }
    for number, name in enumerate(networks_read(recipe, data) if networks else ()):
        face = next(iter(networks[name].raw["input"].values()))
        shape = ["N", "T", *list(face["shape"])[1:]]
        of = numbered(FACES, number)
        found[of] = {**face, "name": of, "file": "model", "shape": shape, "dtype": "float32"}
        found["faces_length"] = {**length, "file": "model"}
    return found


def _outputs(recipe: Recipe, classes: tuple[str, ...], *, whole: bool) -> dict[str, Any]:
    found = {}
    for lead, file in (("", "head"), *((("whole_", "model"),) if whole else ())):
        said = {"name": PROBABILITY, "file": file, "shape": ["N", len(classes)], "dtype": "float32"}
        found[f"{lead}probability"] = {**said, "classes": list(classes)}
        for name in getattr(member_of(recipe.network), "evidence", ()):
            found[f"{lead}{name}"] = {"name": name, "file": file, "shape": ["N", "T"], "dtype": "float32"}
    return found


def _metrics(result: dict[str, Any], parity: Mapping[str, float]) -> dict[str, Any]:
    found: dict[str, Any] = {"data": "held-out subjects of the project, whole items", **_known(result["test"])}
    if "cross_validation" in result:
        folds = result["cross_validation"]
        found["cross_validation"] = _known({k: v for k, v in folds.items() if k != "parts"})
    return found | {f"{name}_parity": value for name, value in parity.items()}


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those that are null, at every depth, because TOML has no null."""
    return {
        key: _known(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if value is not None
    }
