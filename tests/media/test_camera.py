"""Cameras, with a test picture and a clip standing in for a device."""

import errno
import threading

import numpy as np
import pytest

from app.errors import UserError
from app.media.camera import CameraSource, advice_for, list_cameras
from tests.waiting import PATIENCE_S, until

from .clips import number_in, write_clip


@pytest.fixture(autouse=True)
def _no_thread_stays():
    before = threading.active_count()
    yield
    until(lambda: threading.active_count() == before, "the end of threads")


def test_listing_never_fails():
    for camera in list_cameras():
        assert camera.device
        assert camera.label


def test_the_newest_frame_wins_and_time_is_the_clocks():
    with CameraSource("testsrc=size=64x48:rate=50", api="lavfi") as camera:
        frames, come_s = [], []
        for frame in camera.frames("bgra"):
            frames.append(frame)
            come_s.append(camera.now_s)
            if len(frames) == 5:  # somebody is slow
                assert camera.newest(frame.frame_idx + 5, timeout_s=PATIENCE_S)
            if len(frames) == 10:
                break
    numbers = [f.frame_idx for f in frames]
    assert numbers == sorted(set(numbers))
    assert numbers[5] - numbers[4] > 5, "frames meanwhile are passed over"
    times = [f.time_s for f in frames]
    assert times == sorted(times)
    for frame, given_s in zip(frames, come_s, strict=True):
        assert frame.frame_idx / 50 - 0.005 <= frame.time_s <= given_s + 0.005, "none comes before it is due"
    assert all(f.time_s == f.pts / 1_000_000 for f in frames)
    assert frames[0].image.shape == (48, 64, 4)


def test_asking_without_waiting():
    with CameraSource("testsrc=size=64x48:rate=10", api="lavfi") as camera:
        frame = camera.newest(timeout_s=PATIENCE_S)
        assert frame is not None
        assert camera.newest(after_idx=frame.frame_idx + 10_000) is None
        again = camera.newest(after_idx=-1, format="gray")
        assert again is not None
        assert again.image.shape == (48, 64)
    with pytest.raises(ValueError, match="closed"):
        camera.newest()
    camera.close()


def test_a_lost_camera_says_so(tmp_path):
    path = write_clip(tmp_path / "short.mp4", 6)
    seen = []
    with CameraSource(str(path), api="file") as camera:
        frames = (seen.append(number_in(frame.image)) for frame in camera.frames())
        with pytest.raises(UserError, match="was lost") as lost:
            list(frames)
        assert camera.lost
    assert "start it again" in lost.value.todo
    assert seen == sorted(set(seen))
    assert seen[-1] == 5


def test_no_such_camera():
    with pytest.raises(UserError, match="cannot be opened"):
        CameraSource("no-such-device-77")


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "group “video”"),
        (OSError(errno.EBUSY, "Device or resource busy"), "Another program"),
        (OSError(errno.EIO, "I/O error"), "Check its cable"),
        (None, "Check its cable"),
    ],
)
def test_what_to_do_depends_on_why(failure, advice):
    assert advice in advice_for(failure)


def test_frames_belong_to_their_receiver():
    with CameraSource("testsrc=size=64x48:rate=5", api="lavfi") as camera:
        first = camera.newest(timeout_s=PATIENCE_S)
        kept = first.image.copy()
        first.image[:] = 0
        second = camera.newest(after_idx=first.frame_idx - 1)
        if second.frame_idx == first.frame_idx:
            np.testing.assert_array_equal(second.image, kept)
