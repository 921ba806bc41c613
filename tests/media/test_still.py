"""One picture without an index, and an index without decoding."""

import numpy as np
import pytest

from app.errors import Cancelled, UserError
from app.jobs import Context
from app.media.index import build_index, packet_index
from app.media.reader import VideoReader
from app.media.still import first_picture, still

from .clips import number_in
from .conftest import RECIPES


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_the_first_picture_is_frame_0_as_a_reader_shows_it(clips, name):
    with VideoReader(clips(name)) as reader:
        wanted = reader.frame(0, "bgra")
    found = first_picture(clips(name))
    np.testing.assert_array_equal(found.image, wanted.image)
    assert found.time_s == wanted.time_s or not reader.index.timed


def test_a_picture_within_is_that_of_a_keyframe_there(clips):
    found = still(clips("vfr.mp4"), 0.7, "rgb24")
    with VideoReader(clips("vfr.mp4")) as reader:
        number = number_in(found.image)
        assert 0 < number < 0.7 * 120 + 10
        np.testing.assert_array_equal(found.image, reader.frame(number).image)


def test_an_image_and_what_is_none(tmp_path):
    from PIL import Image

    Image.fromarray(np.full((20, 30, 3), 90, np.uint8)).save(tmp_path / "still.png")
    assert still(tmp_path / "still.png", 0.5).image.shape == (20, 30, 4)
    (tmp_path / "no.mp4").write_bytes(b"no clip" * 100)
    with pytest.raises(UserError):
        still(tmp_path / "no.mp4", 0.5)


def test_it_can_be_cancelled(clips):
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        first_picture(clips("vfr.mp4"), ctx=ctx)


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_the_index_of_the_packets_is_the_checked_one_or_none(clips, name):
    quick, full = packet_index(clips(name)), build_index(clips(name))
    if name.endswith((".mp4", ".mkv", ".webm")) and name != "h264_refresh.mp4":
        assert quick is not None
    if quick is not None:
        assert quick.same_as(full)
        assert not quick.decoded
    else:
        assert name in ("h264.avi", "mjpeg.avi", "h264_refresh.mp4")
