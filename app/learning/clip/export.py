"""Exports a finished run: `python -m app.learning.clip.export --run DIR --items DIR --out DIR --frame-model DIR`.

A model folder holds the head, which reads the rows of the streams, and the frame networks of the streams, so that
nothing else is needed. Where networks on face crops give all that the head reads, it also holds the whole item as one
graph (face crops to probabilities). The head must give what the training gave for its held-out items, and the whole
item the same as its parts, to 1e-4; otherwise nothing is written.
"""

import argparse
import itertools
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from app.domain.item_data import ItemData, load_items
from app.domain.item_frames import FrameRule
from app.domain.recipe import Recipe, Value
from app.domain.recipes import find_recipe
from app.domain.training_events import BEST, CROPS, EXPORTED, HELD_OUT, NUMBERS, RESULT, numbered
from app.errors import UserError
from app.files import replacing, sha256_of
from app.inference.cards import CARD_NAME, ModelCard, load_card, verify_file, write_card
from app.inference.face_frame import CropReader, read_outputs
from app.inference.quantise import loaded
from app.learning.clip import graph
from app.learning.clip.base.frame_files import FRAME, network_of
from app.learning.clip.base.graph_rows import FACES, FEATURES, LENGTH, PROBABILITY
from app.learning.clip.base.member import Arrays, Machine
from app.learning.clip.export_card import card_table, frame_table, networks_read
from app.learning.clip.joined import as_read
from app.learning.clip.members import member_of
from app.learning.clip.run import ClipNetwork, build, too_large
from app.learning.clip.second import Staged
from app.learning.clip.task import predicted
from app.learning.process import checkpoint, export_program, program

TOLERANCE: Final = 1e-4
"""Largest allowed difference between the training and ONNX, and between the whole item and its two parts."""
TRIED: Final = 64
"""Largest number of held-out items that are compared."""
WHOLE: Final = "model.onnx"
HEAD: Final = "head.onnx"

Floats = NDArray[np.float32]
Run = Callable[[Mapping[str, NDArray[Any]]], dict[str, NDArray[Any]]]


@dataclass(frozen=True, eq=False)
class Finished:
    """A finished run with its data.

    Attributes:
        recipe: The recipe that was trained.
        values: All parameters of the recipe.
        result: The run's `result.json`.
        data: The items that it was trained on.
        member: The trained network, or the numbers of a solved member.
        expected: float32 N×K, the training's probabilities of held-out items; NaN in all other rows.
        frame_card: Card of the frame model that it reads.
        networks: Cards of the networks of its streams, each once, in the order of the streams.
    """

    recipe: Recipe
    values: Mapping[str, Value]
    result: dict[str, Any]
    data: ItemData
    member: graph.Member
    expected: Floats
    frame_card: ModelCard
    networks: tuple[ModelCard, ...] = ()

    @property
    def rule(self) -> FrameRule:
        """The frames of an item that are read."""
        return FrameRule.of(self.values)

    @property
    def probabilities(self) -> bool:
        """Whether class probabilities are read, and not features."""
        return self.recipe.reads == "probabilities"

    @property
    def face_networks(self) -> tuple[ModelCard, ...]:
        """For each stream that the head reads the card of its network; empty if one of them is not a network's."""
        names = networks_read(self.recipe, self.data)
        by_name = {card.name: card for card in self.networks}
        return tuple(by_name[name] for name in names) if all(names) else ()

    def rows(self, item: int) -> Floats:
        """Return the rows that the head reads of an item: T×D."""
        frames = self.data.frames(item)
        source = self.data.probabilities if self.probabilities else self.data.features
        return np.asarray(source[frames][self.rule.rows(self.data.times_s[frames])], np.float32)


