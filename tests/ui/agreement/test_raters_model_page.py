"""The page of the model of raters: four tables of one fit, and nothing of them while somebody rates."""

import threading

import pytest

from app.errors import UserError
from app.ui.screens.agreement import raters_model
from tests.ui.agreement.test_screen import open_project_in, ready
from tests.ui.waiting import idle, settle


@pytest.fixture
def screen(window, study_path):
    open_project_in(window, study_path)
    made = window.show_screen("agreement")
    ready(made)
    return made


def test_the_page_shows_context_items_raters_and_fit(screen, window):
    screen.page("raters_model")
    page = screen.raters_model
    settle(lambda: page.model is not None)
    ready(screen)
    found = page.model.intensities
    columns = found.fit.columns
    assert page.view.proxy.rowCount() == len(columns.data.emotions)
    assert "[" in page.view.proxy.index(0, 1).data()
    page.view_of.setCurrentIndex(page.view_of.findData("items"))
    assert page.view.proxy.rowCount() == columns.n_units
    page.emotion.setCurrentIndex(page.emotion.findData("happy"))
    assert page.view.proxy.rowCount() == int((columns.unit_emotion == columns.data.emotions.index("happy")).sum())
    page.view_of.setCurrentIndex(page.view_of.findData("raters"))
    assert {page.view.proxy.index(k, 1).data() for k in range(5)} == set(columns.data.raters)
    page.view_of.setCurrentIndex(page.view_of.findData("check"))
    assert page.view.proxy.rowCount() == len(found.checked)
    assert "given the model" in page.told.text()
    page.view_of.setCurrentIndex(page.view_of.findData("traces"))
    settle(lambda: page.traces is not None)
    ready(screen)
    panels = page.traces.panels
    assert page.view.proxy.rowCount() == sum(len(panel.raters) for panel in panels) > 0
    assert "[" in page.view.proxy.index(0, 4).data()
    assert "seconds behind" in page.told.text()
    # Nothing of it stays while somebody rates.
    window.context.commands.set_condition("annotating", True)
    assert page.model is None
    assert page.traces is None
    assert page.view.proxy.rowCount() == 0
    window.context.commands.set_condition("annotating", False)
    ready(screen)


def test_a_model_of_traces_that_fails_is_told_once_and_keeps_the_other(screen, window, monkeypatch):
    tried = []

    def fails(_ctx, _data, **_more):
        tried.append(1)
        raise UserError("The model of traces did not settle.", "Choose other filters.")

    monkeypatch.setattr(raters_model, "make_traces_model", fails)
    screen.page("raters_model")
    page = screen.raters_model
    settle(lambda: page.model is not None)
    page.view_of.setCurrentIndex(page.view_of.findData("traces"))
    settle(lambda: "did not settle" in page.told.text())
    idle(window.context)
    assert len(tried) == 1
    assert page.model is not None
    page.view_of.setCurrentIndex(page.view_of.findData("raters"))
    assert page.view.proxy.rowCount() > 0


def test_a_model_of_traces_of_other_labels_is_not_shown(screen, window, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def waits(_ctx, data, **_more):
        begun.set()
        go_on.wait(20)
        return data

    monkeypatch.setattr(raters_model, "make_traces_model", waits)
    screen.page("raters_model")
    page = screen.raters_model
    settle(lambda: page.model is not None)
    page.view_of.setCurrentIndex(page.view_of.findData("traces"))
    settle(begun.is_set)
    page.view_of.setCurrentIndex(page.view_of.findData("raters"))
    page.clear()  # as when the filters change while the model is fitted
    go_on.set()
    idle(window.context)
    assert page.traces is None
