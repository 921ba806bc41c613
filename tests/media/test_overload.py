"""More is asked of the player than it can decode: work is shown, not thrown away, and what is shown is exact."""

import threading

import numpy as np
import pytest

from app.domain.media import Frame
from app.errors import Cancelled
from app.jobs import Context
from app.media.cache import FrameCache
from app.media.frame_queue import FrameQueue, Ready
from app.media.playback import PlaybackEngine
from app.media.reader import KEPT_WHOLE, VideoReader
from tests.waiting import until

from .clips import number_in
from .conftest import RECIPES

LONG = "h264_b_gop250.mp4"
"""270 frames with keyframes at 0 and 250."""


@pytest.fixture
def decoded(monkeypatch):
    """The numbers of all frames that are decoded from now on."""
    seen, put = [], FrameCache.put

    def noting(cache, idx, frame):
        seen.append(idx)
        put(cache, idx, frame)

    monkeypatch.setattr(FrameCache, "put", noting)
    return seen


def taken(engine, time_s, last):
    """All pictures that a window sees which looks at a standing clock until one of them comes."""
    seen = []

    def look():
        frame = engine.frame_for(time_s)
        if frame is not None and (not seen or seen[-1] != frame.frame_idx):
            assert number_in(frame.image) == frame.frame_idx
            seen.append(frame.frame_idx)
        return bool(seen) and seen[-1] == last

    until(look)
    return seen


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_leaving_out_frames_changes_none_of_the_others(clips, name):
    with VideoReader(clips(name)) as reader:
        pictures = [frame.image for frame in reader.frames()]
    with VideoReader(clips(name)) as reader:
        due, at, came = len(pictures) * 2 // 3, 1, []
        while (found := reader.onward(at, due)) is not None:
            came.append(found.idx)
            np.testing.assert_array_equal(reader.convert(found).image, pictures[found.idx])
            at = found.idx + 1
            if at >= len(pictures):
                break
        assert came == sorted(came)
        assert set(range(due, len(pictures))) <= set(came), "nothing is left out from there on"
        for idx in (due - 1, due // 2, 1):
            np.testing.assert_array_equal(reader.frame(idx).image, pictures[idx])


def test_late_frames_are_shown_as_they_are_decoded(clips, decoded):
    with PlaybackEngine(VideoReader(clips(LONG))) as engine:
        until(lambda: engine.ready)
        engine.frame_for(0.0)
        index = engine.reader.index
        seen = taken(engine, float(index.times_s[200]), 200)
        assert len(seen) > 2, "pictures on the way are shown though they are late"
        assert max(decoded.count(idx) for idx in set(decoded)) == 1, "nothing is decoded twice"
        assert len(decoded) < 200, "frames to which no other refers were left out"
        assert engine.dropped == 200 - len([idx for idx in seen if idx > 0])


def test_the_course_jumps_where_a_keyframe_lies_ahead(clips, decoded):
    with PlaybackEngine(VideoReader(clips(LONG))) as engine:
        until(lambda: engine.ready)
        engine.frame_for(0.0)
        taken(engine, float(engine.reader.index.times_s[262]), 262)
        between = [idx for idx in decoded if 60 < idx < 240]
        assert not between, "what nobody can see any more is not decoded"
        assert not engine.late


def test_late_frames_that_are_in_memory_are_passed_over(clips):
    with VideoReader(clips(LONG)) as reader:
        for idx in range(61):
            reader.frame(idx)
        with PlaybackEngine(reader) as engine:
            until(lambda: engine.ready)
            engine.frame_for(0.0)
            seen = taken(engine, float(reader.index.times_s[60]), 60)
            assert not [idx for idx in seen if 20 < idx < 60]


def test_a_loop_whose_clock_has_begun_again_is_followed(clips):
    with PlaybackEngine(VideoReader(clips(LONG))) as engine:
        index = engine.reader.index
        engine.set_loop(10, 40)
        engine.seek_frame(10)
        until(lambda: engine.ready)
        for at in (10, 38, 12, 30, 11):  # faster than any decoder, twice round
            engine.frame_for(float(index.times_s[at]))
        assert taken(engine, float(index.times_s[20]), 20)[-1] == 20


def test_a_newer_seek_cancels_the_one_under_way_and_keeps_what_it_decoded(clips, monkeypatch):
    met, go_on, put = threading.Event(), threading.Event(), FrameCache.put

    def held_up(cache, idx, frame):
        put(cache, idx, frame)
        if idx >= 60 and not go_on.is_set():
            met.set()
            go_on.wait()

    with PlaybackEngine(VideoReader(clips(LONG))) as engine:
        until(lambda: engine.ready)
        monkeypatch.setattr(FrameCache, "put", held_up)
        engine.seek_frame(249)
        until(met.is_set)
        engine.seek_frame(3)
        go_on.set()
        until(lambda: engine.ready)
        assert engine.frame_for(float(engine.reader.index.times_s[3])).frame_idx == 3
        assert engine.reader.holds(60)
        assert not engine.reader.holds(249)


def test_pictures_on_the_way_lead_to_exactly_the_frame(clips):
    told = threading.Event()
    with PlaybackEngine(VideoReader(clips(LONG)), on_ready=told.set) as engine:
        index = engine.reader.index
        for target in (200, 240, 30, 269):
            told.clear()
            engine.scrub(float(index.times_s[target]) + 1e-6)
            seen = []
            while not seen or seen[-1] != target:
                until(told.is_set)
                told.clear()
                frame = engine.frame_for(float(index.times_s[target]))
                assert number_in(frame.image) == frame.frame_idx
                seen.append(frame.frame_idx)
            assert all(idx <= target for idx in seen if idx != seen[0])
        assert engine.dropped == 0, "nothing on the way counts"


def test_a_clip_whose_frames_are_counted_is_scrubbed_exactly(clips):
    with PlaybackEngine(VideoReader(clips("h264.avi"))) as engine:
        index = engine.reader.index
        for target in (50, 7):
            engine.scrub(float(index.times_s[target]) + 1e-6)
            until(lambda: engine.ready)
            assert number_in(engine.frame_for(float(index.times_s[target])).image) == target


def test_the_end_of_the_group_before_is_decoded_while_the_picture_stands(clips, decoded):
    with PlaybackEngine(VideoReader(clips(LONG))) as engine:
        until(lambda: engine.ready)
        engine.seek_frame(252)
        until(lambda: engine.ready)
        engine.frame_for(float(engine.reader.index.times_s[252]))
        until(lambda: all(engine.reader.holds(idx) for idx in range(230, 252)))
        decoded.clear()
        for wanted in range(251, 240, -1):
            assert engine.step(-1) == wanted
            until(lambda: engine.ready)
            assert number_in(engine.frame_for(float(engine.reader.index.times_s[wanted])).image) == wanted
        assert not [idx for idx in decoded if 241 <= idx < 252], "steps back were served from memory"


def test_a_seek_keeps_the_frames_before_it_for_steps_back(clips, decoded):
    with VideoReader(clips(LONG)) as reader:
        reader.frame(200)
        assert all(reader.holds(idx) for idx in range(200 - KEPT_WHOLE, 201))
        assert len(decoded) < 200


def test_preparing_can_be_cancelled_and_goes_on(clips):
    with VideoReader(clips(LONG)) as reader:
        ctx = Context()
        ctx.cancel()
        with pytest.raises(Cancelled):
            reader.prepare(230, 249, ctx)
        reader.prepare(230, 249)
        assert all(reader.holds(idx) for idx in range(230, 250))


def test_frames_that_the_clock_passed_are_counted_across_a_loop():
    def ready(idx, lap=0, *, at_once=False):
        return Ready(lap, Frame(idx, idx, idx / 10, np.zeros((1, 1, 4), np.uint8)), at_once)

    line = FrameQueue()
    line.loop = (5, 9)
    line.put(ready(5, at_once=True))
    line.take(0.5, 0)
    assert (line.current.frame_idx, line.dropped) == (5, 0)
    for idx in (6, 8):
        line.put(ready(idx))
    line.take(0.85, 0)
    assert (line.current.frame_idx, line.dropped) == (8, 2), "6, and 7, which was never there"
    line.put(ready(6, lap=1))
    line.take(0.6, 1)
    assert (line.current.frame_idx, line.dropped) == (6, 4), "9 and 5"
