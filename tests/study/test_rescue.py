"""What a lost project cannot take goes into a rescue file, and from there into a project by the usual rules."""

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import db.answers
import db.assignments
import db.check
import db.clips
import db.corrections
import db.presentations
import db.raters
import db.studies
import db.traces
import db.upgrades
from app.domain.answers import PresentationLog
from app.domain.corrections import is_voided
from app.errors import ProjectLost, UserError
from app.services.projects import rescue_files, trace_journal
from app.services.projects.edits import apply_edit
from app.services.projects.files import open_project
from app.services.study.corrections import open_corrections
from app.services.study.rescue import finish_free_trace
from app.services.study.rescue_store import belonging, store
from app.services.study.session import AnnotateSession
from app.services.study.trace_recorder import TraceRecorder
from db.project import Project
from tests.lost import HARM
from tests.study.helpers import SEEN, add_items, full_answer, make_study

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there")
WHOLE = replace(SEEN, detail={"scale": 2.0})


@pytest.fixture
def project(tmp_path, empty_project):
    folder = tmp_path / "lab"
    folder.mkdir()
    shutil.copyfile(empty_project, folder / "study.affectograph")
    project = Project.open(folder / "study.affectograph")
    yield project
    project.close()


@pytest.fixture
def items(project, tmp_path):
    return add_items(project, tmp_path / "media")


def backup(project, tmp_path):
    """A whole copy of the project as it stands now."""
    copy = tmp_path / "backup.affectograph"
    db.upgrades.backup(project.path, copy)
    return copy


def only_file():
    (file,) = rescue_files.pending()
    return file


def answer_lost(project, harm, comment="mine"):
    """Answer one task, lose the project, answer the next; returns what was given to it."""
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, comment="before"), SEEN)
        task = session.current()
        session.begin(task)
        HARM[harm](project.path)
        with pytest.raises(ProjectLost, match="it is in the rescue file"):
            session.submit(full_answer(session.study, comment=comment), WHOLE, task=task)
        return task


@pytest.mark.parametrize("harm", HARM)
def test_an_answer_that_cannot_be_saved_is_stored_in_a_copy(project, items, tmp_path, harm):
    record = make_study(project, items)
    copy = backup(project, tmp_path)
    task = answer_lost(project, harm)
    project.close()
    file = only_file()
    (entry,) = file.entries
    assert (entry.what, entry.confirmed, entry.rater.name, entry.study.name) == ("answer", True, "R01", "faces")
    assert entry.item.name == task.item.name
    assert entry.shown.log == WHOLE
    with open_project(copy) as other:
        assert belonging(other, [file]) == [file]
        (told,) = store(other, file)
        assert told.fate == "stored"
        (one,) = db.answers.every(other, record.id)
        assert one.answer == full_answer(record.study, comment="mine")
        assert (one.uid, one.circumstances.source, one.answered_at) == (entry.uid, "screen", round(entry.at, 6))
        shown = db.presentations.get(other, one.circumstances.presentation_id)
        assert (shown.outcome, shown.judgeable, shown.uid) == ("answered", True, entry.shown.uid)
        detail = {"scale": 2.0, "rescued": True, "confirmed": True}
        assert shown.log == replace(WHOLE, seen_whole=None, detail=detail)
        assert shown.started_at == entry.shown.started_at
        states = {slot.id: slot.slot.state for slot in db.assignments.slots(other, record.id)}
        assert list(states.values()).count("answered") == 1
        assert states[task.slot.id] == "answered"
        assert db.check.problems(other) == []
    assert rescue_files.pending() == []
    (aside,) = rescue_files.folder().glob(f"*{rescue_files.DONE}")
    content = json.loads(aside.read_text("utf-8"))
    assert content["entries"][0]["answer"]["comment"] == "mine"
    assert "stored" in content["stored"]["entries"][0]


def test_the_renamed_project_itself_takes_it_and_its_own_presentation(project, items):
    record = make_study(project, items)
    answer_lost(project, "renamed")
    moved = project.path.with_name("elsewhere.affectograph")
    project.close()
    with open_project(moved) as again:
        (told,) = store(again, only_file())
        assert told.fate == "stored"
        assert [one.answer.comment for one in db.answers.every(again, record.id)] == ["before", "mine"]
        assert [one.outcome for one in db.presentations.every(again, record.id)] == ["answered", "answered"]


