"""The hand-checked points of the portrait, in portrait units (pixels of assets/portrait.png, pixel centres)."""

import json
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
ASSETS = resources.files("app.synthetic") / "assets"


@cache
def landmarks() -> dict[str, Points]:
    """Groups of points, float64 N×2 (x, y) each; `_r` is on the left of the picture (the subject's right).

    Together 132 points: jaw, brows, lids, irises, lid creases, nose, lips, cheek folds, cheeks, temples, fringe.
    The arrays are shared: do not write to them.
    """
    groups = json.loads((ASSETS / "landmarks.json").read_text(encoding="utf-8"))
    return {name: np.asarray(points, np.float64) for name, points in groups.items()}
