"""A project with clips, a study and raters, made without decoding any media."""

import shutil

import pytest

import db.items
from db.project import Project
from tests.study.helpers import add_items


@pytest.fixture(scope="session")
def six_clips(tmp_path_factory, empty_project):
    """A folder with a project of six clips, to be copied."""
    folder = tmp_path_factory.mktemp("six-clips")
    shutil.copyfile(empty_project, folder / "study.affectograph")
    with Project.open(folder / "study.affectograph") as project:
        add_items(project, folder / "media")
    return folder


@pytest.fixture
def project(request, tmp_path, empty_project):
    """An open project; without clips where a test does not ask for `items`."""
    path = tmp_path / "study.affectograph"
    if "items" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("six_clips"), tmp_path, dirs_exist_ok=True)
    else:
        shutil.copyfile(empty_project, path)
    with Project.open(path) as project:
        yield project


@pytest.fixture
def items(project):
    """Six items, each a clip of one subject with a tracked face."""
    return db.items.every(project)
