"""Sound and picture belong together: what is heard while a frame is painted, by a device that nobody hears."""

import os

import numpy as np
import pytest

from app.media.writer import ClipWriter, Encoding
from app.services.projects.files import add_clips, create_project
from app.ui.parts.player import audio
from tests.ui.null_sink import NullSink

from .conftest import HEIGHT, WIDTH, number_in
from .waiting import settle

CLIP_RATE = 25
SECONDS = int(os.environ.get("SOUND_SECONDS", "8"))
"""Length of the clip, which is played whole once; SOUND_SECONDS=62 before the command plays for a minute."""

OFF_S, STEP_S = 0.025, 0.01


def write_talking_clip(path, seconds=SECONDS):
    """Frames with their numbers, and a tone during the first tenth of each second."""
    count = np.arange(seconds * 48_000)
    tone = np.where(count % 48_000 < 4_800, 0.5 * np.sin(2 * np.pi * 1000 * count / 48_000), 0).astype(np.float32)
    with ClipWriter(path, WIDTH, HEIGHT, rate=CLIP_RATE, audio_rate=48_000, encoding=Encoding(gop=25)) as writer:
        for number in range(seconds * CLIP_RATE):
            image = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
            for bit in range(8):
                if number >> bit & 1:
                    image[:24, bit * 24 : (bit + 1) * 24] = 240
            writer.write(image)
            part = tone[number * 1920 : (number + 1) * 1920]
            writer.write_audio(part[:, None])
    return path


@pytest.fixture
def talking(window, tmp_path, media_time, monkeypatch):
    """The desk with a clip that sounds, and the device."""
    sink = NullSink(media_time)
    sink.bases, start = [], audio.Speaker.start

    def noting(speaker, time_s):
        sink.bases.append(time_s)
        start(speaker, time_s)

    monkeypatch.setattr(audio, "make_sink", lambda: sink)
    monkeypatch.setattr(audio.Speaker, "start", noting)
    with create_project(tmp_path / "sound.affectograph") as project:
        add_clips(project, [write_talking_clip(tmp_path / "talking.mp4")])
    window.projects.open(tmp_path / "sound.affectograph")
    settle(lambda: window.context.project is not None)
    desk = window.show_screen("review").desk
    settle(lambda: desk.player.frame is not None)
    return desk, sink


def played(desk, sink, time, from_s, frames):
    """Play some frames by the test's clock, and return how far the sound was from each one on the screen.

    Returns:
        Seconds by which the sound lay before the frame's beginning (negative) or behind its end, 0 within; and where
        the sound began.
    """
    player, painted, outside = desk.player, [], []
    desk.centre.video.painted.connect(lambda: painted.append(player.frame_idx))
    player.seek(from_s)
    settle(lambda: player.frame_idx == int(from_s * CLIP_RATE + 1e-6))
    time.stand()
    starts = len(sink.starts)
    player.play()
    settle(lambda: len(sink.starts) > starts and sink.waiting_s() > 0.1)
    base_s, last = sink.bases[-1], player.frame_idx + frames
    while player.frame_idx < last:
        time.put_forward(STEP_S)
        due = int(player.position_s * CLIP_RATE + 1e-6)
        settle(lambda due=due: player.frame_idx == due and (due == int(from_s * CLIP_RATE) or painted[-1] == due))
        settle(lambda: sink.waiting_s() > 0.05)
        assert number_in(player.frame.image) == player.frame_idx % 256
        early_s = player.frame.time_s - (base_s + sink.heard_s())
        late_s = -early_s - 1 / CLIP_RATE
        outside.append(max(late_s, 0.0) or -max(early_s, 0.0))
    player.pause()
    time.go_on()
    return np.array(outside), base_s


def test_the_sound_heard_belongs_to_the_frame_painted_also_after_ten_seeks(talking, media_time):
    desk, sink = talking
    rng = np.random.default_rng(3)
    for from_s in (0.0, *rng.uniform(0, SECONDS - 2, 10)):
        frames = (SECONDS - 1) * CLIP_RATE if from_s == 0 else CLIP_RATE
        outside, base_s = played(desk, sink, media_time, float(from_s), frames)
        assert np.abs(outside).max() <= OFF_S
        heard = np.frombuffer(bytes(sink.starts[-1]), np.float32).reshape(-1, 2)[:, 0]
        loud = np.flatnonzero(np.abs(heard) > 0.2)
        beginnings = loud[np.diff(loud, prepend=-48_000) > 24_000] / 48_000 + base_s
        whole = beginnings[beginnings > base_s + 0.2]
        assert np.abs(whole - np.round(whole)).max(initial=0.0) < 0.01, "the samples are those of their time"
