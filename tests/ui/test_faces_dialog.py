"""The window on faces: compared on a press, taken or changed by hand, undone."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import db.face_people
from app.ui.parts.people.faces import FacesDialog
from tests.ui.waiting import idle

PICTURES = os.environ.get("FACES_PICTURES")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def faces(desk, window):
    """The window on faces, in a project with a clip of two tracked faces."""
    window.context.commands.run("people.faces")
    idle(window.context)
    (dialog,) = window.findChildren(FacesDialog)
    yield dialog
    dialog.close()
    idle(window.context)


def column(dialog, at):
    return [dialog.model.index(row, at).data() for row in range(dialog.model.rowCount())]


def test_faces_are_listed_set_by_hand_and_undone(faces, window):
    project = window.context.project
    assert column(faces, 0) == ["Face 1", "Face 2"]
    assert column(faces, 3) == ["–", "–"]
    assert not faces.take.isEnabled()
    assert not faces.set_code.isEnabled()
    faces.table.selectRow(1)
    faces.code.setText("S07")
    QTest.mouseClick(faces.set_code, LEFT)
    idle(window.context)
    assert column(faces, 3) == ["–", "S07"]
    assert list(db.face_people.of_tracks(project).values()) == ["S07"]
    assert [face.track_no for face in faces.selected] == [2]
    assert faces.count.text() == "2 faces, 1 subject, 1 selected"
    window.context.undo.undo()
    idle(window.context)
    assert column(faces, 3) == ["–", "–"]
    faces.model.setData(faces.model.index(0, 3), "S08")
    idle(window.context)
    assert column(faces, 3) == ["S08", "–"]


def test_faces_are_compared_on_a_press_and_shown_with_their_pictures(faces, window):
    QTest.mouseClick(faces.compare, LEFT)
    assert not faces.compare.isEnabled()
    idle(window.context)
    assert faces.compare.isEnabled()
    assert all(face.picture is not None for face in faces.model.faces)
    assert all(faces.model.index(row, 0).data(Qt.ItemDataRole.DecorationRole) is not None for row in (0, 1))
    assert column(faces, 4) == ["", ""]  # both are in sight together: two people
    if PICTURES:
        faces.grab().save(str(Path(PICTURES) / "faces.png"))


def test_proposals_are_taken_for_the_selected_faces(faces, window):
    made = [replace(face, proposed="S01", group=1, why="80% like face 9") for face in faces.model.faces]
    faces.show_found((made, []))
    idle(window.context)
    assert column(faces, 4) == ["S01", "S01"]
    faces.table.selectRow(0)
    QTest.mouseClick(faces.take, LEFT)
    idle(window.context)
    assert column(faces, 3) == ["S01", "–"]
    faces.table.clearSelection()
    QTest.mouseClick(faces.take, LEFT)
    idle(window.context)
    assert column(faces, 3) == ["S01", "S01"]
    assert not faces.take.isEnabled()
