"""Descriptions of raters, flags with evidence, repeated items."""

import numpy as np
import pytest

from app.agreement.alpha import krippendorff_alpha
from app.agreement.raters import alpha_changes, rater_profiles, robust_z
from app.agreement.retest import retest_reliability
from app.domain.ratings import Factor, Items, RatingTable


def panel(n_items=120, n_raters=8, seed=0, *, change=None, response=None, missing=0.1):
    rng = np.random.default_rng(seed)
    latent = rng.random((n_items, 1, 2)) * 5
    scores = np.clip(np.rint(latent + rng.normal(0, 0.7, (n_items, n_raters, 2))), 0, 5)
    if change is not None:
        change(scores, rng)
    scores[rng.random(scores.shape) < missing] = np.nan
    item, rater, emotion = (a.ravel().astype(np.int32) for a in np.indices(scores.shape))
    table = RatingTable(
        Items.of_clips([f"c{i}" for i in range(n_items)]), item, Factor.constant("full_context", item.size),
        Factor(rater, tuple(f"R{k}" for k in range(n_raters))), Factor(emotion, ("happy", "sad")), scores.ravel(),
        np.ones(item.size, np.int32), response_s=None if response is None else response(rater, rng), scale=(0.0, 5.0),
    )  # fmt: skip
    return table, scores


def measures(profile):
    return {f.measure for f in profile.flags}


def test_a_sound_panel_is_not_flagged():
    table, scores = panel()
    profiles = rater_profiles(table, attention={"R0": (4, 4)})
    assert [p.rater for p in profiles] == [f"R{k}" for k in range(8)]
    assert not any(p.flags for p in profiles)
    first = profiles[0]
    assert first.n_ratings == int((~np.isnan(scores[:, 0])).sum())
    others = np.nanmean(scores[:, 1:], axis=1)
    assert first.bias == pytest.approx(np.nanmean(scores[:, 0] - others), abs=1e-9)
    assert first.loo_correlation > 0.8
    assert (first.checks_passed, first.checks_asked) == (4, 4)
    assert np.isnan(first.median_response_s)


def test_who_is_off_is_flagged_with_evidence_and_stays_in_the_table():
    def change(scores, rng):
        scores[:, 2] = np.clip(scores[:, 2] + 2, 0, 5)
        scores[:, 5] = rng.integers(0, 6, scores[:, 5].shape)

    table, _ = panel(change=change, response=lambda rater, rng: np.where(rater == 6, 0.4, 4.0) + rng.random(rater.size))
    profiles = {p.rater: p for p in rater_profiles(table, attention={"R1": (1, 4), "R3": (1, 3)})}
    assert "bias" in measures(profiles["R2"])
    assert {"loo_correlation", "alpha_change"} <= measures(profiles["R5"])
    assert "median_response_s" in measures(profiles["R6"])
    assert measures(profiles["R1"]) == {"attention"}
    assert not profiles["R3"].flags
    flag = next(f for f in profiles["R5"].flags if f.measure == "loo_correlation")
    assert flag.robust_z < -3.5
    assert flag.stability > 0.9
    assert "R5 correlates" in flag.evidence
    assert "resamples" in flag.evidence
    assert profiles["R5"].alpha_change > 0
    assert len(table) == 120 * 8 * 2


def test_repeated_answers_in_a_row_are_seen_unless_nothing_was_there():
    def change(scores, rng):
        scores[40:60, 4] = 2.0
        scores[70:100, 3] = 0.0

    table, _ = panel(change=change, missing=0.0)
    profiles = rater_profiles(table, replicates=0)
    assert profiles[4].longest_run >= 20
    assert "longest_run" in measures(profiles[4])
    assert "longest_run" not in measures(profiles[3])


def test_change_of_alpha_without_a_rater_equals_computing_it_anew():
    table, scores = panel(40, 5)
    table = table.where(~np.isnan(table.score))
    want = np.zeros(5)
    for k in range(5):
        for e in range(2):
            full = krippendorff_alpha(scores[:, :, e], "ordinal").value
            want[k] += (krippendorff_alpha(np.delete(scores[:, :, e], k, axis=1), "ordinal").value - full) / 2
    np.testing.assert_allclose(alpha_changes(table), want, atol=1e-12)


def test_robust_z_needs_five_raters_and_spread():
    z = robust_z(np.array([1.0, 1.1, 0.9, 1.0, 1.05, 9.0]))
    assert z[5] > 3.5
    assert np.abs(z[:5]).max() < 3.5
    assert np.isnan(robust_z(np.array([1.0, 2.0, 9.0, np.nan, np.nan]))).all()
    assert np.isnan(robust_z(np.ones(6))).all()


def test_few_raters_or_items_are_described_but_not_flagged():
    def change(scores, rng):
        scores[:, 1] = 5.0 - scores[:, 1]

    assert not any(p.flags for p in rater_profiles(panel(120, 4, change=change)[0]))
    assert not any(p.flags for p in rater_profiles(panel(10, 8, change=change)[0]))


def test_test_retest_compares_a_rater_with_himself():
    table, _ = panel(60, 3, missing=0.0)
    rng = np.random.default_rng(3)
    again = np.clip(table.score + rng.choice([0, 0, 0, 1, -1], table.score.size), 0, 5)
    again[table.rater.codes == 1] = table.score[table.rater.codes == 1]
    keep = table.rater.codes != 2
    both = RatingTable(
        table.items, np.r_[table.item, table.item[keep]], Factor(np.zeros(len(table) + keep.sum(), np.int32), ("f",)),
        Factor(np.r_[table.rater.codes, table.rater.codes[keep]], table.rater.names),
        Factor(np.r_[table.emotion.codes, table.emotion.codes[keep]], table.emotion.names),
        np.r_[table.score, again[keep]], np.r_[table.pass_no, table.pass_no[keep] + 1], scale=(0.0, 5.0),
    )  # fmt: skip
    first, second = retest_reliability(both)
    assert (first.rater, second.rater) == ("R0", "R1")
    assert second.kappa.value == pytest.approx(1.0, abs=1e-12)
    assert second.exact == 1.0
    assert second.mean_absolute_difference == 0.0
    mine = table.rater.codes == 0
    change = again[mine] - table.score[mine]
    assert first.exact == pytest.approx((change == 0).mean())
    assert first.mean_difference == pytest.approx(change.mean())
    assert 0.5 < first.kappa.value < 1.0
    assert (first.kappa.n_items, first.kappa.n_ratings) == (60, 240)
    assert "first against second pass" in first.kappa.sentence()
    assert len(retest_reliability(both, by_emotion=True)) == 6
    assert retest_reliability(table) == []
