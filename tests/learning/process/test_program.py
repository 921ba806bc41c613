"""The frame of training programs, and their checkpoints."""

import pytest
import torch

from app.domain.training_events import CHECKPOINT, PROGRESS, read_event, refusal
from app.errors import UserError
from app.learning.process import checkpoint, program


def parser():
    made = program.arguments("app.learning.some.program", "Does something.")
    made.add_argument("--out", required=True)
    return made


def test_work_that_ends_well_gives_status_0(capsys):
    assert program.run(parser(), lambda given: program.tell(PROGRESS, done=1, out=given.out), ["--out", "here"]) == 0
    assert read_event(capsys.readouterr().out) == {"event": PROGRESS, "done": 1, "out": "here"}


def test_a_refusal_is_told_to_the_parent_and_to_people(capsys):
    def refuse(_given):
        raise UserError("It cannot be.", "Try another.")

    assert program.run(parser(), refuse, ["--out", "here"]) == 1
    said = capsys.readouterr()
    assert refusal(read_event(said.out)).what == "It cannot be."
    assert said.err == "affectograph: It cannot be. Try another.\n"


def test_a_bug_is_no_refusal(capsys):
    with pytest.raises(ZeroDivisionError):
        program.run(parser(), lambda given: 1 / 0, ["--out", "here"])
    assert capsys.readouterr().out == ""


def test_a_program_is_named_as_it_is_called(capsys):
    with pytest.raises(SystemExit):
        program.run(parser(), lambda given: None, [])
    assert "usage: python -m app.learning.some.program" in capsys.readouterr().err


def test_a_checkpoint_is_taken_up_by_the_same_run_only(tmp_path):
    assert checkpoint.load(tmp_path, "one") is None
    checkpoint.save(tmp_path, "one", {"weights": torch.arange(3), "epoch": 2})
    state = checkpoint.load(tmp_path, "one")
    assert state["weights"].tolist() == [0, 1, 2]
    assert state["epoch"] == 2
    with pytest.raises(UserError, match="other settings"):
        checkpoint.load(tmp_path, "other")


def test_each_worker_has_a_checkpoint_of_its_own(tmp_path):
    for worker in (0, 1):
        checkpoint.save(tmp_path, "one", {"rank": worker}, worker)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-1.pt", CHECKPOINT]
    assert [checkpoint.load(tmp_path, "one", worker)["rank"] for worker in (0, 1)] == [0, 1]


def test_a_broken_write_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    checkpoint.save(tmp_path, "one", {"epoch": 1})

    def half(_state, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", half)
    with pytest.raises(UserError, match="disk is full"):
        checkpoint.save(tmp_path, "one", {"epoch": 2})
    assert checkpoint.load(tmp_path, "one")["epoch"] == 1
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT]


def test_a_damaged_checkpoint_is_refused(tmp_path):
    (tmp_path / CHECKPOINT).write_bytes(b"no checkpoint")
    with pytest.raises(UserError, match="damaged"):
        checkpoint.load(tmp_path, "one")
    with pytest.raises(UserError, match="does not exist"):
        checkpoint.read(tmp_path / "none.pt")
