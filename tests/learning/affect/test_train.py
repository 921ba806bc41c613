import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from app.domain.snapshot import load_snapshot, split_subjects
from app.errors import UserError
from app.learning.affect.sequences import collate, cut, draw_weights, quadrant
from app.learning.affect.train import main
from tests.learning.affect.data import write_snapshot

SMALL = {"units": 16, "hidden": 12, "epochs": 6, "length": 30, "learning_rate": 0.01, "dropout": 0.1, "balance": "no"}
SMALL |= {"folds": 1}


def words(snapshot, out, recipe="gru_head", **settings):
    values = (SMALL if recipe == "gru_head" else {}) | settings
    given = [w for key, value in values.items() for w in ("--set", f"{key}={value}")]
    where = ["--snapshot", str(snapshot), "--recipe", recipe, "--out", str(out)]
    return ["--threads", "1", "--device", "cpu", *where, *given]


def train(snapshot, out, recipe="gru_head", **settings):
    assert main(words(snapshot, out, recipe, **settings)) == 0
    return [json.loads(line) for line in (out / "run.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return write_snapshot(tmp_path_factory.mktemp("data") / "snapshot")


def test_it_learns_what_only_time_tells_on_subjects_it_never_saw(snapshot, tmp_path):
    events = train(snapshot, tmp_path, epochs=25)
    result = json.loads((tmp_path / "result.json").read_text())
    assert events[0]["event"] == "start"
    assert events[-1]["event"] == "done"
    assert result["test"]["valence"]["ccc"] > 0.7
    assert result["test"]["arousal"]["ccc"] > 0.4
    people = result["subjects"]
    assert not set(people["train"]) & (set(people["test"]) | set(people["validation"]))


def test_shuffled_labels_teach_nothing(tmp_path):
    shuffled = write_snapshot(tmp_path / "shuffled", shuffle=True)
    train(shuffled, tmp_path / "run")
    result = json.loads((tmp_path / "run" / "result.json").read_text())
    assert abs(result["test"]["valence"]["ccc"]) < 0.25


def test_a_killed_run_ends_as_an_unbroken_one(snapshot, tmp_path):
    train(snapshot, tmp_path / "whole")
    broken = tmp_path / "broken"
    base = [sys.executable, "-m", "app.learning.affect.train"]
    process = subprocess.Popen([*base, *words(snapshot, broken)], stdout=subprocess.PIPE, text=True)
    for _ in range(3):
        process.stdout.readline()
    process.kill()
    process.communicate()
    train(snapshot, broken)
    one, other = (json.loads((tmp_path / name / "result.json").read_text()) for name in ("whole", "broken"))
    for dimension in ("valence", "arousal"):
        assert one["test"][dimension]["ccc"] == pytest.approx(other["test"][dimension]["ccc"], abs=1e-6)


def test_stop_keeps_the_best_so_far(snapshot, tmp_path):
    tmp_path.joinpath("stop").write_text("")
    events = train(snapshot, tmp_path)
    assert events[-1]["ending"] == "stopped"
    assert (tmp_path / "best.pt").exists()


@pytest.mark.parametrize("recipe", ["kollias_cnn", "kollias_cnn_rnn"])
def test_the_papers_networks_train_from_pixels(recipe, tmp_path):
    data = write_snapshot(tmp_path / "data", images=True, subjects=4, clips=1, frames=24)
    more = {"units": 32, "length": 12, "hidden": 16} if recipe == "kollias_cnn_rnn" else {}
    train(data, tmp_path / "run", recipe, scale=0.05, epochs=2, backbone="vgg", **more)
    assert (tmp_path / "run" / "best.pt").exists()


@pytest.mark.parametrize(
    ("recipe", "losses", "settings"),
    [
        ("gru_head", [1.0253073573112488, 0.9793448150157928], {"epochs": 2}),
        # Sequences mix quadrants: since these are weighted by iterative scaling, others are drawn.
        ("kollias_cnn_rnn", [0.9450830221176147], {"backbone": "vgg", "units": 32, "length": 12, "hidden": 16}),
        ("kollias_cnn", [0.9698903560638428], {"backbone": "resnet", "quadrants": "equal"}),
    ],
)
def test_the_numbers_of_the_first_epochs_are_those_they_were(recipe, losses, settings, tmp_path):
    """Recorded before the run, its checkpoints and its journal were given their present homes."""
    pixels = {"images": True, "subjects": 4, "clips": 1, "frames": 24} if recipe != "gru_head" else {}
    data = write_snapshot(tmp_path / "data", **pixels)
    given = settings if recipe == "gru_head" else settings | {"scale": 0.05, "epochs": 1}
    events = train(data, tmp_path / "run", recipe, **given)
    assert [event["loss"] for event in events if event["event"] == "epoch"] == pytest.approx(losses, rel=1e-4)


def test_other_settings_do_not_take_up_a_foreign_checkpoint(snapshot, tmp_path, capsys):
    train(snapshot, tmp_path, epochs=1)
    assert main(words(snapshot, tmp_path, hidden=5)) == 1
    assert "other settings" in capsys.readouterr().err


def test_a_changed_snapshot_is_refused(tmp_path):
    folder = write_snapshot(tmp_path / "snapshot")
    (folder / "data.npz").write_bytes((folder / "data.npz").read_bytes() + b"x")
    with pytest.raises(UserError, match="changed"):
        load_snapshot(folder)


def test_no_subject_is_in_two_parts():
    for n in range(3, 30):
        split = split_subjects(n, seed=n)
        everyone = [*split.train, *split.validation, *split.test]
        assert sorted(everyone) == list(range(n))
        assert split.train
        assert split.validation
        assert split.test


@pytest.mark.parametrize(("quadrants", "wished"), [("paper", (43, 24, 14, 19)), ("equal", (25, 25, 25, 25))])
def test_frames_that_are_drawn_have_the_wished_quadrants(tmp_path, quadrants, wished):
    data = load_snapshot(write_snapshot(tmp_path / "s"))
    stretches = cut(data, tuple(range(6)), 1, whole=False)
    weights = draw_weights(data, stretches, balance=True, quadrants=quadrants)
    mine = quadrant(np.concatenate([data.target[s.first : s.last] for s in stretches]))
    assert 100 * np.bincount(mine, weights=weights, minlength=4) == pytest.approx(wished, abs=0.01)
    # Stretches that mix quadrants come as near as they can: nearer than all alike.
    mixed = cut(data, tuple(range(6)), 10, whole=False)
    rows = [np.flatnonzero(data.labelled[s.first : s.last]) + s.first for s in mixed]
    counts = np.stack([np.bincount(quadrant(data.target[each]), minlength=4) for each in rows])
    for balance, most in ((True, 3.0), (False, 60.0)):
        drawn = draw_weights(data, mixed, balance=balance, quadrants=quadrants) @ counts
        away = np.abs(100 * drawn / drawn.sum() - wished).max()
        assert away < most
    assert away > 3.0


def test_a_quadrant_without_a_frame_leaves_its_share_to_the_others(tmp_path):
    data = load_snapshot(write_snapshot(tmp_path / "s"))
    data = replace(data, target=np.abs(data.target) * np.float32([1, -1]))
    stretches = cut(data, tuple(range(6)), 5, whole=False)
    weights = draw_weights(data, stretches, balance=True)
    assert weights.sum() == pytest.approx(1)
    assert np.ptp(weights) < 1e-9


def test_rare_quadrants_are_drawn_more_often(tmp_path):
    data = load_snapshot(write_snapshot(tmp_path / "s"))
    stretches = cut(data, tuple(range(6)), 10, whole=False)
    weights = draw_weights(data, stretches, balance=True, quadrants="equal")
    assert weights.sum() == pytest.approx(1)
    first = [quadrant(data.target[s.first : s.last][~np.isnan(data.target[s.first : s.last, 0])]) for s in stretches]
    total = np.bincount(np.concatenate(first), minlength=4)
    drawn = sum(w * np.bincount(q, minlength=4) / len(q) for w, q in zip(weights, first, strict=True))
    assert drawn.std() < (total / total.sum()).std()


def test_padding_has_no_weight_and_no_row(tmp_path):
    data = load_snapshot(write_snapshot(tmp_path / "s", frames=25))
    batch = collate(data, cut(data, (0,), 10, whole=False)[1:3], (0, 1), images=False)
    assert batch.x.shape[:2] == (2, 10)
    torch.testing.assert_close(batch.weight[1, 5:], torch.zeros(5))
    assert (batch.rows[1, 5:] == -1).all()
