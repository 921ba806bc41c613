"""Finds the crop geometry that real detections need: `python -m app.learning.frame.crops --data DIR --model FOLDER`.

FER2013 images are crops already. Each validation image is enlarged and put in the middle of a larger picture whose
border repeats its edge, a detector finds the face, and the face is cut again by several geometries; the model then sees
those crops. The row `as given` is the image itself.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.domain.class_metrics import ferplus_majority
from app.domain.faces import Face
from app.faces.alignment import aligned_crop
from app.faces.mtcnn import MtcnnDetector
from app.inference.cards import load_card
from app.inference.face_frame import FaceFrameModel
from app.inference.geometry import CropGeometry
from app.learning.frame.data import VALID, FaceSet, load
from app.learning.process import program

ENLARGE = 4
BORDER = 48

GEOMETRIES: dict[str, CropGeometry] = {
    **{
        f"eyes scale {scale:.3f} height {eye_y:.2f}": CropGeometry(method="eyes", scale=scale, eye_y=eye_y)
        for scale in (0.34, 0.37, 0.40, 0.43)
        for eye_y in (0.36, 0.39, 0.42)
    },
    **{f"box margin {margin:.2f}": CropGeometry(method="box", margin=margin) for margin in (-0.1, 0.0, 0.1, 0.2)},
}


def place(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Enlarge a 48×48 grey face and put it into a larger RGB picture, H×W×3."""
    side = image.shape[0] * ENLARGE
    large = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC)
    border = BORDER * ENLARGE // 2
    framed = cv2.copyMakeBorder(large, border, border, border, border, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB), np.uint8)


def detect(images: npt.NDArray[np.uint8], detector: MtcnnDetector) -> list[Face | None]:
    """Return the largest face of each placed image, or None."""
    found: list[Face | None] = []
    for image in images:
        faces = detector.detect(place(image))
        found.append(max(faces, key=lambda face: float(face.box[2] * face.box[3])) if faces else None)
    return found


def landmark_medians(faces: Sequence[Face]) -> dict[str, Any]:
    """Return the median places of eyes and mouth in the images as given, in shares of the side."""
    points = np.stack([face.landmarks for face in faces]).astype(np.float64)
    share = (points / ENLARGE - BORDER / 2) / 48
    eyes, mouth = share[:, :2].mean(axis=1), share[:, 3:].mean(axis=1)
    across, down = share[:, 1] - share[:, 0], mouth - eyes
    longer = np.maximum(np.hypot(*across.T), np.hypot(*down.T))
    roll = np.degrees(np.arctan2(across[:, 1], across[:, 0]))
    return {
        "eyes_x": float(np.median(eyes[:, 0])),
        "eyes_y": float(np.median(eyes[:, 1])),
        "mouth_y": float(np.median(mouth[:, 1])),
        "scale": float(np.median(longer)),
        "scale_10_90": np.percentile(longer, [10, 90]).tolist(),
        "roll_deviation_deg": float(np.std(roll)),
    }


def study(faces: FaceSet, model: FaceFrameModel, detector: MtcnnDetector) -> dict[str, Any]:
    """Return the accuracies of each geometry on the images whose face was found."""
    found = detect(faces.images, detector)
    rows = np.array([row for row, face in enumerate(found) if face is not None])
    kept_faces = [face for face in found if face is not None]
    subset = faces.take(rows)
    pictures = [place(image) for image in subset.images]
    table = {"as given": _score(model, subset.images, subset)}
    for name, geometry in GEOMETRIES.items():
        crops = np.stack([aligned_crop(p, f, geometry) for p, f in zip(pictures, kept_faces, strict=True)])
        table[name] = _score(model, crops, subset)
    return {"images": len(faces), "found": len(rows), "landmarks": landmark_medians(kept_faces), "geometry": table}


def _score(model: FaceFrameModel, crops: npt.NDArray[np.uint8], faces: FaceSet) -> dict[str, float]:
    says = model.predict(crops)
    kept, top = ferplus_majority(faces.votes)
    scores = {"ferplus_accuracy": float((says.probabilities.argmax(axis=1) == top)[kept].mean())}
    if says.fer is not None:
        scores["fer_accuracy"] = float((says.fer.argmax(axis=1) == faces.fer_label).mean())
    return scores


def _study(given: argparse.Namespace) -> None:
    faces = load(given.data / VALID)
    result = study(
        faces.take(np.arange(min(given.images, len(faces)))),
        FaceFrameModel.open(load_card(given.model), "cpu"),
        MtcnnDetector(),
    )
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, do the work, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.crops", "Measure what crop geometry real detections need.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of a model with its card")
    parser.add_argument("--images", type=int, default=1000, help="number of validation images, from the first on")
    return program.run(parser, _study, argv)


if __name__ == "__main__":
    sys.exit(main())
