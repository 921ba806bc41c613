"""The frames per second of decoding alone, of inference alone, and of the analysis of a whole clip, in one run.

    python -m benchmarks.analyze [CLIP] [--repeats 5]

Inference alone uses the same sessions, batches and schedule of detection on frames in memory, one step after another.
If decoding and inference took turns, the analysis would reach 1 / (1/decode + 1/inference) frames per second; the
printed ratio compares the analysis with that. The runs take turns and medians are printed, because other programs use
the machine too.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.faces import TrackedFace
from app.domain.media import Frame
from app.inference.face_sequence import TrackState
from app.jobs import Context
from app.media.reader import VideoReader
from app.services.predict.analyse import BATCH, Analyser
from app.services.predict.pipeline import FacePipeline
from app.synthetic.demo_clip import place_demo


def timed(work: Callable[[], int]) -> float:
    """Return the frames per second of one run."""
    began_s = time.perf_counter()
    frames = work()
    return frames / (time.perf_counter() - began_s)


def decode(path: Path) -> int:
    """Decode every frame to RGB, as analysis does, and return their number."""
    with VideoReader(path) as reader:
        return sum(1 for _ in reader.frames())


def infer(pipeline: FacePipeline, frames: list[Frame]) -> int:
    """Follow faces in frames in memory and predict them in batches; return the number of frames."""
    crops: list[Any] = []
    faces: list[TrackedFace] = []
    memory: dict[int, TrackState] = {}
    for each in pipeline.track(frames, Context()):
        crops += pipeline.crops(each.frame, each.faces)
        faces += each.faces
        while len(crops) >= BATCH:
            pipeline.predict(crops[:BATCH], faces[:BATCH], memory)
            del crops[:BATCH], faces[:BATCH]
    if crops:
        pipeline.predict(crops, faces, memory)
    return len(frames)


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", nargs="?", type=Path, help="default: the demo clip")
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Analyser(device="cpu") as analyser:
        clip = args.clip or place_demo(Path(folder) / "demo.mp4").path
        with VideoReader(clip) as reader:
            frames = list(reader.frames())
        rates: dict[str, list[float]] = {"decode": [], "inference": [], "whole": []}
        analyser.analyse(clip, Context())  # warm: indexes, sessions, caches of the disk
        for _ in range(args.repeats):
            rates["decode"].append(timed(lambda: decode(clip)))
            rates["inference"].append(timed(lambda: infer(analyser.pipeline, frames)))
            rates["whole"].append(timed(lambda: len(analyser.analyse(clip, Context()).times_s)))
        median = {name: statistics.median(values) for name, values in rates.items()}
        ratios = [w * (1 / d + 1 / i) for d, i, w in zip(*rates.values(), strict=True)]
        print(f"{clip.name}: {len(frames)} frames, {args.repeats} runs, medians")
        for name, value in median.items():
            print(f"  {name:<10} {value:8.1f} frames/s")
        print(f"  whole against 1/(1/decode + 1/inference): {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
