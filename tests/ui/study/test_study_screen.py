"""The owner's screen on a real project: default study, changes as versions, raters, preview, giving out, simulation."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

import db.answers
import db.assignments
import db.items
import db.leftovers
import db.raters
import db.studies
import db.traces
from app.domain.project import TraceStart
from app.domain.study_defaults import default_study
from app.domain.traces import TraceSamples
from db.project import Project
from tests.data.projects import outputs
from tests.ui.annotate.builder import WIDTH, build, write_clip
from tests.ui.waiting import settle


@pytest.fixture
def screen(window):
    window.resize(1300, 860)
    return window.show_screen("study")


def until(screen, done, what):
    settle(done, what=lambda: f"{what}; banner {screen.window().banner.text()!r}")


def opened(screen, path):
    screen.window().projects.open(path)
    until(screen, lambda: screen.window().context.project is not None, "the project")
    return screen.window().context.project


def test_from_clips_to_an_assignment(screen, tmp_path):
    path = tmp_path / "lab.affectograph"
    with Project.create(path) as project:
        from app.services.projects.files import add_clips

        added = add_clips(project, [write_clip(tmp_path / f"c{i}.mp4", i, 4) for i in range(4)]).added
        assert {clip.width for clip in added} == {WIDTH}
    assert screen.stack.currentWidget() is screen.no_project
    project = opened(screen, path)
    until(screen, lambda: screen.no_study.isVisible(), "the empty state")
    screen.no_study.buttons[1].click()
    until(screen, lambda: screen.name == "Study 1", "the default study")
    stored = db.studies.get(project, "Study 1")
    assert stored.study.emotion_names == default_study().emotion_names
    assert len(db.studies.items(project, stored.id)) == 4

    screen.code.setText("R01")
    screen.pin.setText("4711")
    QTest.keyClick(screen.code, Qt.Key.Key_Return)
    until(screen, lambda: any(one.member.rater == "R01" for one in screen.state_shown.raters), "the rater")
    rater = db.raters.by_code(project, "R01")
    assert rater.has_pin
    assert db.raters.check_pin(project, rater.id, "4711")

    preview = screen.assignment
    assert "c3.mp4 as face_only: Nobody has looked for faces in this clip yet" in preview.note.text()
    assert not preview.go.isEnabled()  # nothing can be shown in both conditions
    assert preview.table.rows.rows == []
    alone = db.studies.get(project, "Study 1").study.next_version(deal_incomplete=True)
    db.studies.save(project, alone)
    screen.reload()
    until(screen, lambda: len(preview.table.rows.rows) == 8, "what can be shown")
    assert "preview" in preview.note.text()
    assert not db.assignments.slots(project, stored.id)
    preview.go.click()
    until(screen, lambda: screen.assignment.slots != (), "the assignment")
    assert "Assigned" in preview.note.text()
    assert len(db.assignments.slots(project, stored.id)) == 8
    assert len(screen.flags.rows.rows) == 4  # no face was tracked, so none can be shown alone
    assert screen.tabs.tabText(3) == "Problems (4)"


def test_a_change_is_the_next_version_and_an_unchanged_form_changes_nothing(screen, tmp_path):
    project = opened(screen, build(tmp_path / "p", clips=2, frames=4, instructions={"rating": {"en": "Look!"}}))
    until(screen, lambda: screen.name == "faces", "the study")
    assert not screen.form.dirty
    assert screen.form.study() == db.studies.get(project, "faces").study
    screen.form.views["context_only"].setChecked(True)
    screen.form.audio["context_only"].setChecked(False)
    screen.form.numbers["attention_every"].setValue(4)
    screen.form.trace.setCurrentIndex(screen.form.trace.findData("each"))
    screen.expectations.add_practice.click()
    assert screen.save.text() == "Save as version 2"
    screen.save.click()
    until(screen, lambda: screen.state_shown.record.version == 2, "the next version")
    assert not screen.form.dirty
    study = db.studies.get(project, "faces").study
    assert [(c.name, c.audio) for c in study.conditions][-1] == ("context_only", False)
    assert study.attention_every == 4
    assert study.attention[0].expected == {"angry": (2, 2)}
    assert study.kinds == ("rating", "trace_valence", "trace_arousal")
    assert [clip.item for clip in study.practice] == ["clip00.mp4"]
    assert study.instructions == {"rating": {"en": "Look!"}}  # what the form does not show stays
    assert len(db.studies.versions(project, db.studies.get(project, "faces").id)) == 2
    assert "assign again" in screen.assignment.note.text()


def test_simulated_raters_fill_the_study_and_are_marked(screen, tmp_path):
    path = build(tmp_path / "p", clips=2, frames=4, raters_per_cell=3)
    project = opened(screen, path)
    until(screen, lambda: screen.name == "faces", "the study")
    screen.fill_simulated(2)
    until(screen, lambda: screen.state_shown.answers > 0, "their answers")
    marks = {row[0]: row[1] for row in screen.raters.rows.rows}
    assert marks == {"R01": "", "S01": "simulated", "S02": "simulated"}
    assert all(answer.simulated for answer in db.answers.every(project, 1))
    assert "1 rater and 2 simulated" in screen.state.text()


def test_a_contradiction_is_told_and_nothing_is_stored(screen, tmp_path):
    project = opened(screen, build(tmp_path / "p", clips=2, frames=4))
    until(screen, lambda: screen.name == "faces", "the study")
    screen.form.intensities.setChecked(False)
    screen.form.category.setChecked(False)
    screen.save.click()
    until(screen, lambda: "nothing is asked" in screen.window().banner.text(), "the banner")
    assert db.studies.get(project, "faces").version == 1
    screen.undo.click()
    assert not screen.form.dirty


def test_the_form_never_scrolls_sideways(screen, tmp_path):
    """In the smallest window with large text everything wraps or gives way, and words switch their boxes."""
    opened(screen, build(tmp_path / "p", clips=2, raters=("R01",)))
    until(screen, lambda: screen.name == "faces", "the study")
    form, window = screen.form, screen.window()
    for scale, size in ((100, (960, 640)), (150, (960, 640)), (160, (1280, 800))):
        screen.window().context.settings.set("appearance.text_scale", scale)
        window.resize(*size)
        settle(seconds=0.05)
        page = form.widget()
        assert page.minimumSizeHint().width() <= form.viewport().width(), (scale, size)
        assert page.width() <= form.viewport().width(), (scale, size)
    before = form.face_later.isChecked()
    (words,) = (
        label for label in form.face_later.parentWidget().findChildren(QLabel) if "face alone after" in label.text()
    )
    QTest.mouseClick(words, Qt.MouseButton.LeftButton)
    assert form.face_later.isChecked() != before
    assert screen.save.isEnabled()


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [("unseen", 3, "never shown"), ("empty_traces", 4, "covers"), ("led", 1, "says it was blind"),
     ("practice", 3, "is stored as passed")],
)  # fmt: skip
def test_what_faults_of_older_versions_left_is_listed_row_by_row(screen, tmp_path, name, rows, said):
    project = opened(screen, outputs.unpack("0.1", name, tmp_path / "old"))
    until(screen, lambda: screen.name, "the study")
    screen.tabs.setCurrentIndex(3)
    shown = screen.leftovers.table.rows.rows
    assert len(shown) == rows
    assert all(said in row[0] and row[1] and row[2] and row[3] for row in shown)
    assert shown == [(one.what, one.rater, one.item, one.todo) for one in db.leftovers.find(project)]
    assert screen.leftovers.table.isVisible()


def test_they_are_listed_in_a_project_without_a_study_too(screen, project_path):
    with Project.open(project_path) as project:  # as 0.1 did: blind, it says, though predictions were in sight
        item, rater = db.items.every(project)[0], db.raters.by_code(project, "R1")
        samples = TraceSamples(np.arange(0, 3, 0.1), np.zeros((30, 2), np.float32), np.arange(0, 3, 0.1), "mouse")
        for _ in range(2):
            db.traces.add(project, TraceStart(item.id, rater.id, "full_context", True, "mouse"), samples)
    project = opened(screen, project_path)
    until(screen, lambda: screen.no_study.isVisible(), "the empty state")
    found = db.leftovers.find(project)
    assert len(found) == 2
    assert screen.left_alone.table.isVisible()
    assert [row[0] for row in screen.left_alone.table.rows.rows] == [one.what for one in found]


def test_a_new_study_asks_what_is_shown_without_sound_for_the_face_alone(screen, tmp_path):
    opened(screen, build(tmp_path / "p", clips=2, frames=4))
    until(screen, lambda: screen.name == "faces", "the study")
    study = default_study()
    assert [(c.view, c.audio) for c in study.conditions] == [("face_only", False), ("full_context", True)]
    texts = [text["en"] for text in study.instructions.values()] + [study.title["en"]]
    assert not [text for text in texts if "feel" in text]
    old = outputs.unpack("0.1", "unseen", tmp_path / "old")
    with Project.open(old) as project:  # an existing study keeps its wording and its sound
        kept = db.studies.get(project, "rooms").study
    assert all(condition.audio for condition in kept.conditions)
    assert "feel" in kept.instructions["rating"]["en"]
