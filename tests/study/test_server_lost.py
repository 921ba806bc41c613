"""A server that is killed under raters at work: no confirmed answer is lost, and none is there twice."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import db.answers
import db.assignments
import db.clips
import db.items
import db.presentations
import db.raters
import db.server
import db.traces
from app.errors import ProjectLost
from app.services.projects import confirmed, rescue_files
from app.services.projects.files import create_project, open_project
from app.services.projects.watch import ProjectWatch
from app.services.study import rescue_store
from app.services.study.session import AnnotateSession
from tests.study.helpers import SEEN, add_face, full_answer, make_study, media_info
from tests.waiting import PATIENCE_S

RATING = """
import sys, time
from app.services.projects.files import open_project
from app.services.study.session import AnnotateSession
from tests.study.helpers import SEEN, full_answer
with open_project(sys.argv[1]) as project, AnnotateSession(project, sys.argv[2]) as session:
    print("ready", flush=True)
    for number in range(10_000):
        task = session.current()
        if task is None:
            break
        session.submit(full_answer(session.study, score=number % 6), SEEN, task=task)
        print(task.item.id, task.slot.key.condition, number % 6, flush=True)
        time.sleep(0.02)
"""

OWNING = """
import sys, time
import db.answer_columns, db.clips, db.edits, db.studies
from app.services.projects.edits import apply_edit
from app.services.projects.files import open_project
from app.services.projects.keeping import read_again
with open_project(sys.argv[1]) as project:
    clip, (study,) = db.clips.every(project)[0], db.studies.every(project)
    print("ready", flush=True)
    number = 0
    while read_again(lambda: db.answer_columns.answers(project, study.id).answer.size) < int(sys.argv[2]):
        number += 1
        apply_edit(project, read_again(lambda: db.edits.rename_clip(project, clip.id, f"name {number}")))
        time.sleep(0.05)
    print(number, flush=True)
