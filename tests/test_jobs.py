import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from app.domain.changes import Changes
from app.errors import Cancelled, UserError
from app.jobs import LANES, Context, Jobs
from app.ledger import note
from app.reach import NotAnswering
from tests.waiting import PATIENCE_S, until


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("lane-")]


def test_exactly_one_ending_is_told(jobs):
    told = []
    jobs.start("io", lambda _ctx, x: x + 1, 41, on_done=told.append).wait(PATIENCE_S)

    def fail(_ctx):
        raise UserError("It broke.", "Mend it.")

    jobs.start("io", fail, on_done=told.append, on_error=lambda e: told.append(type(e))).wait(PATIENCE_S)

    def give_up(ctx):
        ctx.cancel()
        ctx.check()

    jobs.start("io", give_up, on_done=told.append, on_cancel=lambda: told.append("cancelled")).wait(PATIENCE_S)
    assert told == [42, UserError, "cancelled"]
    assert jobs.busy == 0


def test_a_newer_request_replaces_one_that_waits(jobs):
    gate, done, dropped = threading.Event(), [], []
    jobs.start("infer", lambda _ctx: gate.wait(PATIENCE_S))
    for number in range(5):
        job = jobs.start(
            "infer", lambda _ctx, n: n, number, on_done=done.append, on_cancel=lambda: dropped.append(1), replace="live"
        )
    gate.set()
    job.wait(PATIENCE_S)
    assert done == [4]
    assert len(dropped) == 4


def test_writes_come_one_after_another(jobs):
    inside, most = 0, 0

    def write(_ctx):
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        inside -= 1

    for job in [jobs.start("db", write) for _ in range(50)]:
        job.wait(PATIENCE_S)
    assert most == 1


def test_progress_is_throttled_but_the_end_always_comes(monkeypatch):
    now_s, seen = [0.0], []
    monkeypatch.setattr("app.jobs.time", SimpleNamespace(monotonic=lambda: now_s[0]))
    ctx = Context(seen.append)
    for i in range(1001):
        now_s[0] = 1.0 + i / 512  # a step that adds up without rounding; almost two seconds in all
        ctx.progress(i, 1000, "counting")
    assert [one.done for one in seen] == [*range(0, 1000, 52), 1000]


def test_a_cancelled_context_stops_at_the_next_report():
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        ctx.progress(1, 2)


def test_closing_cancels_what_runs_and_takes_no_more():
    jobs, started = Jobs(), threading.Event()

    def long(ctx):
        started.set()
        while True:
            ctx.check()

    jobs.start("io", long)
    assert started.wait(PATIENCE_S)
    jobs.close()
    with pytest.raises(RuntimeError):
        jobs.start("io", long)


def test_closing_does_what_waits_to_be_written_and_nothing_else():
    jobs, begun, may_end, done = Jobs(), threading.Event(), threading.Event(), []

    def first(_ctx):
        begun.set()
        assert may_end.wait(PATIENCE_S)
        done.append("first")

    jobs.start("db", first)
    assert begun.wait(PATIENCE_S)
    jobs.start("db", lambda _ctx: done.append("answer"))
    given_up = jobs.start("db", lambda _ctx: done.append("given up"))
    given_up.cancel()
    busy = [jobs.start("media", lambda _ctx: may_end.wait(PATIENCE_S))]
    jobs.start("media", lambda _ctx: done.append("reading"))
    closing = threading.Thread(target=jobs.close)
    closing.start()
    until(lambda: busy[0].ctx.cancelled, "the end of all jobs")
    may_end.set()
    closing.join(PATIENCE_S)
    assert done == ["first", "answer"]


def test_callbacks_go_through_the_dispatcher():
    calls = []
    jobs = Jobs(dispatch=calls.append)
    jobs.start("io", lambda ctx: ctx.progress(1, 1, "x"), on_progress=print, on_done=print).wait(PATIENCE_S)
    jobs.close()
    assert len(calls) == 2


def test_a_wait_that_cannot_look_is_broken_off_at_once_and_only_while_it_lasts():
    broken = []
    ctx = Context()
    with ctx.interrupting(lambda: broken.append("first")):
        pass
    waits, gate = threading.Event(), threading.Event()

    def wait():
        with ctx.interrupting(gate.set):
            waits.set()
            broken.append(gate.wait(PATIENCE_S))

    thread = threading.Thread(target=wait)
    thread.start()
    assert waits.wait(PATIENCE_S)
    ctx.cancel()
    thread.join(PATIENCE_S)
    ctx.cancel()
    with ctx.interrupting(lambda: broken.append("asked already")):
        pass
    assert broken == [True, "asked already"]


def test_a_wait_within_a_part_is_broken_off_by_the_whole():
    from app.services.projects.health import stop_only

    whole, broken = Context(), []
    part = stop_only(whole)
    with part.interrupting(lambda: broken.append(1)):
        whole.cancel()
    assert part.cancelled
    assert broken == [1]


def test_a_read_that_never_returns_keeps_neither_answers_nor_closing():
    made, gate, saved = Jobs(), threading.Event(), []
    hung = made.start("media", lambda _ctx: gate.wait())  # heeds no wish to stop, as a driver
    assert not hung.wait(0.05)
    assert made.start("db", lambda _ctx: saved.append("answer")).wait(PATIENCE_S)
    assert saved == ["answer"]
    assert not made.close(wait_s=0.3)
    gate.set()
    assert hung.wait(PATIENCE_S)


