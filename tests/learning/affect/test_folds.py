"""Cross-validation by subject: who is in which fold, what a run tells of it, and what a kill leaves."""

import json
import subprocess
import sys

import numpy as np
import pytest

from app.agreement.pooled import pooled_ccc
from app.domain.snapshot import load_snapshot
from app.learning.affect.folds import deal
from app.learning.affect.sequences import quadrant
from app.learning.affect.train import main
from tests.learning.affect.data import write_snapshot
from tests.learning.child import train_in_child

SMALL = {"units": 12, "hidden": 8, "epochs": 3, "length": 30, "learning_rate": 0.01, "dropout": 0.1, "folds": 3}


def words(snapshot, out, **settings):
    given = [w for key, value in (SMALL | settings).items() for w in ("--set", f"{key}={value}")]
    where = ["--snapshot", str(snapshot), "--recipe", "gru_head", "--out", str(out)]
    return ["--threads", "1", "--device", "cpu", *where, *given]


def events_of(folder):
    return [json.loads(line) for line in (folder / "run.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return write_snapshot(tmp_path_factory.mktemp("data") / "snapshot", subjects=9, clips=1)


@pytest.fixture(scope="module")
def whole(snapshot, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "whole"
    assert main(words(snapshot, out)) == 0
    return out


def test_every_subject_is_in_one_fold_and_never_taught_what_it_is_tested_on(snapshot):
    data = load_snapshot(snapshot)
    for folds in (2, 3, 5, 9):
        splits = deal(data, range(9), folds, seed=1)
        assert len(splits) == folds
        assert sorted(subject for split in splits for subject in split.test) == list(range(9))
        for split in splits:
            parts = [*split.train, *split.validation, *split.test]
            assert sorted(parts) == list(range(9))
            assert split.train
            assert split.validation


def test_equal_seeds_deal_equally_and_another_seed_deals_otherwise(snapshot):
    data = load_snapshot(snapshot)
    assert deal(data, range(9), 3, 4) == deal(data, range(9), 3, 4)
    assert any(deal(data, range(9), 3, seed) != deal(data, range(9), 3, 4) for seed in range(3))


def test_every_fold_has_its_part_of_each_quadrant(tmp_path):
    folder = write_snapshot(tmp_path / "s", subjects=8, clips=1)
    data = load_snapshot(folder)
    # Four people who are mostly content, four who are mostly angry.
    for subject in range(8):
        rows = data.subject == subject
        data.target[rows] = (0.5, -0.5) if subject % 2 else (-0.5, 0.5)
    for split in deal(data, range(8), 4, 0):
        kinds = {int(quadrant(data.target[data.subject == subject])[0]) for subject in split.test}
        assert kinds == {1, 3}


@pytest.mark.parametrize(("subjects", "folds", "made"), [(2, 3, 0), (3, 2, 3), (3, 5, 3), (4, 2, 2), (1, 2, 0)])
def test_few_subjects_give_fewer_folds_or_none(snapshot, subjects, folds, made):
    assert len(deal(load_snapshot(snapshot), range(subjects), folds, 0)) == made


def test_every_line_names_its_fold_and_the_model_comes_first(whole):
    told = events_of(whole)
    epochs = [event for event in told if event["event"] == "epoch"]
    assert [event["fold"] for event in epochs] == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert {event["folds"] for event in epochs} == {3}
    left = [event["left_s"] for event in epochs]
    assert left[-1] == 0
    assert left[2] > 0  # the folds are still to come
    assert [event["event"] for event in told[-2:]] == ["cross_validated", "done"]


def test_the_held_out_subjects_stay_out_and_the_numbers_are_those_of_the_predictions(whole, snapshot):
    result = json.loads((whole / "result.json").read_text())
    found, people = result["cross_validation"], result["subjects"]
    in_folds = [name for part in found["parts"] for name in part["subjects"]]
    assert sorted(in_folds) == sorted([*people["train"], *people["validation"]])
    assert not set(in_folds) & set(people["test"])
    data = load_snapshot(snapshot)
    predicted = np.full((len(data.target), 2), np.nan)
    for part in found["parts"]:
        rows = np.isin(data.subject, [data.subjects.index(name) for name in part["subjects"]])
        with np.load(whole / "folds" / str(part["fold"]) / "predicted.npz") as file:
            predicted[rows] = file["predicted"]
    again = pooled_ccc(data.target[:, 0].astype(float), predicted[:, 0], data.subject)
    assert found["valence"]["ccc"] == pytest.approx(again.ccc, abs=1e-9)
    assert found["valence"]["interval"] == pytest.approx(list(again.interval), abs=1e-9)
    assert found["valence"]["n_subjects"] == len(in_folds)


def test_folds_do_not_change_the_model(whole, snapshot, tmp_path):
    assert main(words(snapshot, tmp_path, folds=1)) == 0
    alone = json.loads((tmp_path / "result.json").read_text())
    assert "cross_validation" not in alone
    assert alone["test"] == json.loads((whole / "result.json").read_text())["test"]


@pytest.mark.parametrize("after", [5, 9])
def test_killed_inside_a_fold_it_ends_as_the_unbroken_run(whole, snapshot, tmp_path, after):
    command = [sys.executable, "-m", "app.learning.affect.train", *words(snapshot, tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    seen = 0
    while seen < after:
        seen += json.loads(process.stdout.readline())["event"] == "epoch"
    process.kill()
    process.communicate()
    (tmp_path / "run.jsonl").write_bytes((tmp_path / "run.jsonl").read_bytes() + b'{"event": "epo')
    before = len((tmp_path / "run.jsonl").read_text().splitlines())
    assert main(words(snapshot, tmp_path)) == 0
    new = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()[before:]]
    assert len([event for event in new if event["event"] == "epoch"]) <= 12 - after + 1
    one, other = (json.loads((place / "result.json").read_text()) for place in (whole, tmp_path))
    assert one["test"] == other["test"]
    assert one["cross_validation"] == other["cross_validation"]


def test_folds_of_other_settings_are_not_taken(whole, snapshot, tmp_path):
    (tmp_path / "folds").mkdir()
    (tmp_path / "folds" / "1").mkdir()
    old = json.loads((whole / "folds" / "1" / "fold.json").read_text())
    (tmp_path / "folds" / "1" / "fold.json").write_text(json.dumps(old))
    (tmp_path / "folds" / "1" / "predicted.npz").write_bytes((whole / "folds" / "1" / "predicted.npz").read_bytes())
    assert main(words(snapshot, tmp_path, epochs=2)) == 0
    epochs = [event["fold"] for event in events_of(tmp_path) if event["event"] == "epoch"]
    assert epochs.count(1) == 2


def test_stopped_in_a_fold_the_model_stays_and_the_folds_are_not_reported(snapshot, tmp_path):
    stop = f"if event.get('fold') == 1: open({str(tmp_path / 'stop')!r}, 'w').close()"
    words_of_it = words(snapshot, tmp_path, epochs=40, patience=40)
    assert train_in_child("app.learning.affect.train", words_of_it, stop) == 0
    told = events_of(tmp_path)
    assert told[-1]["event"] == "done"
    assert told[-1]["ending"] == "epochs"
    assert "not cross-validated" in told[-2]["text"]
    result = json.loads((tmp_path / "result.json").read_text())
    assert "cross_validation" not in result
    assert (tmp_path / "best.pt").exists()
