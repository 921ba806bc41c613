"""What is known of a file: counts that containers get wrong, times, rates, sizes, damage."""

import os
from fractions import Fraction

import av
import numpy as np
import pytest

from app.domain.media import MediaInfo
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.media.index import build_index
from app.media.probe import media_hash, probe
from app.media.reader import VideoReader

from .clips import HEIGHT, WIDTH, number_in, picture, write_clip
from .conftest import RECIPES, remux


def test_frames_are_counted_not_believed(edited):
    with av.open(str(edited)) as container:
        claimed = container.streams.video[0].frames
    with VideoReader(edited) as reader:
        numbers = [number_in(frame.image) for frame in reader.frames()]
        assert claimed == 98
        assert numbers == list(range(3, 98))
        assert reader.info.n_frames == 95
        assert reader.index.times_s[0] == 0.0
        assert reader.index.keyframes[0] < 0, "decoding begins before the first frame shown"
        assert number_in(reader.frame(60).image) == 63
        assert reader.info.complete


def test_frames_are_counted_not_believed_in_real_clips(shared):
    info = probe(shared / "media" / "no_face.mp4")
    assert (info.n_frames, info.average_rate, info.variable_rate) == (95, Fraction(24), False)
    info = probe(shared / "media" / "face_noface.mov")
    assert (info.n_frames, info.codec, info.variable_rate, info.width, info.height) == (169, "hevc", True, 960, 540)
    info = probe(shared / "media" / "WolfgangLanger_Pexels.mp4")
    assert (info.n_frames, info.average_rate, info.time_base) == (472, Fraction(24000, 1001), Fraction(1, 24000))
    assert (info.has_audio, info.audio_rate, info.audio_channels) == (True, 48000, 2)
    assert info.duration_s == pytest.approx(472 * 1001 / 24000)


def test_facts_of_a_clip(clips):
    path = clips("h264_b_gop250.mp4")
    assert probe(path) == MediaInfo(
        path=path,
        kind="video",
        width=WIDTH,
        height=HEIGHT,
        rotation_deg=0,
        time_base=Fraction(1, 15360),
        n_frames=270,
        duration_s=9.0,
        codec="h264",
        average_rate=Fraction(30),
        variable_rate=False,
        has_audio=False,
        audio_rate=0,
        audio_channels=0,
        complete=True,
        note="",
    )


@pytest.mark.parametrize("name", ["vfr.mkv", "vfr.mp4"])
def test_a_variable_rate_keeps_its_times(clips, name):
    info, index = probe(clips(name)), build_index(clips(name))
    assert info.variable_rate
    wanted = np.array(RECIPES[name]["pts"]) / 1000
    np.testing.assert_allclose(index.times_s, wanted, atol=0.0005)
    assert info.average_rate == Fraction(119) / (index.time_base * int(index.pts[-1] - index.pts[0]))


def test_times_are_not_shifted(clips):
    index = build_index(clips("late.mkv"))
    assert index.start_s == pytest.approx(1000 / 30, abs=0.0005)
    assert index.end_s == pytest.approx(1060 / 30, abs=0.002)


def test_the_frame_at_a_time(clips):
    index = build_index(clips("vfr.mp4"))
    for idx in range(len(index)):
        assert index.frame_at(float(index.times_s[idx])) == idx
        assert index.frame_at(float(np.nextafter(index.times_s[idx], -1))) == max(idx - 1, 0)
    assert index.frame_at(-5.0) == 0
    assert index.frame_at(1e9) == len(index) - 1


def test_equal_time_axes_have_equal_hashes(clips, tmp_path):
    path = clips("h264_b_gop250.mp4")
    other = write_clip(tmp_path / "other.mp4", **{**RECIPES["h264_b_gop250.mp4"], "gop": 20, "quality": 35})
    assert build_index(path).content_hash() == build_index(other).content_hash()
    assert build_index(path).content_hash() != build_index(clips("vfr.mp4")).content_hash()
    assert media_hash(path) != media_hash(other)


def test_fingerprint_is_sha256(tmp_path):
    file = tmp_path / "x.bin"
    file.write_bytes(b"abc")
    assert media_hash(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "webm", "avi", "ts", "fragmented.mp4"])
