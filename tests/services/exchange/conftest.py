"""A project with two clips of five seconds, at ten frames a second."""

import pytest

from app.services.projects.files import add_clips
from db.project import Project
from tests.services.test_analyse import grey_clip


@pytest.fixture(scope="package")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    return [grey_clip(folder / f"clip0{n}.mp4", 50 + n) for n in (1, 2)]


@pytest.fixture
def project(tmp_path, clips):
    with Project.create(tmp_path / "p.affectograph") as made:
        add_clips(made, clips)
        yield made
