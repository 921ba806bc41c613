"""Raters and their PINs; models, promotions, trainings; gold standards."""

import numpy as np
import pytest
from sqlalchemy import select

from app.errors import UserError
from db import audit, gold, models, raters
from db.schema import Rater


def test_raters_are_codes(project):
    first = raters.add(project, " R02 ", "reviewer")
    assert raters.add(project, "R02") == first == raters.by_code(project, "R02") == raters.get(project, first.id)
    raters.add(project, "R01")
    assert [rater.code for rater in raters.every(project)] == ["R01", "R02"]
    with pytest.raises(UserError, match="needs a code"):
        raters.add(project, " ")


def test_simulated_raters_are_marked_and_never_mixed_up(project):
    simulated = raters.add(project, "sim01", simulation={"seed": 7, "noise": 0.2})
    assert (simulated.simulated, simulated.simulation) == (True, {"seed": 7, "noise": 0.2})
    with pytest.raises(UserError, match="a simulated rater"):
        raters.add(project, "sim01")
    raters.add(project, "R01")
    with pytest.raises(UserError, match="a real rater"):
        raters.add(project, "R01", simulation={})


def test_names_lie_apart(project, rater):
    raters.set_name(project, rater.id, " Ada Lovelace ", "ada@example.org")
    assert raters.name(project, rater.id) == "Ada Lovelace"
    assert "Ada" not in str(raters.every(project))
    assert "Ada" not in str(audit.recent(project))
    raters.set_name(project, rater.id, "")
    assert raters.name(project, rater.id) == ""


def test_pins_are_hashed(project, rater):
    assert raters.check_pin(project, rater.id, "anything")  # none is asked for
    raters.set_pin(project, rater.id, "1234")
    assert raters.get(project, rater.id).has_pin
    assert raters.check_pin(project, rater.id, "1234")
    assert not raters.check_pin(project, rater.id, "1235")
    assert not raters.check_pin(project, rater.id, "")
    with project.read() as session:
        kept = session.scalar(select(Rater.pin))
    assert "1234" not in kept.split("$")[0] + kept.split("$")[5]
    raters.set_pin(project, rater.id, "1234")
    with project.read() as session:
        assert session.scalar(select(Rater.pin)) != kept  # salted
    raters.set_pin(project, rater.id, "")
    assert not raters.get(project, rater.id).has_pin


def test_lag_is_kept(project, rater):
    raters.set_lag(project, rater.id, 0.42)
    assert raters.get(project, rater.id).lag_s == 0.42


@pytest.fixture
def three(project):
    return [models.add(project, name, name * 64, f'name = "{name}"', "trained") for name in "abc"]


def test_models_are_known_by_name_and_hash(project, three):
    assert models.add(project, "a", "a" * 64, "other card", "user") == three[0]
    newer = models.add(project, "a", "d" * 64, "card", "trained")
    assert models.by_name(project, "a") == newer
    assert models.every(project) == [*three, newer]
    assert models.by_name(project, "z") is None


def test_promotions_roll_back_one_by_one_to_the_shipped_model(project, three):
    a, b, c = three
    assert models.in_use(project) is None
    models.promote(project, a.id, comparison={"ccc": [0.1, 0.2]}, actor="R01")
    models.promote(project, b.id)
    assert models.in_use(project) == b
    back = models.rollback(project, actor="R01")
    assert (back.model, back.replaced, models.in_use(project)) == (a, b, a)
    models.promote(project, c.id)
    assert models.rollback(project).model == a
    assert models.rollback(project).model is None
    with pytest.raises(UserError, match="nothing to roll back"):
        models.rollback(project)
    assert [one.action for one in reversed(models.promotions(project))] == [
        "promote",
        "promote",
        "rollback",
        "promote",
        "rollback",
        "rollback",
    ]
    assert models.promotions(project)[-1].comparison == {"ccc": [0.1, 0.2]}
    lines = audit.recent(project, action="model.")
    assert len(lines) == 6
    assert lines[-1].detail == {"role": "frame", "model": ["a", "a" * 64], "replaced": None}


def test_roles_do_not_touch_each_other(project, three):
    models.promote(project, three[0].id, "sequence")
    assert models.in_use(project, "frame") is None
    assert models.in_use(project, "sequence") == three[0]


def test_a_training_is_written_down(project, three):
    run = models.add_training(
        project, "practical", {"epochs": 3}, snapshot_sha256="s" * 64, snapshot={"items": [1]}, seed=7, folder="run1"
    )
    assert (run.status, run.started_at, run.model) == ("queued", None, None)
    running = models.update_training(project, run.id, "running")
    assert running.started_at is not None
    done = models.update_training(project, run.id, "finished", metrics={"ccc": 0.4}, model_id=three[0].id)
    assert (done.model, done.metrics, done.started_at) == (three[0], {"ccc": 0.4}, running.started_at)
    assert done.finished_at >= done.started_at
    assert models.trainings(project) == [done]


def test_gold_standards_keep_their_recipe(project, item):
    times, values = np.arange(4.0), np.full((4, 2), 0.5, np.float32)
    one = gold.add(
        project, item.id, "trace", "EWE", {"method": "ewe", "lag": True}, ["u1", "u2"],
        condition="face_only", times_s=times, values=values, actor="R01",
    )  # fmt: skip
    soft = gold.add(
        project, item.id, "category", "soft", {"method": "soft"}, ["u3"], condition="face_only", value={"happy": 0.75}
    )
    newest, stored = gold.for_item(project, item.id)
    assert (newest.value, newest.times_s, newest.chosen) == ({"happy": 0.75}, None, True)
    np.testing.assert_array_equal(stored.times_s, times)
    np.testing.assert_array_equal(stored.values, values)
    assert (stored.recipe, stored.sources, stored.chosen) == ({"method": "ewe", "lag": True}, ("u1", "u2"), True)
    assert [g.uid for g in gold.every(project)] == [one.uid, soft.uid]
    with pytest.raises(ValueError, match="times"):
        gold.add(project, item.id, "trace", "x", {}, [], condition="face_only")
    with pytest.raises(ValueError, match="row"):
        gold.add(project, item.id, "trace", "x", {}, [], condition="c", times_s=times, values=values[:2])


def test_a_model_belongs_to_the_training_of_its_name_even_where_two_made_the_same_file(project):
    made = [models.add(project, name, "e" * 64, "card", "trained") for name in ("joint", "again")]
    runs = [models.add_training(project, "fusion", {}, snapshot_sha256="", snapshot={}, seed=0) for _ in made]
    for run, model in zip(runs, made, strict=True):
        models.update_training(project, run.id, "finished", model_id=model.id)
    assert models.training_of(project, "joint", "e" * 64).id == runs[0].id
    assert models.training_of(project, "again", "e" * 64).id == runs[1].id
    assert models.training_of(project, "a copy", "e" * 64).id == runs[1].id
    assert models.training_of(project, "joint", "f" * 64) is None
