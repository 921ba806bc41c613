"""Saving over a file of somebody's: each dialog asks about the very file that will be written, and is believed."""

import shutil

import pytest
from PySide6.QtWidgets import QPushButton

import db.studies
from app.domain.study_defaults import default_study
from app.results import Chosen
from app.ui.core.ask_file import with_ending
from db.project import Project
from tests.ui.dialogs import Answers, give_up, over, press, save_as
from tests.ui.waiting import settle

FIGURES = "Scalable Vector Graphics (*.svg);;PDF (*.pdf)"


@pytest.mark.parametrize(
    ("typed", "chosen", "saved"),
    [
        ("a", "PDF (*.pdf)", "a.pdf"),
        ("a.svg", "PDF (*.pdf)", "a.svg"),
        ("a.SVG", "PDF (*.pdf)", "a.SVG"),
        ("p1.face-only", "PDF (*.pdf)", "p1.face-only.pdf"),
        ("lab.affectograph", "Scalable Vector Graphics (*.svg)", "lab.affectograph.svg"),
    ],
)
def test_the_ending_is_one_of_those_offered(tmp_path, typed, chosen, saved):
    assert with_ending(tmp_path / typed, FIGURES, chosen) == tmp_path / saved


def ask(window, folder, name, *acts):
    """What `AskFile.new` says when its dialogs are answered so."""
    window.context.store.setValue("files/folder", str(folder))
    answers = Answers(window, *acts)
    said = window.context.ask_file.new(window, "Save figure", name, FIGURES)
    assert answers.left == []
    return said, answers.read


def test_the_question_is_about_the_file_with_its_ending(window, tmp_path):
    (tmp_path / "mine.svg").write_text("mine")
    said, read = ask(window, tmp_path, "x.svg", save_as("mine"), press("Keep it"), save_as("other"))
    assert said == Chosen(tmp_path / "other.svg")
    assert "mine.svg already exists. Replace it?" in read[0]
    said, _ = ask(window, tmp_path, "x.svg", save_as("mine"), press("Replace"))
    assert said == Chosen.agreed(tmp_path / "mine.svg")
    assert said.over is not None
    said, _ = ask(window, tmp_path, "x.svg", save_as("mine.svg"), press("Keep it"), give_up)
    assert said is None


def test_a_folder_of_that_name_is_not_replaced(window, tmp_path):
    (tmp_path / "mine.svg").mkdir()
    said, read = ask(window, tmp_path, "x.svg", save_as("mine"), press("OK"), give_up)
    assert said is None
    assert "It is not replaced" in read[0]


def test_a_study_over_a_file_of_somebodys(window, tmp_path, project_path):
    with Project.open(project_path) as project:
        db.studies.save(project, default_study("faces"))
    window.projects.open(project_path)
    screen = window.show_screen("study")
    settle(lambda: screen.name == "faces")
    export = next(one for one in screen.findChildren(QPushButton) if one.text().startswith("Export"))
    folder = tmp_path / "out"
    folder.mkdir()
    assert over(window, folder, export.click, "mine.toml", "Keep it") == "mine"
    assert "affectograph-study" in over(window, folder, export.click, "mine.toml", "Replace")


@pytest.mark.parametrize("way", ["new", "dropped"])
def test_a_new_project_never_takes_the_place_of_a_file(window, tmp_path, clip_files, way):
    (tmp_path / "lab.affectograph").write_text("mine")
    window.context.store.setValue("files/folder", str(tmp_path))
    clip = shutil.copy(clip_files[0], tmp_path)
    answers = Answers(window, save_as("lab"), press("OK"), save_as("lab2"))
    if way == "new":
        window.context.commands.run("project.new")
    else:
        window.projects.take_files([str(clip)])
    settle(lambda: window.context.project is not None and window.context.jobs.busy == 0)
    assert window.context.project.path == tmp_path / "lab2.affectograph"
    assert (tmp_path / "lab.affectograph").read_text() == "mine"
    assert "lab.affectograph already exists. It is not replaced." in answers.read[0]
