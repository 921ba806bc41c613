"""Memory that runs out and devices that are not there: said, halved or refused, never a stack trace."""

import json
from types import SimpleNamespace

import pytest
import torch

from app.domain.recipes import find_recipe
from app.domain.snapshot import load_snapshot
from app.errors import UserError
from app.learning.affect import fit as fit_module
from app.learning.affect.fit import fit, predict
from app.learning.affect.run import prepare
from app.learning.affect.train import main
from app.learning.process.device import pick_device
from app.learning.process.journal import Journal
from tests.learning.affect.data import write_snapshot

CPU_MESSAGE = "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried"
MPS_MESSAGE = "MPS backend out of memory (MPS allocated: 8.00 GB, other allocations: 1.00 GB, max allowed: 9.07 GB)."
VALUES = {"units": 8, "hidden": 8, "epochs": 2, "length": 30, "batch": 8, "folds": 1}


@pytest.fixture
def run(tmp_path):
    snapshot = load_snapshot(write_snapshot(tmp_path / "snapshot"))
    recipe = find_recipe("gru_head")
    (tmp_path / "run").mkdir()
    return prepare(recipe, recipe.values(VALUES), snapshot, tmp_path / "run", torch.device("cpu"))


@pytest.fixture
def journal(run):
    made = Journal(run.out)
    yield made
    made.close()


def told(run, event):
    lines = [json.loads(line) for line in (run.out / "run.jsonl").read_text().splitlines()]
    return [line for line in lines if line["event"] == event]


def short_above(limit, error, monkeypatch):
    """A loss that needs more memory than there is while a step has more than `limit` sequences of 30 frames."""
    real = fit_module.affect_loss
    steps = []

    def loss(predicted, *rest):
        steps.append(len(predicted))
        if len(predicted) > limit * 30:
            raise error
        return real(predicted, *rest)

    monkeypatch.setattr(fit_module, "affect_loss", loss)
    return steps


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB."),
        RuntimeError(CPU_MESSAGE),
        RuntimeError(MPS_MESSAGE),
    ],
    ids=["cuda", "cpu", "mps"],
)
def test_the_batch_is_halved_until_it_fits_and_that_is_said(run, journal, monkeypatch, error):
    steps = short_above(2, error, monkeypatch)
    assert fit(run, journal) == "epochs"
    assert [line["batch"] for line in told(run, "memory")] == [4, 2]
    assert "batches of 2" in told(run, "memory")[-1]["text"]
    assert run.batch == 2
    assert max(steps[2:]) <= 2 * 30
    assert [line["epoch"] for line in told(run, "epoch")] == [1, 2]


def test_a_resumed_run_keeps_the_batch_that_fitted(run, journal, monkeypatch):
    short_above(4, torch.cuda.OutOfMemoryError("out"), monkeypatch)
    fit(run, journal)
    again = prepare(run.recipe, run.values, run.snapshot, run.out, run.device)
    assert again.batch == 4


def test_one_sequence_that_does_not_fit_is_refused_with_what_to_do(run, journal, monkeypatch):
    short_above(0, torch.cuda.OutOfMemoryError("out"), monkeypatch)
    with pytest.raises(UserError, match="not enough memory for one sequence") as refused:
        fit(run, journal)
    assert "Shorten the sequences" in refused.value.todo


def test_another_error_is_not_taken_for_a_shortage(run, journal, monkeypatch):
    short_above(0, RuntimeError("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)"), monkeypatch)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        fit(run, journal)
    assert told(run, "memory") == []


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused_in_words(device, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    snapshot = write_snapshot(tmp_path / "snapshot", subjects=3, clips=1, frames=10)
    words = ["--snapshot", str(snapshot), "--recipe", "gru_head", "--out", str(tmp_path / "run"), "--device", device]
    assert main(words) == 1
    out, err = capsys.readouterr()
    refused = json.loads(out.splitlines()[-1])
    assert refused["event"] == "refused"
    assert device in refused["what"]
    assert "the device auto or cpu" in refused["todo"]
    assert "--device auto or cpu" in refused["command"]
    assert err.startswith("affectograph: ")


@pytest.mark.parametrize(("cuda", "mps", "picked"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")])
def test_auto_takes_the_best_there_is(cuda, mps, picked, monkeypatch):
    monkeypatch.setattr(torch, "cuda", SimpleNamespace(is_available=lambda: cuda))
    monkeypatch.setattr(torch.backends, "mps", SimpleNamespace(is_available=lambda: mps))
    assert pick_device("auto").type == picked


def test_predicting_in_pieces_gives_what_the_whole_gives(tmp_path):
    snapshot = load_snapshot(write_snapshot(tmp_path / "s", subjects=3, clips=1, frames=50, images=True))
    recipe = find_recipe("kollias_cnn_rnn")
    given = {"scale": 0.05, "units": 16, "hidden": 8, "backbone": "vgg", "length": 7, "batch": 1}
    run = prepare(recipe, recipe.values(given), snapshot, tmp_path, torch.device("cpu"))
    pieces = predict(run, (0, 1))
    run.batch = 100
    whole = predict(run, (0, 1))
    assert abs(pieces - whole)[snapshot.subject < 2].max() < 1e-5
    assert abs(whole[snapshot.subject < 2]).max() > 0


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_mixed_precision_on_cuda_learns(tmp_path):
    snapshot = write_snapshot(tmp_path / "snapshot")
    words = ["--snapshot", str(snapshot), "--recipe", "gru_head", "--out", str(tmp_path / "run"), "--device", "cuda"]
    settings = {**VALUES, "epochs": 20, "learning_rate": 0.01, "hidden": 16, "units": 16}
    assert main([*words, *(word for key, value in settings.items() for word in ("--set", f"{key}={value}"))]) == 0
    result = json.loads((tmp_path / "run" / "result.json").read_text())
    assert result["device"] == "cuda"
    assert result["test"]["valence"]["ccc"] > 0.5
