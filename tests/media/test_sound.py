"""Sound lies on the pictures' time axis, to the sample."""

import numpy as np
import pytest

from app.errors import Cancelled, UserError
from app.jobs import Context
from app.media.audio import AudioReader
from app.media.probe import probe
from app.media.waveform import build_waveform
from app.media.writer import ClipWriter

from .clips import HEIGHT, WIDTH, picture

LENGTH_S = 4


def tone(rate):
    """A rising tone: no stretch of it is like another."""
    t = np.arange(rate * LENGTH_S) / rate
    return (0.3 * np.sin(2 * np.pi * (200 + 100 * t) * t)).astype(np.float32)


@pytest.fixture(scope="session")
def sounding(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sounding")

    def make(suffix, rate=48000, channels=1):
        path = folder / f"tone{rate}_{channels}{suffix}"
        if not path.exists():
            samples = tone(rate)
            block = np.stack([samples, -0.5 * samples], 1) if channels == 2 else samples
            with ClipWriter(path, WIDTH, HEIGHT, audio_rate=rate, audio_channels=channels) as writer:
                for number in range(30 * LENGTH_S):
                    writer.write(picture(number))
                    writer.write_audio(block[number * rate // 30 : (number + 1) * rate // 30])
        return path

    return make


KINDS = [(".mp4", 48000, 1), (".mp4", 44100, 2), (".mkv", 48000, 1), (".webm", 48000, 2)]


@pytest.mark.parametrize(("suffix", "rate", "channels"), KINDS)
def test_samples_are_where_they_were_written(sounding, suffix, rate, channels):
    path = sounding(suffix, rate, channels)
    info = probe(path)
    assert (info.has_audio, info.audio_rate, info.audio_channels) == (True, rate, channels)
    with AudioReader(path) as reader:
        heard = reader.read(0, LENGTH_S, channels=2)[:, 0]
    written = tone(rate)
    lags = range(-40, 41)
    middle = slice(rate // 2, rate * 3)
    match = [np.dot(heard[middle], np.roll(written, lag)[middle]) for lag in lags]
    assert lags[int(np.argmax(match))] == 0
    assert np.corrcoef(heard[middle], written[middle])[0, 1] > 0.99


@pytest.mark.parametrize(("suffix", "rate", "channels"), KINDS)
def test_any_stretch_is_the_same_as_in_the_whole(sounding, suffix, rate, channels):
    path = sounding(suffix, rate, channels)
    with AudioReader(path) as reader:
        whole = reader.read(0, LENGTH_S)
    with AudioReader(path) as reader:
        for start_s in (3.1, 0.0, 1.234, 1.4, 0.7, 2.5, 2.4, 3.7):
            part = reader.read(start_s, 0.25)
            first = round(start_s * rate)
            np.testing.assert_allclose(part, whole[first : first + len(part)], atol=2e-4)
        coarse = reader.read(0, LENGTH_S, 16000)
        np.testing.assert_allclose(reader.read(1.5, 1, 16000), coarse[24000:40000], atol=2e-4)
        assert np.corrcoef(coarse[8000:48000, 0], reader.read(0.5, 2.5, 48000)[::3, 0])[0, 1] > 0.999


def test_silence_outside_the_clip_and_shapes(sounding):
    with AudioReader(sounding(".mp4")) as reader:
        assert reader.read(100, 0.5).shape == (24000, 1)
        assert not reader.read(100, 0.5).any()
        early = reader.read(-1, 2, channels=2)
        assert early.shape == (96000, 2)
        assert not early[:48000].any()
        assert early[48000:].any()
        assert reader.read(1, 0).shape == (0, 1)
        assert reader.end_s == pytest.approx(LENGTH_S, abs=0.1)


def test_blocks_join_to_the_whole(sounding):
    with AudioReader(sounding(".mp4")) as reader:
        starts, blocks = zip(*reader.blocks(0.37), strict=True)
        joined = np.concatenate(blocks)
        assert starts == pytest.approx([0.37 * n for n in range(len(starts))])
        assert len(joined) == pytest.approx(LENGTH_S * 48000, abs=2048)
        np.testing.assert_array_equal(joined[: LENGTH_S * 48000], reader.read(0, LENGTH_S))
        part = np.concatenate([samples for _, samples in reader.blocks(0.4, 16000, 2, start_s=1.0, stop_s=2.0)])
        assert part.shape == (16000, 2)


def test_two_channels_are_mixed_down(sounding):
    with AudioReader(sounding(".mp4", 44100, 2)) as reader:
        both, one = reader.read(1, 0.5, channels=2), reader.read(1, 0.5)
    np.testing.assert_allclose(one[:, 0], both.mean(axis=1), atol=1e-3)


def test_a_clip_without_sound(clips):
    with pytest.raises(UserError, match="has no sound"):
        AudioReader(clips("hevc.mp4"))


@pytest.mark.parametrize("name", ["WolfgangLanger_Pexels.mp4", "single_face.mp4", "face_noface.mov", "no_face.mp4"])
def test_real_sound(shared, name):
    with AudioReader(shared / "media" / name) as reader:
        whole = np.concatenate([samples for _, samples in reader.blocks(1.0)])
        assert len(whole) / reader.rate == pytest.approx(reader.end_s, abs=0.1)
        for start_s in (1.7, 0.9, 1.2):
            part = reader.read(start_s, 0.2)
            first = round(start_s * reader.rate)
            np.testing.assert_allclose(part, whole[first : first + len(part)], atol=3e-3)


def test_waveform_holds_the_extremes_at_every_zoom(sounding):
    path = sounding(".mp4")
    waveform = build_waveform(path)
    with AudioReader(path) as reader:
        samples = reader.read(0, waveform.end_s)[:, 0]
    for start_s, stop_s, bins in [(0, waveform.end_s, 7), (0.5, 3.0, 100), (1, 1.05, 300), (0, waveform.end_s, 2000)]:
        peaks = waveform.peaks(start_s, stop_s, bins)
        assert peaks.shape == (bins, 2)
        edges = np.linspace(start_s, stop_s, bins + 1)
        for nth in range(0, bins, max(bins // 50, 1)):
            part = samples[round(edges[nth] * 48000) : max(round(edges[nth + 1] * 48000), 1)]
            if len(part):  # a bin may also hold its neighbours' rims, never less than its own samples
                assert peaks[nth, 0] <= part.min() + 1e-6
                assert peaks[nth, 1] >= part.max() - 1e-6
    assert np.abs(peaks).max() <= np.abs(samples).max() + 1e-6
    assert not waveform.peaks(-2, -1, 5).any()


def test_waveform_can_be_cancelled(sounding):
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        build_waveform(sounding(".mp4"), ctx)
