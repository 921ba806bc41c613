"""The reviewer's screen in the real window, worked by keys: who gets in, what is shown, corrections, undo and redo."""

import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

import db.answers
import db.audit
import db.raters
import db.traces
import db.unseen
from app.domain.answers import Answer, Intensity
from app.domain.study_defaults import default_study, default_trace
from app.services.projects import rescue_files
from app.services.study.corrections import AnswerCorrections
from app.services.study.kits import make_kit
from app.services.study.opened import OpenedTrace
from app.services.study.reviewers import add_owner
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from app.ui.screens.answers.history import changes
from app.ui.screens.answers.model import HEADINGS, AnswerFilter
from db.project import Project
from tests.data.projects import outputs
from tests.study.helpers import SEEN
from tests.ui.annotate.builder import build
from tests.ui.waiting import idle, settle
from tests.waiting import PATIENCE_S

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Desk:
    """A window with the answers screen up, worked by keys alone."""

    def __init__(self, window):
        self.window = window
        self.screen = window.show_screen("answers")

    @property
    def page(self):
        return self.screen.stack.currentWidget()

    @property
    def gate(self):
        """The form that asks who looks: that of the first owner, or the one that stands before every such screen."""
        return self.screen.gate if self.window.context.project is not None else self.window.guard.gate

    @property
    def opened(self):
        return self.screen.opened

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(self.window.windowHandle(), key, modifier)

    def type(self, text):
        for sign in text:
            self.key(sign)

    def until(self, done, what):
        settle(done, what=lambda: f"{what}; banner {self.window.banner.text()!r}")

    def open(self, path):
        self.window.projects.open(path)
        self.until(lambda: self.window.context.opened is not None, "the project")
        self.window.show_screen("answers")
        self.window.activateWindow()
        self.until(self.window.isActiveWindow, "the window to be active")

    def settle(self):
        idle(self.window.context)

    def sign_in(self):
        self.until(lambda: self.gate.isVisible(), "the form")
        self.settle()
        self.gate.setFocus()
        self.key(KEY.Key_Return)
        self.until(lambda: self.opened is not None, "the first answer")
        self.settle()

    def down(self):
        """To the next row, and wait until it is open."""
        before = self.screen.listing.table.currentIndex().row()
        self.key(KEY.Key_Down)
        listing = self.screen.listing
        self.until(lambda: listing.table.currentIndex().row() == before + 1, "the next row")
        self.until(lambda: not self.screen.loading, "its answer")

    def revisions(self, count):
        self.until(lambda: len(self.opened.revisions) == count, f"{count} revisions")
        self.settle()

    def reason(self, text="slip"):
        """The line that asks why has the keyboard."""
        self.until(lambda: self.window.focusWidget() is self.screen.detail.reason, "the question why")
        self.type(text)
        self.key(KEY.Key_Return)


@pytest.fixture
def desk(window):
    window.resize(1300, 860)
    window.activateWindow()
    settle(window.isActiveWindow, what="the window to be active")
    return Desk(window)


@pytest.fixture
def path(tmp_path):
    """One real rater with two answers, a simulated one with answers and traces."""
    made = build(tmp_path / "project", clips=2, raters=("R01",), trace=default_trace())
    with Project.open(made) as project:
        with AnnotateSession(project, "R01") as session:
            for score in (1, 2):
                names = session.study.emotion_names
                answer = Answer({name: Intensity(score) for name in names}, category="happy", comment=f"says {score}")
                session.submit(answer, SEEN)
        simulate_study(project, "faces", 1, 1)
    return made


def given(path):
    """(score of the first emotion, revision, source) of R01's current answers."""
    with Project.open(path, read_only=True) as project:
        rater = db.raters.by_code(project, "R01")
        return [
            (one.answer.intensities["angry"].score, one.revision, one.circumstances.source)
            for one in db.answers.every(project, 1, rater_id=rater.id)
        ]


