"""The same store on a PostgreSQL server: `make test-postgres` starts one."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from app.domain.project import TraceStart
from app.errors import UserError
from app.services.projects.files import create_project, open_project
from app.services.study.trace_recorder import TraceRecorder
from db import audit, check, clips, edits, gold, items, migrate, models, raters, runs, settings, spans, summary, traces

from .build import analysis, media_info, same, samples
from .test_spans import same as same_verdicts
from .test_spans import verdicts


@pytest.fixture(scope="module")
def project(postgres):
    with pytest.raises(UserError, match="no project"):
        open_project(postgres)
    with create_project(postgres) as project:
        yield project


def test_the_schema_is_the_same(project):
    with project.write() as session:
        assert migrate.differences(session.connection()) == []


def test_everything_is_stored_and_found(project, tmp_path):
    clip = clips.add(project, media_info(tmp_path / "änna.mp4"), "a" * 64, subject="S01")
    assert clips.every(project) == [clip]
    runs.save(project, clip.id, analysis())
    assert same(runs.find(project, analysis().key), analysis())
    item, rater = items.every(project)[0], raters.add(project, "R01")
    start = TraceStart(item.id, rater.id, "full_context", True, "mouse")
    done = traces.add(project, start, samples(20))
    assert same(traces.samples(project, done.id), samples(20))
    values = np.zeros((3, 2), np.float32)
    one = gold.add(
        project, item.id, "trace", "mean", {}, [done.uid], condition="c", times_s=np.arange(3.0), values=values
    )
    assert same(gold.for_item(project, item.id)[0], one)
    model = models.add(project, "m", "m" * 64, "format = 1", "trained")
    models.promote(project, model.id)
    assert models.in_use(project) == model
    edit = edits.rename_subject(project, "S01", "S02")
    edits.apply(project, edit)
    assert clips.get(project, clip.id).subject == "S02"
    edits.apply(project, edit.inverse())
    assert clips.get(project, clip.id) == clip
    with pytest.raises(UserError, match="a name is taken"):
        edits.apply(project, edits.change_rater(project, raters.add(project, "R02"), code="R01"))
    assert audit.recent(project, action="edit.")
    assert check.problems(project) == []
    assert summary.counts(project)["videos"] == 1


def test_verdicts_on_spans_are_stored_and_replaced(project, tmp_path):
    clip = clips.add(project, media_info(tmp_path / "spans.mp4"), "c" * 64)
    found = analysis("c" * 64)
    told = verdicts(key=replace(verdicts().key, media_sha256="c" * 64))
    runs.save(project, clip.id, found)
    fewer = replace(told, items=told.items[1:])
    for given in (fewer, told):  # the second replaces the first
        spans.save(project, clip.id, found, given)
        same_verdicts(spans.find(project, told.key), given)
    same_verdicts(spans.newest(project, clip.id, told.key.model_sha256), told)
    assert spans.clips_of(project, told.key.model_sha256) == {clip.id}
    assert check.problems(project) == []


def test_an_edit_is_known_by_its_name(project, tmp_path):
    clip = clips.add(project, media_info(tmp_path / "named.mp4"), "d" * 64)
    edits.apply(project, edits.rename_clip(project, clip.id, "other"), uid="e" * 32)
    assert audit.known(project, ["e" * 32, "f" * 32]) == {"e" * 32}


def test_a_recording(project, tmp_path):
    clip = clips.add(project, media_info(tmp_path / "b.mp4"), "b" * 64)
    recorder = TraceRecorder(project, items.every(project, clip_id=clip.id)[0], raters.add(project, "R03"))
    for i in range(100):
        recorder.add(i / 100, 0.1, 0.2)
    assert recorder.finish().n_samples == 100


def test_writers_take_turns(project):
    settings.put(project, "count", 0)

    def count_up():
        for _ in range(10):
            with project.write() as session:
                settings.put(session, "count", settings.get(session, "count") + 1)

    with open_project(str(project.reader.url.render_as_string(hide_password=False))) as second:
        others = [threading.Thread(target=count_up) for _ in range(2)]
        for thread in others:
            thread.start()
        for _ in range(10):
            with second.write() as session:
                settings.put(session, "count", settings.get(session, "count") + 1)
        for thread in others:
            thread.join()
    assert settings.get(project, "count") == 30


def test_a_server_that_is_not_there_is_a_sentence(postgres, tmp_path):
    with pytest.raises(UserError, match="cannot be reached"):
        open_project(f"postgresql://tester@/postgres?host={tmp_path}")
