"""A project whose labels are simulated: the demo, made once."""

import shutil

import pytest

from app.jobs import Context
from app.services.demo.project import ensure_demo_project


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    return ensure_demo_project(Context(), tmp_path_factory.mktemp("agreement") / "demo" / "demo.affectograph").parent


@pytest.fixture
def study_path(demo_folder, tmp_path):
    """The demo project, to be written to."""
    shutil.copytree(demo_folder, tmp_path / "study")
    return tmp_path / "study" / "demo.affectograph"
