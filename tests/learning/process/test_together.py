"""Two processes of torchrun and one process train the same network: equal losses, step by step, of every kind."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from app.domain.training_events import EPOCH
from tests.learning.affect.data import write_snapshot
from tests.learning.clip.data import made_up
from tests.learning.frame.conftest import bar_faces

pytestmark = [pytest.mark.slow, pytest.mark.process]


def start(module, words, processes):
    """Run a training in so many processes."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node", str(processes), "--standalone"]
    command = [sys.executable, *(torchrun if processes > 1 else []), "-m", module, *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def losses(out):
    events = [json.loads(line) for line in (out / "run.jsonl").read_text().splitlines()]
    return np.array([event["loss"] for event in events if event["event"] == EPOCH])


def alike(module, words, tmp_path):
    """The losses of one process, and of two, which differ by less than is wanted."""
    for processes in (1, 2):
        start(module, [*words, "--out", tmp_path / str(processes)], processes)
    one, two = losses(tmp_path / "1"), losses(tmp_path / "2")
    assert len(one) >= 2
    assert np.isfinite(one).all()
    np.testing.assert_allclose(two, one, atol=1e-5)
    assert len(set(one.tolist())) > 1


def settings(**values):
    return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


def test_affect_with_a_loss_of_the_whole_batch_and_dropout(tmp_path):
    snapshot = write_snapshot(tmp_path / "snapshot")
    small = settings(units=16, hidden=12, epochs=3, length=30, batch=5, learning_rate=0.01, dropout=0.3, folds=1)
    words = ["--snapshot", snapshot, "--recipe", "gru_head", "--threads", 1, "--device", "cpu", *small]
    alike("app.learning.affect.train", words, tmp_path)
    assert sorted(path.name for path in (tmp_path / "2").iterdir()) == sorted(
        path.name for path in (tmp_path / "1").iterdir()
    )


def test_categories_with_dropout_and_folds(tmp_path):
    items = made_up(tmp_path / "items", subjects=9)
    small = settings(folds=2, epochs=3, hidden=16, batch=7, learning_rate=0.01, dropout=0.4)
    words = ["--items", items, "--recipe", "gru", "--threads", 1, "--device", "cpu", *small]
    alike("app.learning.clip.train", words, tmp_path)
    of_folds = [json.loads((tmp_path / name / "result.json").read_text())["cross_validation"] for name in "12"]
    assert of_folds[0]["folds"] == of_folds[1]["folds"] == 2


def test_faces_with_batch_normalisation_and_memory(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for name, n, seed in (("train_0", 300, 1), ("train_1", 300, 2), ("valid", 48, 3)):
        part = bar_faces(n, seed)
        np.savez(data / f"fer2013_{name}.npz", images=part.images, fer_label=part.fer_label, ferplus_votes=part.votes)
    words = ["--recipe", "student", "--data", data, "--epochs", 2, "--workers", 1, "--sizes", "0:24", "--rate", 0.001]
    alike("app.learning.frame.train", words, tmp_path)
