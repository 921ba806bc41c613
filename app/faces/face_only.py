"""Draws the two reduced viewing conditions: only the tracked face, and everything but the tracked face.

The place of the face comes from `app.domain.face_view.face_view`: a square that follows the track without lag or jumps
and is NaN where the face is lost. A frame in which the face is lost is never shown: it might show what the condition
hides.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.face_outline import outline_distance
from app.domain.face_view import FaceViewGeometry
from app.faces.alignment import resample
from app.faces.mesh_mask import face_share

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]

_SOFT: Final = 0.04
"""Width of the edge's fade as a share of the side. A hard edge would draw the eye."""
_BORDER: Final = 0.06
"""Width of the fade towards another face, as a share of the way to its edge."""
_COVER_X: Final = 0.75
_COVER_Y: Final = 0.72
"""Half axes of the covering ellipse in widths and heights of the face's box; its corners lie within:
(0.5 / 0.75)² + (0.5 / 0.72)² < 1, and so does any box within a circle of its longer side: 2 (0.5 / 0.72)² < 1."""


def draw_face_only(
    rgb: Image,
    square: Floats,
    size: int,
    geometry: FaceViewGeometry | None = None,
    outline: Floats | None = None,
    others: Sequence[Floats] = (),
    mesh: NDArray[np.floating] | None = None,
) -> Image:
    """Draw the face alone on grey.

    Args:
        rgb: H×W×3 uint8, RGB.
        square: [centre x, centre y, side], pixels of the frame; NaN where the face is lost.
        size: Side of the result in pixels.
        geometry: The grey, the shape and the margin.
        outline: float64 6, the face's outline in the frame (`app.domain.face_outline`); everything beyond its margin
            is grey. Without one, and for the shape "oval", an oval that fills the square is shown.
        others: Outlines of other faces in the frame, NaN where one is lost. Whatever is nearer to the middle of one of
            these than to that of the shown face is grey, too.
        mesh: 468×2 or more, the points of the face mesh in pixels of the frame, for the shape "mesh"; where there is
            none, the outline is shown.

    Returns:
        size×size×3 uint8, RGB; plain grey where the face is lost.
    """
    geometry = geometry or FaceViewGeometry()
    grey = geometry.fill
    if not _is_there(square):
        return np.full((size, size, 3), grey, np.uint8)
    x, y, side = (float(value) for value in square)
    zoom = size / side
    # Pixel centres lie at whole numbers, on both sides.
    middle = (size - 1) / 2
    matrix = np.array([[zoom, 0, middle - zoom * x], [0, zoom, middle - zoom * y]])
    picture = resample(rgb, matrix, size, grey)
    if outline is None or geometry.shape == "oval":
        share = _oval((size, size), (middle, middle), (size / 2, size / 2))
    else:
        outlines = [_moved(one, square, zoom, middle) for one in (outline, *others)]
        if geometry.shape == "mesh" and mesh is not None:
            share = face_share(np.asarray(mesh, np.float64)[:, :2] * zoom + matrix[:, 2], size, size)
        else:
            share = _within(size, outlines[0], geometry)
        share = _without_others(share, outlines, geometry)
    return _mixed(np.asarray(picture, np.uint8), share, grey)


def _moved(outline: Floats, square: Floats, zoom: float, middle: float) -> Floats:
    """Return an outline of the frame in pixels of the result."""
    centre = middle + zoom * (outline[:2] - square[:2])
    return np.concatenate([centre, zoom * outline[2:4], outline[4:]])


def _within(size: int, outline: Floats, geometry: FaceViewGeometry) -> NDArray[np.float32]:
    """Return float32 size×size: 1 inside an outline in pixels of the result, fading to 0 over the geometry's margin."""
    margin = max(geometry.outline_margin, 1e-3)
    mine = outline_distance(outline, *_grid(size))
    return np.asarray(np.clip((1 + margin - mine) / margin, 0, 1), np.float32)


