"""The playing clip: what the clock asks for is what is given, nobody waits, and nothing stays behind."""

import gc
import random
import threading
import time

import numpy as np
import psutil
import pytest

from app.media.playback import PlaybackEngine
from app.media.reader import VideoReader
from tests.waiting import PATIENCE_S, until

from .clips import number_in, write_clip


@pytest.fixture(autouse=True)
def _no_thread_stays():
    before = threading.active_count()
    yield
    until(lambda: threading.active_count() == before, "the end of threads, one of which may be in a slow read")


@pytest.fixture
def engine(clips):
    with PlaybackEngine(VideoReader(clips("vfr.mp4"))) as engine:
        until(lambda: engine.ready)
        yield engine


def shown(engine, time_s):
    frame = engine.frame_for(time_s)
    assert frame is not None
    assert number_in(frame.image) == frame.frame_idx
    return frame.frame_idx


def test_the_first_frame_comes_by_itself(engine):
    assert shown(engine, 0.0) == 0


def test_a_patient_clock_sees_every_frame(engine):
    index, seen = engine.reader.index, []
    for idx in range(len(index)):
        time_s = float(index.times_s[idx])
        until(lambda time_s=time_s, idx=idx: shown(engine, time_s) == idx)
        seen.append(idx)
        early_s = min(time_s + 0.009, index.end_s)  # frames are at least 10 ms apart
        assert shown(engine, early_s) == idx, "no frame before its time"
    assert engine.dropped == 0
    assert seen == list(range(len(index)))


def test_a_fast_clock_drops_frames_and_stays_in_step(engine):
    index = engine.reader.index
    seen = []
    for clock_s in np.arange(0.0, index.end_s, 0.16):
        idx = shown(engine, clock_s)
        assert idx <= index.frame_at(clock_s)
        seen.append(idx)
        time.sleep(0.02)
    until(lambda: shown(engine, index.end_s) == len(index) - 1)
    distinct = sorted(set(seen) | {len(index) - 1})
    assert seen == sorted(seen)
    assert engine.dropped == len(index) - len(distinct) - (0 if distinct[0] == 0 else 1)
    engine.reset_dropped()
    assert engine.dropped == 0


def test_seeking_shows_exactly_that_frame(engine):
    index = engine.reader.index
    for idx in (100, 3, 50, 51, 119, 0):
        engine.seek_frame(idx)
        until(lambda: engine.ready)
        assert shown(engine, float(index.times_s[idx])) == idx
    engine.seek(float(index.times_s[40]) + 0.001)
    until(lambda: engine.ready)
    assert shown(engine, float(index.times_s[40]) + 0.001) == 40
    engine.seek_frame(10_000)
    until(lambda: engine.ready)
    assert shown(engine, index.end_s) == 119
    assert engine.dropped == 0


def test_stepping(engine):
    index = engine.reader.index
    assert shown(engine, 0.0) == 0
    for step, wanted in [(1, 1), (1, 2), (-1, 1), (10, 11), (-50, 0), (500, 119)]:
        assert engine.step(step) == wanted
        until(lambda: engine.ready)
        assert shown(engine, float(index.times_s[wanted])) == wanted
    assert engine.step(-1) == 118
    assert engine.step(-1) == 117, "steps add up even before the frame is there"


def test_a_backward_clock_is_followed(engine):
    index = engine.reader.index
    engine.seek_frame(60)
    until(lambda: engine.ready)
    for idx in range(60, 40, -1):
        until(lambda idx=idx: shown(engine, float(index.times_s[idx])) == idx)


def test_a_loop_goes_round_without_dropping(engine):
    index = engine.reader.index
    engine.set_loop(30, 35)
    engine.seek_frame(30)
    until(lambda: engine.ready)
    seen = []
    for _ in range(3):
        for idx in range(30, 36):
            until(lambda idx=idx: shown(engine, float(index.times_s[idx])) == idx)
            seen.append(idx)
    assert seen == list(range(30, 36)) * 3
    assert engine.dropped == 0
    engine.clear_loop()
    for idx in range(35, 40):
        until(lambda idx=idx: shown(engine, float(index.times_s[idx])) == idx)
    with pytest.raises(IndexError):
        engine.set_loop(5, 4)


