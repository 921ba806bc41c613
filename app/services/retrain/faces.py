"""The faces of a clip as models read them (crops, landmarks, features). They are found once and stored."""

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
from app.inference.face_frame import FaceFrameModel
from app.inference.geometry import CropGeometry
from app.jobs import Context
from app.services.predict.kept import clip_folder, digest, read_arrays, write_arrays
from app.services.predict.tracks import TrackBank, rows_of_item
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
        key: Hash of everything that these rows depend on.
        sha256: SHA-256 of the clip's bytes.
    """

    frame_idx: NDArray[np.int32]
    times_s: NDArray[np.float64]
    track_id: NDArray[np.int32]
    crops: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    boxes: NDArray[np.float32]
    key: str
    sha256: str

    def rows_of(self, source: Source, item: ItemRecord) -> NDArray[np.int64]:
        """Return the rows of the face that an item is about, in time order; empty if these faces do not include it.

        Args:
            source: The project, or a session of it, that holds the item's target track.
            item: The item.
        """
        return rows_of_item(source, item, self.frame_idx, self.times_s, self.track_id, self.boxes)


@dataclass(frozen=True, eq=False)
class FaceFeatures:
    """Outputs of a frozen frame model for the rows of `ClipFaces`.

    Attributes:
        embedding: float32 N×D.
        valence_arousal: float32 N×2.
        probabilities: float32 N×8 over FERPlus' classes, N×0 if the model gives none.
    """

    embedding: NDArray[np.float32]
    valence_arousal: NDArray[np.float32]
    probabilities: NDArray[np.float32]


class FaceBank:
    """Cuts the faces of clips out once and stores them in the user's data folder for later calls.

    Faces are found and followed once for all geometries (`app.services.predict.tracks`).

    Args:
        geometry: The geometry of the crops.
        device: The device for the detector.
        tracks: The bank of face tracks; None makes one.
    """

    def __init__(self, geometry: CropGeometry, device: str = "auto", tracks: TrackBank | None = None) -> None:
        self._geometry = geometry
        self._tracks = tracks or TrackBank(device)

    def faces(self, path: Path, sha256: str, ctx: Context) -> ClipFaces:
        """Return the faces of a clip.

        Args:
            path: The clip's file.
            sha256: SHA-256 of its bytes.
            ctx: Receives the progress in frames, and can cancel.

        Raises:
            UserError: The clip cannot be read.
            Cancelled: The user cancelled; nothing incomplete is kept.
        """
        key = digest([VERSION, sha256, self._geometry.__dict__, *self._tracks.parameters])
        kept = clip_folder(sha256) / f"faces-{key}.npz"
        arrays = read_arrays(kept)
        if arrays is None:
            arrays = self._find(path, sha256, ctx)
            write_arrays(kept, arrays)
        return ClipFaces(**arrays, key=key, sha256=sha256)

    def _find(self, path: Path, sha256: str, ctx: Context) -> dict[str, NDArray[Any]]:
        side = self._geometry.size
        shape = (0, side, side) if self._geometry.grey else (0, side, side, 3)
        rows: list[tuple[int, float, int]] = []
        crops: list[NDArray[np.uint8]] = []
        points: list[NDArray[np.float32]] = []
        boxes: list[NDArray[np.float32]] = []
        for seen in self._tracks.walk(path, sha256, ctx):
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
    """Return the frozen model's features of some rows, which are computed once for each clip and model.

    Raises:
        UserError: The model gives no embedding.
    """
    kept = clip_folder(faces.sha256) / f"features-{digest([FEATURES_VERSION, faces.key, model.session.sha256])}.npz"
    arrays = read_arrays(kept)
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
        write_arrays(kept, arrays)
    return FaceFeatures(*(arrays[name][rows] for name in ("embedding", "valence_arousal", "probabilities")))
