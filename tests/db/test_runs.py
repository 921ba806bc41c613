"""Predictions survive restart bit by bit and are stored once."""

from dataclasses import replace

import numpy as np
import pytest

from app.domain.analysis import RunKey
from app.services.predict import stored as predictions
from db import items, runs, tracks
from db.project import Project

from .build import analysis, prediction, same


def test_a_run_survives_a_restart(project, clip):
    done = analysis()
    runs.save(project, clip.id, done)
    project.close()
    with Project.open(project.path) as again:
        assert same(runs.find(again, done.key), done)


def test_what_was_not_computed_is_none(project, clip):
    done = analysis()
    runs.save(project, clip.id, done)
    for change in ({"media_sha256": "x"}, {"model": "x"}, {"model_sha256": "x"}, {"parameters": "{}"}):
        assert runs.find(project, replace(done.key, **change)) is None
    # The parts cannot run into each other.
    assert runs.key_hash(RunKey("a", "bc", "d", "e")) != runs.key_hash(RunKey("ab", "c", "d", "e"))


def test_a_run_without_faces_and_a_model_without_classes(project, clip):
    nothing = analysis(tracks=())
    runs.save(project, clip.id, nothing)
    assert same(runs.find(project, nothing.key), nothing)
    plain = analysis(model="va", tracks=(prediction(1, range(5), classes=()),))
    runs.save(project, clip.id, plain)
    assert same(runs.find(project, plain.key), plain)


def test_a_complete_run_is_never_replaced(project, clip):
    first = runs.save(project, clip.id, analysis())
    other = analysis(tracks=(prediction(1, range(60), seed=9),))
    assert runs.save(project, clip.id, other) == first
    assert same(runs.find(project, other.key), analysis())


def test_a_stopped_run_is_replaced_by_one_that_saw_more(project, clip):
    runs.save(
        project, clip.id, analysis(n_frames=40, tracks=(prediction(1, range(30)),), complete=False, note="stopped")
    )
    target = tracks.of_clip(project, clip.id)[0]
    shorter = analysis(n_frames=20, tracks=(), complete=False)
    assert runs.save(project, clip.id, shorter).n_frames == 40
    whole = runs.save(project, clip.id, analysis())
    assert whole.complete
    assert len(runs.for_clip(project, clip.id)) == 1
    assert same(runs.find(project, analysis().key), analysis())
    assert tracks.geometry(project, [target.id]) == []  # nobody needed it any more


def test_a_target_outlives_the_run_it_came_from(project, clip):
    runs.save(project, clip.id, analysis(n_frames=40, tracks=(prediction(1, range(30)),), complete=False))
    target = tracks.of_clip(project, clip.id)[0]
    item = items.add(project, clip.id, track_id=target.id)
    runs.save(project, clip.id, analysis())
    assert items.get(project, item.id).track_id == target.id
    (geometry,) = tracks.geometry(project, [target.id])
    np.testing.assert_array_equal(geometry.boxes, prediction(1, range(30)).boxes)


def test_two_models_on_the_same_faces_share_the_tracks(project, clip):
    one, two = analysis(), analysis(model="other")
    runs.save(project, clip.id, one)
    before = tracks.of_clip(project, clip.id)
    runs.save(project, clip.id, two)
    assert tracks.of_clip(project, clip.id) == before
    assert [track.track_no for track in before] == [1, 2]
    assert (before[0].first_s, before[0].n_frames) == (0.013, 60)


def test_runs_are_listed_newest_first(project, clip):
    for model in ("a", "b", "c"):
        runs.save(project, clip.id, analysis(model=model))
    listed = runs.for_clip(project, clip.id)
    assert [run.key.model for run in listed] == ["c", "b", "a"]
    assert (listed[0].n_frames, listed[0].n_tracks, listed[0].frames_with_face) == (100, 2, 90)
    assert runs.newest(project)[clip.id].key.model == "c"
    assert runs.newest(project, model="a")[clip.id].key.model == "a"
    assert runs.count(project) == 3
    assert same(runs.load(project, listed[2].id), analysis(model="a"))


def test_the_service_never_computes_twice_also_for_damaged_files(project, clip):
    damaged = analysis(
        n_frames=clip.n_frames, tracks=(), complete=False, note="damaged", lost_idx=np.arange(3, dtype=np.int32)
    )
    assert predictions.analysis_for(project, clip, damaged.key) is None
    predictions.store(project, clip, damaged)
    assert same(predictions.analysis_for(project, clip, damaged.key), damaged)
    assert same(predictions.newest_analysis(project, clip), damaged)
    assert predictions.newest_analysis(project, clip, model="other") is None
    other = analysis(sha256="f" * 64)
    with pytest.raises(ValueError, match="not made on"):
        predictions.store(project, clip, other)
    with pytest.raises(ValueError, match="not that of"):
        predictions.analysis_for(project, clip, other.key)
    assert predictions.clip_of(project, clip.path, "f" * 64) is None


def test_the_service_finds_a_moved_clip_by_its_bytes(project, clip, tmp_path):
    moved = clip.path.rename(tmp_path / "moved.mp4")
    assert predictions.clip_of(project, moved, clip.sha256).path == moved
