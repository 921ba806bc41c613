"""Displacement fields of the skin: smooth, linear in the parameters, and interpolated from landmarks.

Each parameter states where a few landmarks move. A thin-plate spline (Duchon 1977) through all control points turns
this into a dense field, which is computed once; the field of a frame is then a product of the parameters and the
fields. The module `slits` opens and closes the mouth and the lids, where the skin parts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic.landmarks import Points, landmarks
from app.synthetic.parameters import INDEX, Parameters

FIELD_X0: Final = 84.0
FIELD_Y0: Final = 0.0
FIELD_STEP: Final = 2.0
FIELD_COLUMNS: Final = 116
FIELD_ROWS: Final = 112
"""The grid on which fields are kept: node (row, column) lies at (X0 + step·column, Y0 + step·row), portrait units."""

Field = NDArray[np.float32]
"""float32 rows×columns×2: displacement (dx, dy) of each node, portrait units."""
Moves = dict[str, NDArray[np.float64]]
"""Landmark group → float64 N×2 displacements of its points, portrait units."""

_CONTROL: Final = (
    "jaw", "brow_r", "brow_l", "crease_r", "crease_l", "nose_bridge", "nose_base", "mouth_upper_outer",
    "mouth_lower_outer", "fold_r", "fold_l", "cheek", "temple", "bangs", "eye_corners", "under_eye", "chin_pad",
)  # fmt: skip
MIDLINE_X: Final = 200.0
"""The face's middle, portrait units."""


@cache
def control_points() -> dict[str, Points]:
    """Return the landmarks that carry the smooth fields, with some that are derived from others."""
    marks = dict(landmarks())
    marks["eye_corners"] = np.stack([marks[g][i] for g in ("eye_r_upper", "eye_l_upper") for i in (0, -1)])
    marks["under_eye"] = np.stack([marks["eye_r_lower"][3] + (0, 5.5), marks["eye_l_lower"][3] + (0, 5.5)])
    marks["chin_pad"] = np.array([(189.0, 165.0), (200.0, 166.0), (211.0, 165.0)])
    # Each pair of corner points stands twice in the lips' outlines; a spline takes each place once.
    marks["mouth_lower_outer"] = marks["mouth_lower_outer"][1:-1]
    return {group: marks[group] for group in _CONTROL}


def _anchors() -> Points:
    """Return the points around the face that only identities move: hair, ears, neck, collar and the rim of the grid."""
    ring = [(200 + 74 * np.cos(a), 88 + 86 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 20, endpoint=False)]
    ring = [p for p in ring if p[1] < 145] + [
        (146, 150),
        (254, 150),
        (150, 182),
        (252, 182),
        (170, 205),
        (200, 208),
        (230, 205),
    ]
    rim_x = np.linspace(FIELD_X0, FIELD_X0 + FIELD_STEP * (FIELD_COLUMNS - 1), 7)
    rim_y = np.linspace(FIELD_Y0, FIELD_Y0 + FIELD_STEP * (FIELD_ROWS - 1), 7)
    rim = [(x, y) for x in rim_x for y in (rim_y[0], rim_y[-1])] + [(x, y) for y in rim_y[1:-1] for x in rim_x[[0, -1]]]
    inner = [(170, 55), (200, 45), (230, 58), (160, 100), (245, 100)]
    return np.array(ring + rim + inner, np.float64)


def _spline(centres: Points, nodes: Points) -> NDArray[np.float64]:
    """Return the len(nodes)×len(centres) matrix that turns values at `centres` into the spline's values at `nodes`."""

    def kernel(a: Points, b: Points) -> NDArray[np.float64]:
        r2 = ((a[:, None, :] - b[None, :, :]) ** 2).sum(-1)
        return np.asarray(0.5 * r2 * np.log(np.maximum(r2, 1e-12)), np.float64)

    n = len(centres)
    scale = 100.0
    c, x = centres / scale, nodes / scale
    system = np.zeros((n + 3, n + 3))
    system[:n, :n] = kernel(c, c) + 1e-5 * np.eye(n)  # a little smoothing: neighbouring points may disagree by rounding
    system[:n, n:] = np.column_stack([np.ones(n), c])
    system[n:, :n] = system[:n, n:].T
    weights = np.linalg.solve(system, np.vstack([np.eye(n), np.zeros((3, n))]))
    return np.asarray(np.hstack([kernel(x, c), np.ones((len(x), 1)), x]) @ weights, np.float64)