def test_a_new_loop_does_not_forget_the_seek_before_it(engine):
    index = engine.reader.index
    assert shown(engine, 0.0) == 0
    engine.seek_frame(90)
    engine.set_loop(80, 95)
    until(lambda: engine.ready)
    assert shown(engine, float(index.times_s[90])) == 90
    engine.seek_frame(84)
    until(lambda: engine.ready)
    assert engine.step(2) == 86, "from the frame sought, though nobody has fetched it yet"
    until(lambda: engine.ready)
    assert shown(engine, float(index.times_s[86])) == 86


def test_the_caller_never_waits(clips, monkeypatch):
    go_on, read = threading.Event(), VideoReader.frame

    def slow(reader, *words):
        go_on.wait()
        return read(reader, *words)

    monkeypatch.setattr(VideoReader, "frame", slow)
    with PlaybackEngine(VideoReader(clips("h264_b_gop250.mp4"))) as engine:
        rng = random.Random(2)
        for _ in range(200):  # all of them come back before a single frame is decoded
            engine.seek_frame(rng.randrange(270))
            assert engine.frame_for(rng.random() * 9) is None
            assert not engine.ready
        go_on.set()
        until(lambda: engine.ready)


def test_ready_is_told(clips):
    told = threading.Event()
    with PlaybackEngine(VideoReader(clips("mjpeg.avi")), on_ready=told.set) as engine:
        assert told.wait(PATIENCE_S)
        told.clear()
        engine.seek_frame(33)
        assert told.wait(PATIENCE_S)
        assert shown(engine, float(engine.reader.index.times_s[33])) == 33


def test_an_image_is_shown(tmp_path):
    from PIL import Image

    from .clips import picture

    Image.fromarray(picture(9)).save(tmp_path / "still.png")
    with PlaybackEngine(VideoReader(tmp_path / "still.png")) as engine:
        until(lambda: engine.ready)
        assert number_in(engine.frame_for(0.0).image) == 9
        assert number_in(engine.frame_for(7.0).image) == 9


def test_closing_at_any_moment(clips):
    for wait_s in (0.0, 0.001, 0.01, 0.05):
        engine = PlaybackEngine(VideoReader(clips("h264_b_gop250.mp4")))
        engine.seek_frame(249)
        time.sleep(wait_s)
        engine.close()
        engine.close()


@pytest.mark.slow
def test_a_thousand_seeks_leave_memory_flat(tmp_path):
    path = write_clip(tmp_path / "long.mp4", 240, gop=60, b_frames=3)
    process, rng = psutil.Process(), random.Random(3)
    with PlaybackEngine(VideoReader(path, cache_bytes=4 << 20)) as engine:
        index, sizes = engine.reader.index, []
        for turn in range(1000):
            idx = rng.randrange(240)
            engine.seek_frame(idx)
            if turn % 10 == 0:
                until(lambda: engine.ready)
                assert shown(engine, float(index.times_s[idx])) == idx
            if turn % 3 == 0:  # play a little
                for tick in range(3):
                    engine.frame_for(float(index.times_s[idx]) + tick / 60)
            if turn % 100 == 99:
                gc.collect()
                sizes.append(process.memory_info().rss)
        assert engine.error is None
        assert engine.reader.cached_bytes <= 4 << 20
    assert max(sizes[5:]) - min(sizes[2:5]) < 12 << 20, [size >> 20 for size in sizes]


@pytest.mark.slow
def test_reading_a_long_clip_takes_no_memory(tmp_path):
    path = write_clip(tmp_path / "long.mp4", 1500, gop=60)
    process = psutil.Process()
    with VideoReader(path) as reader:
        sizes = []
        for frame in reader.frames():
            if frame.frame_idx % 250 == 249:
                sizes.append(process.memory_info().rss)
    assert max(sizes[2:]) - sizes[1] < 8 << 20, [size >> 20 for size in sizes]
