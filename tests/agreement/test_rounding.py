"""What only rounding tells apart is no difference: not in the effect, its p, its sizes or its adjustment."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from app.agreement.effect_size import rank_biserial
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.domain.ratings import Factor, Items, RatingTable
from app.interchange.tidy_ratings import read_ratings


def paired_table(first, second, per_clip=1):
    """A table of two conditions from two (items, raters) matrices."""
    scores = np.stack([np.asarray(first, float), np.asarray(second, float)])
    condition, item, rater = (a.ravel().astype(np.int32) for a in np.indices(scores.shape))
    n = scores.shape[1]
    items = Items(
        tuple(f"i{k}" for k in range(n)), Factor.encode(f"c{k // per_clip}" for k in range(n)), Factor.missing(n)
    )
    return RatingTable(
        items, item, Factor(condition, ("a", "b")), Factor(rater, tuple(f"r{k}" for k in range(scores.shape[2]))),
        Factor.constant("happy", item.size), scores.ravel(), np.ones(item.size, np.int32),
    )  # fmt: skip


def assert_nothing_happened(pair):
    assert pair.difference.value == 0
    assert pair.difference.interval is None
    assert "no item differs" in pair.difference.reason
    assert (pair.p, pair.p_adjusted, pair.p_holm) == (1, 1, 1)
    assert np.isnan(pair.d_z)
    assert np.isnan(pair.rank_biserial)


@pytest.mark.parametrize("per_clip", [1, 3])
@pytest.mark.parametrize("shift", [3.0, 1 / 3, 0.1])
def test_a_pure_shift_of_all_ratings_is_no_difference_of_disagreement(shift, per_clip):
    face = np.random.default_rng(4).integers(0, 3, (30, 3)) * (1.0 if shift == 3 else shift)
    settings = AgreementSettings(unit="clip", replicates=200)
    assert_nothing_happened(agreement_report(paired_table(face, face + shift, per_clip), None, settings).pairs[0])


def test_differences_that_cancel_within_a_clip_leave_nothing():
    a = [[0.0, 0.1], [0.0, 0.2], [0.0, 0.3]] * 2
    b = [[0.0, 0.2], [0.0, 0.3], [0.0, 0.1]] * 2
    pair = agreement_report(paired_table(a, b, 3), None, AgreementSettings(unit="clip", replicates=100)).pairs[0]
    assert (pair.difference.value, pair.p_adjusted) == (0, 1)
    assert pair.difference.interval is None


def test_real_differences_far_below_a_point_are_kept():
    a, b = np.tile([0.0, 1e-3], (12, 1)), np.tile([0.0, 2e-3], (12, 1))
    a[0], b[0] = (0, 5), (0, 5)
    pair = agreement_report(paired_table(a, b), None, AgreementSettings(unit="item", replicates=100)).pairs[0]
    assert pair.difference.value == pytest.approx(-1.5e-6 * 11 / 12, rel=1e-9)
    assert pair.p < 0.01


def test_rank_biserial_is_that_of_exact_fractions():
    rng = np.random.default_rng(8)
    for _ in range(200):
        m = rng.integers(0, 6, (2, 12, 3))
        exact = []
        for x, y in zip(*m.tolist(), strict=True):
            ends = []
            for row in (x, y):
                mean = Fraction(sum(row), 3)
                ends.append(sum((v - mean) ** 2 for v in row) / 2)
            exact.append(ends[0] - ends[1])
        nonzero = [d for d in exact if d]
        size = stats.rankdata([abs(d) for d in nonzero])
        want = sum(r if d > 0 else -r for r, d in zip(size, nonzero, strict=True)) / sum(size)
        pair = agreement_report(paired_table(m[0], m[1]), None, AgreementSettings(unit="item", replicates=0)).pairs[0]
        assert pair.rank_biserial == pytest.approx(want, abs=1e-12)


def test_ties_that_rounding_takes_apart_share_a_rank():
    third = 1 / 3
    assert rank_biserial(np.array([third, -(1 - 2 * third), 0.5])) == pytest.approx(0.5)


def test_items_without_a_difference_are_dropped_before_ranking():
    # Two items differ, both in one direction; two only by rounding (thirds shifted by 4 and by 3).
    a = [[0, 0, 1], [0, 3, 0], [0, 2, 1], [0, 2, 0]]
    b = [[4, 4, 5], [1, 1, 1], [3, 5, 4], [1, 2, 1]]
    pair = agreement_report(paired_table(a, b), None, AgreementSettings(unit="item", replicates=0)).pairs[0]
    assert pair.rank_biserial == 1


def test_the_reference_tables_print_their_right_values(shared):
    folder = shared / "reference" / "referee"
    settings = AgreementSettings(unit="clip", replicates=200)
    assert_nothing_happened(agreement_report(read_ratings(folder / "effect_of_rounding.csv"), None, settings).pairs[0])
    pair = agreement_report(read_ratings(folder / "rank_biserial.csv"), None, settings).pairs[0]
    assert pair.rank_biserial == 1
