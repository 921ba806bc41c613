"""An item in both conditions side by side: the same frame in each, with what every rater gave."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import db.items
import db.sights
from app.domain.study import FACE_ONLY, FULL_CONTEXT
from app.errors import UserError
from app.services.agreement.items import ItemAnswers
from app.services.study.beside import item_beside
from app.ui.screens.agreement.beside import SideBySide, answer_rows
from db.project import Project
from tests.ui.waiting import idle, settle


@pytest.fixture
def items(window, study_path):
    """The page of items of the demo."""
    window.projects.open(study_path)
    settle(lambda: window.context.project is not None, what="the project")
    screen = window.show_screen("agreement")
    settle(lambda: screen.state.shown is not None, what="the results")
    screen.page("items")
    idle(window.context)
    window.activateWindow()
    return screen.items


@pytest.fixture
def beside(items):
    """The window of one item, whose first frame is shown."""
    items.search.setText("07")
    items.table.selectRow(0)
    items.table.setFocus()
    QTest.keyClick(items.table, Qt.Key.Key_Return)
    made = items.beside
    settle(lambda: len(made.stages) == 2 and all(stage.has_picture for stage in made.stages.values()), what="pictures")
    yield made
    if items.beside is made:
        made.close()


def test_enter_on_an_item_shows_both_conditions_from_its_beginning(beside):
    assert list(beside.stages) == [FACE_ONLY, FULL_CONTEXT]
    assert beside.player.item_range_s[0] == pytest.approx(7.0, abs=0.05)
    assert beside.player.frame.time_s == pytest.approx(7.0, abs=0.05)
    face, whole = beside.stages.values()
    assert face.picture_size().width() == face.picture_size().height()  # the square around the face
    assert whole.picture_size().width() > whole.picture_size().height()
    assert beside.isVisible()


def test_both_play_in_step_and_stop_at_the_end_of_the_item(beside):
    shown = {name: [] for name in beside.stages}
    for name, stage in beside.stages.items():
        stage.show_picture = (lambda into, show: lambda picture: (into.append(beside.player.frame_idx), show(picture)))(
            shown[name], stage.show_picture
        )
    QTest.keyClick(beside, Qt.Key.Key_Space)
    assert beside.player.playing
    assert beside.views.play.text() == "Pause"
    settle(lambda: not beside.player.playing, what="the end of the item")
    face, whole = shown.values()
    assert face == whole
    assert len(face) > 3
    assert beside.player.frame.time_s < beside.player.item_range_s[1]
    before = beside.player.frame_idx
    QTest.keyClick(beside, Qt.Key.Key_Left)
    settle(lambda: beside.player.frame_idx == before - 1, what="one frame back")


def test_every_rater_s_points_stand_in_the_table(beside, items):
    rows = beside.table.rows.rows
    answers = beside.answers
    assert len(rows) == len(answers.conditions) * len(answers.raters)
    assert {row[0] for row in rows} == {"Face only", "Full context"}
    headings = [beside.table.rows.headerData(at, Qt.Orientation.Horizontal) for at in range(len(rows[0]))]
    happy = headings.index("Happy")
    for row in rows:
        condition = FACE_ONLY if row[0] == "Face only" else FULL_CONTEXT
        assert float(row[happy]) == answers.scores[condition, "happy", row[1]]
    beside.grab()
    assert beside.chart.spots


def test_who_could_not_tell_and_who_was_not_asked_are_told_apart():
    answers = ItemAnswers(
        "one", ("happy", "sad"), (FACE_ONLY, FULL_CONTEXT), ("R01", "R02"),
        {(FACE_ONLY, "happy", "R01"): 3.0, (FACE_ONLY, "sad", "R01"): float("nan")}, {(FULL_CONTEXT, "R02"): ""},
    )  # fmt: skip
    face, full = answer_rows(answers)
    assert face[:2] == ("Face only", "R01")
    assert sorted(face[2:]) == sorted(["3", "?", "–"])
    assert full[:2] == ("Full context", "R02")
    assert full[-1] == "?"


def test_it_closes_when_the_project_does_and_opens_review(beside, items, window):
    asked = []
    window.context.clip_requested.connect(asked.append)
    beside.to_review.click()
    settle(lambda: asked, what="the clip in Review")
    assert asked[0].time_s == 7.0
    assert items.beside is None
    idle(window.context)


def test_nobody_who_may_not_see_labels_keeps_it_open(beside, items, window):
    window.context.commands.set_condition("annotating", True)
    assert items.beside is None
    window.context.commands.set_condition("annotating", False)
    idle(window.context)


def test_the_clip_counts_as_shown_and_a_lost_item_is_said(study_path):
    with Project.open(study_path) as project:
        found = item_beside(project, "demo 07.0 s", ["context_only", "imported"])
        assert [task.slot.slot.condition for task in found.tasks] == [
            FACE_ONLY, FULL_CONTEXT, "context_only", "imported",
        ]  # fmt: skip
        assert [task.condition.view for task in found.tasks][2:] == ["context_only", FULL_CONTEXT]
        assert ("demo.mp4", "labels") in {(one.clip, one.what) for one in db.sights.every(project)}
        assert db.items.by_name(project, "nothing") is None
        with pytest.raises(UserError, match="no item nothing"):
            item_beside(project, "nothing")


def test_it_is_a_window_of_its_own(beside):
    assert isinstance(beside, SideBySide)
    assert beside.isWindow()
    assert not beside.isModal()
