"""Features of a frame network: its embedding of each picture of the face or of the frame, and class probabilities."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FERPLUS
from app.errors import UserError
from app.inference.cards import ModelCard
from app.inference.face_frame import CropReader, FaceFrameModel
from app.streams.context import ContextPictures
from app.streams.face_crops import FaceCrops, Mask
from app.streams.stream import EVERY_FRAME, Pictures, Rows, StreamSpec

VERSION: Final = 1


class NetworkFeatures:
    """The outputs of a frozen frame network for each picture. The network is opened when there is something to read.

    Of the face, rows hold the embedding and the class probabilities. Of the whole frame they hold the embedding alone,
    because classes of faces mean nothing there.

    Args:
        name: Name of the stream.
        card: The network's card.
        of: "square" or "oval" crops of the face; or the middle square of the frame, "context", and "context_masked"
            with the face covered (Sun et al. 2018, IV-B).
        device: The device on which it runs.
        rate_hz: Pictures per second.

    Raises:
        UserError: The network gives no features, or its card cannot be used.
    """

    def __init__(
        self,
        name: str,
        card: ModelCard,
        of: Mask | Literal["context", "context_masked"],
        device: str = "auto",
        rate_hz: float = EVERY_FRAME,
    ) -> None:
        self._card, self._device = card, device
        self._file = "model" if "model" in card.files else None
        self._model: FaceFrameModel | None = None
        if "embedding" not in card.outputs or "face" not in card.inputs:
            raise UserError(f"{card.name} gives no features.", "Choose a frame model with an embedding.")
        shape = card.outputs["embedding"].shape or (0,)
        crop = CropReader(card.name, card.inputs["face"]).geometry
        self.source: FaceCrops | ContextPictures
        if of == "square" or of == "oval":
            self.source = FaceCrops(crop, of)
        else:
            self.source = ContextPictures(crop.size, of == "context_masked", "centre")
        of_face = isinstance(self.source, FaceCrops)
        classes = FERPLUS if of_face and {"expression", "fer"} & set(card.outputs) else ()
        self.reach = 0
        self.spec = StreamSpec(
            name,
            VERSION,
            int(shape[-1]) + len(classes),
            weights=card.file(self._file).sha256,
            geometry=self.source.geometry | {"network": card.name},
            rate_hz=rate_hz,
            frame_classes=tuple(classes),
        )

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Rows:
        """Return what the network says of N pictures, N×S×S or N×S×S×3 uint8: float32 N×columns."""
        if self._model is None:
            self._model = FaceFrameModel.open(self._card, self._device, file=self._file)
        said = self._model.predict(pictures)
        if said.embedding is None:
            raise UserError(f"{self._card.name} gives no features.", "Choose a frame model with an embedding.")
        parts = [said.embedding, said.probabilities] if self.spec.frame_classes else [said.embedding]
        return np.concatenate(parts, axis=1).astype(np.float32)
