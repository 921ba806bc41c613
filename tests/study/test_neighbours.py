"""Whose faces a face alone must not show: other people's tracks, in the project, in a kit and in review."""

from dataclasses import replace

import numpy as np
import pytest

import db.clips
import db.edits
import db.items
import db.runs
import db.tracks
from app.domain.analysis import RunKey
from app.services.study.kits import make_kit
from app.services.study.session import AnnotateSession
from app.services.study.tasks import faces_of
from db.project import Project
from tests.study.helpers import analysis, make_study, media_info


@pytest.fixture
def pair(project, tmp_path):
    """An item whose clip shows two people side by side, analysed twice."""
    clip = db.clips.add(project, media_info(tmp_path / "media" / "pair.mp4"), "a" * 64)
    found = analysis("a" * 64)
    one = found.tracks[0]
    other = replace(one, track_id=2, boxes=one.boxes + np.float32([70, 0, 0, 0]), landmarks=one.landmarks + 70)
    db.runs.save(project, clip.id, replace(found, tracks=(one, other)))
    shaken = replace(one, boxes=one.boxes + np.float32([2, 1, 0, 0]))
    again = RunKey("a" * 64, "frame", "n" * 64, "{}")
    db.runs.save(project, clip.id, replace(found, key=again, tracks=(shaken,)))
    numbers = db.tracks.numbers_of_clip(project, clip.id)
    assert len(numbers) == 3
    item = db.items.every(project, clip_id=clip.id)[0]
    db.edits.apply(project, db.edits.set_target(project, item, track_id=numbers[0]))
    return db.items.get(project, item.id)


def test_the_other_person_is_a_neighbour_and_another_analysis_of_the_same_face_is_not(project, pair):
    mine, others = faces_of(project, pair.clip_id, pair.track_id)
    assert mine.track.id == pair.track_id
    assert [one.track.track_no for one in others] == [2]
    assert faces_of(project, pair.clip_id, None) == (None, ())


def test_a_rater_and_a_kit_know_the_neighbours(project, items, pair, tmp_path):
    make_study(project, [*items, pair], raters=("R01",))

    def neighbours(opened):
        with AnnotateSession(opened, "R01") as session:
            while (task := session.current()) is not None and task.item.clip != pair.clip:
                session.skip("skipped")
            return [one.track.track_no for one in task.neighbours]

    with Project.open(make_kit(project, "R01", tmp_path / "kit")) as kit:
        assert neighbours(kit) == [2]
    assert neighbours(project) == [2]
