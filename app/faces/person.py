"""How alike the faces of two tracks are, so that the tracks of one person can be proposed as one.

Compared are the looks of the head, the colours of the clothes below it, the proportions of the face, and within one
clip its place and time. Nothing is compared with anybody outside the project, and nothing is decided: a person is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.boxes import corners, overlap
from app.faces.head_pose import frontalised

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

WEIGHTS: Final = {"looks": 0.6, "clothes": 0.25, "shape": 0.15}
"""Weight of each cue; those that are missing on one side are left out of the mean."""
LOOKS: Final = (0.35, 0.85)
"""Likeness of two descriptions that counts as 0 and as 1."""
SHAPE_SPREAD: Final = 0.05
"""Usual distance between the proportions of one face in two tracks, in distances between the eyes."""
SOON_S: Final = 2.0
"""Within one clip a face at the same place so soon after is likely the same."""
SOON_BONUS: Final = 0.15
_SAME_PLACE: Final = 0.3
_CHEST: Final = (0.9, 1.25, 1.8)
"""Half width, upper and lower edge of the part that shows clothes, in widths and heights of the face's box."""
_LEAST_CHEST: Final = 0.3
"""Least share of that part within the picture."""
_BINS: Final = (6, 10, 10)
_PAIRS: Final = (
    *((234, 454), (172, 397), (152, 2), (168, 2), (129, 358), (33, 133), (362, 263), (133, 362)),
    *((10, 168), (132, 361), (148, 377)),
)
"""Pairs of points of the mesh whose distances hardly change with an expression."""


@dataclass(frozen=True, eq=False)
class TrackLooks:
    """What is compared of a track.

    Attributes:
        looks: float32 K×D, descriptions of the face (`app.faces.appearance`).
        clothes: float32 H, shares of colours below the face, with the sum 1; None where the picture ends above.
        shape: float32 P, proportions of the face; None without a mesh.
        first_s: When it is first seen, on its clip's time axis.
        last_s: When it is last seen.
        first_box: float32 4 [x, y, w, h] then.
        last_box: float32 4 at the end.
    """

    looks: Floats
    clothes: Floats | None
    shape: Floats | None
    first_s: float
    last_s: float
    first_box: Floats
    last_box: Floats


@dataclass(frozen=True)
class Alike:
    """How alike two tracks are.

    Attributes:
        score: 0–1; from `app.faces.same_person.LEAST` on they are proposed as one person.
        cues: Cue → 0–1.
    """

    score: float
    cues: dict[str, float]


def clothes_below(rgb: Image, face: Face) -> Floats | None:
    """Return the shares of the colours below a face: float32, with the sum 1; None where the picture ends above.

    Args:
        rgb: H×W×3 uint8, RGB.
        face: The face, in pixels of that frame.
    """
    x, y, w, h = (float(value) for value in face.box)
    half, top, bottom = _CHEST
    left, right = x + w / 2 - half * w, x + w / 2 + half * w
    x0, x1 = max(int(left), 0), min(int(right), rgb.shape[1])
    y0, y1 = max(int(y + top * h), 0), min(int(y + bottom * h), rgb.shape[0])
    whole = max((right - left) * (bottom - top) * h, 1.0)
    if x1 <= x0 or y1 <= y0 or (x1 - x0) * (y1 - y0) < _LEAST_CHEST * whole:
        return None
    lab = cv2.cvtColor(np.ascontiguousarray(rgb[y0:y1, x0:x1]), cv2.COLOR_RGB2LAB)
    counts = cv2.calcHist([lab], [0, 1, 2], None, list(_BINS), [0, 256, 64, 192, 64, 192])
    smooth = cv2.GaussianBlur(counts.reshape(_BINS[0], -1), (1, 3), 0.6).ravel()
    return np.asarray(smooth / max(float(smooth.sum()), 1e-9), np.float32)


def proportions(points: NDArray[np.floating]) -> Floats:
    """Return the proportions of a face in distances between the eyes: float32 11.

    Args:
        points: 468×3 or more, a mesh in pixels of the frame.
    """
    face = frontalised(points)[:, :2]
    first, second = np.array(_PAIRS).T
    return np.asarray(np.linalg.norm(face[first] - face[second], axis=1), np.float32)


def alike(a: TrackLooks, b: TrackLooks, *, one_clip: bool) -> Alike:
    """Compare two tracks.

    Args:
        a: One of them.
        b: The other.
        one_clip: Whether both are of one clip, so that place and time count, too.
    """
    low, high = LOOKS
    cues: dict[str, float] = {}
    if len(a.looks) and len(b.looks):
        best = np.sort((a.looks @ b.looks.T).ravel())[::-1][:3]
        cues["looks"] = float(np.clip((best.mean() - low) / (high - low), 0, 1))
    if a.clothes is not None and b.clothes is not None:
        cues["clothes"] = float(np.sqrt(a.clothes * b.clothes).sum())
    if a.shape is not None and b.shape is not None:
        apart = float(np.sqrt(np.mean((a.shape - b.shape) ** 2)))
        cues["shape"] = float(np.exp(-0.5 * (apart / SHAPE_SPREAD) ** 2))
    weight = sum(WEIGHTS[name] for name in cues)
    score = sum(WEIGHTS[name] * value for name, value in cues.items()) / weight if weight else 0.0
    if one_clip and _soon_at_the_same_place(a, b):
        cues["place"] = 1.0
        score += SOON_BONUS
    return Alike(min(score, 1.0), cues)


def _soon_at_the_same_place(a: TrackLooks, b: TrackLooks) -> bool:
    before, after = (a, b) if a.first_s <= b.first_s else (b, a)
    if not 0 <= after.first_s - before.last_s <= SOON_S:
        return False
    return float(overlap(corners(before.last_box), corners(after.first_box))[0, 0]) >= _SAME_PLACE


def mean_of(found: Sequence[Floats | None]) -> Floats | None:
    """Return the median of what several frames show; None where none shows it."""
    there = [one for one in found if one is not None]
    return np.asarray(np.median(np.stack(there), axis=0), np.float32) if there else None
