"""The face tracks of a whole clip.

While a clip shows no face, only every third frame is searched, and the two frames before it if it holds a face. This
loses no track: a track needs three hits in a row, and one of any three frames in a row is searched.
"""

from collections.abc import Iterable, Iterator, Sequence

from app.domain.faces import TrackedFace
from app.domain.media import Frame
from app.faces.tracking import Detector, FaceTracker, FrameFaces, TrackerSettings
from app.jobs import Context


def track_clip(
    frames: Iterable[Frame],
    detector: Detector,
    settings: TrackerSettings | None = None,
    ctx: Context | None = None,
    *,
    judge: bool = True,
) -> Iterator[FrameFaces]:
    """Track the faces of a whole clip.

    Args:
        frames: The frames in order, RGB.
        detector: Finds the faces.
        settings: Parameters of the tracking.
        ctx: Can cancel the work.
        judge: Whether every face gets its quality; see `FaceTracker`.

    Yields:
        Every frame once, in order, with its final faces. A frame waits while a face in it waits for its third hit, so
        about three frames are held at most.

    Raises:
        Cancelled: The user asked to stop.
    """
    tracker = FaceTracker(detector, settings, judge=judge)
    # Every frame is still searched where hits in fewer frames make a track, or where the settings search less anyway.
    stride = tracker.settings.born_after if tracker.settings.search_every == 1 else 1
    waiting: list[tuple[Frame, list[TrackedFace]]] = []
    unsearched: list[Frame] = []
    begun = False
    for frame in frames:
        if ctx is not None:
            ctx.check()
        waiting.append((frame, []))
        if begun and stride > 1 and tracker.idle:
            unsearched.append(frame)
            if len(unsearched) < stride:
                continue
            _sort_in(waiting, _search_back(tracker, unsearched))
            unsearched.clear()
        else:
            begun = True
            _sort_in(waiting, tracker.step(frame))
        yield from _released(waiting, tracker.certain_before_idx)
    for frame in unsearched:
        tracker.pass_over(frame)
    _sort_in(waiting, tracker.finish())
    yield from _released(waiting, None)


def _search_back(tracker: FaceTracker, frames: Sequence[Frame]) -> list[TrackedFace]:
    """Search the last of some frames, and only where it holds a face those before it, as if each had been searched."""
    *before, last = frames
    faces = tracker.detector.detect(last.image)
    new: list[TrackedFace] = []
    for frame in before:
        if faces:
            new += tracker.step(frame)
        else:
            tracker.pass_over(frame)
    return new + tracker.step(last, faces)


def _sort_in(waiting: list[tuple[Frame, list[TrackedFace]]], new: Iterable[TrackedFace]) -> None:
    by_number = {frame.frame_idx: faces for frame, faces in waiting}
    for seen in new:
        by_number[seen.frame_idx].append(seen)


def _released(waiting: list[tuple[Frame, list[TrackedFace]]], before_idx: int | None) -> Iterator[FrameFaces]:
    while waiting and (before_idx is None or waiting[0][0].frame_idx < before_idx):
        frame, faces = waiting.pop(0)
        yield FrameFaces(frame, tuple(sorted(faces, key=lambda seen: seen.track_id)))
