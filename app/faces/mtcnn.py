"""MTCNN (Zhang, Zhang, Li and Qiao 2016): proposals, refinement, output. The default detector.

Thresholds, pyramid and suppression are those of the Python package `mtcnn` 1.0.0, whose weights are used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.boxes import Floats, corners, squares, suppress
from app.inference.cards import find_model
from app.inference.session import ProviderReport, Session, open_model

Image = NDArray[np.uint8]

_CELL: Final = 12
"""Side of the P-net's window in pixels."""
_STRIDE: Final = 2
_GREY: Final = (127, 127, 127)
"""Grey level outside the picture, which is zero after normalisation, to within half a level."""
_HALF_FIRST: Final = 0.5
"""A picture is halved before it is reduced to less than this share."""
_FOR_CHANGING_SHAPES: Final = {"tensorrt": "cuda", "coreml": "cpu"}
_MOST_PROPOSALS: Final = 600
"""Number of best proposals that are followed up. Without a limit, a busy texture would take seconds."""


@dataclass(frozen=True)
class MtcnnSettings:
    """How MTCNN searches.

    Attributes:
        min_face: Shorter side of the smallest face looked for, pixels of the frame. Time falls with its square.
        min_share: The same as a share of the frame's shorter side; the larger of the two counts, so that small faces in
            the background of a large frame do not cost time.
        scale_factor: Ratio of the size of one pyramid level to the one before.
        thresholds: Least score after each of P-, R- and O-net.
        refine_threshold: Least score of `refine`, which looks where a face is expected.
    """

    min_face: int = 40
    min_share: float = 0.05
    scale_factor: float = 0.709
    thresholds: tuple[float, float, float] = (0.6, 0.7, 0.8)
    refine_threshold: float = 0.6

    @property
    def parameters(self) -> dict[str, float | int | str]:
        """Return the parameters on which the result depends, for the key of a prediction run."""
        p, r, o = self.thresholds
        return {
            "detector": MtcnnDetector.name, "min_face": self.min_face, "min_share": self.min_share,
            "scale_factor": self.scale_factor, "pnet": p, "rnet": r, "onet": o, "refine": self.refine_threshold,
        }  # fmt: skip


