"""The check of sound and screen: what passes, what a study may require, and where the result is kept."""

import csv
from dataclasses import replace

import numpy as np
import pytest

import db.audit
import db.presentations
import db.studies
from app.cli import main
from app.domain.answers import PresentationLog
from app.domain.sitting import DARK_LEVELS, LIGHT_LEVELS, SittingCheck, draw_questions, steps_read
from app.domain.study import Condition, Study, study_to_dict
from app.errors import UserError
from app.interchange.study_file import parse_study, study_text
from app.media.tones import LEVEL, TONE_S, count_tones
from app.services.labels.export import export_labels
from app.services.labels.tables import load_project_ratings
from app.services.study.kits import make_kit, merge_kit
from app.services.study.session import AnnotateSession
from app.services.study.sitting import CheckWanted, check_wanted, keep_check
from db.project import Project
from tests.study.helpers import SEEN, full_answer, make_study

GOOD = SittingCheck("passed", 4, 4, 3, 2, 900, 500, 14.0)
HEARD = replace(SEEN, audio_played=True)


@pytest.mark.parametrize(
    ("given", "read"), [("", 0), ("472", 3), ("72", 2), (" 7 2", 2), ("2", 1), ("47", 0), ("x", 0)]
)
def test_digits_are_read_from_the_faintest_that_is_seen(given, read):
    assert steps_read("472", given) == read


def test_every_try_asks_something_else_and_a_seed_asks_the_same():
    assert draw_questions(5) == draw_questions(5)
    asked = {draw_questions(seed) for seed in range(40)}
    assert len(asked) > 30
    assert {one.tones for one in asked} == {3, 4, 5, 6, 7}
    assert all(len(one.dark) == len(DARK_LEVELS) and len(one.light) == len(LIGHT_LEVELS) for one in asked)


@pytest.mark.parametrize("count", [3, 5, 7])
def test_as_many_tones_sound_as_are_asked_for(count):
    samples = count_tones(count, 48_000, seed=1)
    assert samples.shape[1] == 2
    assert np.abs(samples).max() <= LEVEL + 1e-6
    loud = np.convolve(np.abs(samples[:, 0]) > 0.02, np.ones(480), "same") > 0
    assert int((np.diff(loud.astype(int)) == 1).sum()) == count
    assert np.isclose(loud.sum() / 48_000, count * TONE_S, rtol=0.15)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"sound": "no_output"}, "no sound output"),
        ({"sound": "failed"}, "number of tones"),
        ({"dark_steps": 1}, "on black"),
        ({"light_steps": 0}, "on white"),
        ({"picture_height": 200}, "too small"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(changes, what):
    check = replace(GOOD, **changes)
    assert not check.passed
    ((words, todo),) = check.problems
    assert what in words
    assert todo.endswith(".")
    assert GOOD.passed
    assert replace(GOOD, sound="not_asked").passed


def test_a_study_may_require_it_and_refuses_to_show_anything_before(project, items):
    make_study(project, items, setup_check="required")
    with AnnotateSession(project, "R01") as session:
        assert check_wanted(session) == CheckWanted(sound=True, required=True)
        task = session.current()
        with pytest.raises(UserError, match="requires a check of sound and screen"):
            session.begin(task)
        with pytest.raises(UserError, match="requires a check of sound and screen"):
            session.submit(full_answer(session.study), SEEN)
        with pytest.raises(UserError, match="no sound output"):
            keep_check(session, replace(GOOD, sound="no_output", skipped=True))
        assert session.sitting is None
        assert not db.presentations.every(project, session.record.id)
        keep_check(session, GOOD)
        assert check_wanted(session) is None
        session.begin(task)
        session.submit(full_answer(session.study), HEARD)
        (stored,) = db.presentations.every(project, session.record.id)
    tries = [line.detail["passed"] for line in db.audit.recent(project, action="sitting.check")]
    assert tries == [True, False]
    assert stored.log.detail["sitting"]["passed"] is True
    assert stored.log.detail["sitting"]["tones_heard"] == 4
    with AnnotateSession(project, "R01") as session:  # every sitting is a new one
        assert check_wanted(session) == CheckWanted(sound=True, required=True)


def test_an_offered_check_can_be_left_out_and_that_is_stored(project, items):
    silent = (Condition("face_only", "face_only", audio=False),)
    make_study(project, items, setup_check="offered", conditions=silent)
    with AnnotateSession(project, "R01") as session:
        assert check_wanted(session) == CheckWanted(sound=False, required=False)
        keep_check(session, replace(GOOD, sound="not_asked", dark_steps=0, skipped=True))
        session.begin(session.current())
        session.pause()
        session.submit(full_answer(session.study), SEEN)
        stored = db.presentations.every(project, session.record.id)
    assert [one.outcome for one in stored] == ["interrupted", "answered"]
    assert all(one.log.detail["sitting"]["skipped"] for one in stored)
    assert not any(one.log.detail["sitting"]["passed"] for one in stored)


def test_old_studies_keep_what_they_were(project, items):
    plain = Study("old", emotions=(), conditions=())
    assert "setup_check" not in study_to_dict(plain)
    make_study(project, items, setup_check="off")
    with AnnotateSession(project, "R01") as session:
        assert check_wanted(session) is None
        session.submit(full_answer(session.study), SEEN)
        (stored,) = db.presentations.every(project, session.record.id)
    assert "sitting" not in stored.log.detail
    required = replace(db.studies.get(project, "faces").study, setup_check="required")
    assert parse_study(study_text(required)) == required


def test_the_command_sets_it_and_a_wrong_word_is_refused(project, items, capsys):
    make_study(project, items)
    assert main(["study", "set", str(project.path), "faces", "--setup-check", "required"]) == 0
    study = db.studies.get(project, "faces").study
    assert study.setup_check == "required"
    with pytest.raises(UserError, match="unknown setup_check"):
        parse_study(study_text(study).replace('"required"', '"perhaps"'))
    capsys.readouterr()


def test_sound_that_was_wanted_and_sound_that_came_out_stand_in_exports_and_reports(project, items, tmp_path):
    make_study(project, items, raters=("R01",), setup_check="offered")
    logs = {"face_only": SEEN, "full_context": HEARD}
    with AnnotateSession(project, "R01") as session:
        keep_check(session, GOOD)
        while (task := session.current()) is not None:
            log = logs[task.condition.name] if task.item.name != items[0].name else SEEN
            session.submit(full_answer(session.study), log)
    export_labels(project, tmp_path / "out")
    with (tmp_path / "out" / "presentations.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == 12
    for row in rows:
        wanted = row["condition"] == "full_context"
        assert row["sound_wanted"] == ("yes" if wanted else "no")
        assert row["sound_played"] == ("yes" if wanted and row["item"] != items[0].name else "no")
        assert (row["clip_has_sound"], row["check_passed"], row["check_dark_steps"]) == ("yes", "yes", "3")
    notes = load_project_ratings(project).intensities.notes
    assert any("to be heard in 6 presentations, and none came out in 1 of them" in note for note in notes)


def test_a_kit_brings_the_check_back(project, items, tmp_path):
    record = make_study(project, items, setup_check="required")
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit, AnnotateSession(kit, "R01") as session:
        assert check_wanted(session) == CheckWanted(sound=True, required=True)
        keep_check(session, GOOD)
        session.submit(full_answer(session.study), PresentationLog(9, 0, 1, 800, 450, True, 0.0, 3.9, seen_whole=True))
    merge_kit(project, tmp_path / "kit")
    (stored,) = db.presentations.every(project, record.id)
    assert stored.log.detail["sitting"]["light_steps"] == 2
