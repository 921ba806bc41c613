"""Traces on a PostgreSQL server: recorded, and recovered whole after a crash; `make test-postgres` starts one."""

import subprocess
import sys

import numpy as np
import pytest

import db.clips
import db.items
import db.traces
from app.services.projects import confirmed, trace_journal
from app.services.projects.files import create_project, open_project
from app.services.study.session import AnnotateSession
from tests.study.helpers import SEEN, add_face, make_study, media_info

TRACING = """
import sys, time
from app.services.projects.files import open_project
from app.services.study.session import AnnotateSession
with open_project(sys.argv[1]) as project, AnnotateSession(project, "R01") as session:
    recorder = session.start_trace(session.current(), "mouse")
    for i in range(300):
        recorder.add(i * 0.01, i / 300, -i / 300, float(i))
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.process
def test_traces_are_recorded_and_those_of_a_dead_program_recovered_whole(postgres, tmp_path):
    with create_project(postgres) as project:
        names = [tmp_path / f"clip{i}.mp4" for i in range(2)]
        clips = [db.clips.add(project, media_info(name), f"{i:064x}", subject="S1") for i, name in enumerate(names)]
        items = [add_face(project, item) for clip in clips for item in db.items.every(project, clip_id=clip.id)]
        make_study(project, items, trace=True, emotions=(), categories=(), min_distance=0)
    child = subprocess.Popen([sys.executable, "-c", TRACING, postgres], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline().strip() == "ready"
    child.kill()
    child.communicate()
    with open_project(postgres) as again:
        (cut,) = db.traces.every(again, usable_only=False)
        assert (cut.status, cut.n_samples) == ("interrupted", 300)
        np.testing.assert_array_equal(db.traces.samples(again, cut.id).monotonic_s, np.arange(300.0))
        with AnnotateSession(again, "R01") as session:
            task = session.current()
            recorder = session.start_trace(task, "mouse")
            for i in range(200):
                recorder.add(i * 0.02, 0.5, -0.5, float(i))
            kept = session.accept_trace(task, recorder, SEEN)
        assert (kept.status, kept.n_samples) == ("finished", 200)
    assert list(trace_journal.folder().iterdir()) == []
    assert list(confirmed.folder().iterdir()) == []
