"""The convolution and pooling parts of system E's networks.

Source: Kollias, Nicolaou, Kotsia, Zhao, Zafeiriou 2017, "Recognition of affect in the wild using deep neural networks",
Tables 1 and 2. Every size is an argument, so that a test can build a small one.
"""

from typing import Final

import torch
from torch import Tensor, nn

RESNET_BLOCKS: Final = (3, 4, 6, 6)
"""Bottlenecks of each block as printed in Table 1. He et al. 2016 have 3 in the last one; their weights need (3, 4, 6,
3)."""

VGG_BLOCKS: Final = (2, 2, 3, 3, 3)
VGG_WIDTHS: Final = (64, 128, 256, 512, 512)


class Bottleneck(nn.Module):
    """1×1, 3×3, 1×1 convolutions with batch normalisation and a shortcut (He et al. 2016, Fig. 5)."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = 4 * width
        self.body = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Map N×inputs×H×W to N×4·width×H/stride×W/stride."""
        return torch.relu(self.body(x) + self.shortcut(x))


class ResNetBackbone(nn.Module):
    """Blocks 1–6 of Table 1: stem, four groups of bottlenecks, average pooling.

    Args:
        blocks: Bottlenecks in each group.
        width: Channels of the stem; groups have 4, 8, 16 and 32 times as many at their end.
        channels: Channels of the input image, 3 for RGB or 1 for grey.
    """

    def __init__(self, blocks: tuple[int, ...] = RESNET_BLOCKS, width: int = 64, channels: int = 3) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(channels, width, 7, 2, 3, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, 1),
        ]
        inputs = width
        for group, count in enumerate(blocks):
            inner = width * 2**group
            for number in range(count):
                layers.append(Bottleneck(inputs, inner, 2 if group and number == 0 else 1))
                inputs = 4 * inner
        self.layers = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.size = inputs

    def forward(self, image: Tensor) -> Tensor:
        """Map N×channels×H×W to N×size (2048 with the paper's sizes)."""
        features: Tensor = self.layers(image)
        return features


class VggBackbone(nn.Module):
    """Blocks 1–5 of Table 2: five groups of 3×3 convolutions, each ended by 2×2 max pooling.

    Args:
        blocks: Convolutions in each group.
        widths: Channels of each group.
        channels: Channels of the input image.
        side: Height and width of the input image, a multiple of 32.

    Raises:
        ValueError: Some group cannot halve `side`.
    """

    def __init__(
        self,
        blocks: tuple[int, ...] = VGG_BLOCKS,
        widths: tuple[int, ...] = VGG_WIDTHS,
        channels: int = 3,
        side: int = 96,
    ) -> None:
        super().__init__()
        if side % 2 ** len(widths):
            raise ValueError(f"side {side} is not a multiple of {2 ** len(widths)}")
        layers: list[nn.Module] = []
        inputs = channels
        for count, width in zip(blocks, widths, strict=True):
            for _ in range(count):
                layers += [nn.Conv2d(inputs, width, 3, 1, 1), nn.ReLU(inplace=True)]
                inputs = width
            layers.append(nn.MaxPool2d(2, 2))
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self.size = inputs * (side // 2 ** len(widths)) ** 2

    def forward(self, image: Tensor) -> Tensor:
        """Map N×channels×side×side to N×size."""
        features: Tensor = self.layers(image)
        return features