def test_twice_is_once_and_what_was_answered_since_counts(project, items, tmp_path):
    record = make_study(project, items)
    copy = backup(project, tmp_path)
    answer_lost(project, "deleted")
    file = only_file()
    with open_project(copy) as other:
        with AnnotateSession(other, "R01") as session:
            for _ in range(2):
                session.submit(full_answer(session.study, comment="again"), SEEN)
        (told,) = store(other, file)
        assert (told.fate, told.why) == ("refused", "has been answered since, and that counts")
        assert "mine" not in told.words
        assert {one.answer.comment for one in db.answers.every(other, record.id)} == {"again"}
    shutil.copy(next(rescue_files.folder().glob(f"*{rescue_files.DONE}")), tmp_path / "kept.json")
    fresh = tmp_path / "fresh.affectograph"
    db.upgrades.backup(copy, fresh)
    answered = rescue_files.read(tmp_path / "kept.json")
    with Project.open(copy) as other:
        assert [one.fate for one in store(other, answered)] == ["refused"]


def test_what_was_stored_is_known_the_second_time(project, items, tmp_path):
    record = make_study(project, items)
    copy = backup(project, tmp_path)
    answer_lost(project, "deleted")
    kept = shutil.copy(only_file().path, tmp_path / "kept.json")
    with open_project(copy) as other:
        assert [one.fate for one in store(other, only_file())] == ["stored"]
        assert [one.fate for one in store(other, rescue_files.read(Path(kept)))] == ["known"]
        assert len(db.answers.every(other, record.id, current_only=False)) == 1


@pytest.mark.parametrize("fault", ["not shown", "not seen whole", "other clip", "beyond the scale", "not assigned"])
def test_the_rules_hold_for_rescued_answers_as_for_others(project, items, tmp_path, fault):
    make_study(project, items)
    copy = backup(project, tmp_path)
    answer_lost(project, "deleted")
    path = only_file().path
    content = json.loads(path.read_text("utf-8"))
    entry = content["entries"][0]
    if fault == "not shown":
        entry["shown"]["log"]["frames_shown"] = 0
    elif fault == "not seen whole":
        entry["shown"]["judgeable"] = False
    elif fault == "other clip":
        entry["shown"]["media_sha256"] = "f" * 64
    elif fault == "beyond the scale":
        next(iter(entry["answer"]["intensities"].values()))["score"] = 65
    else:
        entry["pass_no"] = 7
    path.write_text(json.dumps(content), "utf-8")
    with open_project(copy) as other:
        (told,) = store(other, only_file())
        assert told.fate == "refused"
        assert told.why
        assert db.answers.every(other, 1) == []


def test_another_project_is_left_alone_and_the_file_waits(project, items, tmp_path):
    make_study(project, items)
    answer_lost(project, "deleted")
    with Project.create(tmp_path / "foreign.affectograph") as foreign:
        foreign_file = only_file()
        assert belonging(foreign, [foreign_file]) == []
        assert [one.fate for one in store(foreign, foreign_file)] == ["elsewhere"]
    assert len(rescue_files.pending()) == 1


def test_a_second_loss_adds_to_the_file_and_a_broken_one_is_left_as_it_is(project, items, tmp_path):
    make_study(project, items)
    copy = backup(project, tmp_path)
    answer_lost(project, "deleted", "first")
    first = only_file().path
    path = project.path
    project.close()
    shutil.copy(copy, path)
    with Project.open(path) as again:
        answer_lost(again, "deleted", "second")
    file = only_file()
    assert file.path == first
    assert [one.answer.comment for one in file.entries] == ["first", "second"]
    first.write_text("my own words", "utf-8")
    shutil.copy(copy, path)
    with Project.open(path) as again:
        answer_lost(again, "deleted", "third")
    assert first.read_text("utf-8") == "my own words"
    (file,) = [one for one in rescue_files.pending() if one.path != first]
    assert [one.answer.comment for one in file.entries] == ["third"]
    if os.name == "posix":
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_nothing_more_is_confirmed_and_the_same_is_kept_once(project, items):
    make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        task = session.current()
        session.begin(task)
        HARM["renamed"](project.path)
        for _ in range(3):
            with pytest.raises(ProjectLost) as lost:
                session.submit(full_answer(session.study), SEEN, task=task)
        session.rescue(lost.value, task, SEEN, answer=full_answer(session.study))
        assert {one.confirmed for one in only_file().entries} == {True}
        project.path.with_name("elsewhere.affectograph").rename(project.path)
        with pytest.raises(ProjectLost, match="until it is opened again"):
            db.raters.add(project, "late")


