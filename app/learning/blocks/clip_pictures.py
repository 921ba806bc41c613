"""Pictures of short clips as networks read them that learn from scratch: cut, made smaller, and moved in training."""

from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from app.learning.blocks.onnx_graph import Graph, array
from app.learning.blocks.pictures import PictureColumns

COLOURS: Final = (127.5, 32.0)
"""The byte of a colour that becomes 0, and the number of steps that become 1: what moves changes few pixels by more."""
MOTION: Final = (128.0, 8.0)
"""The same for motion, see `app.streams.flow`: most motion in a face takes fewer steps than these."""


class ClipPictures(nn.Module):
    """The streams of pictures of short clips, all cut, made smaller and moved alike.

    In training, the crop of each clip lies a little off the middle, and half of the clips are mirrored; nothing jumps
    within a clip.

    Args:
        streams: The streams of square pictures of one size. Those with two channels are motion across and down.
        crop: Side of the square that is cut out; 0 for all.
        side: Side to which the square is brought; 0 to leave it as it is.
        shift: Largest distance from the middle in training, across and down, in pixels of the stream.
    """

    middle: Tensor
    step: Tensor

    def __init__(self, streams: tuple[PictureColumns, ...], *, crop: int = 0, side: int = 0, shift: int = 0) -> None:
        super().__init__()
        self.streams = streams
        self.sizes = [each.channels for each in streams]
        whole = streams[0].height
        self.crop = crop if 0 < crop < whole else whole
        self.side = side or self.crop
        self.shift = min(shift, (whole - self.crop) // 2)
        levels = [MOTION if size == 2 else COLOURS for size in self.sizes for _ in range(size)]
        for name, values in zip(("middle", "step"), zip(*levels, strict=True), strict=True):
            self.register_buffer(name, torch.tensor(values)[:, None, None], persistent=False)

    def forward(self, clips: Tensor) -> list[Tensor]:
        """Map N×T×D rows, 0–255, to N×T×C×side×side of each stream; see `COLOURS` and `MOTION`."""
        x = torch.cat([each.levels(clips) for each in self.streams], dim=2)
        spare = self.streams[0].height - self.crop
        if spare:
            x = torch.stack([self._cut(clip, spare // 2) for clip in x])
        if self.side != self.crop:
            size = (self.side, self.side)
            small = F.interpolate(x.flatten(0, 1), size=size, mode="bilinear", align_corners=False)
            x = small.reshape(*x.shape[:3], self.side, self.side)
        x = (x - self.middle) / self.step
        if self.training:
            x = torch.stack([self._mirrored(clip) if float(torch.rand(())) < 0.5 else clip for clip in x])
        return list(torch.split(x, self.sizes, dim=2))

    def _cut(self, clip: Tensor, middle: int) -> Tensor:
        top = left = middle
        if self.training and self.shift:
            top, left = (middle + int(torch.randint(-self.shift, self.shift + 1, ())) for _ in range(2))
        return clip[..., top : top + self.crop, left : left + self.crop]

    def _mirrored(self, clip: Tensor) -> Tensor:
        """Return the mirrored clip T×C×H×W; what moved to the right moves to the left."""
        parts = []
        for part, size in zip(torch.split(clip.flip(-1), self.sizes, dim=1), self.sizes, strict=True):
            parts.append(torch.cat([-part[:, :1], part[:, 1:]], dim=1) if size == 2 else part)
        return torch.cat(parts, dim=1)

    def nodes(self, graph: Graph, clips: str) -> list[str]:
        """Add the same to a graph, in evaluation mode: from A×B×D to A×B×C×side×side of each stream."""
        parts = [each.levels_in(graph, clips) for each in self.streams]
        several = len(parts) > 1
        x = graph.one("Concat", *parts, axis=2) if several else parts[0]
        spare = self.streams[0].height - self.crop
        if spare:
            start = spare // 2
            bounds = [graph.constant(np.array([v, v], np.int64)) for v in (start, start + self.crop)]
            x = graph.one("Slice", x, *bounds, graph.constant(np.array([3, 4], np.int64)))
        if self.side != self.crop:
            zoom = np.array([1.0, 1.0, 1.0, *[self.side / self.crop] * 2], np.float32)
            more: dict[str, Any] = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
            x = graph.one("Resize", x, "", graph.constant(zoom), **more)
        for kind, value in (("Sub", self.middle), ("Div", self.step)):
            x = graph.one(kind, x, graph.constant(array(value)))
        if not several:
            return [x]
        sizes = graph.constant(np.array(self.sizes, np.int64))
        return graph.add("Split", x, sizes, outputs=len(parts), axis=2)


def around(clip: Tensor) -> Tensor:
    """Return clips N×T×C×H×W less the mean of each pixel over its clip: what moves, rather than who it is."""
    return clip - clip.mean(dim=1, keepdim=True)


def around_in(graph: Graph, clip: str) -> str:
    """Add the nodes of `around`."""
    mean = graph.one("ReduceMean", clip, graph.constant(np.array([1], np.int64)), keepdims=1)
    return graph.one("Sub", clip, mean)
