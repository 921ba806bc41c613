"""Threads that work off calls in order, and that are left behind where they hang."""

import threading
import time

from app.lanes import LaneThreads

LONG_S = 60.0


def test_a_thread_that_hangs_is_replaced_and_ends_when_it_comes_back():
    lane, gate, order = LaneThreads("tried", 1), threading.Event(), []
    hanging = lane.submit(lambda: (gate.wait(LONG_S), order.append("late")))
    waiting = lane.submit(lambda: order.append("next"))
    until(lambda: lane.working(hanging))
    lane.leave(hanging)
    waiting.result(LONG_S)
    assert order == ["next"]
    gate.set()
    hanging.result(LONG_S)
    until(lambda: len(threads()) == 1)
    lane.stop()
    assert lane.join(time.monotonic() + LONG_S)


def test_leaving_a_call_that_has_ended_changes_nothing():
    lane = LaneThreads("tried", 1)
    ended = lane.submit(lambda: None)
    ended.result(LONG_S)
    until(lambda: not lane.working(ended))
    lane.leave(ended)
    assert len(threads()) == 1
    lane.stop()
    assert lane.join(time.monotonic() + LONG_S)
    assert threads() == []


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "lane-tried"]


def until(true):
    end_s = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.005)
