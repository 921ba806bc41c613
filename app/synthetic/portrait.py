"""The renderer of the moved portrait: it turns one row of parameters and a view into one picture.

For each pixel of the output it computes backwards where the pixel comes from: through the head's pose, the skin's
smooth field, and the openings of mouth and lids. The first two are smooth and are computed on a coarse grid; the
openings are computed for every pixel of small boxes.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic.canvas import Image
from app.synthetic.geometry import inverse
from app.synthetic.identity import Identity, layers_of
from app.synthetic.parameters import INDEX, Parameters
from app.synthetic.pose import Pose
from app.synthetic.slits import Opening, eye_openings, mouth_opening, unparted
from app.synthetic.view import FacePlace, FaceTruth, View

HEAD: Final = (78.0, -4.0, 326.0, 224.0)
"""x0, y0, x1, y1 beyond which nothing moves, portrait units."""
_EASE: Final = 0.9
"""How much lower the lower lids hang than in the smiling photograph, portrait units."""


class FaceRenderer:
    """A renderer of one subject.

    Its creation takes tens of milliseconds; each frame is then fast. Several threads must not share one.

    Args:
        who: The subject.
        view: The part of the portrait that the pictures show.
        background: uint8 H×W×3 RGB of the view's size, or None for the photograph's own background.

    Raises:
        ValueError: If the background does not have the view's size.
    """

    def __init__(self, who: Identity | None = None, view: View | None = None, background: Image | None = None) -> None:
        self.who = who or Identity()
        self.view = view or View()
        self._layers = layers_of(self.who, round(float(np.clip(self.view.scale, 0.35, 1.6)), 3))
        self._skin = self._layers.smooth.copy()
        self.place = FacePlace(self.who, self.view)
        if background is not None and background.shape != (self.view.height, self.view.width, 3):
            raise ValueError(f"background {background.shape} does not fit the view")
        self._back = background if background is not None else self._own_background()
        self._step = 4 if self.view.scale > 1 else 2
        self._region = self._head_region()
        self._still = self._shoulders()

    def _texture(self, image: Image, units: NDArray[np.float32]) -> Image:
        scale = np.float32(self._layers.scale)
        at = units * scale + np.float32(0.5) * (scale - 1)
        # OpenCV takes both coordinates in one array and no second map; its type stubs do not know that.
        mapped = cv2.remap(image, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
        return np.asarray(mapped, np.uint8)

    def _pixels(self, x0: int, y0: int, x1: int, y1: int) -> NDArray[np.float32]:
        """Return the places of a box's pixels in portrait units, as if the view were not mirrored: float32 H×W×2."""
        x = np.arange(x0, x1, dtype=np.float32)
        if self.who.flipped:
            x = np.float32(self.view.width - 1) - x
        grid = np.stack(np.meshgrid(x, np.arange(y0, y1, dtype=np.float32)), axis=-1)
        return self.view.to_portrait(grid)

    def _own_background(self) -> Image:
        whole = self._pixels(0, 0, self.view.width, self.view.height)
        return self._texture(self._layers.backdrop, whole)

    def _head_region(self) -> tuple[int, int, int, int]:
        """Return the box of the output in which something moves; its sides are multiples of the coarse step."""
        x0, y0, x1, y1 = HEAD
        corners = self.view.to_pixels(np.array([(x0, y0), (x1, y0), (x0, y1), (x1, y1)], np.float32))
        if self.who.flipped:
            corners[:, 0] = self.view.width - 1 - corners[:, 0]
        low = np.clip(np.floor(corners.min(0)), 0, None)
        high = np.minimum(np.ceil(corners.max(0)), (self.view.width, self.view.height))
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

    def _shoulders(self) -> Image:
        """Return the whole output with the person at rest, which holds for all frames outside the moving box."""
        whole = self._pixels(0, 0, self.view.width, self.view.height)
        return _over(self._texture(self._layers.smooth, whole), self._back)

    def _nodes(self, row: Parameters) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return where a coarse grid over the moving box comes from: before the pose, and before the skin's field too.

        Node (r, c) is the centre of the block of step×step pixels that begins (r − 1, c − 1) blocks into the box.
        """
        x0, y0, x1, y1 = self._region
        step = self._step
        columns, rows = -(-(x1 - x0) // step) + 2, -(-(y1 - y0) // step) + 2
        x = x0 + (np.arange(columns, dtype=np.float32) - 0.5) * step - 0.5
        y = y0 + (np.arange(rows, dtype=np.float32) - 0.5) * step - 0.5
        if self.who.flipped:
            x = np.float32(self.view.width - 1) - x
        nodes = self.view.to_portrait(np.stack(np.meshgrid(x, y), axis=-1))
        unposed = Pose.of(row).unmoved(nodes)
        return unposed, inverse(self.place.displacement(row), unposed)

    def _dense(self, nodes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the values of coarse nodes at all pixels of the moving box, float32 H×W×2."""
        x0, y0, x1, y1 = self._region
        step = self._step
        size = (nodes.shape[1] * step, nodes.shape[0] * step)
        whole = cv2.resize(nodes, size, interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(whole[step : step + y1 - y0, step : step + x1 - x0], np.float32)

    def frame(self, row: Parameters) -> Image:
        """Return the picture of one row of parameters.

        Args:
            row: float32 (P,), the values of `parameters.PARAMETERS`.

        Returns:
            uint8 height×width×3 RGB.
        """
        x0, y0, x1, y1 = self._region
        unposed_nodes, source_nodes = self._nodes(row)
        source = self._dense(source_nodes)
        smile, lip, *furrowed = (
            float(row[INDEX[name]]) for name in ("smile", "upper_lip", "brow_lower", "nose_wrinkle", "frown")
        )
        brow, nose, corner = furrowed
        self._layers.paint(self._skin, min(1.0, max(smile, 0.7 * lip, 0.5 * nose)), (brow, nose, corner))
        mouth, (left, right) = mouth_opening(row), eye_openings(row, _EASE)
        pixel = 1 / self.view.scale
        behind = []
        for opening in (left, right, mouth):
            box = self._box_of(opening, source_nodes)
            if box is None:
                continue
            y, cover, depth = unparted(opening, source[box][..., 0], source[box][..., 1], pixel)
            if opening is mouth:
                lower = self.who.mouth_height + 0.3 * self.who.nose_length
                image, units = self._layers.mouth, self._dense(unposed_nodes)[box] - np.array([0, lower], np.float32)
            else:
                gaze = np.array([2.6 * row[INDEX["gaze_x"]], 1.8 * row[INDEX["gaze_y"]]], np.float32)
                image, units = self._layers.eyes, source[box] - gaze
            behind.append((box, self._texture(image, units), cover, depth, 0.3 if opening is mouth else 0.5))
            # Only now: the boxes do not overlap, and what lies behind must not bend with the skin.
            source[box][..., 1] = y
        person = self._texture(self._skin, source)
        for box, layer, cover, depth, shade in behind:
            # The shadow that lid and lip throw on what lies behind them.
            shaded = layer * (1 - shade * np.exp(-np.maximum(depth, 0) / np.float32(1.3)))[..., None]
            rgb = person[box][..., :3]
            rgb[:] = (rgb + (shaded - rgb) * cover[..., None]).astype(np.uint8)
        out = self._still.copy()
        out[y0:y1, x0:x1] = _over(person, np.ascontiguousarray(self._back[y0:y1, x0:x1]))
        return out

    def _box_of(self, opening: Opening, nodes: NDArray[np.float32]) -> tuple[slice, slice] | None:
        """Return the part of the moving box that an opening changes, or None if it lies outside the view."""
        slit, step = opening.slit, self._step
        y0 = float(slit.upper.min() + min(opening.upper.min(), 0) - slit.reach_up)
        y1 = float(slit.lower.max() + max(opening.lower.max(), 0) + slit.reach_down)
        x, y = nodes[..., 0], nodes[..., 1]
        pad = 1.5 * step / self.view.scale
        hit = (x >= slit.x0 - pad) & (x <= slit.x0 + len(slit.upper) - 1 + pad) & (y >= y0 - pad) & (y <= y1 + pad)
        rows, columns = np.flatnonzero(hit.any(1)), np.flatnonzero(hit.any(0))
        if rows.size == 0 or columns.size == 0:
            return None
        top, bottom = max(0, int(rows[0]) - 1) * step, int(rows[-1]) * step
        first, last = max(0, int(columns[0]) - 1) * step, int(columns[-1]) * step
        return slice(top, bottom), slice(first, last)

    def truth(self, row: Parameters) -> FaceTruth:
        """Return where the face is in `frame(row)`."""
        return self.place.truth(row)


def _over(rgba: Image, back: Image) -> Image:
    """Blend RGBA over RGB by its alpha and return uint8 H×W×3; only the few pixels of the outline need mixing."""
    alpha = rgba[..., 3]
    front = cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB)
    out = np.asarray(cv2.copyTo(front, np.where(alpha > 250, alpha, 0).astype(np.uint8), back.copy()), np.uint8)
    rows, columns = np.nonzero((alpha > 4) & (alpha <= 250))
    part = alpha[rows, columns, None].astype(np.float32) / np.float32(255)
    behind = back[rows, columns]
    out[rows, columns] = behind + (rgba[rows, columns, :3].astype(np.float32) - behind) * part
    return out
