"""Networks that read the frames of an item and predict its category."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

Cell = Literal["irnn", "gru"]


class RecurrentClip(nn.Module):
    """A recurrent layer over the frames, whose state after the last frame decides.

    Source: Kahou et al. 2015, section 2.2, for the IRNN: rectified units whose recurrent weights start at a scaled
    identity and whose biases start at zero (Le et al. 2015); the GRU replaces the cell and nothing else.

    Args:
        features: Number of values of a frame.
        classes: Number of categories.
        cell: "irnn" or "gru".
        hidden: Number of units of the recurrent layer.
        dropout: Probability of dropout after the input and before the classifier.
        identity: Scale of the identity that the IRNN starts from.
    """

    def __init__(
        self, features: int, classes: int, *, cell: Cell, hidden: int, dropout: float = 0.0, identity: float = 1.0
    ) -> None:
        super().__init__()
        self.cell = cell
        self.drop = nn.Dropout(dropout)
        if cell == "irnn":
            self.recurrent: nn.RNN | nn.GRU = nn.RNN(features, hidden, nonlinearity="relu", batch_first=True)
            start = {
                "weight_ih_l0": torch.randn(hidden, features) * 1e-3,
                "weight_hh_l0": identity * torch.eye(hidden),
                "bias_ih_l0": torch.zeros(hidden),
                "bias_hh_l0": torch.zeros(hidden),
            }
            self.recurrent.load_state_dict(start)
        else:
            self.recurrent = nn.GRU(features, hidden, batch_first=True)
        self.last = nn.Linear(hidden, classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×features, padded at the end, and N numbers of frames to N×classes before the softmax."""
        packed = pack_padded_sequence(self.drop(frames), length.cpu(), batch_first=True, enforce_sorted=False)
        _, state = self.recurrent(packed)
        result: Tensor = self.last(self.drop(state[0]))
        return result


class AttentionClip(nn.Module):
    """Transformer layers over the frames, then a weighted mean whose weights say which frames decided.

    Source: Vaswani et al. 2017 for layers and sinusoidal positions; Ilse et al. 2018, eq. 8, for the pooling.

    Args:
        features: Number of values of a frame.
        classes: Number of categories.
        width: Number of values of a frame inside the layers.
        layers: Number of transformer layers; with 0, only the pooling remains.
        heads: Number of attention heads, which divides the width.
        dropout: Probability of dropout inside the layers and before the classifier.
    """

    def __init__(
        self, features: int, classes: int, *, width: int, layers: int, heads: int, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.first = nn.Linear(features, width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 2 * width, dropout, batch_first=True, norm_first=True)
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.score = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(width, classes)

    def forward(self, frames: Tensor, length: Tensor) -> Tensor:
        """Map N×T×features, padded at the end, and N numbers of frames to N×classes before the softmax."""
        return self.explain(frames, length)[0]

    def explain(self, frames: Tensor, length: Tensor) -> tuple[Tensor, Tensor]:
        """Do as `forward`, and return the frames' weights, too: N×classes, and N×T whose rows sum to one."""
        padding = torch.arange(frames.shape[1], device=frames.device) >= length[:, None]
        x = self.first(frames) + _positions(frames.shape[1], self.first.out_features, frames)
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=padding)
        x = self.norm(x)
        weight = self.score(x)[..., 0].masked_fill(padding, float("-inf")).softmax(dim=1)
        pooled = (weight[..., None] * x).sum(dim=1)
        return self.last(self.drop(pooled)), weight


def _positions(count: int, width: int, like: Tensor) -> Tensor:
    """Sinusoidal positions count×width (Vaswani et al. 2017, section 3.5)."""
    place = torch.arange(count, device=like.device, dtype=like.dtype)[:, None]
    column = torch.arange(width, device=like.device, dtype=like.dtype)
    angle = place / 10_000.0 ** (2 * torch.floor(column / 2) / width)
    return torch.where(column % 2 == 0, angle.sin(), angle.cos())
