"""Planning on the Study screen: from labels and from assumptions, with progress and cancel, saved and copied."""

import json

import pytest
from PySide6.QtWidgets import QApplication

from app.errors import UserError
from app.jobs import Context
from app.services.demo.project import ensure_demo_project
from app.ui.screens.study.planning import ASSUMED, PILOT, numbers_of
from tests.ui.waiting import settle


@pytest.fixture
def tab(window, tmp_path):
    window.resize(1400, 900)
    path = ensure_demo_project(Context(), tmp_path / "demo" / "demo.affectograph")
    screen = window.show_screen("study")
    window.projects.open(path)
    settle(lambda: screen.stack.currentWidget() is screen.main, patience=90)
    screen.tabs.setCurrentWidget(screen.planning)
    made = screen.planning
    made.subjects.setText("6, 12")
    made.clips.setText("4")
    made.raters.setText("4")
    made.repetitions.setValue(4)
    return made


def finished(tab):
    settle(lambda: not tab.busy and tab.planned is not None, patience=90)


@pytest.mark.slow
def test_a_plan_from_labels_and_one_from_assumptions(tab, tmp_path):
    assert tab.source.currentData() == PILOT
    assert not tab.prevalence.isVisible()
    tab.target.setValue(0.9)
    tab.go.click()
    assert not tab.go.isEnabled()
    assert tab.stop.isVisible()
    finished(tab)
    pilot = tab.planned
    assert pilot.pilot.facts[0].raters >= 3
    assert "of the pilot study" in tab.answer.text()
    assert [row[0] for row in tab.table.rows.rows] == ["6", "12"]
    assert len(tab.curve.getPlotItem().listDataItems()) == 1

    tab.source.setCurrentIndex(tab.source.findData(ASSUMED))
    assert tab.prevalence.isVisible()
    tab.goal.setCurrentIndex(tab.goal.findData("effect"))
    assert tab.between.isVisible()
    tab.target.setValue(0.3)
    tab.go.click()
    settle(lambda: not tab.busy and tab.planned is not pilot, patience=90)
    assert tab.planned.pilot is None
    assert 0.0 <= tab.planned.plan.rows[0].power <= 1.0
    assert tab.table.rows.headerData(3, tab.table.horizontalHeader().orientation()) == "Power"
    tab.copy.click()
    assert QApplication.clipboard().text() == tab.planned.plan.sentence()
    tab.save_to(tmp_path / "plan.json")
    settle((tmp_path / "plan.json").exists, patience=30)
    assert json.loads((tmp_path / "plan.json").read_text())["question"]["kind"] == "effect"


@pytest.mark.slow
def test_a_plan_can_be_cancelled_and_what_is_no_number_is_said(tab):
    tab.repetitions.setValue(5000)
    tab.go.click()
    settle(lambda: "of 10000" in tab.told.text(), patience=60)
    tab.stop.click()
    settle(lambda: not tab.busy, patience=60)
    assert tab.planned is None
    assert tab.go.isEnabled()
    tab.raters.setText("three")
    tab.go.click()
    assert "“three” is no list of numbers" in tab.told.text()
    with pytest.raises(UserError):
        numbers_of(tab.raters)
    tab.raters.setText("1")
    tab.go.click()
    settle(lambda: "two raters" in tab.told.text(), patience=60)
