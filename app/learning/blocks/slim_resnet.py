"""The slim ResNet-50 of Miyoshi et al. 2019, Table 1."""

from typing import Final

import torch
from torch import Tensor, nn

STAGES: Final = (((16, 16, 32), 3), ((32, 32, 64), 4), ((64, 32, 128), 6), ((128, 64, 128), 3))
"""Channels of the three convolutions of a block and number of blocks of each stage, as printed."""
FIRST: Final = 16


class SlimBlock(nn.Module):
    """Convolutions of 1×1, 3×3 and 1×1 beside a shortcut, which is a convolution in the first block of a stage.

    Args:
        inputs: Number of channels of the input.
        channels: Numbers of channels of the three convolutions.
        stride: Step of the 3×3 convolution and of the shortcut.
        first: Whether the block is the first one of its stage.
    """

    def __init__(self, inputs: int, channels: tuple[int, int, int], stride: int, *, first: bool) -> None:
        super().__init__()
        narrow, middle, out = channels
        self.body = nn.Sequential(
            *_convolution(inputs, narrow, 1),
            nn.ReLU(),
            *_convolution(narrow, middle, 3, stride),
            nn.ReLU(),
            *_convolution(middle, out, 1),
        )
        self.shortcut = nn.Sequential(*_convolution(inputs, out, 1, stride)) if first else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×C'×H'×W'."""
        return torch.relu(self.body(x) + self.shortcut(x))


def _convolution(inputs: int, out: int, kernel: int, stride: int = 1) -> tuple[nn.Module, nn.Module]:
    return nn.Conv2d(inputs, out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(out)


class SlimResNet50(nn.Module):
    """Feature maps of a picture: 48 convolutions in blocks behind the first one, 571,408 parameters for RGB.

    The sizes are as printed. Batch normalisation, and a convolution as the shortcut of every first block, give the
    printed number of parameters. The steps are not stated; the last three stages halve the picture, as in He et al.
    2016.

    Args:
        inputs: Number of channels of the picture.
        width: Factor of all numbers of channels, for small networks.
    """

    def __init__(self, inputs: int = 3, width: float = 1.0) -> None:
        super().__init__()

        def wide(channels: int) -> int:
            return max(1, round(width * channels))

        layers: list[nn.Module] = [*_convolution(inputs, wide(FIRST), 3), nn.ReLU()]
        before = wide(FIRST)
        for stage, ((narrow, middle, out), count) in enumerate(STAGES):
            for number in range(count):
                channels = wide(narrow), wide(middle), wide(out)
                stride = 2 if stage and not number else 1
                layers.append(SlimBlock(before, channels, stride, first=not number))
                before = channels[2]
        self.layers = nn.Sequential(*layers)
        self.channels = before

    def forward(self, pictures: Tensor) -> Tensor:
        """Map N×C×H×W to N×128×H/8×W/8, for a width of 1."""
        result: Tensor = self.layers(pictures)
        return result
