"""The context experiment: labels of two conditions, three kinds of streams, and the tables that come of them."""

import csv
import json
from dataclasses import replace
from importlib import import_module as program_of

import numpy as np
import pytest

import db.items
import db.models
from app.agreement.conditions import Told, told, weighted
from app.agreement.jackknife import jackknife_interval
from app.cli import main
from app.domain.study import FULL_CONTEXT, Condition
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.jobs import Context
from app.services.predict.streams import StreamBank
from app.services.projects.files import add_clips, create_project, open_project
from app.services.retrain import conditions
from app.services.retrain.alike import freeze_alike
from app.services.retrain.category_labels import CategoryChoice, category_labels
from app.services.retrain.conditions import CONDITIONS, STREAMS, common_labels
from app.services.study.owner import save_study
from app.services.study.simulate import simulate_study
from app.synthetic.actor import act
from app.synthetic.raters import ConditionEffect, SimulatedRater
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import category_shares, write_clip

SPEC = ActorSpec(subjects=6, clips_per_subject=3, seconds=1.0, rate=6, seed=4, masked=0.0, ambiguous=0.67, ordered=0.0)
RATERS = tuple(SimulatedRater(f"R{i}", score_noise=0.8) for i in range(1, 6))


def test_a_difference_of_accuracies_is_paired_over_subjects():
    rng = np.random.default_rng(0)
    subject = np.repeat(np.arange(8), 10)
    hard = rng.random(8) < 0.5
    base = rng.random(80) < np.where(hard, 0.2, 0.9)[subject]
    better = base | (rng.random(80) < 0.3)
    all_ = np.ones(80, bool)
    found = weighted([(1.0, Told(better, all_)), (-1.0, Told(base, all_))], subject)
    left = [(better[subject != s].mean() - base[subject != s].mean()) for s in range(8)]
    expected = jackknife_interval(better.mean() - base.mean(), np.array(left), scale="plain")
    assert found.value == pytest.approx(better.mean() - base.mean())
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    alone = weighted([(1.0, Told(base, all_))], subject)
    assert found.high - found.low < alone.high - alone.low  # what is common to both cancels


