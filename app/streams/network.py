"""Features of a frame network: its embedding of each crop, and its class probabilities."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FERPLUS
from app.errors import UserError
from app.inference.cards import ModelCard
from app.inference.face_frame import CropReader, FaceFrameModel
from app.streams.face_crops import FaceCrops, Mask
from app.streams.stream import Pictures, Rows, StreamSpec

VERSION: Final = 1


class NetworkFeatures:
    """The outputs of a frozen frame network for each crop. The network is opened when there is something to read.

    Args:
        name: Name of the stream.
        card: The network's card.
        mask: Shape of the crops.
        device: The device on which it runs.

    Raises:
        UserError: The network gives no features, or its card cannot be used.
    """

    def __init__(self, name: str, card: ModelCard, mask: Mask, device: str = "auto") -> None:
        self._card, self._device = card, device
        self._file = "model" if "model" in card.files else None
        self._model: FaceFrameModel | None = None
        if "embedding" not in card.outputs or "face" not in card.inputs:
            raise UserError(f"{card.name} gives no features.", "Choose a frame model with an embedding.")
        shape = card.outputs["embedding"].shape or (0,)
        classes = FERPLUS if {"expression", "fer"} & set(card.outputs) else ()
        self.reach = 0
        self.source = FaceCrops(CropReader(card.name, card.inputs["face"]).geometry, mask)
        self.spec = StreamSpec(
            name,
            VERSION,
            int(shape[-1]) + len(classes),
            weights=card.file(self._file).sha256,
            geometry=self.source.geometry | {"network": card.name},
            frame_classes=tuple(classes),
        )

    def rows(self, pictures: Pictures, times_s: NDArray[np.float64]) -> Rows:
        """Return the embedding and class probabilities of N crops, N×S×S or N×S×S×3 uint8: float32 N×columns."""
        if self._model is None:
            self._model = FaceFrameModel.open(self._card, self._device, file=self._file)
        said = self._model.predict(pictures)
        if said.embedding is None:
            raise UserError(f"{self._card.name} gives no features.", "Choose a frame model with an embedding.")
        return np.concatenate([said.embedding, said.probabilities], axis=1).astype(np.float32)
