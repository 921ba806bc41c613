"""Measures of faces survive a restart bit by bit, are stored once, and damage among them is found."""

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import text

from app.domain.analysis import RunKey
from app.domain.measures import STORED, VERSION, ClipMeasures, MeasuredTrack, point_steps, points_in
from db import check, measures, runs, tracks
from db.project import Project

from .build import analysis, prediction

KEY = RunKey("a" * 64, "face_mesh", "f" * 64, f'{{"version":{VERSION}}}')


def measured(run, seed=3, key=KEY):
    rng = np.random.default_rng(seed)
    found = []
    for track in run.tracks:
        values = rng.normal(size=(len(track), len(STORED))).astype(np.float32)
        values[4] = np.nan
        steps = rng.integers(-16000, 16000, (len(track), 478, 2)).astype(np.int16)
        found.append(MeasuredTrack(track.track_id, values, steps))
    return ClipMeasures(key, "CPUExecutionProvider", tuple(found))


def same(one, other):
    assert (one.key, one.provider, len(one.tracks)) == (other.key, other.provider, len(other.tracks))
    for mine, theirs in zip(one.tracks, other.tracks, strict=True):
        assert mine.track_id == theirs.track_id
        np.testing.assert_array_equal(mine.values, theirs.values, strict=True)
        np.testing.assert_array_equal(mine.points, theirs.points, strict=True)


@pytest.fixture
def filled(project, clip):
    runs.save(project, clip.id, analysis())
    measures.save(project, clip.id, analysis(), measured(analysis()))
    return project


def test_measures_survive_a_restart(filled, clip):
    filled.close()
    with Project.open(filled.path) as again:
        same(measures.find(again, KEY), measured(analysis()))
        same(measures.newest(again, clip.id, analysis()), measured(analysis()))
        assert measures.find(again, replace(KEY, parameters="{}")) is None
        assert measures.clips_measured(again) == {clip.id}
        assert check.problems(again) == []


def test_curves_can_be_read_without_the_points(filled, clip):
    (one, two) = measures.newest(filled, clip.id, analysis(), points=False).tracks
    assert one.points is two.points is None
    assert one.values.shape == (60, len(STORED))


def test_the_same_measures_are_stored_once(filled, clip):
    measures.save(filled, clip.id, analysis(), measured(analysis(), seed=5))
    same(measures.find(filled, KEY), measured(analysis(), seed=5))
    with filled.read() as session:
        assert session.execute(text("SELECT count(*) FROM measure_run")).scalar() == 1
        assert session.execute(text("SELECT count(*) FROM measure_track")).scalar() == 2
        assert session.execute(text("SELECT count(*) FROM face_track")).scalar() == 2  # shared with the predictions


def test_the_newest_measures_of_the_same_faces_count(filled, clip):
    other = analysis(model="other", tracks=(prediction(1, range(30), seed=9),))
    runs.save(filled, clip.id, other)
    assert measures.newest(filled, clip.id, other) is None
    newer = measured(analysis(), 7, replace(KEY, parameters=f'{{"version":{VERSION},"field_of_view_deg":50}}'))
    measures.save(filled, clip.id, analysis(), newer)
    same(measures.newest(filled, clip.id, analysis()), newer)


@pytest.mark.parametrize("parameters", [f'{{"version":{VERSION - 1}}}', "{}"])
def test_measures_of_another_version_do_not_count(project, clip, parameters):
    runs.save(project, clip.id, analysis())
    measures.save(project, clip.id, analysis(), measured(analysis(), key=replace(KEY, parameters=parameters)))
    assert measures.newest(project, clip.id, analysis()) is None
    assert measures.clips_measured(project) == set()
    measures.save(project, clip.id, analysis(), measured(analysis()))
    assert measures.newest(project, clip.id, analysis()).key == KEY
    assert measures.clips_measured(project) == {clip.id}


def test_faces_with_measures_stay_when_a_run_is_replaced(project, clip):
    short = analysis(tracks=(prediction(1, range(20)),), n_frames=40, complete=False)
    runs.save(project, clip.id, short)
    measures.save(project, clip.id, short, measured(short))
    runs.save(project, clip.id, analysis())
    assert tracks.by_geometry(project, clip.id, tracks.geometry_hash(short.tracks[0])) is not None
    same(measures.find(project, KEY), measured(short))
    assert check.problems(project) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE measure_track SET \"values\" = x'00' WHERE track_id = 1", "Row 1/1 of table measure_track is damaged"),
        ("UPDATE measure_track SET points = x'00' WHERE track_id = 2", "points cannot be unpacked"),
        (
            'UPDATE measure_track SET "values" = (SELECT "values" FROM measure_track WHERE track_id = 2) '
            "WHERE track_id = 1",
            "should have 60 rows",
        ),
        ("UPDATE measure_run SET names = '{}'", "table measure_run"),
        ("DELETE FROM measure_track WHERE track_id = 2", "Run 1 of measures has 1 of 2 tracks"),
    ],
)
def test_damage_is_found(filled, statement, words):
    with filled.write() as session:
        session.execute(text(statement))
    assert words in " ".join(problem.what for problem in check.problems(filled))


def test_points_keep_their_place_within_a_twentieth_of_a_hundredth_of_the_box():
    rng = np.random.default_rng(1)
    box = np.array([100.0, 50.0, 180.0, 220.0], np.float32)
    points = rng.uniform(-50, 400, (478, 3)).astype(np.float32)
    back = points_in(point_steps(points, box), box)
    assert np.abs(back - points[:, :2]).max() <= 220 / 2048 / 2 + 1e-4
    far = np.full((478, 3), 1e9, np.float32)
    assert point_steps(far, box).max() == 16000