def read(run: Path, items: Path, frame_folder: Path, more: Sequence[Path] = ()) -> Finished:
    """Read a finished run.

    Args:
        run: The run's folder.
        items: Folder of the items that it was trained on.
        frame_folder: Folder of the frame model that computed the features.
        more: Folders of further networks of its streams.

    Raises:
        UserError: The run is not finished or belongs to other data, or the frame model was replaced meanwhile.
    """
    try:
        result: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"{run} does not hold a finished run.", "Let the training end, or stop it and keep the best model."
        ) from error
    data, frame_card = load_items(items), load_card(frame_folder)
    if result["items_sha256"] != data.sha256:
        raise UserError("The run was trained on other items.", "Name the items that it was trained on.")
    known = data.manifest.get("frame_model", {}).get("sha256", "")
    if known and known != sha256_of(verify_file(frame_card)):
        raise UserError(
            f"{frame_card.name} was replaced by another file after this training had read the clips with the old one.",
            "Start the training again. It will read the clips with the file that is installed now.",
        )
    networks = _networks(data, [frame_card, *map(load_card, more)])
    recipe = find_recipe(result["recipe"])
    data = as_read(recipe, data)
    values = recipe.values(result["values"])
    unread = {key: value for key, value in values.items() if key != "weights"}  # they were read before the training
    with np.load(run / HELD_OUT, allow_pickle=False) as file:
        expected = np.asarray(file["predicted"], np.float32)
    numbers: Arrays = {}
    if (run / NUMBERS).is_file():
        with np.load(run / NUMBERS, allow_pickle=False) as file:
            numbers = {name: file[name] for name in file.files}
    stated = member_of(recipe.network)
    if isinstance(stated, Machine):
        return Finished(recipe, values, result, data, numbers, expected, frame_card, networks)
    network = build(recipe, recipe.values(unread), data)
    network.load_state_dict(checkpoint.read(run / BEST))
    network.eval()
    if stated.then is not None:
        return Finished(recipe, values, result, data, Staged(network, numbers), expected, frame_card, networks)
    # A GPU may have computed with fewer digits: what counts is the network as it is, on the CPU.
    tested = np.flatnonzero(np.isfinite(expected).all(axis=1))
    expected[tested] = predicted(network, data, tested, FrameRule.of(values), torch.device("cpu"))
    return Finished(recipe, values, result, data, network, expected, frame_card, networks)


def _networks(data: ItemData, cards: Sequence[ModelCard]) -> tuple[ModelCard, ...]:
    """Return the networks of the streams, each once; they must be those that read the clips."""
    by_name = {card.name: card for card in cards}
    found: dict[str, ModelCard] = {}
    for stream in data.manifest.get("streams", ()):
        name = network_of(stream)
        if not name:
            continue
        card = by_name.get(name)
        if card is None or sha256_of(verify_file(card)) != stream["weights"]:
            raise UserError(
                f"{name}, with which this training read the clips, is missing or was replaced by another file.",
                "Start the training again. It will read the clips with the file that is installed now.",
            )
        found[name] = card
    return tuple(found.values())


def export_run(
    run: Path, items: Path, out: Path, name: str, frame_folder: Path, more: Sequence[Path] = ()
) -> dict[str, float]:
    """Write the files and the card of a finished run.

    Args:
        run: The run's folder.
        items: Folder of the items that it was trained on.
        out: Folder for the model.
        name: The model's name.
        frame_folder: Folder of the frame model that computed the features.
        more: Folders of further networks of its streams.

    Returns:
        The largest differences found: `training` (of the head from the training, on held-out items) and, if the whole
        item is written, `parts` (of the whole item from frame models and head, on face crops).

    Raises:
        UserError: See `read`. It is also raised if a file gives something else than the training.
    """
    done = read(run, items, frame_folder, more)
    network, classes = done.recipe.network, len(done.data.classes)
    trained = done.member.network if isinstance(done.member, Staged) else done.member
    note = too_large(trained) if isinstance(trained, ClipNetwork) else ""
    if note:
        raise UserError(note, "Choose a smaller width, or for C3D the form windows.")
    first = int(np.flatnonzero(np.isfinite(done.expected).all(axis=1))[0])
    head = graph.head(done.member, network, done.rows(first).shape[1], classes)
    out.mkdir(parents=True, exist_ok=True)
    with replacing(out / HEAD) as head_file:
        onnx.save(head, str(head_file))
        parity = {"training": against_training(loaded(head_file), done)}
        _must_hold(parity)
        files = {"head": HEAD}
        if done.face_networks:
            with replacing(out / WHOLE) as whole_file:
                parts = [(onnx.load(str(card.path())), card) for card in done.face_networks]
                whole = graph.whole_item(done.member, network, parts, classes, probabilities=done.probabilities)
                onnx.save(whole, whole_file)
                parity["parts"] = against_parts(loaded(whole_file), loaded(head_file), done, run / CROPS)
                _must_hold(parity)
            files = {"model": WHOLE, **files}
        for number, card in enumerate(done.networks):
            files |= _copied(card, out, numbered(FRAME, number))
    write_card(out, card_table(name, out, files, done.result, done.data, (done.frame_card, *done.networks), parity))
    return parity


