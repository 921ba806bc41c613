"""One bad item never ends a batch: whatever it fails of, its name is kept and the others are done."""

import csv
import hashlib
import json
import os

import numpy as np
import pytest

from app.batch import Failures
from app.cli import main
from app.errors import Cancelled, ProjectLost, UserError
from app.media.writer import ClipWriter
from app.reach import NotAnswering
from app.services.predict import batch
from app.services.projects.files import add_clips, create_project
from db.blobs import BlobError


def numbers_of(failures, fails):
    done = []
    for number, error in enumerate(fails):
        with failures.of(f"clip{number}"):
            if error is not None:
                raise error
            done.append(number)
    return done


def test_whatever_fails_is_named_and_the_others_are_done():
    told = []
    failures = Failures(on_failure=told.append)
    errors = [
        None, UserError("It is empty.", "Copy it."), ValueError("too odd"), None, MemoryError(),
        OSError(28, "No space"), UserError("clip6 is short.", "Cut less."), KeyError("x"), None,
    ]  # fmt: skip
    assert numbers_of(failures, errors) == [0, 3, 8]
    assert [name for name, _ in failures.named] == ["clip1", "clip2", "clip4", "clip5", "clip6", "clip7"]
    assert told == failures.errors
    whats = [error.what for error in told]
    assert whats[0] == "clip1: It is empty."
    assert whats[1] == "clip2 failed unexpectedly: ValueError (too odd)."
    assert whats[2].startswith("clip4 needs more memory")
    assert whats[3] == "clip5: the system refused: No space."
    assert whats[4] == "clip6 is short."
    assert all(error.todo for error in told)
    assert failures.as_json()[0] == {"name": "clip1", "what": "clip1: It is empty.", "todo": "Copy it."}


@pytest.mark.parametrize("error", [Cancelled(), ProjectLost("It is gone.", "Look."), KeyboardInterrupt()])
def test_what_ends_the_whole_passes(error):
    failures = Failures()
    with pytest.raises(type(error)):
        numbers_of(failures, [None, error, None])
    assert len(failures) == 0


def grey_clip(path, frames=4):
    path.parent.mkdir(parents=True, exist_ok=True)
    with ClipWriter(path, 160, 120, rate=10) as writer:
        for i in range(frames):
            writer.write(np.full((120, 160, 3), 100 + i, np.uint8))
    return path


def hashes(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_a_batch_with_one_of_each_finishes_and_names_every_failure(tmp_path, capsys, monkeypatch):
    clips = tmp_path / "clips"
    good = [grey_clip(clips / name) for name in ("a.mp4", "S1_$5_vs_$10.mp4", "z.mp4")]
    (clips / "text.mp4").write_text("this is no video\n" * 50)
    (clips / "empty.mp4").write_bytes(b"")
    (clips / "cut.mp4").write_bytes(good[0].read_bytes()[:300])
    crash = grey_clip(clips / "crash.mp4", 5)
    out = tmp_path / "out"
    out.mkdir()
    (out / "z.csv").write_text("my,own,notes\n")
    real = batch.write_clip_figure

    def falls_over(path, analysis, name, frames):
        if name == "crash.mp4":
            raise ZeroDivisionError("in a figure")
        real(path, analysis, name, frames)

    monkeypatch.setattr(batch, "write_clip_figure", falls_over)
    before = hashes(clips)
    listed = [*good, *(clips / name for name in ("text.mp4", "empty.mp4", "cut.mp4", "gone.mp4")), crash]
    order = [listed[i] for i in (3, 0, 4, 5, 6, 7, 1, 2)]
    (tmp_path / "none").mkdir()
    assert main(["analyze", *map(str, order), str(tmp_path / "none"), "--out", str(out), "--device", "cpu"]) == 1
    said = capsys.readouterr()
    failed = {"text.mp4", "empty.mp4", "cut.mp4", "gone.mp4", "crash.mp4", "z.mp4", "none"}
    lines = [line for line in said.err.splitlines() if line.startswith("affectograph: ")]
    assert len(lines) == len(failed)
    assert {name for name in failed for line in lines if name in line} == failed
    assert said.out.splitlines()[-1].startswith("2 analysed, 7 refused")
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert [clip["path"] for clip in summary["clips"]] == [str(good[0]), str(good[1])]
    assert {one["name"].rsplit("/")[-1] for one in summary["failed"]} == failed
    assert hashes(clips) == before
    assert (out / "z.csv").read_text() == "my,own,notes\n"
    with (out / "S1_$5_vs_$10.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 4


def test_two_runs_into_one_folder_replace_only_results_of_the_first(tmp_path, capsys):
    clips, out = tmp_path / "clips", tmp_path / "out"
    for name in ("a.mp4", "b.mp4"):
        grey_clip(clips / name)
    before = hashes(clips)
    assert main(["analyze", str(clips), "--out", str(out), "--device", "cpu"]) == 0
    first = hashes(out)
    (out / "notes.txt").write_text("mine")
    (out / "b.csv").write_text("corrected by hand")
    grey_clip(clips / "c.mp4")
    capsys.readouterr()
    assert main(["analyze", str(clips), "--out", str(out), "--device", "cpu"]) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("affectograph: ")]
    assert len(lines) == 1
    assert "b.csv" in lines[0]
    after = hashes(out)
    assert after[out / "a.csv"] == first[out / "a.csv"]
    assert (out / "c.csv").exists()
    assert ((out / "b.csv").read_text(), (out / "notes.txt").read_text()) == ("corrected by hand", "mine")
    assert {path: digest for path, digest in hashes(clips).items() if path.name != "c.mp4"} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_what_is_no_file_in_a_folder_is_named(tmp_path, capsys):
    clips, out = tmp_path / "clips", tmp_path / "out"
    grey_clip(clips / "a.mp4")
    os.mkfifo(clips / "pipe.mp4")
    (clips / "device.mp4").symlink_to("/dev/zero")
    (clips / "gone.mp4").symlink_to("nowhere.mp4")
    (clips / "self.mp4").symlink_to("self.mp4")
    (clips / "notes.txt").symlink_to("nowhere.txt")
    named = ["device.mp4", "gone.mp4", "pipe.mp4", "self.mp4"]
    assert main(["analyze", str(clips), "--out", str(out), "--device", "cpu"]) == 1
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if line.startswith("affectograph: ")]
    assert [name for name, line in zip(named, lines, strict=True) if name in line] == named
    assert "1 analysed, 4 refused" in said.out
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert [one["name"] for one in summary["failed"]] == named
    with create_project(tmp_path / "p") as project:
        result = add_clips(project, [clips])
        assert [clip.name for clip in result.added] == ["a.mp4"]
        assert [name for name, error in zip(named, result.refused, strict=True) if name in error.what] == named


def test_every_kind_of_sentence_gets_its_name():
    failures = Failures()
    for kind in (BlobError("cut off"), ProjectLost("It is gone.", "Look."), NotAnswering("No answer.", "Wait.")):
        failures.add("a.mp4", kind)
        (*_, (_, told)) = failures.named
        assert type(told) is type(kind)
        assert told.what == f"a.mp4: {kind.what}"
        assert str(told) == f"a.mp4: {kind}"
