"""Fusion of what three models see of an item before they decide. Kahou et al. 2015, sections 5.1 and 6.2.

The modalities are k-average bins of the frame model's outputs, the sound, and the last state of an IRNN on frame
features, which is trained first.
"""

from typing import Final

import numpy as np
import torch
from onnx import TensorProto
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.errors import UserError
from app.learning.blocks.fusion_net import FusionSetting, train_fusion
from app.learning.blocks.onnx_graph import Graph, columns
from app.learning.clip.base.graph_rows import GraphRows
from app.learning.clip.base.member import Arrays, Float, Network, Seen, Solved, Then, Values
from app.learning.clip.base.pooled import probabilities_of
from app.learning.clip.base.pooling import k_average, log_probabilities
from app.learning.clip.members.kaverage import graph_bins
from app.learning.clip.members.recurrent import RecurrentClip, descent, graph_classified, graph_state
from app.learning.clip.members.sound import (
    components,
    graph_heard,
    graph_projected,
    graph_sound,
    heard,
    places_of,
    projected,
    sound_blocks,
)

RATES: Final = {"paper": (0.1, 0.0), "stable": (0.001, 0.9)}
"""Step and momentum of both settings of section 6.2."""


class SeeingClip(nn.Module):
    """An IRNN that reads the columns of the streams that are seen, and leaves out sound and probabilities.

    Args:
        body: The recurrent network.
        seen: The columns that it reads.
    """

    seen: Tensor

    def __init__(self, body: RecurrentClip, seen: list[int]) -> None:
        super().__init__()
        self.body = body
        self.register_buffer("seen", torch.tensor(seen))

    def forward(self, rows: Tensor, length: Tensor) -> Tensor:
        """Map N×T×D, padded at the end, and N numbers of frames to N×classes before the softmax."""
        result: Tensor = self.body(rows[..., self.seen], length)
        return result

    def state(self, rows: Tensor, length: Tensor) -> Tensor:
        """Map the same to the state after each item's last frame: N×hidden."""
        return self.body.state(rows[..., self.seen], length)


def _build(values: Values, data: ItemData) -> SeeingClip:
    sound = sound_blocks(data)
    heard_columns = {column for block in sound for column in range(block.start, block.stop)}
    seen = [c for block in data.blocks for c in range(block.start, block.stop) if c not in heard_columns]
    if not seen:
        raise UserError(
            "This recipe needs a face and its sound.",
            "Choose, for instance, face,audio.",
            "Name, for instance, --streams face,audio.",
        )
    body = RecurrentClip(
        len(seen),
        len(data.classes),
        cell="irnn",
        hidden=int(values["hidden"]),
        dropout=float(values["dropout"]),
        identity=float(values["identity"]),
    )
    return SeeingClip(body, seen)


def _pool(values: Values, data: ItemData, seen: Seen) -> Float:
    bins = int(values["bins"])
    binned = np.stack([k_average(log_probabilities(frames), bins) for frames in probabilities_of(data)])
    states = seen.each(lambda body, rows, length: body.state(rows, length))
    return np.concatenate([binned, heard(data), states], axis=1)


