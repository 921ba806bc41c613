"""Every command takes a project as a file or as the address of a server, through one function."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.addresses import home_of, place_of, project_name, server_address, shown_place
from app.cli import build_parser, main
from app.cli.project_place import existing_project, project_place
from app.ui.core.recent import Recent
from app.ui.core.store import forgetful_store

URL = "postgresql://ada:geheim@db.example.org:5433/study%20one?sslmode=verify-full"


def actions(parser: argparse.ArgumentParser, words: str = "") -> Iterator[tuple[str, argparse.Action]]:
    for action in parser._actions:  # noqa: SLF001 — argparse has no public list
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 — it has no public name
            for name, below in action.choices.items():
                yield from actions(below, f"{words} {name}")
        else:
            yield words, action


def test_no_command_takes_a_project_as_a_path_only():
    named = [
        (words, action)
        for words, action in actions(build_parser())
        if action.dest in ("project", "into") or (action.metavar in ("P", "PROJECT") and action.type is not float)
    ]
    assert len(named) > 45
    assert [words for words, action in named if action.type not in (project_place, existing_project)] == []


def test_a_place_is_a_path_or_an_address_unchanged(tmp_path):
    assert project_place(str(tmp_path / "p.affectograph")) == tmp_path / "p.affectograph"
    assert project_place(URL) == URL
    assert project_place("postgres://db/study") == "postgres://db/study"
    assert place_of("C:/p.affectograph") == Path("C:/p.affectograph")
    with pytest.raises(argparse.ArgumentTypeError, match="is no project") as refused:
        project_place("https://ada:geheim@example.org/p")
    assert "geheim" not in str(refused.value)


def test_what_is_shown_of_an_address_and_what_it_is_called():
    assert shown_place(URL) == "postgresql://db.example.org:5433/study%20one?sslmode=verify-full"
    assert project_name(URL) == "study one"
    assert project_name(Path("a/p.affectograph")) == "p"
    assert server_address(URL) == "db.example.org:5433/study one"
    assert server_address("postgresql:///study?host=/run/pg") == "/run/pg:/study"


def test_what_lies_beside_a_server_is_the_same_for_all_its_users(tmp_path, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path))
    here = home_of(URL)
    assert here == home_of("postgresql://bob@db.example.org:5433/study%20one")
    assert here != home_of("postgresql://ada@db.example.org:5433/study")
    assert here.name == "study_one.affectograph"
    assert here.is_relative_to(tmp_path)
    assert not here.exists()


@pytest.mark.parametrize("words", ["project info {url}", "agreement {url}", "backup {url}", "audit {url} --csv {out}"])
def test_an_address_that_cannot_be_read_is_refused_without_its_password(words, tmp_path, capsys):
    url = "postgresql://ada:geheim@db:port/x"
    assert main(words.format(url=url, out=tmp_path / "out.csv").split()) == 1
    said = "".join(capsys.readouterr())
    assert "The address of the server cannot be read" in said
    assert "geheim" not in said


def test_recent_projects_keep_addresses_without_user_and_password(tmp_path):
    (tmp_path / "p.affectograph").touch()
    recent = Recent(store := forgetful_store())
    recent.add(tmp_path / "p.affectograph")
    recent.add(URL)
    assert recent.places() == [shown_place(URL), tmp_path / "p.affectograph"]
    assert recent.paths() == [tmp_path / "p.affectograph"]
    assert "geheim" not in str(store.value("recent"))
    recent.remove(URL)
    assert recent.places() == [tmp_path / "p.affectograph"]
