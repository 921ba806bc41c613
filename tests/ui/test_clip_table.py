"""The table of clips: what it shows, and every way to change something in it, in the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

import db.clips
from app.ui.parts.clips.table import ClipTable
from app.ui.parts.clips.table_model import HEADINGS, NAME, SUBJECT

from .waiting import idle, settle


@pytest.fixture
def table(desk, window):
    window.context.commands.run("clips.table")
    found = window.findChild(ClipTable)
    settle(lambda: found.found.rowCount() == 2)
    return found


def shown(table):
    rows = range(table.found.rowCount())
    return [{name: table.found.index(at, column).data() for column, name in enumerate(HEADINGS)} for at in rows]


def clips(window):
    return {clip.name: clip for clip in db.clips.every(window.context.project)}


def test_it_shows_what_the_project_holds_about_each_clip(table):
    first, second = shown(table)
    assert first == {
        "Clip": "clip0.mp4", "Subject": "–", "File": "found", "Length": "0:03", "Frames": "75", "Analysed": "yes",
        "Faces": first["Faces"], "Ratings": "–", "Traces": "2", "Studies": "–",
    }  # fmt: skip
    assert int(first["Faces"]) >= 1
    assert (second["Clip"], second["Traces"]) == ("clip1.mp4", "–")
    assert table.count.text() == "2 clips"


def test_words_find_clips_and_a_heading_sorts_them(table):
    table.search.setText("CLIP1 found")
    assert [row["Clip"] for row in shown(table)] == ["clip1.mp4"]
    assert table.count.text() == "1 of 2 clips"
    table.search.clear()
    table.table.sortByColumn(HEADINGS.index("Traces"), Qt.SortOrder.DescendingOrder)
    assert [row["Clip"] for row in shown(table)] == ["clip0.mp4", "clip1.mp4"]
    table.table.sortByColumn(HEADINGS.index("Traces"), Qt.SortOrder.AscendingOrder)
    assert [row["Clip"] for row in shown(table)] == ["clip1.mp4", "clip0.mp4"]


def test_the_subject_of_several_clips_is_set_at_once_and_taken_back(table, window):
    assert not table.set_subject.isEnabled()
    table.table.selectAll()
    table.subject.setText(" S07 ")
    QTest.mouseClick(table.set_subject, Qt.MouseButton.LeftButton)
    settle(lambda: [row["Subject"] for row in shown(table)] == ["S07", "S07"])
    assert table.count.text() == "2 clips, 2 selected"
    assert {clip.subject for clip in clips(window).values()} == {"S07"}
    window.context.undo.undo()
    settle(lambda: [row["Subject"] for row in shown(table)] == ["–", "–"])


def test_subjects_are_read_from_a_list_and_files_without_a_clip_are_named(table, window, tmp_path, monkeypatch):
    place = tmp_path / "subjects.csv"
    place.write_text("path,subject\nclip0.mp4,S03\nclip1.mp4,S04\nelsewhere.mp4,S05\n")
    monkeypatch.setattr(type(window.context.ask_file), "one", lambda *_: place)
    QTest.mouseClick(table.read_list, Qt.MouseButton.LeftButton)
    settle(lambda: [row["Subject"] for row in shown(table)] == ["S03", "S04"])
    settle(lambda: "elsewhere.mp4" in window.banner.text())
    assert window.context.undo.count() == 1
    window.context.undo.undo()
    settle(lambda: [row["Subject"] for row in shown(table)] == ["–", "–"])
    place.write_text("path,subject\nelsewhere.mp4,S05\n")
    QTest.mouseClick(table.read_list, Qt.MouseButton.LeftButton)
    settle(lambda: "names no subject of a clip" in window.banner.text())


def test_name_and_subject_are_edited_in_place(table, window):
    model = table.found
    model.setData(model.index(0, NAME), "first.mp4")
    settle(lambda: "first.mp4" in {row["Clip"] for row in shown(table)})
    at = [row["Clip"] for row in shown(table)].index("first.mp4")
    model.setData(model.index(at, SUBJECT), "S01")
    settle(lambda: "S01" in {row["Subject"] for row in shown(table)})
    assert clips(window)["first.mp4"].subject == "S01"
    assert window.context.undo.count() == 2


def test_a_taken_or_empty_name_is_refused_in_a_sentence(table, window):
    told = []
    window.context.notice_raised.connect(told.append)
    table.found.setData(table.found.index(0, NAME), "clip1.mp4")
    settle(lambda: len(told) == 1)
    table.found.setData(table.found.index(0, NAME), "  ")
    settle(lambda: len(told) == 2)
    assert told[1].what == "A clip needs a name."
    assert sorted(clips(window)) == ["clip0.mp4", "clip1.mp4"]


def answer(table, words):
    box = table.findChild(QMessageBox)
    said = box.informativeText()
    next(each for each in box.buttons() if each.text() == words).click()
    return said


def test_a_clip_is_removed_after_a_question_and_comes_back(table, window):
    table.select({clips(window)["clip0.mp4"].id})
    table.table.setFocus()
    QTest.keyClick(table.table, Qt.Key.Key_Delete)
    settle(lambda: table.findChild(QMessageBox) is not None)
    said = answer(table, "Keep")
    assert "0 answers and 2 traces stay in the project" in said
    idle(window.context)
    assert len(shown(table)) == 2
    QTest.mouseClick(table.remove, Qt.MouseButton.LeftButton)
    settle(lambda: table.findChild(QMessageBox) is not None and table.findChild(QMessageBox).isVisible())
    answer(table, "Remove")
    settle(lambda: [row["Clip"] for row in shown(table)] == ["clip1.mp4"])
    window.context.undo.undo()
    settle(lambda: len(shown(table)) == 2)


def test_a_clip_is_shown_in_review(table, desk, window):
    table.select({clips(window)["clip1.mp4"].id})
    QTest.mouseClick(table.show_clip, Qt.MouseButton.LeftButton)
    settle(lambda: desk.clips.current() is not None and desk.clips.current().clip.name == "clip1.mp4")


def test_it_closes_with_its_project(table, window):
    gone = []
    table.destroyed.connect(lambda: gone.append(True))
    window.context.commands.run("project.close")
    settle(lambda: gone == [True])
    window.context.commands.set_condition("project", False)
    assert not window.context.commands.enabled("clips.table")
