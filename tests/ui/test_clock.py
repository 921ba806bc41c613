"""The clock: steady by itself, led by sound where there is any."""

import itertools

import pytest

from app.ui.parts.player.clock import Clock


class Sound:
    def __init__(self):
        self.at_s = None

    def played_s(self):
        return self.at_s


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def clock(now):
    return Clock(lambda: now[0])


def test_it_stands_runs_and_keeps_its_place_over_a_change_of_speed(clock, now):
    clock.set(5.0)
    now[0] += 3
    assert clock.time_s() == 5.0
    clock.start()
    now[0] += 2
    assert clock.time_s() == 7.0
    clock.set_speed(0.25)
    now[0] += 4
    assert clock.time_s() == 8.0
    clock.set_speed(-2.0)
    now[0] += 1
    assert clock.time_s() == 6.0
    clock.stop()
    now[0] += 9
    assert clock.time_s() == 6.0


def test_sound_leads_gently_and_without_steps_back(clock, now):
    sound = Sound()
    clock.set(0.0)
    clock.start()
    clock.set_sound(sound)
    times = []
    for tick in range(1000):
        now[0] += 0.008
        sound.at_s = tick * 0.008 * 0.98  # a device that runs two percent slow
        times.append(clock.time_s())
    assert all(b >= a for a, b in itertools.pairwise(times))
    assert times[-1] == pytest.approx(sound.at_s, abs=0.02)


def test_far_off_it_jumps_and_stalled_sound_is_no_clock(clock, now):
    sound = Sound()
    clock.set(0.0)
    clock.start()
    clock.set_sound(sound, offset_s=0.1)
    now[0] += 0.01
    sound.at_s = 2.1
    assert clock.time_s() == pytest.approx(2.0)
    for _ in range(200):
        now[0] += 0.01
        last = clock.time_s()
    assert last > 2.5, "time goes on when the device sleeps"


def test_without_sound_or_at_another_speed_it_runs_free(clock, now):
    sound = Sound()
    clock.set(1.0)
    clock.start()
    clock.set_sound(sound)
    now[0] += 1
    assert clock.time_s() == 2.0
    sound.at_s = 50.0
    clock.set_speed(2.0)
    base = clock.time_s()
    now[0] += 1
    assert clock.time_s() == pytest.approx(base + 2)
