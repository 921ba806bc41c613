"""Live inference. It always takes the newest frame, and playback never waits for it.

It has a separate thread instead of the `infer` lane, so that a whole-clip analysis of minutes does not stop it.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from app.addresses import Place, is_server
from app.domain.live import LiveFace, LiveResult
from app.domain.media import Frame
from app.errors import UserError
from app.services.predict.categories import category_reader
from app.services.predict.live_categories import LiveCategories
from app.services.predict.live_measures import LiveMeasures
from app.services.predict.pipeline import FacePipeline
from app.services.predict.rate import Rate
from app.worker import END_WAIT_S, Worker, yield_to_others
from db.project import Project

__all__ = ["LiveAnalyser", "LiveFace", "LiveResult", "LiveStatus"]

log = logging.getLogger(__name__)

JUMP_S: Final = 1.0
"""A gap or a step back larger than this is a seek. Faces are then searched again and recognised by their appearance."""


@dataclass(frozen=True)
class LiveStatus:
    """Figures on how well live inference keeps up.

    Attributes:
        provider: The provider that really runs, in words ("CPU", "CUDA", "CPU (CUDA asked: …)"); "starting" from the
            first submitted frame to the first result, and empty before.
        latency_ms: Median latency of the last results; 0.0 before the first.
        fps: Results per second over the last two seconds; 0.0 in the first half second.
        dropped: Number of submitted frames that a newer one replaced.
    """

    provider: str
    latency_ms: float
    fps: float
    dropped: int


class LiveAnalyser(Worker):
    """Analyses the newest submitted frame in its own thread.

    Args:
        model: Name of a frame model; None for the one in use.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        on_result: Called in the analyser's thread with each result.
        on_error: Called once in the analyser's thread when it has stopped because of an error.
        project_path: The project whose own models count, too; None for no project.
    """

    def __init__(
        self,
        model: str | None,
        device: str,
        on_result: Callable[[LiveResult], None],
        on_error: Callable[[Exception], None],
        project_path: Place | None = None,
    ) -> None:
        super().__init__("live-inference")
        self._model, self._device, self._project_path = model, device, project_path
        self._on_result, self._on_error = on_result, on_error
        self._waiting: tuple[int, Frame, float] | None = None
        self._reset = False
        self._dropped = 0
        self._provider = ""
        self._no_category = ""
        self._latencies_s: deque[float] = deque(maxlen=60)
        self._results = 0
        self._rate = Rate()
        self._measuring = False
        self._begin()

    def submit(self, sequence: int, frame: Frame) -> None:
        """Offer a frame (`rgb24`, or `bgra` as it is shown). It replaces one that still waits. This never blocks."""
        with self._wake:
            if self._waiting is not None:
                self._dropped += 1
            self._provider = self._provider or "starting"
            self._waiting = (sequence, frame, time.perf_counter())
            self._wake.notify()

    def reset(self) -> None:
        """Forget tracked faces because another clip follows."""
        with self._wake:
            self._waiting = None
            self._reset = True

    def set_measuring(self, on: bool) -> None:
        """Say whether faces are measured, too (`LiveFace.measured`), which takes further time for each face."""
        with self._wake:
            self._measuring = on

    @property
    def status(self) -> LiveStatus:
        """Report how it keeps up. This is cheap, and any thread may call it."""
        now_s = time.perf_counter()
        with self._wake:
            latency_ms = 1000 * float(np.median(self._latencies_s)) if self._latencies_s else 0.0
            return LiveStatus(self._provider, latency_ms, self._rate.per_s(now_s), self._dropped)

    def close(self) -> None:
        """Stop and wait for the thread."""
        self._end(END_WAIT_S)

    def _run(self) -> None:
        yield_to_others()
        try:
            pipeline = FacePipeline(self._model, self._device, project_path=self._project_path)
            pipeline.categories = self._categories()
            model = pipeline.live_model
            with self._wake:
                self._provider = pipeline.provider
            last_s = -np.inf
            measures: LiveMeasures | None = None
            while True:
                with self._wake:
                    while self._waiting is None and not self._stop:
                        self._wake.wait()
                    if self._stop or self._waiting is None:
                        return
                    sequence, frame, submitted_s = self._waiting
                    self._waiting = None
                    anew, self._reset = self._reset, False
                    measuring = self._measuring
                if anew:
                    pipeline.reset()
                elif not 0 <= frame.time_s - last_s <= JUMP_S:
                    pipeline.jump()
                if measures is not None and (anew or frame.time_s < last_s or not measuring):
                    measures.reset()
                rgb = _rgb(frame)
                faces = pipeline.live(rgb)
                if measuring:
                    measures = measures or LiveMeasures(self._device)
                    faces = measures.take(rgb.image, frame.time_s, faces)
                last_s = frame.time_s
                now_s = time.perf_counter()
                with self._wake:
                    self._latencies_s.append(now_s - submitted_s)
                    self._results += 1
                    self._rate.add(now_s, self._results)
                self._on_result(LiveResult(sequence, frame.frame_idx, frame.time_s, faces, self._no_category, model))
        except Exception as error:  # told to the owner, who shows it; playback goes on without predictions
            log.info("live inference stopped", exc_info=error)
            self._on_error(error)

    def _categories(self) -> LiveCategories | None:
        """Return the project's model of categories at work; None without one, or where it cannot work live."""
        if self._project_path is None or not (is_server(self._project_path) or Path(self._project_path).is_file()):
            return None
        try:
            with Project.open(self._project_path, read_only=True) as project:
                reader = category_reader(None, project, self._device)
            return None if reader is None else LiveCategories(reader)
        except UserError as error:  # valence and arousal go on; the results say why there are no verdicts
            log.warning("no live verdicts: %s", error)
            self._no_category = error.what
            return None


def _rgb(frame: Frame) -> Frame:
    """The frame as models take it; what the window shows is BGRA, and it must not spend its time on converting."""
    if frame.image.shape[2] == 3:
        return frame
    return replace(frame, image=np.asarray(cv2.cvtColor(frame.image, cv2.COLOR_BGRA2RGB), np.uint8))
