"""Seeking to any frame and decoding to it give the same picture; times are the stream's own."""

import random

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Cancelled
from app.jobs import Context
from app.media.reader import VideoReader

from .clips import number_in
from .conftest import RECIPES


def libav_stamps(path):
    """What libav decodes, by nothing of ours, one thread."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return [frame.pts for frame in container.decode(stream)], stream.time_base


def upright(reader, image):
    """The picture as stored, so that the barcode lies at the top."""
    return np.rot90(image, reader.info.rotation_deg // 90)


@pytest.mark.parametrize("name", RECIPES)
def test_sequential_reading_gives_every_frame_once_with_its_own_time(clips, name):
    path = clips(name)
    stamps, time_base = libav_stamps(path)
    with VideoReader(path) as reader:
        frames = list(reader.frames())
        assert [f.frame_idx for f in frames] == list(range(RECIPES[name]["n_frames"]))
        assert [number_in(upright(reader, f.image)) for f in frames] == list(range(len(frames)))
        assert [f.pts for f in frames] == reader.index.pts.tolist() == sorted(stamps)
        assert [f.time_s for f in frames] == [float(pts * time_base) for pts in sorted(stamps)]
        assert reader.info.complete
        assert reader.info.note == ""
        assert reader.skipped_idx == ()


@pytest.fixture(scope="session")
def pictures(clips):
    """Every frame of a clip, decoded in order, by name."""
    held = {}

    def of(name):
        if name not in held:
            with VideoReader(clips(name)) as reader:
                held[name] = [frame.image for frame in reader.frames()]
        return held[name]

    return of


@pytest.fixture
def readers(clips):
    """One reader a clip for all examples of a test, so that seeks follow one another in any order; a small cache."""
    held = {}

    def of(name):
        if name not in held:
            held[name] = VideoReader(clips(name), cache_bytes=8 * 192 * 112 * 3 // 2)
        return held[name]

    yield of
    for reader in held.values():
        reader.close()


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_seeking_equals_decoding(pictures, readers, data):
    name = data.draw(st.sampled_from(sorted(RECIPES)))
    reader, sequential = readers(name), pictures(name)
    for idx in data.draw(st.lists(st.integers(0, len(sequential) - 1), min_size=1, max_size=4)):
        frame = reader.frame(idx)
        assert frame.frame_idx == idx
        assert frame.pts == reader.index.pts[idx]
        np.testing.assert_array_equal(frame.image, sequential[idx])


@pytest.mark.parametrize("name", ["h264_open_gop.mp4", "vfr.mkv", "h264.avi"])
def test_reading_may_begin_anywhere_and_leave_frames_out(clips, pictures, name):
    sequential = pictures(name)
    with VideoReader(clips(name)) as reader:
        for start, stop, step in [(0, 7, 1), (29, 41, 3), (len(sequential) - 2, None, 1), (50, 50, 1)]:
            frames = list(reader.frames(start, stop, step=step))
            wanted = range(start, len(sequential) if stop is None else stop, step)
            assert [f.frame_idx for f in frames] == list(wanted)
            for frame in frames:
                np.testing.assert_array_equal(frame.image, sequential[frame.frame_idx])


def test_stepping_back_comes_from_memory_and_is_exact(clips, pictures):
    sequential = pictures("h264_b_gop250.mp4")
    with VideoReader(clips("h264_b_gop250.mp4")) as reader:
        for idx in range(249, 149, -1):
            np.testing.assert_array_equal(reader.frame(idx).image, sequential[idx])
        assert reader.cached_bytes > 100 * 192 * 112


def test_index_by_packets_alone_agrees_with_decoding(clips, monkeypatch):
    """Long clips are indexed without decoding them; the result must be the same."""
    for name in RECIPES:
        path = clips(name)
        with VideoReader(path) as reader:
            whole = reader.index
        with monkeypatch.context() as patch:
            patch.setattr("app.media.index.DECODE_ALL_PIXELS", 0)
            with VideoReader(path) as reader:
                index = reader.index
                image = reader.frame(len(index) // 2).image
        assert index.pts.tolist() == whole.pts.tolist(), name
        assert index.content_hash() == whole.content_hash()
        assert index.end_pts == whole.end_pts
        assert index.decoded == name.endswith(".avi"), "an AVI is never trusted, the others are"
        with VideoReader(path, index=index) as reader:
            np.testing.assert_array_equal(reader.frame(len(index) // 2).image, image)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["WolfgangLanger_Pexels.mp4", "face_noface.mov", "no_face.mp4", "single_face.mp4"])
def test_real_clips(shared, name):
    path = shared / "media" / name
    stamps, time_base = libav_stamps(path)
    with VideoReader(path) as reader:
        frames = list(reader.frames())
        assert [f.pts for f in frames] == stamps
        assert [f.time_s for f in frames] == [float(pts * time_base) for pts in stamps]
        rng = random.Random(7)
        for idx in [0, len(frames) - 1, *(rng.randrange(len(frames)) for _ in range(25))]:
            np.testing.assert_array_equal(reader.frame(idx).image, frames[idx].image)


def test_a_hardware_decoder_that_is_not_there_is_done_without(clips, pictures):
    with VideoReader(clips("vfr.mp4"), hwaccel="cuda") as reader:
        if reader.hwaccel is None:
            np.testing.assert_array_equal(reader.frame(77).image, pictures("vfr.mp4")[77])
        assert number_in(reader.frame(77).image) == 77
    with VideoReader(clips("vfr.mp4"), hwaccel="no such thing") as reader:
        assert reader.hwaccel is None
        assert number_in(reader.frame(40).image) == 40


def test_a_long_way_to_a_frame_can_be_cancelled(clips, pictures):
    with VideoReader(clips("h264_b_gop250.mp4")) as reader:
        ctx = Context()
        ctx.cancel()
        with pytest.raises(Cancelled):
            reader.frame(200, ctx=ctx)
        for idx in (200, 4):
            np.testing.assert_array_equal(reader.frame(idx).image, pictures("h264_b_gop250.mp4")[idx])
