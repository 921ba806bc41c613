"""Variations of inputs that went wrong: other codecs, containers, clocks and kinds of pictures."""

import os
from fractions import Fraction

import av
import numpy as np
import pytest
from av.codec.codec import UnknownCodecError
from PIL import Image

from app.errors import UserError
from app.media.probe import first_time_s, probe
from app.media.reader import VideoReader

from .clips import HEIGHT, WIDTH, number_in, picture

N = 40
RATE = 25
CODECS = {
    "h264": ("libx264", {"crf": "14", "preset": "veryfast", "x264-params": "scenecut=0"}, "yuv420p"),
    "hevc": ("libx265", {"preset": "ultrafast", "x265-params": "crf=12:log-level=none:pools=1"}, "yuv420p"),
    "mpeg4": ("mpeg4", {"b": "4M"}, "yuv420p"),
    "mpeg2": ("mpeg2video", {"b": "6M"}, "yuv420p"),
    "vp8": ("libvpx", {"b": "3M", "deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "0"}, "yuv420p"),
    "vp9": ("libvpx-vp9", {"b": "3M", "deadline": "realtime", "cpu-used": "8"}, "yuv420p"),
    "av1": ("libsvtav1", {"preset": "12", "crf": "20"}, "yuv420p"),
    "mjpeg": ("mjpeg", {"q": "2"}, "yuvj420p"),
    "prores": ("prores_ks", {}, "yuv422p10le"),
    "ffv1": ("ffv1", {}, "yuv420p"),
    "wmv2": ("wmv2", {"b": "4M"}, "yuv420p"),
}
MADE = [
    ("h264", ".mp4"), ("h264", ".mkv"), ("h264", ".mov"), ("h264", ".ts"), ("h264", ".flv"), ("h264", ".avi"),
    ("hevc", ".mp4"), ("hevc", ".mkv"), ("hevc", ".ts"),
    ("mpeg4", ".mp4"), ("mpeg4", ".avi"), ("mpeg4", ".mkv"), ("mpeg4", ".mov"),
    ("mpeg2", ".ts"), ("mpeg2", ".mpg"), ("mpeg2", ".mxf"), ("mpeg2", ".mkv"),
    ("vp8", ".webm"), ("vp9", ".webm"), ("vp9", ".mkv"), ("vp9", ".mp4"),
    ("av1", ".mp4"), ("av1", ".mkv"), ("av1", ".webm"),
    ("mjpeg", ".avi"), ("mjpeg", ".mov"), ("mjpeg", ".mkv"),
    ("prores", ".mov"), ("ffv1", ".mkv"), ("ffv1", ".avi"), ("wmv2", ".asf"),
]  # fmt: skip
FORMATS = {".mkv": "matroska", ".ts": "mpegts", ".mpg": "vob"}


def made(path, codec, first=0, frames=N, begins_s=0.0, **options):
    """Write a barcode clip by libav itself, so that it owes nothing to our writer."""
    name, more, pixels = CODECS[codec]
    try:
        av.Codec(name, "w")
    except UnknownCodecError:
        pytest.skip(f"this libav has no encoder {name}")
    with av.open(str(path), "w", format=FORMATS.get(path.suffix), options=options) as container:
        stream = container.add_stream(name, rate=RATE, options=more)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, pixels
        stream.codec_context.gop_size = 10
        if codec in ("h264", "hevc", "mpeg2", "mpeg4") and path.suffix not in (".avi", ".ts"):
            stream.codec_context.max_b_frames = 2
        if codec == "h264" and path.suffix in (".avi", ".ts"):
            stream.codec_context.max_b_frames = 0
        stream.time_base = Fraction(1, RATE)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(first + number)).reformat(format=pixels)
            frame.pts, frame.time_base = number + round(begins_s * RATE), Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    if hasattr(os, "sched_setscheduler"):
        # To root, SVT-AV1 gives a priority above everything else, which would slow down all tests that run meanwhile.
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    return path


@pytest.mark.parametrize(("codec", "suffix"), MADE, ids=lambda part: part.lstrip("."))
def test_a_frame_has_its_number_and_time_in_every_codec_and_container(tmp_path, codec, suffix):
    path = made(tmp_path / f"clip{suffix}", codec)
    with VideoReader(path) as reader:
        frames = list(reader.frames())
        assert [frame.frame_idx for frame in frames] == list(range(N))
        assert [number_in(frame.image) for frame in frames] == list(range(N))
        np.testing.assert_allclose(reader.index.times_s - reader.index.start_s, np.arange(N) / RATE, atol=0.0011)
        assert [frame.time_s for frame in frames] == reader.index.times_s.tolist()
        assert reader.info.complete
        for number in np.random.default_rng(3).permutation(N)[:8].tolist():
            assert number_in(reader.frame(number).image) == number


DAMAGED = [("h264", ".mp4"), ("h264", ".mkv"), ("hevc", ".mp4"), ("mpeg4", ".avi"), ("vp9", ".webm"), ("mjpeg", ".mov")]


@pytest.mark.parametrize("place", [3, N // 2, N - 3], ids=["beginning", "middle", "end"])
@pytest.mark.parametrize(("codec", "suffix"), DAMAGED, ids=lambda part: part.lstrip("."))
def test_packets_of_zeros_shift_no_frame(tmp_path, codec, suffix, place):
    path = made(tmp_path / f"clip{suffix}", codec)
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    content = path.read_bytes()
    for packet in packets[place : place + 2]:
        at = content.index(packet)
        content = content[:at] + bytes(len(packet)) + content[at + len(packet) :]
    path.write_bytes(content)
    with VideoReader(path) as reader:
        given = {frame.frame_idx: frame for frame in reader.frames()}
        assert len(reader.index) == N
        assert sorted([*given, *reader.skipped_idx]) == list(range(N))
        assert not reader.info.complete
        for number, frame in given.items():
            assert frame.time_s == reader.index.times_s[number]
        np.testing.assert_allclose(reader.index.times_s - reader.index.start_s, np.arange(N) / RATE, atol=0.0011)
        after = -(-(place + 2) // 10) * 10  # from the next keyframe on nothing depends on what was lost
        sure = [number for number in given if number < place - 2 or number >= after]  # B frames look ahead
        assert [number_in(given[number].image) for number in sure] == sure


@pytest.mark.parametrize("begins_s", [0.0, 100.0, 7200.04], ids=["zero", "late", "two hours"])
@pytest.mark.parametrize(("codec", "suffix"), [("h264", ".mkv"), ("vp9", ".webm"), ("mpeg2", ".ts"), ("hevc", ".ts")])
def test_the_clock_of_a_file_is_kept_and_its_beginning_is_known(tmp_path, codec, suffix, begins_s):
    options = {"muxdelay": "0", "muxpreload": "0"} if suffix == ".ts" else {}
    path = made(tmp_path / f"late{suffix}", codec, begins_s=begins_s, **options)
    with VideoReader(path) as reader:
        start_s = float(reader.index.times_s[0])
        np.testing.assert_allclose(reader.index.times_s - start_s, np.arange(N) / RATE, atol=0.0011)
        assert [number_in(frame.image) for frame in reader.frames()] == list(range(N))
    assert first_time_s(path) == pytest.approx(start_s, abs=1e-9)
    assert begins_s - 0.001 <= start_s <= begins_s + 2  # transport streams begin a little later


@pytest.mark.parametrize("codec", ["h264", "mpeg2", "hevc"])
def test_joined_transport_streams_are_told_in_every_codec(tmp_path, codec):
    parts = [made(tmp_path / f"{number}.ts", codec, first=100 * number, frames=60) for number in range(2)]
    (tmp_path / "joined.ts").write_bytes(b"".join(part.read_bytes() for part in parts))
    with pytest.raises(UserError, match="several recordings in one file: its clock goes back"):
        probe(tmp_path / "joined.ts")


PAGES = [Image.fromarray(picture(number)) for number in (5, 9, 14)]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("lzw.tif", {"compression": "tiff_lzw"}),
        ("deflate.tiff", {"compression": "tiff_adobe_deflate"}),
        ("raw.tif", {}),
        ("jpeg.tif", {"compression": "jpeg", "quality": 95}),
        ("moving.avif", {"duration": 100, "quality": 95}),
        ("moving.gif", {"duration": 40}),
        ("moving.webp", {"duration": 40, "quality": 95}),
        ("moving.png", {"duration": 40}),
    ],
)
def test_no_page_is_left_out(tmp_path, name, options):
    try:
        PAGES[0].save(tmp_path / name, save_all=True, append_images=PAGES[1:], **options)
    except (OSError, KeyError, ValueError):
        pytest.skip(f"this Pillow writes no {name.partition('.')[2]}")
    with VideoReader(tmp_path / name) as reader:
        assert [number_in(frame.image) for frame in reader.frames()] == [5, 9, 14]
        assert reader.info.complete


GREY = np.asarray(PAGES[1].convert("L"))


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("fractions.tif", Image.fromarray(GREY.astype(np.float32) / 255)),
        ("numbers.tif", Image.fromarray(GREY.astype(np.int32) * 257)),
        ("sixteen.tif", Image.fromarray(GREY.astype(np.uint16) * 257)),
        ("sixteen.png", Image.fromarray(GREY.astype(np.uint16) * 257)),
        ("cmyk.tif", PAGES[1].convert("CMYK")),
        ("lab.tif", PAGES[1].convert("LAB")),
        ("bits.tif", PAGES[1].convert("1")),
        ("palette.tif", PAGES[1].convert("P")),
        ("alpha.tif", PAGES[1].convert("RGBA")),
        ("bitmap.bmp", PAGES[1]),
    ],
)
def test_one_picture_is_shown_whatever_its_numbers(tmp_path, name, page):
    page.save(tmp_path / name)
    with VideoReader(tmp_path / name) as reader:
        assert (reader.info.kind, reader.info.n_frames) == ("image", 1)
        shown = reader.frame(0).image
        assert shown.shape[:2] == (HEIGHT, WIDTH)
        assert number_in(shown) == 9
        if name.startswith(("fractions", "numbers", "sixteen")):
            assert np.abs(shown[:, :, 0].astype(int) - GREY).max() <= 1


def test_of_an_icon_the_largest_size_is_shown(tmp_path):
    PAGES[1].save(tmp_path / "icon.ico", sizes=[(16, 16), (48, 28), (192, 112)])
    with VideoReader(tmp_path / "icon.ico") as reader:
        assert (reader.info.width, reader.info.height) == (WIDTH, HEIGHT)
