"""YuNet (Wu, Peng and Yu 2023) through OpenCV: a second detector, used when its file is installed."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.errors import UserError
from app.faces.boxes import Floats, corners, overlap, squares
from app.inference.cards import ModelCard, find_model, list_models, verify_file
from app.inference.check import examine

Image = NDArray[np.uint8]

MODEL: Final = "yunet_n_640_640"
_WINDOW: Final = 2.0
"""Side of the part of the picture that `refine` searches, in units of the expected box's side."""
_WINDOW_PIXELS: Final = 160
"""Side in pixels to which that part is reduced. A face of 80 pixels is ample for YuNet."""


def is_installed(project_folder: Path | None = None) -> bool:
    """Return whether YuNet's file is in one of the model folders."""
    return any(card.name == MODEL for card in list_models(project_folder))


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Let OpenCV log only errors while the block runs.

    `FaceDetectorYN` itself asks for the target CPU when it is made; OpenCV 5.0's engine, which knows no other, warns on
    the terminal that it cannot choose (opencv/opencv pull request 29457 takes that back).
    """
    log = cv2.utils.logging
    before = log.getLogLevel()
    log.setLogLevel(min(before, log.LOG_LEVEL_ERROR))
    try:
        yield
    finally:
        log.setLogLevel(before)


class YuNetDetector:
    """Finds faces and five landmarks with OpenCV's `FaceDetectorYN`, on the CPU.

    Attributes:
        name: Name that stands in the parameters of a prediction run.
        card: The model in use.
    """

    name: Final = "yunet"

    def __init__(self, min_face: int = 40, threshold: float = 0.7, project_folder: Path | None = None) -> None:
        """Load the model.

        Args:
            min_face: Shorter side of the smallest face kept, pixels of the frame; larger pictures are reduced so far
                that such a face still has twelve pixels.
            threshold: Least score.
            project_folder: See `app.inference.cards.model_folders`.

        Raises:
            UserError: YuNet is not installed, or its file is damaged.
        """
        if not is_installed(project_folder):
            raise UserError(
                "The detector YuNet is not installed.",
                "Install it from the list under Models, or use mtcnn.",
                f"Run `affectograph models install {MODEL}`, or use mtcnn.",
            )
        self.card: ModelCard = find_model(MODEL, project_folder)
        self._min_face, self._threshold = min_face, threshold
        path = verify_file(self.card)
        examine(path)
        try:
            with _without_warnings():
                self._net = cv2.FaceDetectorYN.create(str(path), "", (320, 320), threshold, 0.3, 500)
        except cv2.error as error:
            raise UserError(f"OpenCV cannot load YuNet ({error.err}).", "Install the model again.") from error
        # The picture's size is state of the network: two threads must not share it.
        self._lock = threading.Lock()

    @property
    def parameters(self) -> dict[str, float | int | str]:
        """The parameters on which the result depends, for the key of a prediction run."""
        return {"detector": self.name, "min_face": self._min_face, "threshold": self._threshold}

    def detect(self, rgb: Image) -> list[Face]:
        """Return all faces of a picture (H×W×3 uint8, RGB), best score first.

        Boxes may extend beyond the frame's edge.
        """
        scale = min(1.0, 12 / self._min_face * 2)
        return [face for face in self._run(rgb, scale, (0, 0)) if float(face.box[2:].min()) >= self._min_face * 0.8]

    def refine(self, rgb: Image, boxes: Sequence[Floats] | Floats) -> list[Face | None]:
        """Look for faces at given places, in a small window around each.

        Args:
            rgb: H×W×3 uint8, RGB.
            boxes: N×4 [x, y, w, h], pixels.

        Returns:
            For each box the face that overlaps it best, or None.
        """
        return [self._at(rgb, np.asarray(box, np.float32)) for box in boxes]

    def _at(self, rgb: Image, box: Floats) -> Face | None:
        square = squares(corners(box))[0]
        side = float(square[2] - square[0])
        grow = side * (_WINDOW - 1) / 2
        height, width = rgb.shape[:2]
        x1, y1 = max(0, int(square[0] - grow)), max(0, int(square[1] - grow))
        x2, y2 = min(width, int(square[2] + grow)), min(height, int(square[3] + grow))
        if x2 - x1 < 12 or y2 - y1 < 12:
            return None
        faces = self._run(rgb[y1:y2, x1:x2], min(1.0, _WINDOW_PIXELS / (side * _WINDOW)), (x1, y1))
        if not faces:
            return None
        shared = overlap(corners(box), corners(np.stack([face.box for face in faces])))[0]
        best = int(shared.argmax())
        return faces[best] if shared[best] >= 0.3 else None

    def _run(self, rgb: Image, scale: float, origin: tuple[int, int]) -> list[Face]:
        height, width = rgb.shape[:2]
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
        if size != (width, height):
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        with self._lock:
            self._net.setInputSize(size)
            answer: Any = self._net.detect(picture)[1]
        rows = np.empty((0, 15), np.float32) if answer is None else np.asarray(answer, np.float32)
        back = np.array([width / size[0], height / size[1]], np.float32)
        faces = []
        for row in sorted(rows, key=lambda r: -float(r[14])):
            box = np.concatenate([row[:2] * back + origin, row[2:4] * back]).astype(np.float32)
            # Its first eye is the person's right one, which the viewer sees on the left: our order already.
            landmarks = (row[4:14].reshape(5, 2) * back + origin).astype(np.float32)
            faces.append(Face(box=box, landmarks=landmarks, score=float(row[14])))
        return faces
