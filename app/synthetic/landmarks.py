"""The landmarks of the portrait, checked by hand, in portrait units (pixel centres of assets/portrait.png)."""

import json
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
ASSETS = resources.files("app.synthetic") / "assets"


@cache
def landmarks() -> dict[str, Points]:
    """Return the landmarks by group, float64 N×2 (x, y) each.

    Groups that end in `_r` lie on the left of the picture, the subject's right. There are 132 points in all: jaw,
    brows, lids, irises, lid creases, nose, lips, cheek folds, cheeks, temples and fringe. The arrays are shared: do not
    write to them.
    """
    groups = json.loads((ASSETS / "landmarks.json").read_text(encoding="utf-8"))
    return {name: np.asarray(points, np.float64) for name, points in groups.items()}