def _must_hold(parity: Mapping[str, float]) -> None:
    worst = max(parity.values())
    if not worst <= TOLERANCE:
        raise UserError(
            f"The ONNX files differ from what was trained by {worst:.1g}, so they were not written.",
            "Train again. If this happens again, report it with the run's folder.",
        )


def _copied(card: ModelCard, out: Path, name: str) -> dict[str, str]:
    """Copy a frame model with its card into a folder within the model's, so that this is whole; paths of both."""
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / "model.onnx") as temporary:
        shutil.copyfile(card.path(), temporary)
    write_card(folder, frame_table(card, folder / "model.onnx"))
    return {name: f"{name}/model.onnx", f"{name}_card": f"{name}/{CARD_NAME}"}


def against_training(head: Run, done: Finished) -> float:
    """Return the largest difference of the head from the training, item by item and side by side."""
    tested = np.flatnonzero(np.isfinite(done.expected).all(axis=1))[:TRIED]
    rows = [done.rows(int(item)) for item in tested]
    alone = [head(_feed(FEATURES, [each]))[PROBABILITY] for each in rows]
    joint = head(_feed(FEATURES, rows))[PROBABILITY]
    said = np.stack([np.concatenate(alone), joint])
    return float(np.abs(said - done.expected[tested]).max())


def against_parts(whole: Run, head: Run, done: Finished, crops: Path) -> float:
    """Return the largest difference of the whole item from frame models and head, on faces that lie in `crops`.

    Raises:
        UserError: There are no faces.
    """
    try:
        with np.load(crops, allow_pickle=False) as file:
            faces = [file[numbered("crops", number)] for number in range(len(done.face_networks))]
            edges = np.r_[0, np.cumsum(file["length"])]
    except (OSError, KeyError, ValueError) as error:
        raise UserError("There are no faces on which the model could be tried.", "Start the training again.") from error
    parts = [slice(int(a), int(b)) for a, b in itertools.pairwise(edges)]
    seen: dict[str, NDArray[Any]] = {}
    read: list[Floats] = []
    for number, (card, mine) in enumerate(zip(done.face_networks, faces, strict=True)):
        spec = next(iter(card.inputs.values()))
        pixels = CropReader(card.name, spec).pixels(mine)
        seen |= _feed(numbered(FACES, number), [pixels[part] for part in parts])
        said = read_outputs(card, loaded(card.path())({spec.name: pixels}), len(pixels))
        of_frames = said.probabilities if done.probabilities else said.embedding
        if of_frames is None:
            raise UserError(f"{card.name} gives no features.", "Choose a frame model with an embedding.")
        read.append(of_frames)
    rows = np.concatenate(read, axis=1)
    return float(np.abs(whole(seen)[PROBABILITY] - head(_feed(FEATURES, [rows[p] for p in parts]))[PROBABILITY]).max())


def _feed(name: str, rows: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return items side by side, padded behind."""
    length = np.array([len(each) for each in rows], np.int64)
    frames = np.zeros((len(rows), int(length.max()), *rows[0].shape[1:]), np.float32)
    for place, each in enumerate(rows):
        frames[place, : len(each)] = each
    return {name: frames, LENGTH: length}


def _export(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    parity = export_run(args.run, args.items, args.out, args.name, args.frame_model, args.network)
    program.tell(EXPORTED, parity=parity)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, export, and return the exit status; see `app.learning.process.program.run`."""
    description = "Write a finished run for categories as an ONNX model with its card."
    parser = export_program.training_arguments("app.learning.clip.export", description, "--items")
    parser.add_argument(
        "--network", type=Path, action="append", default=[], help="folder of a further network of the streams"
    )
    return program.run(parser, _export, argv)


if __name__ == "__main__":
    sys.exit(main())
