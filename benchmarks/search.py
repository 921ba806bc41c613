"""Following faces in clips that show none for long: a search of every frame against fewer searches, in one run.

    python benchmarks/search.py [--size 1920 1080] [--seconds 4] [--rounds 3]

Backing off is what `track_clip` does: while there is no face, it searches every third frame, and if it finds a face,
the frames before it too. The alternative runs the same tracker on every frame. Both take turns on the same frames with
one thread each (set OMP_NUM_THREADS=1); figures are frames per second of CPU time. The second clip shows a face all the
time; there both must find the same faces at the same cost.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.media import Frame
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector
from app.faces.tracking import FaceTracker

ROOT = Path(__file__).resolve().parents[1]
RATE = 25
Found = list[tuple[int, int, float]]


def without_face(width: int, height: int, count: int) -> list[Frame]:
    """Return frames of smooth noise that drifts."""
    rng = np.random.default_rng(0)
    noise = rng.integers(40, 220, (9, 16, 3)).astype(np.uint8)
    picture = np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    return moving(picture, count)


def with_face(width: int, height: int, count: int) -> list[Frame]:
    """Return frames in which the portrait of the program drifts."""
    portrait = cv2.imread(str(ROOT / "app" / "synthetic" / "assets" / "portrait.png"))
    if portrait is None:
        raise FileNotFoundError("the portrait that comes with the program is missing")
    picture = cv2.cvtColor(cv2.resize(portrait, (width, height)), cv2.COLOR_BGR2RGB)
    return moving(np.asarray(picture, np.uint8), count)


def moving(picture: NDArray[np.uint8], count: int) -> list[Frame]:
    """Return copies of the picture, each moved by one more pixel."""
    return [Frame(i, i, i / RATE, np.ascontiguousarray(np.roll(picture, i, axis=1))) for i in range(count)]


def every_frame(frames: list[Frame], detector: MtcnnDetector) -> Found:
    """Search every frame as long as there is no face."""
    tracker = FaceTracker(detector)
    seen = [face for frame in frames for face in tracker.step(frame)] + tracker.finish()
    return sorted((face.frame_idx, face.track_id, float(face.face.box.sum())) for face in seen)


def backing_off(frames: list[Frame], detector: MtcnnDetector) -> Found:
    """Search as the analysis of clips does."""
    seen = [face for each in track_clip(frames, detector) for face in each.faces]
    return sorted((face.frame_idx, face.track_id, float(face.face.box.sum())) for face in seen)


def timed(work: Callable[[list[Frame], MtcnnDetector], Found], frames: list[Frame], detector: MtcnnDetector) -> float:
    """Return the frames per second of CPU time."""
    began_s = time.process_time()
    work(frames, detector)
    return len(frames) / (time.process_time() - began_s)


def main() -> int:
    """Measure and print the results; return 1 if the two find different faces."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    detector = MtcnnDetector("cpu")
    width, height = args.size
    count = max(round(args.seconds * RATE), 3)
    alike = True
    for name, frames in (
        ("without a face", without_face(width, height, count)),
        ("with a face", with_face(width, height, count)),
    ):
        same = every_frame(frames, detector) == backing_off(frames, detector)  # and warm
        alike = alike and same
        rates: dict[str, list[float]] = {"every frame": [], "backing off": []}
        for _ in range(args.rounds):
            rates["every frame"].append(timed(every_frame, frames, detector))
            rates["backing off"].append(timed(backing_off, frames, detector))
        one, other = (statistics.median(values) for values in rates.values())
        print(
            f"{name}, {width}×{height}, {count} frames: every frame {one:.1f} frames/s, backing off {other:.1f} "
            f"frames/s, ratio {other / one:.2f}; same faces: {'yes' if same else 'NO'}"
        )
    return 0 if alike else 1


if __name__ == "__main__":
    sys.exit(main())
