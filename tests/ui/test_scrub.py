"""Dragging the seek bar, and the count of frames that nobody saw."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

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