def _without_others(
    share: NDArray[np.float32], outlines: Sequence[Floats], geometry: FaceViewGeometry
) -> NDArray[np.float32]:
    """Return the share of the shown face with 0 where other faces are nearer.

    Args:
        share: float32 size×size.
        outlines: In pixels of the result, that of the face shown first; NaN where another is lost.
        geometry: Gives the margin within which another face reaches.
    """
    margin = max(geometry.outline_margin, 1e-3)
    there = [other for other in outlines[1:] if np.isfinite(other).all()]
    if not there:
        return share
    grid = _grid(len(share))
    mine = outline_distance(outlines[0], *grid)
    for other in there:
        theirs = outline_distance(other, *grid)
        # 0 where the other is nearer and reaches to, fading to 1 over a strip at the border between the two.
        free = np.maximum(theirs - mine, theirs - (1 + margin))
        share = np.minimum(share, np.clip(free / _BORDER, 0, 1))
    return np.asarray(share, np.float32)


def _grid(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the columns and rows of a square picture."""
    return np.arange(size, dtype=np.float32)[None, :], np.arange(size, dtype=np.float32)[:, None]


def draw_context_only(
    rgb: Image, square: Floats, geometry: FaceViewGeometry | None = None, box: NDArray[np.float32] | None = None
) -> Image:
    """Draw the whole frame with a grey oval that covers all of the face.

    Args:
        rgb: H×W×3 uint8, RGB.
        square: [centre x, centre y, side] as for `draw_face_only`, on the smoothed path.
        geometry: The grey, and how much larger than the face the square is.
        box: The face's own box in this frame [x, y, w, h], if it was seen. It is covered, too, because the smoothed
            path lags behind a quick movement.

    Returns:
        H×W×3 uint8, RGB, a new array; plain grey where the face is lost.
    """
    geometry = geometry or FaceViewGeometry()
    if not _is_there(square):
        return np.full_like(rgb, geometry.fill)
    x, y, side = (float(value) for value in square)
    face = side / geometry.margin
    ovals = [((x, y), (face * _COVER_Y, face * _COVER_Y))]
    if box is not None:
        left, top, w, h = (float(value) for value in box)
        ovals.append(((left + w / 2, top + h / 2), (w * _COVER_X, h * _COVER_Y)))
    picture = rgb
    for centre, axes in ovals:
        # The fade lies outside the oval, so that nothing under it shows.
        wide = (axes[0] * (1 + 2 * _SOFT), axes[1] * (1 + 2 * _SOFT))
        picture = _mixed(picture, 1 - _oval(rgb.shape[:2], centre, wide), geometry.fill)
    return picture


def _is_there(square: Floats) -> bool:
    return bool(np.isfinite(square).all()) and float(square[2]) >= 1


@lru_cache(maxsize=8)
def _oval(shape: tuple[int, ...], centre: tuple[float, float], axes: tuple[float, float]) -> NDArray[np.float32]:
    """Return float32 H×W: 1 inside an ellipse, fading to 0 over its rim, 0 outside."""
    rows = (np.arange(shape[0], dtype=np.float32) - np.float32(centre[1])) / np.float32(max(axes[1], 1))
    columns = (np.arange(shape[1], dtype=np.float32) - np.float32(centre[0])) / np.float32(max(axes[0], 1))
    distance = np.sqrt(rows[:, None] ** 2 + columns[None, :] ** 2)
    share = np.asarray(np.clip((1 - distance) / (2 * _SOFT), 0, 1), np.float32)
    share.flags.writeable = False  # kept: the face-only oval is the same in every frame
    return share


def _mixed(rgb: Image, share: NDArray[np.float32], grey: int) -> Image:
    """Return the picture where `share` is 1, grey where it is 0."""
    plain = np.full_like(rgb, grey)
    return np.asarray(cv2.blendLinear(np.ascontiguousarray(rgb), plain, share, 1 - share), np.uint8)
