"""What screen readers are told of the window, as Qt hands it to assistive technology."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.settings import Settings
from app.ui.look.theme import Theme
from app.ui.parts.timeline.plots import PlotRow
from app.ui.parts.widgets.plain_plot import plot
from app.ui.parts.widgets.spoken import Role, Text, speak
from app.ui.tours.heard import unheard
from app.ui.tours.looks import pages_of
from tests.ui.agreement.conftest import demo_folder, study_path  # noqa: F401
from tests.ui.conftest import FRAMES, RATE
from tests.ui.waiting import idle, settle

told = QAccessible.queryAccessibleInterface


class Painted(QWidget):
    """A part of which nobody stated the role."""

    def paintEvent(self, event):
        QPainter(self).end()


Painted.__module__ = "app.planted"


class Silent(Painted):
    """A chart that does not say what it shows."""

    spoken = Role.Chart


@pytest.mark.slow
def test_a_screen_reader_can_tell_every_part_of_every_screen(window, study_path):  # noqa: F811
    assert unheard(window) == []
    window.projects.open(study_path)
    settle(lambda: window.context.project is not None)
    idle(window.context)
    seen = 0
    for name in window.screens:
        screen = window.show_screen(name)
        idle(window.context)
        for page in pages_of(screen):
            page()
            idle(window.context)
            assert unheard(window) == [], name
            seen += 1
    assert seen >= 18


def test_a_part_that_cannot_be_told_is_found(window):
    window.show_screen("camera")
    assert unheard(window) == []
    host = window.centralWidget()
    for made, words in (
        (Painted(host), "Painted () is painted and has no role."),
        (Silent(host), "Silent () shows something and lacks a name or description."),
        (QPushButton(host), "QPushButton can be focused and has no name."),
        (QLabel(host), f"A label without words is shown in {type(host).__name__}."),
    ):
        made.show()
        assert unheard(window) == [words]
        made.setParent(None)
        made.deleteLater()


def test_the_screens_are_tabs_of_which_one_is_chosen(window):
    window.show_screen("models")
    rail = told(window.rail)
    tabs = [rail.child(at) for at in range(rail.childCount())]
    assert rail.role() == Role.PageTabList
    assert {tab.role() for tab in tabs} == {Role.PageTab}
    assert [tab.text(Text.Name) for tab in tabs if tab.state().selected] == ["Models"]
    there = next(tab for tab in tabs if tab.text(Text.Name) == "Camera")
    there.actionInterface().doAction("Press")
    assert window.screen_id == "camera"
    assert there.state().selected


def test_the_position_is_a_slider_that_can_be_read_and_set(desk):
    bar = told(desk.centre.transport.bar)
    value = bar.valueInterface()
    assert bar.role() == Role.Slider
    assert value.maximumValue() == pytest.approx(1000 * desk.player.range_s[1], abs=1000 / RATE)
    value.setCurrentValue(1000)
    settle(lambda: desk.player.frame_idx == RATE)
    assert value.currentValue() == pytest.approx(1000, abs=1000 / RATE)
    assert bar.text(Text.Description).startswith("0:01 of 0:0")
    QTest.keyClick(desk.window(), Qt.Key.Key_End)
    settle(lambda: desk.player.frame_idx == FRAMES - 1)
    assert value.currentValue() > 1000


def test_charts_tell_what_they_show(desk):
    settle(lambda: desk.state.prediction is not None)
    idle(desk.context)
    for part, words in ((desk.side.plane, "valence"), (desk.side.now, "happiness"), (desk.side.histogram, "mean")):
        assert told(part).role() == Role.Chart
        assert words in told(part).text(Text.Description), type(part).__name__


@pytest.mark.parametrize("kind", ["plain", "timeline"])
def test_a_plot_is_one_part_whose_inside_cannot_be_focused(qapp, nothing_left, kind):
    speak()
    host = QWidget()
    theme = Theme(qapp, Settings())
    made = plot("Curves") if kind == "plain" else PlotRow(theme, "Curves", with_times=True)
    QVBoxLayout(host).addWidget(made)
    host.show()
    assert told(made).role() == Role.Chart
    assert not told(made.viewport()).state().focusable
    assert made.focusPolicy() != Qt.FocusPolicy.NoFocus
    host.close()
    host.deleteLater()
