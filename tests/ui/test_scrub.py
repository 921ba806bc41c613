"""Dragging the seek bar, and the count of frames that nobody saw."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.ui.parts.player.loop import Loop

from .conftest import FRAMES, RATE, number_in
from .waiting import settle


def test_dragging_shows_pictures_and_ends_on_the_exact_frame(desk):
    bar, player = desk.centre.transport.bar, desk.player
    dragged, sought = [], []
    bar.dragged.connect(dragged.append)
    bar.sought.connect(sought.append)
    middle = bar.height() // 2
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 4, middle))
    assert len(sought) == 1
    for share in (3, 5, 8, 6):
        QTest.mouseMove(bar, QPoint(bar.width() * share // 10, middle))
        settle(lambda share=share: len(dragged) > 0)
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() * 6 // 10, middle))
    assert len(sought) == 2
    wanted = int((sought[-1] + 1e-6) * RATE)
    settle(lambda: player.frame_idx == wanted)
    assert number_in(player.frame.image) == wanted


def test_a_click_without_dragging_seeks_once(desk):
    bar, sought = desk.centre.transport.bar, []
    bar.sought.connect(sought.append)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, bar.height() // 2))
    assert len(sought) == 1


def test_the_counter_is_the_number_of_frames_missing_on_the_screen(desk, media_time):
    player, painted = desk.player, []
    desk.centre.video.painted.connect(lambda: painted.append(player.frame_idx))
    player.seek(0.0)
    settle(lambda: player.frame_idx == 0 and painted and painted[-1] == 0)
    painted.clear()
    media_time.stand()
    player.play()
    for at in (3, 4, 9, 30, 31):
        media_time.put_forward(at / RATE + 1e-4 - player.position_s)
        settle(lambda at=at: painted and painted[-1] == at)
    assert player.dropped == 31 - len(painted)
    desk.centre.video.hide()
    media_time.put_forward(40 / RATE + 1e-4 - player.position_s)
    settle(lambda: player.frame_idx == 40)
    desk.centre.video.show()
    media_time.put_forward(45 / RATE + 1e-4 - player.position_s)
    settle(lambda: painted[-1] == 45)
    assert player.dropped == 45 - len(painted), "a frame that was handed over and never painted counts, too"
    assert FRAMES > 45


@pytest.fixture
def painted(desk):
    """The numbers of the frames that are painted from the first one on, each once while it stands."""
    seen = []

    def note():
        if not seen or seen[-1] != desk.player.frame_idx:
            seen.append(desk.player.frame_idx)

    desk.centre.video.painted.connect(note)
    desk.player.seek(0.0)
    settle(lambda: desk.player.frame_idx == 0 and seen and seen[-1] == 0)
    return seen


def put_to(desk, media_time, idx):
    media_time.put_forward(abs(idx / RATE + 1e-4 - desk.player.position_s) / abs(desk.player.speed))


@pytest.mark.parametrize("at", [0, 20, 60])
def test_the_counter_is_right_where_the_clip_ends_before_it_is_decoded(desk, media_time, painted, at):
    player = desk.player
    media_time.stand()
    player.play()
    put_to(desk, media_time, at)
    settle(lambda: painted[-1] == at)
    media_time.put_forward(10.0)
    settle(lambda: not player.playing)
    settle(lambda: painted[-1] == FRAMES - 1)
    assert player.dropped == FRAMES - len(painted)


@pytest.mark.parametrize("seed", range(4))
def test_the_counter_is_right_whatever_the_clock_does(desk, media_time, painted, seed):
    player, rng = desk.player, np.random.default_rng(seed)
    media_time.stand()
    player.set_speed(float(rng.choice([1.0, 4.0])))
    player.play()
    while player.playing:
        media_time.put_forward(float(rng.uniform(0, 0.3)))
        settle(seconds=float(rng.choice([0.002, 0.02])))
    settle(lambda: painted[-1] == FRAMES - 1)
    assert painted == sorted(painted)
    assert player.dropped == FRAMES - len(painted)


def test_the_counter_is_right_backwards(desk, media_time, painted):
    player = desk.player
    player.seek(FRAMES / RATE)
    settle(lambda: painted[-1] == FRAMES - 1)
    painted.clear()
    painted.append(FRAMES - 1)
    media_time.stand()
    player.set_speed(-1.0)
    player.play()
    for at in (70, 69, 50, 12, 3):
        put_to(desk, media_time, at)
        settle(lambda at=at: painted[-1] == at)
    assert painted == [FRAMES - 1, 70, 69, 50, 12, 3]
    assert player.dropped == FRAMES - 1 - 3 + 1 - len(painted)
    media_time.put_forward(10.0)
    settle(lambda: not player.playing)
    settle(lambda: painted[-1] == 0)
    assert player.dropped == FRAMES - len(painted)


def test_the_counter_is_right_in_a_loop(desk, media_time, painted):
    player = desk.player
    player.set_loop(Loop(True, 10 / RATE, 40 / RATE))
    player.seek(10 / RATE)
    settle(lambda: painted[-1] == 10)
    painted.clear()
    painted.append(10)
    media_time.stand()
    player.play()
    rounds = 0
    for at in (12, 30, 11, 39, 25, 13):
        rounds += at < painted[-1]
        length_s = 30 / RATE
        media_time.put_forward((at / RATE + 1e-4 - player.position_s) % length_s)
        settle(lambda at=at: painted[-1] == at, what=lambda at=at: f"{at}: {painted}")
    first, last = 10, 40
    course = rounds * (last - first + 1) + painted[-1] - painted[0] + 1
    assert player.dropped == course - len(painted), (painted, rounds)