@cache
def _to_field() -> NDArray[np.float64]:
    rows, columns = np.mgrid[0:FIELD_ROWS, 0:FIELD_COLUMNS]
    nodes = np.column_stack([FIELD_X0 + FIELD_STEP * columns.ravel(), FIELD_Y0 + FIELD_STEP * rows.ravel()])
    return _spline(np.vstack([*control_points().values(), _anchors()]), nodes)


def field_of(moves: Moves, elsewhere: Callable[[Points], Points] | None = None) -> Field:
    """Return the smooth field in which the named landmarks move as stated and all others stay in place.

    Args:
        moves: Displacements by landmark group; a group that is missing does not move.
        elsewhere: A function for identities that returns the displacements of any points (N×2 → N×2); they are added
            to `moves` and to the anchors.

    Returns:
        float32 FIELD_ROWS×FIELD_COLUMNS×2.
    """
    parts = []
    for group, points in control_points().items():
        part = np.array(moves.get(group, np.zeros_like(points)), np.float64)
        parts.append(part + (elsewhere(points) if elsewhere is not None else 0.0))
    anchors = _anchors()
    parts.append(elsewhere(anchors) if elsewhere is not None else np.zeros_like(anchors))
    dense = _to_field() @ np.vstack(parts)
    return np.ascontiguousarray(dense.reshape(FIELD_ROWS, FIELD_COLUMNS, 2), np.float32)


@dataclass(frozen=True, eq=False)
class Fields:
    """The fields that move the skin of one subject.

    Attributes:
        offset: The field of the subject's own shape, which also turns the smile of the photograph into a neutral mouth.
        basis: float32 K×rows×columns×2, one field for each of the first K parameters; the others move no skin.
    """

    offset: Field
    basis: NDArray[np.float32]

    def displacement(self, row: Parameters) -> Field:
        """Return the field of one row of parameters, float32 rows×columns×2."""
        moved = row[: len(self.basis)] @ self.basis.reshape(len(self.basis), -1)
        return np.asarray(self.offset + moved.reshape(self.offset.shape), np.float32)


def sample(field: Field, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the field's values at any points, float32 of the same shape as `points` (rows×columns×2).

    Values between nodes are bilinear; outside the grid the value of its rim holds.
    """
    x = (points[..., 0] - np.float32(FIELD_X0)) / np.float32(FIELD_STEP)
    y = (points[..., 1] - np.float32(FIELD_Y0)) / np.float32(FIELD_STEP)
    return np.asarray(cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def inverse(field: Field, moved: NDArray[np.float32], rounds: int = 9) -> NDArray[np.float32]:
    """Return where in the portrait the points `moved` come from; fixed-point iteration solves x + field(x) = moved.

    It converges because the fields change slowly (their slope is well below 1); after nine rounds the error is less
    than a tenth of a pixel.
    """
    source = moved - sample(field, moved)
    for _ in range(rounds - 1):
        source = moved - sample(field, source)
    return source


def basis_fields(moves: dict[str, Moves]) -> NDArray[np.float32]:
    """Return one field per parameter in the table's order, up to the last that moves skin: float32 K×rows×columns×2."""
    last = max(INDEX[name] for name in moves)
    basis = np.zeros((last + 1, FIELD_ROWS, FIELD_COLUMNS, 2), np.float32)
    for name, told in moves.items():
        basis[INDEX[name]] = field_of(told)
    return basis
