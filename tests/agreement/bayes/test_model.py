"""What is shown of the model of raters: profiles, checks, categories, files and gold standards."""

import json
from dataclasses import replace

import numpy as np
import pytest

from app.agreement.bayes.fit import fit
from app.agreement.bayes.predictive import alarms, check_fit
from app.agreement.bayes.profiles import profiles_of
from app.agreement.bayes.simulate import TYPICAL, StudyShape, draw_study
from app.agreement.bayes.votes import Votes, confusion_band, fit_votes, share_band
from app.agreement.label_gold import dawid_skene
from app.cli import main


@pytest.fixture(scope="module")
def study():
    return draw_study(StudyShape(40, 6, 2, 2), np.random.default_rng(2), TYPICAL)


def with_levels(data, rater, levels):
    level = data.level.copy()
    level[data.rater == rater] = levels
    return replace(data, level=level)


def test_a_fitting_study_raises_no_alarm(study):
    assert alarms(check_fit(fit(study[0]))) == ()


def test_an_inverted_rater_is_noticed_and_named(study):
    data, _ = study
    turned = fit(with_levels(data, 1, 5 - data.level[data.rater == 1]))
    assert any("R2: correlation with the others" in one for one in alarms(check_fit(turned)))


def test_who_presses_at_random_is_told_as_noisy(study):
    data, _ = study
    rng = np.random.default_rng(0)
    found = profiles_of(fit(with_levels(data, 0, rng.integers(0, 6, (data.rater == 0).sum()))))
    assert found[0].noise[1] > 1.7
    assert "times as noisy as the panel" in found[0].words
    assert found[3].noise[0] < 1.0


def test_a_rater_without_the_highest_scores_uses_them_rarely(study):
    data, _ = study
    found = profiles_of(fit(with_levels(data, 2, np.minimum(data.level[data.rater == 2], 3))))
    assert "rarely" in found[2].words
    assert found[2].use[4:].sum() < 0.5 * found[2].usual[4:].sum()


def test_drift_is_told_an_hour_in_points():
    sizes = {**TYPICAL, "drift": 3.0}
    data, planted = draw_study(StudyShape(40, 6, 2, 2), np.random.default_rng(4), sizes)
    strongest = int(np.abs(planted.drift).argmax())
    found = profiles_of(fit(data))[strongest]
    assert np.sign(found.drift[0]) == np.sign(planted.drift[strongest])
    assert "points an hour" in found.words


def drawn_votes(seed, n=150, raters=8, k=4, each=5):
    """Votes with shares of items between clear and mixed, and a rater who presses at random."""
    rng = np.random.default_rng(seed)
    base = np.full(k, 1.0 / k)
    size = np.exp(np.log(0.4) + 0.5 * rng.normal(size=(k, k)))
    size[np.diag_indices(k)] = np.exp(np.log(3.0) + 0.5 * rng.normal(size=k))
    shares = np.array([rng.dirichlet(size[rng.integers(k)]) for _ in range(n)])
    says = np.array([[rng.dirichlet(12 * (0.9 * np.eye(k)[j] + 0.1 * base)) for j in range(k)] for _ in range(raters)])
    says[-1] = base
    cell = np.repeat(np.arange(n), each)
    rater = np.concatenate([rng.permutation(raters)[:each] for _ in range(n)])
    said = np.array([rng.choice(k, p=shares[c] @ says[r]) for c, r in zip(cell, rater, strict=True)])
    return Votes(cell, rater, said, n, raters, k), shares, says


def test_categories_are_recovered_and_held_out_votes_are_predicted_better():
    ours, by_shares, by_dawid_skene = [], [], []
    for seed in range(2):
        votes, shares, _ = drawn_votes(seed)
        held = np.arange(votes.said.size) % 5 == 0
        rest = Votes(votes.cell[~held], votes.rater[~held], votes.said[~held], 150, 8, 4)
        cell, rater, said = votes.cell[held], votes.rater[held], votes.said[held]
        found, each = fit_votes(rest, seed, warm_up=150, draws=250), np.arange(int(held.sum()))
        ours.append(np.log(found.predict(cell, rater)[each, said]).mean())
        counts = np.zeros((150, 4))
        np.add.at(counts, (rest.cell, rest.said), 1.0)
        by_shares.append(np.log(((counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True))[cell, said]).mean())
        known = dawid_skene(rest.cell, rest.rater, rest.said, (150, 8, 4), smoothing=1.0)
        theirs = np.einsum("nk,nkj->nj", known.posterior[cell], known.confusion[rater])
        by_dawid_skene.append(np.log(theirs[each, said]).mean())
        assert np.corrcoef(found.shares.ravel(), shares.ravel())[0, 1] > 0.7
    assert np.mean(ours) > np.mean(by_shares)
    assert np.mean(ours) > np.mean(by_dawid_skene)


def test_who_votes_at_random_is_found_and_intervals_hold():
    votes, shares, says = drawn_votes(5)
    found = fit_votes(votes, warm_up=200, draws=300)
    told = np.einsum("rkk->r", found.confusion)
    assert told.argmin() == 7
    assert 0.75 < share_band(found).holds(shares).mean() < 0.98
    assert confusion_band(found).holds(says).mean() > 0.6


def test_a_seed_gives_the_same_draws():
    votes, _, _ = drawn_votes(1, n=10)
    one, two = (fit_votes(votes, 4, warm_up=10, draws=20) for _ in range(2))
    np.testing.assert_array_equal(one.draws, two.draws)


@pytest.fixture
def ratings(tmp_path):
    rng = np.random.default_rng(3)
    lines = ["item,clip,rater,emotion,condition,score"]
    for i in range(12):
        truth = rng.uniform(0, 5)
        for c in ("face_only", "full_context"):
            for r in range(4):
                score = int(np.clip(round(truth + (c == "full_context") + rng.normal(0, 0.7)), 0, 5))
                lines.append(f"i{i},i{i},R{r},happy,{c},{score}")
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_command_writes_items_context_and_raters(ratings, tmp_path, capsys):
    assert main(["raters", "--ratings", str(ratings), "--json", str(tmp_path / "m.json"),
                 "--csv", str(tmp_path / "out")]) == 0  # fmt: skip
    found = json.loads((tmp_path / "m.json").read_text("utf-8"))
    assert found["fit"]["converged"]
    assert len(found["items"]) == 24
    (context,) = found["effect_of_context"]
    assert context["low"] < 0.9 < context["high"] or context["context_points"] == pytest.approx(0.9, abs=0.4)
    assert {row["rater"] for row in found["raters"]} == {"R0", "R1", "R2", "R3"}
    assert (tmp_path / "out" / "items_by_the_model_of_raters.csv").exists()
    assert "Intervals hold 90 %" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "said"), [(["--level", "2"], "probability"), ([], "nothing to analyse")])
def test_the_command_says_what_is_wrong(words, said, ratings, capsys):
    assert main(["raters", *(["--ratings", str(ratings)] if words else []), *words]) == 1
    assert said in capsys.readouterr().err
