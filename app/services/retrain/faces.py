"""The faces of a clip as models read them (crops, landmarks, features). They are found once and stored."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.project import ItemRecord
from app.errors import UserError
from app.faces.alignment import aligned_crop
from app.faces.crop_landmarks import crop_landmarks
from app.faces.mtcnn import MtcnnDetector
from app.faces.tracking import TrackerSettings, track_clip
from app.files import replacing
from app.inference.face_frame import FaceFrameModel
from app.inference.geometry import CropGeometry
from app.jobs import Context
from app.paths import data_dir
from app.services.labels.faces import PlacedTrack, geometries, matching_track
from app.services.predict.readers import open_reader
from db.project import Source

VERSION = 2
"""Raise it when the content of a kept file of faces changes."""
FEATURES_VERSION = 2
"""Version of stored files of features; raise it when their content changes."""


@dataclass(frozen=True, eq=False)
class ClipFaces:
    """All tracked faces of a clip, by time.

    Attributes:
        frame_idx: int32 N.
        times_s: float64 N.
        track_id: int32 N.
        crops: uint8 N×S×S (grey) or N×S×S×3.
        landmarks: float32 N×10, −1…1 over the crop.
        boxes: float32 N×4, x, y, width and height in pixels of the frame.
        key: What these rows depend on.
    """

    frame_idx: NDArray[np.int32]
    times_s: NDArray[np.float64]
    track_id: NDArray[np.int32]
    crops: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    boxes: NDArray[np.float32]
    key: str

    def rows_of(self, source: Source, item: ItemRecord) -> NDArray[np.int64]:
        """Rows of the face that an item is about, in time order; empty where these faces do not have it.

        The face is told by its place in the picture, as everywhere (`app.services.labels.faces`): a number that
        another detector or version gave says nothing.

        Args:
            source: Where the item's target track is.
            item: What was judged.
        """
        where = geometries(source, [item.track_id]).get(item.track_id or 0)
        found = matching_track([self._track(int(number)) for number in np.unique(self.track_id)], item, where)
        return np.flatnonzero(self.track_id == found.track_id) if found is not None else np.empty(0, np.int64)

    def _track(self, number: int) -> PlacedTrack:
        rows = self.track_id == number
        return PlacedTrack(number, self.frame_idx[rows], self.times_s[rows], self.boxes[rows])


@dataclass(frozen=True, eq=False)
class FaceFeatures:
    """Outputs of a frozen frame model for the rows of `ClipFaces`.

    Attributes:
        embedding: float32 N×D.
        valence_arousal: float32 N×2.
        probabilities: float32 N×8 over FERPlus' classes, N×0 where the model gives none.
    """

    embedding: NDArray[np.float32]
    valence_arousal: NDArray[np.float32]
    probabilities: NDArray[np.float32]


class FaceBank:
    """Finds faces once and stores them in the user's data folder for later calls.

    Args:
        geometry: How the crops are cut.
        device: For the detector.
    """

    def __init__(self, geometry: CropGeometry, device: str = "auto") -> None:
        self._geometry = geometry
        self._device = device
        self._settings = TrackerSettings()
        self._detector: MtcnnDetector | None = None

    def faces(self, path: Path, sha256: str, ctx: Context) -> ClipFaces:
        """The faces of a clip.

        Args:
            path: Where it lies.
            sha256: SHA-256 of its bytes.
            ctx: Told of the progress in frames and asked whether to stop.

        Raises:
            UserError: It cannot be read.
            Cancelled: On request; nothing half is kept.
        """
        detector = self._opened()
        facts = [VERSION, sha256, self._geometry.__dict__, detector.parameters, self._settings.parameters]
        key = _digest(facts)
        kept = cache_folder() / f"faces-{key}.npz"
        arrays = _read(kept)
        if arrays is None:
            arrays = self._find(path, detector, ctx)
            _write(kept, arrays)
        return ClipFaces(**arrays, key=key)

    def _opened(self) -> MtcnnDetector:
        if self._detector is None:
            self._detector = MtcnnDetector(self._device)
        return self._detector

    def _find(self, path: Path, detector: MtcnnDetector, ctx: Context) -> dict[str, NDArray[Any]]:
        side = self._geometry.size
        shape = (0, side, side) if self._geometry.grey else (0, side, side, 3)
        rows: list[tuple[int, float, int]] = []
        crops: list[NDArray[np.uint8]] = []
        points: list[NDArray[np.float32]] = []
        boxes: list[NDArray[np.float32]] = []
        with open_reader(path, ctx) as reader:
            total = len(reader)
            for seen in track_clip(reader.frames(), detector, self._settings, ctx):
                ctx.progress(seen.frame.frame_idx, max(total, 1), f"Finding faces in {path.name}")
                for each in seen.faces:
                    rows.append((each.frame_idx, each.time_s, each.track_id))
                    boxes.append(each.face.box)
                    crops.append(aligned_crop(seen.frame.image, each.face, self._geometry))
                points.append(crop_landmarks([each.face for each in seen.faces], self._geometry))
        return {
            "frame_idx": np.array([row[0] for row in rows], np.int32),
            "times_s": np.array([row[1] for row in rows], np.float64),
            "track_id": np.array([row[2] for row in rows], np.int32),
            "crops": np.stack(crops) if crops else np.zeros(shape, np.uint8),
            "landmarks": np.concatenate(points) if points else np.zeros((0, 10), np.float32),
            "boxes": np.stack(boxes).astype(np.float32) if boxes else np.zeros((0, 4), np.float32),
        }


def features(model: FaceFrameModel, faces: ClipFaces, rows: Sequence[int] | NDArray[np.int64]) -> FaceFeatures:
    """The frozen model's features of some rows, which are computed once for each clip and model.

    Raises:
        UserError: The model gives no embedding.
    """
    kept = cache_folder() / f"features-{_digest([FEATURES_VERSION, faces.key, model.session.sha256])}.npz"
    arrays = _read(kept)
    if arrays is None:
        said = model.predict(faces.crops)
        if said.embedding is None and len(faces.crops):
            raise UserError(f"{model.card.name} gives no features.", "Choose a frame model with an embedding.")
        width = model.card.outputs["embedding"].shape if "embedding" in model.card.outputs else None
        size = int((width or (0,))[-1])
        embedding = said.embedding if said.embedding is not None else np.zeros((0, size), np.float32)
        arrays = {
            "embedding": embedding,
            "valence_arousal": said.valence_arousal,
            "probabilities": said.probabilities,
        }
        _write(kept, arrays)
    return FaceFeatures(*(arrays[name][rows] for name in ("embedding", "valence_arousal", "probabilities")))


def cache_folder() -> Path:
    """The folder of stored faces and features, which may be deleted at any time."""
    folder = data_dir() / "features"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _digest(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def _read(path: Path) -> dict[str, NDArray[Any]] | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError):  # missing or damaged: it is found anew
        return None


def _write(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    columns: dict[str, Any] = dict(arrays)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **columns)
