"""One track's state, and which detection belongs to which track."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face, TrackedFace
from app.faces.boxes import Floats, corners, overlap

SAME_PLACE: Final = 0.3
"""Least IoU of a detection with the place where a track is expected."""
SIZE_HELD: Final = 0.85
"""Share of the old size in the size at which a face is looked for: the O-net's answer depends on it."""
_TWINS: Final = 0.55
"""IoU from which two tracks are on the same face."""
DRIFT: Final = 0.7
"""IoU of tracked and detected box below which the detection is believed."""
_LOOKS: Final = 8
"""Descriptions kept for each track."""
LOOKS_EVERY_S: Final = 0.5
"""Seconds from one description to the next."""
LOOKS_QUALITY: Final = 0.6
"""Least quality of a face that is described."""


@dataclass(eq=False)
class Track:
    """The state of a track, or of a candidate for one.

    Attributes:
        face: Where it was last.
        seen_s: When that was, seconds on the clip's PTS axis.
        order: Running number in order of the first hit.
        track_id: From 1; 0 for a candidate.
        motion: Movement of the box's centre from frame to frame, pixels, averaged.
        size: Width and height of the box, pixels, averaged.
        observations: Hits of a candidate so far.
        looks: Descriptions to know the face again by.
        looked_s: When the last of them was made.
        missing: It was not seen in the last frame.
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
        """It has had its hits and has a number."""
        return self.track_id > 0

    def expected(self) -> Floats:
        """Return where its box should be now, [x, y, w, h]."""
        if self.missing:
            return self.face.box
        half = self.size / 2
        centre = self.face.box[:2] + self.face.box[2:] / 2 + self.motion / 2
        return np.concatenate([centre - half, 2 * half]).astype(np.float32)

    def likeness(self, looks: NDArray[np.float32]) -> float:
        """Return the best likeness with its own descriptions, −1…1; −1 while it has none."""
        return max((float(looks @ own) for own in self.looks), default=-1.0)


def remember(looks: list[NDArray[np.float32]], new: NDArray[np.float32]) -> None:
    """Keeps few, different descriptions: of the two most alike, the newer goes."""
    looks.append(new)
    if len(looks) > _LOOKS:
        alike = np.stack(looks) @ np.stack(looks).T
        np.fill_diagonal(alike, -2)
        del looks[max(divmod(int(alike.argmax()), len(looks)))]


def without_twins(found: dict[Track, Face]) -> dict[Track, Face]:
    """Of two tracks on one face the older keeps it."""
    kept: dict[Track, Face] = {}
    for track in sorted(found, key=lambda t: t.track_id):
        box = corners(found[track].box)
        if all(float(overlap(box, corners(face.box))[0, 0]) < _TWINS for face in kept.values()):
            kept[track] = found[track]
    return kept


def pairs_of(
    tracks: Sequence[Track], found: dict[Track, Face], faces: Sequence[Face]
) -> list[tuple[Track, int, float]]:
    """Tracks and detections at the same place, best overlap first; each track and each detection once."""
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
