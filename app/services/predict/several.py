"""Analyses two clips of a batch at a time, so that the cores stay busy while one ends and its files are written.

Whoever writes takes the clips in their order, and each is computed as it would be alone.
"""

import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import db.clips
from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.measures import ClipMeasures
from app.domain.spans import ClipVerdicts
from app.domain.stretch import Stretch
from app.errors import Cancelled
from app.faces.mesh import MeshFinder
from app.jobs import Context
from app.media.probe import media_hash
from app.media.steady import steady
from app.services.predict.analyse import Analyser, computed
from app.services.predict.categories import CategoryReader
from app.services.predict.measures import measure_clip
from app.services.predict.stored import analysis_for
from db.project import Project

AHEAD: Final = 3
"""Clips that are under way or wait to be written: results of more would only fill the memory."""
_LOOK_S: Final = 0.1


@dataclass(frozen=True)
class Here:
    """What a clip is computed with in this process.

    Attributes:
        project: The project whose results are reused; None for none.
        stretch: The part of each clip; None for whole clips.
        finder: The finder of meshes for measures; None measures nothing.
        field_of_view_deg: Horizontal field of view for measures, in degrees.
        reader: The model of categories; None for none.
    """

    project: Project | None
    stretch: Stretch | None
    finder: MeshFinder | None
    field_of_view_deg: float
    reader: CategoryReader | None


class _Part(Context):
    """Passes on the request to stop, and keeps the progress until the turn of its clip."""

    def __init__(self, outer: Context) -> None:
        super().__init__()
        self._outer = outer
        self.last: tuple[float, float, str] = (0, 0, "")

    def progress(self, done: float, total: float, text: str = "") -> None:
        self.check()
        self.last = (done, total, text)

    def check(self) -> None:
        super().check()
        if self._outer.cancelled:
            raise Cancelled


@dataclass(eq=False)
class _Begun:
    """A clip that is analysed: its fingerprint, and its predictions unless the project has them."""

    ctx: _Part
    found: "Future[tuple[str, ClipAnalysis | None]]"


class SeveralClips:
    """The `Work` of this process on clips, which are taken in their order.

    Args:
        files: The clips, in the order in which they are written.
        analysers: Analysers of one model: so many clips are analysed at a time.
        here: What else a clip is computed with.
        ctx: Can cancel.
    """

    def __init__(self, files: Sequence[Path], analysers: Sequence[Analyser], here: Here, ctx: Context) -> None:
        self._files, self._here, self._ctx = list(files), here, ctx
        self._key = analysers[0].key
        self._free: queue.SimpleQueue[Analyser] = queue.SimpleQueue()
        for one in analysers:
            self._free.put(one)
        self._pool = ThreadPoolExecutor(len(analysers), thread_name_prefix="several")
        self._begun: dict[int, _Begun] = {}
        self._turn = self._next = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        for each in self._begun.values():
            each.ctx.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def turn(self, number: int) -> None:
        """Begin the clips up to some ahead of one that is taken now, and forget the one before it."""
        before = self._begun.pop(number - 1, None)
        if before is not None:  # it may have been refused for another reason while it is still computed
            before.ctx.cancel()
        self._turn = number
        for each in range(self._next, min(number + AHEAD, len(self._files))):
            part = _Part(self._ctx)
            self._begun[each] = _Begun(part, self._pool.submit(self._analysed, self._files[each], part))
            self._next = each + 1

    def fingerprint(self, path: Path, ctx: Context) -> str:
        """Return the SHA-256 of a clip's bytes; see `Work`."""
        return self._taken(ctx)[0]

    def predict(self, path: Path, key: RunKey, stretch: Stretch | None, ctx: Context) -> ClipAnalysis:
        """Return the predictions of a clip; see `Work`."""
        found = self._taken(ctx)[1]
        if found is not None and found.key == key:
            return found
        with self._analyser() as analyser:
            return computed([analyser], path, key.media_sha256, ctx, stretch)[0]

    def measure(self, path: Path, analysis: ClipAnalysis, ctx: Context) -> ClipMeasures:
        """Return the measures of a clip; see `Work`."""
        here = self._here
        if here.finder is None:
            raise RuntimeError("there is no finder of meshes")
        return measure_clip(path, analysis, ctx, finder=here.finder, field_of_view_deg=here.field_of_view_deg)

    def judge(
        self, path: Path, analysis: ClipAnalysis, spans: Sequence[tuple[int, float, float]], ctx: Context
    ) -> ClipVerdicts:
        """Return the verdicts on a clip; see `Work`."""
        if self._here.reader is None:
            raise RuntimeError("there is no model of categories")
        return self._here.reader.of_clip(path, analysis, spans, ctx)

    def _taken(self, ctx: Context) -> tuple[str, ClipAnalysis | None]:
        begun = self._begun[self._turn]
        while True:
            ctx.progress(*begun.ctx.last)
            try:
                return begun.found.result(_LOOK_S)
            except NotYet:
                if begun.found.done():  # it ended in this moment, perhaps by such an exception of its own
                    return begun.found.result()

    def _analysed(self, path: Path, ctx: _Part) -> tuple[str, ClipAnalysis | None]:
        """Analyse a clip in a thread of the pool."""
        here = self._here
        ctx.check()
        with self._analyser() as analyser, steady(path):
            sha256 = media_hash(path, ctx)
            key = self._key(sha256)
            if here.project is not None:
                clip = db.clips.by_hash(here.project, sha256)
                if clip is not None and analysis_for(here.project, clip, key) is not None:
                    return sha256, None
            return sha256, computed([analyser], path, sha256, ctx, here.stretch)[0]

    @contextmanager
    def _analyser(self) -> Iterator[Analyser]:
        analyser = self._free.get()
        try:
            yield analyser
        finally:
            self._free.put(analyser)
