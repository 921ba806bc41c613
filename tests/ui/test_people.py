"""People and consent in the real window: recorded by presses, asked where it matters, erased after a plan."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

import db.consent
import db.edits
import db.raters
from app.ui.parts.people.dialog import PeopleDialog
from app.ui.parts.people.erase import EraseDialog
from tests.ui.waiting import idle

PICTURES = os.environ.get("PEOPLE_PICTURES")
LEFT = Qt.MouseButton.LeftButton


def take(widget, name):
    if PICTURES:
        widget.grab().save(str(Path(PICTURES) / f"{name}.png"))


@pytest.fixture
def people(desk, window):
    """The window on people, in a project with a subject and two raters."""
    project = window.context.project
    clip = project_clip(project)
    db.edits.apply(project, db.edits.set_subject(project, [clip], "S01"))
    for code in ("R01", "R02"):
        db.raters.add(project, code)
    window.context.commands.run("people.open")
    idle(window.context)
    (dialog,) = window.findChildren(PeopleDialog)
    yield dialog
    dialog.close()
    idle(window.context)


def project_clip(project):
    import db.clips

    return db.clips.every(project)[0].id


def cells(dialog):
    return {row[0]: row[2:] for row in dialog.table.rows.rows}


def test_consent_is_recorded_undone_and_shown(people, window):
    assert {"S01", "R01", "R02"} <= cells(people).keys()
    assert not people.agreed.isEnabled()
    people.table.selectRow([row[0] for row in people.table.rows.rows].index("S01"))
    for purpose in ("showing", "keeping"):
        people.boxes[purpose].setChecked(False)
    people.until.setText("2031-12-31")
    QTest.mouseClick(people.agreed, LEFT)
    idle(window.context)
    given = "given until 2031-12-31"
    assert cells(people)["S01"] == (given, given, given, "unknown", "unknown")
    take(people, "people")
    people.until.clear()
    QTest.mouseClick(people.withdrawn, LEFT)
    idle(window.context)
    assert cells(people)["S01"][0].startswith("withdrawn on")
    assert [one.code for one in people.selected] == ["S01"]
    window.context.undo.undo()
    idle(window.context)
    assert cells(people)["S01"][0] == given
    assert people.log.rows.rows[0][2].startswith("Undone: Consent of subject S01")
    people.tabs.setCurrentIndex(1)
    take(people, "audit")


def test_an_erasing_shows_everything_and_wants_the_code(people, window):
    project = window.context.project
    people.table.selectRow([row[0] for row in people.table.rows.rows].index("S01"))
    QTest.mouseClick(people.erase, LEFT)
    idle(window.context)
    (dialog,) = people.findChildren(EraseDialog)
    assert "cannot be undone" in dialog.told.toPlainText()
    assert "Rows that are deleted: " in dialog.told.toPlainText()
    assert "Files of clips that stay" in dialog.told.toPlainText()
    assert not dialog.erase.isEnabled()
    dialog.code.setText("S0")
    assert not dialog.erase.isEnabled()
    dialog.code.setText("S01")
    take(dialog, "erase")
    QTest.mouseClick(dialog.erase, LEFT)
    idle(window.context)
    assert "S01" not in cells(people)
    assert not window.context.undo.canUndo()
    assert "nothing of the person was found afterwards" in people.outcome.text()
    assert [one.code for one in db.consent.people(project) if one.party == "subject"] == []
    project.check_place()  # the file became shorter, and is still the one that was opened


def test_an_export_asks_and_goes_on_without_by_a_press(people, window, tmp_path):
    project = window.context.project
    person = db.consent.person(project, "rater", "R2")
    db.edits.apply(project, db.consent.set_consent(project, person, "export", granted=False))
    screen = window.show_screen("exchange")
    screen.write_for("muse", tmp_path / "out")
    idle(window.context)
    (box,) = [one for one in window.findChildren(QMessageBox) if one.objectName() == "people.uncovered"]
    assert "rater R2 (refused)" in box.text()
    take(box, "uncovered")
    go = next(one for one in box.buttons() if one.text() == "Continue without these people")
    QTest.mouseClick(go, LEFT)
    idle(window.context)
    (first, *_) = sorted((tmp_path / "out").rglob("*.csv"))
    assert first.read_text().splitlines()[0] == "timestamp,R1"
