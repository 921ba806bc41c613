"""Face tracks: full detection now and then, and in between a cheap look of the detector at the expected places.

A face becomes a track only after three hits in a row, all of them by full detection, so that a single false hit makes
no track. Its first observations are returned late, with their own times. A track ends when the face is gone. A person
who comes back is known again by place shortly afterwards, and by looks later (`app.faces.appearance`). In doubt a new
track begins: one person in two tracks can be merged by hand, but two persons in one track cannot be told apart any
more.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face, TrackedFace
from app.domain.media import Frame
from app.faces.appearance import describe
from app.faces.boxes import Floats, corners, overlap
from app.faces.matching import (
    DRIFT,
    LOOKS_EVERY_S,
    LOOKS_QUALITY,
    SAME_PLACE,
    SIZE_HELD,
    Track,
    pairs_of,
    remember,
    without_twins,
)
from app.faces.quality import quality_score

Image = NDArray[np.uint8]


class Detector(Protocol):
    """A face detector: MTCNN or YuNet."""

    @property
    def parameters(self) -> dict[str, float | int | str]:
        """The parameters on which its results depend."""

    def detect(self, rgb: Image) -> list[Face]:
        """Return all faces of a picture, best first."""

    def refine(self, rgb: Image, boxes: Sequence[Floats] | Floats) -> list[Face | None]:
        """Return the faces at given places; None for a place without one."""


@dataclass(frozen=True)
class TrackerSettings:
    """Parameters of the tracking.

    Attributes:
        detect_every: Number of frames from one full detection to the next while every known face is in sight. A face
            that appears beside others may be noticed that much later.
        search_every: The same while no face is known.
        born_after: Number of hits in a row that make a track.
        known_after: Largest number of hits until a face that enters over the frame's edge becomes a track, while it
            might be a person who left and comes back.
        lost_after_s: Seconds after which an unseen face has left. Until then it is looked for in every frame.
        remember_s: Seconds for which the looks of a face that left are kept.
        same_looks: Least likeness at which a face that comes back gets its old track (see `app.faces.appearance`).
        same_looks_after_cut: The same for a face at the same place right after a cut.
        cut: Mean change of brightness between two frames that counts as a cut, in grey levels.
    """

    detect_every: int = 6
    search_every: int = 1
    born_after: int = 3
    known_after: int = 12
    lost_after_s: float = 0.5
    remember_s: float = 600.0
    same_looks: float = 0.72
    same_looks_after_cut: float = 0.6
    cut: float = 28.0

    @property
    def parameters(self) -> dict[str, float | int]:
        """Return the parameters on which a track depends, for the key of a prediction run."""
        return asdict(self)


LIVE: Final = TrackerSettings(detect_every=10, search_every=3)
"""Settings for cameras and playback, which search less."""


@dataclass(frozen=True, eq=False)
class FrameFaces:
    """A frame and the final faces that are tracked in it.

    Attributes:
        frame: The frame.
        faces: The faces, ordered by track id; empty where there is none.
    """

    frame: Frame
    faces: tuple[TrackedFace, ...]


class FaceTracker:
    """Follows faces from frame to frame. Frames must come in order; the result is deterministic.

    Args:
        detector: Finds the faces.
        settings: Parameters of the tracking.
        judge: Whether every face gets its quality. If not, it is NaN except where the tracker itself needs it, and
            `app.faces.quality.judged` fills it in, in another thread.

    Attributes:
        detector: Finds the faces.
        settings: Parameters of the tracking.
    """

    def __init__(self, detector: Detector, settings: TrackerSettings | None = None, *, judge: bool = True) -> None:
        self.detector = detector
        self._judge = judge
        self.settings = settings or TrackerSettings()
        self._tracks: list[Track] = []
        self._left: list[Track] = []
        self._born = 0
        self._seen = 0
        self._frames = 0
        self._since_detection = 0
        self._last_thumb: NDArray[np.float32] | None = None

    @property
    def certain_before_idx(self) -> int | None:
        """Number of the frame before which no more observations are made.

        None means that no frame so far gets any more.

        Until a face has had its third hit, observations from its first one on may still be returned.
        """
        return min((t.observations[0].frame_idx for t in self._tracks if t.observations), default=None)

    def update(self, frame: Frame) -> list[TrackedFace]:
        """Follow the faces into the next frame, for live use.

        Returns:
            The faces of known tracks in this frame, by track id.
        """
        return [seen for seen in self.step(frame) if seen.frame_idx == frame.frame_idx]

    @property
    def idle(self) -> bool:
        """Whether no face is followed and none was seen in the last frame."""
        return not self._tracks

    def pass_over(self, frame: Frame) -> None:
        """Skip a frame that is known to show no face. This is allowed only while `idle`."""
        self._is_cut(frame.image)
        self._frames += 1

    def step(self, frame: Frame, faces: Sequence[Face] | None = None) -> list[TrackedFace]:
        """Follow the faces into the next frame, and add the earlier observations of tracks that begin with it.

        Args:
            frame: The next frame.
            faces: The faces that full detection finds in it, if they are already known.

        Returns:
            The observations by frame number, then by track id.
        """
        rgb = frame.image
        cut = self._is_cut(rgb)
        self._forget(frame.time_s)
        found = {} if cut else self._look_where_expected(rgb)
        if cut or self._detection_is_due(found):
            self._detect(frame, found, cut, self.detector.detect(rgb) if faces is None else faces)
        if cut:
            self._leave([track for track in self._tracks if track not in found])
        new = self._take(frame, found)
        self._frames += 1
        return sorted(new, key=lambda seen: (seen.frame_idx, seen.track_id))

    def jump(self) -> None:
        """Prepare for a jump within the clip. Faces after it are known again by looks, or get a new number."""
        for track in self._tracks:
            track.looked_s = -np.inf  # times may run back from here
        self._leave(list(self._tracks))
        self._last_thumb = None
        self._frames = 0

    def finish(self) -> list[TrackedFace]:
        """End all tracks.

        Returns:
            The remaining observations. If there were fewer frames than the hits that a track needs (as in a still
            picture), these are the faces seen in all frames.
        """
        new: list[TrackedFace] = []
        if self._frames < self.settings.born_after:
            for track in [t for t in self._tracks if not t.confirmed and len(t.observations) == self._frames]:
                new += self._birth(track)
        self._tracks.clear()
        self._left.clear()
        self._last_thumb = None
        return sorted(new, key=lambda seen: (seen.frame_idx, seen.track_id))

    def _is_cut(self, rgb: Image) -> bool:
        height, width = rgb.shape[:2]
        thumb = rgb[:: max(1, height // 36), :: max(1, width // 64)].mean(axis=2, dtype=np.float32)
        last, self._last_thumb = self._last_thumb, thumb
        if last is None:
            return False
        return last.shape != thumb.shape or float(np.abs(thumb - last).mean()) > self.settings.cut

    def _forget(self, now_s: float) -> None:
        """Forget faces that have not been seen for long, and drop old pictures of their appearance."""
        late = self.settings.lost_after_s
        self._leave([t for t in self._tracks if t.missing and now_s - t.seen_s > late])
        self._left = [track for track in self._left if now_s - track.seen_s <= self.settings.remember_s]

    def _leave(self, tracks: Sequence[Track]) -> None:
        for track in tracks:
            self._tracks.remove(track)
            if track.confirmed:
                self._left.append(track)
            elif track.was is not None:
                self._left.append(track.was)

    def _look_where_expected(self, rgb: Image) -> dict[Track, Face]:
        """Return the detector's cheap look at each confirmed track that was in sight."""
        tracks = [track for track in self._tracks if track.confirmed and not track.missing]
        if not tracks:
            return {}
        faces = self.detector.refine(rgb, np.stack([track.expected() for track in tracks]))
        found = {track: face for track, face in zip(tracks, faces, strict=True) if face is not None}
        return without_twins(found)

    def _detection_is_due(self, found: dict[Track, Face]) -> bool:
        self._since_detection += 1
        if not self._tracks:
            return self._since_detection >= self.settings.search_every or self._frames == 0
        in_sight = all(track in found for track in self._tracks)
        return not in_sight or self._since_detection >= self.settings.detect_every

    def _detect(self, frame: Frame, found: dict[Track, Face], cut: bool, faces: Sequence[Face]) -> None:
        """Run full detection, which finds lost faces again, corrects drift and notices new faces."""
        self._since_detection = 0
        free = set(range(len(faces)))
        for track, index, shared in pairs_of(self._tracks, found, faces):
            if index not in free:
                continue
            # Whether it is taken or not, this face is accounted for.
            if track in found:
                free.discard(index)
                if shared < DRIFT:
                    found[track] = faces[index]
            elif not cut or self._same_after_cut(frame.image, track, faces[index]):
                free.discard(index)
                found[track] = faces[index]
        taken = corners(np.stack([face.box for face in found.values()])) if found else None
        for index in sorted(free):
            face = faces[index]
            if taken is not None and float(overlap(corners(face.box), taken).max()) > SAME_PLACE:
                continue
            track = self._missing_by_looks(frame, face, found) or self._candidate(frame, face)
            found[track] = face

    def _same_after_cut(self, rgb: Image, track: Track, face: Face) -> bool:
        return track.likeness(describe(rgb, face)) >= self.settings.same_looks_after_cut

    def _missing_by_looks(self, frame: Frame, face: Face, found: dict[Track, Face]) -> Track | None:
        """Return the track of a face that was out of sight for a moment and is now at another place."""
        missing = [track for track in self._tracks if track.confirmed and track not in found]
        return self._alike(missing, frame, face) if missing else None

    def _alike(self, tracks: Sequence[Track], frame: Frame, face: Face) -> Track | None:
        looks = describe(frame.image, face)
        best = max(tracks, key=lambda track: (track.likeness(looks), -track.track_id))
        return best if best.likeness(looks) >= self.settings.same_looks else None

    def _candidate(self, frame: Frame, face: Face) -> Track:
        self._seen += 1
        track = Track(face, frame.time_s, self._seen)
        self._tracks.append(track)
        return track

    def _take(self, frame: Frame, found: dict[Track, Face]) -> list[TrackedFace]:
        """Record the faces of this frame and return those that are certain."""
        new: list[TrackedFace] = []
        for track in list(self._tracks):
            face = found.get(track)
            if face is None:
                if track.confirmed:
                    track.missing = True
                else:
                    self._leave([track])
                continue
            due = frame.time_s - track.looked_s >= LOOKS_EVERY_S
            quality = quality_score(frame.image, face) if due or self._judge else math.nan
            self._move(track, face, frame, quality)
            seen = TrackedFace(track.track_id, frame.frame_idx, frame.time_s, face, quality)
            if track.confirmed:
                new.append(seen)
                continue
            track.observations.append(seen)
            if track.was is None and self._left:
                self._come_back(track, frame)
        ripe = [track for track in self._tracks if not track.confirmed and self._is_ripe(track, frame.image)]
        for track in sorted(ripe, key=lambda t: (t.observations[0].frame_idx, float(t.observations[0].face.box[0]))):
            new += self._birth(track)
        return new

    def _come_back(self, candidate: Track, frame: Frame) -> None:
        """Return whether a candidate is a face that had left; it still needs its hits to exclude false ones."""
        old = self._alike(self._left, frame, candidate.face)
        if old is not None:
            self._left.remove(old)
            candidate.was, candidate.looks = old, list(old.looks)  # a false hit must teach nobody's looks

    def _is_ripe(self, track: Track, rgb: Image) -> bool:
        hits = len(track.observations)
        if hits < self.settings.born_after:
            return False
        if track.was is not None or not self._left or hits >= self.settings.known_after:
            return True
        # Half a face at the edge looks like nobody: whoever may be coming back is given the time to come in.
        height, width = rgb.shape[:2]
        x, y, w, h = track.face.box.tolist()
        return bool(x >= 0 and y >= 0 and x + w <= width and y + h <= height)

    def _move(self, track: Track, face: Face, frame: Frame, quality: float) -> None:
        centre = face.box[:2] + face.box[2:] / 2 - track.face.box[:2] - track.face.box[2:] / 2
        track.motion = np.asarray((track.motion + centre) / 2 if not track.missing else np.zeros(2), np.float32)
        held = 0.0 if track.missing or not track.size.any() else SIZE_HELD
        track.size = np.asarray(held * track.size + (1 - held) * face.box[2:], np.float32)
        track.face, track.seen_s, track.missing = face, frame.time_s, False
        if quality >= LOOKS_QUALITY and frame.time_s - track.looked_s >= LOOKS_EVERY_S:
            track.looked_s = frame.time_s
            remember(track.looks, describe(frame.image, face))

    def _birth(self, track: Track) -> list[TrackedFace]:
        if track.was is None:
            self._born += 1
        track.track_id = self._born if track.was is None else track.was.track_id
        track.was = None
        observations, track.observations = track.observations, []
        return [replace(seen, track_id=track.track_id) for seen in observations]
