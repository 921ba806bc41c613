"""Traces: appended, never changed, recovered after a crash."""

import math
import sqlite3
import threading
import time
from contextlib import closing
from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import worker
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.projects import files as projects
from app.services.study import trace_recorder
from app.services.study.trace_recorder import TraceRecorder
from db import checkpoints, engine, raters, traces
from db.project import Project
from tests.waiting import PATIENCE_S, until

from .build import same, samples


@pytest.fixture
def start(item, rater):
    return TraceStart(item.id, rater.id, "full_context", blinded=True, device="mouse")


def joined(*parts):
    return TraceSamples(
        np.concatenate([p.times_s for p in parts]),
        np.concatenate([p.values for p in parts]),
        np.concatenate([p.monotonic_s for p in parts]),
        parts[0].device,
    )


def test_chunks_become_one_trace(project, start, item):
    trace = traces.begin(project, start)
    parts = [samples(6, first_s=i / 10, seed=i) for i in range(10)]
    for part in parts:
        traces.append(project, trace, part)
    assert traces.get(project, trace).status == "recording"
    assert same(traces.samples(project, trace), joined(*parts))
    assert traces.for_item(project, item.id) == []  # not yet
    done = traces.finish(project, trace, quality={"late_start_s": 0.4})
    assert (done.status, done.n_samples, done.quality) == ("finished", 60, {"late_start_s": 0.4})
    ((record, stored),) = traces.for_item(project, item.id)
    assert record == done == traces.get(project, trace)
    assert same(stored, joined(*parts))
    with pytest.raises(ValueError, match="finished"):
        traces.append(project, trace, parts[0])


def test_what_a_trace_depends_on_is_kept(project, start, clip, rater):
    done = traces.add(project, start, samples(5))
    assert (done.media_sha256, done.rater, done.simulated, done.blinded) == (clip.sha256, "R01", False, True)
    assert (done.pass_no, done.dimensions, done.device, done.condition) == (1, "both", "mouse", "full_context")


def test_pauses_and_single_dimensions_survive(project, start):
    given = samples(5)
    given.values[2] = np.nan
    given.values[:, 1] = np.nan
    done = traces.add(project, start, given)
    assert same(traces.samples(project, done.id), given)


def test_a_trace_given_again_is_a_revision(project, start, item):
    first = traces.add(project, start, samples(5))
    second = traces.add(project, start, samples(7, seed=1))
    assert (first.revision, second.revision) == (1, 2)
    assert traces.by_uid(project, first.uid) == first
    assert traces.by_uid(project, "unknown") is None
    assert [len(stored) for _, stored in traces.for_item(project, item.id)] == [5, 7]


def test_abandoned_and_empty_traces_are_kept_but_not_used(project, start, item):
    abandoned = traces.begin(project, start)
    traces.append(project, abandoned, samples(3))
    traces.finish(project, abandoned, "abandoned")
    traces.finish(project, traces.begin(project, start))
    assert traces.for_item(project, item.id) == []
    assert [record.status for record, _ in traces.for_item(project, item.id, usable_only=False)] == [
        "abandoned",
        "finished",
    ]


def test_a_rater_can_be_shown_only_his_own(project, start, item):
    other = raters.add(project, "R02")
    traces.add(project, start, samples(3))
    assert traces.for_item(project, item.id, rater_id=other.id) == []


def test_an_open_trace_of_a_living_project_is_left_alone(project, start):
    trace = traces.begin(project, start)
    with Project.open(project.path) as second:
        assert traces.recover(second) == []
        assert traces.get(second, trace).status == "recording"


def test_an_open_trace_of_a_closed_project_is_interrupted(project, start):
    trace = traces.begin(project, start)
    traces.append(project, trace, samples(8))
    project.close()
    with projects.open_project(project.path) as again:
        left = traces.get(again, trace)
        assert (left.status, left.n_samples) == ("interrupted", 8)
        assert same(traces.samples(again, trace), samples(8))


def test_a_recorder_taken_for_dead_goes_on(project, start):
    trace = traces.begin(project, start)
    traces.append(project, trace, samples(8))
    with project.write() as session:
        session.execute(text("UPDATE trace SET owner = 'elsewhere/1/2/3'"))
    assert traces.recover(project) == [traces.get(project, trace).uid]
    traces.append(project, trace, samples(4, first_s=1.0))
    assert traces.finish(project, trace).n_samples == 12


