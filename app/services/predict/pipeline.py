"""Joins detector, tracker, crops and face model, for live frames and whole clips."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.addresses import Place, home_of
from app.domain.emotions import FERPLUS
from app.domain.faces import TrackedFace
from app.domain.live import LiveFace, LiveModel
from app.domain.media import Frame
from app.domain.smoothing import OneEuro, SmoothingSettings
from app.errors import UserError
from app.faces.alignment import aligned_crop
from app.faces.clip_tracks import track_clip
from app.faces.crop_landmarks import crop_landmarks
from app.faces.landmarks68 import PointReader
from app.faces.mtcnn import MtcnnDetector
from app.faces.tracking import LIVE, Detector, FaceTracker, FrameFaces, TrackerSettings
from app.faces.yunet import YuNetDetector
from app.inference import face_sequence
from app.inference.face_frame import FaceFrameModel, FramePredictions, joined_rows
from app.inference.face_sequence import FaceSequenceModel, TrackState
from app.jobs import Context
from app.services.models.in_use import card_in_use
from app.services.predict.live_categories import LiveCategories

DETECTORS = ("mtcnn", "yunet")


class FacePipeline:
    """Turns frames into predictions of faces.

    Args:
        model: Name of a face model (of frames or of sequences); None for the one in use in the project.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        detector: "mtcnn" or, if its file is installed, "yunet".
        project_path: The project whose own models count, too; None for no project.
        threads: CPU threads within one run of the frame model.

    Raises:
        UserError: A model is missing or damaged, or cannot run on the device.
    """

    def __init__(
        self,
        model: str | None = None,
        device: str = "auto",
        detector: str = "mtcnn",
        *,
        project_path: Place | None = None,
        threads: int = 1,
    ) -> None:
        self.card = card_in_use(model, project_path)
        self.model: FaceFrameModel | FaceSequenceModel = (
            FaceSequenceModel.open(self.card, device, threads)
            if self.card.kind == face_sequence.KIND
            else FaceFrameModel.open(self.card, device, threads)
        )
        self._points = PointReader(self.model.points) if isinstance(self.model, FaceSequenceModel) else None
        self.detector = _detector(detector, device, None if project_path is None else home_of(project_path))
        self.detector_name = detector
        self.settings = TrackerSettings()
        self.smoothing = SmoothingSettings.from_card(self.card.smoothing)
        self._live = FaceTracker(self.detector, LIVE)
        self._filters: dict[int, OneEuro] = {}
        self._memory: dict[int, TrackState] = {}
        self.categories: LiveCategories | None = None

    @property
    def provider(self) -> str:
        """The provider that really runs the frame model, and the requested one if it differs."""
        return self.model.session.provider.short

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the frame model's file, or of the variant that runs."""
        return self.model.session.sha256

    def parameters(self) -> str:
        """All parameters besides clip and model that change the numbers of a whole-clip run, as canonical JSON."""
        return self._canonical({"tracker": self.settings.parameters})

    def _canonical(self, facts: dict[str, Any]) -> str:
        both = {
            "detector": {"name": self.detector_name, **self.detector.parameters},
            "smoothing": self.smoothing.parameters,
        }
        return json.dumps(facts | both, sort_keys=True, separators=(",", ":"))

    @property
    def live_model(self) -> LiveModel:
        """What predictions of live frames depend on. They are never taken for those of a whole-clip run."""
        parameters = self._canonical({"tracker": LIVE.parameters, "live": True})
        return LiveModel(self.card.name, self.model_sha256, parameters, self.model.provider)

    def track(self, frames: Iterable[Frame], ctx: Context, *, judge: bool = True) -> Iterator[FrameFaces]:
        """Track faces through a whole clip, and yield every frame once with its final faces; see `track_clip`."""
        return track_clip(frames, self.detector, self.settings, ctx, judge=judge)

    def crops(self, frame: Frame, faces: Iterable[TrackedFace]) -> list[Any]:
        """Return the model's crop of each face, uint8."""
        return [aligned_crop(frame.image, seen.face, self.model.crop_geometry) for seen in faces]

    def predict(
        self, crops: list[Any], faces: Sequence[TrackedFace], memory: dict[int, TrackState]
    ) -> FramePredictions:
        """Predict faces with the model.

        Args:
            crops: One crop for each face.
            faces: The faces, in time order along each track.
            memory: The state of each track. A model with memory reads and replaces it; a frame model ignores it.

        Returns:
            A row for each face.
        """
        model = self.model
        if isinstance(model, FaceFrameModel):
            return model.predict(crops)
        points = crop_landmarks([seen.face for seen in faces], model.crop_geometry)
        if self._points is not None:
            points = self._points.read(crops, points)
        times_s = np.array([seen.time_s for seen in faces], np.float64)
        ids = np.array([seen.track_id for seen in faces], np.int64)
        parts, order = [], []
        for track_id in np.unique(ids).tolist():
            rows = np.flatnonzero(ids == track_id)
            said, state = model.advance([crops[i] for i in rows], points[rows], times_s[rows], memory.get(track_id))
            if state is not None:
                memory[track_id] = state
            parts.append(said)
            order.append(rows)
        if not parts:
            return model.advance([], points, times_s, None)[0]
        return joined_rows(parts, np.concatenate(order))

    def live(self, frame: Frame) -> tuple[LiveFace, ...]:
        """Follow and predict the faces of the next live frame with causal smoothing, ordered by track id."""
        seen = self._live.update(frame)
        predictions = self.predict(self.crops(frame, seen), seen, self._memory)
        said = self.categories.take(frame, seen) if self.categories is not None else {}
        result = []
        for row, face in enumerate(seen):
            smooth = self._filters.setdefault(face.track_id, OneEuro(self.smoothing))
            probabilities = predictions.probabilities[row]
            raw = np.concatenate([predictions.valence_arousal[row], probabilities], dtype=np.float32)
            values = smooth.step(frame.time_s, raw)
            result.append(
                LiveFace(
                    track_id=face.track_id,
                    face=face.face,
                    quality=face.quality,
                    probabilities=values[2:],
                    classes=FERPLUS if probabilities.size else (),
                    valence=float(values[0]),
                    arousal=float(values[1]),
                    category=said.get(face.track_id),
                    raw=raw,
                )
            )
        return tuple(result)

    def jump(self) -> None:
        """Prepare for another place of the same clip. Faces keep their numbers, and the jump is not smoothed."""
        self._live.jump()
        self._forget()

    def reset(self) -> None:
        """Forget the live faces because another clip follows."""
        self._live = FaceTracker(self.detector, LIVE)
        self._forget()

    def _forget(self) -> None:
        self._filters.clear()
        self._memory.clear()
        if self.categories is not None:
            self.categories.forget()


def _detector(name: str, device: str, project_path: Path | None) -> Detector:
    if name == "mtcnn":
        return MtcnnDetector(device)
    if name == "yunet":
        return YuNetDetector(project_folder=project_path)
    raise UserError(f"There is no detector called {name}.", f"Choose one of {', '.join(DETECTORS)}.")