def test_nothing_that_hangs_keeps_the_process_alive():
    code = (
        "import threading\n"
        "from app.jobs import Jobs\n"
        "jobs = Jobs()\n"
        "jobs.start('media', lambda _ctx: threading.Event().wait())\n"
        "jobs.close(wait_s=0.1)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE_S)


def test_threads_are_used_again_and_no_more_than_there_may_be(jobs):
    names = set()
    for _ in range(20):
        jobs.start("io", lambda _ctx: names.add(threading.get_ident())).wait(PATIENCE_S)
    waiting = [jobs.start("io", lambda _ctx: (time.sleep(0.02), names.add(threading.get_ident()))) for _ in range(20)]
    assert all(job.wait(PATIENCE_S) for job in waiting)
    assert len(names) <= LANES["io"]


class Hours:
    """The clock by which silence is measured: it runs as always, and a test may put it forward.

    Attributes:
        looks: How often all jobs were looked at.
    """

    def __init__(self, monkeypatch):
        self._ahead_s, self.looks, look = 0.0, 0, Jobs._look  # noqa: SLF001 — the only place to count them

        def looked(jobs):
            look(jobs)
            self.looks += 1

        monkeypatch.setattr("app.jobs.time", SimpleNamespace(monotonic=lambda: time.monotonic() + self._ahead_s))
        monkeypatch.setattr("app.jobs.VIGIL_S", 0.02)
        monkeypatch.setattr(Jobs, "_look", looked)

    def put_forward(self, seconds):
        self._ahead_s += seconds

    def until_looked(self):
        """Wait until all jobs have been looked at from the beginning."""
        before = self.looks
        until(lambda: self.looks >= before + 2, "two looks")


@pytest.fixture
def hours(monkeypatch):
    return Hours(monkeypatch)


LONG_S = PATIENCE_S + 1.0
"""Longer than `SILENT_S` of the lane `media` in tests."""


def test_work_that_hangs_is_left_behind_and_its_lane_goes_on(hours, jobs):
    hangs, gate, told = threading.Event(), threading.Event(), []

    def hang(ctx):
        ctx.progress(0, 0, "Fingerprint of a.mp4")
        hangs.set()
        gate.wait()
        ctx.check()
        told.append("went on")

    hanging = jobs.start("media", hang, on_done=told.append, on_error=told.append, on_cancel=lambda: told.append("end"))
    after = [jobs.start("media", lambda _ctx, n: n, n, on_done=told.append) for n in range(3)]
    assert hangs.wait(PATIENCE_S)
    hours.until_looked()
    assert told == []
    hours.put_forward(LONG_S)
    assert all(job.wait(PATIENCE_S) for job in after)
    until(lambda: jobs.busy == 0, "its end to be told")
    (error,) = (one for one in told if isinstance(one, NotAnswering))
    assert "Fingerprint of a.mp4" in error.what
    told.remove(error)  # the lane may have gone on before it was told
    assert told == [0, 1, 2]
    gate.set()  # it comes back, ends at its next look and takes its thread along
    assert hanging.wait(PATIENCE_S)
    until(lambda: len([t for t in threading.enumerate() if t.name == "lane-media"]) == 1, "its thread's end")
    assert told == [0, 1, 2]
    assert jobs.start("media", lambda _ctx: told.append("last")).wait(PATIENCE_S)


def test_work_that_is_stopped_while_it_hangs_ends_as_stopped(hours, jobs):
    hangs, gate, told = threading.Event(), threading.Event(), []

    def hang(_ctx):
        hangs.set()
        gate.wait()

    job = jobs.start("media", hang, on_error=told.append, on_cancel=lambda: told.append("end"))
    assert hangs.wait(PATIENCE_S)
    job.cancel()
    hours.put_forward(LONG_S)
    until(lambda: told, "its end")
    assert told == ["end"]
    gate.set()


def test_long_work_that_is_heard_of_is_left_alone(hours, jobs):
    told = []

    def work(ctx):
        for _ in range(8):
            hours.put_forward(LONG_S / 2)
            hours.until_looked()
            ctx.check()
        return "whole"

    def unwatched(_ctx):
        hours.put_forward(100 * LONG_S)
        hours.until_looked()

    jobs.start("media", work, on_done=told.append, on_error=told.append).wait(PATIENCE_S)
    jobs.start("io", unwatched, on_done=told.append, on_error=told.append).wait(PATIENCE_S)
    assert told == ["whole", None]


def test_closing_does_not_wait_for_what_was_left_behind(hours):
    jobs, gate, begun, told = Jobs(), threading.Event(), [], []

    def hang(_ctx):
        begun.append(1)
        gate.wait()

    for number in (1, 2):
        jobs.start("media", hang, on_error=told.append)
        until(lambda n=number: len(begun) == n, "its beginning")
        hours.put_forward(LONG_S)
        until(lambda n=number: len(told) == n, "its being left")
    assert not jobs.close(wait_s=10 * PATIENCE_S)  # the test would not live to see the end of a wait
    gate.set()


def test_a_job_counts_as_under_way_until_its_owner_has_been_told():
    calls, told = [], []
    jobs = Jobs(dispatch=calls.append)
    job = jobs.start("io", lambda _ctx: 1, on_done=told.append)
    assert job.wait(PATIENCE_S)
    assert (told, jobs.busy) == ([], 1)
    calls.pop()()
    assert (told, jobs.busy) == ([1], 0)
    jobs.start("io", lambda _ctx: 1).wait(PATIENCE_S)  # nobody is to be told
    assert jobs.busy == 0
    jobs.close()


def test_what_a_job_has_written_is_told_before_it_is_over():
    calls, told = [], []
    jobs = Jobs(calls.append, told.append)
    jobs.start("db", lambda _ctx: note(Changes.of("clip"))).wait(PATIENCE_S)
    while calls:
        assert jobs.busy == 1
        calls.pop(0)()
    assert (told, jobs.busy) == ([Changes.of("clip")], 0)
    jobs.close()
