"""Playing: exact frames, speeds, loops, and a thousand seeks that leave nothing behind."""

import gc
import itertools
import random
import threading

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.jobs import LANES
from app.ui.parts.player.loop import Loop
from tests.waiting import PATIENCE_S

from .conftest import FRAMES, RATE, number_in
from .waiting import settle


def shown(desk):
    return desk.player.frame_idx


def sought(desk, idx):
    settle(lambda: shown(desk) == idx)
    assert number_in(desk.player.frame.image) == idx


def test_seeking_shows_exactly_the_frame_asked_for(desk):
    for idx in (40, 3, 74, 0, 41):
        desk.player.seek(idx / RATE)
        sought(desk, idx)


def test_stepping_and_jumping_by_keys(desk, window):
    window.activateWindow()
    desk.player.seek(10 / RATE)
    sought(desk, 10)
    QTest.keyClick(window, Qt.Key.Key_Right)
    sought(desk, 11)
    QTest.keyClick(window, Qt.Key.Key_Left)
    QTest.keyClick(window, Qt.Key.Key_Left)
    sought(desk, 9)
    QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    sought(desk, 9 + RATE)
    QTest.keyClick(window, Qt.Key.Key_End)
    sought(desk, FRAMES - 1)
    QTest.keyClick(window, Qt.Key.Key_Home)
    sought(desk, 0)


def test_space_plays_to_the_end_and_again_from_the_beginning(desk, window):
    desk.player.seek(2.6)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert desk.player.playing
    settle(lambda: not desk.player.playing)
    sought(desk, FRAMES - 1)
    QTest.keyClick(window, Qt.Key.Key_Space)
    settle(lambda: 0 <= shown(desk) < 30)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not desk.player.playing


def test_j_k_l(desk, window):
    desk.player.seek(1.0)
    QTest.keyClick(window, Qt.Key.Key_L)
    assert desk.player.playing
    assert desk.player.speed == 1
    QTest.keyClick(window, Qt.Key.Key_L)
    assert desk.player.speed == 2
    QTest.keyClick(window, Qt.Key.Key_K)
    assert not desk.player.playing
    desk.player.seek(1.0)
    sought(desk, 25)
    QTest.keyClick(window, Qt.Key.Key_J)
    assert desk.player.speed == -1
    settle(lambda: shown(desk) < 20)
    settle(lambda: not desk.player.playing)
    sought(desk, 0)


@pytest.mark.parametrize("speed", [0.25, 2.0, 4.0])
def test_speeds(desk, media_time, speed):
    media_time.stand()
    desk.player.seek(0.2)
    desk.player.set_speed(speed)
    desk.player.play()
    before = desk.player.position_s
    media_time.put_forward(0.5)
    assert desk.player.position_s - before == pytest.approx(0.5 * speed)
    sought(desk, int((before + 0.5 * speed) * RATE))


def test_a_loop_from_a_to_b_stays_between_them(desk):
    desk.player.set_loop(Loop(True, 10 / RATE, 20 / RATE))
    desk.player.seek(10 / RATE)
    seen = []
    desk.player.frame_shown.connect(lambda frame: seen.append(frame.frame_idx))
    desk.player.play()
    settle(lambda: sum(b < a for a, b in itertools.pairwise(seen)) >= 3, what=lambda: f"three rounds in {seen}")
    assert desk.player.playing
    assert max(seen) <= 20
    assert min(seen) >= 10


def test_a_and_b_the_wrong_way_round_change_places(desk):
    desk.player.set_loop(Loop(True, 2.0, 1.0))
    assert (desk.player.loop.a_s, desk.player.loop.b_s) == (1.0, 2.0)


def test_a_thousand_seeks_and_plays_leave_memory_flat(desk):
    rng = random.Random(5)
    process = psutil.Process()
    sizes = []
    for number in range(1000):
        if number % 7 == 0:
            desk.player.toggle()
        desk.player.seek(rng.uniform(-0.5, 3.5))
        settle(seconds=0.001)
        if number % 10 == 0:
            desk.player.step(rng.choice((-1, 1)))
        if number in (300, 999):
            gc.collect()
            sizes.append(process.memory_info().rss)
    desk.player.pause()
    desk.player.seek(33 / RATE)
    sought(desk, 33)
    assert sizes[1] - sizes[0] < 40e6


def test_changing_clips_quickly_ends_with_the_last_one(desk, window):
    for _ in range(6):
        desk.clips.move(1)
        settle(seconds=0.01)
        desk.clips.move(-1)
        settle(seconds=0.01)
    desk.clips.move(1)
    settle(lambda: desk.player.is_open and desk.player.info.path.name == "clip1.mp4" and shown(desk) == 0)
    assert desk.state.row.clip.name == "clip1.mp4"
    assert desk.state.analysis is None


def test_closing_ends_what_played_before_though_no_lane_has_a_thread_for_it(desk, window):
    gate = threading.Event()
    busy = [window.context.jobs.start("clips", lambda _ctx: gate.wait(PATIENCE_S)) for _ in range(LANES["clips"])]
    engines = [each for each in threading.enumerate() if each.name == "playback"]
    assert engines
    desk.player.close_clip()
    desk.player.close()
    gate.set()
    assert not any(each.is_alive() for each in engines)
    assert all(job.wait(PATIENCE_S) for job in busy)
