"""A clip that cannot be shown in the real window: nothing can be judged of it, whatever keys are pressed."""

from PySide6.QtCore import Qt

import db.answers
import db.edits
import db.items
import db.presentations
from db.project import Project

KEY = Qt.Key


def test_only_going_on_is_left_where_nothing_can_be_shown(desk, make):
    path = make(clips=1, min_distance=0)
    with Project.open(path) as project:  # given out, and then the face was taken away
        (item,) = db.items.every(project)
        db.edits.apply(project, db.edits.set_target(project, item, target={"time_s": 0.0, "box": [30, 30, 40, 40]}))
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    page, flow = desk.screen.rating, desk.screen.flow
    desk.until(lambda: page.presenter.phase == "unshown", "the clip that cannot be shown")
    assert flow.task.condition.view == "face_only"
    assert not page.questions.isEnabled()
    assert not page.none.isVisible()
    assert (page.next.text(), page.next.isEnabled()) == ("Continue", True)
    for key in "0123450123":
        desk.key(key)
    desk.key(KEY.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert not page.draft.touched
    first = flow.task.slot.id
    desk.key(KEY.Key_Return)
    desk.until(lambda: flow.task is not None and flow.task.slot.id != first, "the next")
    project = desk.window.context.opened
    (given,) = db.answers.every(project, 1)
    assert {part.missing_reason for part in given.answer.intensities.values()} == {"face_not_visible"}
    assert given.answer.category_missing == "face_not_visible"
    shown = db.presentations.every(project, 1)[0]
    assert (shown.outcome, shown.judgeable, shown.log.frames_shown) == ("answered", False, 0)
    desk.skip_texts()
    desk.until_shown("playing", "ended")  # the whole picture can be shown, and is judged as ever
    assert page.next.text() == "Save and continue"
    assert page.questions.isEnabled()


def test_a_file_that_is_gone_is_a_technical_problem(desk, make):
    path = make(clips=1, min_distance=0)
    (path.parent / "clip00.mp4").unlink()
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    desk.until(lambda: desk.screen.rating.presenter.phase == "unshown", "the clip that is gone")
    desk.key("3")
    first = desk.screen.flow.task.slot.id
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.task is None or desk.screen.flow.task.slot.id != first, "the next")
    (given,) = db.answers.every(desk.window.context.opened, 1)
    assert {part.missing_reason for part in given.answer.intensities.values()} == {"technical_problem"}
