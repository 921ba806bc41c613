"""Every screen in small and large windows: nothing is cut, nothing lies on something else, the picture stays useful."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QComboBox, QLabel, QSpinBox, QWidget

from tests.ui.waiting import idle, settle

SIZES = [(960, 640), (1280, 720), (1600, 1000)]
SPEAKING = (QLabel, QAbstractButton, QComboBox, QSpinBox)


def cut(window):
    """What is seen of a window only in part: (class, its words, why)."""
    found = []
    for part in window.findChildren(QWidget):
        if not isinstance(part, SPEAKING) or not part.isVisible() or scrolled(part):
            continue
        words = part.text() if hasattr(part, "text") else part.currentText()
        least = part.minimumSizeHint()
        inside = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
        if part.width() < least.width() or part.height() < least.height() - 2:
            found.append((type(part).__name__, part.objectName(), words, f"{part.size()} is less than {least}"))
        elif not window.rect().contains(inside):
            found.append((type(part).__name__, part.objectName(), words, f"{inside} lies outside"))
    return found


def scrolled(part):
    while part is not None:
        if isinstance(part, QAbstractScrollArea):
            return True
        part = part.parentWidget()
    return False


def on_each_other(window):
    """Pairs of speaking parts of one parent that overlap."""
    found = []
    for parent in window.findChildren(QWidget):
        parts = [
            part
            for part in parent.children()
            if isinstance(part, SPEAKING) and part.isVisible() and not scrolled(part) and part.parentWidget() is parent
        ]
        for at, one in enumerate(parts):
            for other in parts[at + 1 :]:
                both = one.geometry().intersected(other.geometry())
                if both.width() > 1 and both.height() > 1:
                    found.append((one.objectName() or type(one).__name__, other.objectName() or type(other).__name__))
    return found


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_on_any_screen(desk, window, size):
    window.resize(*size)
    for screen_id in window.screens:
        window.show_screen(screen_id)
        idle(window.context)
        settle(seconds=0.1)
        assert cut(window) == [], screen_id
        assert on_each_other(window) == [], screen_id


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_keeps_a_useful_size(desk, window, size):
    window.resize(*size)
    settle(seconds=0.1)
    assert desk.centre.video.picture_rect().height() >= 180
    assert desk.timeline.geometry().bottom() <= desk.timeline.parentWidget().height()


def test_in_a_narrow_window_clips_are_chosen_over_the_picture(desk, window):
    window.resize(960, 640)
    settle(seconds=0.1)
    assert not desk.clips.isVisible()
    chooser = desk.centre.chooser
    assert chooser.isVisible()
    assert chooser.currentText() == "clip0.mp4"
    chooser.setCurrentIndex(1)
    chooser.activated.emit(1)
    settle(lambda: desk.state.row is not None and desk.state.row.clip.name == "clip1.mp4")
    desk.clips.move(-1)
    assert chooser.currentText() == "clip0.mp4"
    window.resize(1440, 900)
    settle(seconds=0.1)
    assert desk.clips.isVisible()
    assert not chooser.isVisible()


def test_cards_without_room_go_behind_tabs_and_come_back(desk, window):
    side = desk.side
    window.resize(1600, 1000)
    settle(seconds=0.1)
    assert all(card.isVisible() for card in side.cards)
    assert not side.tabs.isVisible()
    window.resize(1280, 640)
    settle(seconds=0.1)
    assert [side.tabs.tabText(at) for at in range(side.tabs.count())] == ["This frame", "Distribution"]
    assert [card.isVisible() for card in side.cards] == [True, True, False]
    side.tabs.setCurrentIndex(1)
    assert [card.isVisible() for card in side.cards] == [True, False, True]
    window.context.settings.set("appearance.text_scale", 160)
    settle(lambda: side.tabs.count() == 3)
    assert sum(card.isVisible() for card in side.cards) == 1
    window.context.settings.set("appearance.text_scale", 100)
    window.resize(1600, 1000)
    settle(seconds=0.1)
    assert all(card.isVisible() for card in side.cards)


def test_names_of_thin_bands_take_turns_in_columns_or_are_in_the_tool_tip(desk, window):
    window.resize(960, 640)
    settle(lambda: desk.timeline.tables["valence"].fits is not None)
    assert desk.timeline.names.columns == 0
    assert "neutral" in desk.timeline.names.toolTip()
    assert "MSE" in desk.timeline.tables["valence"].toolTip()
    window.resize(1600, 1000)
    settle(lambda: desk.timeline.names.columns == 2)
    window.resize(1600, 1300)
    settle(lambda: desk.timeline.names.columns == 1)
    assert desk.timeline.tables["valence"].lines() == 4


def test_the_entries_of_the_rail_move_together_in_a_low_window_and_apart_again(desk, window):
    rail = window.rail

    def free():
        entries = [entry for entry in rail.findChildren(QAbstractButton) if entry.isVisible()]
        gaps = [below.y() - above.geometry().bottom() for above, below in pairwise(entries)]
        return min(gaps) >= 0 and entries[-1].geometry().bottom() <= rail.height()

    window.resize(1440, 900)
    settle(lambda: not rail.dense)
    assert free()
    window.resize(960, 620)
    settle(lambda: rail.dense)
    settle(seconds=0.1)
    assert free()
    assert [row for row in cut(window) if row[1].startswith("rail.")] == []
    window.resize(1440, 900)
    settle(lambda: not rail.dense)
    window.context.settings.set("appearance.text_scale", 160)
    window.resize(1440, 640)
    settle(lambda: rail.dense)
    settle(seconds=0.1)
    assert free()
    window.context.settings.set("appearance.text_scale", 100)
    window.resize(1440, 900)
    settle(lambda: not rail.dense)
