"""What the two viewing conditions add, against worked examples and known truths."""

import numpy as np
import pytest

from app.fusion.gains import FUSION, Said
from app.fusion.views import View, view_gain, view_gains, views_of

NAMES = ("alone", "also", "whole")
CONDITIONS = {"alone": "face_only", "also": "face_only", "whole": "full_context"}


def said_of(members, fusion=None):
    members = np.array(members, float)
    mean = members.mean(axis=0)
    return Said(np.arange(members.shape[1]), mean if fusion is None else np.array(fusion, float), mean, members)


def test_a_view_is_the_mean_of_its_members_that_say_something():
    nan = [np.nan, np.nan]
    said = said_of([[[0.8, 0.2], [0.6, 0.4], nan], [[0.6, 0.4], nan, nan], [[0.1, 0.9]] * 3])
    face, whole = views_of(said, NAMES, CONDITIONS)
    assert (face.name, face.members, whole.name) == ("face_only", ("alone", "also"), "full_context")
    np.testing.assert_allclose(face.said, [[0.7, 0.3], [0.6, 0.4], nan])


def test_items_of_which_one_view_says_nothing_do_not_count():
    face = View("face_only", (), np.array([[0.6, 0.4], [np.nan, np.nan], [0.3, 0.7]]))
    whole = View("full_context", (), np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4]]))
    found = view_gain(face, whole, np.array([0, 0, -1]), np.arange(3), ("a", "b"))
    assert [each.n for each in found.emotions] == [1, 1]
    assert [each.place for each in found.items] == [0]
    assert np.isnan(found.emotions[0].interval).all()  # one person tells nothing of others


@pytest.fixture(scope="module")
def gains():
    """Context helps with the second of two emotions alone, on 30 people with four items of each."""
    rng = np.random.default_rng(5)
    who = np.repeat(np.arange(30), 8)
    label = np.tile([0, 1], 120)
    face = np.where(rng.random(240) < np.where(label == 0, 0.8, 0.3), label, 1 - label)
    whole = np.where(rng.random(240) < 0.8, label, 1 - label)
    sure = [np.where(np.eye(2)[says] > 0, 0.7, 0.3) for says in (face, face, whole)]
    return view_gains(said_of(sure, sure[2]), NAMES, CONDITIONS, label, who, ("happy", "sad"))


def test_the_emotion_that_profits_is_found_and_the_other_is_not(gains):
    first = gains[0]
    assert (first.first.name, first.second.name) == ("face_only", "full_context")
    every, happy, sad = first.emotions
    assert [each.category for each in first.emotions] == ["", "happy", "sad"]
    assert (every.n, happy.n, sad.n, sad.n_subjects) == (240, 120, 120, 30)
    assert sad.interval[0] > 0.3
    assert happy.interval[0] < 0 < happy.interval[1]
    assert every.gain == pytest.approx((happy.gain + sad.gain) / 2)
    # Each is right with 0.7 and wrong with 0.3 of the probability: 0.4 of what the shares of right items gain.
    assert sad.label_gain == pytest.approx(0.4 * sad.gain)
    assert sad.label_interval == pytest.approx(tuple(0.4 * end for end in sad.interval))


def test_the_fusion_is_compared_with_each_view(gains):
    assert [(each.first.name, each.second.name) for each in gains[1:]] == [
        ("face_only", FUSION), ("full_context", FUSION)
    ]  # fmt: skip
    assert gains[1].emotions == gains[0].emotions  # here the fusion says what the whole says
    assert gains[2].emotions[0].gain == 0


def test_items_come_with_the_largest_gain_first(gains):
    values = [each.gain for each in gains[0].items]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(0.4)
    assert gains[0].items[0].says[0] != gains[0].items[0].says[1]


def test_members_of_one_condition_have_nothing_to_compare():
    said = said_of([[[0.8, 0.2]], [[0.6, 0.4]], [[0.1, 0.9]]])
    assert view_gains(said, NAMES, dict.fromkeys(NAMES, "face_only"), np.array([0]), np.array([0]), ("a", "b")) == ()
    unknown = {**CONDITIONS, "whole": ""}
    assert view_gains(said, NAMES, unknown, np.array([0]), np.array([0]), ("a", "b")) == ()
