"""A rater with the mouse unplugged: everything by key events that go through the real window."""

import sqlite3
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt

import db.answers
import db.presentations
from app.domain.study import AttentionCheck, PracticeClip
from app.domain.study_defaults import default_study, emotion_terms
from db.project import Project

KEY = Qt.Key


def rate(desk, digits="012345012", category="3"):
    """Judge what is on the screen: nine digits, a category, a confidence, Enter."""
    page = desk.screen.rating
    desk.until_shown("playing", "ended", "unshown")
    for digit in digits + category:
        desk.key(digit)
    desk.until(lambda: page.presenter.seen_whole, "the end of the clip")
    slot = desk.screen.flow.task.slot.id
    desk.key(KEY.Key_Return)
    flow = desk.screen.flow
    desk.until(lambda: flow.task is None or flow.task.slot.id != slot or desk.page is desk.screen.text, "the next")


@pytest.mark.slow
def test_twenty_items_in_both_conditions_by_keys_alone(desk, make):
    path = make(clips=20, frames=6)
    desk.open(path)
    desk.sign_in()
    for _ in range(60):
        desk.skip_texts()
        if desk.finished:
            break
        rate(desk)
    assert desk.finished
    with Project.open(path, read_only=True) as project:
        study = db.answers.every(project, 1)
        assert len(study) == 40
        assert {a.key.condition for a in study} == {"face_only", "full_context"}
        first = study[0].answer
        assert [first.intensities[name].score for name in default_study().emotion_names] == [0, 1, 2, 3, 4, 5, 0, 1, 2]
        assert all(i.response_s > 0 for i in first.intensities.values())
        assert first.category == "happy"
        for one in study:
            shown = db.presentations.get(project, one.circumstances.presentation_id)
            assert shown.outcome == "answered"
            assert 0 < shown.log.frames_shown <= 6
            assert shown.log.plays == 1
            assert shown.log.window_width > 100
            assert shown.log.first_frame_s is not None
            assert shown.log.detail["target_marked"] == (one.key.condition == "full_context")


def test_an_answer_is_in_the_file_before_the_screen_moves_on(desk, make):
    path = make(clips=2)
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    rate(desk)
    other = sqlite3.connect(path)
    assert other.execute("SELECT count(*) FROM answer").fetchone() == (1,)
    assert other.execute("SELECT count(*) FROM intensity").fetchone() == (9,)
    other.close()