def test_what_is_half_given_is_kept_and_never_stored_as_an_answer(project, items, tmp_path):
    record = make_study(project, items)
    copy = backup(project, tmp_path)
    with AnnotateSession(project, "R01") as session:
        task = session.current()
        session.begin(task)
        HARM["deleted"](project.path)
        with pytest.raises(ProjectLost) as lost:
            project.check_place()
        half = full_answer(session.study, comment="half")
        half = replace(half, intensities=dict(list(half.intensities.items())[:2]), category="")
        told = session.rescue(lost.value, task, SEEN, answer=half)
        assert "rescue file" in told.what
    file = only_file()
    assert file.entries[0].words == "answer, not confirmed by the rater"
    with open_project(copy) as other:
        (told,) = store(other, file)
        assert told.fate == "refused"
        assert "Still to be judged" in told.why
        assert db.answers.every(other, record.id) == []


def test_a_correction_is_kept_and_stored_as_the_next_revision(project, items):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, comment="before"), SEEN)
        (earlier,) = session.history()
        HARM["renamed"](project.path)
        with pytest.raises(ProjectLost, match="rescue file"):
            session.revise(earlier, full_answer(session.study, score=1, comment="after"))
    moved = project.path.with_name("elsewhere.affectograph")
    project.close()
    with open_project(moved) as again:
        assert [one.fate for one in store(again, only_file())] == ["stored"]
        (one,) = db.answers.every(again, record.id)
        assert (one.answer.comment, one.revision) == ("after", 2)


@pytest.mark.parametrize("harm", HARM)
def test_what_an_owner_corrects_is_kept_and_stored_with_who_and_why(project, items, tmp_path, harm):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        for _ in range(2):
            session.submit(full_answer(session.study, comment="before"), SEEN)
    owner = open_corrections(project, "OWN", first=True)
    copy = backup(project, tmp_path)
    opened = [owner.answer(one.id) for one in db.answers.every(project, record.id)]
    edits = [
        owner.correct(opened[0], full_answer(record.study, score=1, comment="before"), "a slip"),
        owner.void(opened[1], "asleep"),
    ]
    HARM[harm](project.path)
    for edit in edits:
        with pytest.raises(ProjectLost, match="it is in the rescue file"):
            apply_edit(project, edit)
    project.close()
    file = only_file()
    assert [one.what for one in file.entries] == ["edit", "edit"]
    assert [one.words for one in file.entries] == ["Correct answer of R01", "Void answer of R01"]
    with open_project(copy) as other:
        assert belonging(other, [file]) == [file]
        assert [one.fate for one in store(other, file)] == ["stored", "stored"]
        first, second = db.answers.every(other, record.id)
        assert (first.revision, first.answer.comment) == (2, "before")
        assert {one.score for one in first.answer.intensities.values()} == {1}
        assert is_voided(second.answer)
        notes = db.corrections.of_answers(other, [first.id, second.id])
        told = [(one.action, one.reason, one.actor) for one in notes.values()]
        assert told == [("correct", "a slip", "OWN"), ("void", "asleep", "OWN")]
        assert db.check.problems(other) == []
        (aside,) = rescue_files.folder().glob(f"*{rescue_files.DONE}")
        assert [one.fate for one in store(other, rescue_files.read(aside))] == ["known", "known"]


