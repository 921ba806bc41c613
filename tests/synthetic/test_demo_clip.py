"""The demo clip is a whole, reproducible clip that shows its known path."""

import numpy as np
import pytest

from app.errors import Cancelled
from app.jobs import Context
from app.media.probe import probe
from app.media.reader import VideoReader
from app.synthetic import demo_clip
from app.synthetic.demo_clip import demo_rows, demo_truth, place_demo, render_demo
from app.synthetic.paths import random_path
from app.synthetic.portrait import FaceRenderer
from app.synthetic.sound import RATE, pad


def test_path_visits_all_four_quadrants_and_is_smooth():
    truth = demo_truth()
    assert len(truth) == 500
    for v, a in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        seconds = ((v * truth.valence > 0.2) & (a * truth.arousal > 0.2)).sum() / 25
        assert seconds > 1.0
    speed = np.abs(np.diff(truth.values, axis=0)).max() * 25
    assert speed < 2.5
    np.testing.assert_array_equal(demo_truth().valence, truth.valence)


def test_random_paths_stay_on_the_plane_and_differ():
    times_s = np.arange(0, 30, 0.04)
    a, b = random_path(times_s, 1), random_path(times_s, 2)
    assert np.abs(a.values).max() <= 1
    assert not np.allclose(a.valence, b.valence)
    assert a.at(np.array([-5.0, 99.0])).valence == pytest.approx([a.valence[0], a.valence[-1]])


def test_sound_follows_arousal():
    times_s = np.arange(0, 6, 0.04)
    path = random_path(times_s, 3)
    calm, lively = (type(path)(times_s, path.valence, np.full(len(times_s), a)) for a in (-0.8, 0.8))
    sound = pad(calm, 6.0)
    assert sound.shape == (6 * RATE, 2)
    assert sound.dtype == np.float32
    assert np.abs(sound).max() == pytest.approx(0.5, abs=1e-3)
    assert np.abs(sound[:50]).max() < 0.01  # no click at the start

    def brightness(samples):
        spectrum = np.abs(np.fft.rfft(samples[:, 0]))
        return (spectrum * np.arange(len(spectrum))).sum() / spectrum.sum()

    assert brightness(pad(lively, 6.0)) > 1.3 * brightness(sound)


def test_rendered_clip_is_whole_and_shows_the_rendered_frames(tmp_path):
    clip = render_demo(tmp_path / "demo.mp4", duration_s=2.0)
    info = probe(clip.path)
    assert (info.width, info.height) == (640, 360)
    with VideoReader(clip.path) as reader:
        frames = [(frame.time_s, frame.image.copy()) for frame in reader.frames()]
    assert len(frames) == len(clip.truth) == 50
    np.testing.assert_allclose([t for t, _ in frames], clip.truth.times_s, atol=1e-6)
    renderer, rows = FaceRenderer(), demo_rows(clip.truth)
    for i in (0, 20, 49):
        assert np.abs(frames[i][1].astype(int) - renderer.frame(rows[i])).mean() < 4


def test_cancelled_rendering_leaves_nothing(tmp_path):
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        render_demo(tmp_path / "demo.mp4", ctx=ctx, duration_s=1.0)
    assert list(tmp_path.iterdir()) == []


def test_shipped_clip_is_what_the_code_renders(tmp_path):
    clip = place_demo(tmp_path / "demo.mp4")
    renderer, rows = FaceRenderer(), demo_rows(clip.truth)
    with VideoReader(clip.path) as reader:
        np.testing.assert_allclose(reader.index.times_s, clip.truth.times_s, atol=1e-6)
        for i in (0, 60, 140, 200, 290, 350, 499):
            assert np.abs(reader.frame(i).image.astype(int) - renderer.frame(rows[i])).mean() < 4


def test_without_the_shipped_clip_it_is_rendered(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_clip, "SHIPPED", "missing.mp4")
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):  # rendering began: it is what notices the wish to stop
        place_demo(tmp_path / "demo.mp4", ctx)
    assert list(tmp_path.iterdir()) == []