class TestRecorder:
    def test_every_sample_arrives(self, project, item, rater):
        recorder = TraceRecorder(project, item, rater, blinded=False, device="gamepad")
        for i in range(200):
            recorder.add(i / 100, math.sin(i / 20), -2.0 if i == 3 else 0.25, 50.0 + i / 100)
            if i % 40 == 0:
                time.sleep(0.1)
        done = recorder.finish({"idle": False})
        assert (done.n_samples, done.blinded, done.device, done.quality) == (200, False, "gamepad", {"idle": False})
        assert recorder.finish() == done
        stored = traces.samples(project, done.id)
        np.testing.assert_allclose(stored.times_s, np.arange(200) / 100, atol=0)
        np.testing.assert_allclose(stored.monotonic_s, 50.0 + np.arange(200) / 100, atol=0)
        np.testing.assert_allclose(stored.values[:, 0], np.sin(np.arange(200) / 20).astype(np.float32))
        assert stored.values[3, 1] == -1.0

    def test_samples_are_on_disk_while_it_runs(self, project, item, rater):
        recorder = TraceRecorder(project, item, rater)
        for i in range(5):
            recorder.add(i / 60, 0.1, 0.2)
        until(lambda: not recorder.unsaved, "the samples")
        with Project.open(project.path, read_only=True) as second:
            assert len(traces.samples(second, recorder.trace_id)) == 5
        assert recorder.abandon().status == "abandoned"
        with pytest.raises(RuntimeError, match="ended"):
            recorder.add(1.0, 0, 0)

    def test_a_finished_trace_can_still_be_taken_back(self, project, item, rater):
        recorder = TraceRecorder(project, item, rater)
        recorder.add(0.0, 0.1, 0.2)
        assert recorder.finish().status == "finished"
        assert recorder.abandon().status == recorder.finish().status == "abandoned"
        assert traces.for_item(project, item.id) == []
        assert len(traces.samples(project, recorder.trace_id)) == 1

    def test_small_steps_back_are_jitter_and_large_ones_are_not_taken(self, project, item, rater):
        recorder = TraceRecorder(project, item, rater)
        for time_s in (1.0, 1.1, 1.05, 1.2, 0.2, math.nan, math.inf, 1.3):
            recorder.add(time_s, 0.0, 0.0)
        done = recorder.finish()
        assert traces.samples(project, done.id).times_s.tolist() == [1.0, 1.1, 1.1, 1.2, 1.3]
        assert done.quality == {"jumps_back": 3}
        assert traces.finish(project, done.id, quality={"idle": True}).quality == {"jumps_back": 3, "idle": True}

    def test_a_full_disk_loses_nothing(self, project, item, rater):
        with project.write() as session:
            pages = session.scalar(text("PRAGMA page_count"))
            session.execute(text(f"PRAGMA max_page_count={pages}"))
            while True:  # fill the pages that are free
                try:
                    with session.begin_nested():
                        session.execute(
                            text("INSERT INTO setting VALUES (:k, :v)"), {"k": str(time.time_ns()), "v": '"x"'}
                        )
                except OperationalError:
                    break
        told = threading.Event()
        recorder = TraceRecorder(project, item, rater, on_problem=lambda error: told.set())
        for i in range(2000):
            recorder.add(i / 100, 0.1, 0.2)
        assert told.wait(PATIENCE_S)
        assert recorder.problem is not None
        with pytest.raises(UserError, match="disk is full"):
            recorder.finish()
        with project.write() as session:
            session.execute(text("PRAGMA max_page_count=1000000"))
        assert recorder.finish().n_samples == 2000

    def test_adding_does_not_wait_for_another_writer(self, project, item, rater):
        recorder = TraceRecorder(project, item, rater)
        with project.write():
            for i in range(500):
                recorder.add(i / 100, 0.1, 0.2)
            assert recorder.unsaved == 500  # nothing could be written, and nobody waited for it
        assert recorder.finish().n_samples == 500


def test_only_what_is_confirmed_waits_for_the_disk(project, start):
    with project.write(durable=False) as session:
        below = engine.driver(session.connection())
        assert pragmas(below) == (1, 0)
    with project.write():
        assert pragmas(below) == (2, engine.CHECKPOINT_PAGES)
    trace = traces.begin(project, start)
    assert not below.durable
    traces.append(project, trace, samples(3))
    assert not below.durable
    traces.finish(project, trace)
    assert below.durable
    assert pragmas(below) == (2, engine.CHECKPOINT_PAGES)


def pragmas(connection):
    return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "wal_autocheckpoint"))


def test_the_log_is_copied_beside_the_flushes_of_a_long_trace(project, start, monkeypatch):
    monkeypatch.setattr(checkpoints, "EVERY", 5)
    trace = traces.begin(project, start)
    for number in range(12):
        traces.append(project, trace, samples(3, first_s=number))
    until(lambda: in_the_file_alone(project.path, trace), "chunks in the file itself")


def in_the_file_alone(path, trace):
    """Chunks that are in the file itself, whatever stands in its log."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute("SELECT count(*) FROM trace_chunk WHERE trace_id = ?", (trace,)).fetchone()[0]


@pytest.mark.parametrize(("commit_s", "pause_s"), [(0.02, 0.03), (0.05, None), (0.4, None)])
def test_a_slow_commit_is_part_of_the_pause_and_not_before_it(project, item, rater, monkeypatch, commit_s, pause_s):
    """What is lost when the program dies is a commit and the pause: under load the two must not add up."""
    clock, waits, enough = [0.0], [], threading.Event()

    class Wake(threading.Condition):
        def wait_for(self, predicate, timeout=None):
            if timeout is not None:
                waits.append(round(timeout, 6))
                return predicate()
            return super().wait_for(predicate, timeout)

    def slow(*given):
        kept(*given)
        clock[0] += commit_s
        commits.append(commit_s)
        if len(commits) == 3:
            enough.set()

    kept, commits = traces.append, []
    monkeypatch.setattr(traces, "append", slow)
    monkeypatch.setattr(trace_recorder, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    lent = SimpleNamespace(Condition=Wake, Thread=threading.Thread, current_thread=threading.current_thread)
    monkeypatch.setattr(worker, "threading", lent)
    recorder = TraceRecorder(project, item, rater)
    number = 0
    while not enough.wait(0.005):  # the limit of the test is the only one
        recorder.add(number / 100, 0.1, 0.2, number / 100)
        number += 1
    recorder.finish()
    assert len(commits) >= 3
    assert waits.count(trace_recorder.FLUSH_S) <= 1  # after the flush that only begins the trace, in no time
    after_commits = [wait for wait in waits if wait != trace_recorder.FLUSH_S]
    assert set(after_commits) == ({pause_s} if pause_s is not None else set())
