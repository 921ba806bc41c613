"""The command line starts light, and can be interrupted from the first moment."""

import subprocess
import sys
from pathlib import Path

from app import cli

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"numpy", "sqlalchemy", "cv2", "av", "onnxruntime", "matplotlib", "scipy", "torch", "PySide6", "requests"}


def test_no_command_pays_for_the_work_of_another():
    code = "import sys; from app.cli import build_parser; build_parser(); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert HEAVY & set(said.split()) == set()


def test_an_interrupt_while_it_starts_is_no_trace(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "build_parser", interrupted)
    assert cli.main(["models", "list"]) == 130
    assert capsys.readouterr().err == "affectograph: cancelled\n"


def test_a_project_alone_opens_the_window(monkeypatch):
    seen = []
    monkeypatch.setattr(cli, "_run", lambda words: seen.append(words) or 0)
    cli.main([])
    cli.main(["a study.affectograph"])
    cli.main(["models", "list"])
    cli.main(["--version"])
    assert seen == [["open"], ["open", "a study.affectograph"], ["models", "list"], ["--version"]]
