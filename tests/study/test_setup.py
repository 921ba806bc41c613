"""Setting up a study, who is offered work, and who may look: the use cases behind three screens, without a window."""

from dataclasses import replace

import pytest

import db.assignments
import db.items
import db.raters
import db.studies
import db.traces
from app.domain.study import PracticeClip
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.interchange.study_file import write_study
from app.ledger import noting
from app.services.study.corrections import open_corrections
from app.services.study.free_trace import free_trace_target
from app.services.study.kits import make_kit
from app.services.study.reviewers import lookers
from app.services.study.setup import (
    FIRST_SEED,
    add_default_study,
    give_out,
    let_join,
    read_study_file,
    store_study,
    study_setup,
)
from app.services.study.trace_recorder import TraceRecorder
from app.services.study.waiting import open_studies
from db.project import Project
from tests.study.helpers import make_study


def test_without_a_study_the_items_are_shown(project, items):
    shown = study_setup(project)
    assert (shown.names, shown.state, shown.plan, shown.seed) == ((), None, None, FIRST_SEED)
    assert list(shown.items) == [item.name for item in items]
    assert shown.items[items[2].name] == f"clip {items[2].clip} · whole clip · face 1"


def test_from_clips_to_an_assignment_step_by_step(project, items):
    assert add_default_study(project) == "Study 1"
    shown = study_setup(project, "no such study")
    assert (shown.names, shown.state.record.name, shown.state.items) == (("Study 1",), "Study 1", 6)
    assert shown.plan is None
    assert "Nobody takes part" in shown.why_not
    with noting() as ledger:
        let_join(project, "Study 1", "R01", "4711")
    assert ledger.changes.kinds == {"rater", "study"}
    let_join(project, "Study 1", "R02")
    let_join(project, "Study 1", "R01")  # again, without a PIN: the one of before stays
    shown = study_setup(project, "Study 1")
    assert shown.pins == {"R01"}
    assert db.raters.check_pin(project, db.raters.by_code(project, "R01").id, "4711")
    assert (shown.slots, shown.why_not) == ((), "")
    with noting() as ledger:
        made = give_out(project, "Study 1", 5)
    assert ledger.changes.kinds == {"slot", "study"}
    given = study_setup(project, "Study 1")
    assert given.slots == made.slots == study_setup(project).plan.slots
    assert given.seed == 5
    assert {slot.rater for slot in given.slots} == {"R01", "R02"}


def test_what_cannot_be_given_out_changes_nothing(project, items):
    add_default_study(project)
    record = db.studies.get(project, "Study 1")
    with noting() as ledger, pytest.raises(UserError, match="Nobody takes part"):
        give_out(project, "Study 1", 5)
    assert not ledger.changes
    assert db.studies.get(project, "Study 1") == record


def test_a_study_is_stored_with_all_clips_or_not_at_all(project, items, tmp_path):
    store_study(project, default_study("faces"))
    assert [item.name for item in db.studies.items(project, db.studies.get(project, "faces").id)] == [
        item.name for item in items
    ]
    write_study(tmp_path / "study.toml", default_study("read"))
    assert read_study_file(project, tmp_path / "study.toml") == "read"
    assert study_setup(project, "read").state.items == 6
    bad = replace(default_study("bad"), practice=(PracticeClip("nowhere.mp4", "face_only"),))
    with pytest.raises(UserError, match=r"nowhere\.mp4"):
        store_study(project, bad)
    assert db.studies.find(project, "bad") is None


def test_work_is_offered_to_people_who_have_some(project, items):
    assert open_studies(project) == []
    make_study(project, items, ("R01", "R02", "GONE"))
    db.raters.add(project, "R03")  # takes no part
    db.edits.apply(project, db.edits.change_rater(project, db.raters.by_code(project, "GONE"), active=False))
    db.raters.set_pin(project, db.raters.by_code(project, "R02").id, "1")
    (offered,) = open_studies(project)
    assert (offered.name, offered.left, offered.pins) == ("faces", {"R01": 12, "R02": 12}, {"R02"})
    assert offered.languages[0] == "en"


def test_a_free_trace_is_of_the_whole_clip_and_makes_its_rater(project, items):
    clip_id = items[2].clip_id
    part = db.items.add(project, clip_id, name="part", start_s=1.0, end_s=2.0)
    whole = db.items.add(project, clip_id, name="whole")
    with noting() as ledger:
        item, rater = free_trace_target(project, clip_id, "NEW")
    assert ledger.changes.kinds == {"rater"}
    assert (item.name, rater.code) == (whole.name, "NEW")  # the clip's first item is of one face
    with noting() as ledger:
        assert free_trace_target(project, clip_id, "NEW") == (item, rater)
    assert not ledger.changes
    with noting() as ledger:
        recorder = TraceRecorder(project, item, rater)
        recorder.add(0.1, 0.5, -0.5)
        record = recorder.finish()
    assert ledger.changes.kinds == {"trace"}
    assert db.traces.get(project, record.id).status == "finished"
    db.edits.apply(project, db.edits.remove_items(project, [items[2].id, part.id, whole.id]))
    with pytest.raises(UserError, match="nothing to annotate"):
        free_trace_target(project, clip_id, "OTHER")
    assert db.raters.by_code(project, "OTHER") is None


def test_who_may_look_is_named_once_and_then_signs_in(project, items, tmp_path):
    make_study(project, items)
    assert lookers(project) == ([], "", False)
    with noting() as ledger:
        corrections = open_corrections(project, "OWN", "12", first=True)
    assert (corrections.who.code, corrections.who.role, ledger.changes.kinds) == ("OWN", "owner", {"rater"})
    assert lookers(project) == ([("OWN", True)], "", True)
    with pytest.raises(UserError, match="PIN is wrong"):
        open_corrections(project, "OWN", "13")
    assert open_corrections(project, "OWN", "12").who == corrections.who
    with Project.open(make_kit(project, "R01", tmp_path / "kit")) as kit:
        assert lookers(kit) == ([], "R01", True)
