"""Work that nobody waits for stands back, and comes to its end all the same."""

import threading

from app.jobs import Jobs
from tests.waiting import PATIENCE_S, until


def test_it_pauses_while_somebody_waits(monkeypatch):
    monkeypatch.setattr("app.jobs.STAND_BACK_S", PATIENCE_S)
    jobs, order, gate = Jobs(), [], threading.Event()
    begun, asked = threading.Event(), threading.Event()

    def behind(ctx):
        begun.set()
        asked.wait(PATIENCE_S)
        ctx.check()
        order.append("behind")

    def opening(_ctx):
        gate.wait(PATIENCE_S)
        order.append("asked")

    slow = jobs.start("behind", behind)
    begun.wait(PATIENCE_S)
    jobs.start("clips", opening)
    asked.set()
    gate.set()
    slow.wait(PATIENCE_S)
    assert order == ["asked", "behind"]
    jobs.close()


def test_it_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr("app.jobs.STAND_BACK_S", 0.01)
    jobs, gate, done = Jobs(), threading.Event(), threading.Event()
    jobs.start("io", lambda _ctx: gate.wait(PATIENCE_S))
    jobs.start("behind", lambda ctx: [ctx.check() for _ in range(3)], on_done=lambda _: done.set())
    until(done.is_set)
    gate.set()
    jobs.close()


def test_a_cancel_ends_it_at_once(monkeypatch):
    monkeypatch.setattr("app.jobs.STAND_BACK_S", PATIENCE_S)
    jobs, gate, cancelled = Jobs(), threading.Event(), threading.Event()
    begun = threading.Event()

    def behind(ctx):
        begun.set()
        while True:
            ctx.check()

    job = jobs.start("behind", behind, on_cancel=cancelled.set)
    begun.wait(PATIENCE_S)
    jobs.start("db", lambda _ctx: gate.wait(PATIENCE_S))
    job.cancel()
    gate.set()
    until(cancelled.is_set)
    jobs.close()
