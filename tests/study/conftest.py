"""A project with clips, a study and raters, made without decoding any media."""

import pytest

import db.clips
import db.edits
import db.items
import db.runs
import db.tracks
from db.project import Project
from tests.study.helpers import analysis, media_info


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "study.affectograph") as project:
        yield project


@pytest.fixture
def items(project, tmp_path):
    """Six items, each a clip of one subject with a tracked face."""
    made = []
    for i in range(6):
        sha256 = f"{i:064x}"
        clip = db.clips.add(project, media_info(tmp_path / "media" / f"clip{i}.mp4"), sha256, subject=f"S{i % 3}")
        db.runs.save(project, clip.id, analysis(sha256))
        track = db.tracks.of_clip(project, clip.id)[0]
        item = db.items.every(project, clip_id=clip.id)[0]
        db.edits.apply(project, db.edits.set_target(project, item, track_id=track.id))
        made.append(db.items.get(project, item.id))
    return made
