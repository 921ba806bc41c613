"""Frames under the curves: the right ones, cut to where the face was."""

import cv2
import numpy as np
import pytest

from app.cli import main
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.jobs import Context
from app.media.writer import ClipWriter
from app.services.predict.clip_figure import write_clip_figure
from app.services.predict.thumbnails import BOX, clip_thumbnails

WIDTH, HEIGHT, FRAMES, RATE = 320, 240, 40, 10


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Frame k is grey of level 40 + 4 k."""
    path = tmp_path_factory.mktemp("clip") / "grey.mp4"
    with ClipWriter(path, WIDTH, HEIGHT, rate=RATE) as writer:
        for k in range(FRAMES):
            writer.write(np.full((HEIGHT, WIDTH, 3), 40 + 4 * k, np.uint8))
    return path


def analysis(boxes=None, frames=FRAMES):
    times_s = np.arange(frames) / RATE
    tracks = []
    for number, box in enumerate(boxes or (), 1):
        n = len(times_s)
        shares = np.full((n, 8), 0.05, np.float32)
        shares[:, 1] = 0.65
        affect = np.stack([np.sin(times_s), np.cos(times_s)], axis=1).astype(np.float32) * 0.5
        tracks.append(
            TrackPrediction(
                number, np.arange(n, dtype=np.int32), times_s, np.float32([box] * n),
                np.full((n, 5, 2), 50, np.float32), np.full(n, 0.9, np.float32), np.full(n, 0.8, np.float32),
                shares, affect, affect,
            )
        )  # fmt: skip
    return ClipAnalysis(RunKey("0", "test", "0", "{}"), "CPU", times_s, WIDTH, HEIGHT, tuple(tracks))


def test_evenly_spaced_frames_with_their_own_times(clip):
    made = clip_thumbnails(clip, analysis(), Context(), count=8, height=60)
    assert len(made) == 8
    for at, thumbnail in enumerate(made):
        assert thumbnail.image.shape == (60, 80, 3)
        assert abs(thumbnail.time_s - (at + 0.5) * 3.9 / 8) <= 0.5 / RATE + 1e-9
        assert abs(thumbnail.image.mean() - (40 + 4 * round(thumbnail.time_s * RATE))) <= 3


def test_cut_to_the_face_and_framed(clip):
    (first, *others) = clip_thumbnails(clip, analysis([[100, 80, 60, 80]]), Context(), count=4, height=120)
    room = 0.35 * 80
    wide, high = 60 + 2 * room, 80 + 2 * room
    assert first.image.shape[1] / first.image.shape[0] == pytest.approx(wide / high, abs=0.03)
    assert all(other.image.shape == first.image.shape for other in others)
    assert (np.abs(first.image.astype(int) - BOX).sum(axis=2) < 90).any()


def test_short_clips_have_fewer(clip):
    assert len(clip_thumbnails(clip, analysis(frames=3), Context(), count=8)) == 3
    assert clip_thumbnails(clip, analysis(frames=0), Context()) == ()


@pytest.mark.parametrize("frames", [1, 3, FRAMES])
@pytest.mark.parametrize("boxes", [(), ([100, 80, 60, 80],), ([10, 10, 60, 80], [200, 100, 60, 80])])
def test_a_picture_of_everything(clip, tmp_path, frames, boxes):
    of = analysis(boxes, frames)
    write_clip_figure(tmp_path / "without.png", of, "grey.mp4")
    write_clip_figure(tmp_path / "with.png", of, "grey.mp4", clip_thumbnails(clip, of, Context()))
    without, with_strip = (cv2.imread(str(tmp_path / f"{name}.png")) for name in ("without", "with"))
    assert with_strip.shape[0] > without.shape[0]
    assert with_strip.shape[1] == without.shape[1]


def test_the_option(clip, tmp_path):
    words = ["analyze", str(clip), "--out", str(tmp_path), "--device", "cpu"]
    assert main(words) == 0
    plain = (tmp_path / "grey.png").read_bytes()
    assert main([*words, "--thumbnails"]) == 0
    assert (tmp_path / "grey.png").read_bytes() != plain
