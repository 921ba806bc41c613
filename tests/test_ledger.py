"""What was written is noted where it is written, and told by whoever ran the work, however it ended."""

import threading

import pytest

from app.domain.changes import SOME, Changes
from app.jobs import Jobs
from app.ledger import note, noting
from tests.waiting import PATIENCE_S


def test_changes_of_rows_and_of_a_whole_kind():
    clips, runs = Changes.of("clip", 1, 2), Changes.of("run")
    both = clips | runs
    assert both.kinds == {"clip", "run"}
    assert (both.ids("clip"), both.ids("run")) == ({1, 2}, set())
    assert both.touched == {("clip", 1), ("clip", 2), ("run", SOME)}
    assert Changes.all_of([clips, runs]) == both
    assert both.touches("trace", "run")
    assert not both.touches("trace", "gold")
    assert both
    assert not Changes()


def test_every_open_ledger_of_the_thread_notes():
    with noting() as whole:
        note(Changes.of("clip"))
        with noting() as part:
            note(Changes.of("run", 3))
    note(Changes.of("gold"))
    assert part.changes == Changes.of("run", 3)
    assert whole.changes == Changes.of("clip") | Changes.of("run", 3)


def test_other_threads_and_what_fails_later():
    def fail():
        with noting() as ledger:
            told.append(ledger)
            note(Changes.of("clip"))
            raise ValueError("later")

    told = []
    with noting() as own:
        thread = threading.Thread(target=note, args=(Changes.of("trace"),))
        thread.start()
        thread.join()
        with pytest.raises(ValueError, match="later"):
            fail()
    assert told[0].changes == own.changes == Changes.of("clip")


@pytest.mark.parametrize("ending", ["done", "failed", "cancelled"])
def test_a_job_tells_what_it_has_written_before_its_end_however_it_ends(ending):
    def work(ctx):
        note(Changes.of("run", 1))
        note(Changes.of("run", 2))
        if ending == "failed":
            raise ValueError
        if ending == "cancelled":
            ctx.cancel()
            ctx.check()

    told = []
    jobs = Jobs(on_written=told.append)
    endings = {
        "on_done": lambda _: told.append("done"),
        "on_error": lambda _: told.append("failed"),
        "on_cancel": lambda: told.append("cancelled"),
    }
    jobs.start("io", work, **endings).wait(PATIENCE_S)
    jobs.start("io", lambda _ctx: None).wait(PATIENCE_S)
    jobs.close()
    assert told == [Changes.of("run", 1, 2), ending]
