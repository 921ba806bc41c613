"""What was confirmed before a project was removed with its log is told at the next opening, and can be stored."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

import db.answers
import db.check
import db.corrections
import db.presentations
import db.raters
import db.traces
import db.upgrades
from app.domain.corrections import is_voided
from app.services.projects import confirmed, rescue_files
from app.services.projects.files import open_project
from app.services.study.corrections import open_corrections
from app.services.study.rescue_store import belonging, store
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import SEEN, add_items, full_answer, make_study

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved there"),
    pytest.mark.process,
]
ANSWERS = """
import sys
from app.services.projects.files import open_project
from app.services.study.session import AnnotateSession
from tests.study.helpers import SEEN, full_answer
with open_project(sys.argv[1]) as project:
    with AnnotateSession(project, "R01") as session:
        for number in range(3):
            session.submit(full_answer(session.study, comment=f"c{number}"), SEEN)
        session.revise(session.history()[0], full_answer(session.study, score=1, comment="corrected"))
    print("ready", flush=True)
    sys.stdin.readline()
"""
TRACES = """
import sys
from app.services.projects.files import open_project
from app.services.study.session import AnnotateSession
from tests.study.helpers import SEEN
with open_project(sys.argv[1]) as project:
    with AnnotateSession(project, "R01") as session:
        task = session.current()
        recorder = session.start_trace(task, "mouse")
        for i in range(200):
            recorder.add(i * 0.02, i / 200, -i / 200, float(i))
        session.accept_trace(task, recorder, SEEN)
        session.begin(session.current())
        session.skip("cannot_tell", "too dark", SEEN, task=session.current())
    print("ready", flush=True)
    sys.stdin.readline()
"""
REVIEWS = """
import sys
import db.answers
from app.services.projects.edits import apply_edit
from app.services.projects.files import open_project
from app.services.study.corrections import AnswerCorrections
from tests.study.helpers import full_answer
with open_project(sys.argv[1]) as project:
    owner = AnswerCorrections(project, "OWN")
    first, second = (owner.answer(one.id) for one in db.answers.every(project, 1))
    edit = owner.correct(first, full_answer(first.task.study, score=1, comment="before"), "a slip")
    for one in (edit, edit.inverse(), edit, owner.void(second, "asleep")):
        apply_edit(project, one)
    print("ready", flush=True)
    sys.stdin.readline()
