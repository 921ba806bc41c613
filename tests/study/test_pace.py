"""How long the rest takes, from what the last judgements took."""

from app.ui.screens.annotate.pace import Pace


def test_nothing_is_said_of_few_and_pauses_do_not_count():
    clock = iter([0.0, 30.0, 100.0, 130.0, 500.0, 9000.0, 9030.0]).__next__
    pace = Pace(clock)
    for _ in range(2):
        pace.begin()
        pace.done()
    assert pace.words(10) == ""
    pace.begin()
    pace.stop()  # a pause in the middle
    pace.done()
    assert pace.words(10) == ""
    pace.begin()
    pace.done()
    assert pace.words(1) == "less than a minute left"
    assert pace.words(9) == "about 4 min left"
    assert pace.words(45) == "about 20 min left"
    assert pace.words(400) == "about 3.3 h left"
    assert pace.words(0) == ""
