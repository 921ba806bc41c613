"""How long the rest takes, from what the last judgements took."""

from app.domain.study_records import Waiting
from app.ui.screens.annotate.pace import Pace


def rated(n):
    return {"rating": Waiting(n, 3.0 * n)}


def test_nothing_is_said_of_few_and_pauses_do_not_count():
    clock = iter([0.0, 30.0, 100.0, 130.0, 500.0, 9000.0, 9030.0]).__next__
    pace = Pace(clock)
    for _ in range(2):
        pace.begin()
        pace.done()
    assert pace.words(rated(10)) == ""
    pace.begin()
    pace.stop()  # a pause in the middle
    pace.done()
    assert pace.words(rated(10)) == ""
    pace.begin()
    pace.done()
    assert pace.words(rated(1)) == "less than a minute left"
    assert pace.words(rated(9)) == "about 4 min left"
    assert pace.words(rated(45)) == "about 20 min left"
    assert pace.words(rated(400)) == "about 3.3 h left"
    assert pace.words(rated(0)) == ""
    assert pace.words({}) == ""


def test_traces_are_timed_by_themselves_and_by_their_clips_before_that():
    clock = iter([0.0, 30.0, 100.0, 130.0, 200.0, 230.0, 300.0, 420.0]).__next__
    pace = Pace(clock)
    for _ in range(3):
        pace.begin("rating")
        pace.done()
    # Two ratings of half a minute each, and four traces of clips of 50 s with ten more seconds around each.
    assert pace.words({"rating": Waiting(2, 6.0), "trace": Waiting(4, 200.0)}) == "about 5 min left"
    pace.begin("trace")
    pace.done()  # it took two minutes
    assert pace.words({"rating": Waiting(2, 6.0), "trace": Waiting(3, 150.0)}) == "about 7 min left"
