"""Measures of the faces that live inference follows, frame by frame: pose, eyes and movements of the present moment.

Nothing that comes later is known, so movements are relative to what the face showed in the last half minute, and a
blink is told while the eyes are closed.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.domain.live import LiveFace
from app.domain.measured_faces import MeasuredFace
from app.domain.measures import EYES, NAMES, POSE
from app.faces.blinks import HALF, LONGEST_S
from app.faces.face_measures import relative
from app.faces.head_pose import FIELD_OF_VIEW_DEG
from app.faces.mesh import MeshFinder, MeshFollower
from app.services.predict.measures import LEAST_FACE, absolute_row

NEUTRAL_S: Final = 30.0
"""Seconds whose median is the neutral face."""
EVERY_S: Final = 0.1
"""Seconds between two values that are kept for it."""
FIRST_S: Final = 1.0
"""Seconds of a face until its movements are told: a median of fewer values is the movement itself."""
_USUAL: Final = 75.0
"""The usual opening of the eyes is this percentile, as in `app.faces.blinks`."""
_EYES: Final = [NAMES.index("eye_open_left"), NAMES.index("eye_open_right")]
_FIRST: Final = 1 + len(POSE)


class LiveMeasures:
    """Measures live faces.

    Args:
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        field_of_view_deg: Horizontal field of view of the camera in degrees.

    Raises:
        UserError: A network is missing or cannot run.
    """

    def __init__(self, device: str, field_of_view_deg: float = FIELD_OF_VIEW_DEG) -> None:
        self._finder = MeshFinder(device)
        self._field_of_view_deg = field_of_view_deg
        self.reset()

    def reset(self) -> None:
        """Forget the faces, because another clip follows or time runs back."""
        self._follower = MeshFollower(self._finder)
        self._known: dict[int, _Past] = {}

    def take(self, rgb: NDArray[np.uint8], time_s: float, faces: Sequence[LiveFace]) -> tuple[LiveFace, ...]:
        """Return the faces with their measures.

        Args:
            rgb: The frame, H×W×3 uint8, RGB.
            time_s: Its time in seconds, after that of the frame before.
            faces: The faces that were found in it.
        """
        wanted: dict[int, Face] = {one.track_id: one.face for one in faces if min(one.face.box[2:]) >= LEAST_FACE}
        meshes = self._follower.step(rgb, wanted)
        told = []
        for one in faces:
            mesh = meshes.get(one.track_id)
            if mesh is None:
                told.append(one)
                continue
            height, width = rgb.shape[:2]
            row = absolute_row(rgb, one.face, mesh, width, height, self._field_of_view_deg)
            past = self._known.setdefault(one.track_id, _Past())
            told.append(replace(one, measured=MeasuredFace(past.told(time_s, row), mesh.points[:, :2])))
        return tuple(told)


class _Past:
    """What a face showed in the last half minute."""

    def __init__(self) -> None:
        self._rows: deque[tuple[float, NDArray[np.float64]]] = deque()
        self._began_s = np.inf
        self._closed_since_s = np.nan

    def told(self, time_s: float, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Keep the measures of a moment, and return them as people read them: float64, in the order of `COLUMNS`."""
        if self._rows and not 0 <= time_s - self._rows[-1][0] <= NEUTRAL_S:
            self._rows.clear()
            self._began_s = np.inf
        self._began_s = min(self._began_s, time_s)
        if not self._rows or time_s - self._rows[-1][0] >= EVERY_S:
            self._rows.append((time_s, row[_FIRST:]))
        while time_s - self._rows[0][0] > NEUTRAL_S:
            self._rows.popleft()
        past = np.stack([values for _, values in self._rows])
        with np.errstate(all="ignore"):
            seen = np.isfinite(past).any(axis=0)
            neutral = np.where(seen, np.nanmedian(np.where(seen, past, 0.0), axis=0), 0.0)
        moved = relative(row[None, _FIRST:], neutral)[0]
        if time_s - self._began_s < FIRST_S:
            moved[len(EYES) :] = np.nan
        return np.concatenate([row[:_FIRST], moved, [self._blink(time_s, row, past)]])

    def _blink(self, time_s: float, row: NDArray[np.float64], past: NDArray[np.float64]) -> float:
        opening = row[_FIRST:][_EYES]
        if not np.isfinite(opening).any():
            return np.nan
        openings = past[:, _EYES]
        usual = np.percentile(openings[np.isfinite(openings)], _USUAL) if np.isfinite(openings).any() else np.nan
        if not np.nanmean(opening) < HALF * usual:
            self._closed_since_s = np.nan
            return 0.0
        if not np.isfinite(self._closed_since_s):
            self._closed_since_s = time_s
        return float(time_s - self._closed_since_s <= LONGEST_S)