def test_an_owners_correction_of_what_was_corrected_since_is_refused(project, items, tmp_path):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, comment="before"), SEEN)
    owner = open_corrections(project, "OWN", first=True)
    copy = backup(project, tmp_path)
    (one,) = db.answers.every(project, record.id)
    edit = owner.correct(owner.answer(one.id), full_answer(record.study, score=1), "a slip")
    HARM["deleted"](project.path)
    with pytest.raises(ProjectLost):
        apply_edit(project, edit)
    with open_project(copy) as other:
        there = open_corrections(other, "OWN")
        (one,) = db.answers.every(other, record.id)
        apply_edit(other, there.correct(there.answer(one.id), full_answer(record.study, score=2), "another"))
        (told,) = store(other, only_file())
        assert told.fate == "refused"
        assert "changed meanwhile" in told.why


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("edit", None),
        ("edit", {"title": "x", "changes": []}),
        ("edit", {"title": "x", "changes": [{"kind": "rater", "key": "u", "before": {}, "after": {"code": "x"}}]}),
        ("edit", {"title": "x", "changes": [{"kind": "trace", "key": "u", "before": {}, "after": {"status": "ok"}}]}),
    ],
)
def test_an_edit_that_no_reviewer_makes_is_refused(project, items, name, value):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    owner = open_corrections(project, "OWN", first=True)
    (one,) = db.answers.every(project, record.id)
    edit = owner.correct(owner.answer(one.id), full_answer(record.study, score=1), "a slip")
    HARM["deleted"](project.path)
    with pytest.raises(ProjectLost):
        apply_edit(project, edit)
    (path,) = rescue_files.folder().glob(f"*{rescue_files.ENDING}")
    content = json.loads(path.read_text("utf-8"))
    content["entries"][0][name] = value
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(UserError, match="cannot be read"):
        rescue_files.read(path)


# -- traces -----------------------------------------------------------------------------------------------------------


def trace_lost(project, harm, *, accept):
    """Trace a clip, lose the project in the middle; returns all samples that were given."""
    with AnnotateSession(project, "R01") as session:
        task = session.current()
        recorder = session.start_trace(task, "mouse")
        for i in range(100):
            recorder.add(i * 0.02, i / 200, -i / 200, float(i))
        while recorder.unsaved:
            pass
        HARM[harm](project.path)
        for i in range(100, 200):
            recorder.add(i * 0.02, i / 200, -i / 200, float(i))
        if accept:
            with pytest.raises(ProjectLost, match="rescue file"):
                session.accept_trace(task, recorder, SEEN)
        else:
            with pytest.raises(ProjectLost) as lost:
                project.check_place()
            assert "rescue file" in session.rescue(lost.value, task, SEEN, recorder=recorder).what
    return task


TRACES = {"trace": True, "emotions": (), "categories": (), "min_distance": 0}


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize("harm", HARM)
def test_a_trace_is_kept_whole_from_its_first_sample(project, items, tmp_path, harm, accept):
    make_study(project, items[:2], **TRACES)
    copy = backup(project, tmp_path)
    trace_lost(project, harm, accept=accept)
    project.close()
    file = only_file()
    assert len(file.entries[0].samples) == 200
    with open_project(copy) as other:
        assert [one.fate for one in store(other, file)] == ["stored"]
        (trace,) = db.traces.every(other, usable_only=False)
        assert (trace.n_samples, trace.status) == (200, "finished" if accept else "interrupted")
        samples = db.traces.samples(other, trace.id)
        np.testing.assert_array_equal(samples.times_s, np.arange(200) * 0.02)
        np.testing.assert_allclose(samples.values[:, 0], np.arange(200) / 200, atol=1e-6)
        (shown,) = db.presentations.every(other, 1)
        assert (shown.outcome, shown.trace_id) == ("answered" if accept else "interrupted", trace.id)
        with AnnotateSession(other, "R01") as session:
            assert session.progress().done == (1 if accept else 0)
        assert db.check.problems(other) == []


@pytest.mark.parametrize("lost_too", [True, False])
@pytest.mark.parametrize("accept", [True, False])
def test_the_project_that_holds_its_beginning_gets_the_rest_of_it(project, items, accept, lost_too):
    make_study(project, items[:2], **TRACES)
    trace_lost(project, "renamed", accept=accept)
    if lost_too:
        shutil.rmtree(trace_journal.folder())
    moved = project.path.with_name("elsewhere.affectograph")
    project.close()
    with open_project(moved) as again:
        (begun,) = db.traces.every(again, usable_only=False)
        assert begun.status == "interrupted"
        # What was given after the loss is in the file of the running trace, too, unless that is lost as well.
        assert begun.n_samples == (100 if lost_too else 200)
        fates = [one.fate for one in store(again, only_file())]
        assert fates == ["known" if not (accept or lost_too) else "stored"]
        (trace,) = db.traces.every(again, usable_only=False)
        assert (trace.id, trace.n_samples) == (begun.id, 200)
        assert trace.status == ("finished" if accept else "interrupted")
        assert trace.quality.get("flags", []) == []


