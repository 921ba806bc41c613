"""Which columns of a frame's row a network reads: those of the face, of its surroundings, or of pictures."""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from app.domain.item_data import ItemData
from app.errors import UserError
from app.learning.blocks.onnx_graph import Graph, columns

Part = Literal["face", "context"]
Blocks = tuple[tuple[int, int], ...]
"""First and last column of each block; the last one is not part of it."""
WORDS = {"face": "the face", "context": "the surroundings"}


def blocks_of(data: ItemData, part: Part) -> Blocks:
    """Return the columns of the streams of a part: streams whose name begins with "context", or all others.

    Raises:
        UserError: There is no such stream.
    """
    names = [str(stream["name"]) for stream in data.manifest.get("streams", ()) if int(stream["features"])]
    pairs = zip(names or [""], data.blocks, strict=True)
    found = tuple((b.start, b.stop) for name, b in pairs if name.startswith("context") == (part == "context"))
    if not found:
        raise UserError(
            f"No stream of {WORDS[part]} is read, which this recipe needs.",
            "Choose one stream of the face and one of the surroundings, such as face_oval and context_masked.",
        )
    return found


def width(blocks: Blocks) -> int:
    """Return the number of columns."""
    return sum(stop - start for start, stop in blocks)


def taken(frames: Tensor, blocks: Blocks) -> Tensor:
    """Return the columns of N×T×D frames side by side."""
    parts = [frames[..., start:stop] for start, stop in blocks]
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim=-1)


def taken_in(graph: Graph, x: str, blocks: Sequence[tuple[int, int]]) -> str:
    """Do as `taken` in a graph."""
    parts = [columns(graph, x, block) for block in blocks]
    return parts[0] if len(parts) == 1 else graph.one("Concat", *parts, axis=2)
