"""An archive: laid out for Psych-DS and BIDS, kept to consent, and computed again."""

import csv
import json
import shutil
import subprocess

import pytest

import db.consent
import db.edits
import db.raters
from app.cli import main
from app.errors import UserError
from app.services.archive.build import About, archive
from app.services.archive.layout import DESCRIPTION, check_psych_ds
from app.services.archive.reproduce import reproduce
from app.services.consent.covered import Uncovered
from db.project import Project
from tests.services.rights.filled import CLIP, RATER, SUBJECT, WORD, holding

ABOUT = About("Faces", "A study of faces.", ("A. Author",), "CC-BY-4.0")
TABLE = "derivatives/agreement/data/disagreement_and_reliability_of_intensities.csv"
R = shutil.which("Rscript")


@pytest.fixture
def archived(path, tmp_path):
    with Project.open(path) as project:
        done = archive(project, tmp_path / "out", ABOUT)
    return done.folder


def test_an_archive_is_both_psych_ds_and_bids(archived):
    assert check_psych_ds(archived) == []
    told = json.loads((archived / DESCRIPTION).read_text("utf-8"))
    assert (told["Name"], told["name"], told["License"], told["@type"]) == ("Faces", "Faces", "CC-BY-4.0", "Dataset")
    people = (archived / "participants.tsv").read_text("utf-8").splitlines()
    assert [line.split("\t")[0] for line in people] == ["participant_id", "sub-R02", "sub-ZwyxquRater"]
    rows = (archived / "sub-R02" / "beh" / "sub-R02_task-rating_beh.tsv").read_text("utf-8").splitlines()
    assert len({line.count("\t") for line in rows}) == 1
    assert set(json.loads((archived / "task-rating_beh.json").read_text("utf-8"))) >= set(rows[0].split("\t"))
    for name in ("README.md", "methods.md", "dictionary.csv", "studies/study_faces.toml", "code/analysis.R"):
        assert (archived / name).stat().st_size, name
    assert "alpha" in (archived / "methods.md").read_text("utf-8")


def test_what_other_programs_measured_is_in_it(archived, path, tmp_path):
    (table,) = (archived / "data").glob("table-measurements_*")
    lines = table.read_text("utf-8").splitlines()
    assert lines[0] == "clip,clip_sha256,subject,program,face,time_s,AU12_r"
    assert len(lines) == 7
    assert lines[1].startswith(f"{CLIP},")
    assert {one["name"] for one in json.loads((archived / DESCRIPTION).read_text("utf-8"))["variableMeasured"]} >= {
        "program", "face", "AU12_r",
    }  # fmt: skip
    assert check_psych_ds(archived) == []
    with Project.open(path) as project:
        person = db.consent.person(project, "subject", SUBJECT)
        db.edits.apply(project, db.consent.set_consent(project, person, "archive", granted=False))
        done = archive(project, tmp_path / "without", ABOUT, without_refused=True)
    assert list((done.folder / "data").glob("table-measurements_*")) == []


def test_tables_come_out_again_and_changes_are_named(archived, capsys):
    found = reproduce(archived)
    assert found.good
    assert set(found.tables.values()) == {"equal"}
    assert main(["reproduce", str(archived)]) == 0
    assert "equal, byte for byte" in capsys.readouterr().out
    path = archived / TABLE
    path.write_text(path.read_text("utf-8").replace("angry", "cross"), "utf-8")
    (archived / "README.md").unlink()
    found = reproduce(archived)
    assert found.tables[path.name] == "differs"
    assert set(found.changed) == {TABLE, "README.md"}
    assert main(["reproduce", str(archived)]) == 1
    with pytest.raises(UserError, match="no archive"):
        reproduce(archived / "data")


def test_consent_and_exclusions_are_kept_to(path, tmp_path):
    with Project.open(path) as project:
        person = db.consent.person(project, "rater", "R02")
        db.edits.apply(project, db.consent.set_consent(project, person, "archive", granted=False))
        with pytest.raises(Uncovered, match="a public archive for rater R02"):
            archive(project, tmp_path / "out", ABOUT)
        assert not (tmp_path / "out").exists()
        done = archive(project, tmp_path / "out", ABOUT, without_refused=True)
        assert any("R02" in note for note in done.notes)
        with pytest.raises(UserError, match="already exists"):
            archive(project, tmp_path / "out", ABOUT)
    assert holding(tmp_path / "out", words=("r02",)) == []


def test_the_readme_lists_what_is_there(archived, path, tmp_path, monkeypatch):
    def listed(folder):
        rows = (folder / "README.md").read_text("utf-8").splitlines()
        return {name for row in rows if row.startswith("| `") for name in row.split("|")[1].strip(" `").split("`, `")}

    assert "models/" in listed(archived)
    with Project.open(path) as project:
        monkeypatch.setattr("db.models.every", lambda source: [])
        done = archive(project, tmp_path / "bare", ABOUT)
    assert not (done.folder / "models").exists()
    for name in listed(done.folder) - {"sub-…/beh/"}:
        assert list(done.folder.glob(name.replace("…", "*").rstrip("/"))), name


def test_cards_of_models_do_not_name_who_is_left_out(path, tmp_path):
    with Project.open(path) as project:
        person = db.consent.person(project, "subject", SUBJECT)
        db.edits.apply(project, db.consent.set_consent(project, person, "archive", granted=False))
        archive(project, tmp_path / "out", ABOUT, without_refused=True)
    (card,) = (tmp_path / "out" / "models").rglob("card.toml")
    assert "left-out" in card.read_text("utf-8")
    assert holding(tmp_path / "out", words=(SUBJECT.lower(),)) == []


def test_other_names_reach_every_file(path, tmp_path):
    with Project.open(path) as project:
        db.edits.apply(project, db.edits.exclude_rater(project, db.raters.by_code(project, RATER), "tired"))
        archive(project, tmp_path / "out", ABOUT, pseudonyms=True)
        with pytest.raises(UserError, match="do not hide faces"):
            archive(project, tmp_path / "more", ABOUT, pseudonyms=True, media=True)
    assert holding(tmp_path / "out", words=(WORD, "clip01", "r02")) == []
    assert reproduce(tmp_path / "out").good


def test_media_are_copied_if_asked(path, tmp_path):
    with Project.open(path) as project:
        archive(project, tmp_path / "out", ABOUT, media=True)
    assert len(list((tmp_path / "out" / "stimuli").iterdir())) == 3


@pytest.mark.skipif(R is None, reason="R is not installed")
def test_r_computes_the_same_table(path, tmp_path):
    with Project.open(path) as project:
        db.edits.apply(project, db.edits.exclude_rater(project, db.raters.by_code(project, RATER), "tired"))
        db.edits.apply(project, db.edits.include_rater(project, db.raters.by_code(project, RATER)))
        folder = archive(project, tmp_path / "out", ABOUT).folder
    subprocess.run([R, "analysis.R"], cwd=folder / "code", check=True, capture_output=True)
    with (folder / "code" / "main_table_from_r.csv").open() as file:
        ours = {(row["emotion"], row["condition"]): row for row in csv.DictReader(file)}
    with (folder / TABLE).open() as file:
        for row in csv.DictReader(file):
            theirs = ours.pop((row["emotion"], row["condition"]))
            for name in ("n_items", "n_ratings", "disagreement", "alpha_ordinal", "alpha_interval"):
                expected = row[name] and pytest.approx(float(row[name]), abs=1e-12)
                assert (theirs[name] == "NA" and not row[name]) or float(theirs[name]) == expected, name
    assert ours == {}
