import csv
import json
import threading

import numpy as np
import pytest

from app.cli import main
from app.domain.emotions import FERPLUS
from app.domain.stretch import Stretch
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.media.reader import VideoReader
from app.media.writer import ClipWriter
from app.services.predict.analyse import Analyser
from app.services.predict.live import LiveAnalyser
from app.services.projects.files import create_project
from app.synthetic.demo_clip import place_demo
from tests.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return place_demo(tmp_path_factory.mktemp("demo") / "demo.mp4")


@pytest.fixture(scope="module")
def analysed(demo, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(tmp_path_factory.mktemp("home")))
        with Analyser(device="cpu") as analyser:
            return analyser.analyse(demo.path, Context())


@pytest.mark.slow
def test_predictions_follow_the_known_path(demo, analysed):
    assert len(analysed.tracks) == 1
    track = analysed.tracks[0]
    assert len(track) >= 0.99 * 500
    known = demo.truth.valence[track.frame_idx]
    assert np.corrcoef(track.smooth[:, 0], known)[0, 1] >= 0.5
    np.testing.assert_allclose(track.probabilities.sum(axis=1), 1, atol=1e-4)
    assert np.abs(track.valence_arousal).max() <= 1
    assert ((track.quality >= 0) & (track.quality <= 1)).all()


@pytest.mark.slow
def test_times_are_the_pts(demo, analysed):
    with VideoReader(demo.path) as reader:
        np.testing.assert_array_equal(analysed.times_s, reader.index.times_s)


def grey_clip(path, frames=8):
    with ClipWriter(path, 160, 120, rate=10) as writer:
        for i in range(frames):
            writer.write(np.full((120, 160, 3), 100 + i, np.uint8))
    return path


def test_the_command_goes_on_after_a_refused_clip(tmp_path, capsys):
    good = grey_clip(tmp_path / "grey.mp4")
    other = grey_clip(tmp_path / "b" / "GREY.mp4") if (tmp_path / "b").mkdir() is None else None
    bad = tmp_path / "text.mp4"
    bad.write_text("this is no video\n" * 50)
    out = tmp_path / "out"
    assert main(["analyze", str(good), str(bad), str(other), "--out", str(out), "--device", "cpu"]) == 1
    printed = capsys.readouterr()
    said = printed.err.splitlines()
    assert sum("text.mp4" in line for line in said) == 1
    assert "text.mp4" in said[-1]
    assert sum("No face was found" in line for line in said) == 2
    lines = printed.out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("grey.mp4: 8 frames, none with a face, ")
    assert lines[0].endswith(f" s → {out / 'grey.csv'}")
    assert lines[1].endswith(f" s → {out / 'GREY-2.csv'}")
    assert lines[2].startswith("2 analysed, 1 refused, ")
    assert str(out) in lines[2]
    assert sorted(p.name for p in out.glob("[!.]*")) == [
        "GREY-2.csv",
        "GREY-2.png",
        "grey.csv",
        "grey.png",
        "summary.json",
    ]
    with (out / "grey.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame_idx"]) for row in rows] == list(range(8))
    assert all(row["track_id"] == row["valence"] == row["fear"] == "" for row in rows)
    assert set(FERPLUS) < set(rows[0])
    clips = json.loads((out / "summary.json").read_text())["clips"]
    assert [(c["frames"], c["frames_with_face"], c["tracks"], c["complete"]) for c in clips] == [(8, 0, 0, True)] * 2


def test_a_model_that_is_not_there_is_said_in_one_line(tmp_path, capsys):
    clip = grey_clip(tmp_path / "grey.mp4")
    assert main(["analyze", str(clip), "--model", "nobody", "--out", str(tmp_path / "out")]) == 1
    assert "no model called nobody" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_is_every_video_below_it_but_its_own_results(tmp_path, capsys):
    folder = tmp_path / "clips"
    (folder / "day 2").mkdir(parents=True)
    grey_clip(folder / "b.mp4")
    grey_clip(folder / "a.MKV".lower())
    grey_clip(folder / "day 2" / "a.mp4")
    (folder / "broken.mov").write_text("no video")
    (folder / "notes.txt").write_text("not a clip")
    (folder / "picture.png").write_bytes(b"not looked at")
    out = folder / "results"
    out.mkdir()
    grey_clip(out / "old.mp4")
    assert main(["analyze", str(folder), "--out", str(out), "--device", "cpu"]) == 1
    printed = capsys.readouterr()
    assert sorted(path.name for path in out.glob("*.csv")) == ["a-2.csv", "a.csv", "b.csv"]
    assert "broken.mov" in printed.err.splitlines()[-1]
    assert printed.out.splitlines()[-1].startswith("3 analysed, 1 refused")
    (tmp_path / "none").mkdir()
    assert main(["analyze", str(tmp_path / "none"), "--out", str(out)]) == 1
    assert "holds no video" in capsys.readouterr().err


