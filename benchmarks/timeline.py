"""The time that the timeline takes for a long clip, against plain pyqtgraph with all points; and that of smoothing.

    python -m benchmarks.timeline [--samples 1000000] [--repeats 7] [--quick] [--json OUT]

The rows are medians of the processor time of interleaved turns, in milliseconds. Qt's software renderer draws two
curves of so many values in each of two rows, one of them dashed, and a strip of eight probabilities at 1300×420, as on
a screen: what has changed is painted while the events are processed. A redraw zooms to another window, without the
numbers beside the rows, which follow when the view rests. A live answer is taken over in this clip and in one of a
tenth of its length. The alternative are the same two curves as two `PlotCurveItem` of plain pyqtgraph with one-pixel
pens and all points, and for smoothing the track of a face four passes of the live filter in a loop (measured on a
fiftieth of the frames).
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from rows import Row, arguments, show

from app.domain.smoothing import OneEuro, smooth_track
from app.settings import Settings
from app.ui.core.context import AppContext
from app.ui.parts.timeline.curves import Annotation, Prediction
from app.ui.parts.timeline.view import TimelineView

SIZE = (1300, 420)
RATE = 30.0
REDRAW_MS: Final = 8.0
PLAYHEAD_MS: Final = 2.0


def milliseconds(fn: Callable[[], object]) -> float:
    """Return the processor time of one call in milliseconds."""
    began = time.process_time()
    fn()
    return 1e3 * (time.process_time() - began)


def walk(count: int, seed: int) -> NDArray[np.float32]:
    """Return two curves that wander between −1 and 1, float32 count×2."""
    steps = np.random.default_rng(seed).normal(0, 0.02, (count, 2))
    return np.asarray(np.abs((np.cumsum(steps, axis=0) + 1) % 4 - 2) - 1, np.float32)


class Ours:
    """The program's timeline with a live prediction and one trace.

    Args:
        context: The context of a window.
        count: Number of frames.
    """

    def __init__(self, context: AppContext, count: int) -> None:
        self.times_s = np.arange(count) / RATE
        shares = np.random.default_rng(1).random((count, 8)).astype(np.float32)
        self.prediction = Prediction(self.times_s, walk(count, 2), shares, live=True)
        self.view = TimelineView(context)
        self.view.resize(*SIZE)
        self.view.show()
        QApplication.processEvents()
        self.view.set_clip(0.0, float(self.times_s[-1]))
        self.view.set_prediction(self.prediction)
        self.view.set_annotations((Annotation("trace", "Trace", walk(count, 3)),), "trace")
        self.view.refresh()
        self.view.grab()

    def redraw(self, number: int) -> float:
        """Show nine tenths of the clip from another time on, and return the milliseconds."""
        span = 0.9 * float(self.times_s[-1])
        start = 0.01 * (number % 10) * float(self.times_s[-1])

        def drawn() -> None:
            self.view.show_range(start, start + span)
            self.view.on_tick()
            QApplication.processEvents()

        return milliseconds(drawn)

    def playhead(self, number: int) -> float:
        """Move the playhead and return the milliseconds."""

        def drawn() -> None:
            self.view.set_position(float(self.times_s[-1]) * (0.1 + 0.07 * (number % 10)), follow=False)
            QApplication.processEvents()

        return milliseconds(drawn)

    def append(self, number: int) -> float:
        """Take over one answer without drawing it, and return the milliseconds."""
        at = number % len(self.times_s)
        self.prediction.values[at] = 0.0
        self.prediction.written.append((at, at + 1))
        return milliseconds(lambda: self.view.set_prediction(self.prediction))


def plain_pyqtgraph(count: int) -> Callable[[int], float]:
    """Return a function that draws two curves with all points in plain pyqtgraph and moves the playhead."""
    plot = pg.PlotWidget(background=None)
    plot.resize(SIZE[0], SIZE[1] // 3)
    times_s = np.arange(count) / RATE
    for seed in (2, 3):
        plot.addItem(pg.PlotCurveItem(times_s, walk(count, seed)[:, 0].astype(float), pen=pg.mkPen("c", width=1)))
    line = pg.InfiniteLine(pos=0)
    plot.addItem(line)
    plot.show()
    QApplication.processEvents()

    def drawn(number: int) -> float:
        def once() -> object:
            line.setPos(float(times_s[-1]) * (0.1 + 0.07 * (number % 10)))
            QApplication.processEvents()
            return plot  # which would go away with its line if nothing held it

        return milliseconds(once)

    drawn(0)
    return drawn


def loop_ms(times_s: NDArray[np.float64], values: NDArray[np.float32]) -> float:
    """Return the processor time of four passes of the live filter over all frames, estimated from a fiftieth."""
    part = max(len(times_s) // 50, 10)
    filtered = OneEuro()
    took = milliseconds(lambda: [filtered.step(float(t), row) for t, row in zip(times_s[:part], values, strict=False)])
    return 4 * took * len(times_s) / part


def measure(samples: int, repeats: int) -> dict[str, list[float]]:
    """Return the milliseconds of each kind of work in interleaved turns."""
    context = AppContext(QApplication([]), Settings())
    ours, shorter = Ours(context, samples), Ours(context, max(samples // 10, 100))
    plain = plain_pyqtgraph(samples)
    times_s, values = ours.times_s, walk(samples, 2)
    smooth_track(times_s[:10], values[:10])
    found: dict[str, list[float]] = {}
    for number in range(repeats):
        took = {
            "redraw": ours.redraw(number),
            "playhead": ours.playhead(number),
            "append": _mean(ours.append, number),
            "append shorter": _mean(shorter.append, number),
            "pyqtgraph": plain(number),
            "smooth": milliseconds(lambda: smooth_track(times_s, values)),
            "loop": loop_ms(times_s, values),
        }
        for name, value in took.items():
            found.setdefault(name, []).append(value)
    return found


def _mean(append: Callable[[int], float], number: int, times: int = 50) -> float:
    """Return the milliseconds of one answer of several, because one is too short for the clock."""
    return sum(append(number * times + each) for each in range(times)) / times


def judged(found: dict[str, list[float]], samples: int) -> list[Row]:
    """Return the rows of the table."""
    plain, tenth = found["pyqtgraph"], found["append shorter"]
    rate = [1e3 / each for each in found["smooth"]], [1e3 / each for each in found["loop"]]
    return [
        Row.of(f"redraw, {samples:,} samples", found["redraw"], "ms", [REDRAW_MS], "bound", most=1.0),
        Row.of(f"playhead, {samples:,} samples", found["playhead"], "ms", [PLAYHEAD_MS], "bound", most=1.0),
        Row.of(f"redraw, {samples:,} samples", found["redraw"], "ms", plain, "plain pyqtgraph, two curves"),
        Row.of(f"playhead, {samples:,} samples", found["playhead"], "ms", plain, "plain pyqtgraph, two curves"),
        Row.of("taking over a live answer", found["append"], "ms", tenth, "a clip of a tenth", most=1.5),
        Row.of(f"smoothing {samples:,} frames", rate[0], "times/s", rate[1], "a loop", least=20.0),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__, repeats=7)
    parser.add_argument("--samples", type=int, default=1_000_000)
    args = parser.parse_args()
    repeats = min(args.repeats, 3) if args.quick else args.repeats
    with tempfile.TemporaryDirectory(prefix="affectograph-timeline-") as home:
        os.environ["AFFECTOGRAPH_HOME"] = home
        rows = judged(measure(args.samples, repeats), args.samples)
    show(rows, f"The timeline, processor time; medians of {repeats} turns", args.json)


if __name__ == "__main__":
    main()