def test_items_without_a_label_or_a_prediction_do_not_count():
    predicted = np.array([[0.9, 0.1], [0.2, 0.8], [np.nan, np.nan], [0.6, 0.4]], np.float32)
    target = np.array([[1, 0], [1, 0], [1, 0], [0, 0]], np.float32)
    found = told(predicted, target)
    assert found.right.tolist() == [True, False, False, False]
    assert found.known.tolist() == [True, True, False, False]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Six people whose clips five simulated raters put into categories under both conditions."""
    place = tmp_path_factory.mktemp("conditions")
    # Both are shown whole, so that no clip must be analysed before: what raters say follows the condition's name.
    shown = tuple(Condition(name, FULL_CONTEXT) for name in CONDITIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(place / "home"))
        with create_project(place / "people.affectograph") as project:
            shares = {}
            for clip in act(SPEC):
                path = write_clip(clip, place / f"{clip.name}.mp4", Context())
                added = add_clips(project, [path], subject=clip.subject.code).added[0]
                shares[db.items.every(project, clip_id=added.id)[0].name] = category_shares(clip, CONDITIONS)
            study = default_study("people", trace=False).next_version(
                conditions=shown, design="within", min_distance=0, raters_per_cell=len(RATERS)
            )
            save_study(project, study)
            effects = [ConditionEffect(name) for name in CONDITIONS]
            simulate_study(project, "people", RATERS, seed=2, effects=effects, shares=shares, add_items=True)
    return place / "people.affectograph"


def test_both_conditions_have_the_same_items_and_classes(judged, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(judged.parent / "home"))
    with open_project(judged) as project:
        found, notes = common_labels(project, CategoryChoice(), CONDITIONS)
        one, other = (found[name] for name in CONDITIONS)
        assert [item.id for item in one.items] == [item.id for item in other.items]
        assert one.classes == other.classes
        assert (one.target != other.target).any()
        for name, labels in found.items():
            own = category_labels(project, CategoryChoice(condition=name))
            rows = {item.id: row for row, item in enumerate(own.items)}
            for row, item in enumerate(labels.items):
                before = {own.classes[k]: share for k, share in enumerate(own.target[rows[item.id]]) if share}
                assert {labels.classes[k]: share for k, share in enumerate(labels.target[row]) if share} == before
                said = [labels.classes[k] if k >= 0 else "" for k in labels.said[row]]
                assert said == [own.classes[k] if k >= 0 else "" for k in own.said[rows[item.id]]]
        assert any("under one condition only" in note or "no clear label" in note for note in notes) == (
            len(one.items) < 18
        )
        with pytest.raises(UserError, match="There are labels under"):
            common_labels(project, replace(CategoryChoice(), condition=""), ("face_only", "elsewhere"))


@pytest.mark.slow
def test_an_item_that_one_stream_cannot_read_is_left_out_of_all(judged, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(judged.parent / "home"))
    real, gone = StreamBank.read, []

    def falls_over(self, project, item, *more):
        if any(stream.spec.name.startswith("context") for stream in self.streams):
            gone.append(item.name)
            if item.name == gone[0]:
                raise UserError("its surroundings cannot be read.", "Look.")
        return real(self, project, item, *more)

    monkeypatch.setattr(StreamBank, "read", falls_over)
    with open_project(judged) as project:
        labels, _ = common_labels(project, CategoryChoice(), CONDITIONS)
        found, failed, notes = freeze_alike(project, CategoryChoice(), labels, STREAMS, Context(), device="cpu")
    assert [one["name"] for one in failed] == [gone[0]]
    items = {tuple(one.manifest["items"]) for one in found.values()}
    before = {item.name for item in labels["full_context"].items}
    assert [set(one) for one in items] == [before - {gone[0]}]
    assert any(note.startswith(f"Left out: {gone[0]}") for note in notes)


@pytest.mark.slow
def test_the_command_writes_what_context_teaches(judged, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(judged.parent / "home"))
    # Six real trainings, in this process: torch is loaded once and not six times.
    here = lambda module, words, *_: program_of(module).main([*words, "--threads", "1"])  # noqa: E731
    monkeypatch.setattr(conditions, "run_child", here)
    out = tmp_path / "context"
    words = ["train", "--project", str(judged), "--recipe", "aggregation", "--conditions", "--out", str(out)]
    words += ["--folds", "2", "--set", "grid=1"]
    assert main(words) == 0
    said = capsys.readouterr().out
    facts = json.loads((out / "conditions.json").read_text())
    assert len(facts["accuracies"]) == len(STREAMS) * 4
    people = {row["condition"]: row["accuracy"] for row in facts["people"]}
    assert people["full_context"] > people["face_only"]
    value = {(row["read"], row["learned"], row["tested"]): row["accuracy"] for row in facts["accuracies"]}
    gains = {row["difference"]: row["value"] for row in facts["gains"]}
    gain = value["both", "full_context", "full_context"] - value["face", "full_context", "full_context"]
    assert gains["both − face, full_context labels"] == pytest.approx(gain)
    page = (out / "conditions.html").read_text()
    assert "What context adds" in page
    assert f"{value['both', 'full_context', 'full_context']:.3f}" in page
    with (out / "conditions-accuracies.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 12
    assert "Paired differences of accuracy" in said
    assert "Reading the surroundings too changes the accuracy by" in said
    with open_project(judged) as project:
        (record,) = db.models.trainings(project)
    assert (record.recipe, record.status, record.model) == ("aggregation", "finished", None)
    assert record.snapshot["conditions"] == list(CONDITIONS)
    assert record.metrics["conditions"] == facts
    assert len(record.snapshot_sha256) == 64
    # Predictions of everybody, each by a model that has not seen the subject.
    known = []
    for name in ("held_out.npz", "out_of_fold.npz"):
        with np.load(out / "both-face_only" / name) as file:
            known.append(np.isfinite(file["predicted"]).all(axis=1))
    assert not (known[0] & known[1]).any()
    assert (known[0] | known[1]).all()
    # A second call reads what the first has trained.
    monkeypatch.setattr(conditions, "run_child", lambda *_: pytest.fail("trained again"))
    assert main(words) == 0
    assert json.loads((out / "conditions.json").read_text())["gains"] == facts["gains"]
