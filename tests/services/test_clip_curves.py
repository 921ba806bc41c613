"""What lists of clips and curves of a clip are made of, read from a project without decoding media."""

import numpy as np
import pytest

import db.clips
import db.gold
import db.items
import db.raters
import db.runs
import db.traces
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.inference.cards import DEFAULT_MODEL
from app.services.predict.clip_curves import clip_curves
from app.services.projects.clip_rows import clip_rows
from db.project import Project
from tests.study.helpers import analysis, media_info

TIMES = np.arange(20) * 0.1


@pytest.fixture
def project(tmp_path):
    """Three clips; the first has predictions, two traces, one of them broken off, and a gold standard."""
    with Project.create(tmp_path / "p.affectograph") as project:
        clips = [
            db.clips.add(project, media_info(tmp_path / "media" / f"clip{i}.mp4"), f"{i:064x}", subject="S1")
            for i in range(3)
        ]
        db.runs.save(project, clips[0].id, analysis(clips[0].sha256))
        item = db.items.every(project, clip_id=clips[0].id)[0]
        rater = db.raters.add(project, "R1")
        samples = TraceSamples(TIMES, np.zeros((20, 2), np.float32), TIMES, "mouse")
        db.traces.add(project, TraceStart(item.id, rater.id, "full_context", True, "mouse"), samples)
        broken_off = db.traces.begin(project, TraceStart(item.id, rater.id, "face_only", True, "mouse"))
        db.traces.append(project, broken_off, samples)
        db.traces.finish(project, broken_off, "interrupted")
        values = np.zeros((20, 2), np.float32)
        db.gold.add(project, item.id, "trace", "mean", {}, [], condition="full_context", times_s=TIMES, values=values)
        db.gold.add(project, item.id, "intensity", "mean", {}, [], condition="full_context", value={"happy": 2.0})
        yield project


def test_rows_tell_what_is_known_of_each_clip(project):
    rows = clip_rows(project)
    assert [(row.clip.name, row.analysed, row.traces) for row in rows] == [
        ("clip0.mp4", True, 1),
        ("clip1.mp4", False, 0),
        ("clip2.mp4", False, 0),
    ]
    db.edits.apply(project, db.edits.remove_clips(project, [rows[1].clip.id]))
    assert [row.clip.name for row in clip_rows(project)] == ["clip0.mp4", "clip2.mp4"]


def test_the_curves_of_a_clip(project):
    first, second, _ = db.clips.every(project)
    found = clip_curves(project, first)
    assert found.clip_id == first.id
    assert found.analysis.key.media_sha256 == first.sha256
    assert [one.trace.status for one in found.labels.traces] == ["finished", "interrupted"]
    assert [one.counts for one in found.labels.traces] == [True, False]
    np.testing.assert_array_equal(found.labels.traces[0].samples.times_s, TIMES)
    assert [gold.kind for _, gold in found.labels.golds] == ["trace"]
    assert (found.in_use, found.current) == (DEFAULT_MODEL, False)  # the predictions are of another model
    empty = clip_curves(project, second)
    assert (empty.analysis, empty.labels.traces, empty.labels.golds, empty.current) == (None, (), (), True)


def test_a_model_that_is_gone_hides_no_traces(project):
    found = clip_curves(project, db.clips.every(project)[0], "no such model")
    assert (found.in_use, found.current) == ("", True)
    assert len(found.labels.traces) == 2
