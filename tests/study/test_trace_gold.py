"""The gold standard of traces is computed once: what is drawn is what is stored, sample by sample."""

import json

import numpy as np
import pytest

import db.gold
import db.items
import db.raters
import db.traces
from app.agreement.trace_report import trace_agreement
from app.agreement.trace_tables import trace_notes
from app.cli import main
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.jobs import Context
from app.services.agreement.decide import set_aside_again, take_back
from app.services.agreement.fan import FanRecipe, make_fan, store_gold
from app.services.labels.gold import GoldRequest, make_gold
from app.services.labels.tables import load_project_ratings
from app.services.retrain.labels import LabelChoice, labels_of, rater_traces

CONDITION = "full_context"


def give(project, item, code, times, values, **changes):
    rater = db.raters.by_code(project, code) or db.raters.add(project, code)
    values = np.broadcast_to(np.asarray(values, np.float32), (len(times), 2)).copy()
    start = TraceStart(item.id, rater.id, CONDITION, True, "mouse", **changes)
    return db.traces.add(project, start, TraceSamples(times, values, times, "mouse"))


def wave(times, phase_s=0.0, scale=1.0, seed=0):
    noise = np.random.default_rng(seed).normal(0, 0.05, (len(times), 2))
    return scale * np.stack([np.sin(2 * (times - phase_s)), np.cos(times - phase_s)], axis=1) * 0.7 + noise


def drawn(project, item, recipe):
    return make_fan(Context(), project, load_project_ratings(project), item.name, CONDITION, recipe)


@pytest.fixture
def unequal(project, items):
    """One rater stops at 2.0 s, the other one at 3.92 s."""
    give(project, items[0], "R01", np.arange(0, 51) / 25, -0.5)
    give(project, items[0], "R02", np.arange(0, 99) / 25, 0.5)
    return project, items[0]


def test_after_a_raters_end_the_mean_is_that_of_the_others_drawn_and_stored(unequal):
    project, item = unequal
    fan = drawn(project, item, FanRecipe("mean"))
    (gold,) = store_gold(project, "", FanRecipe("mean"))[0]
    at = np.array([1.0, 2.0, 2.5, 3.92, 4.5])
    np.testing.assert_array_equal(gold.resampled(at)[:, 0], np.float32([0.0, 0.0, 0.5, 0.5, np.nan]))
    np.testing.assert_array_equal(gold.times_s, fan.times_s)
    np.testing.assert_array_equal(gold.values, fan.gold.astype(np.float32))
    assert gold.times_s[-1] == pytest.approx(3.92)
    assert gold.recipe["version"] == 3


def test_how_many_raters_stand_behind_each_sample_is_kept(unequal):
    project, item = unequal
    (gold,) = make_gold(project, GoldRequest("trace"))
    want = np.where(gold.times_s < 2.02, 2, 1)
    np.testing.assert_array_equal(gold.raters_behind(), np.stack([want, want], axis=1))
    assert gold.recipe["n"]["valence"] == [[0, 2], [51, 1]]
    np.testing.assert_array_equal(drawn(project, item, FanRecipe()).n_raters, gold.raters_behind())
    (again,) = db.gold.for_item(project, item.id)
    np.testing.assert_array_equal(again.raters_behind(), gold.raters_behind())


def test_where_nobody_judges_there_is_no_value_and_no_rater(project, items):
    times = np.arange(0, 75) / 25
    values = np.full((75, 2), 0.4)
    values[30:40] = np.nan  # both pause
    give(project, items[0], "R01", times, values)
    values[40:50, 1] = np.nan
    give(project, items[0], "R02", times, values)
    (gold,) = make_gold(project, GoldRequest("trace"))
    np.testing.assert_array_equal(np.isnan(gold.values), gold.raters_behind() == 0)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(gold.values[:, 0])), np.arange(30, 40))
    np.testing.assert_array_equal(gold.raters_behind()[[29, 30, 45, 60]], [[2, 2], [0, 0], [2, 1], [2, 2]])


@pytest.mark.slow
@pytest.mark.parametrize("align", ["none", "relative"])
@pytest.mark.parametrize("method", ["mean", "median", "ewe"])
def test_every_recipe_is_stored_as_it_was_drawn(project, items, method, align):
    times = np.arange(0, 250) / 25
    for number, item in enumerate(items[:2]):
        give(project, item, "R01", times, wave(times, 0.0, seed=number))
        give(project, item, "R02", times[: 200 - 40 * number], wave(times, 0.4, 0.5, seed=9)[: 200 - 40 * number])
    give(project, items[0], "R03", times, wave(times, 0.8, seed=5))
    recipe = FanRecipe(method, align)
    fans = {item.id: drawn(project, item, recipe) for item in items[:2]}
    for gold in store_gold(project, "", recipe)[0]:
        fan = fans[gold.item_id]
        np.testing.assert_array_equal(gold.times_s, fan.times_s)
        np.testing.assert_array_equal(gold.values, fan.gold.astype(np.float32))
        np.testing.assert_array_equal(gold.raters_behind(), fan.n_raters)
        assert gold.recipe["lags_s"] == list(fan.lags_s.values())
    assert fans[items[1].id].raters == ("R01", "R02")


