"""Live predictions as a stream of LSL: its channels and samples, and the sentence where LSL is missing."""

import builtins

import numpy as np
import pytest

from app.domain.faces import Face
from app.domain.live import LiveFace, LiveResult
from app.errors import UserError
from app.services.predict.lsl import FIRST, LslOut, channels_of, leading_face, sample_of

CLASSES = ("happiness", "anger")


def face(track, side, chances=(0.75, 0.25)):
    box = np.array([10, 10, side, side], np.float32)
    return LiveFace(
        track, Face(box, np.zeros((5, 2), np.float32), 0.9), 0.8, np.float32(chances), CLASSES, 0.5, -0.25
    )  # fmt: skip


def test_the_largest_face_is_sent_in_channels_with_names():
    result = LiveResult(1, 0, 0.0, (face(1, 20), face(2, 40)))
    chosen = leading_face(result)
    assert chosen.track_id == 2
    assert channels_of(chosen) == (*FIRST, *CLASSES)
    assert sample_of(chosen) == [2.0, 0.8, 0.5, -0.25, 0.75, 0.25]
    assert leading_face(LiveResult(2, 1, 0.1, ())) is None


def test_without_lsl_a_sentence_says_what_to_do(monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **more):
        if name == "pylsl":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UserError, match="not installed") as error:
        LslOut("test")
    assert "affectograph[lsl]" in error.value.todo


def test_another_program_receives_what_is_sent():
    """Needs the extra lsl; the stream is looked for on this machine."""
    lsl = pytest.importorskip("pylsl")
    out = LslOut("test")
    result = LiveResult(1, 0, 0.0, (face(3, 40),))
    out.send(result)
    assert out.channels == (*FIRST, *CLASSES)
    (found,) = lsl.resolve_byprop("source_id", "affectograph-test", 1, 30.0)
    assert (found.name(), found.type(), found.channel_count()) == ("Affectograph", "Affect", 6)
    inlet = lsl.StreamInlet(found)
    inlet.open_stream(30.0)
    names = inlet.info().desc().child("channels").child("channel")
    assert names.child_value("label") == "track"
    before = lsl.local_clock()
    out.send(result, latency_s=0.5)
    sample, stamp = inlet.pull_sample(30.0)
    assert sample == pytest.approx([3.0, 0.8, 0.5, -0.25, 0.75, 0.25])
    assert before - 0.5 <= stamp < lsl.local_clock() - 0.4
    inlet.close_stream()
    out.close()
    assert out.channels == ()
