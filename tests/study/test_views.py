"""What commands print and write counts as seen by the person who is named, or by everybody here."""

import io

import pytest

import db.items
import db.raters
import db.sights
from app.cli import main
from app.services.labels.export import export_labels
from app.services.labels.import_csv import import_labels
from app.services.projects.files import create_project
from app.services.study.kits import make_kit, merge_kit
from app.services.study.reviewers import add_owner
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from app.services.study.views import NOBODY, Looker, note_judged
from db.project import Project
from tests.study.helpers import SEEN, add_items, full_answer, make_study
from tests.study.test_sights import blind, home  # noqa: F401 — the fixture and what was said blind


@pytest.fixture
def project(tmp_path, home):  # noqa: F811
    with create_project(tmp_path / "lab.affectograph") as opened:
        filled(opened, tmp_path)
        yield opened


def filled(project, tmp_path):
    """R01 has judged two clips; an owner with a PIN and one without look after the project."""
    make_study(project, add_items(project, tmp_path))
    give(project, "R01", 2)
    add_owner(project, "OWN", "5544")
    db.raters.add(project, "REV", "reviewer")


def give(project, rater, count):
    clips = []
    with AnnotateSession(project, rater) as session:
        for _ in range(count):
            clips.append(session.current().item.clip_id)
            session.submit(full_answer(session.study), SEEN)
    return clips


def sights(project):
    return sorted({(one.rater, one.clip, one.what) for one in db.sights.every(project)})


def judged(project):
    number = {one.clip_id: one.clip for one in db.items.every(project)}
    return [number[clip] for clip in db.sights.judged_clips(project)]


COMMANDS = {
    "export": (("ratings", "export", "{project}", "--out", "{out}"), "labels"),
    "gold": (("gold", "{project}", "--json", "{out}.json"), "labels"),
    "agreement": (("agreement", "{project}", "--bootstrap", "0"), "agreement"),
    "plan": (
        ("plan", "{project}", "--width", "2", "--of", "kappa", "--subjects", "6", "--repetitions", "20"),
        "agreement",
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(("who", "pin"), [("", ""), ("REV", ""), ("OWN", "5544")])
def test_what_a_command_tells_counts_for_whoever_is_named(project, tmp_path, monkeypatch, capsys, name, who, pin):
    words, what = COMMANDS[name]
    places = {"project": str(project.path), "out": str(tmp_path / "out")}
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
    if name == "plan":
        simulate_study(project, "faces", 3, 1)  # a pilot of one rater says nothing of raters
    path = project.path
    project.close()  # a command is another program
    assert main([*(word.format(**places) for word in words), *(("--as", who) if who else ())]) == 0, capsys.readouterr()
    with Project.open(path) as project:
        counts_for(project, who, what)


def counts_for(project, who, what):
    assert sights(project) == sorted((who, clip, what) for clip in judged(project))
    seen = set(db.sights.judged_clips(project))
    later = give(project, "R02", 6)
    assert seen & set(later)
    assert blind(project, "R02") == {clip: bool(who) or clip not in seen for clip in later}


@pytest.mark.parametrize(
    ("who", "pin", "what"), [("OWN", "1", "PIN is wrong"), ("R01", "", "Raters do not see"), ("XYZ", "", "is unknown")]
)
def test_who_may_not_look_gets_nothing(project, tmp_path, monkeypatch, capsys, who, pin, what):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
    assert main(["ratings", "export", str(project.path), "--out", str(tmp_path / "out"), "--as", who]) == 1
    assert what in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert sights(project) == []


def test_a_gold_standard_that_is_only_stored_shows_nothing(project, capsys):
    assert main(["gold", str(project.path)]) == 0
    assert sights(project) == []


def test_a_study_alone_counts_for_its_clips(project, tmp_path):
    note_judged(project.path, "labels", "faces", Looker("OWN", "5544"))
    assert {one for one, _, _ in sights(project)} == {"OWN"}
    note_judged(project, "labels", who=NOBODY)
    assert {one for one, _, _ in sights(project)} == {"", "OWN"}


def all_ways(project, home, folder):  # noqa: F811
    """The rules on what was seen, through a command, simulated raters and an import; on any kind of store."""
    filled(project, folder)
    where = str(project.path or project.reader.url.render_as_string(hide_password=False))
    seen = set(db.sights.judged_clips(project))
    assert main(["ratings", "export", where, "--out", str(folder / "out")]) == 0
    assert {one for one, _, _ in sights(project)} == {""}
    # Simulated raters look at nothing.
    simulate_study(project, "faces", 1, 1)
    simulated = db.raters.every(project)[-1]
    assert simulated.simulated
    assert set(blind(project, simulated.code).values()) == {True}
    later = give(project, "R02", 6)
    assert blind(project, "R02") == {clip: clip not in seen for clip in later}
    # What is imported from files was given who knows where: it is blind unless that person has looked.
    out = folder / "later"
    export_labels(project, out)
    with create_project(folder / "other.affectograph") as other:
        make_study(other, add_items(other, folder))
        import_labels(other, [out])
        assert set(blind(other, "R02").values()) == {True}


def test_the_same_through_simulation_import_and_commands(tmp_path, home):  # noqa: F811
    with create_project(tmp_path / "lab.affectograph") as project:
        all_ways(project, home, tmp_path)


def test_the_same_on_a_server(postgres, tmp_path, home):  # noqa: F811
    with create_project(postgres) as project:
        all_ways(project, home, tmp_path)


def test_what_a_command_showed_goes_into_the_kit_of_the_person(tmp_path, home):  # noqa: F811
    from tests.ui.annotate.builder import build

    with Project.open(build(tmp_path / "project", clips=3, raters=("R01", "R02"))) as project:
        give(project, "R01", 2)
        seen = set(db.sights.judged_clips(project))
        note_judged(project, "labels")
        kit = make_kit(project, "R02", tmp_path / "kit")
        with Project.open(kit) as own:
            shas = {one.clip_id: one.clip_sha256 for one in db.items.every(own)}
            later = give(own, "R02", 3)
            mine = {shas[clip]: said for clip, said in blind(own, "R02").items()}
        merge_kit(project, kit)
        known = {one.clip_sha256: one.clip_id for one in db.items.every(project)}
        assert len(later) == 3
        assert mine == {sha: known[sha] not in seen for sha in mine}
        assert blind(project, "R02") == {known[sha]: said for sha, said in mine.items()}
