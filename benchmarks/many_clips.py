"""Projects with thousands of clips: adding one, the list, choosing a clip.

    python -m benchmarks.many_clips [--clips 5000] [--repeats 3] [--quick] [--json OUT]

The clips are copies of one that is very short, each with a fingerprint of its own. They are added as the window and
`affectograph project add` add them, in parts of 100. The processor time of a clip in the last parts is compared with
that in the parts around the five-hundredth clip: it should not grow. Then the real window opens the project, and
another one with 50 of the clips in turn. Measured is the time until the list of clips is complete and painted, how long
reading it again takes, and how long it takes from choosing a clip far below to its first picture.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from PySide6.QtCore import QEvent, QObject
from real_window import open_window, other_file, pump, write_clip
from rows import Row, arguments, show

from app.services.projects.files import add_clips, create_project
from app.ui.screens.review.view import ReviewScreen

FEW: Final = 500
SMALL: Final = 50
PART: Final = 100
LIST_S: Final = 0.3
ADD_S: Final = 30.0
CHOSEN_S: Final = 0.5


def add_all(folder: Path, count: int) -> tuple[Path, Path, list[float], float]:
    """Make a project with all clips and a small one.

    Returns:
        Both, the processor milliseconds of a clip in each part, and the seconds that adding all took.
    """
    source = write_clip(folder / "source.mp4", 3, 64, 48)
    paths = [other_file(source, folder / f"clip{number:05d}.mp4", number) for number in range(count)]
    small, large = folder / "small.affectograph", folder / "large.affectograph"
    with create_project(small) as project:
        add_clips(project, paths[:SMALL])
    parts_ms = []
    began_s = time.perf_counter()
    with create_project(large) as project:
        for first in range(0, count, PART):
            part = paths[first : first + PART]
            cpu_s = time.process_time()
            if add_clips(project, part).refused:
                raise RuntimeError("a clip was refused")
            parts_ms.append(1e3 * (time.process_time() - cpu_s) / len(part))
    return small, large, parts_ms, time.perf_counter() - began_s


class Painted(QObject):
    """Counts how often a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count the paintings."""
        self.times += event.type() == QEvent.Type.Paint
        return False


def listed(desk: ReviewScreen, count: int, begin: Callable[[], object]) -> float:
    """Return the seconds until the list of clips is complete and painted."""
    painted, arrived = Painted(), list[int]()
    viewport = desk.clips.list.viewport()
    viewport.installEventFilter(painted)
    desk.clips.known.connect(arrived.append)
    began_s = time.perf_counter()
    begin()
    pump(lambda: count in arrived)
    before = painted.times
    desk.clips.list.viewport().update()
    pump(lambda: painted.times > before)
    took_s = time.perf_counter() - began_s
    desk.clips.known.disconnect(arrived.append)
    viewport.removeEventFilter(painted)
    return took_s


def opened(project: Path, count: int) -> tuple[float, float, float]:
    """Return the seconds of opening a project, of reading its list again, and of choosing a clip far below."""
    began_s = time.perf_counter()
    with open_window(project) as (window, desk):
        pump(lambda: desk.clips.model.rowCount() == count)
        first_s = time.perf_counter() - began_s
        pump(lambda: window.context.jobs.busy == 0 and desk.player.frame_idx == 0)
        again_s = listed(desk, count, desk.clips.reload)
        painted: list[float] = []
        desk.centre.video.painted.connect(lambda: painted.append(time.perf_counter()))
        began_s = time.perf_counter()
        desk.clips.list.setCurrentIndex(desk.clips.model.index(count - 3))
        pump(lambda: bool(painted))
        return first_s, again_s, painted[0] - began_s


def measure(folder: Path, count: int, repeats: int) -> list[Row]:
    """Add clips, open projects, and return the rows."""
    small, large, parts_ms, added_s = add_all(folder, count)
    few = min(FEW, count // 2) // PART
    early, late = parts_ms[max(few - 2, 0) : few + 2], parts_ms[-4:]
    opened(small, SMALL)  # modules are imported, files come into the cache
    turns = [(opened(large, count), opened(small, SMALL)) for _ in range(repeats)]
    ours, others = np.array([one for one, _ in turns]), np.array([other for _, other in turns])
    row = Row.of
    against = f"a project of {SMALL}"
    return [
        row(f"adding a clip to {count:,}", late, "ms", [float(np.median(early))], f"to {few * PART:,}", most=1.2),
        row(f"adding {count:,} clips", [added_s], "s", [ADD_S * count / 5000], "bound", most=1.0),
        row(f"list of {count:,} clips is read", ours[:, 1].tolist(), "s", [LIST_S], "bound", most=1.0),
        row(f"list of {count:,} clips is read", ours[:, 1].tolist(), "s", others[:, 1].tolist(), against),
        row(f"window and list of {count:,} clips open", ours[:, 0].tolist(), "s", others[:, 0].tolist(), against),
        row(f"first picture, list of {count:,}", ours[:, 2].tolist(), "s", [CHOSEN_S], "bound", most=1.0),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__)
    parser.add_argument("--clips", type=int, default=5000)
    args = parser.parse_args()
    count, repeats = (min(args.clips, 1500), 2) if args.quick else (args.clips, args.repeats)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        rows = measure(Path(place), count, repeats)
    show(rows, f"{count:,} clips in a project; medians of {repeats}", args.json)


if __name__ == "__main__":
    main()
