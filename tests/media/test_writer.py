"""Clips appear whole or not at all, with the times that were asked for."""

from fractions import Fraction

import numpy as np
import pytest

from app.errors import UserError
from app.media.reader import VideoReader
from app.media.writer import ClipWriter, Encoding, can_encode

from .clips import HEIGHT, WIDTH, number_in, picture


@pytest.mark.parametrize("ticks", [12000, 90000, 1_000_000])
def test_times_are_those_asked_for(tmp_path, ticks):
    """Down to a camera's microseconds."""
    stamps = [0, ticks // 30 + 7, ticks // 13, ticks // 12 + 1, ticks // 4 + 3]
    with ClipWriter(tmp_path / "a.mp4", WIDTH, HEIGHT, time_base=Fraction(1, ticks)) as writer:
        for number, pts in enumerate(stamps):
            writer.write(picture(number), pts)
    with VideoReader(tmp_path / "a.mp4") as reader:
        assert reader.index.times_s.tolist() == [pts / ticks for pts in stamps]
        assert [number_in(f.image) for f in reader.frames()] == list(range(5))


def test_an_exception_leaves_nothing(tmp_path):
    (tmp_path / "old.mp4").write_bytes(b"before")

    def stop_half_way():
        with ClipWriter(tmp_path / "old.mp4", WIDTH, HEIGHT) as writer:
            writer.write(picture(0))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop_half_way()
    assert [p.name for p in tmp_path.iterdir()] == ["old.mp4"]
    assert (tmp_path / "old.mp4").read_bytes() == b"before"


def test_a_clip_without_pictures_is_refused(tmp_path):
    writer = ClipWriter(tmp_path / "none.mp4", WIDTH, HEIGHT)
    with pytest.raises(UserError, match="not hold a single picture"):
        writer.close()
    assert list(tmp_path.iterdir()) == []


def test_places_and_names_that_cannot_be_written(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        ClipWriter(tmp_path / "nowhere" / "a.mp4", WIDTH, HEIGHT)
    with pytest.raises(UserError, match="ends in"):
        ClipWriter(tmp_path / "a.xyz", WIDTH, HEIGHT)
    assert list(tmp_path.iterdir()) == []


def test_odd_sizes_are_filled_up(tmp_path):
    image = picture(0)[: HEIGHT - 1, : WIDTH - 1]
    with ClipWriter(tmp_path / "odd.mp4", WIDTH - 1, HEIGHT - 1) as writer:
        writer.write(image)
    with VideoReader(tmp_path / "odd.mp4") as reader:
        assert (reader.info.width, reader.info.height) == (WIDTH, HEIGHT)
    with pytest.raises(ValueError, match="in a clip of"), ClipWriter(tmp_path / "b.mp4", WIDTH, HEIGHT) as writer:
        writer.write(picture(0, WIDTH, 60))


def test_bgra_pictures_and_silent_sound_track(tmp_path):
    bgra = np.dstack([picture(5)[:, :, ::-1], np.full((HEIGHT, WIDTH), 255, np.uint8)])
    with ClipWriter(tmp_path / "a.mkv", WIDTH, HEIGHT, audio_rate=16000) as writer:
        writer.write(bgra, format="bgra")
        with pytest.raises(ValueError, match="channels"):
            writer.write_audio(np.zeros((10, 2), np.float32))
    with VideoReader(tmp_path / "a.mkv") as reader:
        assert number_in(reader.frame(0).image) == 5


def test_no_sound_without_a_track(tmp_path):
    with ClipWriter(tmp_path / "a.mp4", WIDTH, HEIGHT) as writer:
        writer.write(picture(0))
        with pytest.raises(ValueError, match="no sound track"):
            writer.write_audio(np.zeros(10, np.float32))


@pytest.mark.skipif(not can_encode("ffv1"), reason="this libav has no FFV1 encoder")
def test_lossless(tmp_path):
    with ClipWriter(tmp_path / "a.mkv", WIDTH, HEIGHT, encoding=Encoding(codec="ffv1")) as writer:
        for number in range(4):
            writer.write(np.full((HEIGHT, WIDTH, 3), number * 40, np.uint8))
    with VideoReader(tmp_path / "a.mkv") as reader:
        for frame in reader.frames():
            assert np.abs(frame.image.astype(int) - frame.frame_idx * 40).max() <= 2
