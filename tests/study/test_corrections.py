"""Reviewers look through answers and correct them; everything is a revision with who and why, and can be undone."""

import shutil

import numpy as np
import pytest

import db.answers
import db.audit
import db.corrections
import db.edits
import db.items
import db.raters
import db.studies
import db.traces
from app.domain.answers import Intensity
from app.domain.corrections import is_voided
from app.domain.project import TraceStart
from app.domain.study import AttentionCheck
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.study.corrections import AnswerCorrections
from app.services.study.kits import make_kit
from app.services.study.reviewers import add_owner, reviewers
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import SEEN, full_answer, make_study

CHECK = AttentionCheck("set_two", {"en": "Set the first row to 2."}, expected={"happy": (2, 2)})


@pytest.fixture(scope="module")
def judged(tmp_path_factory, six_clips):
    """A folder with a project: two raters who answered everything, one trace, a reviewer."""
    folder = shutil.copytree(six_clips, tmp_path_factory.mktemp("judged"), dirs_exist_ok=True)
    with Project.open(folder / "study.affectograph") as project:
        items = db.items.every(project)
        record = make_study(project, items, min_distance=0)
        for code in ("R01", "R02"):
            with AnnotateSession(project, code) as session:
                while session.current() is not None:
                    session.submit(full_answer(session.study, score=1, comment=f"by {code}"), SEEN)
        r1 = db.raters.by_code(project, "R01")
        samples = TraceSamples(np.arange(3.0), np.zeros((3, 2), np.float32), np.arange(3.0), "mouse")
        start = TraceStart(items[0].id, r1.id, "full_context", True, "mouse", record.id, 1)
        db.traces.add(project, start, samples, quality={"flags": ["gaps"]})
        db.raters.add(project, "REV", "reviewer")
    return folder


@pytest.fixture
def world(judged, tmp_path):
    """A copy of that project, and its study."""
    shutil.copytree(judged, tmp_path, dirs_exist_ok=True)
    with Project.open(tmp_path / "study.affectograph") as project:
        yield project, db.studies.get(project, "faces")


@pytest.fixture
def corrections(world):
    return AnswerCorrections(world[0], "REV")


def first(corrections):
    """The first answer of R01, opened."""
    listed = corrections.listed("faces")
    return corrections.answer(next(one.id for one in listed if one.rater == "R01" and one.kind == "rating"))


@pytest.mark.slow
def test_raters_strangers_and_kits_are_refused(world, tmp_path):
    project, _ = world
    with pytest.raises(UserError, match="Raters do not see what others answered"):
        AnswerCorrections(project, "R01")
    with pytest.raises(UserError, match="is unknown in this project"):
        AnswerCorrections(project, "X")
    db.raters.set_pin(project, db.raters.by_code(project, "REV").id, "77")
    with pytest.raises(UserError, match="PIN is wrong"):
        AnswerCorrections(project, "REV", "78")
    assert AnswerCorrections(project, "REV", "77").who.code == "REV"
    with Project.open(make_kit(project, "R01", tmp_path / "kit")) as kit:
        assert reviewers(kit) == []
        for attempt in (lambda: AnswerCorrections(kit, "R01"), lambda: add_owner(kit, "OWN")):
            with pytest.raises(UserError, match="This is the kit of R01"):
                attempt()


def test_only_the_first_owner_can_name_himself(project):
    db.raters.add(project, "R01")
    with pytest.raises(UserError, match="R01 is already in use in this project"):
        add_owner(project, "R01")
    owner = add_owner(project, "OWN", "12")
    assert (owner.role, [one.code for one in reviewers(project)]) == ("owner", ["OWN"])
    with pytest.raises(UserError, match="has an owner already"):
        add_owner(project, "OWN2")
    corrections = AnswerCorrections(project, "OWN", "12")
    assert corrections.add_reviewer("REV", "34").role == "reviewer"
    assert [(one.code, one.has_pin) for one in reviewers(project)] == [("OWN", True), ("REV", True)]
    with pytest.raises(UserError, match="R01 is already in use"):
        corrections.add_reviewer("R01")
    with pytest.raises(UserError, match="Only an owner"):
        AnswerCorrections(project, "REV", "34").add_reviewer("R9")


