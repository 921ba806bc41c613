"""A model of categories that cannot work live: the results say why, and everything else goes on."""

import threading

import pytest

import db.clips
from app.jobs import Context
from app.services.predict.live import LiveAnalyser
from app.services.predict.tracks import TrackBank
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.services.retrain.promote import promote, rollback
from tests.services.test_retrain_categories import judged, project  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.timeout(1200)]


def test_a_model_that_reads_sound_says_so_with_every_live_result(project, tmp_path):  # noqa: F811
    request = CategoryRequest(
        "aggregation", {"folds": 1, "grid": "1"}, out=tmp_path / "ears", streams=("face", "audio")
    )
    made = train_categories(project, request, lambda _event: None, Context())
    promote(project, str(made.folder), anyway=True)
    clip = db.clips.every(project)[0]
    frame = next(seen.frame for seen in TrackBank("cpu").walk(clip.path, clip.sha256, Context()) if seen.faces)
    results, errors, told = [], [], threading.Event()

    def take(result):
        results.append(result)
        told.set()

    live = LiveAnalyser(None, "cpu", take, errors.append, project.path)
    try:
        live.submit(1, frame)
        assert told.wait(240), errors
    finally:
        live.close()
        rollback(project, role="category")
    assert errors == []
    assert results[0].no_category == "ears reads the sound: it has no live verdict."
    assert all(face.category is None for face in results[0].faces)
