"""Predictions as tasks of Label Studio: frames counted from 1, gaps, consent, and the config that shows them."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

import db.clips
import db.edits
import db.raters
import db.runs
import db.sights
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.errors import UserError
from app.services.consent.covered import Uncovered
from app.services.exchange.writing import export_for
from app.services.labels.import_csv import import_labels
from tests.services.rights.test_consent import set_consent

CLASSES = ("happiness", "anger")


def track(number, frames, best):
    n = len(frames)
    chances = np.full((n, 2), 0.25, np.float32)
    chances[np.arange(n), best] = 0.75
    plain = np.zeros((n, 2), np.float32)
    points = np.zeros((n, 5, 2), np.float32)
    boxes, ones = np.tile(np.float32([1, 1, 20, 20]), (n, 1)), np.ones(n, np.float32)
    frames = np.array(frames, np.int32)
    return TrackPrediction(number, frames, frames / 10, boxes, points, ones, ones, chances, plain, plain, CLASSES)


@pytest.fixture
def predicted(project):
    for clip in db.clips.every(project):
        tracks = (track(1, [0, 1, 2, 3, 7, 8], [0, 0, 1, 1, 1, 1]), track(2, [0, 1], [0, 0]))
        times_s = np.arange(clip.n_frames) / 10
        key = RunKey(clip.sha256, "test", "0" * 64, "{}")
        db.runs.save(project, clip.id, ClipAnalysis(key, "CPU", times_s, clip.width, clip.height, tracks))
    return project


def test_tasks_hold_the_ranges_of_the_strongest_expression(predicted, tmp_path):
    done = export_for(predicted, tmp_path / "out", "label-studio")
    assert [path.name for path in done.files] == ["tasks.json", "config.xml"]
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text("utf-8"))
    assert [one["data"]["video"] for one in tasks] == ["clip01.mp4", "clip02.mp4"]
    (prediction,) = tasks[0]["predictions"]
    assert prediction["model_version"] == "test"
    found = [(one["value"]["timelinelabels"], one["value"]["ranges"], one["score"]) for one in prediction["result"]]
    assert found == [
        (["happiness"], [{"start": 1, "end": 2}], 0.75),
        (["anger"], [{"start": 3, "end": 4}], 0.75),
        (["anger"], [{"start": 8, "end": 9}], 0.75),
    ]
    config = ElementTree.parse(tmp_path / "out" / "config.xml").getroot()
    assert [one.get("value") for one in config.iter("Label")] == list(CLASSES)
    assert {one["from_name"] for one in prediction["result"]} == {config.find("TimelineLabels").get("name")}
    assert {one["to_name"] for one in prediction["result"]} == {config.find("Video").get("name")}
    assert any("2 clips with several faces" in said for said in done.lost)
    assert {one.what for one in db.sights.every(predicted)} == {"predictions"}


def test_consent_and_other_names_hold_for_predictions(predicted, tmp_path):
    first = db.clips.every(predicted)[0]
    db.edits.apply(predicted, db.edits.set_subject(predicted, [first.id], "S1"))
    set_consent(predicted, "subject", "S1", "export", granted=False)
    with pytest.raises(Uncovered, match="S1"):
        export_for(predicted, tmp_path / "out", "label-studio")
    export_for(predicted, tmp_path / "out", "label-studio", without_refused=True, pseudonyms=True)
    (task,) = json.loads((tmp_path / "out" / "tasks.json").read_text("utf-8"))
    assert "clip02" not in task["data"]["video"]


def test_a_rater_who_refuses_keeps_no_prediction_back(predicted, tmp_path):
    (tmp_path / "r.csv").write_text("clip,rater,condition,emotion,score\nclip01.mp4,R1,full_context,happy,3\n")
    import_labels(predicted, [tmp_path / "r.csv"])
    set_consent(predicted, "rater", "R1", "export", granted=False)
    done = export_for(predicted, tmp_path / "out", "label-studio")
    assert len(json.loads((tmp_path / "out" / "tasks.json").read_text("utf-8"))) == 2
    assert not any("R1" in said for said in done.lost)


def test_who_is_left_out_is_said(predicted, tmp_path):
    first = db.clips.every(predicted)[0]
    db.edits.apply(predicted, db.edits.set_subject(predicted, [first.id], "S1"))
    db.raters.add(predicted, "R1")
    for party, code in (("subject", "S1"), ("rater", "R1")):
        set_consent(predicted, party, code, "export", granted=False)
    done = export_for(predicted, tmp_path / "out", "label-studio", without_refused=True)
    (said,) = (one for one in done.lost if "Left out" in one)
    assert "S1" in said
    assert "R1" not in said


def test_without_predictions_there_is_nothing_to_write(project, tmp_path):
    with pytest.raises(UserError, match="nothing to write"):
        export_for(project, tmp_path / "out", "label-studio")
