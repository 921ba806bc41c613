"""What a member states of itself: how it is built or solved, how it is trained, and how it becomes an ONNX graph.

A member is either a `Network`, which is trained in epochs by `app.learning.process.loop`, or a `Machine`, which is
solved at once for each fold. The modules of `app.learning.clip.members` state one or several of them each.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from app.domain.item_data import ItemData
from app.domain.recipe import Value
from app.domain.snapshot import Split
from app.learning.blocks.onnx_graph import Graph
from app.learning.clip.base.graph_rows import GraphRows

Values = Mapping[str, Value]
Arrays = Mapping[str, NDArray[Any]]
Float = NDArray[np.float64]
Body = TypeVar("Body", bound=nn.Module)
Draw = Literal["even", "first", "any", "clips"]


def adamw(values: Values, weights: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return AdamW with the recipe's learning rate and weight decay."""
    return torch.optim.AdamW(weights, lr=float(values["learning_rate"]), weight_decay=float(values["weight_decay"]))


class Seen(Protocol):
    """A trained network, through which the items of the data can be seen."""

    def each(self, what: Callable[[Any, Tensor, Tensor], Tensor]) -> Float:
        """Return what a function of body, rows N×T×D and lengths N gives for every item: items×columns.

        The rows are those that the body reads: scaled if the network is `scaled`.
        """


@dataclass(frozen=True)
class Then(Generic[Body]):
    """A machine that is solved on what a trained network sees in each item, and that gives the category instead of it.

    Attributes:
        pool: Returns one vector for each item, N×D, from the values, the data and the trained network.
        solve: Learns from training and validation subjects and predicts those of the test, as in `Machine`.
        head: Adds network and machine to a graph and returns the name of N×K probabilities.
    """

    pool: Callable[[Values, ItemData, Seen], Float]
    solve: Callable[[Values, ItemData, Float, Split], "Solved"]
    head: Callable[[Graph, Body, Arrays, GraphRows], str]


@dataclass(frozen=True)
class Network(Generic[Body]):
    """A member that is trained in epochs.

    Attributes:
        name: The name that recipes give as their network.
        build: Makes the untrained body for some data. The body maps float32 N×T×D, padded at the end, and int64 N
            numbers of frames to N×K before the softmax.
        head: Adds the trained body to a graph and returns the name of N×K before the softmax. It names the outputs of
            `evidence` itself.
        optimiser: Makes the optimiser.
        evidence: Names of further outputs of the graph. `ATTENTION` is float32 N×T, each frame's weight, zero in the
            padding.
        scaled: Whether every column is brought to mean zero and deviation one over the training subjects before the
            body reads it. Networks that read pixels do this themselves.
        draw: Which frames a step of the training reads. "even" takes those of the prediction; "first" begins at a
            random frame before the second one that the rule reads; "any" takes random frames in their order; "clips"
            takes every window of an item as an example of its own, as `clip_frames` and `clip_step` of the values say.
            A function of the values, the number of frames of an item and a generator returns them itself.
        then: A machine that follows the trained network; None if the network itself decides.
    """

    name: str
    build: Callable[[Values, ItemData], Body]
    head: Callable[[Graph, Body, GraphRows], str]
    optimiser: Callable[[Values, Iterable[nn.Parameter]], torch.optim.Optimizer] = adamw
    evidence: tuple[str, ...] = ()
    scaled: bool = True
    draw: Draw | Callable[[Values, int, np.random.Generator], NDArray[np.int64]] = "even"
    then: Then[Any] | None = None


@dataclass(frozen=True, eq=False)
class Solved:
    """A machine that was solved.

    Attributes:
        predicted: float32 N×K, NaN in rows of subjects outside the test.
        chosen: The settings that were chosen, for the run's record.
        numbers: All numbers from which the machine's `head` computes it.
    """

    predicted: NDArray[np.float32]
    chosen: dict[str, object] = field(default_factory=dict)
    numbers: dict[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Machine:
    """A member that is solved at once.

    Attributes:
        name: The name that recipes give as their network.
        pool: Returns one vector for each item, N×D; it is called once for all folds.
        solve: Learns from training and validation subjects and predicts those of the test, from the values, the data,
            the pooled vectors and the split.
        head: Adds the machine with its numbers to a graph and returns the name of its N×K probabilities.
    """

    name: str
    pool: Callable[[Values, ItemData], Float]
    solve: Callable[[Values, ItemData, Float, Split], Solved]
    head: Callable[[Graph, Arrays, GraphRows], str]


Member = Network[Any] | Machine
