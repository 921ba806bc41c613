"""Rows of pixels as pictures inside a network: cut to size, brought to a scale, and as the same ONNX nodes."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from app.domain.item_data import ItemData
from app.errors import UserError
from app.learning.blocks.onnx_graph import Graph

Scale = Literal["levels", "caffe", "vgg_face", "torchvision"]
SCALES: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {
    "levels": ((128.0, 128.0, 128.0), (64.0, 64.0, 64.0)),
    "caffe": ((123.68, 116.779, 103.939), (1.0, 1.0, 1.0)),
    "vgg_face": ((129.1863, 104.7624, 93.5940), (1.0, 1.0, 1.0)),
    "torchvision": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
}
"""What is subtracted from red, green and blue, and then divided by: "levels" for training from scratch, the others as
the weights of their authors expect it (Simonyan and Zisserman 2015; Parkhi et al. 2015; torchvision)."""


@dataclass(frozen=True)
class PixelRows:
    """Where a stream of pixels lies among the columns of the data, and the side of its pictures.

    Attributes:
        start: Its first column.
        side: Side of its pictures.
        columns: Number of columns of all streams.
    """

    start: int
    side: int
    columns: int

    @property
    def stop(self) -> int:
        """The first column after it."""
        return self.start + 3 * self.side**2


def pixel_rows(data: ItemData) -> PixelRows:
    """Return where the first stream of pixels lies.

    Raises:
        UserError: The data have no stream of pixels.
    """
    streams = data.manifest.get("streams", ())
    for stream, block in zip(streams, data.blocks, strict=False):
        shape = stream.get("geometry", {}).get("shape")
        if shape and len(shape) == 3 and int(np.prod(shape)) == block.stop - block.start:
            return PixelRows(block.start, int(shape[0]), data.features.shape[1])
    raise UserError(
        "This recipe learns from pixels, and none of the streams has any.",
        "Name a stream of pixels, such as --streams face_pixels:48.",
    )


class Pictures(nn.Module):
    """Turns rows of pixels into pictures of the size and the scale that a network expects.

    In training, the crop lies anywhere, half of the pictures are mirrored, and all are turned a little; the pictures of
    one call to `moved` are moved alike, so that nothing jumps within an item.

    Args:
        rows: Where the pixels lie.
        height: Height of the pictures.
        width: Width of the pictures.
        crop: Side of the square that is cut out of the stream's pictures before they are resized; 0 for all.
        scale: See `SCALES`.
        turn: Largest angle by which pictures are turned in training, in degrees.
    """

    mean: Tensor
    spread: Tensor

    def __init__(
        self, rows: PixelRows, height: int, width: int, *, crop: int = 0, scale: Scale = "levels", turn: float = 0.0
    ) -> None:
        super().__init__()
        self.rows, self.height, self.width, self.turn = rows, height, width, turn
        self.crop = crop if 0 < crop < rows.side else rows.side
        mean, spread = SCALES[scale]
        self.register_buffer("mean", torch.tensor(mean), persistent=False)
        self.register_buffer("spread", torch.tensor(spread), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map M×D rows, 0–255, to M×3×height×width; every row is moved by itself in training."""
        return torch.cat([self.moved(row[None]) for row in x]) if self.training else self.moved(x)

    def moved(self, x: Tensor) -> Tensor:
        """Do as `forward`, with one crop, one mirror and one turn for all rows."""
        side, crop = self.rows.side, self.crop
        image = x[:, self.rows.start : self.rows.stop].reshape(-1, side, side, 3).permute(0, 3, 1, 2)
        spare = side - crop
        top = left = spare // 2
        if self.training:
            top, left = (int(torch.randint(spare + 1, ())) for _ in range(2))
        image = image[..., top : top + crop, left : left + crop]
        image = (image - self.mean[:, None, None]) / self.spread[:, None, None]
        if (crop, crop) != (self.height, self.width):
            size = (self.height, self.width)
            image = F.interpolate(image, size=size, mode="bilinear", align_corners=False)
        if self.training and float(torch.rand(())) < 0.5:
            image = image.flip(3)
        if self.training and self.turn:
            image = _turned(image, float(torch.rand(()) * 2 - 1) * self.turn)
        return image

    def nodes(self, graph: Graph, x: str) -> str:
        """Add the same to a graph for …×D rows, in evaluation mode: M×3×height×width."""
        side, crop = self.rows.side, self.crop
        axis = graph.constant(np.array([1], np.int64))
        x = graph.one("Reshape", x, graph.constant(np.array([-1, self.rows.columns], np.int64)))
        x = graph.one("Slice", x, *(_one(graph, v) for v in (self.rows.start, self.rows.stop)), axis)
        x = graph.one("Reshape", x, graph.constant(np.array([-1, side, side, 3], np.int64)))
        x = graph.one("Transpose", x, perm=[0, 3, 1, 2])
        if crop != side:
            start = (side - crop) // 2
            bounds = [graph.constant(np.array([v, v], np.int64)) for v in (start, start + crop)]
            x = graph.one("Slice", x, *bounds, graph.constant(np.array([2, 3], np.int64)))
        for kind, value in (("Sub", self.mean), ("Div", self.spread)):
            x = graph.one(kind, x, graph.constant(np.asarray(value.cpu().numpy(), np.float32)[:, None, None]))
        if (crop, crop) != (self.height, self.width):
            sizes = np.array([1.0, 1.0, self.height / crop, self.width / crop], np.float32)
            more: dict[str, Any] = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
            x = graph.one("Resize", x, "", graph.constant(sizes), **more)
        return x


def _one(graph: Graph, value: int) -> str:
    return graph.constant(np.array([value], np.int64))


def _turned(image: Tensor, degrees: float) -> Tensor:
    angle = np.deg2rad(degrees)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    matrix = image.new_tensor([[cos, -sin, 0.0], [sin, cos, 0.0]]).expand(len(image), 2, 3)
    grid = F.affine_grid(matrix, list(image.shape), align_corners=False)
    return F.grid_sample(image, grid, padding_mode="border", align_corners=False)
