"""Planning on the Study screen: from labels and from assumptions, with progress and cancel, saved and copied."""

import json

import pytest
from PySide6.QtWidgets import QApplication

from app.errors import UserError
from app.jobs import Context
from app.services.demo.project import ensure_demo_project
from app.ui.screens.study.planning_form import ASSUMED, PILOT, numbers_of
from tests.ui.waiting import settle


@pytest.fixture
def tab(window, tmp_path):
    window.resize(1400, 900)
    path = ensure_demo_project(Context(), tmp_path / "demo" / "demo.affectograph")
    screen = window.show_screen("study")
    window.projects.open(path)
    settle(lambda: screen.stack.currentWidget() is screen.main)
    screen.tabs.setCurrentWidget(screen.planning)
    made = screen.planning
    made.form.subjects.setText("6, 12")
    made.form.clips.setText("4")
    made.form.raters.setText("4")
    made.form.repetitions.setValue(4)
    return made


def finished(tab):
    settle(lambda: not tab.busy and tab.planned is not None)


@pytest.mark.slow
def test_a_plan_from_labels_and_one_from_assumptions(tab, tmp_path):
    assert tab.form.source.currentData() == PILOT
    assert not tab.form.prevalence.isVisible()
    assert tab.form.emotion.findData("happy") > 0
    tab.form.emotion.setCurrentIndex(tab.form.emotion.findData("happy"))
    tab.form.target.setValue(0.9)
    tab.go.click()
    assert not tab.go.isEnabled()
    assert tab.stop.isVisible()
    finished(tab)
    pilot = tab.planned
    assert pilot.pilot.facts[0].raters >= 3
    assert "of the pilot study" in tab.answer.text()
    assert pilot.request.emotion == "happy"
    assert [row[0] for row in tab.table.rows.rows] == ["6", "12"]
    assert len(tab.curve.getPlotItem().listDataItems()) == 1

    tab.form.source.setCurrentIndex(tab.form.source.findData(ASSUMED))
    assert tab.form.prevalence.isVisible()
    tab.form.goal.setCurrentIndex(tab.form.goal.findData("effect"))
    assert tab.form.between.isVisible()
    tab.form.target.setValue(0.3)
    tab.go.click()
    settle(lambda: not tab.busy and tab.planned is not pilot)
    assert tab.planned.pilot is None
    assert 0.0 <= tab.planned.plan.rows[0].power <= 1.0
    assert tab.table.rows.headerData(3, tab.table.horizontalHeader().orientation()) == "Power"
    tab.copy.click()
    settle(lambda: QApplication.clipboard().text() == tab.planned.plan.sentence())
    tab.save_to(tmp_path / "plan.json")
    settle((tmp_path / "plan.json").exists)
    assert json.loads((tmp_path / "plan.json").read_text())["question"]["kind"] == "effect"


def sized(form):
    """Few and small studies."""
    form.subjects.setText("6")
    form.clips.setText("3")
    form.raters.setText("3")
    form.repetitions.setValue(3)


def press(page, words):
    next(one for one in page.buttons if one.text() == words).click()


@pytest.mark.slow
def test_planning_needs_no_study_and_no_project(window, tmp_path):
    screen = window.show_screen("study")
    assert screen.stack.currentWidget() is screen.no_project
    press(screen.no_project, "Plan a study…")
    tab = screen.planning
    assert tab.isVisible()
    assert tab.form.source.findData(PILOT) < 0
    sized(tab.form)
    for part, value in {"subject": 0.2, "clip": 0.0, "item": 2.0, "rater": 0.1, "residual": 0.5}.items():
        assert tab.form.variances[part].isVisible()
        tab.form.variances[part].setValue(value)
    tab.form.scale.setText("1:9")
    tab.form.step.setValue(0.5)
    tab.form.level.setValue(0.9)
    tab.go.click()
    finished(tab)
    plan = tab.planned.plan
    assert plan.question.level == 0.9
    assert plan.world.words().startswith("Ratings from 1 to 9 in steps of 0.5, 50 % of them above 1")
    assert "item 71 %" in plan.world.words()
    tab.form.goal.setCurrentIndex(tab.form.goal.findData("effect"))
    tab.form.power.setValue(0.9)
    tab.form.emotions.setValue(3)
    question = tab.form.request().question
    assert (question.power, question.emotions) == (0.9, 3)
    tab.form.scale.setText("5:1")
    tab.go.click()
    assert "scale" in tab.told.text()
    screen.alone.back.click()
    assert screen.stack.currentWidget() is screen.no_project
    window.projects.create(tmp_path / "new.affectograph")
    settle(lambda: screen.stack.currentWidget() is screen.no_clips)
    press(screen.no_clips, "Plan a study…")
    assert tab.isVisible()
    assert tab.form.source.findData(PILOT) == 0
    assert tab.planned is None
    tab.form.source.setCurrentIndex(0)
    tab.form.goal.setCurrentIndex(0)
    tab.go.click()
    settle(lambda: "no intensities" in tab.told.text())


@pytest.mark.slow
def test_a_plan_can_be_cancelled_and_what_is_no_number_is_said(tab):
    tab.form.repetitions.setValue(5000)
    tab.go.click()
    settle(lambda: "of 10000" in tab.told.text())
    tab.stop.click()
    settle(lambda: not tab.busy)
    assert tab.planned is None
    assert tab.go.isEnabled()
    tab.form.raters.setText("three")
    tab.go.click()
    assert "“three” is not a list of numbers" in tab.told.text()
    with pytest.raises(UserError):
        numbers_of(tab.form.raters)
    tab.form.raters.setText("1")
    tab.go.click()
    settle(lambda: "two raters" in tab.told.text())
