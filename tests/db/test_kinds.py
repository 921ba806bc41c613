"""Every table belongs to a kind, and a transaction notes what it has changed once that is in the file."""

import threading

import pytest

import db.raters
import db.runs
import db.settings
import db.studies
import db.traces
from app.domain.changes import Changes
from app.domain.project import TraceStart
from app.domain.study_defaults import default_study
from app.ledger import noting
from db.kinds import KIND_OF
from db.schema import Base

from .build import analysis, samples


def test_every_table_has_its_kind():
    assert KIND_OF.keys() == Base.metadata.tables.keys()


def written(fn, *args):
    with noting() as ledger:
        fn(*args)
    return ledger.changes.kinds


def test_what_queries_write_is_noted_by_itself(project, clip, item, rater):
    start = TraceStart(item.id, rater.id, "full_context", True, "mouse")
    assert written(db.raters.add, project, "NEW") == {"rater"}
    assert written(db.raters.set_pin, project, rater.id, "1234") == {"rater"}
    assert written(db.settings.put, project, "a.b", 1) == {"setting"}
    assert written(db.studies.save, project, default_study("another")) == {"study"}
    assert written(db.runs.save, project, clip.id, analysis(clip.sha256)) == {"run"}
    assert written(db.traces.add, project, start, samples(10)) == {"trace"}
    assert written(db.traces.abandon, project, db.traces.every(project)[-1].id) == {"trace"}


def break_off(project):
    with project.write() as session:
        db.raters.add(session, "LOST")
        raise RuntimeError("on the way")


def test_reading_and_what_was_not_kept_are_no_changes(project):
    with noting() as ledger:
        db.raters.every(project)
        with pytest.raises(RuntimeError, match="on the way"):
            break_off(project)
        assert ledger.changes == Changes()
        with project.write() as session:
            db.raters.add(session, "KEPT")
            assert ledger.changes == Changes()  # not in the file yet
    assert ledger.changes == Changes.of("rater")


def test_two_threads_note_each_their_own(project):
    found = {}

    def work(name, fn, *args):
        found[name] = written(fn, *args)

    threads = [
        threading.Thread(target=work, args=("rater", db.raters.add, project, "T1")),
        threading.Thread(target=work, args=("setting", db.settings.put, project, "a.b", 1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"rater": {"rater"}, "setting": {"setting"}}
