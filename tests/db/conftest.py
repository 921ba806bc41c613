"""A project with real rows, made without any media file being decoded."""

import shutil

import pytest

from db import clips, items, raters
from db.project import Project

from .build import media_info


@pytest.fixture
def project(tmp_path, empty_project):
    """A new project; copied, because running the migrations for each test takes most of its time."""
    path = tmp_path / "study.affectograph"
    shutil.copyfile(empty_project, path)
    with Project.open(path) as project:
        yield project


@pytest.fixture
def clip(project, tmp_path):
    return clips.add(project, media_info(tmp_path / "media" / "anna.mp4"), "a" * 64, subject="S01")


@pytest.fixture
def item(project, clip):
    return items.every(project, clip_id=clip.id)[0]


@pytest.fixture
def rater(project):
    return raters.add(project, "R01")
