"""How tracks are compared and grouped, on looks that are made up."""

from dataclasses import replace

import numpy as np
import pytest

from app.domain.faces import Face
from app.faces.head_pose import HeadPose, neutral_face, rotation
from app.faces.person import TrackLooks, alike, clothes_below, proportions
from app.faces.same_person import groups_of

BOX = np.float32([10, 10, 40, 50])


def looks(seed, first_s=0.0, last_s=1.0, box=BOX):
    rng = np.random.default_rng(seed)
    described = rng.normal(size=(3, 64)).astype(np.float32)
    described = described[:1] + 0.2 * described
    described /= np.linalg.norm(described, axis=1, keepdims=True)
    clothes = rng.dirichlet(np.full(20, 0.1)).astype(np.float32)
    return TrackLooks(described, clothes, np.ones(11, np.float32), first_s, last_s, box, box)


def test_a_track_is_like_itself_and_unlike_another():
    one, other = looks(1), replace(looks(2), shape=np.full(11, 1.2, np.float32))
    assert alike(one, one, one_clip=False).score > 0.95
    assert alike(one, other, one_clip=False).score < 0.3


def test_what_one_of_them_lacks_does_not_count():
    one = looks(1)
    bare = replace(one, clothes=None, shape=None)
    assert alike(one, bare, one_clip=False).cues.keys() == {"looks"}


def test_the_same_place_soon_after_speaks_for_one_person_only_within_a_clip():
    one, after = looks(1), looks(2, first_s=1.5, last_s=3.0)
    late = looks(2, first_s=9.0, last_s=12.0)
    plain = alike(one, after, one_clip=False).score
    assert alike(one, after, one_clip=True).score == pytest.approx(plain + 0.15)
    assert alike(after, one, one_clip=True).score == pytest.approx(plain + 0.15)
    assert alike(one, late, one_clip=True).score == pytest.approx(plain)


def test_the_proportions_of_a_face_do_not_change_with_its_turn_and_size():
    plain = proportions(neutral_face())
    turned = proportions(3.0 * neutral_face() @ rotation(HeadPose(20, 0, 12)).T + 200)
    wide = proportions(neutral_face() * (1.2, 1, 1))
    assert np.abs(turned - plain).max() < 0.06  # the depth of a mesh is stretched first, which bends it a little
    assert np.abs(wide - plain).max() > 0.1


def test_clothes_are_the_colours_below_the_face():
    picture = np.full((200, 100, 3), 90, np.uint8)
    picture[70:] = (200, 30, 30)
    red = clothes_below(picture, Face(BOX, np.zeros((5, 2), np.float32), 1.0))
    picture[70:] = (30, 30, 200)
    blue = clothes_below(picture, Face(BOX, np.zeros((5, 2), np.float32), 1.0))
    assert red.sum() == pytest.approx(1, abs=1e-5)
    assert np.sqrt(red * blue).sum() < 0.2
    assert clothes_below(picture[:60], Face(BOX, np.zeros((5, 2), np.float32), 1.0)) is None


def symmetric(pairs, count):
    table = np.zeros((count, count))
    for i, j, value in pairs:
        table[i, j] = table[j, i] = value
    return table


def test_groups_hold_tracks_that_are_alike_on_average():
    likeness = symmetric([(0, 1, 0.9), (1, 2, 0.75), (0, 2, 0.2), (3, 4, 0.8)], 5)
    nowhere = np.zeros((5, 5), bool)
    assert groups_of(likeness, nowhere, [""] * 5) == [[0, 1], [2], [3, 4]]
    assert groups_of(likeness, nowhere, [""] * 5, least=0.4) == [[0, 1, 2], [3, 4]]


def test_who_is_seen_together_or_was_told_apart_is_never_joined():
    likeness = np.ones((4, 4))
    apart = symmetric([(0, 1, True)], 4).astype(bool)
    for group in groups_of(likeness, apart, ["", "", "", ""]):
        assert not {0, 1} <= set(group)
    for group in groups_of(likeness, np.zeros((4, 4), bool), ["A", "B", "", ""]):
        assert not {0, 1} <= set(group)


def test_what_was_decided_as_one_stays_one_however_unlike():
    assert [0, 2] in groups_of(np.zeros((3, 3)), np.zeros((3, 3), bool), ["A", "", "A"])


def test_no_tracks_make_no_groups():
    assert groups_of(np.zeros((0, 0)), np.zeros((0, 0), bool), []) == []
