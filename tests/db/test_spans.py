"""Verdicts on spans survive restart bit by bit, are stored once, and damage among them is found."""

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import text

from app.domain.analysis import RunKey
from app.domain.spans import ClipVerdicts, ItemVerdict, WindowVerdicts
from db import check, runs, spans, tracks
from db.project import Project

from .build import analysis

NO_TIMES, NO_WEIGHTS = np.zeros(0), np.zeros(0, np.float32)


def verdicts(**changes):
    rng = np.random.default_rng(4)
    said = rng.dirichlet(np.ones(3), 5).astype(np.float32)
    found = ClipVerdicts(
        key=RunKey("a" * 64, "gru-1", "c" * 64, '{"window":[1.2,0.2]}'),
        provider="CPUExecutionProvider",
        classes=("happy", "sad", "worried"),
        window_s=1.2,
        stride_s=0.2,
        items=(
            ItemVerdict(1, 0.0, 4.0, said[0], np.arange(4) / 25, np.array([0.1, 0.2, 0.3, 0.4], np.float32)),
            ItemVerdict(2, 0.5, 2.5, said[1], NO_TIMES, NO_WEIGHTS),
        ),
        windows=(WindowVerdicts(1, np.array([0.0, 0.2, 0.4]), np.array([1.2, 1.4, 1.6]), said[2:]),),
    )
    return replace(found, **changes)


def same(one, other):
    plain = ("key", "provider", "classes", "window_s", "stride_s")
    assert [getattr(one, name) for name in plain] == [getattr(other, name) for name in plain]
    for mine, theirs in zip((*one.items, *one.windows), (*other.items, *other.windows), strict=True):
        for name, value in vars(mine).items():
            np.testing.assert_array_equal(value, getattr(theirs, name), strict=isinstance(value, np.ndarray))


@pytest.fixture
def filled(project, clip):
    runs.save(project, clip.id, analysis())
    spans.save(project, clip.id, analysis(), verdicts())
    return project


def test_verdicts_survive_a_restart(filled, clip):
    filled.close()
    with Project.open(filled.path) as again:
        same(spans.find(again, verdicts().key), verdicts())
        same(spans.newest(again, clip.id, "c" * 64), verdicts())
        assert spans.find(again, replace(verdicts().key, model="gru-2")) is None
        assert spans.newest(again, clip.id, "d" * 64) is None
        assert check.problems(again) == []


def test_new_verdicts_replace_those_of_the_same_key(filled, clip):
    fewer = verdicts(items=verdicts().items[1:], windows=())
    spans.save(filled, clip.id, analysis(), fewer)
    same(spans.find(filled, fewer.key), fewer)
    with filled.read() as session:
        assert session.execute(text("SELECT count(*) FROM span")).scalar_one() == 1


def test_a_face_with_a_verdict_stays_when_its_run_is_replaced(project, clip):
    cut = analysis(n_frames=40, tracks=analysis().tracks[:1], complete=False)
    runs.save(project, clip.id, cut)
    number = tracks.of_clip(project, clip.id)[0].id
    alone = verdicts(items=verdicts().items[:1], windows=())
    spans.save(project, clip.id, cut, alone)
    runs.save(project, clip.id, replace(analysis(), tracks=analysis().tracks[1:]))
    assert len(tracks.geometry(project, [number])) == 1
    same(spans.find(project, alone.key), alone)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE span SET probabilities = x'00' WHERE id = 1", "Row 1 of table span is damaged"),
        ("UPDATE span SET evidence = x'00' WHERE id = 1", "evidence cannot be unpacked"),
        (
            "UPDATE span SET end_s = (SELECT end_s FROM span WHERE id = 1) WHERE id = 3",
            "Row 3 of table span is damaged",
        ),
        ("UPDATE span_run SET classes = '{}'", "table span_run"),
        ("DELETE FROM span WHERE id = 2", "Run 1 of verdicts has 2 of 3"),
    ],
)
def test_damage_is_found(filled, statement, words):
    with filled.write() as session:
        session.execute(text(statement))
    assert words in " ".join(problem.what for problem in check.problems(filled))


def test_the_newest_window_that_is_not_too_old_speaks():
    windows = verdicts().windows[0]
    assert windows.at(1.1, 0.2) is None
    np.testing.assert_array_equal(windows.at(1.2, 0.2), windows.probabilities[0])
    np.testing.assert_array_equal(windows.at(1.99, 0.2), windows.probabilities[2])
    assert windows.at(2.1, 0.2) is None
