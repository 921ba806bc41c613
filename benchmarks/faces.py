"""The speed of face detectors: our MTCNN, its output network, the tracker, YuNet, and the TensorFlow package `mtcnn`.

    python benchmarks/faces.py                                   # the committed portrait at 640×360
    python benchmarks/faces.py --clip CLIP                       # frames of a clip
    python benchmarks/faces.py --clip CLIP --package-python PY   # PY: interpreter with mtcnn and tensorflow

Each uses one thread (set OMP_NUM_THREADS=1). Figures refer to CPU time, which a busy machine changes less. The
detectors take turns, and medians are printed. Targets on a 640×360 clip: about 80 full detections a second, and more
than 1,000 of the output network alone.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from app.domain.media import Frame
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector
from app.faces.yunet import YuNetDetector, is_installed
from app.media.reader import VideoReader

ROOT = Path(__file__).resolve().parents[1]

PACKAGE = """
import json, os, sys, time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, tensorflow as tf
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
from mtcnn import MTCNN
frames = np.load(sys.argv[1])
detector = MTCNN()
detector.detect_faces(frames[0])
began = time.process_time()
for frame in frames:
    detector.detect_faces(frame)
print(json.dumps(len(frames) / (time.process_time() - began)))
"""


def frames_of(clip: Path | None, count: int) -> list[Frame]:
    """Return the first frames of a clip, or the portrait as it drifts over the picture."""
    if clip is not None:
        with VideoReader(clip) as reader:
            return list(reader.frames(0, count))
    portrait = cv2.imread(str(ROOT / "app" / "synthetic" / "assets" / "portrait.png"))
    if portrait is None:
        raise FileNotFoundError("the portrait that comes with the program is missing")
    picture = cv2.cvtColor(cv2.resize(portrait, (640, 360)), cv2.COLOR_BGR2RGB)
    return [Frame(i, i, i / 25, np.roll(picture, i % 40, axis=1).astype(np.uint8)) for i in range(count)]


def rate(work: Callable[[], int]) -> float:
    """Return the units per second of CPU time."""
    began_s = time.process_time()
    units = work()
    return units / (time.process_time() - began_s)


def package_rate(python: Path, frames: list[Frame]) -> float:
    """Return the frames per second of the package, run by its own interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frames.npy"
        np.save(path, np.stack([frame.image for frame in frames[:20]]))
        child = subprocess.run([python, "-c", PACKAGE, path], capture_output=True, check=True)
    return float(json.loads(child.stdout.splitlines()[-1]))


def main() -> int:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=Path)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--package-python", type=Path)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    frames = frames_of(args.clip, args.frames)
    detector = MtcnnDetector("cpu")
    boxes = [face.box for face in detector.detect(frames[0].image)][:1]
    if not boxes:
        print("The first frame shows no face, so there is nothing to follow.")
        return 1

    work: dict[str, Callable[[], int]] = {
        "MTCNN, full detection": lambda: sum(bool(detector.detect(f.image)) or 1 for f in frames),
        "MTCNN, output network alone": lambda: sum(len(detector.refine(f.image, boxes)) for f in frames),
        "tracker on MTCNN": lambda: sum(1 for _ in track_clip(frames, detector)),
    }
    if is_installed():
        yunet = YuNetDetector()
        work["YuNet (OpenCV)"] = lambda: sum(bool(yunet.detect(f.image)) or 1 for f in frames)
    results: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(args.rounds):
        for name, run in work.items():
            results[name].append(rate(run))
    medians = {name: statistics.median(values) for name, values in results.items()}
    if args.package_python is not None:
        medians["mtcnn package (TensorFlow)"] = package_rate(args.package_python, frames)
    height, width = frames[0].image.shape[:2]
    print(f"{width}×{height}, {len(frames)} frames, {args.rounds} rounds, one thread, per second of CPU time")
    ours = medians["MTCNN, full detection"]
    for name, value in medians.items():
        print(f"{name:30} {value:8.1f}   {value / ours:6.2f} × full detection")
    return 0


if __name__ == "__main__":
    sys.exit(main())