def test_removing_a_lag_moves_start_and_end_and_freezes_nothing(project, items):
    times = np.arange(0, 250) / 25
    for item in items:
        give(project, item, "R01", times, wave(times))
        give(project, item, "R02", times, wave(times, 1.0, seed=1))
    gold = make_gold(project, GoldRequest("trace", "mean", "relative"))[0]
    lag = gold.recipe["lags_s"][1]
    assert lag == pytest.approx(1.0, abs=0.05)
    behind = gold.raters_behind()[:, 0]
    assert behind[gold.times_s < -0.02].max() == 1  # R02 alone, before the others began
    assert gold.times_s[0] == pytest.approx(-lag)
    assert set(behind[gold.times_s > 9.96 - lag + 0.02]) == {1}  # R02 has stopped
    assert set(behind[(gold.times_s > 0.02) & (gold.times_s < 9.9 - lag)]) == {2}


@pytest.fixture
def opposed(project, items):
    """Two raters who go together and one who does the opposite, a minute long."""
    times = np.arange(0, 250) / 25
    for number, item in enumerate(items):
        path = wave(times, 0.9 * number, seed=number)
        give(project, item, "R01", times, path)
        give(project, item, "R02", times, path + 0.1)
        give(project, item, "R03", times, -path)
    return project, items


def test_who_opposes_the_others_is_set_aside_and_can_be_taken_back(opposed, capsys):
    project, items = opposed
    made = make_gold(project, GoldRequest("trace"))
    assert [gold.recipe["raters"] for gold in made] == [("R01", "R02")] * 6
    recipe = made[0].recipe
    assert list(recipe["set_aside"]) == ["R03"]
    assert recipe["set_aside"]["R03"].startswith("opposes the other raters in valence (mean correlation -1.00)")
    assert recipe["excluded"] == (("R03", recipe["set_aside"]["R03"]),)
    assert made[0].raters_behind().max() == 2
    assert len(made[0].sources) == 2
    fan = drawn(project, items[0], FanRecipe())
    np.testing.assert_array_equal(fan.gold.astype(np.float32), made[0].values)
    assert (fan.raters, list(fan.aside), fan.weights[0].tolist()) == (("R01", "R02", "R03"), ["R03"], [0.5, 0.5, 0.0])
    assert np.isnan(fan.ceilings[0].per_rater[2].ccc)
    labels_of(project, LabelChoice(condition=CONDITION, lag="none"))
    assert len(db.gold.every(project, kind="trace")) == 6  # what is stored is right and not made again
    assert main(["gold", str(project.path), "--kind", "trace"]) == 0
    assert "Note: Rater R03 opposes the other raters in valence" in capsys.readouterr().out
    assert main(["gold", str(project.path), "--kind", "trace", "--take-back", "R03"]) == 0
    assert "R03" not in capsys.readouterr().out
    found = trace_agreement(load_project_ratings(project).traces)
    assert trace_notes(found)[0].startswith("Rater R03 opposes the other raters in valence")
    take_back(project, "R03")
    assert drawn(project, items[0], FanRecipe()).aside == {}
    (back, *_) = make_gold(project, GoldRequest("trace"))
    assert back.raters_behind().max() == 3
    set_aside_again(project, "R03")
    assert list(drawn(project, items[0], FanRecipe()).aside) == ["R03"]


def test_of_a_few_seconds_no_lag_is_removed_and_the_reason_is_told(project, items, capsys):
    times = np.arange(0, 250) / 25
    give(project, items[0], "R01", times, wave(times))
    give(project, items[0], "R02", times, wave(times, 1.0, seed=1))
    (gold,) = make_gold(project, GoldRequest("trace", "mean", "relative"))
    assert gold.recipe["lags_s"] == [0.0, 0.0]
    why = "only 10 s traced in common with another rater, 60 s are needed"
    assert gold.recipe["lags_not_removed"] == {"R01": why, "R02": why}
    assert main(["gold", str(project.path), "--kind", "trace", "--align", "relative"]) == 0
    assert f"Note: No lag is removed from the traces of R01: {why}." in capsys.readouterr().out


