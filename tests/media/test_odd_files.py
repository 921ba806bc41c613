"""Files that other programs read wrongly: pages, changes of size, joined recordings, equal times, odd places."""

import os
import time
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from app.errors import UserError
from app.media.folder import media_below, strays_below
from app.media.playback import PlaybackEngine
from app.media.probe import probe
from app.media.reader import VideoReader
from tests.waiting import until

from .clips import HEIGHT, WIDTH, number_in, picture, write_clip
from .conftest import remux

PAGES = [Image.fromarray(picture(number)) for number in (5, 9, 14)]


def save(path, **options):
    PAGES[0].save(path, save_all=True, append_images=PAGES[1:], **options)
    return path


@pytest.mark.parametrize(
    ("name", "options", "times_s", "duration_s"),
    [
        ("moving.png", {"duration": [100, 200, 300]}, [0, 0.1, 0.3], 0.6),
        ("moving.webp", {"duration": [100, 200, 300], "lossless": True}, [0, 0.1, 0.3], 0.6),
        ("moving.gif", {"duration": [100, 200, 300]}, [0, 0.1, 0.3], 0.6),
        ("pages.tif", {}, [0, 1, 2], 3),
        ("jpeg-pages.tif", {"compression": "jpeg"}, [0, 1, 2], 3),
    ],
)
def test_every_page_is_shown_for_its_time(tmp_path, name, options, times_s, duration_s):
    path = save(tmp_path / name, **options)
    with VideoReader(path) as reader:
        assert (reader.info.kind, reader.info.complete) == ("video", True)
        assert [number_in(frame.image) for frame in reader.frames()] == [5, 9, 14]
        assert reader.index.times_s.tolist() == pytest.approx(times_s)
        assert reader.info.duration_s == pytest.approx(duration_s)
        assert number_in(reader.frame(1).image) == 9


def test_a_jpeg_within_a_tiff_is_one_picture_and_not_black(tmp_path):
    PAGES[1].save(tmp_path / "one.tif", compression="jpeg")
    with VideoReader(tmp_path / "one.tif") as reader:
        assert (reader.info.kind, reader.info.n_frames, reader.info.codec) == ("image", 1, "tiff")
        assert number_in(reader.frame(0).image) == 9


def test_pages_of_sixteen_bits_and_of_fractions_are_grey(tmp_path):
    grey = np.asarray(PAGES[0].convert("L"))
    for name, array in (("a.tif", grey.astype(np.uint16) * 257), ("b.tif", grey.astype(np.float32) / 255)):
        page = Image.fromarray(array)
        page.save(tmp_path / name, save_all=True, append_images=[page])
        with VideoReader(tmp_path / name) as reader:
            assert np.abs(reader.frame(1).image[:, :, 0].astype(int) - grey).max() <= 1


