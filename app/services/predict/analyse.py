"""Whole-clip analysis: decoding, following faces, and cutting them out and predicting overlap, each in a thread."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from app.addresses import Place
from app.domain.analysis import AnalysedPart, ClipAnalysis, RunKey
from app.domain.emotions import FERPLUS
from app.domain.media import Frame
from app.domain.stretch import Stretch
from app.domain.words import many
from app.errors import UserError
from app.faces.tracking import FrameFaces
from app.jobs import Context
from app.media.probe import media_hash
from app.media.steady import steady
from app.services.predict.ahead import DecodeAhead
from app.services.predict.gather import Gather
from app.services.predict.pipeline import FacePipeline
from app.services.predict.readers import open_reader
from app.services.predict.work import Work
from db.project import Project

PART_S: Final = 0.25
"""Seconds between two parts of a clip's predictions that are told while it is analysed."""


class Analyser:
    """Analyses clips with one detector and one model, which are opened once.

    Args:
        model: Name of a frame model; None for the one in use.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        detector: "mtcnn" or "yunet".
        project_path: The project whose own models count, too; None for no project.
        on_part: Receives what was predicted since the last call, a few times a second, while a clip is analysed; it is
            called in the thread that analyses. None for nobody.

    Raises:
        UserError: A model is missing or damaged, or cannot run on the device.
    """

    def __init__(
        self,
        model: str | None = None,
        device: str = "auto",
        detector: str = "mtcnn",
        project_path: Place | None = None,
        on_part: Callable[[AnalysedPart], None] | None = None,
    ) -> None:
        self.on_part = on_part
        self.pipeline = FacePipeline(model, device, detector, project_path=project_path)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="predict")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the prediction thread."""
        self._pool.shutdown(wait=True)

    def analyse(
        self,
        path: Path,
        ctx: Context,
        *,
        project: Project | None = None,
        stretch: Stretch | None = None,
        work: Work | None = None,
    ) -> ClipAnalysis:
        """Predict every face of a clip. With a project, stored results are used and new ones stored.

        Args:
            path: A video or an image.
            ctx: Receives the progress in frames, and can cancel.
            project: The project to use, to which the clip is added if it is new; None for no project.
            stretch: The part of the clip to predict, which must not be stored in a project; None for the whole clip.
            work: Who computes; None for this analyser.

        Raises:
            ValueError: A part was to be stored in a project.
            UserError: The file cannot be read or has no decodable frame, or the clip has no frame in the stretch.
            Cancelled: The user cancelled; nothing is kept.
        """
        if project is not None and stretch is not None:
            raise ValueError("predictions of a part of a clip are not kept in a project")
        with steady(path):
            return self._analysed(path, ctx, project, stretch, work)

    def _analysed(
        self, path: Path, ctx: Context, project: Project | None, stretch: Stretch | None, work: Work | None
    ) -> ClipAnalysis:
        sha256 = media_hash(path, ctx) if work is None else work.fingerprint(path, ctx)
        key = self.key(sha256)
        if project is None:
            return self._compute(path, key, ctx, stretch, work)
        from app.services.predict.stored import analysis_for, clip_of, store
        from app.services.projects.files import add_clip

        clip = clip_of(project, path, sha256)
        if clip is None:
            clip = add_clip(project, path, ctx)
        known = analysis_for(project, clip, key)
        if known is not None:
            return known
        analysis = self._compute(path, key, ctx, None, work)
        store(project, clip, analysis)
        return analysis

    def key(self, sha256: str) -> RunKey:
        """Return the key of this analyser's predictions of a clip, which holds everything that they depend on.

        Args:
            sha256: SHA-256 of the clip's bytes.
        """
        return RunKey(sha256, self.pipeline.card.name, self.pipeline.model_sha256, self.pipeline.parameters())

    def gatherer(self, seconds: dict[str, float]) -> Gather:
        """Return an object that collects a clip's faces for this analyser's model; `seconds` receives its time."""
        return Gather(self.pipeline, self._pool, seconds)

    def _compute(
        self, path: Path, key: RunKey, ctx: Context, stretch: Stretch | None, work: Work | None
    ) -> ClipAnalysis:
        if work is not None:
            return work.predict(path, key, stretch, ctx)
        return computed([self], path, key.media_sha256, ctx, stretch)[0]


def computed(
    analysers: Sequence[Analyser], path: Path, sha256: str, ctx: Context, stretch: Stretch | None = None
) -> list[ClipAnalysis]:
    """Predict every face of a clip with one or several models on the same faces, which are found once.

    Args:
        analysers: One or more analysers; the detector of the first one finds the faces.
        path: A video or an image.
        sha256: SHA-256 of its bytes.
        ctx: Receives the progress in frames, and can cancel.
        stretch: The part of the clip to predict; None for the whole clip.

    Returns:
        One analysis for each analyser; nothing is stored.

    Raises:
        UserError: The file cannot be read or has no decodable frame.
        Cancelled: The user cancelled.
    """
    began_s = time.perf_counter()
    spent: list[dict[str, float]] = [{"predict": 0.0} for _ in analysers]
    with open_reader(path, ctx) as reader:
        gathers = [one.gatherer(seconds) for one, seconds in zip(analysers, spent, strict=True)]
        part = None if stretch is None else stretch.frames(reader.index.times_s, path.name)
        first, end = part or (0, len(reader))
        with DecodeAhead(reader, ctx, first, end) as ahead:
            # One model's thread judges the faces beside the tracker; several would each do it again.
            frames = _counted(ahead, ctx, first, end, path.name)
            tracked = analysers[0].pipeline.track(frames, ctx, judge=len(gathers) > 1)
            tellers = [
                _Teller(one, gather, sha256) for one, gather in zip(analysers, gathers, strict=True) if one.on_part
            ]
            tracked_s = _consume(tracked, gathers, tellers, ctx)
        for gather in gathers:
            gather.flush()
        waiting_s = ahead.waiting_s + sum(gather.waiting_s for gather in gathers)
        for seconds in spent:
            seconds["decode"] = ahead.decode_s
            seconds["faces"] = tracked_s - waiting_s
        info = reader.info
        complete, note = info.complete, info.note
        times_s, lost_idx = reader.index.times_s, np.array(reader.skipped_idx, np.int32)
        if len(lost_idx):
            complete = False
            if not reader.index.fragile:  # the index has not met them and says nothing of them
                note = f"{note} {many(len(lost_idx), 'damaged frame')} could not be decoded.".strip()
    if len(lost_idx) == end - first:
        raise UserError(f"{path} has no frame that can be decoded.", "Check the file in another player.")
    out = []
    for one, gather, seconds in zip(analysers, gathers, spent, strict=True):
        tracks = gather.tracks(one.pipeline.smoothing)
        nobody = f"No face was found in this {'clip' if part is None else 'part'}."
        seconds["total"] = time.perf_counter() - began_s
        out.append(
            ClipAnalysis(
                key=one.key(sha256),
                provider=one.pipeline.model.provider,
                times_s=times_s,
                lost_idx=lost_idx,
                width=info.width,
                height=info.height,
                tracks=tracks,
                complete=complete,
                note=note if tracks else f"{note} {nobody}".strip(),
                seconds=seconds,
                stretch=part,
            )
        )
    return out


class _Teller:
    """Tells what is predicted while a clip is analysed, a few times a second."""

    def __init__(self, analyser: Analyser, gather: Gather, sha256: str) -> None:
        self._analyser, self._gather, self._sha256 = analyser, gather, sha256
        self._last_s = time.monotonic()

    def tell(self) -> None:
        """Tell what is new, unless something was told just now."""
        on_part = self._analyser.on_part
        if on_part is None or time.monotonic() - self._last_s < PART_S:
            return
        self._last_s = time.monotonic()
        faces, answers = self._gather.fresh()
        if not faces:
            return
        probabilities = np.concatenate([one.probabilities for one in answers]).astype(np.float32)
        on_part(
            AnalysedPart(
                media_sha256=self._sha256,
                model=self._analyser.pipeline.card.name,
                frame_idx=np.array([face.frame_idx for face in faces], np.int32),
                track_ids=np.array([face.track_id for face in faces], np.int32),
                probabilities=probabilities,
                valence_arousal=np.concatenate([one.valence_arousal for one in answers]).astype(np.float32),
                classes=FERPLUS if probabilities.shape[1] else (),
            )
        )


def _counted(frames: Iterable[Frame], ctx: Context, first: int, end: int, name: str) -> Iterator[Frame]:
    """Pass frames on and report the progress."""
    for frame in frames:
        ctx.progress(frame.frame_idx + 1 - first, end - first, f"analysing {name}")
        yield frame


def _consume(
    tracked: Iterator[FrameFaces], gathers: Sequence[Gather], tellers: Sequence[_Teller], ctx: Context
) -> float:
    """Run the tracker to its end; wall seconds of it."""
    began_s = time.perf_counter()
    for each in tracked:
        for gather in gathers:
            gather.add(each, ctx.check)
        for teller in tellers:
            teller.tell()
    return time.perf_counter() - began_s
