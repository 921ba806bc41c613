"""A rater's session: order, durability, revisions, practice, attention checks, traces."""

import sqlite3
import time

import numpy as np
import pytest

import db.answers
import db.assignments
import db.audit
import db.presentations
import db.raters
import db.studies
import db.traces
from app.domain.answers import Answer, Intensity, PresentationLog
from app.domain.study import AttentionCheck, PracticeClip
from app.errors import UserError
from app.ledger import noting
from app.services.study.roles import open_blind
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import SEEN, full_answer, make_study

LOG = PresentationLog(frames_shown=99, frames_dropped=1, plays=2, window_width=800, window_height=600,
                      audio_played=True, first_frame_s=0.0, last_frame_s=3.96, detail={"scale": 2.0})  # fmt: skip


def test_a_whole_session_is_stored_with_everything_it_depends_on(project, items):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        seen = []
        while (task := session.current()) is not None:
            assert task.problem == ""
            session.begin(task)
            assert session.submit(full_answer(task.study, comment="ok"), LOG) is None
            seen.append((task.item.name, task.condition.name))
        assert session.progress().finished
        assert session.progress().items_done == 12
    assert len(set(seen)) == 12
    first_face = {clip: seen.index((clip, "face_only")) for clip, _ in seen}
    assert all(first_face[clip] < seen.index((clip, "full_context")) for clip, _ in seen)
    stored = db.answers.every(project, record.id)
    assert len(stored) == 12
    one = stored[0]
    assert (one.circumstances.study_version, one.revision, one.current, one.simulated) == (1, 1, True, False)
    assert one.circumstances.media_sha256 in {item.clip_sha256 for item in items}
    assert len(one.circumstances.track_sha256) == 64
    assert one.answer == full_answer(record.study, comment="ok")
    shown = db.presentations.get(project, one.circumstances.presentation_id)
    assert shown.log == LOG
    assert shown.outcome == "answered"
    assert shown.started_at <= shown.ended_at
    assert shown.start.view == one.key.condition
    assert shown.start.geometry.get("margin", 0) > 1 if shown.start.view == "face_only" else not shown.start.geometry


def test_what_a_session_writes_is_noted(project, items):
    make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        with noting() as shown:
            session.begin(session.current())
        with noting() as answered:
            session.submit(full_answer(session.study), LOG)
    assert shown.changes.kinds <= {"presentation", "slot"}
    assert answered.changes.kinds == {"answer", "presentation", "slot"}


def test_an_answer_is_in_the_file_when_submit_returns(project, items):
    make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, score=0), SEEN)
        other = sqlite3.connect(project.path)
        assert other.execute("SELECT count(*), sum(score) FROM intensity").fetchone() == (9, 0)
        other.close()


def test_the_session_resumes_at_the_exact_item(project, items):
    record = make_study(project, items)
    path = project.path
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
        task = session.current()
        session.begin(task)  # on screen when the program ends
    project.close()
    with Project.open(path) as again, AnnotateSession(again, "R01") as session:
        assert session.current().slot.id == task.slot.id
        outcomes = [p.outcome for p in db.presentations.every(again, record.id)]
        assert outcomes == ["answered", "interrupted"]


def test_incomplete_and_impossible_answers_are_refused(project, items):
    make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        full = full_answer(session.study)
        for broken, text in (
            (Answer({"happy": Intensity(3)}, category="happy"), "Still to be judged"),
            (Answer({**full.intensities, "happy": Intensity(6)}, category="happy"), "not on the scale"),
            (Answer({**full.intensities, "happy": Intensity()}, category="happy"), "value or a reason"),
            (Answer(full.intensities), "No category"),
            (Answer(full.intensities, category="joy"), "not a category of this study"),
            (Answer({**full.intensities, "joy": Intensity(1)}, category="happy"), "not an emotion of this study"),
            (Answer(full.intensities, category="happy", confidence=9), "confidence"),
        ):
            with pytest.raises(UserError, match=text):
                session.submit(broken, SEEN)
        assert session.progress().done == 0
        session.skip("face_not_visible", "too dark")
        (one,) = session.history()
        assert one.answer.intensities["happy"] == Intensity(None, "face_not_visible")
        assert one.answer.category_missing == "face_not_visible"


