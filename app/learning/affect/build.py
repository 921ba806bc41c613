"""Builds a network from a recipe's values, and names the columns of the snapshot that it reads."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from app.domain.recipe import Recipe, Value
from app.domain.snapshot import Snapshot
from app.domain.traces import COLUMNS
from app.errors import UserError
from app.learning.affect.networks import Cell, CnnRnnAffect, FrameHead, RecurrentHead, ResNetAffect, VggAffect
from app.learning.blocks.backbones import VGG_WIDTHS, ResNetBackbone, VggBackbone

"""The columns of the target that a network predicts."""


class AffectNetwork(nn.Module):
    """The common interface of all networks of system E, which read sequences and give one prediction for each frame.

    Args:
        body: A `RecurrentHead`, `FrameHead`, `CnnRnnAffect`, `ResNetAffect` or `VggAffect`.
        landmarks: Whether the network reads landmarks.
    """

    def __init__(self, body: nn.Module, *, landmarks: bool) -> None:
        super().__init__()
        self.body, self.landmarks = body, landmarks

    def forward(self, x: Tensor, landmarks: Tensor) -> Tensor:
        """Map N×T×features or N×T×C×H×W, and N×T×P to N×T×outputs."""
        return self.advance(x, landmarks, None)[0]

    def advance(self, x: Tensor, landmarks: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Predict the next piece of sequences.

        Args:
            x: As for `forward`.
            landmarks: As for `forward`.
            state: The state after the piece before; None for the first piece.

        Returns:
            N×T×outputs, and the state after this piece, which is None for networks without time.
        """
        points = landmarks if self.landmarks else None
        if isinstance(self.body, RecurrentHead | CnnRnnAffect):
            predicted: tuple[Tensor, Tensor] = self.body(x, points, state)
            return predicted
        flat = None if points is None else points.flatten(0, 1)
        frames: Tensor = self.body(x.flatten(0, 1), flat)
        return frames.reshape(x.shape[0], x.shape[1], -1), None


def build_network(recipe: Recipe, values: Mapping[str, Value], snapshot: Snapshot) -> AffectNetwork:
    """Return the untrained network of a recipe for the snapshot's sizes.

    Raises:
        UserError: The snapshot lacks what the recipe reads, or the weights file does not fit.
        ValueError: The recipe's network is none that predicts valence and arousal.
    """
    outputs = len(COLUMNS[str(values["dimension"])])
    points = snapshot.landmarks.shape[1] if values["landmarks"] else 0
    dropout = float(values["dropout"])
    if recipe.network in ("head", "frame_head"):
        if not snapshot.features.shape[1]:
            raise UserError("The training data hold no features.", "Make the snapshot again for this recipe.")
        size = snapshot.features.shape[1]
        if recipe.network == "frame_head":
            units = (int(values["units"]), int(values["second"]))
            body: nn.Module = FrameHead(size, landmarks=points, units=units, outputs=outputs, dropout=dropout)
        else:
            body = _head(values, size, points, outputs, dropout)
        return AffectNetwork(body, landmarks=bool(points))
    if snapshot.images is None:
        raise UserError("The training data hold no images.", "Make the snapshot again for this recipe.")
    channels = 3 if snapshot.images.ndim == 4 else 1
    backbone = _backbone(values, side=snapshot.images.shape[1], channels=channels)
    if recipe.network == "cnn_rnn":
        body = CnnRnnAffect(backbone, _head(values, backbone.size, points, outputs, dropout))
    elif recipe.network == "cnn":
        body = _cnn(backbone, float(values["scale"]), points, outputs, dropout)
    else:
        raise ValueError(f"there is no network of frames called {recipe.network}")
    if values["weights"]:
        load_backbone(backbone, str(values["weights"]))
    if values["freeze"]:
        backbone.requires_grad_(requires_grad=False)
    return AffectNetwork(body, landmarks=bool(points))


def load_backbone(backbone: nn.Module, path: str) -> None:
    """Load a backbone's weights from a `torch.save`d state dict; nothing but tensors is unpickled.

    Raises:
        UserError: The file cannot be read or does not fit.
    """
    try:
        backbone.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"The weights in {path} cannot be used ({reason}).", "Give a file made for this scale."
        ) from error


def _head(values: Mapping[str, Any], features: int, points: int, outputs: int, dropout: float) -> RecurrentHead:
    cell: Cell = values["cell"]
    return RecurrentHead(
        features,
        landmarks=points,
        units=int(values["units"]),
        hidden=int(values["hidden"]),
        layers=int(values["layers"]),
        cell=cell,
        outputs=outputs,
        dropout=dropout,
    )


def _scaled(size: int, scale: float) -> int:
    return max(1, round(size * scale))


def _backbone(values: Mapping[str, Any], side: int, channels: int) -> ResNetBackbone | VggBackbone:
    scale = float(values["scale"])
    if values["backbone"] == "resnet":
        return ResNetBackbone(width=_scaled(64, scale), channels=channels)
    # Pool as often as the crop allows: five times for the paper's 96 pixels and more, four times for 48.
    groups = 5 if side % 32 == 0 else 4
    blocks, widths = (2, 2, 3, 3, 3)[:groups], VGG_WIDTHS[:groups]
    return VggBackbone(blocks, tuple(_scaled(width, scale) for width in widths), channels=channels, side=side)


def _cnn(
    backbone: ResNetBackbone | VggBackbone, scale: float, points: int, outputs: int, dropout: float
) -> ResNetAffect | VggAffect:
    if isinstance(backbone, ResNetBackbone):
        units = (_scaled(1500, scale), _scaled(256, scale))
        return ResNetAffect(backbone, landmarks=points, units=units, outputs=outputs, dropout=dropout)
    three = (_scaled(4096, scale), _scaled(4096, scale), _scaled(2622, scale))
    return VggAffect(backbone, landmarks=points, units=three, outputs=outputs, dropout=dropout)
