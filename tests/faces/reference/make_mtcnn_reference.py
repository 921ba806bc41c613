"""Makes mtcnn_networks.npz and mtcnn_faces.json: what the `mtcnn` package answers under TensorFlow.

Run once in an environment of its own (`pip install mtcnn==1.0.0 tensorflow-cpu opencv-python-headless`):

    python tests/faces/reference/make_mtcnn_reference.py --shared FOLDER

FOLDER is the one with the shared media; without it only the committed pictures are used.
"""

import argparse
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import tensorflow as tf
from mtcnn import MTCNN

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PORTRAIT = ROOT / "app" / "synthetic" / "assets" / "portrait.png"


def group_picture(portrait: np.ndarray) -> np.ndarray:
    """Four portraits of different size and light on grey, 480×800×3; the test builds the same."""
    canvas = np.full((480, 800, 3), 120, np.uint8)
    for x, y, width, gain in ((10, 10, 400, 1.0), (430, 20, 320, 0.7), (40, 260, 360, 1.15), (480, 240, 240, 0.9)):
        small = cv2.resize(portrait, (width, width * 9 // 16), interpolation=cv2.INTER_AREA)
        canvas[y : y + small.shape[0], x : x + width] = np.clip(small * gain, 0, 255).astype(np.uint8)
    return canvas


def networks(detector: MTCNN) -> dict[str, np.ndarray]:
    """Answers of the three networks on fixed pictures, stored as uint8 so that no generator has to stay the same."""
    rng = np.random.default_rng(20130407)
    portrait = cv2.cvtColor(cv2.imread(str(PORTRAIT)), cv2.COLOR_BGR2RGB)
    found = {}
    inputs = {
        "pnet": np.stack([cv2.resize(portrait, (61, 47), interpolation=cv2.INTER_AREA)]),
        "rnet": np.concatenate([crops(portrait, 24, rng), rng.integers(0, 256, (2, 24, 24, 3), np.uint8)]),
        "onet": np.concatenate([crops(portrait, 48, rng), rng.integers(0, 256, (2, 48, 48, 3), np.uint8)]),
    }
    names = {"pnet": ("boxes", "scores"), "rnet": ("boxes", "scores"), "onet": ("boxes", "landmarks", "scores")}
    for stage, (net, images) in zip(detector.stages, inputs.items(), strict=True):
        answers = stage.model(tf.constant((images.astype(np.float32) - 127.5) / 128))
        found[f"{net}_image"] = images
        for name, answer in zip(names[net], answers, strict=True):
            found[f"{net}_{name}"] = answer.numpy()
    return found


def crops(portrait: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """Six random squares of the portrait."""
    height, width = portrait.shape[:2]
    out = []
    for _ in range(6):
        size = int(rng.integers(min(height, width) // 5, min(height, width) // 2))
        x, y = int(rng.integers(0, width - size)), int(rng.integers(0, height - size))
        out.append(cv2.resize(portrait[y : y + size, x : x + size], (side, side), interpolation=cv2.INTER_AREA))
    return np.stack(out)


def faces(detector: MTCNN, rgb: np.ndarray) -> list[dict[str, list[float] | float]]:
    """Boxes, landmarks and scores at full precision.

    A larger `min_face_size` would let the package's pyramid end below twelve pixels, which it answers with no face.
    """
    rows = detector.detect_faces(rgb, min_face_size=20, fit_to_image=False, output_type="numpy")
    return [
        {
            "box": [round(float(v), 4) for v in row[1:5]],
            "score": round(float(row[5]), 6),
            "landmarks": [[round(float(x), 4), round(float(y), 4)] for x, y in zip(row[6:11], row[11:16], strict=True)],
        }
        for row in rows
    ]


def main() -> int:
    """Write both files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path)
    args = parser.parse_args()
    detector = MTCNN()
    np.savez_compressed(HERE / "mtcnn_networks.npz", **networks(detector))
    portrait = cv2.cvtColor(cv2.imread(str(PORTRAIT)), cv2.COLOR_BGR2RGB)
    answers = {"portrait.png": faces(detector, portrait), "group": faces(detector, group_picture(portrait))}
    if args.shared:
        picture = cv2.cvtColor(cv2.imread(str(args.shared / "media" / "multi_face.jpg")), cv2.COLOR_BGR2RGB)
        answers["multi_face.jpg"] = faces(detector, picture)
    made = {"tensorflow": tf.__version__, "mtcnn": "1.0.0", "min_face_size": 20, "faces": answers}
    (HERE / "mtcnn_faces.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
