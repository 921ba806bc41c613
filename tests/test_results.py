"""Results never take the place of what the program did not write."""

import hashlib
import os
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import db.raters
from app.cli import main
from app.errors import UserError
from app.results import Chosen, refuse_foreign, result
from app.services.predict.batch import result_stems
from db.project import Project
from tests.media.clips import write_clip


def put(path, text, **options):
    with result(path, **options) as temporary:
        temporary.write_text(text, "utf-8")


def test_own_results_are_replaced_and_nothing_else(tmp_path):
    put(tmp_path / "a.csv", "1")
    put(tmp_path / "a.csv", "2")
    assert (tmp_path / "a.csv").read_text() == "2"
    (tmp_path / "a.csv").write_text("2, with my notes")
    with pytest.raises(UserError, match=r"a\.csv, not written by this program or changed since"):
        put(tmp_path / "a.csv", "3")
    (tmp_path / "b.csv").write_text("mine")
    with pytest.raises(UserError, match=r"b\.csv"):
        refuse_foreign([tmp_path / "b.csv", tmp_path / "new.csv"])
    assert (tmp_path / "a.csv").read_text() == "2, with my notes"
    assert (tmp_path / "b.csv").read_text() == "mine"


def test_a_person_may_agree_once_and_to_the_very_file_that_was_there(tmp_path):
    path = tmp_path / "a.svg"
    path.write_text("mine")
    goal = Chosen.agreed(path)
    put(goal, "drawn")
    assert path.read_text() == "drawn"
    path.write_text("mine again")
    with pytest.raises(UserError):
        put(goal, "drawn")
    assert path.read_text() == "mine again"
    with pytest.raises(UserError):
        put(Chosen(path), "drawn")
    nothing_there = Chosen.agreed(tmp_path / "b.svg")
    (tmp_path / "b.svg").write_text("came meanwhile")
    with pytest.raises(UserError):
        put(nothing_there, "drawn")


def test_an_open_project_is_no_goal_whatever_a_person_agrees_to(tmp_path):
    with Project.create(tmp_path / "p.affectograph") as project:
        db.raters.add(project, "A1")
        for goal in (Chosen.agreed(project.path), project.path):
            with pytest.raises(UserError, match="open in this program"):
                put(goal, "drawn")
        db.raters.add(project, "A2")
    with Project.open(tmp_path / "p.affectograph") as project:
        assert [rater.code for rater in db.raters.every(project)] == ["A1", "A2"]


def test_an_input_is_never_replaced_not_even_an_own_one(tmp_path):
    put(tmp_path / "ratings.csv", "clip")
    (tmp_path / "link.csv").symlink_to(tmp_path / "ratings.csv")
    with pytest.raises(UserError, match="from which they are to be made"):
        put(Chosen.agreed(tmp_path / "link.csv"), "{}", inputs=[tmp_path / "ratings.csv"])
    assert (tmp_path / "ratings.csv").read_text() == "clip"


def test_a_failed_result_leaves_what_was_there(tmp_path):
    out = tmp_path / "out"
    put(out / "a.csv", "1")
    with pytest.raises(TypeError):
        put(out / "a.csv", None)
    put(out / "a.csv", "2")
    assert sorted(path.name for path in out.iterdir()) == [".affectograph-results.json", "a.csv"]


KILLED = """
import os, signal, sys
from pathlib import Path
from app.results import result
last = int(sys.argv[2])
def hear(name, words):
    global last
    if name == "os.rename":
        last -= 1
        if last == 0:
            os.kill(os.getpid(), signal.SIGKILL)
for number in range(2):
    if number:
        sys.addaudithook(hear)
    for name in ("a.csv", "b.csv"):
        with result(Path(sys.argv[1], name)) as temporary:
            temporary.write_text(str(number))
"""


@pytest.mark.process
@pytest.mark.parametrize("last", [1, 2, 3, 4])
def test_a_program_that_was_killed_knows_its_results_again(tmp_path, last):
    out = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", KILLED, out, str(last)], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert (out / "a.csv").read_text() == ("0" if last <= 2 else "1")
    assert (out / "b.csv").read_text() == "0"
    for name in ("a.csv", "b.csv"):
        put(out / name, "2")
        assert (out / name).read_text() == "2"
    (out / "a.csv").write_text("2, with my notes")
    with pytest.raises(UserError, match=r"a\.csv, not written by this program or changed since"):
        put(out / "a.csv", "3")


WRITTEN = """
import sys
from pathlib import Path
from app.results import result
for number in range(20):
    with result(Path(sys.argv[1], f"{sys.argv[2]}{number}.csv")) as temporary:
        temporary.write_text(sys.argv[2])
"""


@pytest.mark.process
def test_two_programs_that_write_into_one_folder_know_all_of_their_results(tmp_path):
    words = [[sys.executable, "-c", WRITTEN, tmp_path, name] for name in ("a", "b")]
    children = [subprocess.Popen(one) for one in words]
    assert [child.wait(120) for child in children] == [0, 0]
    names = [f"{name}{number}.csv" for name in ("a", "b") for number in range(20)]
    refuse_foreign([tmp_path / name for name in names])
    assert [(tmp_path / name).read_text() for name in names] == ["a"] * 20 + ["b"] * 20


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}


def test_analyze_beside_its_inputs_touches_none_of_them(tmp_path, capsys):
    clip = write_clip(tmp_path / "clip.mp4", 8)
    (tmp_path / "clip.csv").write_text("my,own,notes\n")
    before = digests(tmp_path)
    assert main(["analyze", str(clip), "--out", str(tmp_path), "--device", "cpu"]) == 1
    assert "would replace clip.csv" in capsys.readouterr().err
    assert digests(tmp_path) == before
    out = tmp_path / "out"
    for _ in range(2):
        assert main(["analyze", str(clip), "--out", str(out), "--device", "cpu"]) == 0
    assert {"clip.csv", "clip.png", "summary.json"} <= set(digests(out))
    assert before.items() <= digests(tmp_path).items()


def test_agreement_does_not_write_over_its_ratings(tmp_path, capsys):
    ratings = tmp_path / "ratings.csv"
    rows = [f"c{clip},R{rater},happy,{(clip + rater) % 6}" for clip in range(6) for rater in range(3)]
    ratings.write_text("\n".join(["clip,rater,emotion,score", *rows]) + "\n")
    before = ratings.read_bytes()
    assert main(["agreement", "--ratings", str(ratings), "--json", str(ratings)]) == 1
    assert "would replace ratings.csv" in capsys.readouterr().err
    assert ratings.read_bytes() == before


def test_no_two_results_of_a_batch_share_a_name():
    endings = (".csv", ".png", ".categories.csv")
    accent = unicodedata.normalize("NFD", "é")
    long = "n" * 251
    names = ["a", "A", "a.categories", "b.categories", "b", "é", accent, long, f"{long}m", "summary", "喜" * 83]
    stems = result_stems([Path("clips", f"{name}.mp4") for name in names], endings)
    written = [f"{stem}{ending}" for stem in stems for ending in endings]
    assert max(len(os.fsencode(name)) for name in written) <= 255
    alike = [unicodedata.normalize("NFC", name).casefold() for name in written]
    assert len(set(alike)) == len(alike)
    assert stems[:6] == ["a", "A-2", "a.categories-2", "b.categories", "b-2", "é"]
    assert stems[6] == f"{accent}-2"
    again = result_stems([Path(f"{name}.mp4") for name in names], endings)
    assert again == stems  # two runs into one folder meet again
