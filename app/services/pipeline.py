"""Detector, tracker, crops and frame model put together, once for live frames and whole clips alike."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from app.domain.emotions import FERPLUS
from app.domain.faces import TrackedFace
from app.domain.live import LiveFace
from app.domain.media import Frame
from app.domain.smoothing import OneEuro, SmoothingSettings
from app.errors import UserError
from app.faces.alignment import aligned_crop
from app.faces.mtcnn import MtcnnDetector
from app.faces.tracking import LIVE, Detector, FaceTracker, FrameFaces, TrackerSettings, track_clip
from app.faces.yunet import YuNetDetector
from app.inference.cards import find_model
from app.inference.face_frame import FaceFrameModel, FramePredictions
from app.jobs import Context

DETECTORS = ("mtcnn", "yunet")


class FacePipeline:
    """What turns frames into predictions of faces.

    Args:
        model: Name of a frame model, None for the one in use.
        device: auto, cpu, cuda, tensorrt or coreml.
        detector: "mtcnn" or, where its file is installed, "yunet".
        project_path: Where the project's own models are looked up.
        threads: CPU threads within one run of the frame model.

    Raises:
        UserError: A model is missing, damaged or cannot run where it was asked to.
    """

    def __init__(
        self,
        model: str | None = None,
        device: str = "auto",
        detector: str = "mtcnn",
        *,
        project_path: Path | None = None,
        threads: int = 1,
    ) -> None:
        self.card = find_model(model, project_path)
        self.model = FaceFrameModel.open(self.card, device, threads)
        self.detector = _detector(detector, device, project_path)
        self.detector_name = detector
        self.settings = TrackerSettings()
        self.smoothing = SmoothingSettings.from_card(self.card.smoothing)
        self._live = FaceTracker(self.detector, LIVE)
        self._filters: dict[int, OneEuro] = {}

    @property
    def provider(self) -> str:
        """The provider that really runs the frame model, with what was asked for where that differs."""
        return self.model.session.provider.short

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the frame model's file, of a variant where one runs."""
        return self.model.session.sha256

    def parameters(self) -> str:
        """Everything besides clip and model that changes the numbers of a whole-clip run, as canonical JSON."""
        facts: dict[str, Any] = {
            "detector": {"name": self.detector_name, **self.detector.parameters},
            "tracker": self.settings.parameters,
            "smoothing": self.smoothing.parameters,
        }
        return json.dumps(facts, sort_keys=True, separators=(",", ":"))

    def track(self, frames: Iterable[Frame], ctx: Context) -> Iterator[FrameFaces]:
        """Whole-clip tracking: every frame once, with its final faces."""
        return track_clip(frames, self.detector, self.settings, ctx)

    def crops(self, frame: Frame, faces: Iterable[TrackedFace]) -> list[Any]:
        """The model's crop of each face, uint8."""
        return [aligned_crop(frame.image, seen.face, self.model.crop_geometry) for seen in faces]

    def predict(self, crops: list[Any]) -> FramePredictions:
        """What the frame model says about crops."""
        return self.model.predict(crops)

    def live(self, frame: Frame) -> tuple[LiveFace, ...]:
        """Follow and predict the faces of the next live frame, smoothed causally; by track id."""
        seen = self._live.update(frame)
        predictions = self.predict(self.crops(frame, seen))
        result = []
        for row, face in enumerate(seen):
            smooth = self._filters.setdefault(face.track_id, OneEuro(self.smoothing))
            probabilities = predictions.probabilities[row]
            values = smooth.step(frame.time_s, [*predictions.valence_arousal[row], *probabilities])
            result.append(
                LiveFace(
                    track_id=face.track_id,
                    face=face.face,
                    quality=face.quality,
                    probabilities=values[2:],
                    classes=FERPLUS if probabilities.size else (),
                    valence=float(values[0]),
                    arousal=float(values[1]),
                )
            )
        return tuple(result)

    def reset(self) -> None:
        """Forget the live faces: another place in the clip, or another clip, follows."""
        self._live = FaceTracker(self.detector, LIVE)
        self._filters.clear()


def _detector(name: str, device: str, project_path: Path | None) -> Detector:
    if name == "mtcnn":
        return MtcnnDetector(device)
    if name == "yunet":
        return YuNetDetector(project_folder=project_path)
    raise UserError(f"There is no detector called {name}.", f"Choose one of {', '.join(DETECTORS)}.")