"""
FREE = """
import sys, time
import db.items, db.raters
from app.services.projects.files import open_project
from app.services.study.rescue import finish_free_trace
from app.services.study.trace_recorder import TraceRecorder
with open_project(sys.argv[1]) as project:
    recorder = TraceRecorder(project, db.items.every(project)[0], db.raters.by_code(project, "R01"))
    for part in (0, 1):
        for i in range(100):
            recorder.add(part + i / 100, i / 100, 0.0, float(100 * part + i))
        while recorder.unsaved:
            time.sleep(0.01)
        if part == 0:
            print("half", flush=True)
            sys.stdin.readline()
    finish_free_trace(recorder)
    print("ready", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def project(tmp_path, empty_project):
    folder = tmp_path / "lab"
    folder.mkdir()
    shutil.copyfile(empty_project, folder / "study.affectograph")
    with Project.open(folder / "study.affectograph") as made:
        yield made


def at_work(code, path, end, meanwhile, half_way=None):
    """Somebody answers in another process; something happens to the project; the process is killed or closes it."""
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if half_way is not None:
        assert child.stdout.readline().strip() == "half"
        half_way()
        child.stdin.write("\n")
        child.stdin.flush()
    assert child.stdout.readline().strip() == "ready"
    meanwhile()
    if end == "killed":
        child.send_signal(signal.SIGKILL)
    child.communicate("\n")


def remove_both(path):
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink()


def all_stored(project):
    (file,) = belonging(project, rescue_files.pending())
    told = store(project, file)
    assert {one.fate for one in told} == {"stored"}, [one.words for one in told]
    assert rescue_files.pending() == []
    assert db.check.problems(project) == []
    return told


@pytest.mark.parametrize("end", ["killed", "closed"])
def test_another_file_in_the_place_of_the_project(project, tmp_path, end):
    record = make_study(project, add_items(project, tmp_path / "media"))
    path, copy = project.path, tmp_path / "copy"
    db.upgrades.backup(path, copy)
    project.close()

    def replace():
        remove_both(path)
        shutil.copy(copy, path)

    at_work(ANSWERS, path, end, replace)
    with open_project(path) as again:
        assert db.answers.every(again, record.id) == []
        assert len(all_stored(again)) == 4
        answers = db.answers.every(again, record.id)
        assert sorted(one.answer.comment for one in answers) == ["c1", "c2", "corrected"]
        with AnnotateSession(again, "R01") as session:
            assert session.progress().done == 3
    assert list(confirmed.folder().iterdir()) == []


def test_a_backup_in_the_place_of_the_project_whose_log_is_left(project, tmp_path):
    record = make_study(project, add_items(project, tmp_path / "media"))
    path, copy = project.path, project.path.with_name("copy")
    db.upgrades.backup(path, copy)
    project.close()
    at_work(ANSWERS, path, "killed", lambda: copy.replace(path))
    with open_project(path) as again:
        assert again.foreign_log is not None
        assert db.answers.every(again, record.id) == []
    with open_project(path) as again:
        assert len(all_stored(again)) == 4
        assert len(db.answers.every(again, record.id)) == 3


def test_the_project_under_another_name_without_its_log(project, tmp_path, caplog):
    record = make_study(project, add_items(project, tmp_path / "media"))
    path = project.path
    project.close()
    moved = path.with_name("elsewhere.affectograph")
    at_work(ANSWERS, path, "killed", lambda: path.rename(moved))
    path.with_name(path.name + "-wal").unlink()
    with open_project(moved) as again:
        assert "4 answers and traces are not in this file that had been confirmed" in caplog.text
        all_stored(again)
        assert len(db.answers.every(again, record.id)) == 3


def test_traces_and_what_was_declined(project, tmp_path):
    record = make_study(
        project, add_items(project, tmp_path / "media")[:2], trace=True, emotions=(), categories=(), min_distance=0
    )
    path, copy = project.path, tmp_path / "copy"
    db.upgrades.backup(path, copy)
    project.close()

    def replace():
        remove_both(path)
        shutil.copy(copy, path)

    at_work(TRACES, path, "killed", replace)
    with open_project(path) as again:
        assert db.traces.every(again) == []
        all_stored(again)
        (trace,) = db.traces.every(again)
        assert (trace.status, trace.n_samples) == ("finished", 200)
        assert [one.outcome for one in db.presentations.every(again, record.id)] == ["answered", "answered"]


def test_what_an_owner_did_and_undid_and_did_again(project, tmp_path):
    record = make_study(project, add_items(project, tmp_path / "media"))
    with AnnotateSession(project, "R01") as session:
        for _ in range(2):
            session.submit(full_answer(session.study, comment="before"), SEEN)
    open_corrections(project, "OWN", first=True)
    path, copy = project.path, tmp_path / "copy"
    db.upgrades.backup(path, copy)
    project.close()

    def replace():
        remove_both(path)
        shutil.copy(copy, path)

    at_work(REVIEWS, path, "killed", replace)
    with open_project(path) as again:
        assert len(all_stored(again)) == 4
        first, second = db.answers.every(again, record.id)
        assert (first.revision, {one.score for one in first.answer.intensities.values()}) == (4, {1})
        assert is_voided(second.answer)
        told = db.corrections.of_answers(again, range(1, 10)).values()
        assert [(one.action, one.reason, one.actor) for one in told] == [
            ("correct", "a slip", "OWN"), ("undo", "a slip", "OWN"), ("correct", "a slip", "OWN"),
            ("void", "asleep", "OWN"),
        ]  # fmt: skip
        (aside,) = rescue_files.folder().glob(f"*{rescue_files.DONE}")
        assert {one.fate for one in store(again, rescue_files.read(aside))} == {"known"}


def test_what_an_owner_did_is_not_told_where_the_project_has_it(project, tmp_path):
    make_study(project, add_items(project, tmp_path / "media"))
    with AnnotateSession(project, "R01") as session:
        for _ in range(2):
            session.submit(full_answer(session.study, comment="before"), SEEN)
    open_corrections(project, "OWN", first=True)
    path = project.path
    project.close()
    at_work(REVIEWS, path, "killed", lambda: None)
    with open_project(path):
        pass
    assert rescue_files.pending() == []
    assert list(confirmed.folder().iterdir()) == []


def test_a_trace_of_which_only_the_beginning_is_there(project, tmp_path):
    add_items(project, tmp_path / "media")
    db.raters.add(project, "R01")
    path, copy = project.path, tmp_path / "copy"
    project.close()

    def replace():
        remove_both(path)
        shutil.copy(copy, path)

    at_work(FREE, path, "killed", replace, half_way=lambda: db.upgrades.backup(path, copy))
    with open_project(path) as again:
        (begun,) = db.traces.every(again, usable_only=False)
        assert (begun.status, begun.n_samples) == ("interrupted", 100)
        all_stored(again)
        (trace,) = db.traces.every(again)
        assert (trace.id, trace.status, trace.n_samples) == (begun.id, "finished", 200)


def test_a_project_that_is_gone_is_offered_at_the_next_start(project, tmp_path):
    make_study(project, add_items(project, tmp_path / "media"))
    path = project.path
    project.close()
    at_work(ANSWERS, path, "killed", lambda: remove_both(path))
    confirmed.recover_gone()
    (file,) = rescue_files.pending()
    assert file.project == path
    assert len(file.entries) == 4


def test_nothing_is_given_up_for_its_age(project, tmp_path):
    make_study(project, add_items(project, tmp_path / "media"))
    path, copy = project.path, tmp_path / "copy"
    db.upgrades.backup(path, copy)
    project.close()

    def replace():
        remove_both(path)
        shutil.copy(copy, path)

    at_work(ANSWERS, path, "killed", replace)
    (left,) = confirmed.folder().iterdir()
    os.utime(left, (0, 0))  # the clock of that machine stood at its beginning
    confirmed.recover_gone()
    with open_project(path) as again:
        assert len(all_stored(again)) == 4


@pytest.mark.parametrize("end", ["killed", "closed"])
def test_nothing_is_told_of_a_project_that_has_it_all(project, tmp_path, end):
    record = make_study(project, add_items(project, tmp_path / "media"))
    path = project.path
    project.close()
    at_work(ANSWERS, path, end, lambda: None)
    assert len(list(confirmed.folder().iterdir())) == (end == "killed")
    confirmed.recover_gone()
    with open_project(path) as again:
        assert len(db.answers.every(again, record.id)) == 3
    assert rescue_files.pending() == []
    assert list(confirmed.folder().iterdir()) == []


def test_another_project_and_one_at_work_are_left_alone(project, tmp_path, empty_project):
    make_study(project, add_items(project, tmp_path / "media"))
    shutil.copy(empty_project, tmp_path / "other.affectograph")
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, comment="mine"), SEEN)
    (file,) = confirmed.folder().iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    for path in (tmp_path / "other.affectograph", project.path):
        with open_project(path):
            pass
    assert list(confirmed.folder().iterdir()) == [file]
    assert rescue_files.pending() == []
    project.close()
    assert list(confirmed.folder().iterdir()) == []


