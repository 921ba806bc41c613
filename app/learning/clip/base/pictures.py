"""The streams of an item that are pictures: their columns in a row, and the pictures as networks read them."""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from app.domain.item_data import ItemData
from app.errors import UserError
from app.learning.blocks.onnx_graph import Graph
from app.learning.clip.base.graph_rows import columns


@dataclass(frozen=True)
class PictureColumns:
    """A stream of pictures within a row.

    Attributes:
        name: Name of the stream.
        start: Its first column.
        height: Height of the picture in pixels.
        width: Its width.
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
        shape = (*rows.shape[:-1], self.height, self.width, self.channels)
        return rows[..., self.start : self.stop].reshape(shape).movedim(-1, -3) / 127.5 - 1.0

    def of_in(self, graph: Graph, rows: str) -> str:
        """Do as `of` in a graph, from A×B×D to A×B×C×H×W."""
        shape = graph.constant(np.array([0, 0, self.height, self.width, self.channels], np.int64))
        mine = graph.one("Reshape", columns(graph, rows, (self.start, self.stop)), shape)
        mine = graph.one("Transpose", mine, perm=[0, 1, 4, 2, 3])
        part = graph.one("Div", mine, graph.constant(np.float32(127.5)))
        return graph.one("Sub", part, graph.constant(np.float32(1.0)))


def pictures_of(data: ItemData) -> tuple[PictureColumns, ...]:
    """Return the streams that are pictures, in order.

    Raises:
        UserError: There is none.
    """
    found, start = [], 0
    for stream in data.manifest.get("streams", ()):
        shape = stream.get("geometry", {}).get("shape")
        if shape is not None:
            found.append(PictureColumns(str(stream["name"]), start, *(int(size) for size in shape)))
        start += int(stream["features"])
    if not found:
        raise UserError(
            "No stream of pixels is read, which this recipe needs.", "Choose a stream such as face_pixels:32."
        )
    return tuple(found)
