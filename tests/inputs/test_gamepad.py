"""A pad through SDL's own virtual joystick, and the marker it moves."""

import math

import pytest

from app.inputs.gamepad import Gamepad
from app.inputs.marker import Marker, disc_to_square, without_dead_zone
from tests.inputs.virtual_pad import VirtualPad


def test_a_pad_that_comes_is_read_and_one_that_goes_is_missed():
    pad = Gamepad()
    try:
        with VirtualPad() as virtual:
            assert pad.connected
            assert pad.name
            virtual.stick(1.0, 0.5)
            state = pad.poll()
            assert state.x == pytest.approx(0.894, abs=0.01)  # its reach is a circle
            assert state.y == pytest.approx(0.447, abs=0.01)
            virtual.button("accept", True)
            assert pad.poll().pressed == {"accept"}
            assert pad.poll().pressed == frozenset()  # held, not pressed again
            virtual.button("accept", False)
            assert pad.poll().pressed == frozenset()
        assert pad.poll() is None
        assert not pad.connected
    finally:
        pad.close()


def test_without_a_pad_nothing_happens():
    pad = Gamepad()
    assert pad.poll() is None
    assert not pad.connected
    pad.close()
    pad.close()


def test_a_stick_at_rest_does_not_creep():
    assert without_dead_zone(0.1, -0.05) == (0.0, 0.0)
    x, y = without_dead_zone(0.0, -1.0)
    assert (x, y) == (0.0, -1.0)
    just_outside = without_dead_zone(0.13, 0.0)
    assert 0 < just_outside[0] < 0.02


def test_a_round_stick_reaches_the_corners():
    root = math.sqrt(0.5)
    assert disc_to_square(root, root) == pytest.approx((1.0, 1.0))
    assert disc_to_square(0.0, -1.0) == (0.0, -1.0)
    assert disc_to_square(0.0, 0.0) == (0.0, 0.0)
    assert disc_to_square(0.3, 0.0) == pytest.approx((0.3, 0.0))


def test_the_marker_stays_on_its_axes():
    marker = Marker()
    marker.push(1.0, -1.0, elapsed_s=0.5, speed=1.0)
    assert marker.sample() == (0.5, -0.5)
    marker.push(1.0, 0.0, elapsed_s=5.0)
    assert marker.sample() == (1.0, -0.5)
    upright = Marker(axes=(False, True))
    upright.place(0.7, 0.2)
    valence, arousal = upright.sample()
    assert math.isnan(valence)
    assert arousal == 0.2
