"""Which clips show another model's curves, and whose choice of a model counts."""

from fractions import Fraction

import numpy as np
import pytest

import db.clips
import db.models
import db.runs
from app.cli import main
from app.domain.analysis import ClipAnalysis, RunKey
from app.inference.cards import find_model
from app.jobs import Context
from app.media.writer import ClipWriter, Encoding
from app.services.models.in_use import ROLE, is_of, wished_model
from app.services.predict.reanalyse import analyse_into, clips_behind
from app.services.projects.files import add_clips, create_project, open_project


def plain_clip(path, grey):
    with ClipWriter(path, 96, 64, rate=Fraction(10), encoding=Encoding()) as writer:
        for _ in range(4):
            writer.write(np.full((64, 96, 3), grey, np.uint8))
    return path


def stored(project, clip, model, sha256):
    key = RunKey(clip.sha256, model, sha256, "{}")
    db.runs.save(project, clip.id, ClipAnalysis(key, "CPU", np.arange(4) / 10, 96, 64, ()))


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def project(place):
    with create_project(place / "one") as made:
        result = add_clips(made, [plain_clip(place / f"c{n}.mp4", 40 * n) for n in range(3)])
        assert not result.refused
        yield made


def test_only_analysed_clips_without_a_run_of_the_model_in_use_are_behind(project):
    card = find_model(None)
    first, second, _never = db.clips.every(project)
    stored(project, first, "another", "0" * 64)
    stored(project, second, card.name, card.file().sha256)
    found = clips_behind(project)
    assert found.model == card.name
    assert [clip.id for clip in found.clips] == [first.id]
    assert found.sentence == "One clip still shows the curves of another model."
    stored(project, first, card.name, card.file().sha256)
    assert clips_behind(project).clips == ()
    assert clips_behind(project).sentence == ""


def test_another_file_under_the_same_name_is_another_model(project):
    card = find_model(None)
    (first, *_) = db.clips.every(project)
    stored(project, first, card.name, "f" * 64)
    assert [clip.id for clip in clips_behind(project).clips] == [first.id]
    assert not is_of(db.runs.for_clip(project, first.id)[0].key, card)


def test_a_variant_of_the_model_in_use_is_that_model(project):
    card = find_model(None)
    (first, *_) = db.clips.every(project)
    for variant in card.variants:
        stored(project, first, card.name, variant.file.sha256)
        assert is_of(db.runs.for_clip(project, first.id)[0].key, card)


def test_a_model_promoted_in_the_project_goes_before_the_setting(project):
    assert wished_model("", project) is None
    assert wished_model("mine", project) == "mine"
    assert wished_model("mine", None) == "mine"
    shipped = find_model(None)
    number = db.models.add(project, shipped.name, shipped.file().sha256, "", "shipped").id
    db.models.promote(project, number, ROLE)
    assert wished_model("mine", project) is None
    db.models.rollback(project, ROLE)
    assert wished_model("mine", project) == "mine"


def test_analysing_again_brings_clips_up_and_keeps_the_old_curves(project):
    for clip in db.clips.every(project):
        stored(project, clip, "another", "0" * 64)
    said = analyse_into(Context(), project, [clip.path for clip in clips_behind(project).clips], None, "cpu")
    assert len(said) == 3  # a grey picture shows no face, and that is said
    assert clips_behind(project).clips == ()
    assert {run.key.model for run in db.runs.for_clip(project, db.clips.every(project)[0].id)} == {
        "another",
        "affectograph_face",
    }


def test_the_command_says_what_is_behind_and_renews_it(place, project, capsys):
    path = project.path
    (first, *_) = db.clips.every(project)
    stored(project, first, "another", "0" * 64)
    project.close()
    assert main(["models", "promote", "affectograph_face", "--project", str(path)]) == 0
    told = capsys.readouterr().out
    assert "One clip still shows the curves of another model." in told
    assert f"affectograph models renew --project {path}" in told
    assert main(["models", "renew", "--project", str(path), "--device", "cpu"]) == 0
    assert "1 clip analysed with affectograph_face." in capsys.readouterr().out
    assert main(["models", "renew", "--project", str(path)]) == 0
    assert "Every analysed clip" in capsys.readouterr().out
    with open_project(path) as again:
        assert clips_behind(again).clips == ()
        assert db.models.in_use(again, ROLE).name == "affectograph_face"
