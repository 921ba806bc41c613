"""Functions that draw on pictures of the portrait's size: soft masks of outlines and lines, blurring and mixing."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic.landmarks import ASSETS

Image = NDArray[np.uint8]
Picture = NDArray[np.float32]
"""float32 rows×columns×channels, 0–255."""
Mask = NDArray[np.float32]
"""float32 rows×columns, 0–1."""
PORTRAIT_SIZE: Final = (400, 225)
"""Width and height of the portrait, portrait units."""
_FINE: Final = 8


def stored(name: str) -> Image:
    """Return a picture of the assets, uint8 rows×columns×3 RGB."""
    decoded = cv2.imdecode(np.frombuffer((ASSETS / name).read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise RuntimeError(f"the shipped picture {name} is damaged")
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)


def blurred(picture: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return a picture after a Gaussian blur: float32 of the same shape, with any number of channels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def mixed(a: NDArray[np.float32], b: NDArray[np.float32], mask: Mask) -> Picture:
    """Return `a` where the mask is 0, `b` where it is 1, and a mixture between."""
    return np.asarray(a + (b - a) * mask[..., None], np.float32)


def in_bytes(picture: NDArray[np.float32]) -> Image:
    """Return the picture rounded and clipped to uint8."""
    return np.asarray(np.clip(picture + np.float32(0.5), 0, 255), np.uint8)


def _fine(points: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.round((points + 0.5) * _FINE).astype(np.int32)


def _shrunk(canvas: Image, blur: float) -> Mask:
    small = np.asarray(cv2.resize(canvas, PORTRAIT_SIZE, interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)
    return blurred(small, blur) if blur > 0 else small


def line_mask(paths: Sequence[NDArray[np.float64]], width: float, blur: float = 0.0) -> Mask:
    """Return a mask of polylines whose width is given in portrait units, softened by `blur`."""
    canvas = np.zeros((PORTRAIT_SIZE[1] * _FINE, PORTRAIT_SIZE[0] * _FINE), np.uint8)
    for path in paths:
        cv2.polylines(canvas, [_fine(path)], False, 255, max(1, round(width * _FINE)), cv2.LINE_AA)
    return _shrunk(canvas, blur)


def area_mask(
    outline: NDArray[np.float64], blur: float = 0.0, *, grow: float = 0.0, without: NDArray[np.float64] | None = None
) -> Mask:
    """Return a mask of the inside of an outline, grown by portrait units and without the inside of another outline."""
    canvas = np.zeros((PORTRAIT_SIZE[1] * _FINE, PORTRAIT_SIZE[0] * _FINE), np.uint8)
    cv2.fillPoly(canvas, [_fine(outline)], 255, cv2.LINE_AA)
    if grow > 0:
        cv2.polylines(canvas, [_fine(outline)], True, 255, round(2 * grow * _FINE), cv2.LINE_AA)
    if without is not None:
        cv2.fillPoly(canvas, [_fine(without)], 0, cv2.LINE_AA)
    return _shrunk(canvas, blur)


def resized(picture: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Return a picture of the portrait's size at `scale` pixels per unit with aligned pixel centres, float32."""
    size = (round(PORTRAIT_SIZE[0] * scale), round(PORTRAIT_SIZE[1] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.float32)
