"""Content that is damaged is a sentence from every command, and `project check` names table and row."""

import sqlite3
from contextlib import closing

import pytest

from app.cli import main
from app.services.projects.files import open_project
from db import digests
from tests.data.projects import outputs

DAMAGE = {
    "a document": ("UPDATE presentation SET detail = '{' WHERE id = 1", "Row 1 of table presentation"),
    "a study": ("UPDATE study_version SET document = '{\"name\": 3}'", "of table study_version"),
    "a fraction": ("UPDATE clip SET time_base = 'x/y' WHERE id = 1", "Row 1 of table clip"),
    "an array": ("UPDATE trace_chunk SET \"values\" = x'00' WHERE trace_id = 1", "Row 1/0 of table trace_chunk"),
    "a text": ("UPDATE item SET name = CAST(x'ff' AS TEXT) WHERE id = 1", "Row 1 of table item"),
    "a score": ("UPDATE intensity SET score = 65 WHERE answer_id = 1 AND score IS NOT NULL", "Row 1 of table answer"),
    "a column": ("ALTER TABLE trace DROP COLUMN note", "table trace is damaged"),
    "a table": ("DROP TABLE gold", "table gold is missing"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = outputs.unpack("0.1", "sound", tmp_path_factory.mktemp("sound"))
    open_project(path).close()
    return path.read_bytes()


@pytest.mark.parametrize("sealed", [False, True], ids=["by hand", "by a program"])
@pytest.mark.parametrize("name", DAMAGE)
def test_every_command_says_a_sentence(sound, tmp_path, capsys, name, sealed):
    statement, words = DAMAGE[name]
    path = tmp_path / "p.affectograph"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        if sealed and "text" not in name and statement.startswith("UPDATE"):
            digests.seal_all(connection)
        connection.commit()
    assert main(["project", "check", str(path)]) == 1
    assert words in capsys.readouterr().out
    for command in (
        ["project", "info", path], ["study", "show", path], ["agreement", path], ["agreement", path, "--traces"],
        ["ratings", "export", path, "--out", tmp_path / "out"],
    ):  # fmt: skip
        status = main([str(word) for word in command])
        said = capsys.readouterr()
        assert status in (0, 1)
        assert "Traceback" not in said.err
        if not sealed:
            assert status == 1, command
            assert said.err.startswith("affectograph: ")