def test_nothing_is_set_until_it_is_touched_and_open_questions_are_shown(desk, make):
    desk.open(make(clips=2))
    desk.sign_in()
    desk.skip_texts()
    page = desk.screen.rating
    desk.until_shown("ended")
    rows = page.questions.emotion_rows
    assert all(row.at is None for row in rows.values())
    assert page.questions.category_row.at is None
    assert page.questions.confidence_row.at is None
    desk.key("0")
    assert rows["angry"].at == 0
    assert page.draft.score("angry") == 0
    desk.key(KEY.Key_X)
    assert page.draft.reason("disgust") == "cannot_tell"
    desk.key(KEY.Key_X)
    assert page.draft.reason("disgust") == "face_not_visible"
    desk.key(KEY.Key_Up)
    desk.key(KEY.Key_Delete)
    assert page.draft.score("angry") is None
    desk.key(KEY.Key_Return)
    assert desk.screen.flow.done == 0
    assert "Still open: 9 of 10" in page.note.text()
    desk.key(KEY.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert page.draft.complete
    assert page.draft.reason("disgust") == "face_not_visible"
    assert page.draft.reason("angry") == "cannot_tell"
    assert page.none.text() == "Undo “cannot judge”"
    desk.key(KEY.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert page.draft.score("angry") is None
    assert page.draft.reason("angry") == ""
    assert page.draft.reason("disgust") == "face_not_visible"
    assert not page.draft.complete


def test_cannot_tell_of_a_whole_clip_is_stored_apart_from_that_of_each_question(desk, make):
    path = make(clips=2, min_distance=0, emotions=emotion_terms(("happy", "sad")), categories=())
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    page, flow = desk.screen.rating, desk.screen.flow
    for whole in (True, False):
        desk.skip_texts()
        desk.until_shown("ended")
        slot = flow.task.slot.id
        if whole:
            desk.key(KEY.Key_X, Qt.KeyboardModifier.ControlModifier)
            assert "cannot judge" in page.note.text()
        else:
            for _ in range(2):
                desk.key(KEY.Key_X)
                desk.key(KEY.Key_Down)
        desk.key(KEY.Key_Return)
        desk.until(lambda: flow.task is not None and flow.task.slot.id != slot, "the next")  # noqa: B023
    project = desk.window.context.opened
    given = db.answers.every(project, 1)
    assert [{i.missing_reason for i in one.answer.intensities.values()} for one in given] == [{"cannot_tell"}] * 2
    shown = [db.presentations.get(project, one.circumstances.presentation_id) for one in given]
    assert [one.log.detail.get("missing_reason") for one in shown] == ["cannot_tell", None]


def test_a_pause_keeps_what_was_said_and_the_item_comes_again(desk, make):
    path = make(clips=2)
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    page = desk.screen.rating
    desk.until_shown("playing", "ended")
    slot = desk.screen.flow.task.slot.id
    desk.key("4")
    desk.key(KEY.Key_Escape)
    desk.until(lambda: desk.page is desk.screen.text, "the pause")
    desk.key(KEY.Key_Return)
    desk.until_shown("playing", "ended")
    assert desk.screen.flow.task.slot.id == slot
    assert page.draft.score("angry") == 4
    desk.key(KEY.Key_Escape)
    desk.until(lambda: desk.page is desk.screen.text, "the pause")
    desk.key(KEY.Key_Escape)
    desk.until(lambda: desk.page is desk.screen.sign_in, "the form")
    assert desk.window.rail.isVisible()
    project = desk.window.context.opened
    assert [p.outcome for p in db.presentations.every(project, 1)] == ["interrupted", "interrupted"]


def test_the_answer_before_can_be_corrected(desk, make):
    path = make(clips=3)
    desk.open(path)
    desk.sign_in()
    desk.skip_texts()
    rate(desk)
    page = desk.screen.rating
    desk.until_shown("playing", "ended")
    second = desk.screen.flow.task.slot.id
    desk.key(KEY.Key_PageUp)
    desk.until(lambda: "previous answer" in page.stage.words, "the answer before")
    assert page.draft.score("disgust") == 1
    desk.key("5")
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.task.slot.id == second and page.presenter.phase == "playing", "the second")
    answers = db.answers.every(desk.window.context.opened, 1)
    assert [(a.revision, a.current, a.answer.intensities["angry"].score) for a in answers][-1] == (2, True, 5)


def test_practice_gives_feedback_and_attention_checks_need_no_more_than_they_ask(desk, make):
    practice = PracticeClip("clip00.mp4", "full_context", expected={"angry": (0, 0), "fear": (0, 1)},
                            feedback={"en": "The corners of the mouth say it."})  # fmt: skip
    check = AttentionCheck("two", {"en": "Please set Angry to 2."}, {"angry": (2, 2)})
    desk.open(make(clips=3, practice=(practice,), attention=(check,), attention_every=1))
    desk.sign_in()
    desk.skip_texts()
    assert desk.screen.rating.header.purpose.isVisible()
    rate(desk)
    desk.until(lambda: desk.page is desk.screen.text, "the feedback")
    words = desk.screen.text.text.text()
    assert "The corners of the mouth say it." in words
    assert "Afraid: expected 0–1." in words
    project = desk.window.context.opened
    for _ in range(8):
        desk.skip_texts()
        page = desk.screen.rating
        if desk.screen.flow.task is not None and desk.screen.flow.task.purpose == "attention":
            desk.until_shown("unshown")
            assert page.stage.words == "Please set Angry to 2."
            rate(desk, digits="2", category="")
            break
        rate(desk)
    checks = db.answers.every(project, 1, purpose="attention")
    assert [a.circumstances.passed for a in checks] == [True]


def test_practice_without_an_expectation_gives_no_verdict(desk, make):
    practice = PracticeClip("clip00.mp4", "full_context")
    desk.open(make(clips=3, practice=(practice,)))
    desk.sign_in()
    desk.skip_texts()
    rate(desk)
    desk.until(lambda: desk.page is desk.screen.text, "the word after practice")
    said = desk.screen.text.title.text() + desk.screen.text.text.text()
    assert not [word for word in ("As expected", "as expected", "differently", "expected otherwise") if word in said]
    (given,) = db.answers.every(desk.window.context.opened, 1, purpose="practice")
    assert given.circumstances.passed is None


def test_labels_come_in_the_language_chosen(desk, make):
    desk.open(make(clips=2))
    form = desk.screen.sign_in
    desk.until(lambda: desk.page is form and form.language.count() > 1, "the form")
    form.language.setCurrentIndex(form.language.findData("de"))
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.page is desk.screen.text, "the welcome")
    desk.skip_texts()
    rows = desk.screen.rating.questions.emotion_rows
    assert rows["angry"].title == "Wütend"


def test_a_wrong_pin_is_told_and_the_right_one_lets_in(desk, make):
    import db.raters

    path = make(clips=2)
    with Project.open(path) as project:
        db.raters.set_pin(project, db.raters.by_code(project, "R01").id, "1234")
    desk.open(path)
    form = desk.screen.sign_in
    desk.until(lambda: desk.page is form and form.pin.isVisible(), "the form")
    form.pin.setFocus()
    for digit in "99":
        desk.key(digit)
    desk.key(KEY.Key_Return)
    desk.until(lambda: "PIN is wrong" in form.note.text(), "the refusal")
    for digit in "1234":
        desk.key(digit)
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.page is desk.screen.text, "the session")


