"""Every command either shows predictions or labels, and then obeys the rule on what counts as seen, or shows none."""

import argparse
import shutil
from dataclasses import replace

import pytest

import db.raters
import db.sights
from app.cli import build_parser, main
from app.services.machine import at_work
from app.services.study.reviewers import add_owner
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.services.test_analyse import grey_clip
from tests.study.helpers import SEEN, full_answer
from tests.ui.annotate.builder import build

pytestmark = pytest.mark.process  # `doctor` asks the system

SECRET = "she hides that she is glad"

SHOWS = {
    "agreement": "{project}",
    "archive": "{project} --out {out}",
    "audit": "{project} --csv {out}.csv",
    "analyze": "{clip} --project {project} --out {out} --device cpu",
    "compare": "in-use affectograph_face --project {project}",
    "export": "--project {project} --format wide --out {out}",
    "fuse": "--list --project {project}",
    "gaps": "{project} --csv {out}.csv",
    "gold": "{project} --json {out}.json",
    "notes": "{project} --csv {out}.csv",
    "plan": "{project} --width 2",
    "ratings export": "{project} --out {out}",
    "raters": "{project}",
    "study next": "{project} faces",
    "tour": "--project {project} --out {out}",
    "train": "--project {project} --out {out}",
}
"""Command → words after it."""

SHOWS_NOTHING = {
    "backup": "{project} {out}.affectograph",
    "consent list": "{project}",
    "consent require": "{project} yes",
    "consent set": "{project} --rater R02 --for export",
    "erase": "{project} --rater R02 --yes",
    "project backup": "{project} {out}.affectograph",
    "project check": "{project} --quick",
    "project info": "{project} --json",
    "project kit": "{project} R02 --out {out}",
    "project merge": "{project} {kit}",
    "project add": "{project} {clip}",
    "project set": "{project} clip00.mp4 --subject S1",
    "project relink": "{project} {folder}",
    "project rescue": "",
    "study show": "{project}",
    "study preview": "{project} faces",
    "study assign": "{project} faces",
    "study set": "{project} faces --passes 2",
    "study expect": "{project} faces",
    "study asked": "{project} faces",
    "study export": "{project} faces --out {out}.toml",
    "study simulate": "{project} faces --raters 1",
    "study rater": "{project} R05",
    "doctor": "--project {project}",
    "models list": "--project {project}",
    "models info": "affectograph_face --project {project}",
    "models verify": "--project {project}",
    "import": "{ratings} --project {project}",
    "ratings import": "{project} {ratings}",
    "study import": "{project} {study}",
    "study new": "{project} more",
    "project new": "{out}",
    "models renew": "--project {project}",
}
"""Command that opens a project, or makes one → words after it."""

OTHERWISE = {
    "aff-wild": "reads a data set into a project and tells counts",
    "dataset": "the same",
    "reproduce": "an archive, which holds what its project allowed",
    "open": "the window, which has its own rule",
    "demo": "a clip that this program made",
    "kiosk": "clips named by the owner, and visitors who agree to see themselves",
    "claims": "people that this program renders",
    "desktop": "the desktop's menu",
    "models add": "a file of a model",
    "models evaluate": "labelled images that are nobody's clips",
    "models install": "a file of a model",
    "models promote": "a card",
    "models remove": "a file of a model",
    "models rollback": "a card",
    "project move": "a copy of all rows, of which it tells the number",
    "team add": "logins of a server",
    "team clips": "the same",
    "team init": "the same",
    "team list": "the same",
    "team remove": "the same",
    "selftest": "a clip and projects of its own",
}
"""Command → why it is not tried here."""


def leaves(parser, words=()):
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]  # noqa: SLF001 — no public way
    if not groups:
        yield " ".join(words), parser
    for group in groups:
        for name, inner in group.choices.items():
            yield from leaves(inner, (*words, name))


def test_every_command_is_in_the_list_and_those_that_show_take_as():
    found = dict(leaves(build_parser()))
    assert found.keys() == SHOWS.keys() | SHOWS_NOTHING.keys() | OTHERWISE.keys()
    takes = {name for name, parser in found.items() if "--as CODE" in " ".join(parser.format_usage().split())}
    assert takes == set(SHOWS)


