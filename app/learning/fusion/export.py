"""Writes a fusion as one model: `python -m app.learning.fusion.export --run DIR --data DIR --out DIR --member DIR …`.

The model is a single graph that holds every member and the weights, so that the members' own files are not needed any
more. It must give, to 1e-4, what the members and the weights give when each of them runs by itself, item by item and
with items of unequal length side by side; otherwise nothing is written.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray

from app.domain.item_frames import FrameRule
from app.domain.training_events import EXPORTED, RESULT, TRIAL, numbered
from app.errors import UserError
from app.files import replacing, sha256_of
from app.fusion.frozen import Frozen, load
from app.fusion.licences import Licence, strictest
from app.fusion.ways import WAYS, Fusion
from app.inference.cards import CARD_NAME, ModelCard, load_card, verify_file, write_card
from app.inference.clip_category import KIND, MEMBERS, member_rows
from app.inference.quantise import loaded
from app.learning.clip.base.frame_files import FRAME
from app.learning.clip.base.graph_rows import FEATURES, LENGTH, PROBABILITY
from app.learning.fusion.graph import ROWS, Part, columns_of, fused_graph
from app.learning.fusion.whole import against_parts, seen_of, whole_graph, whole_inputs
from app.learning.process import export_program, program
from app.streams.catalogue import SOUNDS

HEAD: Final = "head.onnx"
TOLERANCE: Final = 1e-4
"""Largest allowed difference between the graph and its members."""
WHOLE: Final = "model.onnx"
"""The graph from pictures; only where a frame network gives a stream."""

Run = Callable[[Mapping[str, NDArray[Any]]], dict[str, NDArray[Any]]]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Trial:
    """Items on which the graph is tried.

    Attributes:
        features: float32 F×D, the joint rows of all items one after the other.
        times_s: float64 F, times of the rows.
        first: int64 N+1, the first row of each item.
        hears: bool N×M, whether each member has a prediction for each item.
    """

    features: Floats
    times_s: NDArray[np.float64]
    first: NDArray[np.int64]
    hears: NDArray[np.bool_]

    def item(self, number: int) -> tuple[Floats, NDArray[np.float64]]:
        """Return the rows of an item and their times."""
        part = slice(int(self.first[number]), int(self.first[number + 1]))
        return self.features[part], self.times_s[part]


@dataclass(frozen=True, eq=False)
class Source:
    """A member with what it reads.

    Attributes:
        card: Its card.
        head: Its file.
        columns: See `graph.Part`.
        rule: The frames that it reads.
        carry: See `graph.Part`.
    """

    card: ModelCard
    head: Path
    columns: NDArray[np.int64]
    rule: FrameRule
    carry: NDArray[np.float64]


def sources_of(folders: Sequence[Path], data: Frozen) -> tuple[list[dict[str, Any]], list[Source]]:
    """Return the streams of all members without repetitions, and the members.

    Args:
        folders: Folders of the members, in the order of the table.
        data: The frozen fusion.

    Raises:
        UserError: A member's file is not the one that its card describes, or members read different versions of a
            stream.
    """
    cards = [load_card(folder) for folder in folders]
    streams: dict[str, dict[str, Any]] = {}
    for card in cards:
        for each in card.raw["streams"]:
            facts = {key: value for key, value in each.items() if key != "features"}
            if streams.setdefault(str(each["name"]), facts) != facts:
                raise UserError(
                    f"{card.name} reads another version of the stream {each['name']} than the members before it.",
                    "Train it again with what is installed now.",
                )
    joint = list(streams.values())
    found = []
    for card, carry in zip(cards, data.facts["carry"], strict=True):
        window = card.raw["window"]
        names = [str(each["name"]) for each in card.raw["streams"]]
        rule = FrameRule(int(window.get("most_frames", 0)), float(window.get("frame_rate", 0.0)))
        columns = columns_of(joint, names, str(card.raw.get("reads", "features")))
        found.append(Source(card, verify_file(card, "head"), columns, rule, np.array(carry, np.float64)))
    return joint, found


def export_fusion(run: Path, data: Frozen, folders: Sequence[Path], out: Path, name: str) -> dict[str, float]:
    """Write the graph and the card of a fusion.

    Args:
        run: Folder of the finished run, with its trial.
        data: The frozen fusion.
        folders: Folders of the members.
        out: Folder for the model.
        name: Name of the model.

    Returns:
        The largest differences found: `members` from running the members one by one and, if there is a graph from
        pictures, `parts` of that graph from frame networks and head.

    Raises:
        UserError: The members do not go together, or the graph differs from them.
    """
    result: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
    fusion = Fusion.of(result["fusion"])
    streams, sources = sources_of(folders, data)
    with np.load(run / TRIAL, allow_pickle=False) as file:
        trial = Trial(**{key: file[key] for key in file.files})
    parts = [Part(each.card.name, onnx.load(str(each.head)), each.columns, each.carry) for each in sources]
    width = sum(int(each["columns"]) for each in streams)
    out.mkdir(parents=True, exist_ok=True)
    with replacing(out / HEAD) as temporary:
        onnx.save(fused_graph(parts, fusion, width), str(temporary))
        parity = {"members": against_members(loaded(temporary), sources, fusion, trial)}
        _must_hold(parity)
    files = {"head": HEAD, **copy_networks([each.card for each in sources], out)}
    seen = seen_of(streams, networks_of(out, files))
    if any(each is not None for each in seen):
        features, times_s = trial.item(0)
        read = [source.rule.rows(times_s) for source in sources]
        with replacing(out / WHOLE) as temporary:
            onnx.save(whole_graph(onnx.load(str(out / HEAD)), streams, seen), str(temporary))
            whole, head = loaded(temporary), loaded(out / HEAD)
            parity["parts"] = against_parts(whole, head, streams, seen, features, member_rows([read]))
            _must_hold(parity)
        files = {"model": WHOLE, **files}
    table = card_table(name, out, files, data, result, fusion, streams, sources, parity)
    if WHOLE in files.values():
        table["input"] |= whole_inputs(streams, seen, len(sources))
        table["output"] |= {f"whole_{key}": {**each, "file": "model"} for key, each in table["output"].items()}
    write_card(out, table)
    return parity


def _must_hold(parity: Mapping[str, float]) -> None:
    worst = max(parity.values())
    if not worst <= TOLERANCE:
        raise UserError(
            f"The fused graph differs from its members by {worst:.1g}, so it was not written.",
            "Report it with the folder of the run.",
        )


def networks_of(folder: Path, files: Mapping[str, str]) -> dict[str, ModelCard]:
    """Return the cards of the frame networks in the folder of a fusion, by the SHA-256 of their file.

    Args:
        folder: Folder of the fusion.
        files: Key of each file → its path, see `copy_networks`.
    """
    places = [path for key, path in files.items() if key.partition("_")[0] == FRAME and not key.endswith("_card")]
    cards = [load_card((folder / path).parent) for path in places]
    return {card.file().sha256: card for card in cards}


def copy_networks(cards: Sequence[ModelCard], out: Path) -> dict[str, str]:
    """Copy the frame networks of the members' streams, each once, so that the folder is whole.

    Args:
        cards: Cards of the members, whose folders hold the networks.
        out: Folder of the fusion.

    Returns:
        Key of each file in the card → its path within the folder.
    """
    found: dict[str, str] = {}
    seen: set[str] = set()
    for card in cards:
        for key, file in card.files.items():
            if key.partition("_")[0] != FRAME or key.endswith("_card") or file.sha256 in seen:
                continue
            name = numbered(FRAME, len(seen))
            seen.add(file.sha256)
            source = verify_file(card, key)
            (out / name).mkdir(parents=True, exist_ok=True)
            for path, target in ((source, "model.onnx"), (source.parent / CARD_NAME, CARD_NAME)):
                with replacing(out / name / target) as temporary:
                    shutil.copyfile(path, temporary)
            found |= {name: f"{name}/model.onnx", f"{name}_card": f"{name}/{CARD_NAME}"}
    return found


def against_members(whole: Run, sources: Sequence[Source], fusion: Fusion, trial: Trial) -> float:
    """Return the largest difference of the graph from its members, item by item and side by side."""
    items = [trial.item(number) for number in range(len(trial.first) - 1)]
    m, k = fusion.weights.shape
    said = np.full((m, len(items), k), np.nan)
    read: list[list[NDArray[np.int64]]] = []
    heads = [loaded(each.head) for each in sources]
    for n, (features, times_s) in enumerate(items):
        read.append([])
        for i, (source, head) in enumerate(zip(sources, heads, strict=True)):
            rows = source.rule.rows(times_s) if trial.hears[n, i] else np.zeros(0, np.int64)
            read[-1].append(rows)
            if len(rows):
                feeds = {FEATURES: features[rows][None][:, :, source.columns], LENGTH: np.array([len(rows)])}
                own = np.asarray(head(feeds)[PROBABILITY], np.float64) @ source.carry
                total = own.sum()
                said[i, n] = own[0] / total if total > 0 else 1.0 / k
    expected = fusion.predict(said)
    longest = max(len(features) for features, _ in items)
    joint = np.zeros((len(items), longest, trial.features.shape[1]), np.float32)
    for n, (features, _) in enumerate(items):
        joint[n, : len(features)] = features
    together = whole({FEATURES: joint, **member_rows(read)})
    alone = [
        whole({FEATURES: features[None], **member_rows([rows])})
        for (features, _), rows in zip(items, read, strict=True)
    ]
    apart = [np.abs(together[PROBABILITY] - expected).max()]
    apart += [np.abs(each[PROBABILITY][0] - expected[n]).max() for n, each in enumerate(alone)]
    apart.append(np.nanmax(np.abs(together[MEMBERS] - said.transpose(1, 0, 2))))
    return float(np.max(apart))


def card_table(
    name: str,
    folder: Path,
    files: Mapping[str, str],
    data: Frozen,
    result: dict[str, Any],
    fusion: Fusion,
    streams: Sequence[Mapping[str, Any]],
    sources: Sequence[Source],
    parity: Mapping[str, float],
) -> dict[str, Any]:
    """Return the card of a fusion as nested tables, ready for `write_card`."""
    table, way = data.table, str(result["way"]["name"])
    licences = [Licence(each.card.name, each.card.licence, each.card.non_commercial) for each in sources]
    strict = strictest(licences)
    windows = [each.card.raw["window"] for each in sources]
    longest = max(windows, key=lambda each: float(each["seconds"]))
    m, k = fusion.weights.shape
    width = sum(int(each["columns"]) for each in streams)
    made: dict[str, Any] = {
        "name": name,
        "title": f"Fusion of {', '.join(each.card.name for each in sources)} ({name})",
        "version": datetime.now(UTC).strftime("%Y.%m.%d"),
        "kind": KIND,
        "licence": f"the strictest of its members', {strict.member}: {strict.text}",
        "summary": f"The category of a whole item, fused from {m} models: {WAYS[result['way']['name']]}.",
        "weaknesses": [
            "Its weights were chosen by few people of one project; for other people, cameras and situations nothing is "
            "known.",
            "A category is what people said that an item shows; it is no proof of what a person feels.",
        ],
        "file": {
            key: {"path": path, "sha256": sha256_of(folder / path), "bytes": (folder / path).stat().st_size}
            for key, path in files.items()
        },
        "classes": list(table.classes),
        "window": {
            "seconds": float(longest["seconds"]),
            "stride_s": float(longest["stride_s"]),
            "rate_hz": max(float(each["rate_hz"]) for each in windows),
            "most_frames": 0,
        },
        "streams": [dict(each) for each in streams],
        "reads": "all",
        "input": {
            "features": {"name": FEATURES, "file": "head", "shape": ["N", "T", width], "dtype": "float32"},
            "rows": {
                "name": ROWS,
                "file": "head",
                "shape": ["N", m, "R"],
                "dtype": "int64",
                "means": "frames that each member reads; the rest is padding",
            },
            "length": {
                "name": LENGTH,
                "file": "head",
                "shape": ["N", m],
                "dtype": "int64",
                "means": "how many of them; 0 for a member that says nothing",
            },
        },
        "output": {
            "probability": {
                "name": PROBABILITY,
                "file": "head",
                "shape": ["N", k],
                "dtype": "float32",
                "classes": list(table.classes),
            },
            "members": {"name": MEMBERS, "file": "head", "shape": ["N", m, k], "dtype": "float32"},
        },
        "members": [
            _member(source, number, fusion, data.facts["members"][number]) for number, source in enumerate(sources)
        ],
        "metrics": {f"{key}_parity": value for key, value in parity.items()},
        "training": {
            "recipe": "fusion",
            "way": way,
            "taken": fusion.taken,
            "partition": data.partition.name,
            "values": {key: value for key, value in result["way"].items() if value not in ((), [], "")},
            "items_sha256": data.sha256,
            "labels": data.facts["labels"],
            "frame_model": data.facts["frame_model"],
            "subjects": data.facts["people"],
            "ending": result["ending"],
        },
    }
    if any(each.strictness >= 3 for each in licences):
        made["origin"] = {"non_commercial": True}
    return made


def _member(source: Source, number: int, fusion: Fusion, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of a member."""
    found: dict[str, Any] = {
        "name": source.card.name,
        "title": source.card.title,
        "licence": source.card.licence,
        "sha256": source.card.file("head").sha256,
        "streams": [str(each["name"]) for each in source.card.raw["streams"]],
        "listens": any(str(each["name"]) in SOUNDS for each in source.card.raw["streams"]),
        "most_frames": source.rule.most,
        "frame_rate": source.rule.rate_hz,
        "weights": [round(float(each), 6) for each in fusion.weights[number]],
        **{key: value for key, value in facts.items() if key != "name"},
    }
    if fusion.stack is not None:
        found["temperature"] = float(fusion.stack.temperature[number])
    return found


def _export(args: argparse.Namespace) -> None:
    parity = export_fusion(args.run, load(args.data), args.member, args.out, args.name)
    program.tell(EXPORTED, parity=parity)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, export, and return the exit status; see `app.learning.process.program.run`."""
    description = "Write a fusion as one ONNX model with its card."
    parser = export_program.fusion_arguments("app.learning.fusion.export", description, "--data")
    return program.run(parser, _export, argv)


if __name__ == "__main__":
    sys.exit(main())
