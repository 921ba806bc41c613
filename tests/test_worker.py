"""A thread of its own is waited for until its work is complete; one that may never come back, for a while."""

import threading

from app.worker import Worker


class Slow(Worker):
    def __init__(self):
        super().__init__("slow")
        self.gate, self.complete = threading.Event(), False
        self._begin()

    def close(self, wait_s=None):
        return self._end(wait_s)

    def _run(self):
        self.gate.wait()
        self.complete = True


def test_work_that_must_be_complete_is_waited_for():
    slow = Slow()
    threading.Timer(0.3, slow.gate.set).start()
    assert slow.close()
    assert slow.complete


def test_a_thread_that_never_comes_back_is_left_and_that_is_told():
    slow = Slow()
    assert not slow.close(wait_s=0.1)
    assert not slow.complete
    slow.gate.set()
    assert slow.close()
