"""A project with clips, a study and raters, made without decoding any media."""

import pytest

import db.clips
import db.items
from db.project import Project
from tests.study.helpers import add_face, media_info


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "study.affectograph") as project:
        yield project


@pytest.fixture
def items(project, tmp_path):
    """Six items, each a clip of one subject with a tracked face."""
    made = []
    for i in range(6):
        clip = db.clips.add(project, media_info(tmp_path / "media" / f"clip{i}.mp4"), f"{i:064x}", subject=f"S{i % 3}")
        made.append(add_face(project, db.items.every(project, clip_id=clip.id)[0]))
    return made