def test_a_page_of_another_size_keeps_its_shape(tmp_path):
    PAGES[0].save(tmp_path / "two.tif", save_all=True, append_images=[PAGES[1].crop((0, 0, WIDTH, 60))])
    with VideoReader(tmp_path / "two.tif") as reader:
        shown = reader.frame(1).image
        assert shown.shape == (HEIGHT, WIDTH, 3)
        assert shown[0].max() == 0
        assert number_in(shown[(HEIGHT - 60) // 2 :]) == 9


def two_sizes(path, second):
    """A VP8 stream whose picture changes to another size after ten frames, as a turned telephone's does."""
    with av.open(str(path), "w") as container:
        kept = []
        for size in ((192, 112), second):
            with av.open(str(path.with_suffix(f".{size[0]}.webm")), "w") as part:
                stream = part.add_stream("libvpx", rate=25)
                stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
                for number in range(10):
                    image = np.full((size[1], size[0], 3), 10 * number, np.uint8)
                    part.mux(stream.encode(av.VideoFrame.from_ndarray(image)))
                part.mux(stream.encode(None))
        for nth, size in enumerate(((192, 112), second)):
            source = av.open(str(path.with_suffix(f".{size[0]}.webm")))
            if nth == 0:
                out = container.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.size:
                    packet.pts = packet.dts = round((nth * 10 + packet.pts * packet.time_base * 25) * 40)
                    packet.time_base, packet.stream = Fraction(1, 1000), out
                    container.mux(packet)
            kept.append(source)
        for source in kept:
            source.close()
    return path


@pytest.mark.parametrize("second", [(96, 56), (112, 192)])
def test_a_frame_has_its_own_size_after_a_change(tmp_path, second):
    if "libvpx" not in av.codecs_available:
        pytest.skip("this libav has no encoder for VP8")
    path = two_sizes(tmp_path / "change.webm", second)
    with VideoReader(path) as reader:
        shapes = [frame.image.shape[1::-1] for frame in reader.frames()]
        assert shapes == [(192, 112)] * 10 + [second] * 10
        assert reader.frame(15).image.shape[1::-1] == second
        assert reader.frame(3).image.shape[1::-1] == (192, 112)
        assert (reader.info.width, reader.info.height) == (192, 112)


def test_joined_recordings_are_told_and_never_mixed(tmp_path):
    parts = b""
    for number in range(2):
        whole = write_clip(tmp_path / f"{number}.mp4", 50, rate=25, gop=10)
        part = remux(whole, tmp_path / f"{number}.ts")
        parts += part.read_bytes()
    (tmp_path / "joined.ts").write_bytes(parts)
    with pytest.raises(UserError, match="several recordings in one file: its clock goes back") as told:
        probe(tmp_path / "joined.ts")
    assert "ffmpeg -i joined.ts -c copy" in told.value.todo


def test_stepping_goes_by_number_where_frames_share_a_time(tmp_path):
    stamps = [0, 40, 40, 40, 80, 120]
    path = tmp_path / "equal.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        for number, _ in enumerate(stamps):
            frame = av.VideoFrame.from_ndarray(picture(number))
            frame.pts = number
            for packet in stream.encode(frame):
                packet.pts = packet.dts = stamps[packet.pts]
                packet.time_base = Fraction(1, 1000)
                container.mux(packet)
    with PlaybackEngine(VideoReader(path)) as playback:
        assert playback.reader.index.times_s.tolist() == pytest.approx([0, 0.04, 0.04, 0.04, 0.08, 0.12])
        seen = []
        for step in (1, 1, 1, 1, -1, -1, -1):
            idx = playback.step(step)
            time_s = float(playback.reader.index.times_s[idx])
            until(lambda: playback.ready, "the frame")
            time.sleep(0.05)  # the thread decodes ahead meanwhile; what it brings must not be shown
            for _ in range(5):
                shown = playback.frame_for(time_s)
            seen.append((idx, shown.frame_idx, number_in(shown.image)))
        assert seen == [(n, n, n) for n in (1, 2, 3, 4, 3, 2, 1)]


def test_a_folder_gives_clips_and_nothing_else(tmp_path):
    clip = tmp_path / "a.ts"
    clip.write_bytes(b"x")
    (tmp_path / "sub").mkdir()
    for name in ("B.MXF", "sub/c.vob", "sub/d.gif", "._a.ts", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link.mp4").symlink_to(clip)
    names = [path.relative_to(tmp_path).as_posix() for path in media_below(tmp_path)]
    assert names == ["B.MXF", "a.ts", "link.mp4", "sub/c.vob", "sub/d.gif"]
    assert [path.name for path in strays_below(tmp_path)] == ["gone.mp4", "pipe.mp4"]


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_is_refused_at_once(tmp_path, kind):
    path = tmp_path / "pipe.mp4"
    os.mkfifo(path)
    with pytest.raises(UserError, match="a pipe or a device"):
        probe(path if kind == "pipe" else "/dev/zero")


def test_a_link_that_leads_nowhere_is_called_one(tmp_path):
    (tmp_path / "gone.mp4").symlink_to("nowhere.mp4")
    with pytest.raises(UserError, match=r"gone\.mp4 is a link to nowhere\.mp4, which does not exist"):
        probe(tmp_path / "gone.mp4")
