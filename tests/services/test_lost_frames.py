"""Frames that do not decode keep their number, their time and a row of their own, from the file to the CSV."""

import csv

import numpy as np
import pytest
from sqlalchemy import text

import db.clips
import db.runs
from app.interchange.predictions_csv import write_predictions
from app.jobs import Context
from app.media.index import build_index
from app.services.predict.analyse import Analyser
from app.services.predict.stored import analysis_for, newest_analysis
from app.services.projects.files import add_clips, check_project, create_project
from tests.media.clips import write_clip


@pytest.fixture(params=["packets are trusted", "all is decoded"])
def damaged(tmp_path, monkeypatch, request):
    """A clip of 90 frames in which three packets in the middle hold only zeros, treated as a long or a short clip."""
    import av

    path = write_clip(tmp_path / "damaged.mp4", 90, gop=10, b_frames=0, rate=25)
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(path.read_bytes())
    for position, size in packets[41:44]:
        data[position : position + size] = bytes(size)
    path.write_bytes(data)
    if request.param == "packets are trusted":
        monkeypatch.setattr("app.media.index.DECODE_ALL_PIXELS", 0)
    return path


def test_a_row_is_a_frame_with_its_own_time(damaged, tmp_path):
    index = build_index(damaged)
    assert len(index) == 90
    with Analyser() as analyser, create_project(tmp_path / "p.affectograph") as project:
        analysis = analyser.analyse(damaged, Context(), project=project)
        assert set(analysis.lost_idx.tolist()) >= {41, 42, 43}
        assert len(analysis.lost_idx) < 12
        np.testing.assert_array_equal(analysis.times_s, index.times_s)
        (clip,) = db.clips.every(project)
        again = analysis_for(project, clip, analysis.key)
    np.testing.assert_array_equal(again.lost_idx, analysis.lost_idx)
    np.testing.assert_array_equal(again.times_s, index.times_s)
    assert not analysis.complete
    n = len(analysis.lost_idx)
    assert f"{n} damaged frames" in analysis.note or f"{n} of 90 frames are damaged" in analysis.note

    write_predictions(tmp_path / "out.csv", again)
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame_idx"]) for row in rows] == list(range(90))
    assert [float(row["time_s"]) for row in rows] == [round(second, 9) for second in index.times_s.tolist()]
    assert [number for number, row in enumerate(rows) if row["status"] == "lost"] == analysis.lost_idx.tolist()


def test_a_run_of_before_is_found_out_and_replaced(damaged, tmp_path):
    """Runs of 0.1 hold the decoded frames only: from the first lost one on, row and frame number differ."""
    with Analyser() as analyser, create_project(tmp_path / "p.affectograph") as project:
        analysis = analyser.analyse(damaged, Context(), project=project)
        (clip,) = add_clips(project, [damaged]).added
        kept = np.delete(analysis.times_s, analysis.lost_idx)
        with project.write() as session:
            session.execute(
                text("UPDATE run SET n_frames = :n, times_s = :times, lost_idx = NULL"),
                {"n": len(kept), "times": db.runs.pack(kept)},
            )
        told = [problem.what for problem in check_project(project)]
        assert any("numbers" in sentence and "of the 90 frames of damaged.mp4" in sentence for sentence in told)
        assert analysis_for(project, clip, analysis.key) is None
        anew = analyser.analyse(damaged, Context(), project=project)
        np.testing.assert_array_equal(anew.times_s, analysis.times_s)
        assert db.runs.count(project) == 1
        assert not any("numbers" in problem.what for problem in check_project(project))


def test_a_short_clip_of_before_is_numbered_anew(damaged, tmp_path):
    """Of short clips 0.1 counted the decoded frames alone: the clip and its runs had fewer frames than packets."""
    with Analyser() as analyser, create_project(tmp_path / "p.affectograph") as project:
        analysis = analyser.analyse(damaged, Context(), project=project)
        (clip,) = add_clips(project, [damaged]).added
        kept = np.delete(analysis.times_s, analysis.lost_idx)
        with project.write() as session:
            values = {"n": len(kept), "times": db.runs.pack(kept)}
            session.execute(text("UPDATE run SET n_frames = :n, times_s = :times, lost_idx = NULL"), values)
            session.execute(text("UPDATE clip SET n_frames = :n"), values)
        (clip,) = db.clips.every(project)
        told = [problem.what for problem in check_project(project)]
        assert any(f"numbers {len(kept)} frames of damaged.mp4, without the damaged ones" in what for what in told)
        assert analysis_for(project, clip, analysis.key) is None
        assert newest_analysis(project, clip) is None
        anew = analyser.analyse(damaged, Context(), project=project)
        np.testing.assert_array_equal(anew.times_s, analysis.times_s)
        np.testing.assert_array_equal(newest_analysis(project, clip).times_s, analysis.times_s)
