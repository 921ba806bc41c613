"""Files that are not clips: one sentence on what is wrong, one on what to do, and nothing left behind."""

import os

import av
import numpy as np
import pytest

from app.errors import UserError
from app.media.probe import media_hash, probe
from app.media.reader import VideoReader

from .clips import write_clip


def make_text(path):
    path.write_text("no film, only words\n" * 300)


def make_nothing_decodes(path):
    write_clip(path, 20)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    size = int.from_bytes(data[start - 8 : start - 4], "big") - 8
    data[start : start + size] = bytes(size)
    path.write_bytes(data)


def make_no_contents(path):
    write_clip(path, 60)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def make_sound_only(path):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = 44100, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


CASES = {
    "text.mp4": (make_text, "not a video or image"),
    "words.txt": (make_text, "not a video or image"),
    "art.nfo": (make_text, "not a video or image"),
    "noise.mp4": (lambda p: p.write_bytes(np.random.default_rng(1).bytes(20000)), "not a video or image"),
    "list.m3u8": (lambda p: p.write_text("#EXTM3U\n#EXTINF:9,\nother.mp4\n"), "not a video or image"),
    "empty.mp4": (lambda p: p.write_bytes(b""), "is empty (0 bytes)"),
    "missing.mp4": (lambda p: None, "does not exist"),
    "folder.mp4": (lambda p: p.mkdir(), "is a folder"),
    "zeros.mp4": (make_nothing_decodes, "no frame that can be decoded"),
    "cut.mp4": (make_no_contents, "cut off: its table of contents (moov) is missing"),
    "song.mp4": (make_sound_only, "sound but no picture"),
    "stub.jpg": (lambda p: p.write_bytes(b"\xff\xd8\xff\xe0" + bytes(100)), "no frame that can be decoded"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_that_is_no_clip_is_refused_in_two_sentences(tmp_path, name, capfd):
    make, words = CASES[name]
    path = tmp_path / name
    make(path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UserError) as refused:
        probe(path)
    assert words in refused.value.what
    assert path.name in refused.value.what
    assert refused.value.todo.endswith(".")
    assert "\n" not in str(refused.value)
    assert sorted(tmp_path.iterdir()) == before
    assert capfd.readouterr() == ("", ""), "libav's own log is silent"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = write_clip(tmp_path / "secret.mp4", 5)
    path.chmod(0)
    with pytest.raises(UserError, match="may not be read"):
        probe(path)


def test_refused_by_the_system(tmp_path, monkeypatch):
    """The twin of the test above that also runs as root."""
    path = write_clip(tmp_path / "secret.mp4", 5)

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(UserError, match="may not be read"):
        probe(path)


@pytest.mark.parametrize("name", ["missing.mp4", "empty.mp4", "folder.mp4"])
def test_no_fingerprint_of_what_cannot_be_read(tmp_path, name):
    CASES[name][0](tmp_path / name)
    with pytest.raises(UserError):
        media_hash(tmp_path / name)


def test_a_name_is_only_a_name(clips, tmp_path):
    """libav reads protocols, patterns and lists into names; a user's file may be called anything."""
    source = clips("mjpeg.avi")
    for name in ["a:b.avi", "concat|x.avi", "take%03d.avi", "übung ☂.avi", "-i.avi"]:
        path = tmp_path / name
        path.write_bytes(source.read_bytes())
        assert probe(path).n_frames == 60


def test_frames_outside_the_clip_and_a_closed_reader(clips):
    reader = VideoReader(clips("mjpeg.avi"))
    for idx in (-1, 60):
        with pytest.raises(IndexError):
            reader.frame(idx)
    with pytest.raises(ValueError, match="step"):
        next(reader.frames(step=0))
    reader.close()
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.frame(0)