def test_every_default_in_words_is_one_that_the_command_takes():
    # argparse reads a default that is a string as it reads a user's word, and would refuse the command itself.
    for words, parser in leaves(build_parser()):
        for action in parser._actions:  # noqa: SLF001 — no public way
            if isinstance(action.default, str) and callable(action.type):
                assert action.type(action.default) is not None, f"{words} {action.option_strings}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project in which R01 has said something in words."""
    folder = tmp_path_factory.mktemp("shows")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(folder / "home"))
        path = build(folder / "project", clips=3, raters=("R01", "R02"), comments=True)
        with Project.open(path) as project, AnnotateSession(project, "R01") as session:
            for _ in range(3):
                session.submit(replace(full_answer(session.study), comment=SECRET), SEEN)
            add_owner(project, "OWN", "5544")
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """A copy of it, with what commands are given."""
    shutil.copytree(made, tmp_path / "at")
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "at" / "home"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "at" / "project" / "rating.affectograph"
    folder = tmp_path / "in"
    folder.mkdir()
    grey_clip(folder / "grey.mp4")
    (folder / "r.csv").write_text("item,rater,condition,emotion,intensity\nclip00,R09,full_context,angry,2\n")
    return {
        "project": path, "clip": folder / "grey.mp4", "out": tmp_path / "out", "folder": folder,
        "ratings": folder / "r.csv", "study": folder / "s.toml", "kit": folder / "kit",
    }  # fmt: skip


def run(name, words, place):
    return main([*name.split(), *words.format(**place).split()])


@pytest.mark.parametrize("name", SHOWS)
def test_while_a_rater_is_signed_in_nothing_is_shown(place, monkeypatch, capsys, name):
    monkeypatch.setattr(at_work, "rated_elsewhere", lambda: True)
    assert run(name, SHOWS[name], place) == 1
    said = capsys.readouterr()
    assert "Somebody is judging clips in another window" in said.err
    assert not said.out
    assert not list(place["out"].parent.glob("out*"))


@pytest.mark.parametrize("name", SHOWS)
@pytest.mark.parametrize(("who", "why"), [("R01", "Raters do not see"), ("XYZ", "is unknown")])
def test_who_may_not_look_gets_nothing_of_any_command(place, capsys, name, who, why):
    assert run(name, f"{SHOWS[name]} --as {who}", place) == 1
    said = capsys.readouterr()
    assert why in said.err
    assert SECRET not in said.out
    with Project.open(place["project"]) as project:
        assert db.sights.every(project) == []


@pytest.mark.parametrize("name", SHOWS_NOTHING)
def test_the_others_show_nothing_of_what_was_said(place, capsys, name):
    if "{study}" in SHOWS_NOTHING[name]:
        assert main(["study", "export", str(place["project"]), "faces", "--out", str(place["study"])]) == 0
    if "{kit}" in SHOWS_NOTHING[name]:
        assert main(["project", "kit", str(place["project"]), "R02", "--out", str(place["kit"])]) == 0
    assert run(name, SHOWS_NOTHING[name], place) in (0, 1)
    said = capsys.readouterr()
    assert "unforeseen" not in said.err
    assert SECRET not in said.out + said.err
    with Project.open(place["project"]) as project:
        assert db.sights.every(project) == []
    if "backup" not in name:
        written = [one for one in place["out"].parent.glob("out*") for one in (one, *one.rglob("*")) if one.is_file()]
        assert not any(SECRET.encode() in one.read_bytes() for one in written)


def test_a_clip_that_is_analysed_for_a_project_counts_as_shown(place, monkeypatch, capsys):
    with Project.open(place["project"]) as project:
        db.raters.add(project, "REV", "reviewer")
    for who in ("", "REV"):
        assert run("analyze", SHOWS["analyze"] + (f" --as {who}" if who else ""), place) == 0, capsys.readouterr().err
        with Project.open(place["project"]) as project:
            assert (who, "grey.mp4", "predictions") in {
                (one.rater, one.clip, one.what) for one in db.sights.every(project)
            }


def test_a_tour_of_a_guarded_project_wants_to_know_who_looks(place, qapp, capsys):
    assert run("tour", SHOWS["tour"], place) == 1
    assert "Name one with --as CODE" in capsys.readouterr().err