def test_corrected_undone_and_done_again_by_keys_alone(desk, path):
    desk.open(path)
    desk.sign_in()
    assert (desk.opened.rater, desk.opened.stored.answer.comment) == ("R01", "says 1")
    desk.until(lambda: desk.screen.detail.presenter.phase == "ready", "the clip")
    assert desk.opened.task.condition.name == desk.opened.stored.key.condition
    desk.key(KEY.Key_Return)
    desk.type("5")
    assert desk.screen.detail.dirty
    desk.key(KEY.Key_S, CTRL)
    desk.reason("slip of the mouse")
    desk.revisions(2)
    assert (5, 2, "review") in given(path)
    desk.key(KEY.Key_Z, CTRL)
    desk.revisions(3)
    assert (1, 3, "review") in given(path)
    desk.key(KEY.Key_Z, CTRL | SHIFT)
    desk.revisions(4)
    assert (5, 4, "review") in given(path)
    newest, undone, first, origin = desk.screen.detail.history.rows
    assert (newest[2], newest[3], newest[4]) == ("OWNER", "Angry 1 → 5", "slip of the mouse")
    assert undone[3] == "undone: as in revision 1"
    assert first[3] == "Angry 1 → 5"
    assert (origin[2], origin[3]) == ("R01", "given")
    with Project.open(path, read_only=True) as project:
        lines = db.audit.recent(project, action="edit.apply")
        assert [line.actor for line in lines[:3]] == ["OWNER"] * 3


def test_void_and_restore_by_keys(desk, path):
    desk.open(path)
    desk.sign_in()
    desk.key(KEY.Key_Delete, CTRL)
    desk.reason("asleep")
    desk.revisions(2)
    assert desk.opened.voided
    assert given(path)[-1] == (None, 2, "review")
    desk.key(KEY.Key_R, CTRL)
    desk.reason("was awake")
    desk.revisions(3)
    assert not desk.opened.voided
    said = [row[3] for row in desk.screen.detail.history.rows]
    assert said == ["restored: as in revision 1", "voided", "given"]
    assert desk.opened.stored.answer == desk.opened.revisions[0].stored.answer


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
@pytest.mark.parametrize("told_before", [True, False])
def test_a_correction_while_the_project_is_moved_away_is_kept_and_said(desk, path, told_before):
    desk.open(path)
    desk.sign_in()
    desk.until(lambda: desk.screen.detail.presenter.phase == "ready", "the clip")
    desk.key(KEY.Key_Return)
    desk.type("5")
    path.rename(path.with_name("elsewhere.affectograph"))
    if told_before:
        desk.until(lambda: "was moved, deleted or replaced" in desk.window.banner.text(), "word of the loss")
    desk.key(KEY.Key_S, CTRL)
    desk.reason("slip of the mouse")
    desk.until(lambda: "What you gave is not lost: it is in the rescue file" in desk.window.banner.text(), "the place")
    (file,) = rescue_files.pending()
    assert [(one.what, one.rater.name, one.confirmed) for one in file.entries] == [("edit", "OWNER", True)]
    assert desk.window.context.opened.lost is not None


def test_nothing_that_was_typed_is_lost_or_lands_elsewhere(desk, path, monkeypatch):
    desk.open(path)
    desk.sign_in()
    first = desk.opened.stored.id
    desk.key(KEY.Key_Return)
    desk.type("4")
    desk.key(KEY.Key_Down, CTRL)
    desk.settle()
    desk.until(lambda: desk.screen.listing.current.id == first, "the row that is not saved")
    assert desk.opened.stored.id == first
    assert desk.screen.detail.dirty
    assert "Ctrl+S saves it" in desk.screen.detail.note.text()
    desk.key(KEY.Key_Delete, CTRL)
    desk.settle()
    assert len(desk.opened.revisions) == 1
    desk.key(KEY.Key_Escape)
    assert not desk.screen.detail.dirty
    # Enter and a digit before the next answer is there, which takes as long as the test wants: Enter waits for it.
    there, read = threading.Event(), AnswerCorrections.answer
    monkeypatch.setattr(AnswerCorrections, "answer", lambda self, number: there.wait(PATIENCE_S) and read(self, number))
    desk.screen.listing.table.setFocus()
    desk.key(KEY.Key_Down)
    desk.key(KEY.Key_Return)
    desk.key("3")
    assert desk.opened.stored.id == first
    assert not desk.screen.detail.dirty
    there.set()
    desk.until(lambda: desk.opened.stored.id != first, "the next answer")
    desk.settle()
    assert desk.opened.stored.answer.comment == "says 2"
    assert not desk.screen.detail.dirty
    assert given(path) == [(1, 1, "screen"), (2, 1, "screen")]


