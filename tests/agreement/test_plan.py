"""Planning: what is simulated is what was asked, and agrees with published formulas and tables."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from app.agreement.icc import icc
from app.agreement.plan import Question, one_study, simulate, size_words
from app.agreement.plan_pilot import components, pilot_of
from app.agreement.plan_traces import TraceWorld, draw_traces, trace_world_of
from app.agreement.plan_world import (
    PARTS,
    Contrast,
    StudySize,
    World,
    as_table,
    draw_scores,
    mean_variance,
    quiet_for,
)
from app.cli import main
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.services.agreement.planning import PlanRequest, make_plan

SURE = 1.0 - 1e-12
"""All ratings above the lowest point, far from it."""
NORMAL = World(0.0, 0.0, 4.0, 0.0, 1.0, prevalence=SURE, low=-100.0, high=100.0, step=0.0)
"""ICC .8 without rater offsets, far from the ends of the scale: what the published formulas assume."""


def test_ratings_have_the_stated_prevalence_and_lie_on_the_scale():
    world = World(prevalence=0.2)
    scores = draw_scores(world, StudySize(1, 20_000, 3), np.random.default_rng(0))
    assert (scores > 0).mean() == pytest.approx(0.2, abs=0.02)
    assert set(np.unique(scores)) <= {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}


def test_own_raters_of_each_condition_leave_the_other_one_empty():
    size = StudySize(4, 2, 3)
    scores = draw_scores(World(), size, np.random.default_rng(0), Contrast(0.5, True, 2))
    assert scores.shape == (8, 2, 6, 2)
    assert np.isnan(scores[:, :, 3:, 0]).all()
    assert np.isnan(scores[:, :, :3, 1]).all()
    table = as_table(scores, size, World())
    assert len(table) == 8 * 2 * 3 * 2


@pytest.mark.parametrize("effect", [0.0, 0.1, 0.3])
def test_the_residual_of_the_second_condition_gives_the_effect_asked_for(effect):
    world = World()
    quiet = quiet_for(world, effect)
    drawn = draw_scores(world, StudySize(1, 40_000, 5), np.random.default_rng(7), Contrast(quiet))
    gap = mean_variance(drawn[:, 0, :, 0]) - mean_variance(drawn[:, 0, :, 1])
    assert gap == pytest.approx(effect, abs=0.02)


def test_bonett_2002_width_of_the_icc():
    # Bonett 2002, Statistics in Medicine 21:1331, formula 3 with its addition for two ratings and ICC of .7 or more:
    # n = 8 z^2 (1 - r)^2 (1 + (k - 1) r)^2 / (k (k - 1) w^2) + 1 (+ 5 r) subjects for an interval of width w.
    r, k, width = 0.8, 2, 0.2
    n = 8 * stats.norm.ppf(0.975) ** 2 * (1 - r) ** 2 * (1 + (k - 1) * r) ** 2 / (k * (k - 1) * width**2) + 1 + 5 * r
    assert np.ceil(n) == 55
    plan = simulate(Question(of="icc", target=width, repetitions=150), [StudySize(1, 55, k)], [NORMAL])
    assert plan.rows[0].width == pytest.approx(width, rel=0.1)
    # Twice as narrow takes four times as many.
    wide = simulate(Question(of="icc", target=width, repetitions=60), [StudySize(1, 4 * 55, k)], [NORMAL])
    assert wide.rows[0].width == pytest.approx(width / 2, rel=0.1)


@pytest.mark.slow
def test_walter_eliasziw_donner_1998_subjects_for_the_power_of_an_icc():
    # Walter, Eliasziw & Donner 1998, Statistics in Medicine 17:101: to show that an ICC is above .6 where it is .8,
    # with two ratings, one-sided alpha of .05 and power of .8, about 39 subjects are needed (their approximation:
    # k = 1 + 2 (z_a + z_b)^2 n / ((ln C)^2 (n - 1)), C = (1 + n t0) / (1 + n t1), t = r / (1 - r)).
    n, t0, t1 = 2, 0.6 / 0.4, 0.8 / 0.2
    c = (1 + n * t0) / (1 + n * t1)
    k = 1 + 2 * (stats.norm.ppf(0.95) + stats.norm.ppf(0.8)) ** 2 * n / (np.log(c) ** 2 * (n - 1))
    assert np.ceil(k) == 39
    question, size = Question(of="icc", level=0.9), StudySize(1, 39, n)
    found = [one_study(question, size, NORMAL, np.random.default_rng([3, j])) for j in range(400)]
    assert np.mean([one.low > 0.6 for one in found]) == pytest.approx(0.8, abs=0.07)


def test_fleiss_cohen_everitt_1969_width_of_kappa():
    # Two points: quadratic weights are none. Large-sample variance of kappa, Fleiss, Cohen & Everitt 1969, formula 13.
    world = World(0.0, 0.0, 3.0, 0.0, 1.0, low=0.0, high=1.0)
    many = draw_scores(world, StudySize(1, 200_000, 2), np.random.default_rng(1))[:, 0, :, 0].astype(int)
    p = np.bincount(2 * many[:, 0] + many[:, 1], minlength=4).reshape(2, 2) / len(many)
    row, col = p.sum(1), p.sum(0)
    po, pe = np.trace(p), row @ col
    kappa = (po - pe) / (1 - pe)
    first = sum(p[i, i] * (1 - (row[i] + col[i]) * (1 - kappa)) ** 2 for i in range(2))
    second = (1 - kappa) ** 2 * sum(p[i, j] * (col[i] + row[j]) ** 2 for i in range(2) for j in range(2) if i != j)
    variance = (first + second - (kappa - pe * (1 - kappa)) ** 2) / (1 - pe) ** 2
    n = 150
    want = 2 * stats.norm.ppf(0.975) * np.sqrt(variance / n)
    plan = simulate(Question(of="kappa", target=want, repetitions=100), [StudySize(1, n, 2)], [world])
    assert plan.rows[0].width == pytest.approx(want, rel=0.08)
    assert plan.rows[0].value == pytest.approx(kappa, abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("between", [False, True])
def test_power_for_no_effect_is_the_level_of_the_test(between):
    question = Question("effect", target=0.0, between=between, repetitions=150 if between else 400)
    row = simulate(question, [StudySize(12, 3, 4)], [World()]).rows[0]
    upper = stats.binom.ppf(0.999, row.repetitions, 0.05) / row.repetitions
    # The exact test of few units keeps below its level; exchanging raters, the larger of two p does so more.
    assert (0.0 if between else stats.binom.ppf(0.001, row.repetitions, 0.05) / row.repetitions) <= row.power <= upper
    assert row.power_error == pytest.approx(np.sqrt(row.power * (1 - row.power) / row.repetitions))


def test_larger_studies_and_larger_effects_have_more_power():
    def power(subjects, effect):
        question = Question("effect", target=effect, repetitions=25, seed=1)
        return simulate(question, [StudySize(subjects, 3, 4)], [World()]).rows[0].power

    assert power(24, 0.4) >= power(8, 0.4) + 0.1
    assert power(24, 0.4) >= power(24, 0.1) + 0.2


def test_the_answer_is_the_cheapest_size_that_is_enough_and_the_sentence_says_all():
    sizes = [StudySize(n, 4, r) for r in (3, 5) for n in (6, 30, 40)]
    plan = simulate(Question(target=0.3, repetitions=12, seed=4), sizes, [World()])
    good = [row for row in plan.rows if row.enough]
    assert good
    assert plan.answer.size.n_items * plan.answer.size.raters == min(r.size.n_items * r.size.raters for r in good)
    assert all(row.width <= 0.3 for row in good)
    said = plan.sentence()
    for words in (size_words(plan.answer.size), "Krippendorff's alpha (ordinal)", "12 simulated studies", "seed 4",
                  "Monte Carlo standard error", "Variances and prevalence are assumed", "residual 37 %"):  # fmt: skip
        assert words in said
    again = simulate(plan.question, sizes, [World()])
    assert again.rows == plan.rows
    nothing = simulate(Question(target=0.01, repetitions=3), sizes[:1], [World()])
    assert nothing.answer is None
    assert nothing.sentence().startswith("None of the 1 size looked at")


def test_an_effect_beyond_what_raters_could_show_is_refused():
    with pytest.raises(UserError, match="as large as 9"):
        simulate(Question("effect", target=9.0, repetitions=2), [StudySize()], [World()])


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_components_of_a_pilot_are_those_it_was_drawn_from(missing):
    true = World(0.6, 0.4, 0.8, 0.5, 1.0, prevalence=SURE, low=-100, high=100, step=0)
    size = StudySize(150, 3, 12, 2)
    scores = draw_scores(true, size, np.random.default_rng(5))
    scores[np.random.default_rng(6).random(scores.shape) < missing] = np.nan
    found = components(as_table(scores, size, true))
    for name in PARTS:
        room = 0.35 if name == "rater" else 0.15  # twelve raters tell little of how raters differ
        assert found[name] == pytest.approx(getattr(true, name), abs=room), name


def test_a_pilot_gives_studies_that_look_like_it():
    size = StudySize(60, 2, 6)
    true = World(prevalence=0.3)
    table = as_table(draw_scores(true, size, np.random.default_rng(8)), size, true)
    pilot = pilot_of(table)
    assert pilot.world.prevalence == pytest.approx((table.score > 0).mean(), abs=1e-9)
    assert pilot.world.step == 1.0
    large = StudySize(600, 2, 40)
    shown = components(as_table(draw_scores(pilot.world, large, np.random.default_rng(9)), large, pilot.world))
    want = components(table)
    # One item a clip: the two are not told apart, and what a rater adds is that of six raters.
    assert shown["residual"] == pytest.approx(want["residual"], rel=0.1)
    assert shown["subject"] + shown["clip"] + shown["item"] == pytest.approx(
        want["subject"] + want["clip"] + want["item"], rel=0.25
    )
    assert len({one.subject for one in pilot.resampled}) > 20
    assert "resamples of its subjects" in pilot.words
    with pytest.raises(UserError, match="no emotion sad"):
        pilot_of(table, "sad")


def test_a_small_pilot_is_taken_as_it_is_and_one_without_pairs_is_refused():
    size = StudySize(3, 4, 3)
    table = as_table(draw_scores(World(), size, np.random.default_rng(8)), size, World())
    assert pilot_of(table).resampled == ()
    alone = table.where(table.rater.codes == 0)
    with pytest.raises(UserError, match="Two ratings of an item"):
        pilot_of(alone)


def test_traces_are_planned_with_the_report_estimator_and_a_pilot_gives_back_its_world():
    plan = simulate(Question(of="ccc", target=0.4, repetitions=10), [StudySize(6, 1, 3), StudySize(20, 1, 3)],
                    [TraceWorld()])  # fmt: skip
    assert plan.rows[1].width < plan.rows[0].width
    true = TraceWorld(level=0.15, course=0.2, offset=0.1, noise=0.12, memory_s=1.0)
    blocks, _ = draw_traces(true, StudySize(1, 200, 8), np.random.default_rng(2))
    found = trace_world_of(blocks, 5.0)
    assert found.course == pytest.approx(0.2, rel=0.15)
    assert found.noise == pytest.approx(0.12, rel=0.15)
    assert found.duration_s == pytest.approx(20.0)


def test_the_command_writes_all_its_forms(tmp_path, capsys):
    words = ["plan", "--width", "0.5", "--subjects", "8,20", "--clips", "3", "--raters", "4", "--repetitions", "6"]
    words += ["--json", str(tmp_path / "p.json"), "--html", str(tmp_path / "p.html"), "--csv", str(tmp_path / "t")]
    assert main(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Enough: " in said
    out = json.loads((tmp_path / "p.json").read_text())
    assert [row["subjects"] for row in out["rows"]] == [8, 20]
    assert out["question"]["repetitions"] == 6
    assert out["pilot"] is None
    page = (tmp_path / "p.html").read_text()
    assert "<svg" in page
    assert "expected to be" in page
    assert "Where the answer comes from" in page
    assert (tmp_path / "t" / "plan.csv").read_text().count("\n") == 3
    assert "seed 0" in (tmp_path / "t" / "plan_provenance.csv").read_text()


def test_the_command_plans_from_a_file(tmp_path, capsys):
    from tests.agreement.test_report import simulated, write_csv

    write_csv(tmp_path / "r.csv", simulated(30)[0])
    words = ["plan", "--ratings", str(tmp_path / "r.csv"), "--effect", "0.2", "--subjects", "8", "--clips", "2"]
    words += ["--raters", "4", "--emotion", "happy", "--repetitions", "3", "--json", str(tmp_path / "p.json")]
    assert main(words) == 0
    out = json.loads((tmp_path / "p.json").read_text())
    assert len(out["pilot"]["labels"][0]["sha256"]) == 64
    assert "pilot study (happy" in out["sentence"]
    capsys.readouterr()
    assert main([*words, "--prevalence", "0.2"]) == 1
    assert "--prevalence" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["--width", "0"], ["--width", "0.2", "--raters", "1"], ["--width", "0.2", "--repetitions", "1"],
     ["--width", "0.2", "--between"], ["--effect", "0.2", "--of", "icc"], ["--width", "0.2", "--prevalence", "1"],
     ["--width", "0.2", "--variances", "person=1"], ["--width", "0.2", "--variances", "residual=0"],
     ["--effect", "-1"]],
)  # fmt: skip
def test_what_cannot_be_planned_is_refused_in_a_sentence(words, capsys):
    assert main(["plan", "--subjects", "6", *words]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_planning_can_be_cancelled():
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        make_plan(ctx, PlanRequest(Question(repetitions=50)))


def test_icc_of_a_study_is_that_of_the_report():
    size, world = StudySize(10, 3, 4), replace(World(), prevalence=0.7)
    found = one_study(Question(of="icc"), size, world, np.random.default_rng(3))
    scores = draw_scores(world, size, np.random.default_rng(3))
    want = icc(scores[:, 0, :, 0], unit=size.codes()[0], unit_name="subject").agreement
    assert (found.value, found.low, found.high) == (want.value, want.low, want.high)
