"""Convolutional LSTM cells: the plain one with peepholes, and the enhanced one of Miyoshi et al. 2019."""

import torch
from torch import Tensor, nn

States = tuple[Tensor, Tensor, Tensor]
"""The outputs of the last step and of the one before it, and the memory."""


class ConvLstmCell(nn.Module):
    """One step of a convolutional LSTM.

    The plain cell is eq. 1 of Miyoshi et al. 2019: all three gates, the output gate included, read the memory of the
    step before. The enhanced cell (eq. 2) adds the output of two steps before and a convolution of the input to the
    output, and normalises the sum in groups of channels. Peepholes have one weight for each channel, so that a cell
    works for every size of picture; this and the kernel of the skipping convolution, that of the other convolutions,
    are not stated in the paper.

    Args:
        inputs: Number of channels of the input.
        channels: Number of channels of the output.
        kernel: Side of the kernels, an odd number.
        enhanced: Whether it is the enhanced cell.
        groups: Number of groups that are normalised; it divides the channels.
    """

    def __init__(self, inputs: int, channels: int, kernel: int, *, enhanced: bool, groups: int = 1) -> None:
        super().__init__()
        self.inputs, self.channels, self.enhanced = inputs, channels, enhanced
        # Input, forget and output gate, and the candidate; last the skipping convolution.
        self.of_input = nn.Conv2d(inputs, 4 * channels, kernel, padding=kernel // 2)
        self.of_state = nn.Conv2d(channels, 4 * channels, kernel, padding=kernel // 2, bias=False)
        self.peephole = nn.Parameter(torch.zeros(3 * channels))
        self.skip = nn.Conv2d(inputs, channels, kernel, padding=kernel // 2, bias=False) if enhanced else None
        self.norm = nn.GroupNorm(groups, channels) if enhanced else None
        self._start()

    def _start(self) -> None:
        """Start so that what is read reaches the last of several layers, and memory lasts (Jozefowicz et al. 2015).

        With torch's usual start, plain cells tell next to nothing from the second layer on.
        """
        nn.init.xavier_normal_(self.of_input.weight, gain=2.0)
        nn.init.orthogonal_(self.of_state.weight)
        bias = torch.zeros(4 * self.channels)
        bias[self.channels : 2 * self.channels] = 1.0
        self.of_input.bias = nn.Parameter(bias)

    def begin(self, x: Tensor) -> States:
        """Return the states before the first step, all zero."""
        zero = x.new_zeros(x.shape[0], self.channels, *x.shape[2:])
        return zero, zero, zero

    def forward(self, x: Tensor, states: States) -> States:
        """Map an input N×C×H×W and the states to the new states."""
        before, earlier, memory = states
        gates, candidate = (self.of_input(x) + self.of_state(before)).split([3 * self.channels, self.channels], dim=1)
        peeped = self.peephole[:, None, None] * memory.repeat(1, 3, 1, 1)
        take, keep, give = torch.sigmoid(gates + peeped).chunk(3, dim=1)
        memory = keep * memory + take * torch.tanh(candidate)
        out = give * torch.tanh(memory)
        if self.skip is not None and self.norm is not None:
            out = self.norm(out + earlier + self.skip(x))
        return out, before, memory
