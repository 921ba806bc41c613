"""Streams of sound on awkward files: every one gives numbers, or a sentence that says what is wrong."""

import importlib.util
import wave

import av
import numpy as np
import pytest

from app.domain.streams import TITLES
from app.errors import UserError
from app.jobs import Context
from app.media.audio import AudioReader
from app.streams import catalogue, is10
from app.streams.catalogue import NETWORKS, SOUNDS, open_streams
from app.streams.stream import PictureStream, StreamSpec
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip

STREAMS = ("audio", "is10")
SMILE = importlib.util.find_spec("opensmile") is not None


def file_of(place, samples, rate, channels):
    path = place / f"{rate}-{channels}-{len(samples)}.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.repeat((samples * 32767).astype("<i2")[:, None], channels, axis=1).tobytes())
    return path


def rows_of(stream, path, times_s):
    with AudioReader(path) as sound:
        return catalogue.open_streams((stream,))[0].heard(sound, times_s)


@pytest.fixture(params=STREAMS)
def stream(request):
    if request.param == "is10" and not SMILE:
        pytest.skip("openSMILE is an extra; tests below show the refusal without it")
    return request.param


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_rate_and_number_of_channels_gives_numbers(stream, tmp_path, rate, channels):
    t = np.arange(rate) / rate
    path = file_of(tmp_path, 0.3 * np.sin(2 * np.pi * 150 * t), rate, channels)
    rows = rows_of(stream, path, np.arange(20) / 25)
    assert rows.shape == (20, catalogue.open_streams((stream,))[0].spec.columns)
    assert np.isfinite(rows).all()
    assert rows.std() > 0


@pytest.mark.parametrize(("seconds", "loud"), [(1.0, 0.0), (0.02, 0.3), (0.02, 0.0), (3.0, 1.0)])
def test_silence_and_very_short_sounds_give_numbers(stream, tmp_path, seconds, loud):
    path = file_of(tmp_path, loud * np.ones(round(seconds * 16_000)), 16_000, 1)
    for times_s in (np.array([0.0]), np.array([0.0, 0.02]), np.arange(40) / 20):
        assert np.isfinite(rows_of(stream, path, times_s)).all()


def test_a_clip_without_sound_is_refused_with_a_sentence(tmp_path):
    (clip,) = act(ActorSpec(subjects=1, clips_per_subject=1, seconds=0.5, rate=8, seed=3))
    path = write_clip(clip, tmp_path / "clip.mp4", Context())
    silent = tmp_path / "silent.mp4"
    with av.open(str(path)) as source, av.open(str(silent), "w") as target:
        video = source.streams.video[0]
        out = target.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.dts is not None:
                packet.stream = out
                target.mux(packet)
    with pytest.raises(UserError, match="sound"):
        rows_of("audio", silent, np.array([0.0]))


def test_the_licence_is_told_before_and_goes_with_the_specification():
    assert catalogue.licences(("face", "audio")) == ()
    assert "no commercial use" in catalogue.licences(("audio", "is10"))[0]
    facts = catalogue.open_streams(("is10",))[0].spec.facts()
    assert facts["non_commercial"] == is10.LICENCE
    assert "non_commercial" not in StreamSpec("x", 1, 1).facts()


def test_without_the_extra_the_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(is10.importlib.util, "find_spec", lambda name: None)
    is10.open_smile.cache_clear()
    with pytest.raises(UserError, match="not installed"):
        is10.functionals(np.zeros(10, np.float32))
    is10.open_smile.cache_clear()


class Fake:
    """Stands in for openSMILE, so that what is done around it is tested without the extra."""

    def __init__(self, value):
        self.value, self.heard = value, []

    def process_signal(self, samples, rate):
        self.heard.append((len(samples), rate))
        return self

    def to_numpy(self):
        return np.full((1, is10.COLUMNS), self.value)


def test_short_sounds_are_lengthened_and_no_nan_comes_out(monkeypatch):
    fake = Fake(2.0)
    monkeypatch.setattr(is10, "open_smile", lambda: fake)
    assert (is10.functionals(np.ones(320, np.float32)) == 2).all()
    is10.functionals(np.ones(5000, np.float32))
    assert fake.heard == [(1600, 16_000), (5000, 16_000)]
    fake.value = np.nan
    with pytest.raises(UserError, match="not numbers"):
        is10.functionals(np.ones(320, np.float32))


@pytest.mark.skipif(not SMILE, reason="openSMILE is an extra; its stand-in is tested above")
def test_openSMILE_gives_1582_numbers():
    found = is10.functionals(np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32))
    assert found.shape == (1582,)


@pytest.mark.parametrize("name", [name for name in TITLES if name not in NETWORKS])
def test_streams_of_sound_are_named_as_such(name):
    try:
        (stream,) = open_streams([name])
    except UserError as error:
        pytest.skip(str(error))  # an extra that is not installed
    assert isinstance(stream, PictureStream) == (name not in SOUNDS)
