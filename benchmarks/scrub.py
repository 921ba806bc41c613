"""Dragging the position bar of a clip in the real window: pictures a second, and the frame after the release.

    python -m benchmarks.scrub [CLIP] [--seconds 4] [--repeats 3] [--quick] [--json OUT]

The clip is that of `benchmarks.overload`. The mouse is pressed at the left end of the bar, moved to the right end at 60
events a second, and released near it; a second drag goes back. The program prints medians over the drags: pictures
painted a second while dragging, the longest time without a new one, the time from the release until the wanted frame is
painted, and how often the barcode shows exactly that frame. For comparison it prints how long plain PyAV with all
threads takes in the same minute from the keyframe to that frame.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import av
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from real_window import Witness, open_desk, pump, rest, write_clip
from rows import Row, arguments, show

from app.ui.screens.review.view import ReviewScreen

EVENTS_PER_S: Final = 60.0
PICTURES_PER_S, EXACT_AFTER_S = 15.0, 0.3
"""What is wanted while the bar is dragged, and after it is released."""


def mouse(bar: QWidget, kind: QEvent.Type, x: float) -> None:
    """Send the event that a mouse sends."""
    at = QPointF(x, bar.height() / 2)
    down = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    place = QPointF(bar.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(bar, QMouseEvent(kind, at, place, button, down, Qt.KeyboardModifier.NoModifier))


def plain(path: Path, key_s: float, wanted_s: float) -> float:
    """Return the seconds that PyAV takes from a keyframe to a frame."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        began_s = time.perf_counter()
        container.seek(round(key_s * av.time_base))
        for frame in container.decode(stream):
            if frame.time is not None and frame.time >= wanted_s - 1e-6:
                frame.to_ndarray(format="bgra")
                break
        return time.perf_counter() - began_s


def drag(desk: ReviewScreen, witness: Witness, start: float, end: float, seconds: float) -> dict[str, float]:
    """Drag from one share of the bar to another, release there, and return what was measured."""
    bar, sought = desk.centre.transport.bar, list[float]()
    bar.sought.connect(sought.append)
    width = bar.width() - 14
    mouse(bar, QEvent.Type.MouseButtonPress, 7 + start * width)
    rest(0.3)
    witness.seen.clear()
    began_s = time.perf_counter()
    while (share := (time.perf_counter() - began_s) / seconds) < 1:
        mouse(bar, QEvent.Type.MouseMove, 7 + (start + (end - start) * share) * width)
        rest(1 / EVENTS_PER_S)
    released_s = time.perf_counter()
    mouse(bar, QEvent.Type.MouseButtonRelease, 7 + end * width)
    index_times = desk.player.times_s
    wanted = int(np.searchsorted(index_times, sought[-1] + 1e-6, side="right")) - 1
    way = [each.at_s for each in witness.seen]
    pump(lambda: bool(witness.seen) and witness.seen[-1].number == wanted and desk.player.frame_idx == wanted)
    exact_s = max(witness.seen[-1].at_s - released_s, 0.0)
    rest(0.5)
    bar.sought.disconnect(sought.append)
    return {
        "pictures_per_s": len(way) / (released_s - began_s),
        "longest_gap_s": float(np.diff([began_s, *way, released_s]).max()),
        "exact_after_s": exact_s,
        "exact": float(witness.seen[-1].number == wanted),
        "wanted": float(wanted),
    }


def measure(path: Path, folder: Path, seconds: float, repeats: int) -> list[dict[str, float]]:
    """Drag to the right and back several times, each time followed by PyAV."""
    runs = []
    with open_desk(path, folder) as (_window, desk):
        witness, reader_times = Witness(desk), desk.player.times_s
        for turn in range(repeats):
            for start, stop in ((0.0, 1.0 - 0.03 * turn), (1.0, 0.02 + 0.05 * turn)):
                found = drag(desk, witness, start, stop, seconds)
                wanted = int(found["wanted"])
                key = wanted // 250 * 250
                found["plain_s"] = plain(path, float(reader_times[key]), float(reader_times[wanted]))
                runs.append(found)
    return runs


def judged(runs: list[dict[str, float]]) -> list[Row]:
    """Return the rows of the table."""
    of = {name: [run[name] for run in runs] for name in runs[0]}
    after, exact = of["exact_after_s"], [sum(of["exact"])]
    return [
        Row.of("dragging: pictures", of["pictures_per_s"], "/s", [PICTURES_PER_S], "bound", least=1.0),
        Row.of("dragging: longest gap", of["longest_gap_s"], "s", [1 / PICTURES_PER_S], "evenly spread"),
        Row.of("exact frame after the release", after, "s", [EXACT_AFTER_S], "bound", most=1.0),
        Row.of("exact frame after the release, longest", [max(after)], "s", [EXACT_AFTER_S], "bound", most=1.0),
        Row.of("exact frame after the release", after, "s", of["plain_s"], "PyAV from the keyframe"),
        Row.of("drags that end on the exact frame", exact, "", [float(len(runs))], "drags", least=1.0),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__)
    parser.add_argument("clip", nargs="?", type=Path, help="a clip that `benchmarks.overload` has written")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--frames", type=int, default=1500)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    args = parser.parse_args()
    repeats, frames = (1, 600) if args.quick else (args.repeats, args.frames)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        path = args.clip or write_clip(Path(place) / "clip.mp4", frames, *args.size, faces=1)
        rows = judged(measure(path, Path(place), args.seconds, repeats))
    show(rows, f"Dragging the position bar for {args.seconds:g} s; medians of {2 * repeats} drags", args.json)


if __name__ == "__main__":
    main()