def test_a_rater_at_work_sees_no_way_to_predictions_and_no_clip_name(desk, make):
    from PySide6.QtWidgets import QLabel

    desk.open(make(clips=2))
    assert desk.window.rail.isVisible()
    desk.sign_in()
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    assert not desk.window.rail.isVisible()
    assert not desk.window.menuBar().isVisible()
    told = [desk.window.windowTitle()] + [made.text() for made in desk.window.findChildren(QLabel) if made.isVisible()]
    assert not any("clip0" in text for text in told)


def test_a_batch_is_judged_in_any_order_and_each_item_is_saved_by_itself(desk, make):
    desk.open(make(clips=3, batch_size=3))
    desk.sign_in()
    desk.skip_texts()
    flow, page = desk.screen.flow, desk.screen.rating
    assert len(flow.batch) > 1
    assert page.strip.isVisible()
    first = flow.task.slot.id
    desk.key(KEY.Key_Right, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: flow.task.slot.id != first, "the second item")
    rate(desk)
    desk.until(lambda: flow.task.slot.id == first, "the one left open")
    assert len(db.answers.every(desk.window.context.opened, 1)) == 1


def test_a_failed_save_keeps_the_answer_on_the_screen(desk, make, monkeypatch):
    from app.errors import UserError
    from app.services.study.session import AnnotateSession

    desk.open(make(clips=2))
    desk.sign_in()
    desk.skip_texts()
    page, real = desk.screen.rating, AnnotateSession.submit

    def full_disk(*_, **__):
        raise UserError("The disk is full.", "Make room, then try again.")

    monkeypatch.setattr(AnnotateSession, "submit", full_disk)
    desk.until_shown("playing", "ended")
    for digit in "0123450123":
        desk.key(digit)
    desk.until(lambda: page.presenter.seen_whole, "the end of the clip")
    slot = desk.screen.flow.task.slot.id
    desk.key(KEY.Key_Return)
    desk.until(lambda: "disk is full" in desk.window.banner.text(), "the banner")
    assert "Not saved yet" in page.note.text()
    assert page.draft.complete
    assert desk.screen.flow.task.slot.id == slot
    monkeypatch.setattr(AnnotateSession, "submit", real)
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.screen.flow.done == 1, "the answer saved")


def test_replays_are_counted_and_limited(desk, make):
    desk.open(make(clips=2, replays=1))
    desk.sign_in()
    desk.skip_texts()
    page = desk.screen.rating
    desk.until_shown("ended")
    assert page.presenter.replays_left == 1
    desk.key(KEY.Key_R)
    desk.until(lambda: page.presenter.phase == "playing", "the replay")
    desk.until(lambda: page.presenter.phase == "ended", "its end")
    desk.key(KEY.Key_R)
    desk.key(KEY.Key_Space)
    assert page.presenter.phase == "ended"
    assert page.presenter.log().plays == 2
    assert len(page.presenter.log().detail["intervals"]) == 2


def test_labelling_begins_at_once_where_there_is_no_study(desk, tmp_path):
    from app.services.projects.files import add_clips
    from tests.ui.annotate.builder import write_clip

    path = tmp_path / "lab.affectograph"
    with Project.create(path) as project:
        add_clips(project, [write_clip(tmp_path / f"c{i}.mp4", i, 6) for i in range(2)])
    desk.open(path)
    desk.until(lambda: desk.page is desk.screen.no_study, "the empty state")
    desk.screen.no_study.buttons[0].click()
    desk.until(lambda: desk.page is desk.screen.text, "the welcome")
    desk.skip_texts()
    rate(desk)
    (answer,) = db.answers.every(desk.window.context.opened, 1)
    assert answer.key.condition == "full_context"  # no face was tracked, so none is shown alone


def test_a_condition_is_read_about_once_a_sitting_and_then_told_on_the_picture(desk, make):
    """Mixed conditions change every few clips: a page each time would only be pressed away."""
    path = make(clips=4)
    desk.open(path)
    desk.sign_in()
    pages, notices, shown = [], [], []
    for _ in range(8):
        while desk.page is desk.screen.text:
            pages.append(desk.screen.text.text.text())
            desk.skip_texts()
        desk.until_shown("marking", "playing", "ended")
        shown.append(desk.screen.flow.task.slot.slot.condition)
        notices.append(desk.screen.rating.presenter.notice)
        rate(desk)
    changes = sum(a != b for a, b in pairwise(shown))
    assert changes > 1
    assert [("alone" in page, "whole picture" in page) for page in pages].count((False, True)) == 1
    assert sum("alone" in page for page in pages) == 1
    # The first two conditions were read about, the later changes are told.
    assert len([notice for notice in notices if notice]) == changes - 1
    for condition, notice in zip(shown, notices, strict=True):
        assert notice in ("", {"face_only": "Face only", "full_context": "Full context"}[condition])


def test_all_questions_are_in_sight_in_an_ordinary_window(desk, make):
    desk.window.resize(1280, 800)
    desk.open(make(clips=2))
    desk.sign_in()
    desk.skip_texts()
    desk.until_shown("playing", "ended")
    questions = desk.screen.rating.questions
    assert questions.verticalScrollBar().maximum() == 0
    assert questions.horizontalScrollBar().maximum() == 0
