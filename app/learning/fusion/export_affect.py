"""Writes a fusion of affect as one model: `python -m app.learning.fusion.export_affect --run DIR --snapshot DIR …`.

The members read the same crops and landmarks; their states stand side by side in one state. The model must give, to
1e-4, what the members and the weights give when each runs by itself, at once and frame by frame; otherwise nothing is
written.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from app.domain.snapshot import Snapshot, load_snapshot
from app.domain.training_events import EXPORTED, RESULT
from app.errors import UserError
from app.files import replacing, sha256_of
from app.fusion.affect import AffectFusion
from app.fusion.licences import Licence, strictest
from app.inference.cards import ModelCard, load_card, verify_file, write_card
from app.inference.face_frame import CropReader
from app.inference.face_sequence import KIND
from app.inference.quantise import loaded
from app.learning.blocks.onnx_graph import VERSIONS, Graph
from app.learning.fusion.graph import inlined
from app.learning.process import export_program, program

MODEL: Final = "model.onnx"
TOLERANCE: Final = 1e-4
SHAPE: Final = (2, 6)
"""Tracks and frames on which the graph is tried."""
PASSED: Final = ("expression", "fer")
"""Outputs that are passed on from the first member."""


def affect_graph(models: Sequence[onnx.ModelProto], fusion: AffectFusion) -> onnx.ModelProto:
    """Build the graph of a fusion of sequence models.

    Args:
        models: The members: `face`, `landmarks` and `state` to `valence_arousal` and `state_out`.
        fusion: The chosen weights. Where a graph runs, every member has a prediction.

    Returns:
        A model of the same inputs and outputs, whose state holds those of all members.
    """
    graph = Graph()
    sizes = [_state_size(model) for model in models]
    bounds = graph.constant(np.array(sizes, np.int64))
    states = graph.add("Split", "state", bounds, outputs=len(models), axis=1)
    weighted, after, passed = [], [], dict[str, str]()
    for number, (model, state) in enumerate(zip(models, states, strict=True)):
        feeds = {"face": "face", "landmarks": "landmarks", "state": state}
        given = {each.name for each in model.graph.input}
        answers = inlined(
            graph, model, f"member{number}/", {key: value for key, value in feeds.items() if key in given}
        )
        said = graph.cast(answers["valence_arousal"], TensorProto.DOUBLE)
        weighted.append(graph.one("Mul", said, graph.constant(fusion.weights[number][None, None])))
        after.append(answers["state_out"])
        passed = passed or {name: answers[name] for name in PASSED if name in answers}
    total = graph.one("Sum", *weighted)
    total = graph.one("Add", total, graph.constant(fusion.shift[None, None]))
    ends = graph.constant(np.float64(-1)), graph.constant(np.float64(1))
    graph.cast(graph.one("Clip", total, *ends), TensorProto.FLOAT, to="valence_arousal")
    graph.one("Concat", *after, axis=1, to="state_out")
    for name, inside in passed.items():
        graph.one("Identity", inside, to=name)
    first = models[0].graph
    inputs = [each for each in first.input if each.name != "state"]
    outputs = [each for each in first.output if each.name == "valence_arousal" or each.name in passed]
    state_in = helper.make_tensor_value_info("state", TensorProto.FLOAT, ["N", sum(sizes)])
    state_out = helper.make_tensor_value_info("state_out", TensorProto.FLOAT, ["N", sum(sizes)])
    made = helper.make_graph(graph.nodes, "fusion", [*inputs, state_in], [*outputs, state_out], graph.constants)
    model = helper.make_model(made, **VERSIONS)
    onnx.checker.check_model(model)
    return model


def _state_size(model: onnx.ModelProto) -> int:
    found = next(each for each in model.graph.output if each.name == "state_out")
    return int(found.type.tensor_type.shape.dim[1].dim_value)


def export_affect(run: Path, snapshot: Snapshot, folders: Sequence[Path], out: Path, name: str) -> dict[str, float]:
    """Write the graph and the card of a fusion of affect.

    Args:
        run: Folder of the run, with its result.
        snapshot: The data of the members, on whose crops the graph is tried.
        folders: Folders of the members.
        out: Folder for the model.
        name: Name of the model.

    Returns:
        The largest differences: `members` from running them one by one, `streaming` of frame by frame from all at once.

    Raises:
        UserError: The members do not read the same faces, or the graph differs from them.
    """
    result: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
    fusion = AffectFusion.of(result["fusion"])
    cards = [load_card(folder) for folder in folders]
    for card in cards[1:]:
        for key in ("face", "landmarks"):
            if card.raw["input"][key] != cards[0].raw["input"][key]:
                raise UserError(
                    f"{card.name} reads other faces or landmarks than {cards[0].name}.",
                    "Fuse models that were trained on the same frame model and landmarks.",
                )
    files = [verify_file(card) for card in cards]
    out.mkdir(parents=True, exist_ok=True)
    with replacing(out / MODEL) as temporary:
        onnx.save(affect_graph([onnx.load(str(file)) for file in files], fusion), str(temporary))
        parity = against_members(temporary, files, fusion, cards, snapshot)
        if not max(parity.values()) <= TOLERANCE:
            raise UserError(
                f"The fused graph differs from its members by {max(parity.values()):.1g}, so it was not written.",
                "Report it with the folder of the run.",
            )
    write_card(out, card_table(name, out / MODEL, result, fusion, cards, parity))
    return parity


def against_members(
    path: Path, files: Sequence[Path], fusion: AffectFusion, cards: Sequence[ModelCard], snapshot: Snapshot
) -> dict[str, float]:
    """Return the largest differences of the graph from its members, and of frame by frame from all at once."""
    if snapshot.images is None or not len(snapshot.images):
        raise UserError("The training data hold no crops to check the model on.", "Train the members again.")
    n, (batch, time) = len(snapshot.target), SHAPE
    starts = np.linspace(0, max(n - time, 0), batch).astype(np.int64)
    rows = (starts[:, None] + np.arange(time)) % n
    pixels = CropReader(cards[0].name, cards[0].inputs["face"]).pixels(snapshot.images[rows.ravel()])
    face = pixels.reshape(batch, time, *pixels.shape[1:])
    feeds: dict[str, NDArray[Any]] = {"face": face, "landmarks": snapshot.landmarks[rows]}
    said = []
    sizes = [int((card.inputs["state"].shape or (0, 1))[-1]) for card in cards]
    for file, size in zip(files, sizes, strict=True):
        said.append(loaded(file)({**feeds, "state": np.zeros((batch, size), np.float32)})["valence_arousal"])
    flat = np.stack([each.reshape(-1, 2).astype(np.float64) for each in said])
    expected = fusion.predict(flat).reshape(batch, time, 2)
    whole, state = loaded(path), np.zeros((batch, sum(sizes)), np.float32)
    once = whole({**feeds, "state": state})["valence_arousal"]
    steps = []
    for t in range(time):
        one = {key: value[:, t : t + 1] for key, value in feeds.items()}
        answer = whole({**one, "state": state})
        state = answer["state_out"]
        steps.append(answer["valence_arousal"])
    return {
        "members": float(np.abs(once - expected).max()),
        "streaming": float(np.abs(np.concatenate(steps, axis=1) - once).max()),
    }


def card_table(
    name: str,
    file: Path,
    result: Mapping[str, Any],
    fusion: AffectFusion,
    cards: Sequence[ModelCard],
    parity: Mapping[str, float],
) -> dict[str, Any]:
    """Return the card of a fusion of affect as nested tables, ready for `write_card`."""
    licences = [Licence(card.name, card.licence, card.non_commercial) for card in cards]
    strict, first = strictest(licences), cards[0].raw
    size = sum(int((card.inputs["state"].shape or (0, 1))[-1]) for card in cards)
    made: dict[str, Any] = {
        "name": name,
        "title": f"Fusion of {', '.join(card.name for card in cards)} ({name})",
        "version": datetime.now(UTC).strftime("%Y.%m.%d"),
        "kind": KIND,
        "licence": f"the strictest of its members', {strict.member}: {strict.text}",
        "summary": f"Valence and arousal over time, fused from {len(cards)} models: {result['words']}.",
        "weaknesses": [
            "Its weights were chosen by few people of one project; for other people, cameras and situations nothing is "
            "known.",
            "It carries a memory from frame to frame: skipped frames (a slow machine) change its predictions.",
        ],
        "file": {"path": file.name, "sha256": sha256_of(file), "bytes": file.stat().st_size},
        "input": {**first["input"], "state": {**first["input"]["state"], "shape": ["N", size]}},
        "output": {**first["output"], "state_out": {**first["output"]["state_out"], "shape": ["N", size]}},
        "sequence": dict(first.get("sequence", {})),
        "smoothing": dict(first.get("smoothing", {})),
        "members": [
            {
                "name": card.name,
                "title": card.title,
                "licence": card.licence,
                "sha256": card.file().sha256,
                "weights": [round(float(each), 6) for each in fusion.weights[number]],
            }
            for number, card in enumerate(cards)
        ],
        "metrics": {f"{key}_parity": value for key, value in parity.items()},
        "training": {
            "recipe": "fusion",
            "way": result["way"],
            "partition": result["partition"],
            "shift": [float(each) for each in fusion.shift],
            "snapshot_sha256": str(cards[0].training.get("snapshot_sha256", "")),
            "labels": result.get("labels") or cards[0].training.get("labels", {}),
            "frame_model": cards[0].training.get("frame_model", {}),
            "subjects": result["subjects"],
        },
    }
    if any(each.strictness >= 3 for each in licences):
        made["origin"] = {"non_commercial": True}
    return made


def _export(args: argparse.Namespace) -> None:
    parity = export_affect(args.run, load_snapshot(args.snapshot), args.member, args.out, args.name)
    program.tell(EXPORTED, parity=parity)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, export, and return the exit status; see `app.learning.process.program.run`."""
    description = "Write a fusion of affect as one ONNX model."
    parser = export_program.fusion_arguments("app.learning.fusion.export_affect", description, "--snapshot")
    return program.run(parser, _export, argv)


if __name__ == "__main__":
    sys.exit(main())