class MtcnnDetector:
    """Finds faces and five landmarks.

    Attributes:
        name: Name that stands in the parameters of a prediction run.
        settings: Parameters of the search.
        provider: The provider on which the networks really run.
    """

    name: Final = "mtcnn"

    def __init__(
        self,
        device: str = "auto",
        min_face: int = 40,
        settings: MtcnnSettings | None = None,
        threads: int = 1,
        project_folder: Path | None = None,
    ) -> None:
        """Open the three networks.

        Args:
            device: See `open_model`; for "tensorrt" the networks run on CUDA and for "coreml" on the CPU, because the
                sizes of their inputs change and those two prepare themselves for each size again.
            min_face: See `MtcnnSettings`; used where `settings` is None.
            settings: Everything at once.
            threads: See `open_model`.
            project_folder: See `app.inference.cards.model_folders`.

        Raises:
            UserError: The model is missing or damaged, or the device cannot be had.
        """
        self.settings = settings or MtcnnSettings(min_face=min_face)
        card = find_model("mtcnn", project_folder)
        device = _FOR_CHANGING_SHAPES.get(device, device)
        self._pnet: Session = open_model(card, device, threads, "pnet")
        self._rnet: Session = open_model(card, device, threads, "rnet")
        self._onet: Session = open_model(card, device, threads, "onet")
        self.provider: ProviderReport = self._onet.provider

    @property
    def parameters(self) -> dict[str, float | int | str]:
        """The parameters on which the result depends, for the key of a prediction run."""
        return self.settings.parameters

    def detect(self, rgb: Image) -> list[Face]:
        """Return all faces of a picture.

        Args:
            rgb: H×W×3 uint8, RGB.

        Returns:
            Faces, best score first; boxes may extend beyond the frame's edge.
        """
        boxes = self._propose(rgb)
        if len(boxes):
            boxes = self._refine_proposals(rgb, boxes)
        if not len(boxes):
            return []
        found, landmarks, scores = self._output(rgb, boxes)
        good = scores > self.settings.thresholds[2]
        found, landmarks, scores = found[good], landmarks[good], scores[good]
        return [_face(found[i], landmarks[i], scores[i]) for i in suppress(found, scores, 0.7, "min")]

    def refine(self, rgb: Image, boxes: Sequence[Floats] | Floats) -> list[Face | None]:
        """Look for faces at expected places with the O-net alone: about 1,500 places per second on one core.

        Args:
            rgb: H×W×3 uint8, RGB.
            boxes: N×4 [x, y, w, h], pixels.

        Returns:
            For each box the face there, or None where there is none.
        """
        places = squares(corners(np.asarray(boxes, np.float32)))
        if not len(places):
            return []
        found, landmarks, scores = self._output(rgb, places)
        least = self.settings.refine_threshold
        return [_face(found[i], landmarks[i], scores[i]) if scores[i] > least else None for i in range(len(places))]

    def _propose(self, rgb: Image) -> Floats:
        height, width = rgb.shape[:2]
        scale = _CELL / max(self.settings.min_face, self.settings.min_share * min(height, width))
        boxes, scores = [], []
        source: cv2.typing.MatLike = rgb
        halved = 1.0
        while min(height, width) * scale >= _CELL:
            # Averages over odd areas are slow, halves are not. A level made from one only a little larger would move
            # the boxes by some pixels.
            while halved * _HALF_FIRST > scale:
                source = cv2.resize(source, (source.shape[1] // 2, source.shape[0] // 2), interpolation=cv2.INTER_AREA)
                halved /= 2
            level = cv2.resize(source, (int(width * scale), int(height * scale)), interpolation=_shrink(scale))
            answer = self._pnet.run({"image": _blob([level])})
            found, score = _windows(answer["boxes"][0], answer["scores"][0, 1], scale, self.settings.thresholds[0])
            keep = suppress(found, score, 0.5)
            boxes.append(found[keep])
            scores.append(score[keep])
            scale *= self.settings.scale_factor
        if not boxes:
            return np.empty((0, 4), np.float32)
        all_boxes, all_scores = np.concatenate(boxes), np.concatenate(scores)
        keep = suppress(all_boxes, all_scores, 0.7)[:_MOST_PROPOSALS]
        return squares(all_boxes[keep])

    def _refine_proposals(self, rgb: Image, boxes: Floats) -> Floats:
        answer = self._rnet.run({"image": _blob(_cut(rgb, boxes, 24))})
        scores = answer["scores"][:, 1]
        good = scores > self.settings.thresholds[1]
        moved = _moved(boxes, answer["boxes"])[good]
        return squares(moved[suppress(moved, scores[good], 0.7)])

    def _output(self, rgb: Image, boxes: Floats) -> tuple[Floats, Floats, Floats]:
        answer = self._onet.run({"image": _blob(_cut(rgb, boxes, 48))})
        size = boxes[:, 2:] - boxes[:, :2] + 1
        shares = answer["landmarks"].reshape(-1, 2, 5).transpose(0, 2, 1)
        landmarks = shares * size[:, None] + boxes[:, None, :2] - 1
        return _moved(boxes, answer["boxes"]), landmarks.astype(np.float32), answer["scores"][:, 1]


def _shrink(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR


def _blob(images: Sequence[cv2.typing.MatLike]) -> Floats:
    """Return pictures of one size as N×3×H×W float32 in −1…1, as the networks were trained."""
    return np.asarray(cv2.dnn.blobFromImages(images, 1 / 128, mean=(127.5, 127.5, 127.5)), np.float32)


def _windows(offsets: Floats, scores: Floats, scale: float, threshold: float) -> tuple[Floats, Floats]:
    """Return the P-net's windows above a threshold as corner boxes in pixels of the frame, with their scores."""
    rows, columns = np.nonzero(scores > threshold)
    low = np.stack([columns, rows], axis=1).astype(np.float32) * _STRIDE
    # The package counts a window from its second pixel to its thirteenth.
    windows = np.concatenate([low + 1, low + _CELL], axis=1)
    moved = windows + offsets[:, rows, columns].T * np.float32(_CELL - 1)
    return np.asarray(moved / scale, np.float32), scores[rows, columns]


def _moved(boxes: Floats, offsets: Floats) -> Floats:
    """Return corner boxes moved by a network's answer, which is in shares of their size."""
    size = boxes[:, 2:] - boxes[:, :2] + 1
    pairs = boxes.reshape(-1, 2, 2) + offsets.reshape(-1, 2, 2) * size[:, None]
    return np.asarray(pairs.reshape(-1, 4), np.float32)


def _cut(rgb: Image, boxes: Floats, side: int) -> list[cv2.typing.MatLike]:
    """Return squares of a picture at a network's size, sampled as TensorFlow's `crop_and_resize` does."""
    height, width = rgb.shape[:2]
    # Its boxes are shares of the size and its pixels of the size less one.
    across, down = (width - 1) / width, (height - 1) / height
    crops = []
    for x1, y1, x2, y2 in boxes.tolist():
        matrix = np.array(
            [[(x2 - x1) * across / (side - 1), 0, x1 * across], [0, (y2 - y1) * down / (side - 1), y1 * down]]
        )
        crops.append(
            cv2.warpAffine(rgb, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=_GREY)
        )
    return crops


def _face(corner_box: Floats, landmarks: Floats, score: float) -> Face:
    x1, y1, x2, y2 = corner_box.tolist()
    return Face(np.array([x1, y1, x2 - x1, y2 - y1], np.float32), landmarks.astype(np.float32), float(score))
