"""A long short-term memory layer whose gates see the cell ("peepholes"), as in Kollias et al. 2017, section 3.2.

Source: Gers, Schraudolph, Schmidhuber 2002, "Learning precise timing with LSTM recurrent networks", eq. 1–5. As in that
paper, the gates of input and forget see the cell before the step, and the gate of output sees it after the step
(Miyoshi et al. 2019, eq. 1, let all three see it before). torch.nn.LSTM has no peepholes; ONNX's LSTM operator has them
(input P, in the order input, output, forget), with the same cells.
"""

import torch
from torch import Tensor, nn


class PeepholeLstm(nn.Module):
    """One layer with the calling convention of `nn.LSTM(batch_first=True)`.

    Weights are stacked in the order input, forget, cell, output, as `nn.LSTM` has them; `peephole` in the order input,
    forget, output.

    Args:
        inputs: Size of a step's input.
        hidden: Number of units.
        batch_first: Must be True; it exists so that the layer can be called like `nn.LSTM`.
    """

    def __init__(self, inputs: int, hidden: int, *, batch_first: bool = True) -> None:
        super().__init__()
        if not batch_first:
            raise ValueError("this layer takes N×T×inputs")
        self.hidden = hidden
        bound = hidden**-0.5
        self.weight_input = nn.Parameter(torch.empty(4 * hidden, inputs).uniform_(-bound, bound))
        self.weight_hidden = nn.Parameter(torch.empty(4 * hidden, hidden).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(4 * hidden).uniform_(-bound, bound))
        self.peephole = nn.Parameter(torch.empty(3, hidden).uniform_(-bound, bound))

    def step(self, from_input: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Compute one step from W·x + b (N×4·hidden), h and c (N×hidden): return the next h and c."""
        gate_i, gate_f, gate_c, gate_o = (from_input + h @ self.weight_hidden.T).chunk(4, dim=1)
        peep_i, peep_f, peep_o = self.peephole
        i = torch.sigmoid(gate_i + peep_i * c)
        f = torch.sigmoid(gate_f + peep_f * c)
        c = f * c + i * torch.tanh(gate_c)
        o = torch.sigmoid(gate_o + peep_o * c)
        return o * torch.tanh(c), c

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Map N×T×inputs and (1×N×hidden, 1×N×hidden) to N×T×hidden and the state after the last step."""
        if state is None:
            zeros = x.new_zeros(x.shape[0], self.hidden)
            h, c = zeros, zeros
        else:
            h, c = state[0][0], state[1][0]
        # All inputs at once: one large product instead of one a step.
        from_input = x @ self.weight_input.T + self.bias
        steps: list[Tensor] = []
        for t in range(x.shape[1]):
            h, c = self.step(from_input[:, t], h, c)
            steps.append(h)
        return torch.stack(steps, dim=1), (h.unsqueeze(0), c.unsqueeze(0))
