"""Raters against the others, by chance or tired: named soon, nobody else is, and the model allows for them."""

from dataclasses import replace

import numpy as np
import pytest

from app.agreement.bayes.fit import FitSettings, fit
from app.agreement.bayes.kinds import TURNED, allow_for
from app.agreement.bayes.model import IntensityModel
from app.agreement.bayes.posterior import truths_of
from app.agreement.bayes.profiles import profiles_of
from app.agreement.bayes.simulate import TYPICAL, StudyShape, draw_study
from app.agreement.bayes.suspects import LEAST_ITEMS, suspects_of
from app.agreement.bayes.tired import tired_of


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


def error_of(data, planted):
    band = truths_of(fit(data)).latent
    truth = planted.truth.reshape(band.mean.shape)
    return np.sqrt((((band.mean - band.mean.mean()) - (truth - truth.mean())) ** 2).mean())


def test_a_turned_scale_is_turned_back_and_tells_as_much_as_before():
    sound = drawn(3)
    made = allow_for(spoiled(sound, "inverted"))
    np.testing.assert_array_equal(made.level, sound.level)
    assert [code for code, _ in made.allowed] == ["R4"]
    assert "turns this rater's scale round" in made.notes[-1]
    assert "--as-given" in made.notes[-1]
    assert suspects_of(made) == ()


def test_answers_by_chance_stay_out_and_cost_little():
    data, planted = draw_study(StudyShape(30, 8, 3, 1), np.random.default_rng(4), TYPICAL)
    bad = spoiled(data, "chance", 4)
    made = allow_for(bad)
    assert not (made.rater == 3).any()
    assert made.raters == data.raters
    assert error_of(made, planted) < 1.1 * error_of(data, planted) < error_of(bad, planted) * 1.1
    done = fit(made)
    words = {one.rater: one.words for one in profiles_of(done)}
    assert words["R4"].startswith("Rates as if by chance (here these answers do not count)")


def test_of_several_the_one_most_against_the_others_comes_first_and_sound_raters_stay():
    few = drawn(5, raters=5)
    twice = spoiled(few, "inverted")
    twice = replace(twice, level=np.where(twice.rater == 1, 5 - twice.level, twice.level))
    made = allow_for(twice)
    assert {code for code, _ in made.allowed} == {"R2", "R4"}
    np.testing.assert_array_equal(made.level, few.level)


def test_only_what_is_asked_for_is_treated_and_sound_studies_stay_as_they_are():
    assert allow_for(drawn(6)).allowed == ()
    assert allow_for(spoiled(drawn(6), "chance", 6), TURNED).allowed == ()


def test_a_rater_who_tires_is_named_after_sixty_judgements_and_hardly_any_sound_rater_is():
    named, mistaken = 0, 0
    for seed in range(10):
        data, planted = draw_study(StudyShape(60, 8, 3, 1), np.random.default_rng(seed), TYPICAL)
        mistaken += len(tired_of(data))
        mine, rng = data.rater == 3, np.random.default_rng(seed)
        noise = planted.noise[3] * 4.0 ** (data.hours[mine] + 0.5)
        value = planted.truth[data.item[mine], data.emotion[mine], 0] + planted.bias[3, data.emotion[mine]]
        level = data.level.copy()
        level[mine] = ((value + noise * rng.logistic(size=value.size))[:, None] > planted.thresholds[3]).sum(axis=1)
        found = [one for one in tired_of(replace(data, level=level)) if one.rater == "R4"]
        named += len(found)
        assert all(one.low < one.grows < one.high and one.grows > 1.0 for one in found)
    assert named >= 8
    assert mistaken <= 3  # of 80 looks
    assert tired_of(replace(data, hours=np.zeros(len(data)))) == ()
