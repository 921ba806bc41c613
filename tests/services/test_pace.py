"""Live predictions make room for playing, and come back."""

import itertools

from app.services.predict.pace import CALM_S, MOST_S, STEP_S, Pace


def test_all_frames_are_taken_while_the_clip_keeps_up():
    pace = Pace()
    assert all(pace.takes(at / 60, late=False) for at in range(120))
    assert not pace.slowed


def test_fewer_and_fewer_are_taken_while_it_falls_behind_but_never_none():
    pace = Pace()
    taken = [at / 60 for at in range(60 * 40) if pace.takes(at / 60, late=True)]
    gaps = [b - a for a, b in itertools.pairwise(taken)]
    assert pace.slowed
    assert gaps[-1] >= MOST_S - 2 / 60
    assert max(gaps) <= MOST_S + 2 / 60, "some on any machine"


def test_the_rate_comes_back_once_it_is_calm():
    pace = Pace()
    pace.takes(0.0, late=True)
    assert pace.slowed
    assert not pace.takes(STEP_S / 2, late=False)
    assert pace.takes(CALM_S + STEP_S, late=False)
    assert not pace.slowed
    pace.takes(10.0, late=True)
    pace.reset()
    assert not pace.slowed


def test_what_takes_long_is_done_seldom_where_the_clip_falls_behind():
    pace = Pace()
    taken = [at / 60 for at in range(60 * 4) if pace.takes(at / 60, late=at < 60, cost_s=0.3)]
    assert 1 <= len(taken) <= 3, "a prediction takes a tenth of the time at most"
