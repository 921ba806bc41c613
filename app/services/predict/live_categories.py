"""Predicts the category of the last seconds while a clip plays, from a ring of rows for each face."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from app.domain.faces import TrackedFace
from app.domain.item_frames import last_seconds, slot
from app.domain.live import LiveCategory
from app.domain.media import Frame
from app.errors import UserError
from app.inference.clip_category import ClipCategoryModel, Floats, HeadAnswer
from app.services.predict.categories import LEAST_SHARE, CategoryReader
from app.streams.stream import Pictures, PictureStream, Rows, Seen, SoundStream, Stored


@dataclass(eq=False)
class _Stream:
    """What one stream has seen of one face."""

    pictures: deque[Pictures]
    picture_s: deque[float]
    row: Stored | None = None
    first_s: float = 0.0
    slot: int = 0


@dataclass(eq=False)
class _Ring:
    """The last seconds of one face."""

    streams: list[_Stream]
    times_s: deque[float] = field(default_factory=deque)
    rows: deque[Rows] = field(default_factory=deque)
    said: LiveCategory | None = None


class LiveCategories:
    """Verdicts on the last seconds of every face in view.

    Args:
        reader: The model with its streams.

    Raises:
        UserError: The model reads sound, which live video does not provide. A fusion goes on without the members that
            listen, as long as one of them only looks.
    """

    def __init__(self, reader: CategoryReader) -> None:
        self._model, self._reader = reader.model, reader
        self._streams: list[PictureStream | SoundStream] = []
        looks = bool(reader.model.members) and not all(member.listens for member in reader.model.members)
        for stream in reader.streams:
            if not isinstance(stream, PictureStream) and not looks:
                raise UserError(
                    f"{reader.model.card.name} reads the sound: it has no live verdict.",
                    "Analyse the clip to see its verdict.",
                )
            self._streams.append(stream)
        self._rings: dict[int, _Ring] = {}

    def forget(self) -> None:
        """Forget the past frames, because another place or another clip follows."""
        self._rings.clear()

    def take(self, frame: Frame, faces: Iterable[TrackedFace]) -> dict[int, LiveCategory]:
        """Read the faces of the next frame.

        Args:
            frame: The frame, in RGB.
            faces: The faces in it.

        Returns:
            The newest verdict on the last seconds of each track by its number, if enough of them was seen.
        """
        window = self._model.window
        now_s = frame.time_s
        found = {}
        for seen in faces:
            ring = self._rings.setdefault(seen.track_id, self._new())
            if ring.times_s and not 0 < now_s - ring.times_s[-1] <= window.seconds:
                if now_s == ring.times_s[-1]:  # the clip stands still: nothing new was seen
                    if ring.said is not None:
                        found[seen.track_id] = ring.said
                    continue
                ring = self._rings[seen.track_id] = self._new()
            ring.rows.append(self._row(ring, Seen(frame.image, seen.face), now_s))
            ring.times_s.append(now_s)
            while now_s - ring.times_s[0] > window.seconds:
                ring.times_s.popleft()
                ring.rows.popleft()
            self._judge(ring, now_s)
            if ring.said is not None:
                found[seen.track_id] = ring.said
        for number in [n for n, ring in self._rings.items() if now_s - ring.times_s[-1] > window.seconds]:
            del self._rings[number]
        return found

    def _new(self) -> _Ring:
        reach = [stream.reach if isinstance(stream, PictureStream) else 0 for stream in self._streams]
        return _Ring([_Stream(deque(maxlen=each + 1), deque(maxlen=each + 1)) for each in reach])

    def _row(self, ring: _Ring, seen: Seen, now_s: float) -> Rows:
        """Return what the head reads of a frame."""
        parts: list[Stored] = []
        for stream, past in zip(self._streams, ring.streams, strict=True):
            if not isinstance(stream, PictureStream):  # nobody reads it: who listens says nothing live
                parts.append(np.zeros((1, stream.spec.columns), np.float32))
                continue
            rate_hz = stream.spec.rate_hz
            if past.row is None:
                past.first_s = now_s
            here = int(slot(np.float64(now_s), past.first_s, rate_hz)) if rate_hz > 0 else 0
            if past.row is None or rate_hz <= 0 or here > past.slot:
                past.slot = here
                past.pictures.append(stream.source.cut(seen))
                past.picture_s.append(now_s)
                past.row = stream.rows(np.stack(past.pictures), np.array(past.picture_s))[-1:]
            if past.row is None:
                raise RuntimeError("a first picture is always due")
            parts.append(past.row)
        return np.asarray(self._reader.features(parts)[0], np.float32)

    def _judge(self, ring: _Ring, now_s: float) -> None:
        """Give a verdict where a stride has passed since the last one, and half of a window was seen."""
        window = self._model.window
        seconds = now_s - ring.times_s[0]
        if seconds + 1e-6 < LEAST_SHARE * window.seconds:
            return
        if ring.said is not None and now_s - ring.said.time_s + 1e-6 < window.stride_s:
            return
        times_s = np.array(ring.times_s)
        rows = last_seconds(times_s, now_s, window.seconds, window.rate_hz)
        read_s = times_s[rows]
        answer = self._model.verdict(np.stack([ring.rows[row] for row in rows.tolist()]), read_s, sound=False)
        ring.said = LiveCategory(
            now_s,
            min(seconds, window.seconds),
            self._model.classes,
            answer.probabilities,
            _members(self._model, answer),
        )
        if answer.attention is not None:
            ring.said = replace(ring.said, read_s=read_s[answer.rows], weight=answer.attention)


def _members(model: ClipCategoryModel, answer: HeadAnswer) -> tuple[tuple[str, Floats], ...]:
    """Return the members of a fusion that said something, with what they said."""
    if answer.members is None:
        return ()
    pairs = zip(model.members, answer.members, strict=True)
    return tuple((member.name, said) for member, said in pairs if np.isfinite(said).all())
