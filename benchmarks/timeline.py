"""The time that the timeline takes for a long clip, against plain pyqtgraph with all points; and that of smoothing.

`python benchmarks/timeline.py [--samples N] [--rounds N]` prints one JSON line: medians of the processor time of
interleaved rounds, in milliseconds. Qt's software renderer draws two curves of N values in each of two rows, one of
them dashed, and a strip of eight probabilities at 1300×420, as on a screen:

- `redraw_ms`: zooming to another window, without the numbers beside the rows, which follow when the view rests;
- `playhead_ms`: moving the playhead;
- `append_ms`: taking over a live answer; `append_after_ms`: the same for a clip of a tenth of the length;
- `pyqtgraph_ms`: the same two curves as two `PlotCurveItem` of plain pyqtgraph with one-pixel pens and all points;
- `smooth_ms` and `smooth_loop_ms`: smoothing the track of a face over N frames, and four passes of the live filter over
  it (measured on a fiftieth of the frames).
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from app.domain.smoothing import OneEuro, smooth_track
from app.settings import Settings
from app.ui.core.context import AppContext
from app.ui.parts.timeline.curves import Annotation, Prediction
from app.ui.parts.timeline.view import TimelineView

SIZE = (1300, 420)
RATE = 30.0


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
            self.view.grab()

        return milliseconds(drawn)

    def playhead(self, number: int) -> float:
        """Move the playhead and return the milliseconds."""

        def drawn() -> None:
            self.view.set_position(float(self.times_s[-1]) * (0.1 + 0.07 * (number % 10)), follow=False)
            self.view.grab()

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
        def once() -> None:
            line.setPos(float(times_s[-1]) * (0.1 + 0.07 * (number % 10)))
            plot.grab()

        return milliseconds(once)

    drawn(0)
    return drawn


def loop_ms(times_s: NDArray[np.float64], values: NDArray[np.float32]) -> float:
    """Return the processor time of four passes of the live filter over all frames, estimated from a fiftieth."""
    part = max(len(times_s) // 50, 10)
    filtered = OneEuro()
    took = milliseconds(lambda: [filtered.step(float(t), row) for t, row in zip(times_s[:part], values, strict=False)])
    return 4 * took * len(times_s) / part


def main() -> None:
    """Run interleaved rounds and print the medians."""
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--samples", type=int, default=1_000_000)
    line.add_argument("--rounds", type=int, default=7)
    args = line.parse_args()
    os.environ["AFFECTOGRAPH_HOME"] = tempfile.mkdtemp(prefix="affectograph-timeline-")
    app = QApplication([])
    context = AppContext(app, Settings())
    ours, shorter = Ours(context, args.samples), Ours(context, max(args.samples // 10, 100))
    plain = plain_pyqtgraph(args.samples)
    times_s, values = ours.times_s, walk(args.samples, 2)
    smooth_track(times_s[:10], values[:10])
    found: dict[str, list[float]] = {}
    for number in range(args.rounds):
        took = {
            "redraw_ms": ours.redraw(number),
            "playhead_ms": ours.playhead(number),
            "append_ms": ours.append(number),
            "append_after_ms": shorter.append(number),
            "pyqtgraph_ms": plain(number),
            "smooth_ms": milliseconds(lambda: smooth_track(times_s, values)),
            "smooth_loop_ms": loop_ms(times_s, values),
        }
        for name, value in took.items():
            found.setdefault(name, []).append(value)
    said: dict[str, Any] = {name: round(statistics.median(each), 3) for name, each in found.items()}
    said["playhead_ratio"] = round(said["pyqtgraph_ms"] / said["playhead_ms"], 1)
    said["smooth_ratio"] = round(said["smooth_loop_ms"] / said["smooth_ms"], 1)
    print(json.dumps({**said, "samples": args.samples, "rounds": args.rounds, "load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