def test_a_trace_of_a_short_part_is_not_stored_as_one_that_counts(project, items, tmp_path):
    make_study(project, items[:2], **TRACES)
    copy = backup(project, tmp_path)
    trace_lost(project, "deleted", accept=True)
    path = only_file().path
    content = json.loads(path.read_text("utf-8"))
    samples = content["entries"][0]["samples"]
    for name in ("times_s", "valence", "arousal", "monotonic_s"):
        samples[name] = samples[name][:30]
    path.write_text(json.dumps(content), "utf-8")
    with open_project(copy) as other:
        assert [one.why for one in store(other, only_file())] == ["most of the clip was not traced"]


def test_a_trace_outside_studies_is_kept_and_stored(project, items, tmp_path):
    rater = db.raters.add(project, "R01")
    copy = backup(project, tmp_path)
    recorder = TraceRecorder(project, items[0], rater)
    recorder.add(0.0, 0.5, np.nan, 1.0)
    HARM["deleted"](project.path)
    recorder.add(1.0, 0.25, 0.5, 2.0)
    with pytest.raises(ProjectLost, match="rescue file"):
        finish_free_trace(recorder)
    with open_project(copy) as other:
        assert [one.fate for one in store(other, only_file())] == ["stored"]
        (trace,) = db.traces.every(other)
        assert trace.study_id is None
        values = db.traces.samples(other, trace.id).values
        np.testing.assert_array_equal(values, np.float32([[0.5, np.nan], [0.25, 0.5]]))


def test_a_task_that_was_declined_stays_declined(project, items, tmp_path):
    make_study(project, items[:2], **TRACES)
    copy = backup(project, tmp_path)
    with AnnotateSession(project, "R01") as session:
        session.begin(session.current())
        task = session.current()
        HARM["log removed"](project.path)
        with pytest.raises(ProjectLost, match="rescue file"):
            session.skip("cannot_tell", "too dark", PresentationLog(plays=1), task=task)
    with open_project(copy) as other:
        assert [one.fate for one in store(other, only_file())] == ["stored"]
        (shown,) = db.presentations.every(other, 1)
        assert shown.log.detail["comment"] == "too dark"
        with AnnotateSession(other, "R01") as session:
            assert session.progress().done == 1


# -- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a rescue file"),
        ("[" * 100_000, "not a rescue file"),
        ('{"format": "affectograph-rescue", "format_version": 99, "entries": []}', "not a rescue file of this version"),
        ('{"format": "affectograph-rescue", "format_version": 1, "entries": [3]}', "an entry is not a table"),
        ('{"format": "affectograph-rescue", "format_version": 1, "entries": [{}]}', "uid is not text"),
    ],
)
def test_a_file_that_is_none_is_a_sentence(tmp_path, text, why):
    path = tmp_path / "x.rescue.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError, match=why):
        rescue_files.read(path)


def test_samples_that_no_recorder_gives_are_refused(project, items):
    make_study(project, items[:2], **TRACES)
    trace_lost(project, "deleted", accept=True)
    path = only_file().path
    good = json.loads(path.read_text("utf-8"))
    for name, value in (("times_s", "x"), ("times_s", []), ("valence", [7.0] * 200), ("times_s", [1.0, 0.0] * 100)):
        content = json.loads(json.dumps(good))
        content["entries"][0]["samples"][name] = value
        path.write_text(json.dumps(content), "utf-8")
        with pytest.raises(UserError, match="samples"):
            rescue_files.read(path)
    assert rescue_files.pending() == []


def test_two_programs_that_lose_a_project_at_once_lose_no_entry(project, items, tmp_path):
    """Both add to the same file."""
    make_study(project, items[:2], **TRACES)
    trace_lost(project, "deleted", accept=True)
    code = """
import sys, dataclasses
from pathlib import Path
from app.services.projects import rescue_files, trace_journal
(file,) = rescue_files.pending()
for i in range(20):
    rescue_files.add(Path(sys.argv[1]), dataclasses.replace(file.entries[0], uid=f"{sys.argv[2]}-{i}"))
"""
    words = [sys.executable, "-c", code, str(project.path)]
    root = Path(__file__).resolve().parents[2]
    both = [subprocess.Popen([*words, name], cwd=root) for name in ("a", "b")]
    assert [one.wait() for one in both] == [0, 0]
    assert len(only_file().entries) == 41
