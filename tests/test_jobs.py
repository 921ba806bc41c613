import subprocess
import sys
import threading
import time

import pytest

from app.errors import Cancelled, UserError
from app.jobs import LANES, SILENT_S, Context, Jobs
from app.reach import NotAnswering


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("lane-")]


def test_exactly_one_ending_is_told(jobs):
    told = []
    jobs.start("io", lambda _ctx, x: x + 1, 41, on_done=told.append).wait(5)

    def fail(_ctx):
        raise UserError("It broke.", "Mend it.")

    jobs.start("io", fail, on_done=told.append, on_error=lambda e: told.append(type(e))).wait(5)

    def give_up(ctx):
        ctx.cancel()
        ctx.check()

    jobs.start("io", give_up, on_done=told.append, on_cancel=lambda: told.append("cancelled")).wait(5)
    assert told == [42, UserError, "cancelled"]
    assert jobs.busy == 0


def test_a_newer_request_replaces_one_that_waits(jobs):
    gate, done, dropped = threading.Event(), [], []
    jobs.start("infer", lambda _ctx: gate.wait(5))
    for number in range(5):
        job = jobs.start(
            "infer", lambda _ctx, n: n, number, on_done=done.append, on_cancel=lambda: dropped.append(1), replace="live"
        )
    gate.set()
    job.wait(5)
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
        job.wait(5)
    assert most == 1


def test_progress_is_throttled_but_the_end_always_comes():
    seen = []
    ctx = Context(seen.append)
    for i in range(1001):
        ctx.progress(i, 1000, "counting")
    assert seen[-1].done == 1000
    assert len(seen) < 60


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
    assert started.wait(5)
    jobs.close()
    with pytest.raises(RuntimeError):
        jobs.start("io", long)


def test_callbacks_go_through_the_dispatcher():
    calls = []
    jobs = Jobs(dispatch=calls.append)
    jobs.start("io", lambda ctx: ctx.progress(1, 1, "x"), on_progress=print, on_done=print).wait(5)
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
            broken.append(gate.wait(5))

    thread = threading.Thread(target=wait)
    thread.start()
    assert waits.wait(5)
    ctx.cancel()
    thread.join(5)
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
    assert made.start("db", lambda _ctx: saved.append("answer")).wait(5)
    assert saved == ["answer"]
    began_s = time.monotonic()
    assert not made.close(wait_s=0.3)
    assert time.monotonic() - began_s < 5
    gate.set()
    assert hung.wait(5)


def test_nothing_that_hangs_keeps_the_process_alive():
    code = (
        "import threading\n"
        "from app.jobs import Jobs\n"
        "jobs = Jobs()\n"
        "jobs.start('media', lambda _ctx: threading.Event().wait())\n"
        "jobs.close(wait_s=0.1)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_threads_are_used_again_and_no_more_than_there_may_be(jobs):
    names = set()
    for _ in range(20):
        jobs.start("io", lambda _ctx: names.add(threading.get_ident())).wait(5)
    waiting = [jobs.start("io", lambda _ctx: (time.sleep(0.02), names.add(threading.get_ident()))) for _ in range(20)]
    assert all(job.wait(5) for job in waiting)
    assert len(names) <= LANES["io"]


@pytest.fixture
def soon(monkeypatch):
    """Work counts as hanging after a moment."""
    monkeypatch.setitem(SILENT_S, "media", 0.3)
    monkeypatch.setattr("app.jobs.VIGIL_S", 0.05)


def test_work_that_hangs_is_left_behind_and_its_lane_goes_on(soon, jobs):
    gate, told = threading.Event(), []

    def hang(ctx):
        ctx.progress(0, 0, "Fingerprint of a.mp4")
        gate.wait()
        ctx.check()
        told.append("went on")

    hanging = jobs.start("media", hang, on_done=told.append, on_error=told.append, on_cancel=lambda: told.append("end"))
    after = [jobs.start("media", lambda _ctx, n: n, n, on_done=told.append) for n in range(3)]
    assert all(job.wait(5) for job in after)
    error, *rest = told
    assert isinstance(error, NotAnswering)
    assert "Fingerprint of a.mp4" in error.what
    assert rest == [0, 1, 2]
    assert jobs.busy == 0
    gate.set()  # it comes back, ends at its next look and takes its thread along
    assert hanging.wait(5)
    wait_until(lambda: len([t for t in threading.enumerate() if t.name == "lane-media"]) == 1)
    assert told == [error, 0, 1, 2]
    assert jobs.start("media", lambda _ctx: told.append("last")).wait(5)


def test_work_that_is_stopped_while_it_hangs_ends_as_stopped(soon, jobs):
    gate, told = threading.Event(), []
    job = jobs.start("media", lambda _ctx: gate.wait(), on_error=told.append, on_cancel=lambda: told.append("end"))
    time.sleep(0.1)
    job.cancel()
    wait_until(lambda: told)
    assert told == ["end"]
    gate.set()


def test_long_work_that_is_heard_of_is_left_alone(soon, jobs):
    told = []

    def work(ctx):
        for _ in range(8):
            time.sleep(0.1)
            ctx.check()
        return "whole"

    jobs.start("media", work, on_done=told.append, on_error=told.append).wait(5)
    jobs.start("io", lambda _ctx: time.sleep(0.6), on_done=told.append, on_error=told.append).wait(5)
    assert told == ["whole", None]


def test_closing_does_not_wait_for_what_was_left_behind(soon):
    jobs, gate, told = Jobs(), threading.Event(), []
    for _ in range(2):
        jobs.start("media", lambda _ctx: gate.wait(), on_error=told.append)
    wait_until(lambda: len(told) == 2)
    began_s = time.monotonic()
    assert not jobs.close()
    assert time.monotonic() - began_s < 2
    gate.set()


def wait_until(done):
    end_s = time.monotonic() + 5
    while not done() and time.monotonic() < end_s:
        time.sleep(0.01)
    assert done()
