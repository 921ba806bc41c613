"""Memory of the real window while it analyses and plays for a long time.

    python -m benchmarks.memory [--minutes 20] [--quick] [--json OUT]

The window plays a clip with a face with live predictions, from its start again and again, seeks in it, and analyses one
new clip after the other meanwhile. The resident memory is read twice a second. Its median in the last quarter is
compared with that of the second one. In a run of 20 minutes or more, caches are full after the first quarter, and it
should no longer grow; of a shorter one nothing is wanted. The number of threads is compared likewise.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import psutil
from real_window import open_window, other_file, project_with, pump, rest, set_live, write_clip
from rows import Row, arguments, show

from app.services.projects.files import add_clip

GROWTH: Final = 1.05
LONG_MINUTES: Final = 20.0
LOOK_S: Final = 0.5


def watch(folder: Path, minutes: float) -> tuple[list[float], list[int], int]:
    """Analyse and play; return megabytes and threads at even distances, and the number of analysed clips."""
    played = write_clip(folder / "played.mp4", 300, 1280, 720, rate=30, faces=1)
    source = write_clip(folder / "source.mp4", 60, 640, 360, rate=30, faces=1)
    process = psutil.Process()
    megabytes: list[float] = []
    threads: list[int] = []
    analysed = begun = 0
    with open_window(project_with([played], folder / "memory.affectograph")) as (window, desk):
        pump(lambda: desk.player.frame_idx == 0)
        set_live(desk, True)
        end_s = time.monotonic() + 60 * minutes

        def done() -> None:
            nonlocal analysed
            analysed += 1

        desk.analysis.ended.connect(done)
        while time.monotonic() < end_s:
            project = window.context.project
            if project is None:
                raise RuntimeError("the project was closed")
            if begun == analysed:
                path = other_file(source, folder / f"clip{begun:05d}.mp4", begun)
                desk.analysis.start([add_clip(project, path)])
                begun += 1
            if not desk.player.playing:
                desk.player.seek(0.37 * (len(megabytes) % 20))
                desk.player.play()
            rest(LOOK_S)
            megabytes.append(process.memory_info().rss / 1e6)
            threads.append(threading.active_count())
        desk.player.pause()
        pump(lambda: begun == analysed)
    return megabytes, threads, analysed


def judged(megabytes: list[float], threads: list[int], most: float | None) -> list[Row]:
    """Return the rows of the table; `most` is the growth of memory that is allowed, None for a short run."""
    quarter = max(len(megabytes) // 4, 1)
    second, last = slice(quarter, 2 * quarter), slice(-quarter, None)
    middle = statistics.median
    grown, early = [middle(megabytes[last])], [middle(megabytes[second])]
    alive, before = [float(middle(threads[last]))], [float(middle(threads[second]))]
    return [
        Row.of("memory in the last quarter", grown, "MB", early, "in the second quarter", most=most),
        Row.of("largest memory", [max(megabytes)], "MB", early, "in the second quarter"),
        Row.of("threads in the last quarter", alive, "", before, "in the second quarter", most=1.1),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__, repeats=1)
    parser.add_argument("--minutes", type=float, default=20.0)
    args = parser.parse_args()
    minutes = min(args.minutes, 1.0) if args.quick else args.minutes
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        megabytes, threads, analysed = watch(Path(place), minutes)
    heading = f"Playing with live predictions for {minutes:g} minutes while {analysed} clips are analysed"
    most = GROWTH if minutes >= LONG_MINUTES else None
    show(judged(megabytes, threads, most), heading, args.json)


if __name__ == "__main__":
    main()
