"""The synchrony autoencoder: units that fire where a filter and its motion agree over a block of frames.

Source: Konda, Memisevic and Michalski 2014, "Learning to encode motion using spatio-temporal synchrony". A unit squares
the response of its space-time filter, h = σ((W·v)²), and the block is put together again by ṽ = Wᵀ·(h ∘ W·v).
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Float = NDArray[np.float64]


class SynchronyAutoencoder(nn.Module):
    """An autoencoder of one matrix that encodes and decodes.

    Args:
        size: Number of values of a block.
        hidden: Number of units.
    """

    def __init__(self, size: int, hidden: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(hidden, size) / size**0.5)

    def encode(self, block: Tensor) -> Tensor:
        """Map M×size to M×hidden, 0.5…1."""
        return torch.sigmoid((block @ self.weight.T) ** 2)

    def forward(self, block: Tensor) -> Tensor:
        """Map M×size to its reconstruction."""
        factor = block @ self.weight.T
        return (torch.sigmoid(factor**2) * factor) @ self.weight

    def contraction(self, block: Tensor) -> Tensor:
        """Return the squared length of the derivative of the code, averaged over M blocks.

        With f = W·v, the derivative of unit i is h_i·(1 − h_i)·2·f_i·W_i.
        """
        factor = block @ self.weight.T
        code = torch.sigmoid(factor**2)
        each = (2 * code * (1 - code) * factor) ** 2
        return (each @ (self.weight**2).sum(dim=1)).mean()


def train_synchrony(
    blocks: Float, hidden: int, *, epochs: int, rate: float, contraction: float, seed: int, batch: int = 128
) -> Float:
    """Train an autoencoder by Adam and return its matrix.

    Args:
        blocks: M×size whitened blocks.
        hidden: Number of units.
        epochs: Passes over the blocks.
        rate: Step of Adam.
        contraction: Weight of the contraction in the loss.
        seed: Equal seeds and blocks give equal matrices on one machine.
        batch: Blocks a step.

    Returns:
        hidden×size.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = SynchronyAutoencoder(blocks.shape[1], hidden)
    data = torch.from_numpy(blocks.astype(np.float32))
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    rng = np.random.default_rng([seed, 41])
    for _ in range(epochs):
        order = torch.from_numpy(rng.permutation(len(data)))
        for part in torch.split(order, batch):
            block = data[part]
            loss = ((net(block) - block) ** 2).sum(dim=1).mean()
            if contraction:
                loss = loss + contraction * net.contraction(block)
            optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            optimiser.step()
    return np.asarray(net.weight.detach().double().numpy())
