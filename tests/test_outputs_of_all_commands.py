"""All commands that write results: none replaces a person's file, two runs replace their own, and no input changes."""

import contextlib
import hashlib
import re
import shutil

import pytest

from app.cli import main
from app.services.projects.files import open_project
from tests.data.projects.outputs import row_counts, unpack
from tests.zoo.networks import picture_network

FOLDER = {
    "analyze": ("analyze", "clips/face_1.mp4", "--out", "out", "--device", "cpu"),
    "agreement": ("agreement", "--ratings", "ratings.csv", "--bootstrap", "0", "--csv", "out"),
    "export": ("ratings", "export", "p.affectograph", "--out", "out"),
    "for others": ("export", "--project", "p.affectograph", "--format", "wide", "--out", "out"),
    "plan": ("plan", "--ratings", "ratings.csv", "--width", "3", "--subjects", "6", "--raters", "3",
             "--repetitions", "20", "--csv", "out"),
    "raters": ("raters", "--ratings", "ratings.csv", "--csv", "out"),
}  # fmt: skip
"""Command → its words; it fills the folder `out`."""

FILE = {
    "agreement": ("agreement", "--ratings", "ratings.csv", "--bootstrap", "0", "--json", "out.json"),
    "pdf": ("agreement", "--ratings", "ratings.csv", "--bootstrap", "0", "--pdf", "out.pdf"),
    "page": ("agreement", "--ratings", "ratings.csv", "--bootstrap", "0", "--html", "out.html"),
    "plan": ("plan", "--ratings", "ratings.csv", "--width", "3", "--subjects", "6", "--raters", "3",
             "--repetitions", "20", "--json", "out.json"),
    "gold": ("gold", "p.affectograph", "--json", "out.json"),
    "raters": ("raters", "--ratings", "ratings.csv", "--json", "out.json"),
    "audit": ("audit", "p.affectograph", "--csv", "out.csv"),
    "gaps": ("gaps", "p.affectograph", "--csv", "out.csv"),
    "notes": ("notes", "p.affectograph", "--csv", "out.csv"),
    "study": ("study", "export", "p.affectograph", "faces", "--out", "out.toml"),
    "preview": ("study", "preview", "p.affectograph", "faces", "--csv", "out.csv"),
    "assign": ("study", "assign", "p.affectograph", "faces", "--csv", "out.csv"),
    "asked": ("study", "asked", "p.affectograph", "faces", "--csv", "out.csv"),
    "card": ("models", "add", "own.onnx", "--name", "own", "--write-card", "out.toml"),
}  # fmt: skip
"""Command → its words; the last one is the file that it writes."""

BEFORE_LONG_WORK = {
    "compare": ("compare", "in-use", "affectograph_face", "--project", "p.affectograph", "--json", "out.json"),
    "claims": ("claims", "--system", "E", "--json", "out.json"),
    "next": ("study", "next", "p.affectograph", "faces", "--csv", "out.json"),
    "evaluate": ("models", "evaluate", "--data", "faces.npz", "--json", "out.json"),
}
"""Commands of minutes or hours, and one that finds nothing to ask for here, that refuse a file in the way at once."""

NEVER_OVER_ANYTHING = {
    "new": (("project", "new", "out.affectograph"), "out.affectograph"),
    "backup": (("backup", "p.affectograph", "out.affectograph"), "out.affectograph"),
    "archive": (("archive", "p.affectograph", "--out", "out"), "out/notes.txt"),
    "kit": (("project", "kit", "p.affectograph", "R01", "--out", "out"), "out/notes.txt"),
    "demo": (("demo", "--headless", "--out", "out"), "out/index.html"),
    "loop": (("demo", "--headless", "--retrain", "--out", "out"), "out/retrain.json"),
}
"""Command → its words, and a person's file that is in its way."""


pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A folder with a project of 0.1 brought up to date, its clips, a table of ratings and a model."""
    folder = tmp_path_factory.mktemp("world")
    project = unpack("0.1", "sound", folder)
    open_project(project).close()
    for left in folder.glob("*.bak"):
        left.unlink()
    project.rename(folder / "p.affectograph")
    rows = [f"c{clip},R{rater},happy,{(clip + rater) % 6}" for clip in range(6) for rater in range(3)]
    (folder / "ratings.csv").write_text("\n".join(["clip,rater,emotion,score", *rows]) + "\n")
    picture_network(folder / "own.onnx", 64, 8)
    (folder / "faces.npz").write_bytes(b"no data set")
    return folder


@pytest.fixture
def place(world, tmp_path, monkeypatch):
    folder = tmp_path / "place"
    shutil.copytree(world, folder)
    monkeypatch.chdir(folder)
    return folder


def digests(folder):
    """SHA-256 of every file but the project, which some commands write to."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and "p.affectograph" not in path.name)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def changed(before, after):
    return {name for name in before if after.get(name) != before[name]}


@pytest.mark.parametrize("name", FOLDER)
def test_a_folder_keeps_a_person_s_files_and_gives_place_to_results_alone(place, capsys, name):
    words, out = FOLDER[name], place / "out"
    inputs = digests(place)
    for _ in range(2):
        assert main(list(words)) == 0
    made = {path for path in digests(out) if not path.startswith(".")}
    assert made
    edited = sorted(made)[0]
    (out / edited).write_text("corrected by hand")
    (out / "notes.txt").write_text("mine")
    capsys.readouterr()
    assert main(list(words)) == 1
    said = capsys.readouterr().err
    assert edited in said
    assert said.count("affectograph: ") == 1
    assert (out / edited).read_text() == "corrected by hand"
    assert (out / "notes.txt").read_text() == "mine"
    assert {path for path in digests(out) if not path.startswith(".")} == made | {"notes.txt"}
    assert not changed(inputs, digests(place))


@pytest.mark.parametrize("name", FILE)
def test_a_file_gives_place_to_a_result_only_where_it_is_one(place, capsys, name):
    words = FILE[name]
    goal = place / words[-1]
    goal.write_text("mine")
    before = digests(place)
    rows = row_counts(place / "p.affectograph")
    assert main(list(words)) == 1
    said = capsys.readouterr().err
    assert f"The results would replace {goal.name}" in said
    assert digests(place) == before
    assert row_counts(place / "p.affectograph") == rows  # nothing was stored before the refusal
    goal.unlink()
    inputs = digests(place)
    for _ in range(2):
        assert main(list(words)) == 0
    goal.write_text("changed since")
    assert main(list(words)) == 1
    assert goal.read_text() == "changed since"
    assert not changed(inputs, digests(place))


@pytest.mark.parametrize("name", BEFORE_LONG_WORK)
def test_long_work_does_not_begin_where_its_result_may_not_go(place, capsys, name):
    (place / "out.json").write_text("mine")
    before = digests(place)
    assert main(list(BEFORE_LONG_WORK[name])) == 1
    assert "The results would replace out.json" in capsys.readouterr().err
    assert digests(place) == before


@pytest.mark.parametrize("name", NEVER_OVER_ANYTHING)
def test_nothing_takes_the_place_of_what_is_there(place, capsys, name):
    words, there = NEVER_OVER_ANYTHING[name]
    (place / there).parent.mkdir(exist_ok=True)
    (place / there).write_text("mine")
    before = digests(place)
    assert main(list(words)) == 1
    assert re.search(r"\bout\b|index\.html|retrain\.json", capsys.readouterr().err)
    assert digests(place) == before


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_result_never_takes_the_place_of_what_it_is_made_from(place, capsys, option):
    before = digests(place)
    with contextlib.suppress(SystemExit):
        assert main(["agreement", "--ratings", "ratings.csv", option, "ratings.csv"]) == 1
    assert "from which they are to be made" in capsys.readouterr().err
    assert digests(place) == before
