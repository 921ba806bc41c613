"""Clips that several tests use, made once a run."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.media.writer import can_encode

from .clips import HEIGHT, WIDTH, picture, write_clip

OPEN_GOP = (("x264-params", "open-gop=1:bframes=3:b-adapt=0"),)
REFRESH = (("x264-params", "intra-refresh=1:keyint=30"),)


def vfr_stamps(n_frames: int, seed: int = 0) -> list[int]:
    """Milliseconds between 10 and 120 apart."""
    steps = np.random.default_rng(seed).integers(10, 120, n_frames - 1)
    return [0, *np.cumsum(steps).tolist()]


RECIPES = {
    "h264_b_gop250.mp4": {"n_frames": 270, "gop": 250, "b_frames": 3},
    "h264_open_gop.mp4": {"n_frames": 120, "gop": 24, "options": OPEN_GOP},
    "h264_refresh.mp4": {"n_frames": 90, "b_frames": 0, "options": REFRESH},
    "h264.mkv": {"n_frames": 90, "gop": 30, "b_frames": 2},
    "h264.avi": {"n_frames": 60, "gop": 20, "b_frames": 3},
    "hevc.mp4": {"n_frames": 90, "gop": 40, "codec": "hevc"},
    "vp9.webm": {"n_frames": 90, "gop": 40, "codec": "vp9"},
    "vfr.mkv": {"n_frames": 120, "gop": 250, "pts": vfr_stamps(120), "time_base": Fraction(1, 1000)},
    "vfr.mp4": {"n_frames": 120, "gop": 50, "pts": vfr_stamps(120, 1), "time_base": Fraction(1, 1000)},
    "late.mkv": {"n_frames": 60, "pts": list(range(1000, 1060)), "time_base": Fraction(1, 30)},
    "rotated90.mp4": {"n_frames": 60, "rotation_deg": 90},
    "rotated180.mp4": {"n_frames": 60, "rotation_deg": 180},
    "mjpeg.avi": {"n_frames": 60, "codec": "mjpeg"},
}


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Make (once) and return the clip of a recipe."""
    folder = tmp_path_factory.mktemp("clips")

    def make(name: str) -> Path:
        path = folder / name
        if not path.exists():
            recipe = RECIPES[name]
            codec = recipe.get("codec", "h264")
            if not can_encode(codec):
                pytest.skip(f"this libav has no encoder for {codec}")
            write_clip(path, **recipe)
        return path

    return make


def remux(source: Path, target: Path, options: dict[str, str] | None = None) -> Path:
    """Copy the picture packets into another container."""
    with av.open(str(source)) as old, av.open(str(target), "w", options=options or {}) as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(old.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)
    return target


@pytest.fixture(scope="session")
def streamable(clips, tmp_path_factory) -> Path:
    """An MP4 whose table of contents comes first, so that a cut-off copy can still be opened."""
    target = tmp_path_factory.mktemp("streamable") / "streamable.mp4"
    return remux(clips("h264_b_gop250.mp4"), target, {"movflags": "+faststart"})


@pytest.fixture(scope="session")
def edited(clips, tmp_path_factory) -> Path:
    """An MP4 with an edit list: three packets of 98 are decoded and never shown, as phones' trimming leaves them."""
    target = tmp_path_factory.mktemp("edited") / "edited.mp4"
    with av.open(str(target), "w") as new:
        stream = new.add_stream("libx264", rate=24, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(98):
            frame = av.VideoFrame.from_ndarray(picture(number))
            frame.pts, frame.time_base = number - 3, Fraction(1, 24)
            for packet in stream.encode(frame):
                new.mux(packet)
        for packet in stream.encode():
            new.mux(packet)
    return target
