"""The place on the screen that a person looks at: told from planted eyes, and honest about how far it is off."""

import numpy as np
import pytest

from app.domain.gaze import CHECKED, PLACES, calibrate
from app.domain.measures import COLUMNS
from app.errors import UserError

IRISES = {name: COLUMNS.index(name) for name in ("iris_x_left", "iris_x_right", "iris_y_left", "iris_y_right")}


def eyes(place, rng, noise=0.01, frames=20):
    """Return frames of a person whose irises follow the place: to the viewer's left for a place on the right."""
    x, y = place
    rows = rng.normal(0, noise, (frames, len(COLUMNS)))
    for name, column in IRISES.items():
        rows[:, column] += 0.4 * (0.5 - x) if "_x_" in name else 0.3 * (y - 0.4)
    rows[:, COLUMNS.index("eye_open_left")] += 0.3 - 0.1 * y
    rows[:, COLUMNS.index("eye_open_right")] += 0.3 - 0.1 * y
    rows[:, COLUMNS.index("blink")] = 0
    return list(rows)


def looked(places, rng, **how):
    return {place: eyes(place, rng, **how) for place in places}


def test_places_are_told_that_nobody_chose_weights_from():
    rng = np.random.default_rng(0)
    made = calibrate(looked(PLACES, rng), looked(CHECKED, rng))
    assert max(made.error) < 0.03
    assert made.guess == (0.25, 0.25)
    new = np.array(eyes((0.62, 0.18), rng, frames=50))
    assert np.median(made.place(new), axis=0) == pytest.approx((0.62, 0.18), abs=0.04)


def test_the_stated_error_is_that_of_noisy_eyes():
    rng = np.random.default_rng(1)
    made = calibrate(looked(PLACES, rng, noise=0.2, frames=9), looked(CHECKED, rng, noise=0.2, frames=9))
    new = {place: np.array(eyes(place, rng, noise=0.2, frames=9)) for place in CHECKED * 20}
    off = [np.abs(np.median(made.place(rows), axis=0) - place) for place, rows in new.items()]
    assert np.mean(off) == pytest.approx(np.mean(made.error), abs=0.08)


def test_closed_and_unseen_eyes_look_nowhere():
    rng = np.random.default_rng(2)
    made = calibrate(looked(PLACES, rng), looked(CHECKED, rng))
    rows = np.array(eyes((0.5, 0.5), rng, frames=3))
    rows[0, COLUMNS.index("blink")] = 1
    rows[1, COLUMNS.index("iris_x_left")] = np.nan
    assert np.isfinite(made.place(rows)).all(axis=1).tolist() == [False, False, True]


def test_frames_with_closed_eyes_choose_nothing():
    rng = np.random.default_rng(3)
    seen = looked(PLACES, rng)
    plain = calibrate(seen, looked(CHECKED, np.random.default_rng(4)))
    shut = np.full((8, len(COLUMNS)), 9.0)
    for frames in seen.values():
        frames.extend(shut)
    assert np.allclose(calibrate(seen, looked(CHECKED, np.random.default_rng(4))).weights, plain.weights)


def test_eyes_that_were_hardly_seen_are_refused():
    rng = np.random.default_rng(5)
    seen = looked(PLACES, rng)
    for place in PLACES[:5]:
        seen[place] = seen[place][:2]
    with pytest.raises(UserError, match="at 8 of 13 points"):
        calibrate(seen, looked(CHECKED, rng))


def test_eyes_that_do_not_follow_are_refused():
    rng = np.random.default_rng(6)
    still = {place: eyes((0.5, 0.5), rng, noise=0.1) for place in PLACES}
    with pytest.raises(UserError, match="no better"):
        calibrate(still, {place: eyes((0.5, 0.5), rng, noise=0.1) for place in CHECKED})
