"""The portrait's layers at one size: skin with and without smile folds, furrows, eyeballs, teeth and background."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic.canvas import Image, Mask, Picture, area_mask, blurred, in_bytes, line_mask, mixed, stored
from app.synthetic.landmarks import landmarks
from app.synthetic.pose import masks

FACE_BOX: Final = (150, 74, 252, 184)
"""x0, y0, x1, y1 of the part in which skin layers differ, portrait units."""
_MIDDLE_X: Final = 199.6
_DEPTH: Final = np.array([0.6, 0.5, 0.5], np.float32)
"""Share of light that furrows of lowered brows, wrinkled nose and frowning mouth take at most."""


@cache
def photograph() -> Picture:
    """Return the stored portrait with its very light brows drawn a little darker, so that small sizes show them."""
    marks = landmarks()
    rgb = stored("portrait.png").astype(np.float32)
    brows = np.clip(line_mask([marks["brow_r"], marks["brow_l"]], 2.7, 0.8), 0, 1)
    return mixed(rgb, rgb * np.array([0.44, 0.38, 0.34], np.float32), brows)


@cache
def smiling_skin() -> Picture:
    """Return the photograph with lips in place of the teeth, so that closed lips show no white."""
    marks = landmarks()
    outline = np.vstack([marks["mouth_upper_inner"], marks["mouth_lower_inner"][::-1]])
    between = area_mask(outline, grow=0.6)
    filled = cv2.inpaint(
        in_bytes(photograph()), np.where(between > 0.02, 255, 0).astype(np.uint8), 4, cv2.INPAINT_TELEA
    )
    lip = blurred(np.asarray(filled, np.float32), 1.0)
    return mixed(photograph(), lip * np.array([0.66, 0.52, 0.5], np.float32), between)


def _lips_mask() -> Mask:
    """Return a mask of the lips with a soft rim, which the smoothing of the cheeks must leave unchanged."""
    marks = landmarks()
    outline = np.vstack([marks["mouth_upper_outer"], marks["mouth_lower_outer"][::-1]])
    return np.clip(area_mask(outline, 1.5, grow=2.0), 0, 1)


@cache
def smooth_skin() -> Picture:
    """Return the skin without the cheek folds and mouth-corner creases of the smile, for all other expressions."""
    marks = landmarks()
    rgb = smiling_skin()
    folds = [marks["fold_r"], marks["fold_l"]]
    folds += [np.vstack([fold[-2:], fold[-1:] + np.array([0.0, 4.5])]) for fold in folds[:2]]
    folds.append(np.array([marks["mouth_upper_outer"][-1] + (1.5, -1.2), (224.5, 137.2)]))
    folds.append(np.array([marks["mouth_upper_outer"][0] + (-1.5, -0.9), (175.0, 136.4)]))
    hole = np.where(line_mask(folds, 4.4, 0.3) > 0.3, 255, 0).astype(np.uint8)
    filled = np.asarray(cv2.inpaint(in_bytes(rgb), hole, 6, cv2.INPAINT_TELEA), np.float32)
    near = np.clip(line_mask(folds, 5.0, 1.6) * np.float32(1.2), 0, 1)
    out = mixed(rgb, 0.3 * filled + 0.7 * blurred(filled, 3.0), near)
    # Shading of the raised cheeks on both sides of the folds is evened out too, more softly.
    below = [np.array([(227.0, 142.0), (224.5, 153.0)]), np.array([(173.0, 141.0), (175.5, 152.0)])]
    around = np.clip(line_mask([*folds[:2], *below], 12.0, 3.5), 0, 1) * np.float32(0.75)
    out = mixed(out, out - blurred(out, 2.0) + blurred(out, 9.0), around * (1 - _lips_mask()))
    # The bright spot on the cheek belongs to the bulge of a smile.
    columns, rows = np.arange(400, dtype=np.float32), np.arange(225, dtype=np.float32)
    spot = np.exp(-(((columns - 174.5) / 5.5) ** 2)[None, :] - (((rows - 122) / 5.0) ** 2)[:, None])
    return mixed(out, blurred(out, 6.0), spot)


@cache
def furrows() -> NDArray[np.float32]:
    """Return how much lowered brows, a wrinkled nose and a frowning mouth darken the skin, float32 225×400×3 in 0–1."""
    brows = [[(193.6, 86.5), (194.6, 91.0), (194.2, 96.5)], [(206.0, 88.0), (205.4, 92.5), (206.4, 97.5)]]
    # Between brow and inner eye, where lowered brows throw a shadow.
    hollows = [[(178.0, 92.5), (184.5, 94.0), (190.5, 97.5)], [(210.5, 98.5), (217.0, 95.5), (225.0, 95.0)]]
    nose = [
        [(196.5, 97.0), (194.5, 101.0), (191.0, 104.0)],
        [(204.5, 98.0), (206.5, 102.0), (209.5, 105.0)],
        [(195.5, 104.0), (199.5, 102.5), (204.0, 104.3)],
    ]
    # Over the chin.
    dent = [[(191.0, 158.6), (200.0, 157.6), (209.0, 158.4)]]

    def drawn(lines: list[list[tuple[float, float]]], width: float, blur: float) -> Mask:
        return line_mask([np.array(line) for line in lines], width, blur)

    brow = np.maximum(drawn(brows, 1.6, 1.1), 0.75 * drawn(hollows, 4.5, 1.8))
    return np.dstack([brow, drawn(nose, 1.4, 1.0), 0.7 * drawn(dent, 3.0, 1.6)])


@cache
def eyeballs() -> Picture:
    """Return the layer behind the lids, which continues the eyes of the photograph under them."""
    marks = landmarks()
    out = photograph().copy()
    y, x = np.mgrid[0:225, 0:400].astype(np.float32)
    for side in ("r", "l"):
        upper, lower = marks[f"eye_{side}_upper"], marks[f"eye_{side}_lower"]
        centre = marks[f"iris_{side}"][0].astype(np.float32)
        r = np.hypot(x - centre[0], y - centre[1])
        white = np.array([222, 212, 206], np.float32) * (1 - 0.006 * (r[..., None] / 4) ** 2)
        ball = mixed(white, np.full_like(white, (72, 48, 34)), np.clip((4.6 - r) / 0.9, 0, 1))
        ball = mixed(ball, np.full_like(white, (22, 14, 12)), np.clip((2.0 - r) / 0.8, 0, 1))
        outline = np.vstack([upper, lower[::-1]])
        # The photograph itself well inside the lids: further out it shows lashes.
        seen = area_mask(outline.mean(0) + (outline - outline.mean(0)) * (0.97, 0.66), 0.5)
        ball = mixed(ball, out, seen)
        out = np.where((np.hypot((x - centre[0]) / 1.6, y - centre[1]) < 12)[..., None], ball, out)
    return out


@cache
def mouth_interior() -> Picture:
    """Return the inside of the mouth: the upper teeth of the photograph above a dark cavity with a hint of tongue."""
    marks = landmarks()
    rgb = photograph()
    x = np.arange(400, dtype=np.float64)
    y = np.arange(225, dtype=np.float64)[:, None]
    upper, lower = marks["mouth_upper_inner"], marks["mouth_lower_inner"]
    gum = np.interp(x, upper[:, 0], upper[:, 1])[None, :] + 0.9
    edge = np.minimum(np.interp(x, lower[:, 0], lower[:, 1]), 149.4)[None, :] - 0.2
    tongue = np.exp(-(((x[None, :] - _MIDDLE_X) / 11) ** 2) - ((y - 162) / 5.0) ** 2)
    cavity = np.array([46, 18, 18]) + tongue[..., None] * np.array([104, 44, 44])
    # Above the visible part of the teeth their own first row is continued upwards, as far as a lip may rise.
    first = np.clip(np.round(gum), 0, 223).astype(np.intp)[0]
    teeth = np.where((y < gum + 1)[..., None], rgb[first + 1, np.arange(400)][None, :, :], rgb)
    shown: Mask = (np.clip(edge - y + 0.5, 0, 1) * (edge > gum)).astype(np.float32)
    shown *= np.clip((21.5 - np.abs(x - _MIDDLE_X)) / 5, 0, 1).astype(np.float32)[None, :]
    inside = mixed(cavity.astype(np.float32), teeth, shown)
    box = (np.abs(x - _MIDDLE_X)[None, :] < 30) & (y > 130) & (y < 185)
    return np.where(box[..., None], inside, rgb)


@cache
def backdrop() -> Picture:
    """Return the background of the photograph, continued behind the person."""
    person = np.asarray(cv2.dilate(masks()[..., 0], np.ones((7, 7), np.uint8)), np.float32)
    keep: Mask = (person < 0.02).astype(np.float32)
    rgb = stored("portrait.png").astype(np.float32)
    filled, known = rgb * keep[..., None], keep > 0
    for sigma in (3.0, 8.0, 20.0, 60.0):
        colour, weight = blurred(rgb * keep[..., None], sigma), blurred(keep, sigma)
        fresh = ~known & (weight > 0.02)
        filled[fresh] = colour[fresh] / weight[fresh][:, None]
        known |= fresh
    return mixed(filled, blurred(filled, 4.0), blurred(1 - keep, 2.0))


@dataclass(frozen=True, eq=False)
class Layers:
    """All layers of one subject at one size.

    Attributes:
        scale: Pixels per portrait unit.
        smiling: uint8 H×W×4 RGBA, the skin with its smile folds; alpha covers the person.
        smooth: uint8 H×W×4 RGBA, the skin without smile folds.
        furrows: uint8 h×w×3 over `FACE_BOX`, the result of `furrows` scaled to 0–255.
        eyes: uint8 H×W×3 RGB, the eyeballs.
        mouth: uint8 H×W×3 RGB, the inside of the mouth.
        backdrop: uint8 H×W×3 RGB, the background.
    """

    scale: float
    smiling: Image
    smooth: Image
    furrows: Image
    eyes: Image
    mouth: Image
    backdrop: Image

    def box(self) -> tuple[slice, slice]:
        """Return the rows and columns that `FACE_BOX` covers in these images."""
        x0, y0, x1, y1 = (round(edge * self.scale) for edge in FACE_BOX)
        return slice(y0, y1), slice(x0, x1)

    def paint(self, out: Image, smile: float, furrowed: tuple[float, float, float]) -> None:
        """Paint the skin of one frame over a copy of `smooth`.

        The method writes the whole of `FACE_BOX` and nothing else, so that one copy serves every frame.

        Args:
            out: uint8 H×W×4 RGBA, the copy of `smooth`.
            smile: How far the smile folds show, 0–1.
            furrowed: How far each of the three kinds of furrows shows, 0–1.
        """
        part = out[self.box()]
        smooth = np.ascontiguousarray(self.smooth[self.box()])
        blend = cv2.addWeighted(np.ascontiguousarray(self.smiling[self.box()]), smile, smooth, 1 - smile, 0)
        if max(furrowed) > 0.02:
            shade = np.asarray(cv2.transform(self.furrows, _DEPTH * np.array([furrowed], np.float32)), np.uint8)
            # Blood shines through a crease: red is darkened less.
            red = 255 - (shade * np.float32(0.7)).astype(np.uint8)
            dark = cv2.merge([red, 255 - shade, 255 - shade, np.full_like(shade, 255)])
            blend = cv2.multiply(blend, dark, scale=1 / 255)
        part[:] = np.asarray(blend, np.uint8)