def test_filters_leave_what_is_asked_for(desk, path):
    desk.open(path)
    desk.sign_in()
    listing = desk.screen.listing
    total = listing.model.total
    listing.rater.setCurrentIndex(listing.rater.findData("R01"))
    assert {row.rater for row in listing.model.rows} == {"R01"}
    assert listing.count.text() == f"2 of {total}"
    listing.show_what.setCurrentIndex(listing.show_what.findData("trace"))
    desk.settle()
    assert listing.model.rows == []
    assert desk.screen.detail.isHidden()
    listing.show_all()
    desk.settle()
    assert len(listing.model.rows) == total
    listing.show_what.setCurrentIndex(listing.show_what.findData("trace"))
    assert {row.kind for row in listing.model.rows} == {"both"}
    listing.show_all()
    desk.key(KEY.Key_F, CTRL)
    desk.type("clip00")
    assert {row.item for row in listing.model.rows} == {"clip00.mp4"}
    desk.key(KEY.Key_Down)
    assert desk.window.focusWidget() is listing.table
    listing.show_all()
    conditions = {row.condition for row in listing.model.rows}
    listing.condition.setCurrentIndex(listing.condition.findData("face_only"))
    assert {row.condition for row in listing.model.rows} == {"face_only"} < conditions


def test_sorting_keeps_the_row_that_is_chosen(desk, path):
    desk.open(path)
    desk.sign_in()
    listing = desk.screen.listing
    chosen = listing.current
    listing.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert [row.rater for row in listing.model.rows] == sorted((r.rater for r in listing.model.rows), reverse=True)
    assert listing.current == chosen


def test_a_trace_is_rejected_and_the_rejection_undone(desk, path):
    desk.open(path)
    desk.sign_in()
    listing = desk.screen.listing
    listing.show_what.setCurrentIndex(listing.show_what.findData("trace"))
    desk.until(lambda: isinstance(desk.opened, OpenedTrace), "a trace")
    desk.settle()
    number = desk.opened.record.id
    assert len(desk.opened.samples) > 0
    desk.screen.leave()
    desk.key(KEY.Key_Delete, CTRL)
    desk.reason("looked away")
    desk.until(lambda: desk.opened.rejected, "the rejection")
    desk.settle()
    assert listing.current.state == "rejected"
    with Project.open(path, read_only=True) as project:
        assert number not in {trace.id for trace in db.traces.every(project)}
    desk.key(KEY.Key_Z, CTRL)
    desk.until(lambda: desk.opened.counts, "the undoing")
    desk.settle()
    desk.key(KEY.Key_Return)
    desk.type("restless")
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.opened.record.note == "restless", "the note")
    assert [note.action for note in desk.opened.notes] == ["reject", "undo", "note"]
    assert not desk.screen.detail.dirty


def test_only_owners_and_reviewers_are_offered_and_a_wrong_pin_stays_out(desk, path):
    with Project.open(path) as project:
        add_owner(project, "OWN", "55")
        db.raters.add(project, "REV", "reviewer")
    desk.open(path)
    gate = desk.window.guard.gate
    desk.until(lambda: gate.isVisible() and gate.code.count() == 2, "the form")
    assert [gate.code.itemText(i) for i in range(2)] == ["OWN", "REV"]
    assert not gate.first
    gate.pin.setFocus()
    desk.type("54")
    desk.key(KEY.Key_Return)
    desk.until(lambda: "PIN is wrong" in gate.note.text(), "the refusal")
    assert desk.screen.correcting is None
    assert not desk.window.context.commands.enabled("answers.find")
    desk.type("55")
    desk.key(KEY.Key_Return)
    desk.until(lambda: desk.opened is not None, "the answers")
    assert desk.screen.correcting.who.code == "OWN"


