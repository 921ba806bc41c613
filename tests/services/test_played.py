"""A play with the real networks is kept, is found by the model in use, and ranks below a whole analysis."""

from dataclasses import replace

import numpy as np
import pytest

import db.clips
import db.consent
import db.erasing
import db.played
import db.runs
import db.sights
from app.domain.live import LiveModel
from app.domain.media import Frame
from app.domain.played import of_answers
from app.inference.cards import find_model
from app.services.predict.clip_curves import clip_curves
from app.services.predict.pipeline import FacePipeline
from app.services.predict.played import keep_played, played_by
from app.services.predict.reanalyse import clips_behind
from db.project import Project
from tests.domain.test_played import face
from tests.faces.pictures import portrait
from tests.study.helpers import analysis, media_info


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "p.affectograph") as project:
        db.clips.add(project, media_info(tmp_path / "media" / "a.mp4"), "a" * 64, subject="S1")
        yield project


@pytest.fixture
def clip(project):
    return db.clips.every(project)[0]


@pytest.fixture
def card():
    return find_model(None, None)


def model_of(card, parameters='{"live":true}'):
    return LiveModel(card.name, next(iter(card.files.values())).sha256, parameters, "CPUExecutionProvider")


def answers(frames, level=0.3):
    return of_answers([(idx, idx / 25, [face(1, level)]) for idx in frames])


def test_what_was_played_is_among_the_curves_and_noted_as_shown(project, clip, card):
    assert clip_curves(project, clip).played is None
    assert db.sights.every(project) == []
    keep_played(project, clip, model_of(card), answers(range(4)))
    keep_played(project, clip, model_of(card), answers(range(2, 8), 0.9))
    curves = clip_curves(project, clip)
    assert (curves.analysis, curves.current, curves.in_use) == (None, True, card.name)
    assert curves.played.looked_idx.tolist() == list(range(8))
    (track,) = curves.played.tracks
    np.testing.assert_allclose(track.valence_arousal[:, 0], [0.3] * 4 + [0.9] * 4, atol=1e-6)
    assert [(one.clip, one.what) for one in db.sights.every(project)] == [(clip.name, "predictions")]


def test_a_whole_analysis_of_the_model_in_use_takes_its_place_and_one_of_another_does_not(project, clip, card):
    keep_played(project, clip, model_of(card), answers(range(4)))
    other = analysis(clip.sha256)
    db.runs.save(project, clip.id, other)
    curves = clip_curves(project, clip)
    assert (curves.analysis.key, curves.current) == (other.key, False)
    assert curves.played is not None
    mine = replace(other, key=replace(other.key, model=card.name, model_sha256=model_of(card).sha256))
    db.runs.save(project, clip.id, mine)
    curves = clip_curves(project, clip)
    assert (curves.analysis.key, curves.current, curves.played) == (mine.key, True, None)


def test_a_clip_that_was_only_played_is_not_one_that_lags_behind(project, clip, card):
    keep_played(project, clip, LiveModel("older", "e" * 64, '{"live":true}', "CPU"), answers(range(4)))
    assert played_by(project, clip, card) is None
    assert clips_behind(project).clips == ()


def test_a_project_that_is_open_for_reading_only_stays_as_it_is(project, clip, card):
    project.close()
    with Project.open(project.path, read_only=True) as reading:
        keep_played(reading, clip, model_of(card), answers(range(4)))
        assert db.played.keys(reading, clip.id) == []


def test_it_goes_with_its_subject(project, clip, card):
    keep_played(project, clip, model_of(card), answers(range(4)))
    person = db.consent.person(project, "subject", "S1")
    with project.write() as session:
        found = db.erasing.reach(session, person, "X")
        assert db.erasing.erase(session, person, found)["played_part"] == 1
    assert db.played.keys(project, clip.id) == []


@pytest.mark.slow
def test_live_predictions_carry_raw_values_and_a_key_that_no_analysis_has():
    pipeline = FacePipeline(None, "cpu")
    image = portrait()
    found = ()
    for number in range(4):
        found = pipeline.live(Frame(number, number, number / 25, image))
    (one,) = found
    kept = of_answers([(3, 3 / 25, found)])
    np.testing.assert_array_equal(kept.valence_arousal[0], one.raw[:2])
    np.testing.assert_array_equal(kept.probabilities[0], one.raw[2:])
    assert kept.classes == one.classes
    assert pipeline.live_model.parameters != pipeline.parameters()
    assert '"live":true' in pipeline.live_model.parameters
    assert (pipeline.live_model.name, pipeline.live_model.sha256) == (pipeline.card.name, pipeline.model_sha256)
