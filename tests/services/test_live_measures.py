"""Live measures: relative to the last half minute, blinks while they last, and nothing invented."""

import threading

import numpy as np
import pytest

from app.domain.faces import Face
from app.domain.live import LiveFace
from app.domain.measures import COLUMNS, MOVEMENTS
from app.domain.media import Frame
from app.faces.mtcnn import MtcnnDetector
from app.services.predict import live_measures
from app.services.predict.live import LiveAnalyser
from app.services.predict.live_measures import FIRST_S, LiveMeasures
from tests.faces.pictures import portrait

PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def picture():
    return portrait()


@pytest.fixture(scope="module")
def face(picture):
    (found,) = MtcnnDetector("cpu").detect(picture)
    return found


@pytest.fixture(scope="module")
def measures():
    return LiveMeasures("cpu")


def live(face):
    return LiveFace(1, face, 0.9, np.zeros(0, np.float32), (), 0.0, 0.0)


def test_movements_are_told_after_a_second_relative_to_the_past(measures, picture, face):
    measures.reset()
    told = [measures.take(picture, at / 10, [live(face)])[0].measured for at in range(25)]
    first, last = told[0], told[-1]
    assert abs(first.value("yaw_deg")) < 15
    assert 0.1 < first.value("eye_open_left") < 0.6
    assert all(np.isnan(first.value(name)) for name in MOVEMENTS)  # so soon its median would be the movement itself
    early = [one for at, one in enumerate(told) if at / 10 >= FIRST_S]
    assert all(np.isfinite(one.value("corner_pull")) for one in early)
    assert abs(last.value("corner_pull")) < 0.02  # the face stands still
    assert last.value("blink") == 0.0
    assert last.values.shape == (len(COLUMNS),)
    assert last.points.shape == (478, 2)


def test_too_small_and_lost_faces_are_not_measured(measures, picture, face):
    measures.reset()
    small = Face(np.float32([154, 60, 30, 36]), face.landmarks, 1.0)
    assert measures.take(picture, 0.0, [live(small)])[0].measured is None
    assert measures.take(np.full_like(picture, 90), 0.1, [live(face)])[0].measured is None
    assert measures.take(picture, 0.2, []) == ()


def row_of(opening):
    row = np.zeros(len(COLUMNS) - 1)
    row[[COLUMNS.index("eye_open_left"), COLUMNS.index("eye_open_right")]] = opening
    return row


def test_a_blink_is_told_while_the_eyes_are_closed_and_not_for_longer():
    past = live_measures._Past()  # noqa: SLF001 — blinks of known length
    openings = [0.3] * 20 + [0.05] * 4 + [0.3] * 6 + [0.05] * 12
    told = [past.told(at / 10, row_of(opening))[-1] for at, opening in enumerate(openings)]
    assert told[:20] == [0.0] * 20
    assert told[20:24] == [1.0] * 4
    assert told[24:30] == [0.0] * 6
    assert told[30:36] == [1.0] * 6
    assert told[36:] == [0.0] * 6  # eyes that stay closed for longer do not blink


def test_the_analyser_measures_when_it_is_asked(picture):
    results, errors, arrived = [], [], threading.Event()

    def take(result):
        results.append(result)
        if any(one.measured is not None for one in result.faces):
            arrived.set()

    analyser = LiveAnalyser(None, "cpu", take, errors.append)
    try:
        number, asked = 0, False
        while not arrived.wait(0.05) and number < PATIENCE_S / 0.05:
            analyser.submit(number, Frame(number, number, number / 20, picture))
            number += 1
            if not asked and results and results[-1].faces:
                assert results[-1].faces[0].measured is None
                analyser.set_measuring(True)
                asked = True
    finally:
        analyser.close()
    assert not errors
    assert arrived.is_set()
