"""The archive in the real window: made by presses, refused by name, checked, and a changed one found out."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

import db.consent
import db.edits
from app.services.study.session import AnnotateSession
from app.ui.parts.archiving.dialog import ArchiveDialog
from db.project import Project
from tests.study.helpers import SEEN, full_answer
from tests.ui.agreement.test_screen import open_project_in
from tests.ui.annotate.builder import build
from tests.ui.waiting import idle, settle

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window, study_path):
    open_project_in(window, study_path)
    window.context.commands.run("archive.open")
    idle(window.context)
    (made,) = window.findChildren(ArchiveDialog)
    yield made
    made.close()
    idle(window.context)


def test_an_archive_is_made_checked_and_a_changed_one_is_found_out(dialog, window, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(window.context.ask_file, "folder", lambda *_: tmp_path / "out")
    dialog.title.setText("Faces in talk")
    dialog.authors.setText("A. Author; B. Author")
    QTest.mouseClick(dialog.make, LEFT)
    settle(lambda: "tables." in dialog.outcome.toPlainText())
    (folder,) = (tmp_path / "out").iterdir()
    assert folder.name.lower().startswith("faces in talk-archive-")
    assert "A. Author" in (folder / "dataset_description.json").read_text("utf-8")
    monkeypatch.setattr(window.context.ask_file, "folder", lambda *_: folder)
    idle(window.context)
    QTest.mouseClick(dialog.check, LEFT)
    settle(lambda: "every table comes out again" in dialog.outcome.toPlainText())
    (folder / "methods.md").write_text("something else")
    idle(window.context)
    dialog.check_folder(folder)
    settle(lambda: "methods.md: is not as it was written" in dialog.outcome.toPlainText())
    idle(window.context)


def test_a_dialog_that_is_closed_meanwhile_still_makes_and_checks_its_archive(window, study_path, tmp_path):
    open_project_in(window, study_path)
    bugs, said = [], []
    window.context.faults.on_bug = bugs.append
    window.context.notice_raised.connect(lambda notice: said.append(notice.what))
    for act in ("make_in", "check_folder"):
        window.context.commands.run("archive.open")
        (dialog,) = window.findChildren(ArchiveDialog)
        getattr(dialog, act)(tmp_path if act == "make_in" else next(tmp_path.glob("*-archive-*")))
        dialog.close()
        settle(lambda: not window.findChildren(ArchiveDialog))
        idle(window.context)
    assert bugs == []
    assert said[-2].startswith("The archive ")
    assert said[-1] == "Everything is as it was written, and every table comes out again."


def test_whom_consent_does_not_cover_is_named_and_can_be_left_out(window, tmp_path):
    path = build(tmp_path / "project", clips=2, raters=("R01", "R02"))
    with Project.open(path) as project:
        for code in ("R01", "R02"):
            with AnnotateSession(project, code) as session:
                while session.current() is not None:
                    session.submit(full_answer(session.study), SEEN)
        person = db.consent.person(project, "rater", "R02")
        db.edits.apply(project, db.consent.set_consent(project, person, "archive", granted=False))
    open_project_in(window, path)
    window.context.commands.run("archive.open")
    (dialog,) = window.findChildren(ArchiveDialog)
    dialog.make_in(tmp_path)
    settle(lambda: window.findChild(QMessageBox, "people.uncovered") is not None)
    box = window.findChild(QMessageBox, "people.uncovered")
    assert "R02" in box.text()
    go = next(one for one in box.buttons() if one.text().startswith("Continue without"))
    QTest.mouseClick(go, LEFT)
    settle(lambda: "tables." in dialog.outcome.toPlainText())
    assert "rater R02" in dialog.outcome.toPlainText()
    dialog.close()
    idle(window.context)


def test_other_names_and_faces_exclude_each_other(dialog):
    dialog.media.setChecked(True)
    assert not dialog.pseudonyms.isEnabled()
    dialog.media.setChecked(False)
    dialog.pseudonyms.setChecked(True)
    assert not dialog.media.isEnabled()