def test_of_a_truncated_file_what_decodes_is_given(clips, streamable, tmp_path, suffix):
    source = {
        "mp4": lambda: streamable,
        "mkv": lambda: clips("vfr.mkv"),
        "webm": lambda: clips("vp9.webm"),
        "avi": lambda: clips("mjpeg.avi"),
        "ts": lambda: remux(clips("h264_b_gop250.mp4"), tmp_path / "whole.ts"),
        "fragmented.mp4": lambda: remux(
            clips("h264_open_gop.mp4"), tmp_path / "f.mp4", {"movflags": "frag_keyframe+empty_moov"}
        ),
    }[suffix]()
    whole = probe(source).n_frames
    path = tmp_path / f"cut.{suffix}"
    data = source.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    with VideoReader(path) as reader:
        numbers = [number_in(frame.image) for frame in reader.frames()]
        assert len(numbers) == reader.info.n_frames
        assert whole * 0.3 < len(numbers) < whole * 0.9
        assert numbers[:-8] == list(range(len(numbers) - 8)), "all but the frames around the cut"
        np.testing.assert_array_equal(reader.frame(len(numbers) - 9).image, list(reader.frames())[-9].image)
        if suffix != "ts":  # a transport stream has neither length nor table of contents
            assert not reader.info.complete
            assert reader.info.note.endswith(".")
            assert reader.info.note.count(".") >= 1


def test_damage_in_the_middle_is_accounted_for(streamable, tmp_path):
    data = bytearray(streamable.read_bytes())
    third = len(data) // 3
    data[third : third + 3000] = np.random.default_rng(5).bytes(3000)
    path = tmp_path / "middle.mp4"
    path.write_bytes(data)
    with VideoReader(path) as reader:
        frames = list(reader.frames())
        info = reader.info
        assert not info.complete
        lost = reader.skipped_idx
        assert info.n_frames == len(frames) + len(lost) == 270
        assert f"{len(lost)} of 270 frames are damaged" in info.note or "damaged in" in info.note
        assert sorted([*(f.frame_idx for f in frames), *lost]) == list(range(270))
        stamps = [f.pts for f in frames]
        assert stamps == sorted(set(stamps))
        for at in (0, len(frames) // 4, len(frames) // 2, len(frames) - 1):
            np.testing.assert_array_equal(reader.frame(frames[at].frame_idx).image, frames[at].image)
        for idx in lost:
            with pytest.raises(UserError, match=f"Frame {idx} at"):
                reader.frame(idx)


def test_damage_found_only_while_reading_is_told(streamable, tmp_path, monkeypatch):
    """A long clip is not decoded for its index: frames that turn out missing keep their number and are named."""
    data = bytearray(streamable.read_bytes())
    third = len(data) // 3
    data[third : third + 3000] = np.random.default_rng(5).bytes(3000)
    path = tmp_path / "middle.mp4"
    path.write_bytes(data)
    honest = build_index(path)
    monkeypatch.setattr("app.media.index.DECODE_ALL_PIXELS", 0)
    monkeypatch.setattr("app.media.index.ends_decode", lambda path, packets: True)
    with VideoReader(path) as reader:
        assert len(reader) == 270
        seen = [frame.frame_idx for frame in reader.frames()]
        assert sorted({*seen, *reader.skipped_idx}) == list(range(270))
        assert len(honest) == 270
        assert len(reader.skipped_idx) > 0


def test_building_can_be_cancelled(clips):
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        build_index(clips("h264_b_gop250.mp4"), ctx)
    with pytest.raises(Cancelled):
        media_hash(clips("h264_b_gop250.mp4"), ctx)


def test_progress_is_told_up_to_the_end(clips):
    told = []
    media_hash(clips("h264_b_gop250.mp4"), Context(told.append))
    assert told[-1].done == told[-1].total == os.path.getsize(clips("h264_b_gop250.mp4"))


def test_pixels_that_are_not_square_are_stretched(tmp_path):
    path = tmp_path / "wide.mp4"
    with av.open(str(path), "w") as new:
        stream = new.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(16, 11)
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(picture(number))
            frame.pts = number
            new.mux(stream.encode(frame))
        new.mux(stream.encode())
    with VideoReader(path) as reader:
        assert (reader.info.width, reader.info.height) == (round(WIDTH * 16 / 11), HEIGHT)
        assert reader.frame(3).image.shape == (HEIGHT, round(WIDTH * 16 / 11), 3)
