"""Studies on a PostgreSQL server: the same answers, the same blinding; `make test-postgres` starts one."""

import numpy as np
import pytest

import db.answer_columns
import db.answers
import db.clips
import db.items
import db.raters
import db.studies
import db.traces
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.services.projects.files import create_project
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from db.rules import RULES
from db.scope import RaterView
from tests.study.helpers import SEEN, add_face, full_answer, make_study, media_info


@pytest.fixture
def project(postgres, tmp_path):
    with create_project(postgres) as project:
        yield project


def test_answers_blinding_and_simulation(project, tmp_path):
    from sqlalchemy import text

    items = []
    for i in range(4):
        clip = db.clips.add(project, media_info(tmp_path / f"clip{i}.mp4"), f"{i:064x}", subject="S1")
        items += [add_face(project, item) for item in db.items.every(project, clip_id=clip.id)]
    record = make_study(project, items)
    for code, score in (("R01", 1), ("R02", 5)):
        with AnnotateSession(project, code) as session:
            session.submit(full_answer(session.study, score=score), SEEN)
            session.submit(full_answer(session.study, score=score), SEEN)
            (first, _) = session.history()
            session.revise(first, full_answer(session.study, score=score - 1))
            session.skip("cannot_tell")
            assert session.progress().done == 3
    r1, r2 = (db.raters.by_code(project, code) for code in ("R01", "R02"))
    for rater in (r1, r2):
        samples = TraceSamples(np.arange(3.0), np.zeros((3, 2), np.float32), np.arange(3.0), "mouse")
        db.traces.add(project, TraceStart(items[0].id, rater.id, "face_only", True, "mouse", record.id, 1), samples)
    columns = db.answer_columns.answers(project, record.id)
    parts = db.answer_columns.intensities(project, columns, details=True)
    assert columns.answer.size == 6
    assert sorted(set(parts.score[~np.isnan(parts.score)].tolist())) == [0.0, 1.0, 4.0, 5.0]
    assert int(np.isnan(parts.score).sum()) == 18
    with RaterView(project, r1.id) as view, view.read() as session, project.read() as whole:
        for table, (rule, _) in RULES.items():
            seen = session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            there = whole.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            assert seen == (0 if rule == "closed" else there) or (rule == "own" and 0 < seen < there), table
        assert {one.key.rater_id for one in db.answers.every(session, record.id)} == {r1.id}
    assert simulate_study(project, "faces", 2, seed=1) > 0
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)  # the server's counters know of rows that were added in bulk
