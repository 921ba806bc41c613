"""Projects of six, seven and eight classes, and models that lack a class of a project, from labels to the report."""

import csv
from importlib import import_module as program_of

import numpy as np
import pytest

import db.clips
import db.items
from app.domain.vocabularies import find_vocabulary
from app.jobs import Context
from app.services.predict.clip_categories import clip_categories
from app.services.projects.files import create_project
from app.services.retrain import category_export, category_runs
from app.services.retrain.category_labels import CategoryChoice
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.services.retrain.datasets import bring_dataset
from app.services.retrain.promote import promote
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip
from app.ui.parts.categories.said import vote_shares

SPEC = ActorSpec(subjects=9, clips_per_subject=2, seconds=1.0, rate=5, seed=6, ambiguous=0.0, ordered=0.0)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    place = tmp_path_factory.mktemp("clips")
    return [(clip, write_clip(clip, place / f"{clip.name}.mp4", Context())) for clip in act(SPEC)]


@pytest.fixture
def here(clips, monkeypatch):
    """Trainings and exports in this process: torch is loaded once. What is read of the clips is kept for all tests."""
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(clips[0][1].parent / "home"))

    def run(module, words, follow, *_):
        return program_of(module).main([*words, *(["--threads", "1"] if module.endswith("train") else [])])

    for each in (category_runs, category_export):
        monkeypatch.setattr(each, "run_child", run)


def labelled(project, place, clips, words):
    """The clips, each with one of the words in turn."""
    rows = [
        f"{path},{words[(number + number // len(words)) % len(words)]},{clip.subject.code}"
        for number, (clip, path) in enumerate(clips)
    ]
    table = place / "labels.csv"
    table.write_text("\n".join(["path,category,subject", *rows]) + "\n")
    return bring_dataset(project, "list", table, Context())


def trained(project, vocabulary="own", **mapping):
    choice = CategoryChoice(source="stored", vocabulary=vocabulary, mapping=mapping)
    request = CategoryRequest("aggregation", {"folds": 1, "grid": "1"}, choice, "cpu")
    return train_categories(project, request, lambda _event: None, Context())


@pytest.mark.parametrize(("vocabulary", "k"), [("enterface", 6), ("fer", 7), ("ferplus", 8), ("mec", 8)])
def test_every_vocabulary_goes_from_labels_to_the_report(here, clips, tmp_path, vocabulary, k):
    classes = find_vocabulary(vocabulary).classes
    assert len(classes) == k
    with create_project(tmp_path / "p.affectograph") as project:
        assert labelled(project, tmp_path, clips, classes).clips == len(clips)
        made = trained(project, vocabulary)
        page = made.report.read_text("utf-8")
        with (made.run / "held-out-confusion.csv").open(newline="") as file:
            confusion = list(csv.DictReader(file))
        with np.load(made.run / "held_out.npz") as file:
            predicted = file["predicted"]
        assert [row["label"] for row in confusion] == list(classes)
        counts = np.array([[int(row[name]) for name in classes] for row in confusion])
        assert counts.sum() == made.result["test"]["n"] > 0
        assert np.trace(counts) / counts.sum() == pytest.approx(made.result["test"]["accuracy"]["value"])
        assert predicted.shape == (len(clips), k)
        for name in classes:
            assert f">{name}<" in page
        assert "mean average precision" in page.lower()
        # Frame averaging has FERPlus' classes: of MEC's worried and anxious it knows nothing, and that is told.
        assert made.comparison is not None
        lacking = [note for note in made.comparison.notes if "worried" in note]
        assert bool(lacking) == (vocabulary == "mec"), made.comparison.notes
        assert made.comparison.found.n > 0


def test_a_model_that_lacks_a_class_of_the_project_is_compared_and_shown(here, clips, tmp_path):
    six = find_vocabulary("enterface").classes
    with create_project(tmp_path / "p.affectograph") as project:
        labelled(project, tmp_path, clips, (*six, "neutral"))
        old = trained(project, "enterface")
        assert old.result["test"]["n"] < len(clips)
        assert any("“neutral”" in note and "no counterpart" in note for note in old.notes)
        promote(project, str(old.folder), anyway=True)
        new = trained(project, "fer")
        assert new.comparison is not None
        assert new.comparison.old == old.model
        assert any("neutral" in note for note in new.comparison.notes), new.comparison.notes
        with (new.run / "held-out-confusion.csv").open(newline="") as file:
            assert [row["label"] for row in csv.DictReader(file)] == list(find_vocabulary("fer").classes)
        item = db.items.every(project)[0]
        votes = {item.id: {"full_context": {"anger": 2, "neutral": 3}}}
        (shown,) = vote_shares(votes[item.id], six)
        assert (shown.lost, shown.raters) == (3, 5)
        assert shown.shares.sum() == pytest.approx(2 / 5)
        assert clip_categories(project, db.clips.every(project)[0]).model == old.model
