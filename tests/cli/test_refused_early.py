"""What is refused before anything is stored."""

import pytest

from app.cli import main
from db import raters
from db.project import Project


@pytest.fixture
def project_file(tmp_path):
    path = tmp_path / "p.affectograph"
    assert main(["project", "new", str(path)]) == 0
    return path


def test_a_pin_without_a_terminal_stores_no_rater(project_file, monkeypatch, tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.write_text("")
    with empty.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["study", "rater", str(project_file), "R09", "--role", "owner", "--pin"]) == 1
    assert "terminal" in capsys.readouterr().err
    with Project.open(project_file) as project:
        assert raters.by_code(project, "R09") is None


def test_an_unforeseen_refusal_of_the_system_is_one_line(tmp_path, capsys, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(blocked / "home"))
    assert main(["models", "list"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("affectograph: ")
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "words",
    [
        ["models", "list"],
        ["models", "info", "mtcnn"],
        ["models", "verify"],
        ["models", "remove", "mtcnn"],
        ["models", "install", "enet_b2_8", "--yes"],
        ["models", "evaluate", "--data", "d.npz", "--json", "o.json"],
        ["doctor"],
    ],
)
def test_a_slip_in_the_project_s_name_is_no_project_without_models(tmp_path, capsys, words):
    assert main([*words, "--project", str(tmp_path / "slip.affectograph")]) == 1
    said = capsys.readouterr()
    assert "There is no project" in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
