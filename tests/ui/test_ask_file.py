"""Asking for a file: one way for the whole window, which opens no file and so drops no lock of SQLite's."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QFileInfo, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

import db.raters
from app.errors import UserError
from app.results import Chosen
from app.services.projects.relink import relink_clip
from db.project import Project
from tests.ui.waiting import idle, settle

ROOT = Path(__file__).resolve().parents[2]
HOME = "app/ui/core/ask_file.py"


def test_nobody_else_makes_a_file_dialog_or_guesses_icons_from_files():
    """Qt has more ways to the same harm: the static calls, its own icon provider, and asking for a file's type."""
    banned = {"QFileDialog", "QFileIconProvider", "QFileSystemModel", "QMimeDatabase", "QAbstractFileIconProvider"}
    found = []
    for path in (*ROOT.joinpath("app").rglob("*.py"), *ROOT.joinpath("db").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom | ast.Import) else set()
            names |= {node.attr} if isinstance(node, ast.Attribute) else set()
            found += [(path.relative_to(ROOT).as_posix(), name) for name in names & banned]
    assert {path for path, _ in found} == {HOME}
    source = (ROOT / HOME).read_text("utf-8")
    assert "getOpenFileName" not in source
    assert "getSaveFileName" not in source


def locks(path):
    number = f":{path.stat().st_ino} "
    lines = Path("/proc/locks").read_text().splitlines()
    return sorted(line.split(":", 1)[1] for line in lines if number in line)


def answer(window, act):
    """Let the dialog stand for a while once it is there, so that it has looked at all files, then act."""

    def look():
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()]
        QTimer.singleShot(1200 if shown else 20, window, (lambda: act(shown[0])) if shown else look)

    QTimer.singleShot(20, window, look)


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="locks can be looked at on Linux only")
@pytest.mark.parametrize("way", ["one", "several", "folder", "new"])
def test_the_dialog_leaves_the_locks_of_an_open_project_alone(window, project_path, way):
    window.projects.open(project_path)
    settle(lambda: window.context.project is not None)
    window.context.store.setValue("files/folder", str(project_path.parent))
    db.raters.add(window.context.project, "A1")
    before = locks(project_path)
    assert before
    answer(window, QDialog.reject)
    ask = window.context.ask_file
    words = (window, "Where?", "x.svg", "Drawing (*.svg)") if way == "new" else (window, "Where?")
    assert not getattr(ask, way)(*words)
    assert locks(project_path) == before
    code = "import sys, db.raters; from db.project import Project\n"
    code += "with Project.open(sys.argv[1]) as p: db.raters.add(p, 'B1')"
    subprocess.run([sys.executable, "-c", code, str(project_path)], check=True, cwd=ROOT)
    db.raters.add(window.context.project, "A2")
    window.context.set_project(None)
    idle(window.context)
    with Project.open(project_path) as again:
        assert {"A1", "A2", "B1"} <= {rater.code for rater in db.raters.every(again)}


def test_the_next_dialog_begins_where_the_last_file_was_chosen(window, tmp_path, monkeypatch):
    folder = tmp_path / "deep"
    folder.mkdir()
    (folder / "a.toml").write_text("x")
    ask = window.context.ask_file
    window.context.store.remove("files/folder")
    assert ask.start() == Path.home()
    window.context.store.setValue("files/folder", str(folder))

    def choose(path):
        """Press the button: the dialog itself is shown in the test above."""
        monkeypatch.setattr(QFileDialog, "exec", lambda _self: QDialog.DialogCode.Accepted)
        monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _self: [str(path)])

    choose(folder / "a.toml")
    assert ask.one(window, "Which?", "Study (*.toml)") == folder / "a.toml"
    (tmp_path / "else").mkdir()
    choose(tmp_path / "else" / "new.csv")
    assert ask.new(window, "Save", "new.csv", "Table (*.csv)") == Chosen(tmp_path / "else" / "new.csv")
    assert ask.start() == tmp_path / "else"
    choose(folder)
    assert ask.folder(window, "Into which?") == folder
    assert ask.start() == folder
    (tmp_path / "else").rmdir()
    shutil.rmtree(folder)
    assert ask.start() == Path.home()


def test_icons_come_without_a_look_into_files(window, tmp_path):
    from app.ui.core.ask_file import PlainIcons

    (tmp_path / "a.xyz").write_text("%PDF-1.4")
    icons = PlainIcons()
    assert icons.type(QFileInfo(str(tmp_path / "a.xyz"))) == "xyz file"
    assert icons.type(QFileInfo(str(tmp_path))) == "Folder"
    assert not icons.icon(QFileInfo(str(tmp_path))).isNull()
    assert not icons.icon(QFileInfo(str(tmp_path / "a.xyz"))).isNull()


@pytest.mark.parametrize("way", ["missing clip", "camera", "study", "clips", "manifest", "folder"])
def test_the_project_itself_is_no_file_to_be_chosen(window, project_path, way):
    """What a dialog or a drop can name reaches readers that would drop the locks as well."""
    from app.jobs import Context
    from app.media.camera import CameraSource
    from app.services.projects.files import add_clips, read_manifest
    from app.services.projects.relink import relink_missing
    from app.services.study.setup import read_study_file

    window.projects.open(project_path)
    settle(lambda: window.context.project is not None)
    project = window.context.project
    db.raters.add(project, "A1")
    link = project_path.parent / "clip.mp4"
    link.symlink_to(project_path)
    clip = db.clips.every(project)[0]
    before = locks(project_path) if Path("/proc/locks").exists() else []

    def camera(path):
        CameraSource(str(path), api="file").close()

    ways = {
        "missing clip": lambda path: relink_clip(Context(), project, clip, path),
        "camera": camera,
        "study": lambda path: read_study_file(project, path),
        "manifest": read_manifest,
    }
    for path in (project_path, link):
        if way == "clips":
            refused = add_clips(project, [path]).refused
            assert refused
            assert "project" in refused[0].what
        elif way == "folder":
            relink_missing(project, [path.parent])
        else:
            with pytest.raises(UserError, match="is a project that is open"):
                ways[way](path)
    assert (locks(project_path) if before else []) == before
