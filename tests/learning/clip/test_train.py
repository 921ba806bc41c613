"""Trainings of categories from beginning to end: what each member can learn, what it leaves, and what a kill leaves."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, recall_score

from app.domain.item_data import load_items
from app.domain.recipes import find_recipe
from app.learning.clip.run import build
from app.learning.clip.train import main
from tests.learning.child import KILLED, killed_when, train_in_child
from tests.learning.clip.data import CLASSES, made_up

FAST = {
    "average": {"folds": 2},
    "kaverage": {"folds": 2, "bins": 4, "grid": "1,10", "gamma": "0.3,1"},
    "aggregation": {"folds": 2, "grid": "1,10"},
    "irnn": {"folds": 2, "epochs": 40, "hidden": 16, "batch": 8, "learning_rate": 0.05, "patience": 40},
    "gru": {"folds": 2, "epochs": 20, "hidden": 16, "batch": 8, "learning_rate": 0.01},
    "attention": {"folds": 2, "epochs": 15, "width": 16, "heads": 2, "batch": 8, "learning_rate": 0.01},
}
SEES_ORDER = ("kaverage", "irnn", "gru", "attention")


def words(items, recipe, out, **settings):
    given = [w for key, value in (FAST[recipe] | settings).items() for w in ("--set", f"{key}={value}")]
    return ["--threads", "1", "--device", "cpu", "--items", str(items), "--recipe", recipe, "--out", str(out), *given]


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    return made_up(tmp_path_factory.mktemp("items"), subjects=18)


def test_an_unknown_network_is_refused(items):
    recipe, data = find_recipe("gru"), load_items(items)
    assert build(recipe, recipe.values(), data).body.cell == "gru"
    with pytest.raises(ValueError, match="called head"):
        build(replace(recipe, network="head"), recipe.values(), data)


@pytest.fixture(scope="module")
def trained(items, tmp_path_factory):
    found = {}
    for recipe in FAST:
        found[recipe] = tmp_path_factory.mktemp("runs") / recipe
        assert main(words(items, recipe, found[recipe])) == 0
    return found


def predicted_by(out, name="held_out"):
    with np.load(out / f"{name}.npz") as file:
        return file["predicted"]


def result(out):
    return json.loads((out / "result.json").read_text())


@pytest.mark.parametrize("recipe", list(FAST))
def test_every_member_leaves_probabilities_of_held_out_and_out_of_fold_items(items, trained, recipe):
    data = load_items(items)
    test = {data.subjects.index(name) for name in data.manifest["split"]["test"]}
    mine = np.isin(data.subject, list(test))
    for name, rows in (("held_out", mine), ("out_of_fold", ~mine)):
        with np.load(trained[recipe] / f"{name}.npz") as file:
            assert tuple(file["classes"]) == CLASSES
            found = file["predicted"]
        assert np.isfinite(found).all(axis=1).tolist() == rows.tolist()
        assert np.allclose(found[rows].sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("recipe", list(FAST))
def test_the_scores_of_the_record_are_those_of_the_stored_probabilities(items, trained, recipe):
    data, told = load_items(items), result(trained[recipe])
    for name, scores in (("held_out", told["test"]), ("out_of_fold", told["cross_validation"])):
        predicted = predicted_by(trained[recipe], name)
        rows = np.isfinite(predicted).all(axis=1)
        label, said = data.label[rows], predicted[rows].argmax(axis=1)
        assert scores["n"] == rows.sum()
        assert scores["accuracy"]["value"] == pytest.approx((label == said).mean())
        assert scores["uar"]["value"] == pytest.approx(balanced_accuracy_score(label, said))


@pytest.mark.parametrize("recipe", SEES_ORDER)
def test_members_that_see_order_tell_what_came_first(items, trained, recipe):
    data = load_items(items)
    predicted = predicted_by(trained[recipe])
    rows = np.isfinite(predicted).all(axis=1) & (data.label < 2)
    assert recall_score(data.label[rows], predicted[rows].argmax(axis=1), average="micro") > 0.8


def test_moments_do_not_see_order_but_tell_the_rest(items, trained):
    data = load_items(items)
    predicted = predicted_by(trained["aggregation"])
    rows = np.isfinite(predicted).all(axis=1)
    ordered, rest = rows & (data.label < 2), rows & (data.label >= 2)
    assert (predicted[ordered].argmax(axis=1) == data.label[ordered]).mean() < 0.75
    assert (predicted[rest].argmax(axis=1) == data.label[rest]).mean() > 0.9


def test_frame_averaging_never_says_a_class_that_the_frame_model_lacks(trained):
    predicted = predicted_by(trained["average"])
    known = predicted[np.isfinite(predicted).all(axis=1)]
    assert (known[:, :2] == 0).all()


def test_shuffled_labels_teach_nothing(tmp_path):
    items = made_up(tmp_path / "items", shuffle=True, clips=12)
    assert main(words(items, "gru", tmp_path / "run", folds=3)) == 0
    uar = result(tmp_path / "run")["cross_validation"]["uar"]
    assert uar["low"] < 0.25 < uar["high"]


def test_equal_seeds_give_equal_models_and_another_seed_another(items, trained, tmp_path):
    for recipe in ("gru", "kaverage"):
        assert main(words(items, recipe, tmp_path / recipe)) == 0
        again, first = (predicted_by(folder) for folder in (tmp_path / recipe, trained[recipe]))
        assert np.array_equal(again, first, equal_nan=True)
    assert main(words(items, "gru", tmp_path / "other", seed=1, folds=1)) == 0
    other = predicted_by(tmp_path / "other")
    assert not np.array_equal(other, predicted_by(trained["gru"]), equal_nan=True)


def test_leave_one_subject_out_has_a_fold_for_every_subject(items, tmp_path):
    assert main(words(items, "average", tmp_path / "run", folds=0)) == 0
    parts = result(tmp_path / "run")["cross_validation"]["parts"]
    assert sorted(name for part in parts for name in part["subjects"]) == sorted(f"S{i}" for i in range(6, 18))
    assert all(len(part["subjects"]) == 1 for part in parts)


@pytest.mark.process
def test_a_killed_training_goes_on_and_ends_with_the_same_model(items, trained, tmp_path):
    out = tmp_path / "run"
    kill = killed_when("event.get('epoch', 0) >= 3")
    assert train_in_child("app.learning.clip.train", words(items, "gru", out), kill) == KILLED
    assert not (out / "result.json").exists()
    assert main(words(items, "gru", out)) == 0
    again, whole = (predicted_by(folder) for folder in (out, trained["gru"]))
    assert np.array_equal(again, whole, equal_nan=True)


@pytest.mark.parametrize(
    ("recipe", "settings", "text"),
    [
        ("kaverage", {"grid": "1,x"}, "is not a list of numbers"),
        ("aggregation", {"grid": "-1"}, "must hold positive numbers"),
        ("attention", {"heads": 3}, "do not divide"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_a_sentence(items, tmp_path, capsys, recipe, settings, text):
    assert main(words(items, recipe, tmp_path / "run", **settings)) == 1
    assert text in capsys.readouterr().err


def test_changed_data_are_refused(tmp_path, capsys):
    items = made_up(tmp_path / "items", subjects=4)
    path = items / "target.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert main(words(items, "average", tmp_path / "run")) == 1
    assert "have changed since they were frozen" in capsys.readouterr().err
