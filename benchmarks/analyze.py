"""The frames a second of the analysis of a whole clip on two cores, against what the two cores can do at most.

    python -m benchmarks.analyze [CLIP…] [--repeats 3] [--quick] [--json OUT]

Without a clip there are two: the demo clip, and one of 1280×720 with five faces. The bound is measured in turn with
ours: two processes, each kept on a core of its own, do all the work of the analysis for the same clip, one step after
the other in one thread: decoding, finding and following faces, crops and predictions in the same batches. Together they
reach as many frames a second as the cores allow if nobody ever waits. Ours is kept on the same two cores. A second row
compares the processor time of one frame. All know the clip's index already, and none holds the clip in memory.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

from real_window import write_clip
from rows import Row, arguments, show

from app.domain.faces import TrackedFace
from app.inference.face_sequence import TrackState
from app.jobs import Context
from app.services.predict.analyse import Analyser
from app.services.predict.gather import BATCH
from app.services.predict.pipeline import FacePipeline
from app.services.predict.readers import open_reader
from app.synthetic.demo_clip import place_demo

CORES: Final = sorted(os.sched_getaffinity(0))[:2] if hasattr(os, "sched_getaffinity") else []


def one_after_the_other(pipeline: FacePipeline, path: Path) -> int:
    """Decode, follow and predict in this thread; return the number of frames."""
    crops: list[Any] = []
    faces: list[TrackedFace] = []
    memory: dict[int, TrackState] = {}
    count = 0
    with open_reader(path, Context()) as reader:
        for each in pipeline.track(reader.frames(), Context()):
            count += 1
            crops += pipeline.crops(each.frame, each.faces)
            faces += each.faces
            while len(crops) >= BATCH:
                pipeline.predict(crops[:BATCH], faces[:BATCH], memory)
                del crops[:BATCH], faces[:BATCH]
    if crops:
        pipeline.predict(crops, faces, memory)
    return count


def keep_on(cores: list[int]) -> None:
    """Keep this process on these cores, where the system allows it."""
    if hasattr(os, "sched_setaffinity") and cores:
        os.sched_setaffinity(0, cores)


def serve(path: Path, core: int) -> None:
    """Be one of the two processes: do the work at each line that arrives, and print frames, wall and processor time."""
    keep_on([core] if core >= 0 else [])
    pipeline = FacePipeline(device="cpu")
    one_after_the_other(pipeline, path)
    print("ready", flush=True)
    for _ in sys.stdin:
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        frames = one_after_the_other(pipeline, path)
        print(frames, time.perf_counter() - wall_s, time.process_time() - cpu_s, flush=True)


class Bound:
    """The two processes.

    Args:
        path: The clip.
    """

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.analyze", str(path), "--serve"]
        self._processes = [
            subprocess.Popen([*command, str(core)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for core in (CORES if len(CORES) == 2 else (-1, -1))
        ]
        for process in self._processes:
            self._read(process)

    @staticmethod
    def _read(process: "subprocess.Popen[str]") -> str:
        if process.stdout is None:
            raise RuntimeError("the process has no output")
        return process.stdout.readline()

    def run(self) -> tuple[float, float]:
        """Return the frames a second of both together, and the processor seconds of one frame."""
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.write("go\n")
                process.stdin.flush()
        told = [[float(word) for word in self._read(process).split()] for process in self._processes]
        frames = sum(one[0] for one in told)
        return sum(one[0] / one[1] for one in told), sum(one[2] for one in told) / frames

    def close(self) -> None:
        """End both."""
        for process in self._processes:
            process.communicate("")


def measure(name: str, path: Path, repeats: int) -> list[Row]:
    """Compare ours with the bound in turn."""
    ours: list[tuple[float, float]] = []
    bounds: list[tuple[float, float]] = []
    bound = Bound(path)
    try:
        with Analyser(device="cpu") as analyser:
            tracks = len(analyser.analyse(path, Context()).tracks)  # warm: indexes, sessions, caches of the disk
            for _ in range(repeats):
                bounds.append(bound.run())
                wall_s, cpu_s = time.perf_counter(), time.process_time()
                frames = len(analyser.analyse(path, Context()).times_s)
                ours.append((frames / (time.perf_counter() - wall_s), (time.process_time() - cpu_s) / frames))
    finally:
        bound.close()
    what, limit = f"analysis of {name} ({tracks} tracks)", "two cores that never wait"
    return [
        Row.of(what, [rate for rate, _ in ours], "frames/s", [rate for rate, _ in bounds], limit, least=0.95),
        Row.of(
            f"{what}, processor time", [1e3 * s for _, s in ours], "ms/frame", [1e3 * s for _, s in bounds],
            "one step after the other",
        ),
    ]  # fmt: skip


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__)
    parser.add_argument("clips", nargs="*", type=Path, help="default: the demo clip, and one with five faces")
    parser.add_argument("--frames", type=int, default=240, help="length of the clip with five faces")
    parser.add_argument("--serve", type=int, metavar="CORE", help="be one of the two processes of the bound")
    args = parser.parse_args()
    if args.serve is not None:
        serve(args.clips[0], args.serve)
        return
    repeats, frames = (2, 90) if args.quick else (args.repeats, args.frames)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        clips = {path.name: path for path in args.clips} or {
            "the demo clip": place_demo(Path(place) / "demo.mp4").path,
            "five faces": write_clip(Path(place) / "five.mp4", frames, 1280, 720, rate=30, faces=5),
        }
        keep_on(CORES)
        rows = [row for name, path in clips.items() for row in measure(name, path, repeats)]
    show(rows, f"Analysis of whole clips; medians of {repeats} turns", args.json)


if __name__ == "__main__":
    main()
