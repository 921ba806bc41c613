"""Arithmetic on boxes. Corner boxes are rows [x1, y1, x2, y2]; the rest of the program uses [x, y, w, h]."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def corners(boxes: Floats) -> Floats:
    """Convert boxes from N×4 [x, y, w, h] to N×4 [x1, y1, x2, y2]."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)


def overlap(a: Floats, b: Floats, over: Literal["union", "min"] = "union") -> Floats:
    """Return the overlap of every box of `a` with every box of `b`.

    Args:
        a: N×4 corner boxes.
        b: M×4 corner boxes.
        over: What the shared area is divided by: the area of the union (IoU), or the smaller of the two areas.

    Returns:
        float32 N×M in 0…1.
    """
    return _shared(a[:, None], b[None, :], over)


def overlap_in_pairs(a: Floats, b: Floats, over: Literal["union", "min"] = "union") -> Floats:
    """Return the overlap of each box of `a` with the box of `b` in the same row.

    Args:
        a: N×4 corner boxes.
        b: N×4 corner boxes.
        over: See `overlap`.

    Returns:
        float32 N in 0…1.
    """
    return _shared(a, b, over)


def _shared(a: Floats, b: Floats, over: Literal["union", "min"]) -> Floats:
    shared = np.prod(np.maximum(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0), axis=-1)
    area_a = np.prod(np.maximum(a[..., 2:] - a[..., :2], 0), axis=-1)
    area_b = np.prod(np.maximum(b[..., 2:] - b[..., :2], 0), axis=-1)
    whole = area_a + area_b - shared if over == "union" else np.minimum(area_a, area_b)
    return np.asarray(shared / np.maximum(whole, 1e-9), np.float32)


def suppress(
    boxes: Floats, scores: Floats, threshold: float, over: Literal["union", "min"] = "union"
) -> NDArray[np.intp]:
    """Drop each box that a better one overlaps too much: non-maximum suppression as in the `mtcnn` package.

    Args:
        boxes: N×4 corner boxes.
        scores: N, higher is better.
        threshold: Largest overlap at which both boxes are kept.
        over: See `overlap`.

    Returns:
        Row numbers of the boxes that are kept, best first.
    """
    order = np.argsort(-scores, kind="stable")
    shared = overlap(boxes[order], boxes[order], over)
    beaten = np.triu(shared > threshold, k=1).any(axis=0)
    return order[~beaten]


def squares(boxes: Floats) -> Floats:
    """Widen corner boxes to squares of the longer side around the same centres."""
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.concatenate([middle - half, middle + half], axis=1)
