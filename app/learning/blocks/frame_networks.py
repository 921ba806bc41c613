"""The frame networks of the papers that the project starts from, in their original sizes: ResNet-10 and the 9×9 CNN."""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from app.learning.blocks.frame_net import FrameNet


class ProjectedBlock(nn.Module):
    """The residual block of He et al. 2016: two 3×3 convolutions; a strided 1×1 shortcut where the size changes."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inside, outside, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(inplace=True),
            nn.Conv2d(outside, outside, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outside),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inside != outside:
            self.shortcut = nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))

    def forward(self, x: Tensor) -> Tensor:
        """Map N×inside×H×W to N×outside×⌈H/stride⌉×⌈W/stride⌉."""
        return F.relu(self.body(x) + self.shortcut(x), inplace=True)


class ResNet10Trunk(nn.Module):
    """A trunk of a 7×7 convolution, 3×3 pooling, four residual blocks, a global average and one more linear layer.

    Args:
        side: The face is enlarged to this side first.
        channels: Copies of the grey channel, three for weights that come from colour images.
        widths: Channels of the four blocks.
        fc1: Length of the extra layer.
    """

    def __init__(self, side: int, channels: int, widths: Sequence[int], fc1: int) -> None:
        super().__init__()
        self.side, self.channels = side, channels
        layers: list[nn.Module] = [
            nn.Conv2d(channels, widths[0], 7, 2, 3, bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, 1),
        ]
        inside = widths[0]
        for place, width in enumerate(widths):
            layers.append(ProjectedBlock(inside, width, 1 if place == 0 else 2))
            inside = width
        self.body = nn.Sequential(*layers)
        self.fc1 = nn.Linear(inside, fc1)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×1×H×W to N×fc1."""
        if x.shape[-1] != self.side:
            x = F.interpolate(x, size=(self.side, self.side), mode="bilinear", align_corners=False)
        pooled = self.body(x.expand(-1, self.channels, -1, -1)).mean(dim=(2, 3))
        return F.relu(self.fc1(pooled))


class ResNet10(FrameNet):
    """ResNet-10 (Simon, Rodner and Denzler 2016) with `fc1` as in Xu et al. 2017.

    The extra layer is in their section II-B-1, its 512 values in the caption of Fig. 1, the input of 150×150 in III-B.
    """

    def __init__(
        self,
        side: int = 150,
        channels: int = 3,
        widths: Sequence[int] = (64, 128, 256, 512),
        fc1: int = 512,
        dropout: float = 0.5,
    ) -> None:
        super().__init__(ResNet10Trunk(side, channels, widths, fc1), fc1, dropout)


class KahouTrunk(nn.Module):
    """A trunk of three convolutions, each followed by ReLU and 2×2 maximum pooling.

    The paper gives the filters (9×9; 32, 32, 64) and the dropout, but not padding and pooling. Here the padding keeps
    the size, and the pooling of each layer halves it.
    """

    def __init__(self, kernel: int, filters: Sequence[int], dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inside = 1
        for width in filters:
            layers += [
                nn.Conv2d(inside, width, kernel, padding=kernel // 2),
                nn.ReLU(inplace=True),
                nn.MaxPool2d(2),
                nn.Dropout(dropout),
            ]
            inside = width
        self.body = nn.Sequential(*layers)
        self.grid = nn.AdaptiveAvgPool2d(6)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×1×48×48 to N×(36·filters[-1]); other sizes are averaged to the same 6×6 grid."""
        maps: Tensor = self.body(x)
        return (maps if maps.shape[-1] == 6 else self.grid(maps)).flatten(1)


class KahouCnn(FrameNet):
    """The 9×9 CNN of Kahou et al. 2015, section 2.1.3: 32, 32 and 64 filters, 48×48 input; dropout 0.25."""

    def __init__(self, kernel: int = 9, filters: Sequence[int] = (32, 32, 64), dropout: float = 0.25) -> None:
        super().__init__(KahouTrunk(kernel, filters, dropout), 36 * filters[-1], dropout)