"""


@pytest.fixture
def url(postgres_server):
    return postgres_server.fresh()


def fill(project, folder: Path, count: int, **study):
    clips = [
        db.clips.add(project, media_info(folder / f"clip{i}.mp4"), f"{i:064x}", subject="S1") for i in range(count)
    ]
    items = [add_face(project, item) for clip in clips for item in db.items.every(project, clip_id=clip.id)]
    return make_study(project, items, **study)


def confirmations(output: str) -> dict[tuple[int, str], int]:
    lines = [line.split() for line in output.splitlines()]
    return {(int(item), condition): int(score) for item, condition, score in lines}


@pytest.mark.process
@pytest.mark.slow
def test_two_raters_and_an_owner_go_on_when_the_server_is_back(postgres_server, url, tmp_path):
    items, raters = 20, ("R01", "R02")
    with create_project(url) as project:
        record = fill(project, tmp_path, items)
        places = len(db.assignments.slots(project, record.id))

    def start(program, *words):
        command = [sys.executable, "-c", program, url, *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    work = [start(RATING, code) for code in raters] + [start(OWNING, str(places))]
    assert [one.stdout.readline() for one in work] == ["ready\n"] * 3
    for pause_s in (1.0, 0.2, 0.7, 0.3):
        time.sleep(pause_s)
        postgres_server.stop_at_once()
        time.sleep(0.5)
        postgres_server.start()
    told = [one.communicate(timeout=PATIENCE_S * 4) for one in work]
    assert [one.returncode for one in work] == [0, 0, 0], "\n".join(errors for _, errors in told)
    with open_project(url) as project:
        everything = db.answers.every(project, record.id, current_only=False)
        assert len(everything) == places
        for code, (output, _) in zip(raters, told, strict=False):
            number = db.raters.by_code(project, code).id
            stored = {
                (one.key.item_id, one.key.condition): next(iter(one.answer.intensities.values())).score
                for one in everything
                if one.key.rater_id == number
            }
            assert stored == confirmations(output)
            assert len(stored) == places // 2
        shown = Counter((one.start.key, one.outcome) for one in db.presentations.every(project, record.id))
        assert {count for (_, outcome), count in shown.items() if outcome == "answered"} == {1}
    assert list(confirmed.folder().iterdir()) == []
    assert rescue_files.pending() == []


def test_a_commit_of_which_nobody_heard_is_not_given_twice(postgres_server, url, tmp_path, monkeypatch):
    with create_project(url) as project:
        record = fill(project, tmp_path, 2)
        with AnnotateSession(project, "R01") as session:
            session.begin(session.current())
            killed = []
            add = db.answers.add

            def add_then_die(source, new):
                number = add(source, new)
                if not killed:
                    killed.append(new.uid)
                    source.commit()  # the server has it, and the program never hears of it
                    postgres_server.stop_at_once()
                    postgres_server.start()
                return number

            monkeypatch.setattr(db.answers, "add", add_then_die)
            session.submit(full_answer(session.study, score=3), SEEN)
            session.submit(full_answer(session.study, score=4), SEEN)
        given = db.answers.every(project, record.id, current_only=False)
        assert [one.uid for one in given][:1] == killed
        assert len(given) == 2


def test_what_a_server_never_takes_is_rescued_and_stored_later(postgres_server, url, tmp_path, monkeypatch):
    monkeypatch.setattr(db.server, "PATIENCE_S", 0.3)
    project = create_project(url)
    record = fill(project, tmp_path, 2)
    session = AnnotateSession(project, "R01")
    task = session.current()
    session.begin(task)
    postgres_server.stop_at_once()
    with pytest.raises(ProjectLost, match="rescue file"):
        session.submit(full_answer(session.study, score=3), SEEN, task=task)
    session.close()
    project.close()
    (file,) = rescue_files.pending()
    assert file.place == f"the team project {project.name}"
    postgres_server.start()
    with open_project(url) as again:
        (fitting,) = rescue_store.belonging(again, [file])
        assert [one.fate for one in rescue_store.store(again, fitting)] == ["stored"]
        (stored,) = db.answers.every(again, record.id)
        assert {part.score for part in stored.answer.intensities.values()} == {3}
    assert rescue_files.pending() == []


def test_a_server_of_an_earlier_state_gives_back_what_was_confirmed(postgres_server, url, tmp_path):
    from sqlalchemy import text

    project = create_project(url)
    record = fill(project, tmp_path, 2)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, score=2), SEEN)
        (left,) = confirmed.folder().iterdir()
        content = left.read_bytes()
    with project.write() as session:
        for table in ("intensity", "answer"):
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(text("UPDATE slot SET state = 'started'"))
        session.execute(text("DELETE FROM presentation"))
    project.close()
    assert not left.exists()
    left.write_bytes(content)  # as if the program had been killed
    with open_project(url) as again:
        (file,) = rescue_files.pending()
        assert [one.fate for one in rescue_store.store(again, file)] == ["stored"]
        assert db.answers.count(again, record.id) == 1
    assert not left.exists()


def test_a_trace_goes_on_without_a_sample_twice(postgres_server, url, tmp_path):
    with create_project(url) as project:
        fill(project, tmp_path, 2, trace=True, emotions=(), categories=(), min_distance=0)
        with AnnotateSession(project, "R01") as session:
            task = session.current()
            recorder = session.start_trace(task, "mouse")
            for number in range(200):
                if number in (60, 120):
                    postgres_server.stop_at_once()
                if number in (80, 140):
                    postgres_server.start()
                recorder.add(number * 0.02, 0.5, -0.5, float(number))
                time.sleep(0.005)
            kept = session.accept_trace(task, recorder, SEEN)
        assert (kept.status, kept.n_samples) == ("finished", 200)
        np.testing.assert_array_equal(db.traces.samples(project, kept.id).monotonic_s, np.arange(200.0))


def test_the_watch_tells_once_that_the_server_is_away(postgres_server, url):
    told = []
    with create_project(url) as project:
        watch = ProjectWatch(project, told.append, told.append)
        postgres_server.stop_at_once()
        end_s = time.monotonic() + PATIENCE_S
        while not told and time.monotonic() < end_s:
            time.sleep(0.05)
        time.sleep(2.5)
        postgres_server.start()
        watch.end()
    assert len(told) == 1
    assert "cannot be reached" in told[0].what
