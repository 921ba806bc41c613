"""C3D: a network of three-dimensional convolutions over short windows of frames.

Source: Tran et al. 2015, "Learning spatiotemporal features with 3D convolutional networks", as Xu et al. 2017 use it.
"""

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor, nn

WIDTHS: Final = (64, 128, 256, 256, 512, 512, 512, 512)
"""Channels of the eight convolutions."""
POOLS: Final = (True, True, False, True, False, True, False, True)
"""Whether each convolution is followed by pooling."""


class C3d(nn.Module):
    """Eight 3×3×3 convolutions, five poolings and two linear layers.

    The first pooling keeps the time, the last one pads the picture by a pixel, as in the authors' files, so that 16
    frames of 112×112 end as 512×1×4×4.

    Args:
        frames: Frames of a window.
        height: Height of the pictures.
        width: Width of the pictures.
        widths: Channels of the eight convolutions.
        hidden: Units of the two linear layers.
        dropout: Probability of dropout after each of them.

    Raises:
        ValueError: The pictures or the windows are too small for five poolings.
    """

    def __init__(
        self,
        frames: int = 16,
        height: int = 112,
        width: int = 112,
        *,
        widths: Sequence[int] = WIDTHS,
        hidden: int = 4096,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        sizes = _sizes(frames, height, width)
        layers: list[nn.Module] = []
        inputs = 3
        for place, (outputs, pools) in enumerate(zip(widths, POOLS, strict=True)):
            layers += [nn.Conv3d(inputs, outputs, 3, padding=1), nn.ReLU(inplace=True)]
            if pools:
                time = 1 if place == 0 else 2
                last = place == len(POOLS) - 1
                layers.append(nn.MaxPool3d((time, 2, 2), (time, 2, 2), (0, 1, 1) if last else (0, 0, 0)))
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self.fc6 = nn.Linear(inputs * sizes[0] * sizes[1] * sizes[2], hidden)
        self.fc7 = nn.Linear(hidden, hidden)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Map M×3×frames×height×width to M×hidden: the rectified outputs of the second linear layer (fc7)."""
        found = torch.relu(self.fc6(self.layers(x)))
        return torch.relu(self.fc7(self.drop(found)))


def _sizes(frames: int, height: int, width: int) -> tuple[int, int, int]:
    """Return time, height and width after five poolings."""
    time = frames // 16
    # Four halvings, and a fifth with one pixel of padding on each side.
    tall, wide = ((side // 16 + 2 - 2) // 2 + 1 for side in (height, width))
    if time < 1 or height < 16 or width < 16:
        raise ValueError(f"windows of {frames} frames of {height}×{width} are too small for five poolings")
    return time, tall, wide


def windows_of(length: Tensor, windows: int, frames: int) -> Tensor:
    """Return which frames of items are read in windows spread evenly over each of them.

    A single window lies in the middle. Items shorter than a window repeat frames locally.

    Args:
        length: int64 N, frames of each item, ≥ 1.
        windows: Number of windows.
        frames: Frames of a window.

    Returns:
        int64 N×(windows·frames).

    Example:
        >>> windows_of(torch.tensor([6, 2]), 2, 4).tolist()
        [[0, 1, 2, 3, 2, 3, 4, 5], [0, 0, 1, 1, 0, 0, 1, 1]]
    """
    spare = (length[:, None] - frames).clamp(min=0)
    number = torch.arange(windows, device=length.device)
    start = spare * number // (windows - 1) if windows > 1 else spare // 2
    step = torch.arange(frames, device=length.device)
    shown = torch.minimum(step, step * length[:, None] // frames)
    return (start[:, :, None] + shown[:, None, :]).flatten(1)
