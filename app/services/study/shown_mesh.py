"""The face mesh of a target while a clip is shown, for the shape "mesh" of the face-only condition.

The points are found in the frames that are shown, so that a study can use this shape without measuring its clips
before, also on a rater's machine. Only the network of the mesh runs, without that of the eyes.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.domain.media import Frame
from app.domain.project import TrackGeometry
from app.faces.mesh import FaceMesh, MeshFinder, MeshFollower

Floats = NDArray[np.float32]


@cache
def shared_finder() -> MeshFinder:
    """Return the finder of all shown faces. The first call opens the network, which takes a moment.

    Raises:
        UserError: The network is missing or damaged.
    """
    return MeshFinder("cpu", eyes=False)


class ShownMesh:
    """Finds the points of one face in the frames of its clip as they are shown.

    Args:
        track: Where the detector found the face.
    """

    def __init__(self, track: TrackGeometry) -> None:
        self._times_s = track.times_s
        self._values = np.concatenate([track.boxes, track.landmarks.reshape(len(track.boxes), 10)], axis=1)
        self._follower = MeshFollower(shared_finder())
        self._frame_idx = -1
        self._found: FaceMesh | None = None

    def points(self, frame: Frame, rgb: NDArray[np.uint8]) -> Floats | None:
        """Return the points of the mesh in a frame, float32 478×3 in its pixels; None where there is no mesh.

        A frame that follows the one before is searched from its points; any other frame from the detector's landmarks.

        Args:
            frame: The frame.
            rgb: Its picture, H×W×3 uint8, RGB.
        """
        if frame.frame_idx != self._frame_idx:
            if frame.frame_idx != self._frame_idx + 1:
                self._follower = MeshFollower(shared_finder())
            self._frame_idx = frame.frame_idx
            self._found = self._follower.step(rgb, {0: self._face_at(frame.time_s)}).get(0)
        return None if self._found is None else self._found.points

    def _face_at(self, time_s: float) -> Face:
        """Return the face at a time; between two observations it lies on the straight line between them."""
        here = np.array([np.interp(time_s, self._times_s, column) for column in self._values.T], np.float32)
        return Face(here[:4], here[4:].reshape(5, 2), 1.0)
