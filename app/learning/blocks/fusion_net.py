"""The feature fusion network: a hidden layer for each modality, a common one, and a softmax.

Source: Kahou et al. 2015, section 5.1, a variant of Wu et al. 2015, "Modeling spatial-temporal clues in a hybrid deep
learning framework for video classification".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Float = NDArray[np.float64]
CLIP: Final = 10.0
"""Longer gradients are shortened to this norm (section 5.1)."""


class FusionNet(nn.Module):
    """A perceptron of sigmoid units with a separate first layer for each modality.

    Args:
        inputs: Length of the vector of each modality.
        units: Units of each modality's own layer.
        common: Units of the layer that reads all of them.
        classes: Number of categories.
    """

    def __init__(self, inputs: Sequence[int], units: Sequence[int], common: int, classes: int) -> None:
        super().__init__()
        self.own = [nn.Linear(size, count) for size, count in zip(inputs, units, strict=True)]
        self.layers = nn.ModuleList(self.own)
        self.common = nn.Linear(sum(units), common)
        self.last = nn.Linear(common, classes)

    def forward(self, parts: Sequence[Tensor]) -> Tensor:
        """Map one N×inputs for each modality to N×classes before the softmax."""
        first = [torch.sigmoid(layer(x)) for layer, x in zip(self.own, parts, strict=True)]
        result: Tensor = self.last(torch.sigmoid(self.common(torch.cat(first, dim=1))))
        return result

    def sharing(self) -> Tensor:
        """Return the sum over j of the length of the weights into unit j of all modalities together.

        It is small where modalities use the same few units.
        """
        squares = [(layer.weight**2).sum(dim=1) for layer in self.own]
        longest = max(len(each) for each in squares)
        joint = torch.stack([nn.functional.pad(each, (0, longest - len(each))) for each in squares]).sum(dim=0)
        return (joint + 1e-12).sqrt().sum()

    def sparseness(self) -> Tensor:
        """Return the sum of the absolute weights of the first layers, so that single features may stay."""
        return torch.stack([layer.weight.abs().sum() for layer in self.own]).sum()


@dataclass(frozen=True)
class FusionSetting:
    """How a fusion network is trained.

    Attributes:
        units: Units of each modality's own layer.
        common: Units of the common layer.
        rate: Step of stochastic gradient descent.
        momentum: Momentum of the descent.
        sharing: Weight of `FusionNet.sharing`.
        sparseness: Weight of `FusionNet.sparseness`.
        epochs: At most this many passes.
        patience: Passes without a better validation after which it stops.
        batch: Items a step.
        seed: Equal seeds and data give equal networks on one machine.
    """

    units: tuple[int, ...]
    common: int
    rate: float
    momentum: float
    sharing: float
    sparseness: float
    epochs: int
    patience: int
    batch: int
    seed: int


def train_fusion(
    parts: Sequence[Float],
    target: Float,
    train: NDArray[np.int64],
    stop_by: NDArray[np.int64],
    setting: FusionSetting,
) -> FusionNet:
    """Train a network and return it as it was best on other items, in double precision and evaluation mode.

    Args:
        parts: For each modality N×D.
        target: N×K, rows sum to one.
        train: Items to learn from.
        stop_by: Items by whose cross-entropy the best pass is chosen; without any, the last pass is taken.
        setting: How it is trained.
    """
    with torch.random.fork_rng():
        torch.manual_seed(setting.seed)
        net = FusionNet([part.shape[1] for part in parts], setting.units, setting.common, target.shape[1]).double()
    inputs = [torch.from_numpy(np.asarray(part, np.float64)) for part in parts]
    wanted = torch.from_numpy(np.asarray(target, np.float64))
    optimiser = torch.optim.SGD(net.parameters(), lr=setting.rate, momentum=setting.momentum)
    rng = np.random.default_rng([setting.seed, 61])
    best, since = np.inf, 0
    kept = {name: value.clone() for name, value in net.state_dict().items()}
    for _ in range(setting.epochs):
        for part in np.array_split(rng.permutation(train), max(1, -(-len(train) // setting.batch))):
            loss = _entropy(net, inputs, wanted, part)
            loss = loss + setting.sharing * net.sharing() + setting.sparseness * net.sparseness()
            optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(net.parameters(), CLIP)
            optimiser.step()
        with torch.no_grad():
            now = float(_entropy(net, inputs, wanted, stop_by)) if len(stop_by) else best
        since += 1
        if now < best or not len(stop_by):
            best, since = now, 0
            kept = {name: value.clone() for name, value in net.state_dict().items()}
        if since > setting.patience:
            break
    net.load_state_dict(kept)
    return net.eval()


def _entropy(net: FusionNet, inputs: Sequence[Tensor], wanted: Tensor, items: NDArray[np.int64]) -> Tensor:
    rows = torch.from_numpy(np.asarray(items, np.int64))
    said = net([each[rows] for each in inputs]).log_softmax(dim=1)
    each: Tensor = -(wanted[rows] * said).sum(dim=1)
    return each.mean()
