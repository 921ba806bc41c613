"""A project with what faults of older versions left behind says so when it is opened, and leads to the list."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import db.raters
from db.project import Project
from tests.data.projects import outputs
from tests.ui.waiting import idle, settle


def opened(window, path):
    window.projects.open(path)
    settle(lambda: window.context.opened is not None)
    idle(window.context)
    return window.banner


@pytest.mark.parametrize(
    ("name", "said"),
    [("unseen", "3 answers and traces"), ("empty_traces", "4 answers and traces"), ("led", "1 answer or trace"),
     ("practice", "3 answers and traces")],
)  # fmt: skip
def test_an_old_project_says_that_it_has_problems_and_leads_to_them(window, tmp_path, name, said):
    banner = opened(window, outputs.unpack("0.1", name, tmp_path / "old"))
    settle(lambda: said in banner.text())
    assert "Nothing was deleted" in banner.text()
    QTest.mouseClick(banner.offer, Qt.MouseButton.LeftButton)
    study = window.show_screen("study")
    settle(lambda: study.leftovers.table.isVisible() and study.leftovers.table.rows.rows)
    assert len(study.leftovers.table.rows.rows) == int(said[0])
    assert window.stack.currentWidget() is study


def test_a_sound_one_says_nothing(window, tmp_path):
    assert opened(window, outputs.unpack("0.1", "sound", tmp_path / "old")).text() == ""


def test_nothing_is_told_before_somebody_who_may_see_answers_has_signed_in(window, tmp_path):
    path = outputs.unpack("0.1", "unseen", tmp_path / "old")
    with Project.open(path) as project:
        db.raters.add(project, "OWN", role="owner")
    banner = opened(window, path)
    assert banner.text() == ""
    assert not window.context.commands.enabled("study.show_problems")
    window.context.seat.sign_in("OWN", "", window.context.fail)
    settle(lambda: "3 answers and traces" in banner.text())
