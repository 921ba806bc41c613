"""System E's heads: CNNs for single frames and CNN-RNNs for sequences, with or without facial landmarks.

Source: Kollias et al. 2017, section 3.1 and Tables 1–3. Landmarks are coordinates relative to the crop, flattened
(68 points: 136 values in the paper; MTCNN's five points: 10).
"""

from typing import Literal

import torch
from torch import Tensor, nn

from app.learning.blocks.backbones import ResNetBackbone, VggBackbone
from app.learning.blocks.peephole import PeepholeLstm

Cell = Literal["gru", "lstm"]


class ResNetAffect(nn.Module):
    """The network of Table 1: pooled ResNet features, with landmarks joined before the first fully connected layer.

    With landmarks there are three fully connected layers (1500, 256, outputs), without them two (1500, outputs).

    Args:
        backbone: The convolution and pooling part.
        landmarks: Number of landmark values that are joined; 0 for none (136 in the paper).
        units: Units of the first and the second fully connected layer.
        outputs: 2 for joint valence and arousal, 1 for a network per dimension.
        dropout: Probability after each hidden fully connected layer.
    """

    def __init__(
        self,
        backbone: ResNetBackbone | None = None,
        *,
        landmarks: int = 0,
        units: tuple[int, int] = (1500, 256),
        outputs: int = 2,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.backbone = backbone or ResNetBackbone()
        self.landmarks = landmarks
        layers: list[nn.Module] = [nn.Linear(self.backbone.size + landmarks, units[0]), nn.ReLU(), nn.Dropout(dropout)]
        last = units[0]
        if landmarks:
            layers += [nn.Linear(units[0], units[1]), nn.ReLU(), nn.Dropout(dropout)]
            last = units[1]
        self.head = nn.Sequential(*layers, nn.Linear(last, outputs))

    def forward(self, image: Tensor, landmarks: Tensor | None = None) -> Tensor:
        """Map N×C×H×W and N×landmarks to N×outputs, linear (not bounded to −1…1)."""
        joined = _joined(self.backbone(image), landmarks, self.landmarks)
        result: Tensor = self.head(joined)
        return result


class VggAffect(nn.Module):
    """The network of Table 2: VGG features, with landmarks joined to the first fully connected layer's output.

    With landmarks there are four fully connected layers (4096, 4096, 2622, outputs), without them the first, second
    and fourth.

    Args:
        backbone: The convolution and pooling part.
        landmarks: Number of landmark values that are joined; 0 for none.
        units: Units of the three hidden fully connected layers.
        outputs: 2 for joint valence and arousal, 1 for a network per dimension.
        dropout: Probability after each hidden fully connected layer.
    """

    def __init__(
        self,
        backbone: VggBackbone | None = None,
        *,
        landmarks: int = 0,
        units: tuple[int, int, int] = (4096, 4096, 2622),
        outputs: int = 2,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.backbone = backbone or VggBackbone()
        self.landmarks = landmarks
        self.first = nn.Sequential(nn.Linear(self.backbone.size, units[0]), nn.ReLU(), nn.Dropout(dropout))
        layers: list[nn.Module] = [nn.Linear(units[0] + landmarks, units[1]), nn.ReLU(), nn.Dropout(dropout)]
        last = units[1]
        if landmarks:
            layers += [nn.Linear(units[1], units[2]), nn.ReLU(), nn.Dropout(dropout)]
            last = units[2]
        self.head = nn.Sequential(*layers, nn.Linear(last, outputs))

    def forward(self, image: Tensor, landmarks: Tensor | None = None) -> Tensor:
        """Map N×C×H×W and N×landmarks to N×outputs, linear."""
        joined = _joined(self.first(self.backbone(image)), landmarks, self.landmarks)
        result: Tensor = self.head(joined)
        return result


class FrameHead(nn.Module):
    """The fully connected part of Tables 1 and 2 on frozen features: the CNN with its pre-trained part frozen.

    Args:
        features: Size of a frame's features.
        landmarks: Number of landmark values that are joined to them; 0 for none.
        units: Units of the two hidden layers.
        outputs: 2 for joint valence and arousal, 1 for a network per dimension.
        dropout: Probability after each hidden layer.
    """

    def __init__(
        self,
        features: int,
        *,
        landmarks: int = 0,
        units: tuple[int, int] = (1500, 256),
        outputs: int = 2,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.landmarks = landmarks
        self.head = nn.Sequential(
            nn.Linear(features + landmarks, units[0]),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(units[0], units[1]),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(units[1], outputs),
        )

    def forward(self, features: Tensor, landmarks: Tensor | None = None) -> Tensor:
        """Map N×features and N×landmarks to N×outputs, linear."""
        result: Tensor = self.head(_joined(features, landmarks, self.landmarks))
        return result


class RecurrentHead(nn.Module):
    """Table 3 without its block 1: a fully connected layer, recurrent layers and a linear output, on frame features.

    Args:
        features: Size of a frame's features.
        landmarks: Number of landmark values that are joined to them; 0 for none.
        units: Units of the fully connected layer (4096 in the paper).
        hidden: Units of a recurrent layer (128).
        layers: Number of recurrent layers (2).
        cell: "gru", or "lstm" with peepholes.
        outputs: 2 for joint valence and arousal, 1 for a network per dimension.
        dropout: Probability after the fully connected layer and each recurrent layer.
    """

    def __init__(
        self,
        features: int,
        *,
        landmarks: int = 0,
        units: int = 4096,
        hidden: int = 128,
        layers: int = 2,
        cell: Cell = "gru",
        outputs: int = 2,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.landmarks, self.hidden, self.layers, self.cell = landmarks, hidden, layers, cell
        self.first = nn.Sequential(nn.Linear(features + landmarks, units), nn.ReLU(), nn.Dropout(dropout))
        sizes = [units] + [hidden] * (layers - 1)
        kind = nn.GRU if cell == "gru" else PeepholeLstm
        self.recurrent = nn.ModuleList(kind(size, hidden, batch_first=True) for size in sizes)
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(hidden, outputs)

    @property
    def state_size(self) -> int:
        """Number of values of a sequence's state: layers × hidden, and twice that for an LSTM (h, then c)."""
        return self.layers * self.hidden * (1 if self.cell == "gru" else 2)

    def forward(
        self, features: Tensor, landmarks: Tensor | None = None, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Predict every step.

        Args:
            features: N×T×features.
            landmarks: N×T×landmarks, if the head was built for them.
            state: N×state_size, carried over from the sequence before; None for zeros.

        Returns:
            N×T×outputs, linear, and the state after the last step, N×state_size.
        """
        x = self.first(_joined(features, landmarks, self.landmarks))
        if state is None:
            state = x.new_zeros(x.shape[0], self.state_size)
        parts = state.split(self.hidden, dim=1)
        each = 1 if self.cell == "gru" else 2
        after: list[Tensor] = []
        for number, layer in enumerate(self.recurrent):
            before = [part.unsqueeze(0).contiguous() for part in parts[number * each : (number + 1) * each]]
            x, kept = layer(x, before[0] if each == 1 else (before[0], before[1]))
            after += [kept.squeeze(0)] if each == 1 else [part.squeeze(0) for part in kept]
            x = self.drop(x)
        return self.last(x), torch.cat(after, dim=1)


class CnnRnnAffect(nn.Module):
    """Table 3 as a whole: a backbone on each frame, then the recurrent head. The CNN is trained, too, or frozen."""

    def __init__(self, backbone: ResNetBackbone | VggBackbone, head: RecurrentHead) -> None:
        super().__init__()
        self.backbone, self.head = backbone, head

    def forward(
        self, images: Tensor, landmarks: Tensor | None = None, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Map N×T×C×H×W (and N×T×landmarks) to N×T×outputs and the state after the last step."""
        features = self.backbone(images.flatten(0, 1)).unflatten(0, images.shape[:2])
        predicted: tuple[Tensor, Tensor] = self.head(features, landmarks, state)
        return predicted


def _joined(features: Tensor, landmarks: Tensor | None, size: int) -> Tensor:
    if size == 0:
        return features
    if landmarks is None or landmarks.shape[-1] != size:
        raise ValueError(f"this network wants {size} landmark values a frame")
    return torch.cat([features, landmarks], dim=-1)