def test_the_list_names_each_current_answer_and_each_trace(corrections):
    listed = corrections.listed("faces")
    ratings = [one for one in listed if one.kind == "rating"]
    assert len(ratings) == 24
    assert {one.rater for one in ratings} == {"R01", "R02"}
    assert {one.condition for one in ratings} == {"face_only", "full_context"}
    assert {(one.state, one.n_missing, one.comment, one.revision) for one in ratings} == {("given", 0, True, 1)}
    (trace,) = (one for one in listed if one.kind != "rating")
    assert (trace.kind, trace.rater, trace.state, trace.n_missing) == ("both", "R01", "finished", 1)


def test_an_answer_is_opened_as_the_rater_had_it(corrections):
    opened = first(corrections)
    key = opened.stored.key
    assert opened.rater == "R01"
    assert opened.task.condition.name == key.condition
    assert opened.task.track.track.sha256 == opened.stored.circumstances.track_sha256
    assert opened.presentation.outcome == "answered"
    assert opened.task.study.replays == -1
    assert [one.note for one in opened.revisions] == [None]


def test_a_correction_is_a_revision_with_who_and_why_and_can_be_undone(world, corrections):
    project, record = world
    opened = first(corrections)
    name = record.study.emotion_names[0]
    parts = {**opened.stored.answer.intensities, name: Intensity(4, response_s=99.0)}
    wanted = full_answer(record.study, score=1, comment="by R01")
    edit = corrections.correct(opened, type(wanted)(parts, wanted.category, confidence=2, comment="seen again"), "slip")
    db.edits.apply(project, edit)
    now = corrections.answer(opened.stored.id)
    given = now.stored.answer
    assert (given.intensities[name], given.confidence, given.comment) == (Intensity(4), 2, "seen again")
    assert given.response_s == opened.stored.answer.response_s
    untouched = record.study.emotion_names[1]
    assert given.intensities[untouched] == opened.stored.answer.intensities[untouched]
    db.edits.apply(project, edit.inverse())
    db.edits.apply(project, edit)
    history = corrections.answer(opened.stored.id).revisions
    assert [one.stored.answer == opened.stored.answer for one in history] == [True, False, True, False]
    told = [(one.note.action, one.note.reason, one.note.actor) for one in history[1:]]
    assert told == [("correct", "slip", "REV"), ("undo", "slip", "REV"), ("correct", "slip", "REV")]
    lines = db.audit.recent(project, action="edit.apply")[:3]
    assert [line.actor for line in lines] == ["REV"] * 3
    assert [line.detail.get("undoes", False) for line in lines] == [False, True, False]
    assert lines[0].detail["reason"] == "slip"
    (row,) = (one for one in corrections.listed("faces") if one.state == "reviewed")
    assert (row.rater, row.revision) == ("R01", 4)


def test_void_and_restore(world, corrections):
    project, record = world
    opened = first(corrections)
    db.edits.apply(project, corrections.void(opened, "fell asleep"))
    gone = corrections.answer(opened.stored.id)
    assert gone.voided
    assert {given.missing_reason for given in gone.stored.answer.intensities.values()} == {"voided"}
    assert gone.stored.answer.category == ""
    assert [one.state for one in corrections.listed("faces")].count("voided") == 1
    with pytest.raises(UserError, match="void already"):
        corrections.void(gone, "again")
    with pytest.raises(UserError, match="counts already"):
        corrections.restore(gone, 2, "nothing else")
    db.edits.apply(project, corrections.restore(gone, 1, "did not"))
    back = corrections.answer(opened.stored.id)
    assert back.stored.answer == opened.stored.answer
    assert [one.note.action if one.note else "" for one in back.revisions] == ["", "void", "restore"]
    assert not is_voided(back.stored.answer)
    assert len(db.answers.every(project, record.id)) == 24