def test_a_line_that_was_cut_off_and_a_file_that_is_none(project, tmp_path):
    make_study(project, add_items(project, tmp_path / "media"))
    path, copy = project.path, tmp_path / "copy"
    db.upgrades.backup(path, copy)
    project.close()

    def replace():
        remove_both(path)
        shutil.copy(copy, path)

    at_work(ANSWERS, path, "killed", replace)
    (file,) = confirmed.folder().iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    (confirmed.folder() / f"none{confirmed.SUFFIX}").write_text("x\n")
    with open_project(path):
        pass
    (found,) = rescue_files.pending()
    assert [one.what for one in found.entries] == ["answer"] * 3


def test_a_line_that_was_damaged_takes_no_other_along(project, tmp_path):
    make_study(project, add_items(project, tmp_path / "media"))
    path, copy = project.path, tmp_path / "copy"
    db.upgrades.backup(path, copy)
    project.close()

    def replace():
        remove_both(path)
        shutil.copy(copy, path)

    at_work(ANSWERS, path, "killed", replace)
    (file,) = confirmed.folder().iterdir()
    lines = file.read_bytes().split(b"\n")
    lines[2] = lines[2][:50] + b"\xff" + lines[2][51:]
    file.write_bytes(b"\n".join(lines))
    with open_project(path):
        pass
    (found,) = rescue_files.pending()
    assert [one.what for one in found.entries] == ["answer", "answer", "correction"]
    (kept,) = confirmed.folder().iterdir()
    assert (kept.name, kept.read_bytes()) == (file.name + confirmed.UNREAD, b"\n".join(lines))


@pytest.mark.parametrize("connected", [True, False])
def test_a_project_that_is_gone_with_its_folders_is_offered_unless_its_disk_is(project, tmp_path, connected):
    make_study(project, add_items(project, tmp_path / "media"))
    path = project.path
    project.close()
    at_work(ANSWERS, path, "killed", lambda: shutil.rmtree(path.parent))
    (file,) = confirmed.folder().iterdir()
    if not connected:  # what is there in place of the disk is another one
        first, rest = file.read_bytes().split(b"\n", 1)
        said = json.loads(first)
        said["key"][0] += 1
        file.write_bytes(json.dumps(said).encode() + b"\n" + rest)
    confirmed.recover_gone()
    assert [len(one.entries) for one in rescue_files.pending()] == ([4] if connected else [])
    assert list(confirmed.folder().iterdir()) == ([] if connected else [file])
