"""Facts about a run over a clip that follow from its tracks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction


def track(number, frames):
    frames = np.array(sorted(frames), np.int32)
    n = len(frames)
    return TrackPrediction(
        number, frames, frames / 25, np.zeros((n, 4), np.float32), np.zeros((n, 5, 2), np.float32),
        np.ones(n, np.float32), np.ones(n, np.float32), np.full((n, 8), 1 / 8, np.float32),
        np.zeros((n, 2), np.float32), np.zeros((n, 2), np.float32),
    )  # fmt: skip


def analysis(*frames):
    tracks = tuple(track(number, each) for number, each in enumerate(frames, 1))
    return ClipAnalysis(RunKey("a" * 64, "m", "b" * 64, "{}"), "CPU", np.arange(30) / 25, 640, 360, tracks)


@given(st.lists(st.sets(st.integers(0, 29)), max_size=4))
def test_a_frame_with_two_faces_counts_once(frames):
    assert analysis(*frames).frames_with_face == len(set().union(*frames))
    assert [len(each) for each in analysis(*frames).tracks] == [len(each) for each in frames]