def test_results_that_cannot_be_written_are_told_before_the_work(tmp_path, capsys, monkeypatch):
    clip = grey_clip(tmp_path / "grey.mp4")
    (tmp_path / "file").write_text("")

    def never(*_args, **_more):
        raise AssertionError("the work began")

    monkeypatch.setattr("app.services.predict.batch.Analyser", never)
    assert main(["analyze", str(clip), "--out", str(tmp_path / "file" / "out")]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_one_clip_with_a_face_in_one_line(demo, tmp_path, capsys):
    with VideoReader(demo.path) as reader:
        frames = [frame.image for frame in reader.frames(0, 6)]
    with ClipWriter(tmp_path / "six.mp4", frames[0].shape[1], frames[0].shape[0], rate=10) as writer:
        for image in frames:
            writer.write(image)
    assert main(["analyze", str(tmp_path / "six.mp4"), "--out", str(tmp_path / "out"), "--device", "cpu"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("six.mp4: 6 frames, 6 with a face in 1 track, ")


def test_a_project_keeps_predictions_and_never_computes_them_again(tmp_path, monkeypatch):
    clip = grey_clip(tmp_path / "grey.mp4")
    with create_project(tmp_path / "p.affectograph") as project, Analyser(device="cpu") as analyser:
        first = analyser.analyse(clip, Context(), project=project)

        def never(*_args):
            raise AssertionError("computed again")

        monkeypatch.setattr(analyser.pipeline, "track", never)
        again = analyser.analyse(clip, Context(), project=project)
    assert again.key == first.key
    np.testing.assert_array_equal(again.times_s, first.times_s)


def test_cancel_ends_the_decoding_thread(tmp_path):
    clip = grey_clip(tmp_path / "grey.mp4", 60)
    ctx = Context()
    before = threading.active_count()
    with Analyser(device="cpu") as analyser:
        track = analyser.pipeline.track

        def cancelled_soon(frames, context, **more):
            for number, each in enumerate(track(frames, context, **more)):
                if number == 5:
                    ctx.cancel()
                yield each

        analyser.pipeline.track = cancelled_soon
        with pytest.raises(Cancelled):
            analyser.analyse(clip, ctx)
    assert threading.active_count() == before


def test_live_gives_the_newest_frame_and_stops(demo):
    results, errors, arrived = [], [], threading.Event()

    def take(result):
        results.append(result)
        if result.faces:
            arrived.set()

    live = LiveAnalyser(None, "cpu", take, errors.append)
    assert (live.status.provider, live.status.latency_ms) == ("", 0.0), "nothing is said of what was not asked for"
    with VideoReader(demo.path) as reader:
        for number, frame in enumerate(reader.frames(0, 120)):
            live.submit(number, frame)
            if arrived.wait(0.05):
                break
    assert arrived.wait(PATIENCE_S), "the newest frame waits as long as the model needs"
    live.close()
    assert not errors
    assert arrived.is_set()
    assert [r.sequence for r in results] == sorted(r.sequence for r in results)
    face = results[-1].faces[0]
    assert face.probabilities.sum() == pytest.approx(1, abs=1e-3)
    assert live.status.provider.startswith("CPU")
    assert not any(t.name == "live-inference" for t in threading.enumerate())


def test_live_tells_when_it_cannot_start():
    errors, told = [], threading.Event()
    live = LiveAnalyser("nobody", "cpu", print, lambda error: (errors.append(error), told.set()))
    assert told.wait(PATIENCE_S)
    live.close()
    assert isinstance(errors[0], UserError)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "frames", "tracks"), [("single_face.mp4", 72, 1), ("no_face.mp4", 95, 0), ("face_noface.mov", 169, 1)]
)
def test_real_clips(shared, name, frames, tracks):
    with Analyser(device="cpu") as analyser:
        analysis = analyser.analyse(shared / "media" / name, Context())
    assert len(analysis.times_s) == frames
    assert len(analysis.tracks) == tracks
    if name == "face_noface.mov":
        assert 60 <= analysis.tracks[0].frame_idx[-1] <= 80


def test_a_part_of_a_clip_has_the_numbers_and_times_of_the_whole(tmp_path, capsys):
    clip, out = grey_clip(tmp_path / "grey.mp4", 20), tmp_path / "out"
    words = ["analyze", str(clip), "--out", str(out), "--device", "cpu"]
    assert main([*words, "--from", "0.5", "--to", "0:01.2"]) == 0
    assert capsys.readouterr().out.startswith("grey.mp4: 7 frames, none with a face")
    with (out / "grey.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(int(row["frame_idx"]), float(row["time_s"])) for row in rows] == [
        (idx, pytest.approx(idx / 10)) for idx in range(5, 12)
    ]
    (one,) = json.loads((out / "summary.json").read_text())["clips"]
    assert (one["frames"], one["first_frame"], one["last_frame"]) == (7, 5, 11)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--from", "soon"], "is no time"),
        (["--from", "1:75"], "is no time"),
        (["--from", "9"], "has no frame in the part"),
        (["--from", "1", "--to", "1"], "has no frame in the part"),
        (["--from", "1", "--project", "p.affectograph"], "--project cannot be combined"),
        (["--to", "1", "--measures"], "--measures cannot be combined"),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_a_sentence(tmp_path, capsys, monkeypatch, more, said):
    monkeypatch.chdir(tmp_path)
    clip = grey_clip(tmp_path / "grey.mp4")
    assert main(["analyze", str(clip), "--out", str(tmp_path / "out"), "--device", "cpu", *more]) != 0
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_part_finds_the_faces_of_the_whole_and_is_never_stored(demo, analysed, tmp_path):
    whole = analysed
    first, end = len(whole.times_s) // 3, 2 * len(whole.times_s) // 3
    stretch = Stretch(float(whole.times_s[first]), float(whole.times_s[end]))
    with Analyser(device="cpu") as analyser:
        part = analyser.analyse(demo.path, Context(), stretch=stretch)
        with pytest.raises(ValueError, match="part of a clip"):
            analyser.analyse(demo.path, Context(), stretch=stretch, project=object())
    assert part.stretch == (first, end)
    assert all(first <= track.frame_idx[0] and track.frame_idx[-1] < end for track in part.tracks)
    seen = {idx for track in part.tracks for idx in track.frame_idx.tolist()}
    of_whole = {idx for track in whole.tracks for idx in track.frame_idx.tolist() if first <= idx < end}
    assert len(seen ^ of_whole) <= 3