def test_a_rater_who_sits_down_ends_the_review(desk, path):
    desk.open(path)
    desk.sign_in()
    desk.key(KEY.Key_Delete, CTRL)
    desk.reason()
    desk.revisions(2)
    assert desk.window.context.commands.enabled("edit.undo")
    desk.window.context.commands.set_condition("annotating", True)
    assert desk.screen.correcting is None
    assert desk.opened is None
    assert desk.screen.listing.model.total == 0
    assert not desk.window.context.undo.canUndo()
    assert not desk.window.context.commands.enabled("answers.void")
    desk.window.context.commands.set_condition("annotating", False)
    desk.until(lambda: desk.window.guard.gate.isVisible(), "the form")


def test_a_kit_shows_nobody_anything(desk, path, tmp_path):
    with Project.open(path) as project:
        kit = make_kit(project, "R01", tmp_path / "kit")
    desk.open(kit)
    desk.until(lambda: desk.page is desk.screen.kit, "the sign")


def test_in_a_small_window_list_and_answer_take_turns(desk, path):
    desk.open(path)
    desk.sign_in()
    desk.window.context.settings.set("appearance.text_scale", 150)
    desk.window.resize(960, 640)
    desk.settle()
    assert desk.screen.left.isVisible()
    assert not desk.screen.detail.isVisible()
    desk.screen.listing.table.setFocus()
    desk.key(KEY.Key_Return)
    assert desk.screen.detail.isVisible()
    assert not desk.screen.left.isVisible()
    desk.key(KEY.Key_Escape)
    assert desk.screen.left.isVisible()


def test_what_changed_in_words():
    study = default_study("s")
    names = study.emotion_names
    before = Answer({name: Intensity(1) for name in names}, category="happy", confidence=2)
    after = Answer({**before.intensities, "sad": Intensity(None, "cannot_tell")}, category="sad", comment="x")
    assert changes(study, before, after) == "Sad 1 → cannot tell, category Happy → Sad, sure 2 → –, comment"
    gone = Answer({name: Intensity(None, "voided") for name in names}, category_missing="voided", confidence=2)
    assert changes(study, before, gone) == "every emotion → voided, category Happy → voided"
    assert changes(study, before, before) == "the same again"
    assert AnswerFilter().picks([]) == []


def test_old_answers_to_what_was_never_shown_are_found_and_voided_in_one_act(desk, tmp_path, monkeypatch):
    old = outputs.unpack("0.1", "unseen", tmp_path / "old")
    with Project.open(old) as project:
        add_owner(project, "OWNER")
    desk.open(old)
    desk.sign_in()
    listing = desk.screen.listing
    listing.state.setCurrentIndex(listing.state.findData("unseen"))
    assert len(listing.model.rows) == 3
    assert listing.unseen.text() == "Void 3 never shown…"
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_words: ("nothing was shown", True))
    desk.settle()
    listing.unseen.click()
    desk.until(lambda: not listing.unseen.isVisible() and not listing.model.rows, "the act")
    desk.settle()
    with Project.open(old, read_only=True) as project:
        assert db.unseen.count(project) == 0
    desk.window.context.commands.run("edit.undo")
    desk.until(lambda: len(listing.model.rows) == 3, "the way back")


@pytest.mark.parametrize("size", [(1272, 680), (1358, 728), (960, 640)])
def test_the_list_never_scrolls_sideways(desk, window, path, size):
    window.resize(*size)
    desk.open(path)
    desk.sign_in()
    table = desk.screen.listing.table
    settle(lambda: table.horizontalScrollBar().maximum() == 0)
    seen = [HEADINGS[at] for at in range(len(HEADINGS)) if not table.isColumnHidden(at)]
    assert {"Rater", "Clip", "State"} <= set(seen)
    assert "Condition" in seen or size[0] < 1200
    told = table.model().data(table.model().index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert all(f"{heading}: " in told for heading in HEADINGS)


def test_the_item_is_shown_side_by_side(desk, path):
    desk.open(path)
    desk.sign_in()
    item = desk.opened.task.slot.slot.item
    desk.screen.detail.beside.click()
    assert desk.window.screen_id == "agreement"
    items = desk.window.show_screen("agreement").items
    desk.until(lambda: items.beside is not None, "the window with both conditions")
    assert items.beside.answers.item == item
    assert "R01" in items.beside.answers.raters
    items.beside.close()
    desk.settle()
