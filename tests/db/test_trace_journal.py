"""What is given of a running trace is kept at any load: not even a project that cannot be written loses a sample."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.services.projects import trace_journal
from app.services.projects.files import open_project
from app.services.study.trace_recorder import TraceRecorder
from db import check, traces

WRITER = """
import sys
from app.services.projects.files import open_project
from app.services.study.trace_recorder import TraceRecorder
from db import items, raters

def heard():
    sys.stdin.readline()

def say(word):
    sys.stdout.write(word + "\\n")
    sys.stdout.flush()

project = open_project(sys.argv[1])
say("open")
heard()
recorder = TraceRecorder(project, items.every(project)[0], raters.every(project)[0], "silent", device="gamepad")
if sys.argv[2] == "begun":
    while recorder.trace_id is None:
        pass
    recorder.add(0.0, 0.5, -0.5, 100.0)
    while recorder.unsaved:
        pass
say("recording")
heard()
for number in range(1, 301):
    recorder.add(number / 100, 2.0 if number == 7 else number / 1000, float("nan"), 100.0 + number)
say("given")
heard()
"""


def left_behind():
    return sorted(trace_journal.folder().glob("*"))


def killed_writer(path, when):
    """A program is killed while it records and another one writes to the project all the time."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), when],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[2], env=os.environ,
    ) as writer, closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:  # fmt: skip

        def until(word):
            assert writer.stdout.readline() == word + "\n"

        until("open")
        if when == "not begun":
            other.execute("BEGIN IMMEDIATE")
        writer.stdin.write("go\n")
        writer.stdin.flush()
        until("recording")
        if when == "begun":
            other.execute("BEGIN IMMEDIATE")
        writer.stdin.write("go\n")
        writer.stdin.flush()
        until("given")
        writer.kill()
        writer.wait()
        other.execute("ROLLBACK")


@pytest.mark.parametrize("when", ["begun", "not begun"])
def test_not_a_sample_is_lost_while_another_program_writes(project, item, rater, when):
    project.close()
    killed_writer(project.path, when)
    (journal,) = left_behind()
    journal.write_bytes(journal.read_bytes() + b"half a row")
    with open_project(project.path) as again:
        (trace,) = traces.every(again)
        assert (trace.status, trace.condition, trace.device) == ("interrupted", "silent", "gamepad")
        kept = traces.samples(again, trace.id)
        first = 0 if when == "begun" else 1
        numbers = np.arange(first, 301)
        assert trace.n_samples == len(kept) == len(numbers)
        np.testing.assert_array_equal(kept.monotonic_s, 100.0 + numbers)
        np.testing.assert_array_equal(kept.times_s[1 - first :], np.arange(1, 301) / 100)
        assert kept.values[7 - first, 0] == 1.0  # what lies outside is cut off there too
        assert np.isnan(kept.values[1 - first :, 1]).all()
        assert check.problems(again) == []
    assert left_behind() == []
    with open_project(project.path) as again:
        assert len(traces.every(again)) == 1


def test_a_trace_that_ends_leaves_no_journal(project, item, rater):
    for end in (TraceRecorder.finish, TraceRecorder.abandon):
        recorder = TraceRecorder(project, item, rater)
        recorder.add(0.0, 0.1, 0.2)
        assert len(left_behind()) == 1
        assert left_behind()[0].stat().st_mode & 0o077 == 0
        end(recorder)
        assert left_behind() == []


def test_a_running_trace_is_left_alone(project, item, rater):
    recorder = TraceRecorder(project, item, rater)
    recorder.add(0.0, 0.1, 0.2)
    assert trace_journal.recover_traces(project) == 0
    assert len(left_behind()) == 1
    assert recorder.finish().n_samples == 1


def test_a_journal_of_another_project_waits_for_it(project, item, rater, tmp_path):
    project.close()
    killed_writer(project.path, "not begun")
    (journal,) = left_behind()
    header, _, rest = journal.read_bytes().partition(b"\n")
    said = json.loads(header)
    assert said["project"] == str(project.path.resolve())
    said["project"] = str(tmp_path / "another.affectograph")
    journal.write_bytes(json.dumps(said).encode() + b"\n" + rest)
    with open_project(project.path) as again:
        assert traces.every(again) == []
    assert left_behind() == [journal]
    os.utime(journal, (0, 0))  # nothing is given up for its age: clocks jump
    with open_project(project.path):
        assert left_behind() == [journal]


@pytest.mark.parametrize("content", [b"", b"no json\n", b'{"start": {}}\n', b'{"start": 5}\n', b"[1]\n", b"\xff\xfe"])
def test_a_broken_journal_keeps_nobody_from_opening(project, content):
    project.close()
    (trace_journal.folder() / "x.samples").write_bytes(content)
    with open_project(project.path) as again:
        assert traces.every(again) == []


def test_a_journal_that_cannot_be_written_stops_no_recording(project, item, rater, monkeypatch, tmp_path):
    monkeypatch.setattr(trace_journal, "folder", lambda: tmp_path / "not there")
    recorder = TraceRecorder(project, item, rater)
    recorder.add(0.0, 0.1, 0.2)
    assert recorder.finish().n_samples == 1


def test_items_that_are_gone_take_their_traces_with_them(project, item, rater):
    project.close()
    killed_writer(project.path, "not begun")
    (journal,) = left_behind()
    header, _, rest = journal.read_bytes().partition(b"\n")
    said = json.loads(header)
    said["start"]["item_id"] = 999
    journal.write_bytes(json.dumps(said).encode() + b"\n" + rest)
    with open_project(project.path) as again:
        assert traces.every(again) == []
    assert left_behind() == []
