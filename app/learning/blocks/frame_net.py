"""Frame networks: a trunk that makes one embedding of a grey face, and two classifiers on it."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Standardise(nn.Module):
    """Scales each image to zero mean and unit deviation, so that exposure and contrast have no effect.

    Args:
        floor: Grey levels that are added to the deviation, so that a flat crop is not amplified into noise.
    """

    def __init__(self, floor: float = 8.0) -> None:
        super().__init__()
        self.floor = floor

    def forward(self, face: Tensor) -> Tensor:
        """Map N×1×H×W, 0..255 to N×1×H×W."""
        # In units of 64 grey levels the squares stay far below what 16-bit floats hold.
        levels = face / 64
        centred = levels - levels.mean(dim=(2, 3), keepdim=True)
        deviation = torch.sqrt((centred * centred).mean(dim=(2, 3), keepdim=True))
        return centred / (deviation + self.floor / 64)


def resized(face: Tensor, side: int) -> Tensor:
    """Map N×1×H×W to N×1×side×side bilinearly without smoothing, as the augmentation does.

    A face of that size stays as it is.
    """
    if face.shape[-1] == side:
        return face
    return F.interpolate(face, size=(side, side), mode="bilinear", align_corners=False)


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions with a shortcut; on a change of size the shortcut pools before its 1×1 convolution."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outside)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inside != outside:
            pool: nn.Module = nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False) if stride == 2 else nn.Identity()
            self.shortcut = nn.Sequential(pool, nn.Conv2d(inside, outside, 1, bias=False), nn.BatchNorm2d(outside))

    def forward(self, x: Tensor) -> Tensor:
        """Map N×inside×H×W to N×outside×⌈H/stride⌉×⌈W/stride⌉."""
        y = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x), inplace=True)


class FrameNet(nn.Module):
    """A network of a trunk, dropout and two classifiers.

    Attributes:
        embedding_size: Length D of the embedding.
    """

    def __init__(self, trunk: nn.Module, embedding_size: int, dropout: float) -> None:
        super().__init__()
        self.embedding_size = embedding_size
        self.prepare = Standardise()
        self.trunk = trunk
        self.dropout = nn.Dropout(dropout)
        self.expression = nn.Linear(embedding_size, 8)
        self.fer = nn.Linear(embedding_size, 7)

    def embed(self, face: Tensor) -> Tensor:
        """Map N×1×H×W grey, 0..255 to N×D."""
        embedding: Tensor = self.trunk(self.prepare(face))
        return embedding

    def forward(self, face: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Map N×1×H×W grey, 0..255 to expression logits N×8, FER logits N×7, embedding N×D."""
        embedding = self.embed(face)
        kept = self.dropout(embedding)
        return self.expression(kept), self.fer(kept), embedding


class ResidualTrunk(nn.Module):
    """A trunk of a strided stem, residual stages that halve the size, and a global average.

    Args:
        stem: Channels of the 4×4 stem of stride two.
        widths: Channels of each stage; every stage but the first begins with stride two.
        depths: Blocks of each stage.
    """

    def __init__(self, stem: int, widths: Sequence[int], depths: Sequence[int]) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, stem, 4, 2, 1, bias=False), nn.BatchNorm2d(stem), nn.ReLU(inplace=True))
        blocks: list[nn.Module] = []
        inside = stem
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            for place in range(depth):
                blocks.append(ResidualBlock(inside, width, 2 if stage > 0 and place == 0 else 1))
                inside = width
        self.stages = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×1×H×W to N×widths[-1]."""
        pooled: Tensor = self.stages(self.stem(x)).mean(dim=(2, 3))
        return pooled


class Student(FrameNet):
    """The shipped network: three residual blocks at half, quarter and eighth of the image size, 1.8 million parameters.

    It was chosen for what it learns per unit of arithmetic on a CPU: few, wide, dense 3×3 convolutions and an early
    halving.
    """

    def __init__(self, stem: int = 64, widths: Sequence[int] = (64, 128, 320), dropout: float = 0.2) -> None:
        super().__init__(ResidualTrunk(stem, widths, [1] * len(widths)), widths[-1], dropout)


class Teacher(FrameNet):
    """A network four times the student's size, meant for training on a GPU and for distillation, not for shipping."""

    def __init__(
        self,
        stem: int = 64,
        widths: Sequence[int] = (96, 192, 384, 512),
        depths: Sequence[int] = (2, 2, 2, 1),
        dropout: float = 0.3,
    ) -> None:
        super().__init__(ResidualTrunk(stem, widths, depths), widths[-1], dropout)
