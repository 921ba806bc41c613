"""What is offered at sign-in, and studies that ask every rater for a PIN."""

from dataclasses import replace

import pytest

import db.raters
import db.studies
from app.cli import main as affectograph
from app.errors import UserError
from app.interchange.study_file import read_study, write_study
from app.services.study.kits import make_kit
from app.services.study.owner import change_dealing
from app.services.study.reviewers import add_owner
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from app.services.study.waiting import open_studies
from db.project import Project
from tests.ui.annotate.builder import build


@pytest.fixture
def path(tmp_path):
    return build(tmp_path / "project", clips=2, raters=("R01", "R02"))


def listed(project):
    return [one.listed for one in open_studies(project)]


def test_codes_are_listed_until_somebody_looks_after_the_project(path, tmp_path):
    with Project.open(path) as project:
        assert listed(project) == [True]
        add_owner(project, "OWN")
        assert listed(project) == [False]
        with Project.open(make_kit(project, "R01", tmp_path / "kit")) as kit:
            assert listed(kit) == [True], "a kit names its own rater only"
        change_dealing(project, "faces", codes="listed")
        assert listed(project) == [True]


def test_a_study_may_hide_codes_without_an_owner(path):
    with Project.open(path) as project:
        change_dealing(project, "faces", codes="hidden")
        assert listed(project) == [False]


def test_without_a_pin_nobody_signs_in_where_the_study_asks_for_one(path, tmp_path, capsys):
    assert affectograph(["study", "set", str(path), "faces", "--pin-required", "yes"]) == 0
    with Project.open(path) as project:
        with pytest.raises(UserError, match=r"A PIN is asked for in study faces, and R01 has no PIN\. .*Study, Raters"):
            AnnotateSession(project, "R01")
        db.raters.set_pin(project, db.raters.by_code(project, "R01").id, "77")
        with pytest.raises(UserError, match="PIN is wrong"):
            AnnotateSession(project, "R01", pin="78")
        AnnotateSession(project, "R01", pin="77").close()
        kit = make_kit(project, "R02", tmp_path / "kit")
        simulate_study(project, "faces", 1, 1, add_items=True)  # a simulated rater has none
    with Project.open(kit) as inner, pytest.raises(UserError, match="R02 has no PIN"):
        AnnotateSession(inner, "R02")


def test_the_choices_go_through_a_study_file_and_strange_ones_are_refused(path, tmp_path):
    with Project.open(path) as project:
        study = db.studies.get(project, "faces").study
    plain = study.fingerprint()
    changed = replace(study, codes="hidden", pin_required=True)
    assert replace(study, codes="auto").fingerprint() == plain != changed.fingerprint()
    write_study(tmp_path / "s.toml", changed)
    assert read_study(tmp_path / "s.toml") == changed
    text = (tmp_path / "s.toml").read_text("utf-8")
    for old, new, what in (
        ('"hidden"', '"sometimes"', "unknown codes"),
        ("pin_required = true", 'pin_required = "x"', "pin"),
    ):
        (tmp_path / "bad.toml").write_text(text.replace(old, new), "utf-8")
        with pytest.raises(UserError, match=what):
            read_study(tmp_path / "bad.toml")
