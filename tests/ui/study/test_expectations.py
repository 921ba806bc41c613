"""The editor of practice clips and attention checks, on a real project and by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import db.answers
import db.studies
from app.domain.answers import Intensity, PresentationLog
from app.domain.study import AttentionCheck, PracticeClip
from app.domain.study_defaults import default_trace
from app.services.study.owner import assign
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import full_answer
from tests.ui.annotate.builder import build
from tests.ui.waiting import settle

SEEN = PresentationLog(frames_shown=9, plays=1, first_frame_s=0.0, last_frame_s=0.27, seen_whole=True)


@pytest.fixture
def screen(window):
    window.resize(1300, 860)
    return window.show_screen("study")


def until(screen, done, what):
    settle(done, what=lambda: f"{what}; banner {screen.window().banner.text()!r}")


def opened(screen, path):
    screen.window().projects.open(path)
    until(screen, lambda: screen.name == "faces", "the study")
    screen.tabs.setCurrentWidget(screen.expectations)
    return screen.window().context.project


def typed(box, digits):
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, digits)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_a_practice_clip_is_made_by_keys_and_stored_as_the_next_version(screen, tmp_path):
    project = opened(screen, build(tmp_path / "p", clips=3, frames=4))
    tab, editor = screen.expectations, screen.expectations.editor
    assert tab.table.rows.rows == []
    assert not editor.isVisible()
    QTest.keyClick(tab.table, Qt.Key.Key_Insert)
    assert screen.window().focusWidget() is editor.item
    assert "no verdict" in editor.verdict.text()
    assert not editor.right.isEnabled()
    editor.item.setCurrentIndex(editor.item.findData("clip01.mp4"))
    assert editor.means.text() == "clip clip01.mp4 · whole clip · face 1"
    editor.condition.setCurrentIndex(editor.condition.findData("face_only"))
    typed(editor.ranges["happy"].low, "3")
    assert editor.ranges["happy"].span() == (3, 5)  # at least 3
    typed(editor.ranges["sad"].high, "1")
    assert editor.ranges["sad"].span() == (0, 1)  # at most 1
    typed(editor.ranges["sad"].low, "4")
    assert editor.ranges["sad"].span() == (4, 4)  # never the wrong way round
    typed(editor.ranges["sad"].high, "2")
    assert editor.ranges["sad"].span() == (2, 2)
    editor.category.setCurrentIndex(editor.category.findData("happy"))
    QTest.keyClicks(editor.feedback, "Look at the mouth.")
    QTest.keyClicks(editor.wrong, "She smiles.")
    assert editor.verdict.text() == ""
    assert tab.table.rows.rows == [("Practice, rating", "clip01.mp4", "Face only", "Happy 3–5, Sad 2; category Happy")]
    assert screen.save.text() == "Save as version 2"
    screen.save.click()
    until(screen, lambda: screen.state_shown.record.version == 2, "the next version")
    assert db.studies.get(project, "faces").study.practice == (
        PracticeClip(
            "clip01.mp4", "face_only", expected={"sad": (2, 2), "happy": (3, 5)}, category="happy",
            feedback={"en": "Look at the mouth."}, wrong={"en": "She smiles."},
        ),
    )  # fmt: skip
    assert not screen.form.dirty


def test_a_trace_expects_a_band_and_the_way_back_keeps_what_was_set(screen, tmp_path):
    practice = (PracticeClip("clip00.mp4", "face_only", expected={"happy": (3, 5)}, category="happy"),)
    opened(screen, build(tmp_path / "p", clips=3, frames=4, practice=practice))
    tab, editor = screen.expectations, screen.expectations.editor
    screen.form.trace.setCurrentIndex(screen.form.trace.findData("joint"))
    editor.kind.setCurrentIndex(editor.kind.findData("trace"))
    assert (tab.practice[0].expected, tab.practice[0].category) == ({}, "")
    assert tab.table.rows.rows[0][3] == "no verdict"
    assert not editor.right.isEnabled()
    assert editor.bands["arousal"].low.isVisible()
    assert not editor.ranges["happy"].low.isVisible()
    typed(editor.bands["valence"].low, "0.3")
    assert editor.bands["valence"].span() == (0.3, 1.0)  # at least 0.3
    typed(editor.bands["arousal"].high, "-0.25")
    assert editor.bands["arousal"].span() == (-1.0, -0.25)
    assert tab.practice[0].band == {"valence": (0.3, 1.0), "arousal": (-1.0, -0.25)}
    assert tab.table.rows.rows[0][3] == "mean valence 0.3 to 1, mean arousal −1 to −0.25"
    assert editor.right.isEnabled()
    editor.kind.setCurrentIndex(editor.kind.findData("rating"))
    assert tab.practice == practice
    screen.form.trace.setCurrentIndex(screen.form.trace.findData("each"))
    editor.kind.setCurrentIndex(editor.kind.findData("trace_valence"))
    assert editor.bands["valence"].low.isVisible()
    assert not editor.bands["arousal"].low.isVisible()


def test_a_check_may_be_a_trace_of_a_clip_but_not_of_a_text(screen, tmp_path):
    opened(screen, build(tmp_path / "p", clips=3, frames=4, trace=default_trace()))
    tab = screen.expectations
    tab.add_check.click()
    editor = tab.editor
    editor.kind.setCurrentIndex(editor.kind.findData("trace"))
    assert tab.attention[0].kind == "rating"
    editor.item.setCurrentIndex(editor.item.findData("clip00.mp4"))
    editor.kind.setCurrentIndex(editor.kind.findData("trace"))
    assert "Nothing is expected yet" in editor.verdict.text()
    typed(editor.bands["arousal"].low, "0.8")
    assert tab.attention[0].band == {"arousal": (0.8, 1.0)}
    assert tab.table.rows.rows[0][0] == "Check check_1, trace"
    screen.save.click()
    until(screen, lambda: screen.state_shown.record.version == 2, "the next version")
    assert db.studies.get(screen.window().context.project, "faces").study.attention == tab.attention


def test_order_and_removal_by_keys_and_undo(screen, tmp_path):
    clips = tuple(PracticeClip(f"clip0{i}.mp4", "face_only") for i in range(3))
    check = AttentionCheck("two", {"en": "Set the first row to 2."}, {"angry": (2, 2)})
    opened(screen, build(tmp_path / "p", clips=6, frames=4, practice=clips, attention=(check,), attention_every=2))
    tab = screen.expectations
    assert tab.chosen == 0
    QTest.keyClick(tab.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert [clip.item for clip in tab.practice] == ["clip01.mp4", "clip00.mp4", "clip02.mp4"]
    assert tab.chosen == 1
    QTest.keyClick(tab.table, Qt.Key.Key_Delete)
    assert [clip.item for clip in tab.practice] == ["clip01.mp4", "clip02.mp4"]
    QTest.keyClick(tab.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)  # not past the checks
    assert [clip.item for clip in tab.practice] == ["clip01.mp4", "clip02.mp4"]
    QTest.keyClick(tab.table, Qt.Key.Key_Down)
    assert tab.editor.name.text() == "two"
    assert tab.editor.prompt.text() == "Set the first row to 2."
    assert screen.form.dirty
    screen.undo.click()
    assert tab.practice == clips
    assert not screen.form.dirty


def test_a_check_without_expectation_is_refused_in_words(screen, tmp_path):
    project = opened(screen, build(tmp_path / "p", clips=3, frames=4))
    tab = screen.expectations
    tab.add_check.click()
    assert tab.attention[0].expected == {"angry": (2, 2)}
    typed(tab.editor.ranges["angry"].low, "-1")
    tab.editor.ranges["angry"].low.setValue(-1)
    assert "Nothing is expected yet" in tab.editor.verdict.text()
    screen.save.click()
    until(screen, lambda: "cannot fail" in screen.window().banner.text(), "the banner")
    assert db.studies.get(project, "faces").version == 1
    tab.editor.item.setCurrentIndex(tab.editor.item.findData("clip00.mp4"))
    assert tab.attention[0].condition == "full_context"  # a clip is shown in some condition
    tab.editor.item.setCurrentIndex(0)
    assert (tab.attention[0].item, tab.attention[0].condition) == ("", "")


def test_verdicts_of_before_stay_and_the_editor_says_so(screen, tmp_path):
    practice = PracticeClip("clip00.mp4", "full_context", expected={"happy": (4, 5)})
    path = build(tmp_path / "p", clips=3, frames=4, practice=(practice,), raters=("R01", "R02"))
    with Project.open(path) as project, AnnotateSession(project, "R01") as session:
        assert session.submit(full_answer(session.study, score=3), SEEN).passed is False
    project = opened(screen, path)
    tab = screen.expectations
    assert "1 not" in tab.stays.text()
    assert "from version 2 on" in tab.stays.text()
    typed(tab.editor.ranges["happy"].low, "3")
    screen.save.click()
    until(screen, lambda: screen.state_shown.record.version == 2, "the next version")
    study = db.studies.get(project, "faces")
    (old,) = db.answers.every(project, study.id, purpose="practice")
    assert (old.circumstances.passed, old.circumstances.study_version) == (False, 1)
    assign(project, "faces")
    with AnnotateSession(project, "R02") as session:
        answer = full_answer(session.study, score=1)
        answer.intensities["happy"] = Intensity(3)
        assert session.submit(answer, SEEN).passed is True
