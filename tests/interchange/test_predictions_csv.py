"""Predictions as CSV: a row for each face in each frame, a row for each frame without one, nothing for no value."""

import csv

import numpy as np
import pytest

from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.emotions import FERPLUS
from app.errors import UserError
from app.interchange.predictions_csv import COLUMNS, write_predictions


def track(number, frames, *, classes=FERPLUS, seed=0):
    rng = np.random.default_rng(seed + number)
    n, k = len(frames), len(classes)
    shares = rng.random((n, k)).astype(np.float32)
    return TrackPrediction(
        number, np.array(frames, np.int32), np.array(frames) / 25, rng.random((n, 4)).astype(np.float32) * 200,
        np.zeros((n, 5, 2), np.float32), rng.random(n).astype(np.float32), rng.random(n).astype(np.float32),
        shares / shares.sum(1, keepdims=True) if k else shares, rng.uniform(-1, 1, (n, 2)).astype(np.float32),
        rng.uniform(-1, 1, (n, 2)).astype(np.float32), classes,
    )  # fmt: skip


def written(tmp_path, *tracks, n_frames=5):
    times_s = 0.5 + np.cumsum(np.full(n_frames, 0.040001))
    analysis = ClipAnalysis(RunKey("a" * 64, "m", "b" * 64, "{}"), "CPU", times_s, 640, 360, tracks)
    write_predictions(tmp_path / "p.csv", analysis)
    with (tmp_path / "p.csv").open(encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        rows = list(reader)
    assert tuple(reader.fieldnames) == COLUMNS
    return times_s, rows


def test_rows_come_frame_by_frame_then_track_by_track(tmp_path):
    times_s, rows = written(tmp_path, track(1, [0, 1, 3]), track(2, [1, 2]))
    places = [(int(row["frame_idx"]), row["track_id"]) for row in rows]
    assert places == [(0, "1"), (1, "1"), (1, "2"), (2, "2"), (3, "1"), (4, "")]
    assert [float(row["time_s"]) for row in rows] == pytest.approx([times_s[frame] for frame, _ in places], abs=1e-9)
    assert {row[name] for row in rows if row["track_id"] == "" for name in COLUMNS[2:-1]} == {""}
    assert [row["status"] for row in rows] == ["face"] * 5 + ["no_face"]


def test_numbers_are_those_of_the_track(tmp_path):
    one = track(1, [0, 2])
    _, rows = written(tmp_path, one)
    mine = [row for row in rows if row["track_id"]]

    def column(*names):
        return [[float(row[name]) for name in names] for row in mine]

    np.testing.assert_allclose(column("x", "y", "w", "h"), one.boxes, atol=0.005)
    np.testing.assert_allclose(column("valence", "arousal"), one.valence_arousal, atol=5e-7)
    np.testing.assert_allclose(column("valence_smooth", "arousal_smooth"), one.smooth, atol=5e-7)
    np.testing.assert_allclose(column(*FERPLUS), one.probabilities, atol=5e-7)
    np.testing.assert_allclose(column("detection")[0][0], one.detection[0], atol=5e-7)
    np.testing.assert_allclose(column("quality")[1][0], one.quality[1], atol=5e-5)


def test_classes_that_a_model_does_not_have_are_empty_and_others_stand_in_our_order(tmp_path):
    few = track(1, [0], classes=("happiness", "neutral"))
    few.valence_arousal[0, 1] = np.nan
    _, rows = written(tmp_path, few, n_frames=1)
    (row,) = rows
    assert float(row["happiness"]) == pytest.approx(few.probabilities[0, 0], abs=5e-7)
    assert float(row["neutral"]) == pytest.approx(few.probabilities[0, 1], abs=5e-7)
    assert {row[name] for name in FERPLUS if name not in few.classes} == {""}
    assert row["arousal"] == ""
    (row,) = written(tmp_path, track(1, [0], classes=()), n_frames=1)[1]
    assert {row[name] for name in FERPLUS} == {""}


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    analysis = ClipAnalysis(RunKey("a" * 64, "m", "b" * 64, "{}"), "CPU", np.zeros(0), 640, 360, ())
    with pytest.raises(UserError):
        write_predictions(tmp_path / "file" / "p.csv", analysis)
