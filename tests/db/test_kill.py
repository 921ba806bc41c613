"""The program is killed while a trace is recorded: at most a quarter of a second is missing, and the file is sound.

The writer is a real process that records through `TraceRecorder` and tells on a pipe when each sample was given.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from app.services.projects.files import open_project
from db import check, traces

WRITER = """
import sys, time
from app.services.projects.files import open_project
from app.services.study.trace_recorder import TraceRecorder
from db import items, raters

project = open_project(sys.argv[1])
recorder = TraceRecorder(project, items.every(project)[0], raters.every(project)[0])
began = time.monotonic()
while True:
    at = time.monotonic() - began
    recorder.add(at, 0.5, -0.5, at)
    sys.stdout.write(f"{at:.6f}\\n")
    sys.stdout.flush()
    time.sleep(1 / 120)
"""
ROUNDS = 4


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_killed_recording_misses_a_quarter_of_a_second_at_most(project, item, rater, tmp_path, number):
    project.close()
    given = tmp_path / "given.txt"
    with given.open("wb") as pipe:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(project.path)],
            stdout=pipe,
            cwd=Path(__file__).resolve().parents[2],
            env=os.environ,
        )
        until = time.monotonic() + 60
        while given.stat().st_size < 20 and writer.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        late_s = slowest_sync(tmp_path / "probe", random.Random(number).uniform(0.3, 1.0))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    lines = [line for line in given.read_text().splitlines(keepends=True) if line.endswith("\n")]
    told = np.array([float(line) for line in lines])
    assert len(told) > 10
    with open_project(project.path) as again:
        assert check.problems(again) == []
        (record,) = traces.every(again)
        kept = traces.samples(again, record.id)
        assert record.status == "interrupted"
        assert record.n_samples == len(kept) > 0
        missing = told[told > kept.monotonic_s[-1] + 1e-6]
        # What a loaded machine and its disk are late by is measured beside it and is not the store's.
        assert told[-1] - kept.monotonic_s[-1] <= 0.25 + 2 * late_s + stall(told), f"{len(missing)} samples lost"
        np.testing.assert_allclose(kept.monotonic_s, told[: len(kept)], atol=1e-6)
    assert sorted(path.name for path in tmp_path.glob("*.affectograph*")) == ["study.affectograph"]


def slowest_sync(path, seconds):
    """For some seconds bring a small file to disk again and again; the longest it took."""
    slowest_s, until = 0.0, time.monotonic() + seconds
    with path.open("wb") as file:
        while time.monotonic() < until:
            began_s = time.monotonic()
            file.write(b"x" * 100)
            file.flush()
            os.fsync(file.fileno())
            slowest_s = max(slowest_s, time.monotonic() - began_s)
            time.sleep(0.02)
    return slowest_s


def stall(told):
    """The longest pause of the giving thread itself beyond its step, in seconds: the machine stood still then."""
    return float(np.diff(told).max()) if len(told) > 1 else 0.0
