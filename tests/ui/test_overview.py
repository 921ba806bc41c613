"""The whole clip under the timeline, a playhead that stays in view while it is moved, and ticks at round times."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.ui.parts.timeline.overview import OverviewBar
from app.ui.parts.timeline.plots import STEPS_S, TimeAxis, tick_steps
from tests.ui.conftest import RATE
from tests.ui.waiting import settle


def at_frame(desk, number):
    desk.player.seek(number / RATE)
    settle(lambda: desk.player.frame_idx == number and desk.timeline.at_s == number / RATE)


def test_the_bar_shows_the_part_in_view_and_moves_it(desk):
    timeline, bar = desk.timeline, desk.timeline.overview
    start_s, end_s = desk.player.range_s
    across = bar.contentsRect()
    assert bar.part.width() == pytest.approx(across.width(), abs=1)
    timeline.show_range(start_s, start_s + (end_s - start_s) / 4)
    assert bar.part.width() == pytest.approx(across.width() / 4, rel=0.03)
    assert bar.part.left() == pytest.approx(across.left(), abs=1)
    middle = bar.part.center().toPoint()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(bar, middle + QPoint(round(across.width() / 2), 0))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=middle + QPoint(round(across.width() / 2), 0))
    left, right = timeline.visible()
    assert left == pytest.approx(start_s + (end_s - start_s) / 2, abs=0.05)
    assert right - left == pytest.approx((end_s - start_s) / 4, abs=0.01)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(across.right() - 1, 5))
    assert timeline.visible()[1] == pytest.approx(end_s, abs=0.01)
    assert "to" in bar.told()


def test_it_lies_exactly_below_the_plots(desk):
    desk.window().grab()
    row, bar = desk.timeline.strip, desk.timeline.overview
    box = row.mapTo(desk, row.mapFromScene(row.box.sceneBoundingRect()).boundingRect().topLeft())
    across = bar.contentsRect()
    assert bar.mapTo(desk, across.topLeft()).x() == pytest.approx(box.x(), abs=2)
    assert across.width() == pytest.approx(row.box.width(), abs=3)


def test_the_playhead_stays_in_view_while_somebody_moves_it(desk):
    timeline = desk.timeline
    at_frame(desk, 0)
    timeline.show_range(0.0, 0.4)
    for _ in range(30):
        desk.context.commands.run("player.step_forward")
        settle(seconds=0.005)
    settle(lambda: desk.player.frame_idx == 30 and timeline.at_s == 30 / RATE)
    left, right = timeline.visible()
    assert left <= 30 / RATE <= right
    assert right - left == pytest.approx(0.4, abs=0.01)
    at_frame(desk, 5)
    left, right = timeline.visible()
    assert left <= 5 / RATE <= right


def test_a_view_that_was_dragged_away_stays_while_the_playhead_rests(desk):
    timeline = desk.timeline
    at_frame(desk, 2)
    timeline.show_range(2.0, 2.6)
    for _ in range(3):
        desk._on_tick()  # noqa: SLF001 — as thirty times a second
    assert timeline.visible() == pytest.approx((2.0, 2.6))


def test_the_part_of_hours_can_still_be_seen_and_held(window):
    bar = OverviewBar(window.context.theme)
    bar.resize(400, 14)
    bar.set_range(0.0, 4 * 3600.0)
    bar.set_visible(7200.0, 7205.0)
    assert bar.part.width() >= 6
    assert bar.part.left() == pytest.approx(200, abs=1)
    bar.set_visible(4 * 3600 - 5.0, 4 * 3600.0)
    assert bar.part.right() <= 400
    assert not bar.grab().isNull()
    bar.close()


@pytest.mark.parametrize(
    ("span_s", "wanted"),
    [(0.2, (0.05, 0.01)), (3, (0.5, 0.1)), (20, (5, 1)), (90, (10, 1)), (600, (120, 30)), (3600, (600, 60)),
     (4 * 3600, (1800, 300)), (86400, (10800, 1800))],
)  # fmt: skip
def test_ticks_stand_at_round_times(span_s, wanted):
    words_s, between_s = tick_steps(span_s, 800, 88)
    assert words_s == wanted[0]
    assert {words_s, between_s} <= set(STEPS_S)
    assert words_s / between_s == pytest.approx(round(words_s / between_s))
    assert span_s / words_s <= 800 / 88


def test_an_axis_of_hours_is_in_hours_and_minutes(qtbot):
    axis = TimeAxis("bottom")
    axis.set_begin(50.0)
    (spacing, values), *_ = axis.tickValues(50.0, 50.0 + 3 * 3600, 800)
    assert spacing == 1800
    assert axis.tickStrings(values, 1, spacing) == [
        "0:00",
        "30:00",
        "1:00:00",
        "1:30:00",
        "2:00:00",
        "2:30:00",
        "3:00:00",
    ]
