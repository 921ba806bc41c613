"""The state of a track, and the assignment of detections to tracks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face, TrackedFace
from app.faces.boxes import Floats, corners, overlap

SAME_PLACE: Final = 0.3
"""Least IoU of a detection with the expected place of a track."""
SIZE_HELD: Final = 0.85
"""Weight of the old size in the size at which a face is looked for, which affects the O-net's answer."""
_TWINS: Final = 0.55
"""Least IoU at which two tracks are taken to follow the same face."""
DRIFT: Final = 0.7
"""IoU of tracked and detected box below which the detection counts."""
_LOOKS: Final = 8
"""Number of descriptions kept for each track."""
LOOKS_EVERY_S: Final = 0.5
"""Seconds between two descriptions."""
LOOKS_QUALITY: Final = 0.6
"""Least quality at which a face is described."""


@dataclass(eq=False)
class Track:
    """The state of a track, or of a candidate for one.

    Attributes:
        face: The face when it was last seen.
        seen_s: Time at which it was last seen, seconds on the clip's PTS axis.
        order: Running number in order of the first hit.
        track_id: From 1; 0 for a candidate.
        motion: Movement of the box's centre from frame to frame, pixels, averaged.
        size: Width and height of the box, pixels, averaged.
        observations: The hits of a candidate so far.
        looks: Descriptions by which the face is known again.
        looked_s: Time at which the last of them was made, seconds on the clip's PTS axis.
        missing: Whether it was not seen in the last frame.
        was: The track that a candidate continues once it is certain.
    """

    face: Face
    seen_s: float
    order: int
    track_id: int = 0
    motion: Floats = field(default_factory=lambda: np.zeros(2, np.float32))
    size: Floats = field(default_factory=lambda: np.zeros(2, np.float32))
    observations: list[TrackedFace] = field(default_factory=list)
    looks: list[NDArray[np.float32]] = field(default_factory=list)
    looked_s: float = -np.inf
    missing: bool = False
    was: "Track | None" = None

    @property
    def confirmed(self) -> bool:
        """Whether it has had its hits and has a number."""
        return self.track_id > 0

    def expected(self) -> Floats:
        """Return the expected place of its box: [x, y, w, h] in pixels."""
        if self.missing:
            return self.face.box
        half = self.size / 2
        centre = self.face.box[:2] + self.face.box[2:] / 2 + self.motion / 2
        return np.concatenate([centre - half, 2 * half]).astype(np.float32)

    def likeness(self, looks: NDArray[np.float32]) -> float:
        """Return the best likeness with its own descriptions, −1…1; −1 while it has none."""
        return max((float(looks @ own) for own in self.looks), default=-1.0)


def remember(looks: list[NDArray[np.float32]], new: NDArray[np.float32]) -> None:
    """Add a description and keep few, different ones: of the two most alike, the newer one is dropped."""
    looks.append(new)
    if len(looks) > _LOOKS:
        alike = np.stack(looks) @ np.stack(looks).T
        np.fill_diagonal(alike, -2)
        del looks[max(divmod(int(alike.argmax()), len(looks)))]


def without_twins(found: dict[Track, Face]) -> dict[Track, Face]:
    """Return the faces of tracks so that of two tracks on one face only the older keeps it."""
    kept: dict[Track, Face] = {}
    for track in sorted(found, key=lambda t: t.track_id):
        box = corners(found[track].box)
        if all(float(overlap(box, corners(face.box))[0, 0]) < _TWINS for face in kept.values()):
            kept[track] = found[track]
    return kept


def pairs_of(
    tracks: Sequence[Track], found: dict[Track, Face], faces: Sequence[Face]
) -> list[tuple[Track, int, float]]:
    """Pair tracks with detections at the same place, best overlap first; each track and each detection occurs once."""
    if not tracks or not faces:
        return []
    places = np.stack([found[t].box if t in found else t.expected() for t in tracks])
    shared = overlap(corners(places), corners(np.stack([face.box for face in faces])))
    order = sorted(
        ((float(shared[i, j]), i, j) for i in range(len(tracks)) for j in range(len(faces))),
        key=lambda entry: (-entry[0], tracks[entry[1]].order, entry[2]),
    )
    pairs, used_tracks, used_faces = [], set(), set()
    for value, i, j in order:
        if value < SAME_PLACE or i in used_tracks or j in used_faces:
            continue
        used_tracks.add(i)
        used_faces.add(j)
        pairs.append((tracks[i], j, value))
    return pairs
