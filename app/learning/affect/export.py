"""Exports a finished run to a model folder: `python -m app.learning.affect.export --run DIR --snapshot DIR --out DIR`.

The ONNX file must give what torch gives, on real crops, at several batch sizes and lengths, at once and frame by frame;
otherwise nothing is written. The file runs in plain ONNX Runtime without this program.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from app.domain.recipes import find_recipe
from app.domain.snapshot import Snapshot, load_snapshot
from app.domain.traces import COLUMNS
from app.domain.training_events import BEST, EXPORTED, RESULT
from app.errors import UserError
from app.files import replacing, sha256_of
from app.inference.cards import ModelCard, load_card, verify_file, write_card
from app.inference.face_frame import CropReader
from app.inference.quantise import loaded
from app.learning.affect.assemble import assemble, state_size
from app.learning.affect.build import AffectNetwork, build_network
from app.learning.affect.export_card import card_table
from app.learning.affect.networks import CnnRnnAffect, FrameHead, RecurrentHead
from app.learning.affect.sequences import pixels
from app.learning.process import checkpoint, export_program, program

TOLERANCE: Final = 1e-4
"""Largest allowed difference between torch and ONNX, and between whole-clip and frame-by-frame runs."""
SHAPES: Final = ((1, 1), (1, 37), (3, 11))
"""Batch sizes and lengths at which they are compared."""

Floats = NDArray[np.float32]


def export_run(run: Path, snapshot_folder: Path, out: Path, name: str, frame_folder: Path) -> dict[str, float]:
    """Write `model.onnx` and `card.toml` of a finished run.

    Args:
        run: The run's folder, with `best.pt` and `result.json`.
        snapshot_folder: Folder of the data that the run was trained on.
        out: Folder for the model.
        name: The model's name.
        frame_folder: Folder of the frame model that computed the snapshot's features.

    Returns:
        The largest differences found: `torch` (against ONNX) and `streaming` (frame by frame against at once).

    Raises:
        UserError: The run is not finished, belongs to other data, or the ONNX file differs from torch.
    """
    result = _result(run)
    snapshot = load_snapshot(snapshot_folder)
    if result["snapshot_sha256"] != snapshot.sha256:
        raise UserError("The run was trained on other data.", "Name the snapshot that it was trained on.")
    frame_card = load_card(frame_folder)
    known = snapshot.manifest.get("frame_model", {}).get("sha256", "")
    if known and known != sha256_of(verify_file(frame_card)):
        raise UserError(
            f"{frame_card.name} was replaced by another file after this training had read the clips with the old one.",
            "Start the training again. It will read the clips with the file that is installed now.",
        )
    recipe = find_recipe(result["recipe"])
    network = build_network(
        recipe, recipe.values({k: v for k, v in result["values"].items() if k != "weights"}), snapshot
    )
    network.load_state_dict(checkpoint.read(run / BEST))
    network.eval()
    dimension = str(result["values"]["dimension"])
    model = assemble(
        network,
        onnx.load(str(frame_card.path())),
        points=snapshot.landmarks.shape[1],
        dimension=dimension,
        grey_range=_range(frame_card, network.body),
    )
    out.mkdir(parents=True, exist_ok=True)
    with replacing(out / "model.onnx") as temporary:
        onnx.save(model, str(temporary))
        parity = compare(temporary, network, snapshot, frame_card, COLUMNS[dimension])
        worst = max(parity.values())
        if not worst <= TOLERANCE:
            raise UserError(
                f"The ONNX file differs from the trained network by {worst:.1g}, so it was not written.",
                "Train again. If this happens again, report it with the run's folder.",
            )
    table = card_table(name, out / "model.onnx", result, snapshot, frame_card, parity, state_size(network))
    write_card(out, table)
    return parity


def _result(run: Path) -> dict[str, Any]:
    try:
        result: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"{run} does not hold a finished run.", "Let the training end, or stop it and keep the best model."
        ) from error
    return result


def compare(
    path: Path, network: AffectNetwork, snapshot: Snapshot, frame_card: ModelCard, columns: tuple[int, ...]
) -> dict[str, float]:
    """Measure the largest differences on the snapshot's own crops.

    Args:
        path: The ONNX file.
        network: The torch network, in evaluation mode.
        snapshot: Real crops, and the features that were computed from them.
        frame_card: The frame model, for the range of its input.
        columns: Columns of valence and arousal that the network predicts.

    Returns:
        `torch`: the difference from torch. `streaming`: the difference between frame by frame, with the state carried,
        and all at once.

    Raises:
        UserError: The snapshot has no crops to compare on.
    """
    if snapshot.images is None or not len(snapshot.images):
        raise UserError("The training data hold no crops to check the model on.", "Make the snapshot again.")
    read = CropReader(frame_card.name, next(iter(frame_card.inputs.values())))
    size = state_size(network)
    run = loaded(path)
    apart = streamed = 0.0
    for batch, time in SHAPES:
        rows = _rows(snapshot, batch, time)
        crops = read.pixels(snapshot.images[rows.ravel()])
        face = crops.reshape(batch, time, *crops.shape[1:])
        points = snapshot.landmarks[rows]
        feeds = {"face": face, "landmarks": points, "state": np.zeros((batch, size), np.float32)}
        whole = run(feeds)
        expected = _torch(network, snapshot, rows, points)
        apart = max(apart, float(np.abs(whole["valence_arousal"][..., list(columns)] - expected).max()))
        state, steps = feeds["state"], []
        for t in range(time):
            one = {"face": face[:, t : t + 1], "landmarks": points[:, t : t + 1], "state": state}
            answer = run(one)
            state = answer["state_out"]
            steps.append(answer["valence_arousal"])
        streamed = max(streamed, float(np.abs(np.concatenate(steps, axis=1) - whole["valence_arousal"]).max()))
    return {"torch": apart, "streaming": streamed}


def _range(card: ModelCard, body: nn.Module) -> tuple[float, float]:
    """Return what the frame model calls black and white, which a network that reads pixels itself is given too.

    Raises:
        UserError: The frame model wants its channels scaled apart, and the network reads pixels itself.
    """
    spec = next(iter(card.inputs.values()))
    if not isinstance(body, RecurrentHead | FrameHead) and {"mean", "std"} & set(spec.more):
        raise UserError(
            f"{card.name} scales each channel differently, so a network that reads pixels itself cannot share its "
            f"input.",
            "Train a head (gru_head, frame_head), or choose another frame model.",
        )
    low, high = spec.more.get("range", (0.0, 255.0))
    return float(low), float(high)


def _rows(snapshot: Snapshot, batch: int, time: int) -> NDArray[np.int64]:
    """Return the rows of crops, batch×time, from places spread over the data; short data are run through again."""
    n = len(snapshot.target)
    starts = np.linspace(0, max(n - time, 0), batch).astype(np.int64)
    return np.asarray((starts[:, None] + np.arange(time)) % n, np.int64)


@torch.no_grad()
def _torch(network: AffectNetwork, snapshot: Snapshot, rows: NDArray[np.int64], points: Floats) -> Floats:
    body = network.body
    if isinstance(body, RecurrentHead | FrameHead):
        x = torch.from_numpy(snapshot.features[rows])
    else:
        if snapshot.images is None:
            raise ValueError("checked by the caller")
        x = pixels(snapshot.images[rows])
    given = torch.from_numpy(points) if network.landmarks else None
    if isinstance(body, RecurrentHead | CnnRnnAffect):
        predicted = body(x, given)[0]
    else:
        predicted = network(x, torch.from_numpy(points))
    return np.asarray(predicted.clamp(-1, 1).numpy(), np.float32)


def _export(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    program.tell(EXPORTED, parity=export_run(args.run, args.snapshot, args.out, args.name, args.frame_model))


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, export, and return the exit status; see `app.learning.process.program.run`."""
    description = "Write a finished run of system E as an ONNX model with its card."
    parser = export_program.training_arguments("app.learning.affect.export", description, "--snapshot")
    return program.run(parser, _export, argv)


if __name__ == "__main__":
    sys.exit(main())
