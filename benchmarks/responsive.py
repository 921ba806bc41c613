"""The latency of events in the window while a model is trained, compared with that of an idle machine.

    python benchmarks/responsive.py [--seconds 20] [--stretches 4] [--json OUT]

The real window is open. A thread posts an event to it every 20 ms, and the time until the window handles it is
measured. Idle stretches and stretches with training alternate in one run, so that other load on the machine affects
both. Target: p99 while training ≤ 2 × idle.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer

from app.domain.snapshot import save_snapshot
from app.settings import Settings
from app.ui.shell.main import make_window

EVERY_S = 0.02


class Probe(QObject):
    """An object that gets an event from another thread every 20 ms and notes how long each event waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waits_ms: list[float] = []
        self._posted: deque[float] = deque()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._post, daemon=True)
        self._thread.start()

    def _post(self) -> None:
        while not self._stop.wait(EVERY_S):
            self._posted.append(time.perf_counter())
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))

    def event(self, event: QEvent) -> bool:
        """Take the time of our own event."""
        if event.type() == QEvent.Type.User:
            self.waits_ms.append(1000 * (time.perf_counter() - self._posted.popleft()))
            return True
        return super().event(event)

    def close(self) -> None:
        """Stop posting events."""
        self._stop.set()
        self._thread.join()


def spin(seconds: float) -> None:
    """Let the window run in a real event loop."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def made_up(place: Path) -> Path:
    """Write a snapshot that is large enough to train for minutes."""
    rng = np.random.default_rng(0)
    n, people = 40 * 500, 12
    subject = np.repeat(np.arange(40, dtype=np.int32) % people, 500)
    arrays: dict[str, NDArray[Any]] = {
        "features": rng.normal(size=(n, 320)).astype(np.float32),
        "landmarks": rng.normal(size=(n, 10)).astype(np.float32),
        "target": rng.uniform(-1, 1, (n, 2)).astype(np.float32),
        "times_s": np.tile(np.arange(500) / 25, 40),
        "sequence": np.repeat(np.arange(40, dtype=np.int32), 500),
        "subject": subject,
        "clip": np.repeat(np.arange(40, dtype=np.int32), 500),
    }
    names = [f"S{i}" for i in range(people)]
    return save_snapshot(arrays, {"subjects": names, "clips": [f"c{i}" for i in range(40)]}, place)


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="seconds of each stretch")
    parser.add_argument("--stretches", type=int, default=4, help="stretches of each kind")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = place
        snapshot = made_up(Path(place) / "snapshots")
        window = make_window(Settings(), remember=False)
        window.resize(1440, 900)
        window.show()
        window.show_screen("train")
        spin(2.0)
        waits: dict[str, list[float]] = {"idle": [], "training": []}
        for stretch in range(args.stretches):
            for kind in ("idle", "training"):
                process = None
                if kind == "training":
                    words = ["--snapshot", str(snapshot), "--recipe", "gru_head", "--out", f"{place}/run{stretch}"]
                    words += ["--device", "cpu", "--set", "epochs=10000", "--set", "patience=10000"]
                    process = subprocess.Popen(
                        [sys.executable, "-m", "app.learning.affect.train", *words], stdout=subprocess.PIPE
                    )
                    if process.stdout is not None:
                        process.stdout.readline()  # its first line: it has begun
                probe = Probe()
                spin(args.seconds)
                probe.close()
                waits[kind] += probe.waits_ms
                probe.deleteLater()
                if process is not None:
                    process.kill()
                    process.communicate()
        window.close()
    found = {
        kind: {"p50_ms": float(np.median(w)), "p99_ms": float(np.percentile(w, 99)), "n": len(w)}
        for kind, w in waits.items()
    }
    ratio = found["training"]["p99_ms"] / found["idle"]["p99_ms"]
    for kind, each in found.items():
        print(f"{kind}: p50 {each['p50_ms']:.2f} ms, p99 {each['p99_ms']:.2f} ms over {each['n']} events")
    print(f"p99 while training / idle: {ratio:.2f} (target ≤ 2)")
    if args.json:
        args.json.write_text(json.dumps({**found, "ratio": ratio}, indent=1) + "\n")


if __name__ == "__main__":
    main()
