"""Plays of a clip join in any order, the first answer to a frame stays, and tracks are smoothed over what is known."""

import json

import numpy as np
import pytest

from app.domain.analysis import RunKey
from app.domain.faces import Face
from app.domain.live import LiveFace
from app.domain.played import joined, of_answers, played_clip
from app.domain.smoothing import SmoothingSettings, smooth_track

RATE = 25
CLASSES = ("calm", "glad")


def face(number, level, *, classes=CLASSES):
    place = Face(np.float32([10 * number, 20, 40, 50]), np.full((5, 2), 30, np.float32), 0.9)
    raw = np.float32([level, -level, 0.25, 0.75] if classes else [level, -level])
    return LiveFace(number, place, 0.8, raw[2:], classes, 0.0, 0.0, raw=raw)


def play(frames, level=0.5, numbers=(1,)):
    return of_answers([(idx, idx / RATE, [face(one, level) for one in numbers]) for idx in frames])


def test_answers_become_columns_in_the_order_of_frames():
    made = of_answers([(7, 0.28, [face(1, 0.1), face(2, 0.2)]), (3, 0.12, []), (5, 0.2, [face(2, 0.3)])])
    assert made.looked_idx.tolist() == [3, 5, 7]
    assert made.frame_idx.tolist() == [5, 7, 7]
    assert made.face_no.tolist() == [2, 1, 2]
    np.testing.assert_allclose(made.valence_arousal[:, 0], [0.3, 0.1, 0.2], atol=1e-6)
    assert made.probabilities.shape == (3, 2)
    assert made.classes == CLASSES


def test_the_last_answer_to_a_frame_counts_within_a_play():
    made = of_answers([(0, 0.0, []), (0, 0.0, [face(1, 0.4)])])
    assert (made.looked_idx.tolist(), made.frame_idx.tolist()) == ([0], [0])


def test_the_first_play_of_a_frame_stays_and_the_rest_is_added():
    both = joined(play([2, 4], 0.1), play([1, 2, 3], 0.9, (1, 2)))
    assert both.looked_idx.tolist() == [1, 2, 3, 4]
    assert both.frame_idx.tolist() == [1, 1, 2, 3, 3, 4]
    np.testing.assert_allclose(both.valence_arousal[:, 0], [0.9, 0.9, 0.1, 0.9, 0.9, 0.1], atol=1e-6)


def test_a_frame_without_a_face_is_known_and_stays_empty():
    none = of_answers([(1, 0.04, []), (2, 0.08, [])])
    for both in (joined(none, play([0, 1])), joined(play([0]), none)):
        assert both.looked_idx.tolist() == [0, 1, 2]
        assert both.frame_idx.tolist() == [0]
        assert both.probabilities.shape == (1, 2)
        assert both.classes == CLASSES
    assert len(joined(none, none)) == 0


def test_parts_of_a_clip_together_are_the_whole():
    whole = play(range(10), numbers=(1, 2))
    again = joined(whole.between(4, 10), whole.between(0, 4))
    for name in ("looked_idx", "frame_idx", "face_no", "boxes", "times_s"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))


@pytest.mark.parametrize("order", [1, -1])
def test_tracks_do_not_depend_on_the_order_of_the_plays(order):
    rng = np.random.default_rng(2)
    answers = [(idx, idx / RATE, [face(1, float(rng.uniform(-1, 1)))]) for idx in range(40)]
    parts = [of_answers(answers[:15]), of_answers(answers[15:])][::order]
    settings = SmoothingSettings(min_cutoff_hz=0.5)
    key = RunKey("a" * 64, "m", "b" * 64, json.dumps({"live": True, "smoothing": settings.parameters}))
    clip = played_clip(key, "CPU", joined(*parts))
    (track,) = clip.tracks
    raw = of_answers(answers)
    np.testing.assert_array_equal(track.valence_arousal, raw.valence_arousal)
    np.testing.assert_array_equal(track.smooth, smooth_track(raw.times_s, raw.valence_arousal, settings))
    assert not np.array_equal(track.smooth, track.valence_arousal)
    assert len(clip.looked_idx) == 40
