"""What a judgement is expected to tell: against refitted models, and the rules of a study."""

from dataclasses import replace

import numpy as np
import pytest

from app.agreement.bayes.asked_rules import RuledBatch, Rules
from app.agreement.bayes.fit import fit
from app.agreement.bayes.next_best import Aim, Allowed, Candidates, Outlook
from app.agreement.bayes.posterior import truths_of
from app.agreement.bayes.simulate import StudyShape, draw_study

N_ITEMS, N_RATERS = 20, 5


@pytest.fixture(scope="module")
def study():
    """Ratings of a whole study, and which of its judgements were given so far."""
    data, _ = draw_study(StudyShape(N_ITEMS, N_RATERS, 2, 2, hours=0.0), np.random.default_rng(8))
    shown = np.random.default_rng(0).random(N_ITEMS * 2 * N_RATERS) < 0.4
    return data, shown


@pytest.fixture(scope="module")
def done(study):
    return fitted(study, study[1])


def key_of(data):
    return (data.item * 2 + data.condition) * N_RATERS + data.rater


def fitted(study, shown):
    return fit(study[0].where(shown[key_of(study[0])]))


def open_ones(shown):
    keys = np.flatnonzero(~shown)
    return keys, Candidates(keys // (2 * N_RATERS), keys // N_RATERS % 2, keys % N_RATERS)


AIMS = (Aim(), Aim("context"), Aim("items", "e2"))


@pytest.mark.parametrize("aim", AIMS)
def test_every_judgement_tells_something_and_none_more_than_all(study, done, aim):
    outlook = Outlook(done, aim)
    drops = outlook.drops(open_ones(study[1])[1])
    assert (drops > 0).all()
    assert drops.max() < outlook.uncertainty()


@pytest.mark.parametrize("aim", AIMS)
def test_the_expected_drop_is_that_of_the_covariances_after_it(study, done, aim):
    _, of = open_ones(study[1])
    for which in (0, len(of) // 2, len(of) - 1):
        outlook = Outlook(done, aim)
        before, drop = outlook.uncertainty(), outlook.drops(of)[which]
        outlook.add(int(of.item[which]), int(of.condition[which]), int(of.rater[which]))
        # Emotions are valued side by side and added one after the other, so they share a little.
        assert before - outlook.uncertainty() == pytest.approx(drop, rel=0.1)


@pytest.mark.parametrize("aim", AIMS[:2])
def test_what_is_expected_after_a_batch_is_what_a_new_fit_finds(study, done, aim):
    keys, of = open_ones(study[1])
    outlook = Outlook(done, aim)
    before = outlook.uncertainty()
    chosen = outlook.choose(of, 20, Allowed(len(of)))
    shown = study[1].copy()
    shown[keys[[which for which, _ in chosen]]] = True
    found = Outlook(fitted(study, shown), aim).uncertainty()
    assert found < before
    assert outlook.uncertainty() == pytest.approx(found, rel=0.5)


def test_what_is_asked_for_narrows_intervals_more_than_chance(study, done):
    keys, of = open_ones(study[1])
    widths = []
    chosen = [which for which, _ in Outlook(done, Aim()).choose(of, 20, Allowed(len(of)))]
    for seed in range(4):
        shown = study[1].copy()
        picks = chosen if seed == 0 else np.random.default_rng(seed).choice(len(of), 20, replace=False)
        shown[keys[picks]] = True
        widths.append(float(truths_of(fitted(study, shown)).points.width.sum()))
    assert widths[0] < min(widths[1:])


def test_an_item_that_nobody_has_judged_tells_most_and_a_new_rater_can_be_asked(done):
    outlook = Outlook(done, Aim(), new_items=1, new_raters=1)
    of = Candidates(np.array([0, N_ITEMS, N_ITEMS]), np.zeros(3, np.int64), np.array([0, 0, N_RATERS]))
    known, new, by_new = outlook.drops(of)
    assert new > known
    assert new > by_new > 0  # whose bias nobody knows


def test_a_noisy_rater_is_asked_less():
    data, _ = draw_study(StudyShape(30, 5, 2, 1, hours=0.0), np.random.default_rng(4))
    level = np.where(data.rater == 0, np.random.default_rng(1).integers(0, 6, len(data)), data.level)

    outlook = Outlook(fit(replace(data, level=level)), Aim())
    of = Candidates(np.zeros(5, np.int64), np.zeros(5, np.int64), np.arange(5))
    drops = outlook.drops(of)
    assert drops.argmin() == 0


def batch(design="within", seen=(), follow=False, group=(-1,) * 3, first=None, most=99):
    items, conditions, raters = (a.ravel() for a in np.indices((4, 2, 3)))
    rules = Rules(
        np.array([0, 0, 1, 2]), np.array([False, True]), set(seen), follow, design, first or {}, np.array(group),
        np.full(3, most),
    )  # fmt: skip
    of = Candidates(items, conditions, raters)
    return of, RuledBatch(of, rules)


def test_no_bare_face_is_asked_for_after_its_context():
    of, some = batch(seen={(0, 1)})  # items 0 and 1 show the same moments
    closed = ~some.now()
    assert {(i, c, r) for i, c, r in zip(of.item[closed], of.condition[closed], of.rater[closed], strict=True)} == {
        (0, 0, 1), (1, 0, 1),
    }  # fmt: skip
    assert batch(seen={(0, 1)}, follow=True)[1].now().all()


def test_a_rotated_study_asks_for_a_clip_in_one_condition():
    of, some = batch("rotated", first={(1, 0): 1})
    assert not some.now()[(of.item == 2) & (of.condition == 0) & (of.rater == 0)].any()
    which = int(np.flatnonzero((of.item == 0) & (of.condition == 0) & (of.rater == 2))[0])
    some.chosen(which)
    assert not some.now()[(of.item <= 1) & (of.condition == 1) & (of.rater == 2)].any()
    assert some.now()[(of.item == 3) & (of.condition == 1) & (of.rater == 2)].all()


def test_a_rater_of_a_study_between_keeps_the_condition():
    of, some = batch("between", group=(0, -1, -1))
    assert not some.now()[(of.rater == 0) & (of.condition == 1)].any()
    some.chosen(int(np.flatnonzero((of.rater == 1) & (of.condition == 1))[0]))
    assert not some.now()[(of.rater == 1) & (of.condition == 0)].any()


def test_nobody_is_asked_for_more_than_the_most():
    _, some = batch(most=2)
    for _ in range(6):
        some.chosen(int(np.flatnonzero(some.now())[0]))
    assert not some.now().any()
    assert not batch(most=0)[1].now().any()
