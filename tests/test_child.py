"""Our own modules in processes of their own, from an interpreter and from a frozen build."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.child import become, child_code, child_command
from app.cli import main
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parents[1]


def test_an_interpreter_is_asked_with_m():
    assert child_command("app.inference.probe", "x") == [sys.executable, "-m", "app.inference.probe", "x"]


def test_a_frozen_program_becomes_its_own_module(monkeypatch):
    command = child_command("app", "--version")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    frozen = child_command("app", "--version")
    coded = child_code("import app; print(app.__version__)")
    # What a frozen executable does with these words, done by the entry of the program under an interpreter.
    entry = [sys.executable, "-m", "app"]
    said = [
        subprocess.check_output(words, cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S).split()[-1]
        for words in (command, [*entry, *frozen[1:]], [*entry, *coded[1:]])
    ]
    assert len(set(said)) == 1


def test_other_words_are_left_alone():
    assert not become([])
    assert not become(["analyze", "--run-module"])
    with pytest.raises(SystemExit) as usage:
        main(["--run-module"])
    assert usage.value.code == 2


def test_only_our_own_modules_are_run():
    with pytest.raises(SystemExit) as refused:
        become(["--run-module", "http.server"])
    assert "http.server" in str(refused.value.code)
