"""The outline of a face: a tilted oval from the five landmarks and the box that every detector here finds.

The proportions are those of adults (Farkas 1994, medians rounded): with the distance from the line of the eyes to the
mouth as 1, the chin lies 1.7 below the eyes, the hairline 1.0 above them, and half the face is 0.95 wide.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOP: Final = 1.0
"""From the line of the eyes to the hairline, in distances from the eyes to the mouth."""
CHIN: Final = 1.7
"""From the line of the eyes to the chin."""
HALF_WIDTH: Final = 0.95
"""Half the width across the cheeks, seen from the front and from the side alike."""
TURN: Final = 0.45
"""How far the middle of a turned face lies behind the line from eyes to mouth, of the nose's way to the other side."""
BOX_HEIGHTS: Final = (2.6, 2.85)
"""Least and greatest height of the box in distances from the eyes to the mouth: a smile draws the mouth up, a wrong
landmark may lie anywhere, and the face is as long as before."""
UPRIGHT: Final = 0.95
"""Cosine of the tilt up to which a face counts as upright."""
LEAST_SHARE: Final = 0.15
"""Eyes and mouth nearer to each other than this share of the box are not landmarks."""
BOX_AXES: Final = (0.5, 0.56)
"""Half axes in widths and heights of the box where there are no landmarks."""


def face_outlines(boxes: NDArray[np.floating], landmarks: NDArray[np.floating]) -> Floats:
    """Find the outline of each face.

    Args:
        boxes: K×4 [x, y, w, h], pixels of the displayed frame.
        landmarks: K×5×2 (x, y): left eye, right eye, nose, left and right mouth corner as the viewer sees them.

    Returns:
        float64 K×6 [centre x, centre y, half width, half height, cos, sin]; cos and sin of the tilt of the oval's
        upright axis from the picture's, clockwise as the viewer sees it.
    """
    box = np.asarray(boxes, np.float64).reshape(-1, 4)
    points = np.asarray(landmarks, np.float64).reshape(-1, 5, 2)
    eyes, mouth, nose = points[:, :2].mean(axis=1), points[:, 3:].mean(axis=1), points[:, 2]
    down = mouth - eyes
    length = np.hypot(down[:, 0], down[:, 1])
    side = box[:, 2:].max(axis=1)
    middle = box[:, :2] + box[:, 2:] / 2
    good = np.isfinite(points).all(axis=(1, 2)) & (length > LEAST_SHARE * side) & (length < side)
    good &= (np.abs(eyes - middle) < side[:, None]).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        axis = down / length[:, None]
    unit = np.clip(length, side / BOX_HEIGHTS[1], side / BOX_HEIGHTS[0])
    across = np.column_stack([axis[:, 1], -axis[:, 0]])  # to the viewer's right where the face is upright
    turned = ((nose - (eyes + mouth) / 2) * across).sum(axis=1)
    centre = eyes + axis * (unit * (CHIN - TOP) / 2)[:, None] - across * (TURN * turned)[:, None]
    half_width = np.minimum(HALF_WIDTH * unit, box[:, 2] / 2)
    # The box of an upright face ends at its cheeks, so that nothing beside it is taken for the face.
    held = np.clip(centre[:, 0], box[:, 0] + half_width, box[:, 0] + box[:, 2] - half_width)
    centre[:, 0] = np.where(axis[:, 1] > UPRIGHT, held, centre[:, 0])
    made = np.column_stack([centre, half_width, (CHIN + TOP) / 2 * unit, axis[:, 1], -axis[:, 0]])
    plain = np.column_stack([middle, box[:, 2:] * BOX_AXES, np.ones(len(box)), np.zeros(len(box))])
    return np.where(good[:, None], made, plain)


def outline_distance(outline: Floats, x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return how far points lie from the middle of an outline, as a share of the way to its edge: below 1 is inside.

    Args:
        outline: float64 6, as `face_outlines` gives it.
        x: Columns; broadcast with `y`.
        y: Rows.

    Returns:
        float32 in the shape of `x` and `y` together.
    """
    cx, cy, half_width, half_height, cos, sin = (float(value) for value in outline)
    dx, dy = np.asarray(x, np.float32) - np.float32(cx), np.asarray(y, np.float32) - np.float32(cy)
    across = (cos * dx + sin * dy) / max(half_width, 1e-6)
    along = (cos * dy - sin * dx) / max(half_height, 1e-6)
    return np.asarray(np.hypot(across, along), np.float32)
