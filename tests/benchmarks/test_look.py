"""What the programs that kill count as missing of a trace: only samples that are nowhere in the project."""

import time

import pytest

from app.domain.answers import PresentationLog
from app.services.projects.files import open_project
from app.services.study.session import AnnotateSession
from benchmarks import kill

LOG = PresentationLog(frames_shown=50, plays=1, first_frame_s=0.0, last_frame_s=kill.LENGTH_S)


def trace(path, lines, start_s, stored=20, told=20):
    """Give one trace on a clock that begins at `start_s`, and write down what the child would have told."""
    with open_project(path) as project, AnnotateSession(project, kill.RATERS[0], "traces") as session:
        task = session.current()
        session.begin(task)
        recorder = session.start_trace(task, "mouse")
        for number in range(told):
            clock = start_s + 0.1 * number
            if number < stored:
                recorder.add(kill.LENGTH_S * number / told, 0.0, 0.0, clock)
            lines.append(["sample", str(task.slot.item_id), str(session.rater.id), repr(clock)])
        kept = session.accept_trace(task, recorder, LOG)
        lines.append(["trace", str(kept.id), str(stored)])


@pytest.fixture
def path(tmp_path):
    return kill.make_project(tmp_path, 4)


def test_a_trace_that_was_stored_but_not_yet_told_is_not_missing(path):
    lines, start_s = [["open"], ["dialog"]], time.monotonic()
    trace(path, lines, start_s)
    lines.append(["dialog"])
    trace(path, lines, start_s + 20)
    assert lines.pop()[0] == "trace"  # the kill came right after the commit
    assert kill.look(path, lines, {}, whole=False) == ([], 0.0)


def test_samples_that_are_nowhere_are_missing(path):
    lines, start_s = [["open"], ["dialog"]], time.monotonic()
    trace(path, lines, start_s)
    lines.append(["dialog"])
    trace(path, lines, start_s + 20, stored=15)
    lines[-1:] = [["dialog"]]  # told of after the last sample
    problems, missing_s = kill.look(path, lines, {}, whole=False)
    assert missing_s == pytest.approx(0.5)
    assert len(problems) == 1
    assert "0.500 s are missing" in problems[0]