def test_a_correction_keeps_the_earlier_revision(project, items):
    make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, score=1), SEEN)
        (first,) = session.history()
        session.revise(first, full_answer(session.study, score=2))
        (now,) = session.history()
    old, new = db.answers.revisions(project, first.key)
    assert (old.revision, old.current, old.answer.intensities["sad"].score) == (1, False, 1)
    assert (new.revision, new.current, new.answer.intensities["sad"].score) == (2, True, 2)
    assert now == new


def test_practice_gives_feedback_and_attention_checks_are_scored(project, items):
    practice = PracticeClip(
        items[0].name, "full_context", expected={"happy": (4, 5)}, feedback={"en": "A smile.", "de": "Ein Lächeln."}
    )
    check = AttentionCheck("five", {"en": "Set Happy to 5."}, {"happy": (5, 5)})
    record = make_study(project, items, practice=(practice,), attention=(check,), attention_every=2)
    with AnnotateSession(project, "R01", language="de") as session:
        task = session.current()
        assert task.purpose == "practice"
        feedback = session.submit(full_answer(session.study, score=1), SEEN)
        assert (feedback.text, feedback.passed, feedback.outside) == ("Ein Lächeln.", False, ("happy",))
        asked = 0
        while (task := session.current()) is not None:
            if task.purpose == "attention":
                assert task.item is None
                assert task.prompt == "Set Happy to 5."
                asked += 1
                session.submit(Answer({"happy": Intensity(5 if asked == 1 else 4)}), SEEN)
            else:
                session.submit(full_answer(session.study), SEEN)
    checks = [a for a in db.answers.every(project, record.id) if a.key.purpose == "attention"]
    assert [a.circumstances.passed for a in checks] == [True] + [False] * (asked - 1)
    assert asked >= 3


def test_instructions_come_when_they_begin(project, items):
    make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        first = session.current()
        assert "short clips" in first.opening
        assert first.instruction.startswith("How strongly")
        before = first.condition.name
        for _ in range(11):
            session.submit(full_answer(session.study), SEEN)
            task = session.current()
            assert bool(task.opening) == (task.condition.name != before)
            before = task.condition.name


def test_batches_hold_what_is_shown_alike(project, items):
    make_study(project, items, batch_size=4, condition_blocks=True)
    with AnnotateSession(project, "R01") as session:
        tasks = session.batch()
        assert len(tasks) == 4
        assert len({task.condition.name for task in tasks}) == 1
        for task in reversed(tasks):
            session.submit(full_answer(session.study), SEEN, task=task)
        assert [task.number for task in session.batch()] == [5, 6]  # the last two of the first condition
        assert session.progress().done == 4


def test_pins_and_strangers_are_refused(project, items):
    make_study(project, items)
    rater = db.raters.by_code(project, "R01")
    db.raters.set_pin(project, rater.id, "2468")
    with pytest.raises(UserError, match="PIN is wrong"):
        AnnotateSession(project, "R01", pin="0000")
    with AnnotateSession(project, "R01", pin="2468"):
        pass
    with pytest.raises(UserError, match="is unknown in this project"):
        AnnotateSession(project, "R99")
    db.raters.add(project, "R03")
    with pytest.raises(UserError, match="does not take part"):
        AnnotateSession(project, "R03")