def test_the_weighted_estimator_is_offered_where_a_rater_misleads_the_mean(project, items, capsys):
    times = np.arange(0, 250) / 25
    for number, item in enumerate(items):
        for rater in ("R01", "R02", "R03"):
            give(project, item, rater, times, wave(times, 0.9 * number, seed=number))
        give(project, item, "R04", times, wave(times, 7.0 - 3.1 * number, seed=number))
    assert "evaluator weighted estimator (EWE)" in drawn(project, items[0], FanRecipe()).advice
    assert drawn(project, items[0], FanRecipe("ewe")).advice == ""
    assert main(["gold", str(project.path), "--kind", "trace"]) == 0
    assert "some raters agree little with the others (correlation R04" in capsys.readouterr().out


def test_nothing_is_said_outside_the_item(project, items):
    from dataclasses import replace

    from app.services.labels.held import frame_times

    times = np.arange(0, 250) / 25
    give(project, items[0], "R02", times, wave(times))
    traces = list(load_project_ratings(project).traces)
    part = replace(items[0], start_s=2.0, end_s=4.0)
    found = frame_times(project, part, traces, {"R02": 1.0})
    assert (found[0], found[-1]) == (pytest.approx(2.0), pytest.approx(4.0))


def test_a_barycentre_counts_raters_where_it_has_a_value(project, items):
    times = np.arange(0, 100) / 25
    give(project, items[0], "R01", times, wave(times))
    give(project, items[0], "R02", times[:60], wave(times, 0.1)[:60])
    (gold,) = make_gold(project, GoldRequest("trace", "barycentre"))
    np.testing.assert_array_equal(gold.raters_behind(), np.where(np.isnan(gold.values), 0, 2))
    assert (~np.isnan(gold.values[:, 0])).sum() == 60


def test_gold_of_older_rules_is_made_anew_for_training_and_stays_where_it_was(unequal):
    project, item = unequal
    choice = LabelChoice(condition=CONDITION, lag="none")
    (old,) = make_gold(project, GoldRequest("trace"))
    with project.write() as session:
        made = db.gold.add(
            session, item.id, "trace", old.name, {**old.recipe, "version": 1}, old.sources, condition=CONDITION,
            times_s=old.times_s, values=np.zeros_like(old.values),
        )  # fmt: skip
    (labels,) = labels_of(project, choice)
    assert np.nanmax(labels.values) == 0.5
    assert [gold.id for gold in db.gold.every(project, kind="trace")] == [old.id, made.id, made.id + 1]
    fan = drawn(project, item, FanRecipe())
    np.testing.assert_array_equal(fan.stored["mean"], fan.gold)  # the newest of those called alike


def test_a_rater_with_one_trace_a_dimension_gives_labels_of_both(project, items):
    times = np.arange(0, 75) / 25
    give(project, items[0], "R01", times, [0.3, np.nan], dimensions="valence")
    give(project, items[0], "R01", times, [np.nan, -0.6], dimensions="arousal")
    (labels,) = labels_of(project, LabelChoice("R01", condition=CONDITION, lag="none"))
    np.testing.assert_allclose(labels.at(np.array([0.0, 1.5, 2.9])), [[0.3, -0.6]] * 3, rtol=1e-6)
    traces, lags = rater_traces(project, CONDITION, "none")
    assert (len(traces[items[0].id]), lags.lags_s, lags.aside) == (2, {"R01": 0.0}, {})


def test_the_command_writes_how_many_raters_there_are(unequal, tmp_path):
    project, _ = unequal
    out = tmp_path / "gold.json"
    assert main(["gold", str(project.path), "--kind", "trace", "--json", str(out)]) == 0
    (found,) = json.loads(out.read_text())
    assert found["series"]["raters"][0] == [2, 2]
    assert found["series"]["raters"][-1] == [1, 1]
    assert len(found["series"]["raters"]) == len(found["series"]["time_s"])


def test_the_model_of_raters_gives_the_truth_with_a_spread_drawn_and_stored(project, items):
    times = np.arange(0, 751) / 25
    for seed, (code, late) in enumerate((("R01", 0.0), ("R02", 0.6), ("R03", 0.3))):
        give(project, items[0], code, times, wave(times, late, seed=seed))
    fan = drawn(project, items[0], FanRecipe("bayes", "relative"))  # it finds lags itself, whatever was chosen
    assert np.nanmax(fan.spread) < 0.5
    assert fan.lags_s["R02"] - fan.lags_s["R01"] == pytest.approx(0.6, abs=0.1)
    np.testing.assert_allclose(fan.gold[:, 0], wave(times, 0.3, seed=9)[: len(fan.gold), 0], atol=0.4)
    (gold,) = store_gold(project, "", FanRecipe("bayes", "relative"))[0]
    np.testing.assert_array_equal(gold.values, fan.gold.astype(np.float32))
    assert (gold.recipe["method"], gold.recipe["align"], gold.name) == ("bayes", "none", "bayes")
    assert gold.recipe["spread_thousandths"]["valence"][0][1] > 0
    with pytest.raises(UserError, match="finds lags of traces itself"):
        make_gold(project, GoldRequest("trace", "bayes", "relative"))
