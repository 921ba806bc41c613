"""A project with clips, a study and raters, made without decoding any media."""

import shutil

import pytest

from db.project import Project
from tests.study.helpers import add_items


@pytest.fixture
def project(tmp_path, empty_project):
    path = tmp_path / "study.affectograph"
    shutil.copyfile(empty_project, path)
    with Project.open(path) as project:
        yield project


@pytest.fixture
def items(project, tmp_path):
    """Six items, each a clip of one subject with a tracked face."""
    return add_items(project, tmp_path / "media")
