"""The clock of the samples: when it asks for its next turn, whatever the machine makes of that."""

import itertools
import threading
from types import SimpleNamespace

import pytest

from app import worker
from app.inputs import sampler
from app.inputs.sampler import PERIOD_S, Sampler
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize("late_s", [0.0, 0.05])
def test_ticks_are_a_period_apart_and_a_late_one_is_not_made_up_for(monkeypatch, late_s):
    clock, enough, ticks = [10.0], threading.Event(), []

    class Wake(threading.Condition):
        def wait_for(self, predicate, timeout=None):
            clock[0] += timeout + (late_s if len(ticks) == 3 else 0.0)  # the third tick's successor comes late
            return predicate()

    def step(now_s):
        ticks.append(now_s)
        if len(ticks) == 8:
            enough.set()

    monkeypatch.setattr(sampler, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    lent = SimpleNamespace(Condition=Wake, Thread=threading.Thread, current_thread=threading.current_thread)
    monkeypatch.setattr(worker, "threading", lent)
    made = Sampler(step)
    assert enough.wait(PATIENCE_S)
    made.stop()
    gaps = [later - earlier for earlier, later in itertools.pairwise(ticks[:8])]
    wanted = [PERIOD_S] * 7
    wanted[2] += late_s
    if late_s:
        # One comes at once for all that were missed, and the beat goes on from the late one.
        wanted[3:5] = [0.0005, PERIOD_S - 0.0005]
    assert gaps == pytest.approx(wanted, abs=1e-6)
    assert PERIOD_S <= 1 / 60
