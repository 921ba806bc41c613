"""The program is killed while a trace is recorded: not a sample that was given is missing, and the file is sound.

The writer is a real process that records through `TraceRecorder` and tells on a pipe when each sample was given. How
long a sample waits until it is in the project itself is measured by `benchmarks/kill.py`.
"""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.services.projects.files import open_project
from db import check, traces
from tests.waiting import until

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
def test_a_killed_recording_misses_nothing_that_was_given(project, item, rater, tmp_path, number):
    project.close()
    given = tmp_path / "given.txt"
    wanted = random.Random(number).randrange(30, 120)
    with given.open("wb") as pipe:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(project.path)],
            stdout=pipe,
            cwd=Path(__file__).resolve().parents[2],
            env=os.environ,
        )
        until(lambda: given.read_bytes().count(b"\n") >= wanted or writer.poll() is not None, "samples")
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    lines = [line for line in given.read_text().splitlines(keepends=True) if line.endswith("\n")]
    told = np.array([float(line) for line in lines])
    assert len(told) >= wanted
    with open_project(project.path) as again:
        assert check.problems(again) == []
        (record,) = traces.every(again)
        kept = traces.samples(again, record.id)
        assert record.status == "interrupted"
        assert record.n_samples == len(kept) >= len(told)  # the last one may have been given and not told
        np.testing.assert_allclose(kept.monotonic_s[: len(told)], told, atol=1e-6)
    assert sorted(path.name for path in tmp_path.glob("*.affectograph*")) == ["study.affectograph"]