def test_traces_are_recorded_reviewed_redone_and_accepted(project, items):
    record = make_study(project, items[:2], trace=True, emotions=(), categories=(), min_distance=0)
    with AnnotateSession(project, "R01") as session:
        task = session.current()
        assert task.is_trace
        for attempt in range(2):
            recorder = session.start_trace(session.current(), "mouse")
            for i in range(200):
                recorder.add(i * 0.02, i / 200, -i / 200)
            if attempt == 0:
                session.redo_trace(recorder, LOG)
                assert session.current().slot.id == task.slot.id
            else:
                kept = session.accept_trace(session.current(), recorder, LOG)
        assert kept.revision == 2
        assert kept.quality["flags"] == []
        assert kept.study_version == 1
        assert session.progress().done == 1
        session.skip("technical_problem")
        assert session.progress().done == 2
    shown = db.presentations.every(project, record.id)
    assert [(p.outcome, p.trace_id) for p in shown][:2] == [("redone", kept.id - 1), ("answered", kept.id)]
    assert shown[2].log.detail["missing_reason"] == "technical_problem"


def test_a_trace_is_measured_by_all_that_was_given_saved_or_not(project, items):
    make_study(project, items[:2], trace=True, emotions=(), categories=(), min_distance=0)
    with AnnotateSession(project, "R01") as session:
        task = session.current()
        recorder = session.start_trace(task, "mouse")
        with project.write():  # a slow disk: nothing is saved meanwhile
            for i in range(200):
                recorder.add(i * 0.02, i / 200, -i / 200)
            assert recorder.unsaved == 200
            early = session.quality(task, recorder, LOG)
        assert early.flags == ()
        kept = session.accept_trace(task, recorder, LOG)
        assert {**early.to_dict()}.items() <= kept.quality.items()
        stored = db.traces.samples(project, kept.id)
        given = recorder.given()
        for name in ("times_s", "values", "monotonic_s"):
            np.testing.assert_array_equal(getattr(stored, name), getattr(given, name))


def test_an_opened_blind_is_logged_and_marks_later_answers(project, items):
    record = make_study(project, items)
    db.raters.add(project, "OWN", "owner")
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    with pytest.raises(UserError, match="cannot open the blind"):
        open_blind(project, "faces", "R01", "R02", "", "curious")
    with pytest.raises(UserError, match="reason"):
        open_blind(project, "faces", "R01", "OWN", "", " ")
    open_blind(project, "faces", "R01", "OWN", "", "training")
    opened = {member.rater: member.unblinded_at is not None for member in db.studies.members(project, record.id)}
    assert opened == {code: code == "R01" for code in opened}
    assert len(opened) > 1
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    assert [a.circumstances.blinded for a in db.answers.every(project, record.id)] == [True, False]
    (line,) = db.audit.recent(project, action="blind.open")
    assert line.actor == "OWN"
    assert line.detail["reason"] == "training"


def test_a_face_that_is_lost_is_flagged_and_not_shown_bare(project, items, tmp_path):
    import db.edits

    make_study(project, items, raters=("R01",))
    db.edits.apply(project, db.edits.set_target(project, items[0]))
    with AnnotateSession(project, "R01") as session:
        problems = {}
        while (task := session.current()) is not None:
            problems[task.item.name, task.condition.name] = task.problem
            if task.problem:
                with pytest.raises(UserError, match="never shown"):
                    session.submit(full_answer(session.study), SEEN)
                session.skip(task.obstacle.missing_reason)
            else:
                session.submit(full_answer(session.study), SEEN)
    assert "No face" in problems[items[0].name, "face_only"]
    assert [text for text in problems.values() if text] == [problems[items[0].name, "face_only"]]


def test_break_is_offered_and_a_pause_resets_it(project, items):
    make_study(project, items, break_every=2)
    with AnnotateSession(project, "R01") as session:
        due = []
        for _ in range(4):
            task = session.current()
            due.append(task.break_due)
            if task.break_due:
                session.pause()
                time.sleep(0)
            session.submit(full_answer(session.study), SEEN)
    assert due == [False, False, True, False]


def test_study_versions_are_kept_and_named_by_answers(project, items):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    same = db.studies.save(project, record.study)
    assert same.version == 1
    db.studies.save(project, record.study.next_version(comments=False))
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    assert [a.circumstances.study_version for a in db.answers.every(project, record.id)] == [1, 2]
    assert [v.version for v in db.studies.versions(project, record.id)] == [1, 2]
    assert db.studies.get(project, "faces", 1).study == record.study
