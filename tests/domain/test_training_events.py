import json
import math

import pytest

from app.domain.training_events import (
    DONE,
    EPOCH,
    JOURNAL,
    ask_to_stop,
    asked_to_stop,
    event_line,
    events_of,
    facts_of,
    read_event,
    refusal,
    refusal_line,
    take_back_stop,
)
from app.errors import UserError


def test_a_line_read_back_is_the_event():
    line = event_line(EPOCH, epoch=3, validation={"valence": 0.5})
    assert read_event(line) == {"event": "epoch", "epoch": 3, "validation": {"valence": 0.5}}


def test_numbers_that_json_does_not_know_become_null():
    line = event_line(DONE, test={"valence": math.nan, "parts": [math.inf, (1.0, -math.inf)]})
    assert json.loads(line)["test"] == {"valence": None, "parts": [None, [1.0, None]]}


@pytest.mark.parametrize("line", ["", "a library speaks", "7", "[]", '{"loss": 1}', '{"event": 3}', '{"event": "epo'])
def test_anything_else_is_no_event(line):
    assert read_event(line) is None


def test_a_refusal_reaches_the_parent_with_both_its_sentences():
    event = read_event(refusal_line(UserError("The disk is full.", "Free some space.")))
    error = refusal(event)
    assert (error.what, error.todo) == ("The disk is full.", "Free some space.")
    assert refusal({"event": EPOCH}) is None


def test_a_journal_is_read_past_a_line_that_a_kill_cut(tmp_path):
    assert events_of(tmp_path) == []
    lines = [event_line(EPOCH, unix_s=1.5, epoch=1), '{"event": "ep', event_line(DONE, ending="epochs")]
    (tmp_path / JOURNAL).write_text("\n".join(lines) + "\n", "utf-8")
    events = events_of(tmp_path)
    assert [event["event"] for event in events] == [EPOCH, DONE]
    assert facts_of(events[0]) == {"epoch": 1}


def test_the_wish_to_stop_can_be_taken_back(tmp_path):
    assert not asked_to_stop(tmp_path)
    ask_to_stop(tmp_path)
    assert asked_to_stop(tmp_path)
    take_back_stop(tmp_path)
    take_back_stop(tmp_path)
    assert not asked_to_stop(tmp_path)
