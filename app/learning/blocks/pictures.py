"""Streams of pixels as pictures inside a network: their columns, their size and scale, and the same as ONNX nodes."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from app.domain.item_data import ItemData
from app.errors import UserError
from app.learning.blocks.onnx_graph import Graph, columns

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
class PictureColumns:
    """A stream of pictures within a row.

    Attributes:
        name: Name of the stream.
        start: Its first column.
        height: Height of the pictures in pixels.
        width: Their width.
        channels: Number of values of a pixel.
    """

    name: str
    start: int
    height: int
    width: int
    channels: int

    @property
    def stop(self) -> int:
        """The column behind its last one."""
        return self.start + self.height * self.width * self.channels

    def of(self, rows: Tensor) -> Tensor:
        """Return the pictures …×C×H×W, −1 to 1, of rows …×D with values from 0 to 255."""
        return self.levels(rows) / 127.5 - 1.0

    def levels(self, rows: Tensor) -> Tensor:
        """Return the pictures …×C×H×W of rows …×D, with the values of the rows."""
        shape = (*rows.shape[:-1], self.height, self.width, self.channels)
        return rows[..., self.start : self.stop].reshape(shape).movedim(-1, -3)

    def of_in(self, graph: Graph, rows: str) -> str:
        """Do as `of` in a graph, from A×B×D to A×B×C×H×W."""
        part = graph.one("Div", self.levels_in(graph, rows), graph.constant(np.float32(127.5)))
        return graph.one("Sub", part, graph.constant(np.float32(1.0)))

    def levels_in(self, graph: Graph, rows: str) -> str:
        """Do as `levels` in a graph, from A×B×D to A×B×C×H×W."""
        shape = graph.constant(np.array([0, 0, self.height, self.width, self.channels], np.int64))
        mine = graph.one("Reshape", columns(graph, rows, (self.start, self.stop)), shape)
        return graph.one("Transpose", mine, perm=[0, 1, 4, 2, 3])


def pictures_of(data: ItemData) -> tuple[PictureColumns, ...]:
    """Return the streams that are pictures, in order.

    Raises:
        UserError: There is none.
    """
    found, start = [], 0
    for stream in data.manifest.get("streams", ()):
        shape = stream.get("geometry", {}).get("shape")
        if shape is not None and len(shape) == 3:
            found.append(PictureColumns(str(stream["name"]), start, *(int(size) for size in shape)))
        start += int(stream["features"])
    if not found:
        raise UserError(
            "This recipe learns from pixels, and none of the streams has any.",
            "Choose a stream of pixels, such as face_pixels:48.",
            "Name a stream of pixels, such as --streams face_pixels:48.",
        )
    return tuple(found)


def colour_pictures(data: ItemData) -> PictureColumns:
    """Return the first stream of colour pictures.

    Raises:
        UserError: There is none.
    """
    found = next((each for each in pictures_of(data) if each.channels == 3), None)
    if found is None:
        raise UserError(
            "This recipe learns from colour pictures, and none of the streams has any.",
            "Choose a stream such as face_pixels:48.",
            "Name a stream such as --streams face_pixels:48.",
        )
    return found


class Pictures(nn.Module):
    """Turns rows of pixels into pictures of the size and the scale that a network expects.

    In training, the crop lies anywhere, half of the pictures are mirrored, and all are turned a little; the pictures of
    one call to `moved` are moved alike, so that nothing jumps within an item.

    Args:
        stream: The stream of square colour pictures.
        height: Height of the pictures.
        width: Width of the pictures.
        crop: Side of the square that is cut out of the stream's pictures before they are resized; 0 for all.
        scale: See `SCALES`.
        turn: Largest angle by which pictures are turned in training, in degrees.
    """

    mean: Tensor
    spread: Tensor

    def __init__(
        self,
        stream: PictureColumns,
        height: int,
        width: int,
        *,
        crop: int = 0,
        scale: Scale = "levels",
        turn: float = 0.0,
    ) -> None:
        super().__init__()
        self.stream, self.height, self.width, self.turn = stream, height, width, turn
        self.crop = crop if 0 < crop < stream.height else stream.height
        mean, spread = SCALES[scale]
        self.register_buffer("mean", torch.tensor(mean), persistent=False)
        self.register_buffer("spread", torch.tensor(spread), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map M×D rows, 0–255, to M×3×height×width; every row is moved by itself in training."""
        return torch.cat([self.moved(row[None]) for row in x]) if self.training else self.moved(x)

    def moved(self, x: Tensor) -> Tensor:
        """Do as `forward`, with one crop, one mirror and one turn for all rows."""
        side, crop = self.stream.height, self.crop
        image = x[:, self.stream.start : self.stream.stop].reshape(-1, side, side, 3).permute(0, 3, 1, 2)
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
        side, crop = self.stream.height, self.crop
        x = columns(graph, x, (self.stream.start, self.stream.stop), axis=-1)
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


def _turned(image: Tensor, degrees: float) -> Tensor:
    angle = np.deg2rad(degrees)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    matrix = image.new_tensor([[cos, -sin, 0.0], [sin, cos, 0.0]]).expand(len(image), 2, 3)
    grid = F.affine_grid(matrix, list(image.shape), align_corners=False)
    return F.grid_sample(image, grid, padding_mode="border", align_corners=False)
