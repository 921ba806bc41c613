"""Raters who rate against the others or by chance are named from 30 judgements, and nobody else is."""

from dataclasses import replace

import numpy as np
import pytest

from app.agreement.bayes.fit import FitSettings, fit
from app.agreement.bayes.model import IntensityModel
from app.agreement.bayes.posterior import truths_of
from app.agreement.bayes.profiles import profiles_of
from app.agreement.bayes.simulate import TYPICAL, StudyShape, draw_study
from app.agreement.bayes.suspects import LEAST_ITEMS, suspects_of


def drawn(seed, items=30, raters=8):
    return draw_study(StudyShape(items, raters, 3, 1), np.random.default_rng(seed), TYPICAL)[0]


def spoiled(data, how, seed=0):
    """Rater R4 turns the scale round, or answers by chance."""
    mine, top = data.rater == data.raters.index("R4"), len(data.points) - 1
    level = data.level.copy()
    chance = np.random.default_rng(seed).integers(0, top + 1, mine.sum())
    level[mine] = top - level[mine] if how == "inverted" else chance
    return replace(data, level=level)


@pytest.mark.parametrize("how", ["inverted", "chance"])
def test_a_spoiled_rater_is_named_after_thirty_judgements_and_nobody_else(how):
    found = [suspects_of(spoiled(drawn(seed), how, seed)) for seed in range(20)]
    assert [[one.rater for one in each] for each in found] == [["R4"]] * 20
    if how == "inverted":
        assert all(one.against for (one,) in found)
        assert "wrong way round" in found[0][0].words


def test_nobody_is_named_in_sound_studies():
    assert [suspects_of(drawn(seed)) for seed in range(20)] == [()] * 20


def test_nothing_is_said_of_few_items_or_two_raters():
    assert suspects_of(spoiled(drawn(1, items=LEAST_ITEMS - 1), "inverted")) == ()
    two = drawn(1)
    kept = two.rater < 2
    assert suspects_of(replace(two.where(kept), raters=two.raters[:2])) == ()


def test_the_model_tells_whom_to_ask():
    done = fit(spoiled(drawn(2, raters=5), "inverted"), FitSettings())
    assert {one.rater: one.words.startswith("Rates against the others") for one in profiles_of(done)}["R4"]
    model = IntensityModel(done, truths_of(done), (), ())
    assert any(note.startswith("R4 rates against the others") for note in model.notes)