def test_what_does_not_fit_is_refused_and_changes_nothing(world, corrections):
    project, record = world
    opened = first(corrections)
    with pytest.raises(UserError, match="reason is missing"):
        corrections.correct(opened, full_answer(record.study), "  ")
    with pytest.raises(UserError, match="Nothing was changed"):
        corrections.correct(opened, opened.stored.answer, "why not")
    with pytest.raises(UserError, match="not on the scale"):
        corrections.correct(opened, full_answer(record.study, score=9), "typo")
    fewer = dict(list(opened.stored.answer.intensities.items())[1:])
    with pytest.raises(UserError, match="There is no answer for"):
        corrections.correct(opened, type(opened.stored.answer)(fewer, opened.stored.answer.category), "gone")
    stale = corrections.correct(opened, full_answer(record.study, score=2), "mine")
    db.edits.apply(project, corrections.void(opened, "somebody else's"))
    with pytest.raises(UserError, match="changed meanwhile"):
        db.edits.apply(project, stale)
    assert len(corrections.answer(opened.stored.id).revisions) == 2


def test_an_edit_in_a_raters_name_is_refused_below_the_screen(world, corrections):
    project, record = world
    opened = first(corrections)
    edit = db.edits.correct_answer(project, opened.stored.id, full_answer(record.study, score=5), actor="R02")
    with pytest.raises(UserError, match="A rater cannot change"):
        db.edits.apply(project, edit)
    (trace,) = db.traces.every(project)
    with pytest.raises(UserError, match="A rater cannot change"):
        db.edits.apply(project, db.edits.judge_trace(project, trace.id, "Reject", status="abandoned"), actor="R01")
    assert corrections.answer(opened.stored.id).stored.revision == 1


def test_attention_checks_are_shown_and_stay(project, items):
    make_study(project, items, raters=("R01",), min_distance=0, attention=(CHECK,), attention_every=3)
    with AnnotateSession(project, "R01") as session:
        while (task := session.current()) is not None:
            session.submit(full_answer(session.study, score=2 if task.purpose == "attention" else 1), SEEN)
    add_owner(project, "OWN")
    corrections = AnswerCorrections(project, "OWN")
    checks = [one for one in corrections.listed("faces") if one.purpose == "attention"]
    assert [(one.item, one.passed) for one in checks] == [("set_two", True)] * len(checks) != []
    opened = corrections.answer(checks[0].id)
    assert (opened.task.prompt, opened.editable) == ("Set the first row to 2.", False)
    with pytest.raises(UserError, match="stay as they were answered"):
        corrections.void(opened, "no")


def test_traces_are_rejected_accepted_and_noted(world, corrections):
    project, record = world
    (trace,) = db.traces.every(project, study_id=record.id)
    opened = corrections.trace(trace.id)
    assert (opened.counts, opened.rejected, len(opened.samples)) == (True, False, 3)
    with pytest.raises(UserError, match="No reviewer has rejected"):
        corrections.accept(opened, "why")
    edit = corrections.reject(opened, "looked away")
    db.edits.apply(project, edit)
    assert db.traces.every(project, study_id=record.id) == []
    gone = corrections.trace(trace.id)
    assert gone.rejected
    assert [one.state for one in corrections.listed("faces") if one.kind == "both"] == ["rejected"]
    db.edits.apply(project, edit.inverse())
    assert corrections.trace(trace.id).counts
    db.edits.apply(project, edit)
    db.edits.apply(project, corrections.accept(corrections.trace(trace.id), "seen again"))
    db.edits.apply(project, corrections.note(corrections.trace(trace.id), "restless"))
    last = corrections.trace(trace.id)
    assert (last.record.status, last.record.note) == ("finished", "restless")
    assert [one.action for one in last.notes] == ["reject", "undo", "reject", "accept", "note"]
    assert {one.actor for one in last.notes} == {"REV"}
    np.testing.assert_array_equal(last.samples.times_s, opened.samples.times_s)


def test_a_trace_that_the_rater_gave_again_stays_abandoned(world, corrections):
    project, record = world
    (trace,) = db.traces.every(project, study_id=record.id)
    db.traces.abandon(project, trace.id)
    opened = corrections.trace(trace.id)
    assert [one.state for one in corrections.listed("faces") if one.kind == "both"] == ["abandoned"]
    with pytest.raises(UserError, match="does not count"):
        corrections.reject(opened, "no")
    with pytest.raises(UserError, match="No reviewer has rejected"):
        corrections.accept(opened, "yes")
