"""The exchange screen in the real window: drop files, look, name, import, take back."""

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

import db.notes
import db.raters
import db.studies
import db.traces
from app.domain.study_defaults import default_study
from app.services.study.setup import store_new_study
from tests.interchange.readers.examples import BORIS, CARMA
from tests.ui.waiting import idle, settle

PICTURES = os.environ.get("EXCHANGE_PICTURES")


def drop(widget, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, buttons, keys))


def take(window, name):
    if PICTURES:
        window.grab().save(str(Path(PICTURES) / f"{name}.png"))


def cells(screen):
    return screen.table.rows.rows


@pytest.fixture
def files(tmp_path):
    """A CARMA file of the first clip, events of a clip that is not there, and a file that nobody knows."""
    folder = tmp_path / "in"
    folder.mkdir()
    rows = CARMA[: CARMA.index("1,10.5")].replace("clip01", "clip0")
    (folder / "R7.csv").write_text(rows + "0.5,10.5\n1,-20\n")
    (folder / "b.tsv").write_text(BORIS[: BORIS.index("Observation id\ttwo")])
    (folder / "odd.csv").write_text("nothing that anybody knows\n")
    return folder


@pytest.fixture
def screen(desk, window):
    shown = window.show_screen("exchange")
    idle(window.context)
    return shown


def test_files_are_dropped_looked_at_named_imported_and_taken_back(screen, window, files):
    project = window.context.project
    before = len(db.traces.every(project))
    assert not screen.bring.isEnabled()
    take(window, "exchange_empty")
    drop(screen, files)
    idle(window.context)
    said = {row[0]: row for row in cells(screen)}
    assert said["R7.csv"][2:4] == ("clip0.mp4", "R7")
    assert said["R7.csv"][6] == "Yes"
    assert "no clip clip01.mp4" in said["b.tsv"][6]
    assert "no format that this program reads" in said["odd.csv"][6]
    assert len(db.traces.every(project)) == before
    place = [row[0] for row in cells(screen)].index("b.tsv")
    screen.table.selectRow(place)
    assert screen.names.isVisible()
    take(window, "exchange_preview")
    screen.names.clip.setCurrentText("clip1.mp4")
    QTest.mouseClick(screen.names.apply, Qt.MouseButton.LeftButton)
    idle(window.context)
    assert [row[2] for row in cells(screen) if row[0] == "b.tsv"].count("clip1.mp4") >= 1
    QTest.mouseClick(screen.bring, Qt.MouseButton.LeftButton)
    idle(window.context)
    (trace,) = [one for one in db.traces.every(project) if one.rater == "R7"]
    np.testing.assert_allclose(db.traces.samples(project, trace.id).values[:, 0], [0.105, -0.2], atol=1e-6)
    assert screen.undo.isEnabled()
    assert not screen.bring.isEnabled()
    take(window, "exchange_done")
    QTest.mouseClick(screen.undo, Qt.MouseButton.LeftButton)
    idle(window.context)
    assert len(db.traces.every(project)) == before
    assert not db.notes.every(project)
    assert not screen.undo.isEnabled()


def test_edit_undo_takes_an_import_back(screen, window, files):
    project = window.context.project
    screen.take([files / "R7.csv"])
    idle(window.context)
    QTest.mouseClick(screen.bring, Qt.MouseButton.LeftButton)
    idle(window.context)
    assert any(one.rater == "R7" for one in db.traces.every(project))
    window.run("edit.undo")
    idle(window.context)
    assert not any(one.rater == "R7" for one in db.traces.every(project))
    settle(lambda: not screen.undo.isEnabled(), what="nothing to take back")


def test_labels_that_do_not_fit_the_study_come_in_only_by_a_press(screen, window, tmp_path):
    project = window.context.project
    study = store_new_study(project, default_study("emotions")).study
    (tmp_path / "x.csv").write_text("clip,rater,emotion,score\nclip0.mp4,R77,hapy,55\n")
    screen.take([tmp_path / "x.csv"])
    idle(window.context)
    assert not screen.widen.isVisible()
    screen.study.setText("emotions")
    screen.study.editingFinished.emit()
    idle(window.context)
    assert screen.widen.isVisible()
    assert not screen.bring.isEnabled()
    assert "lacks the emotion hapy (did you mean happy?)" in screen.notes.toPlainText()
    assert screen.state.text() == "1 line comes in when the study has what the rows use, or is widened."
    take(window, "exchange_lacks")
    screen.widen.click()
    assert screen.bring.isEnabled()
    take(window, "exchange_widened")
    QTest.mouseClick(screen.bring, Qt.MouseButton.LeftButton)
    idle(window.context)
    assert db.studies.get(project, "emotions").study.scale.high == 55
    window.run("edit.undo")
    idle(window.context)
    assert db.studies.get(project, "emotions").study == study
    assert not any(rater.code == "R77" for rater in db.raters.every(project))


def test_a_wrong_scale_is_told_and_start_over_forgets_the_files(screen, window, files):
    (files / "clip0_valence.csv").write_text("0,1\n0.5,7\n")
    screen.take([files / "clip0_valence.csv"])
    idle(window.context)
    assert "its scale is not known" in cells(screen)[0][6]
    screen.table.selectRow(0)
    screen.names.scale.setText("0:10")
    QTest.keyClick(screen.names.scale, Qt.Key.Key_Return)
    idle(window.context)
    assert cells(screen)[0][4] == "0 to 10"
    assert screen.bring.isEnabled()
    QTest.mouseClick(screen.clear, Qt.MouseButton.LeftButton)
    assert not cells(screen)
    assert not screen.bring.isEnabled()


def test_labels_are_written_for_another_tool(screen, window, tmp_path):
    out = tmp_path / "out"
    screen.write_for("nova", out)
    idle(window.context)
    assert sorted(path.suffix for path in out.glob("clip0.*")) == [".annotation"] * 4 + [".annotation~"] * 4
    take(window, "exchange_written")
