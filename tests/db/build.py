"""Rows with arbitrary but reproducible content."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.media import MediaInfo
from app.domain.traces import TraceSamples


def media_info(path, **changes):
    """What a probe of a clip would say; a file is written so that it can be found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"clip " + path.name.encode("utf-8", "surrogateescape"))
    info = MediaInfo(
        path=path,
        kind="video",
        width=640,
        height=360,
        rotation_deg=90,
        time_base=Fraction(1, 90000),
        n_frames=250,
        duration_s=10.01,
        codec="h264",
        average_rate=Fraction(30000, 1001),
        variable_rate=True,
        has_audio=True,
        audio_rate=48000,
        audio_channels=2,
        complete=True,
        note="",
    )
    return replace(info, **changes)


def prediction(track_id, frames, seed=0, classes=("neutral", "happiness")):
    """Predictions along one track."""
    rng = np.random.default_rng(seed)
    n, k = len(frames), len(classes)
    probabilities = rng.random((n, k)).astype(np.float32)
    return TrackPrediction(
        track_id=track_id,
        frame_idx=np.asarray(frames, np.int32),
        times_s=np.asarray(frames, np.float64) * 0.04004 + 0.013,
        boxes=rng.random((n, 4)).astype(np.float32) * 200,
        landmarks=rng.random((n, 5, 2)).astype(np.float32) * 200,
        detection=rng.random(n).astype(np.float32),
        quality=rng.random(n).astype(np.float32),
        probabilities=probabilities / probabilities.sum(1, keepdims=True) if k else probabilities,
        valence_arousal=rng.uniform(-1, 1, (n, 2)).astype(np.float32),
        smooth=rng.uniform(-1, 1, (n, 2)).astype(np.float32),
        classes=classes,
    )


def analysis(sha256="a" * 64, model="frame", tracks=None, n_frames=100, **changes):
    """A run over a clip, with two tracks that overlap."""
    return ClipAnalysis(
        key=RunKey(sha256, model, "m" * 64, '{"detector":"mtcnn"}'),
        provider="CPUExecutionProvider",
        times_s=np.arange(n_frames) * 0.04004 + 0.013,
        width=640,
        height=360,
        tracks=(prediction(1, range(60)), prediction(2, range(50, 90), seed=1)) if tracks is None else tracks,
        seconds={"total": 2.5, "infer": 1.0},
        **changes,
    )


def samples(n, first_s=0.0, seed=0, device="mouse"):
    """Raw samples at 60 a second."""
    rng = np.random.default_rng(seed)
    return TraceSamples(
        times_s=first_s + np.arange(n) / 60,
        values=rng.uniform(-1, 1, (n, 2)).astype(np.float32),
        monotonic_s=1000.0 + first_s + np.arange(n) / 60,
        device=device,
    )


def same(one, other):
    """Whether two records of arrays hold the same values and types, NaN equal to NaN."""
    for name, value in vars(one).items():
        twin = getattr(other, name)
        if isinstance(value, np.ndarray):
            assert value.dtype == twin.dtype, name
            np.testing.assert_array_equal(value, twin, err_msg=name)
        elif name == "tracks":
            assert len(value) == len(twin)
            for a, b in zip(value, twin, strict=True):
                same(a, b)
        else:
            assert value == twin, name
    return True
