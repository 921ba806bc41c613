"""`affectograph selftest`: it passes on a sound installation, and says what is broken on another."""

import gzip
import json
import os
from pathlib import Path

import pytest

from app.cli import main
from app.errors import Cancelled, UserError
from app.services.selftest import run as selftest
from app.services.selftest import steps
from app.services.selftest.steps import OLD_PROJECT, STEPS, Place, Step, UnavailableError
from tests.data.projects.outputs import HERE


def with_steps(monkeypatch, *chosen):
    monkeypatch.setattr(selftest, "STEPS", chosen)


def fails(error):
    def run(place):
        raise error

    return run


@pytest.mark.slow
@pytest.mark.process
def test_a_sound_installation_passes_and_leaves_nothing(capsys, monkeypatch, tmp_path):
    temporary, home = tmp_path / "temporary", tmp_path / "home"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(home))
    monkeypatch.setattr(steps, "can_train", lambda: False)
    assert main(["selftest", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["failed"] == 0
    assert [step["step"] for step in table["steps"]] == [step.name for step in STEPS]
    assert {step["step"]: step["status"] for step in table["steps"]} == {
        step.name: "unavailable" if step.name == "train" else "passed" for step in STEPS
    }
    assert not list(temporary.iterdir())
    assert not home.exists()
    assert os.environ["AFFECTOGRAPH_HOME"] == str(home)


@pytest.mark.slow
@pytest.mark.process
def test_the_step_of_training_trains(tmp_path, monkeypatch):
    if not steps.can_train():
        pytest.skip("torch is not installed")
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))
    train = next(step for step in STEPS if step.name == "train")
    assert "one epoch" in train.run(Place(tmp_path))


def test_one_line_a_step_and_the_status_of_a_failure(capsys, monkeypatch):
    with_steps(
        monkeypatch,
        Step("good", lambda place: "It went well."),
        Step("bad", fails(UserError("The disk is full.", "Free some space."))),
        Step("after", lambda place: "never", needs=("good", "bad")),
        Step("bug", fails(KeyError("x"))),
        Step("less", fails(UnavailableError("It is not part of this."))),
    )
    assert main(["selftest"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines[:5]] == ["✓", "✗", "✗", "✗", "–"]
    assert lines[1].endswith("The disk is full. Free some space.")
    assert lines[2].endswith("because it needs the step bad.")
    assert lines[3].endswith("KeyError: 'x'")
    assert lines[-1] == "3 of 5 steps failed."


def test_what_is_unavailable_is_no_failure_and_a_cancel_is_none_either(monkeypatch, capsys):
    with_steps(monkeypatch, Step("less", fails(UnavailableError("It is not part of this."))))
    assert main(["selftest"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Everything works."
    with_steps(monkeypatch, Step("stopped", fails(Cancelled())))
    assert main(["selftest"]) == 130


def test_the_shipped_project_is_one_of_those_of_0_1():
    assert OLD_PROJECT.read_bytes() == (HERE / "0.1" / "unseen.affectograph.gz").read_bytes()


def test_an_old_project_that_lost_answers_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(steps, "OLD_ANSWERS", 31)
    migrate = next(step for step in STEPS if step.name == "migrate")
    with pytest.raises(steps.WrongResultError, match=r"Of 31 answers .* 30 are left"):
        migrate.run(Place(tmp_path))


@pytest.mark.process
def test_a_window_that_does_not_come_is_told_with_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "child_command", lambda *words: ["sh", "-c", "echo no display >&2; exit 3"])
    window = next(step for step in STEPS if step.name == "window")
    with pytest.raises(steps.WrongResultError, match="no display"):
        window.run(Place(tmp_path))


@pytest.mark.process
@pytest.mark.parametrize(
    ("drawn", "told"), [({"icons": False}, "font of the icons"), ({"icons": True, "colours": 3}, "3 colours")]
)
def test_an_empty_window_is_noticed(tmp_path, monkeypatch, drawn, told):
    said = tmp_path / "said"
    said.write_text(json.dumps(drawn), "utf-8")
    monkeypatch.setattr(steps, "child_command", lambda *words: ["cat", str(said)])
    window = next(step for step in STEPS if step.name == "window")
    with pytest.raises(steps.WrongResultError, match=told):
        window.run(Place(tmp_path))


def test_the_shipped_project_is_small():
    assert Path(OLD_PROJECT).stat().st_size < 50_000
    assert gzip.decompress(OLD_PROJECT.read_bytes()).startswith(b"SQLite format 3")
