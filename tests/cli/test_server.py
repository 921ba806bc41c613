"""Commands on a project on a PostgreSQL server; `make test-postgres` starts one."""

from app.cli import main
from tests.services.test_analyse import grey_clip


def test_commands_work_on_a_server_and_never_print_its_password(postgres, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))
    secret = postgres.replace("tester@", "tester:geheim@")
    clip = grey_clip(tmp_path / "commands.mp4")
    commands = [
        (0, f"project new {secret}"),
        (0, f"project add {secret} {clip} --subject S9"),
        (0, f"project info {secret} --json"),
        (0, f"project check {secret} --quick"),
        (0, f"analyze {clip} --project {secret} --out {tmp_path / 'out'} --device cpu"),
        (0, f"models list --project {secret}"),
        (0, f"models promote affectograph_face --project {secret}"),
        (0, f"models rollback --project {secret}"),
        (1, f"compare in-use affectograph_face --project {secret}"),
        (1, f"train --project {secret} --out {tmp_path / 'model'}"),
        (0, f"notes {secret} --csv {tmp_path / 'notes.csv'}"),
        (0, f"audit {secret}"),
        (1, f"backup {secret} {tmp_path / 'copy.affectograph'}"),
        (1, f"erase {secret} --subject S9 --yes"),
    ]
    for status, words in commands:
        assert main(words.split()) == status, words
        said = "".join(capsys.readouterr())
        assert "geheim" not in said, words
        assert status == 0 or said.count("affectograph:") == 1, said
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]
    assert kept == []