def _unit(x: Float) -> tuple[Float, Float]:
    """Mean and deviation of the columns of N×D; a column that stands still counts as of deviation one."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    return mean, np.where(scale > 1e-4 * np.abs(mean) + 1e-8, scale, 1.0)


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    binned = int(values["bins"]) * data.probabilities.shape[1]
    states = int(values["hidden"])
    cnn, sound, state = pooled[:, :binned], pooled[:, binned:-states], pooled[:, -states:]
    train, stop_by = data.items_of(split.train), data.items_of(split.validation)
    numbers = components(sound[train], 1.0, int(values["components"]))
    for name, x in (("cnn", cnn), ("rnn", state), ("sound", projected(sound, numbers))):
        numbers[f"{name}_mean"], numbers[f"{name}_scale"] = _unit(x[train])
    parts = [
        (cnn - numbers["cnn_mean"]) / numbers["cnn_scale"],
        (projected(sound, numbers) - numbers["sound_mean"]) / numbers["sound_scale"],
        (state - numbers["rnn_mean"]) / numbers["rnn_scale"],
    ]
    rate, momentum = RATES[str(values["setting"])]
    setting = FusionSetting(
        units=(int(values["cnn_units"]), int(values["sound_units"]), int(values["rnn_units"])),
        common=int(values["common_units"]),
        rate=rate,
        momentum=momentum,
        sharing=float(values["sharing"]),
        sparseness=float(values["sparseness"]),
        epochs=int(values["fusion_epochs"]),
        patience=int(values["fusion_patience"]),
        batch=int(values["batch"]),
        seed=int(values["seed"]),
    )
    net = train_fusion(parts, data.target.astype(np.float64), train, stop_by, setting)
    test = data.items_of(split.test)
    out = np.full((len(data), len(data.classes)), np.nan, np.float32)
    with torch.no_grad():
        said = net([torch.from_numpy(np.ascontiguousarray(part[test])) for part in parts]).softmax(dim=1)
    out[test] = said.numpy()
    layers = {"own0": net.own[0], "own1": net.own[1], "own2": net.own[2], "common": net.common, "last": net.last}
    for name, layer in layers.items():
        weight, bias = layer.weight, layer.bias
        numbers[f"{name}_weight"] = np.asarray(weight.detach().numpy().T, np.float64)
        numbers[f"{name}_bias"] = np.asarray(bias.detach().numpy(), np.float64)
    more = {
        "bins": np.array(int(values["bins"])),
        "blocks": places_of(sound_blocks(data)),
        "said": np.array([data.features.shape[1] - data.probabilities.shape[1], data.features.shape[1]], np.int64),
    }
    return Solved(out, {"setting": str(values["setting"]), "rate": rate, "momentum": momentum}, numbers | more)


def _head(graph: Graph, body: SeeingClip, rows: GraphRows) -> str:
    return graph_classified(graph, body.body, _graph_state(graph, body, rows))


def _graph_state(graph: Graph, body: SeeingClip, rows: GraphRows) -> str:
    x = graph.one("Gather", rows.x, graph.constant(body.seen.cpu().numpy().astype(np.int64)), axis=2)
    return graph_state(graph, body.body, x, rows.length)


def _both(graph: Graph, body: SeeingClip, numbers: Arrays, rows: GraphRows) -> str:
    raw = graph.cast(rows.raw, TensorProto.DOUBLE)
    parts = [
        graph_bins(graph, rows, columns(graph, raw, numbers["said"].tolist()), int(numbers["bins"])),
        graph_projected(graph, graph_heard(graph, rows, graph_sound(graph, raw, numbers["blocks"])), numbers),
        graph.cast(_graph_state(graph, body, rows), TensorProto.DOUBLE),
    ]
    first = []
    for place, (name, x) in enumerate(zip(("cnn", "sound", "rnn"), parts, strict=True)):
        x = graph.one("Sub", x, graph.constant(numbers[f"{name}_mean"]))
        x = graph.one("Div", x, graph.constant(numbers[f"{name}_scale"]))
        first.append(graph.one("Sigmoid", _layer(graph, x, numbers, f"own{place}")))
    common = graph.one("Sigmoid", _layer(graph, graph.one("Concat", *first, axis=1), numbers, "common"))
    return graph.one("Softmax", _layer(graph, common, numbers, "last"), axis=1)


def _layer(graph: Graph, x: str, numbers: Arrays, name: str) -> str:
    product = graph.one("MatMul", x, graph.constant(np.ascontiguousarray(numbers[f"{name}_weight"])))
    return graph.one("Add", product, graph.constant(numbers[f"{name}_bias"]))


MEMBERS: Final = (Network("feature_fusion", _build, _head, descent, then=Then(_pool, _solve, _both)),)
