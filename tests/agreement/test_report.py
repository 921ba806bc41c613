"""The whole table against independent computations, its command, page, tables and figures."""

import json
from itertools import combinations

import numpy as np
import pytest

from app.agreement.as_json import report_json
from app.agreement.figures import difference_figure, disagreement_figure, figure_svg, save_figure
from app.agreement.page import methods_sentences, report_html
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.agreement.tables import ResultTable, all_tables, table_csv, table_latex
from app.cli import main
from app.domain.ratings import CountTable, Factor, Items, RatingTable
from app.errors import UserError

EMOTIONS = ("happy", "sad", "angry")
CONDITIONS = ("face_only", "full_context")


def simulated(n_items=60, seed=0, *, top=5, step=1.0, noise=(1.4, 0.7), per_clip=1, **more):
    """A rating table and its (items, emotions, raters, conditions) scores."""
    rng = np.random.default_rng(seed)
    latent = rng.random((n_items, 3)) * top * (rng.random((n_items, 3)) < 0.5)
    scores = latent[:, :, None, None] + rng.normal(size=(n_items, 3, 5, 2)) * np.array(noise)
    scores = np.clip(np.rint(scores / step) * step, 0, top)
    scores[rng.random(scores.shape) < 0.1] = np.nan
    item, emotion, rater, condition = (a.ravel().astype(np.int32) for a in np.indices(scores.shape))
    items = Items(
        tuple(f"i{k}" for k in range(n_items)),
        Factor.encode(f"c{k // per_clip}" for k in range(n_items)),
        Factor.encode(f"s{k % 9}" for k in range(n_items)),
    )
    table = RatingTable(
        items, item, Factor(condition, CONDITIONS), Factor(rater, tuple("ABCDE")), Factor(emotion, EMOTIONS),
        scores.ravel(), np.ones(item.size, np.int32), **{"scale": (0.0, float(top)), **more},
    )  # fmt: skip
    return table, scores


@pytest.mark.parametrize(("step", "unit"), [(1.0, "item"), (0.05, "item"), (1.0, "subject")])
def test_every_cell_equals_a_plain_computation(step, unit):
    krippendorff = pytest.importorskip("krippendorff")
    table, scores = simulated(step=step)
    report = agreement_report(table, None, AgreementSettings(unit=unit, replicates=60))
    for e, emotion in enumerate(EMOTIONS):
        for c, condition in enumerate(CONDITIONS):
            m = scores[:, e, :, c]
            two = (~np.isnan(m)).sum(axis=1) >= 2
            cell = report.emotion(condition, emotion)
            assert cell.disagreement.value == pytest.approx(np.nanvar(m[two], axis=1, ddof=1).mean(), abs=1e-12)
            assert cell.disagreement_population.value == pytest.approx(np.nanvar(m[two], axis=1).mean(), abs=1e-12)
            assert cell.prevalence.value == pytest.approx((m[~np.isnan(m)] > 0).mean(), abs=1e-12)
            for metric, got in (("ordinal", cell.alpha_ordinal), ("interval", cell.alpha_interval)):
                want = krippendorff.alpha(m[two].T, level_of_measurement=metric)
                assert got.value == pytest.approx(want, abs=1e-10)
                assert got.low < got.value < got.high
            agree = [np.mean([a == b for a, b in combinations(r[~np.isnan(r)], 2)]) for r in m[two]]
            assert cell.agreement.value == pytest.approx(np.mean(agree), abs=1e-12)
            assert (cell.disagreement.n_items, cell.disagreement.n_raters) == (two.sum(), 5)


@pytest.mark.parametrize("step", [1.0, 0.05])
def test_alpha_interval_equals_the_package_on_the_same_resamples(step):
    krippendorff = pytest.importorskip("krippendorff")
    from app.agreement.pooled import expanded_interval
    from app.agreement.resample import bootstrap_weights

    table, scores = simulated(40, step=step)
    report = agreement_report(table, None, AgreementSettings(unit="item", replicates=80, seed=3, interval="bootstrap"))
    weights = np.concatenate(list(bootstrap_weights(40, 80, 3))).astype(int)
    m = scores[:, 1, :, 0]
    values = [krippendorff.alpha(np.repeat(m, w, axis=0).T, level_of_measurement="ordinal") for w in weights]
    want = expanded_interval(np.array(values), 40)
    cell = report.emotion("face_only", "sad").alpha_ordinal
    np.testing.assert_allclose([cell.low, cell.high], want, atol=1e-9)


def test_pairs_are_a_minus_b_with_clusters_and_effect_sizes():
    table, scores = simulated(80, per_clip=4)
    report = agreement_report(table, None, AgreementSettings(unit="clip", replicates=300))
    assert [(p.a, p.b, p.emotion) for p in report.pairs] == [("face_only", "full_context", e) for e in EMOTIONS]
    for e, pair in enumerate(report.pairs):
        v = []
        for c in (0, 1):
            m = scores[:, e, :, c]
            v.append(np.where((~np.isnan(m)).sum(axis=1) >= 2, np.nanvar(m, axis=1, ddof=1), np.nan))
        d = (v[0] - v[1])[~np.isnan(v[0] - v[1])]
        assert pair.difference.value == pytest.approx(d.mean(), abs=1e-12)
        assert pair.d_z == pytest.approx(d.mean() / d.std(ddof=1), abs=1e-12)
        assert pair.n_clusters == 20
        assert pair.difference.low < d.mean() < pair.difference.high
        assert pair.p <= pair.p_adjusted <= 0.01
        assert pair.p <= pair.p_holm
        cells = [report.emotion(c, EMOTIONS[e]).alpha_ordinal.value for c in CONDITIONS]
        assert pair.delta_alpha.value == pytest.approx(cells[0] - cells[1], abs=1e-12)
        assert pair.delta_alpha.high < 0
        assert "clips" in pair.difference.sentence()


def test_intervals_widen_when_items_of_a_cluster_are_alike():
    table, _ = simulated(30)
    copies = np.tile(np.arange(30), 6)
    rows = [np.flatnonzero(table.item == i) for i in range(30)]
    index = np.concatenate([rows[i] for i in copies])
    item = np.concatenate([np.full(rows[i].size, k) for k, i in enumerate(copies)]).astype(np.int32)
    clip = Factor(copies.astype(np.int32), tuple(f"c{i}" for i in range(30)))
    items = Items(tuple(f"i{k}" for k in range(180)), clip, Factor.missing(180))
    many = RatingTable(items, item, table.condition.take(index), table.rater.take(index), table.emotion.take(index),
                       table.score[index], table.pass_no[index])  # fmt: skip
    width = {}
    for unit in ("item", "clip"):
        e = agreement_report(many, None, AgreementSettings(unit=unit, replicates=300)).emotions[0].alpha_ordinal
        width[unit] = e.high - e.low
    assert width["clip"] > 1.8 * width["item"]


def test_only_the_first_pass_counts_and_order_of_rows_does_not():
    table, _ = simulated()
    second = table.where(np.ones(len(table), bool))
    both = RatingTable(
        table.items, np.r_[table.item, second.item],
        Factor(np.r_[table.condition.codes, second.condition.codes], CONDITIONS),
        Factor(np.r_[table.rater.codes, second.rater.codes], table.rater.names),
        Factor(np.r_[table.emotion.codes, second.emotion.codes], EMOTIONS),
        np.r_[table.score, 5 - second.score], np.r_[table.pass_no, second.pass_no + 1],
    )  # fmt: skip
    mixed = np.random.default_rng(1).permutation(len(both))
    settings = AgreementSettings(unit="item", replicates=50)
    want, got = (report_json(agreement_report(t, None, settings)) for t in (table, both.where(mixed)))
    for condition in CONDITIONS:
        for emotion in EMOTIONS:
            a, b = (r["conditions"][condition]["emotions"][emotion] for r in (want, got))
            for key, value in a.items():
                np.testing.assert_allclose(b[key], value, atol=1e-12)


def test_leaving_out_a_rater_is_recomputed_and_deletes_nothing():
    table, scores = simulated()
    less = table.without_raters(["C"])
    report = agreement_report(less, None, AgreementSettings(replicates=0))
    m = np.delete(scores[:, 0, :, 0], 2, axis=1)
    two = (~np.isnan(m)).sum(axis=1) >= 2
    cell = report.emotion("face_only", "happy")
    assert cell.disagreement.value == pytest.approx(np.nanvar(m[two], axis=1, ddof=1).mean(), abs=1e-12)
    assert cell.disagreement.n_raters == 4
    assert cell.disagreement.interval is None
    assert len(table) == scores.size


def test_warnings_about_raters_who_saw_the_context_first():
    table, _ = simulated()
    assert "order is not recorded" in agreement_report(table, None, AgreementSettings(replicates=0)).warnings[0]
    times = np.where(table.condition.codes == 0, 100.0, 200.0)
    good, _ = simulated(answered_s=times)
    assert not agreement_report(good, None, AgreementSettings(replicates=0)).warnings
    late = times.copy()
    late[(table.rater.codes == 2) & (table.condition.codes == 0)] = 300.0
    bad, _ = simulated(answered_s=late)
    said = agreement_report(bad, None, AgreementSettings(replicates=0)).warnings
    assert said[0].startswith("1 rater saw 60 items with context before")


def votes_table(seed=0, conditions=("voice", "face"), low=0):
    rng = np.random.default_rng(seed)
    n = 70
    votes = [rng.multinomial(rng.integers(low, 9), rng.dirichlet([0.6, 0.4, 0.3])) for _ in range(n * len(conditions))]
    codes = np.repeat(np.arange(len(conditions)), n).astype(np.int32)
    return CountTable(
        Items.of_clips([f"c{i}" for i in range(n)], [f"s{i % 35}" for i in range(n)]),
        np.tile(np.arange(n), len(conditions)).astype(np.int32), Factor(codes, conditions), ("A", "D", "N"),
        np.array(votes, dtype=np.float64),
    )  # fmt: skip


def test_votes_equal_a_plain_computation():
    krippendorff = pytest.importorskip("krippendorff")
    table = votes_table()
    report = agreement_report(None, table, AgreementSettings(unit="subject", replicates=100))
    for cell in report.categories:
        votes = table.votes[[table.condition.names[c] == cell.condition for c in table.condition.codes]]
        n = votes.sum(axis=1)
        two = n >= 2
        assert cell.alpha_nominal.value == pytest.approx(
            krippendorff.alpha(value_counts=votes[two].astype(int), level_of_measurement="nominal"), abs=1e-12
        )
        gini = 1 - (votes * (votes - 1)).sum(axis=1)[two] / (n * (n - 1))[two]
        assert cell.disagreement.value == pytest.approx(gini.mean(), abs=1e-12)
        assert (cell.disagreement.n_items, cell.disagreement.n_ratings) == (two.sum(), n[two].sum())
        assert cell.alpha_nominal.low < cell.alpha_nominal.value < cell.alpha_nominal.high
        assert cell.fleiss_kappa.low < cell.fleiss_kappa.value < cell.fleiss_kappa.high
        assert sum(c.disagreement.value for c in cell.each) == pytest.approx(cell.disagreement.value, abs=1e-12)
        for k, one in enumerate(cell.each):
            rows = [np.r_[np.ones(int(v[k])), np.zeros(int(v.sum() - v[k]))] for v in votes[two]]
            assert one.disagreement.value == pytest.approx(np.mean([r.var(ddof=1) for r in rows]), abs=1e-12)
            binary = np.stack([votes[two][:, k], n[two] - votes[two][:, k]], axis=1).astype(int)
            want = krippendorff.alpha(value_counts=binary, level_of_measurement="nominal")
            assert one.alpha_nominal.value == pytest.approx(want, abs=1e-12)
    assert [p.emotion for p in report.pairs] == ["A", "D", "N", ""]
    assert {p.alpha for p in report.pairs} == {"nominal"}


def test_resampled_fleiss_equals_the_point_estimate_of_each_resample():
    from app.agreement.kappa import fleiss_kappa
    from app.agreement.vote_cells import category_cells

    cells, clusters = category_cells(votes_table(3, ("all",)), "item")
    cell = cells[0]
    inside = clusters.of_item >= 0
    assert cell.evaluate(cell.columns.sum(axis=0))["fleiss_kappa"] == pytest.approx(
        fleiss_kappa(cell.votes).value, abs=1e-12
    )
    pick = np.random.default_rng(0).integers(0, clusters.count, clusters.count)
    weights = np.bincount(pick, minlength=clusters.count)
    drawn = cell.evaluate(weights @ cell.columns)
    again = np.repeat(cell.votes[inside], weights, axis=0)
    assert drawn["fleiss_kappa"] == pytest.approx(fleiss_kappa(again).value, abs=1e-12)


@pytest.mark.parametrize(
    ("votes", "alpha", "disagreement"),
    [
        ([[5], [3]], None, 0.0),
        ([[1, 0], [0, 1]], None, None),
        ([[0, 0], [0, 0], [4, 0]], None, 0.0),
        ([[2, 0], [1, 0], [0, 3]], 1.0, 0.0),
    ],
)
def test_small_vote_tables_are_defined_or_say_why(votes, alpha, disagreement):
    v = np.array(votes, dtype=np.float64)
    table = CountTable(
        Items.of_clips([f"c{i}" for i in range(len(v))]), np.arange(len(v), dtype=np.int32),
        Factor.constant("all", len(v)), tuple("AB"[: v.shape[1]]), v,
    )  # fmt: skip
    out = report_json(agreement_report(None, table, AgreementSettings(replicates=50)))
    got = out["conditions"]["all"]["categories"]
    assert got["alpha_nominal"] == (None if alpha is None else pytest.approx(alpha))
    assert got["disagreement"] == disagreement
    if alpha is None:
        assert "alpha_nominal: " in got["reason"]
    assert out["pairs"] == []
    json.dumps(out, allow_nan=False)


def test_conditions_without_a_common_item_have_no_difference_but_a_reason():
    table = votes_table(1, low=2)
    apart = CountTable(
        Items.of_clips([f"c{i}" for i in range(140)]), np.arange(140, dtype=np.int32), table.condition,
        table.categories, table.votes,
    )  # fmt: skip
    out = report_json(agreement_report(None, apart, AgreementSettings(unit="item", replicates=50)))
    for pair in out["pairs"]:
        assert pair["difference"] is None
        assert pair["p_adjusted"] is None
        assert "no item has two ratings in both conditions" in pair["reason"]
        assert pair["delta_alpha"] is not None


def test_subjects_must_be_known_to_be_resampled():
    table, _ = simulated()
    items = Items(table.items.names, table.items.clip, Factor.missing(60))
    bare = RatingTable(items, table.item, table.condition, table.rater, table.emotion, table.score, table.pass_no)
    with pytest.raises(UserError, match="do not name the subject"):
        agreement_report(bare, None, AgreementSettings(unit="subject"))
    with pytest.raises(UserError, match="no rating"):
        agreement_report(None, None)


def write_csv(path, table):
    lines = ["clip,item,subject,condition,rater,emotion,score"]
    for k in range(len(table)):
        i = table.item[k]
        score = "" if np.isnan(table.score[k]) else repr(float(table.score[k]))
        lines.append(
            f"{table.items.clip.names[table.items.clip.codes[i]]},{table.items.names[i]},"
            f"{table.items.subject.names[table.items.subject.codes[i]]},{table.condition.names[table.condition.codes[k]]},"
            f"{table.rater.names[table.rater.codes[k]]},{table.emotion.names[table.emotion.codes[k]]},{score}"
        )
    path.write_text("\n".join(lines) + "\n")


CELL = {
    "disagreement", "disagreement_population", "prevalence", "alpha_ordinal", "alpha_ordinal_interval",
    "alpha_interval", "alpha_interval_interval", "n_items", "n_ratings",
}  # fmt: skip
VOTES = {"alpha_nominal", "alpha_nominal_interval", "fleiss_kappa", "disagreement", "n_items", "n_ratings"}
PAIR = {"a", "b", "emotion", "difference", "interval", "p_adjusted", "delta_alpha", "delta_alpha_interval", "alpha"}


def test_the_command_writes_what_is_promised(tmp_path, capsys):
    table, _ = simulated()
    write_csv(tmp_path / "r.csv", table)
    (tmp_path / "v.csv").write_text(
        "clip,condition,subject,A,B\ni1,face_only,s,3,1\ni2,face_only,s,0,4\ni3,face_only,s,1,0\n"
    )
    words = ["agreement", "--ratings", str(tmp_path / "r.csv"), "--categories", str(tmp_path / "v.csv"),
             "--by", "subject", "--bootstrap", "40", "--seed", "5", "--json", str(tmp_path / "o" / "out.json"),
             "--html", str(tmp_path / "out.html"), "--csv", str(tmp_path / "tables")]  # fmt: skip
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "happy" in shown
    assert "Note: " in shown
    out = json.loads((tmp_path / "o" / "out.json").read_text())
    assert set(out["conditions"]) == set(CONDITIONS)
    for condition in out["conditions"].values():
        assert set(condition) - {"reason"} == {"emotions", "categories"}
        assert ("reason" in condition) == (condition["categories"] is None)
        for cell in condition["emotions"].values():
            assert set(cell) - {"reason"} == CELL
    assert set(out["conditions"]["face_only"]["categories"]) - {"reason"} == VOTES
    assert out["conditions"]["full_context"]["categories"] is None
    for pair in out["pairs"]:
        assert set(pair) - {"reason", "kind"} == PAIR
    again = agreement_report(table, None, AgreementSettings(unit="subject", replicates=40, seed=5))
    want = again.emotion("face_only", "sad").alpha_ordinal
    got = out["conditions"]["face_only"]["emotions"]["sad"]
    assert got["alpha_ordinal"] == pytest.approx(want.value, abs=1e-12)
    np.testing.assert_allclose(got["alpha_ordinal_interval"], want.interval, atol=1e-12)
    assert out["settings"]["sign_flips"] >= 9_999
    page = (tmp_path / "out.html").read_text()
    assert page.count("<svg") == 5
    for heading in ("Disagreement and reliability", "Raters", "Intraclass correlations", "Items", "Methods"):
        assert f">{heading}</h2>" in page
    assert "src=" not in page
    assert 'href="http' not in page
    assert len(list((tmp_path / "tables").glob("[!.]*"))) == 12


def test_the_command_refuses_in_one_line(tmp_path, capsys):
    assert main(["agreement"]) == 1
    assert main(["agreement", "--ratings", str(tmp_path / "none.csv")]) == 1
    (tmp_path / "r.csv").write_text("clip,condition,rater,emotion,score\nc,f,A,e,1\n")
    assert main(["agreement", "--ratings", str(tmp_path / "r.csv"), "--without", "Z"]) == 1
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 3
    assert all(line.startswith("affectograph: ") for line in errors)
    with pytest.raises(SystemExit) as caught:
        main(["agreement", "--ratings", str(tmp_path / "r.csv"), "--bootstrap", "-3"])
    assert caught.value.code == 2


def test_the_page_escapes_names_and_lists_what_is_undefined():
    table, _ = simulated()
    evil = RatingTable(
        table.items, table.item, table.condition, table.rater,
        Factor(table.emotion.codes, ("<script>x</script>", "a&b", "c_d")),
        np.where(table.emotion.codes == 2, 0.0, table.score), table.pass_no,
    )  # fmt: skip
    report = agreement_report(evil, None, AgreementSettings(replicates=30))
    page = report_html(report, title="A <b>study</b>", source="x.csv")
    assert "<script>" not in page
    assert "A &lt;b&gt;study" in page
    assert "only one value occurs" in page
    assert all(s in page.replace("&#39;", "'").replace("&amp;", "&") for s in methods_sentences(report))


@pytest.mark.slow
def test_tables_and_figures_for_papers(tmp_path):
    table, _ = simulated()
    report = agreement_report(table, votes_table(), AgreementSettings(replicates=30))
    tables = all_tables(report)
    assert [len(t.rows) for t in tables] == [6, 8, 7]
    text = table_csv(tables[0])
    value = report.emotions[0].disagreement.value
    assert repr(value) in text
    latex = table_latex(tables[0])
    assert r"face\_only" in latex
    assert latex.count(r"\\") == 7
    assert r"\resizebox{\textwidth}{!}{%" in latex
    assert latex.count("{") == latex.count("}")
    words = ResultTable("T", ("rater", "what_else"), (("A_1", "w" * 80), ("B", "x"), ("C", -0.00012)))
    assert words.shown()[2] == ["C", "−0.0001"]
    narrow = table_latex(words)
    assert r"\begin{tabular}{lp{0.4\textwidth}}" in narrow
    assert "what else" in narrow
    assert "C & $-$0.0001" in narrow
    assert "resizebox" not in narrow
    for kind in ("intensity", "category"):
        svg = figure_svg(disagreement_figure(report, kind=kind))
        assert svg.startswith("<svg")
        assert ("Happy" if kind == "intensity" else ">D<") in svg
        for suffix in ("svg", "pdf", "png"):
            path = tmp_path / f"f.{suffix}"
            save_figure(difference_figure(report, kind=kind), path)
            assert path.stat().st_size > 2_000
    with pytest.raises(UserError, match=r"\.gif"):
        save_figure(difference_figure(report), tmp_path / "f.gif")


def test_every_estimate_carries_its_papers():
    table, _ = simulated()
    report = agreement_report(table, votes_table(), AgreementSettings(replicates=30, seed=9, interval="bootstrap"))
    estimates = report_json(report)["details"]["estimates"]
    assert len(estimates) == 6 * 6 + 2 * 4 + 2 * 9
    for e in estimates:
        assert e["estimator"]
        assert e["reference"]
        assert e["n_items"] > 0
        assert e["n_ratings"] > 0
        assert e["missing"]
        assert e["seed"] == 9
        assert e["replicates"] == 30
        assert "bootstrap over clips" in e["method"]
        assert e["sentence"].endswith(".")
        assert e["about"] in e["sentence"]


def test_large_tables_count_patterns_and_give_the_same_intervals(monkeypatch):
    table, _ = simulated(120)
    settings = AgreementSettings(unit="item", replicates=60)
    plain = agreement_report(table, None, settings)
    monkeypatch.setattr("app.agreement.draws.SINGLE_PRECISION_FROM", 50)
    large = agreement_report(table, None, settings)
    for a, b in zip(plain.emotions, large.emotions, strict=True):
        for x, y in zip(a.estimates(), b.estimates(), strict=True):
            np.testing.assert_allclose([y.value, y.low, y.high], [x.value, x.low, x.high], atol=1e-12)
    for p, q in zip(plain.pairs, large.pairs, strict=True):
        np.testing.assert_allclose(q.difference.interval, p.difference.interval, atol=1e-5)
        np.testing.assert_allclose(q.delta_alpha.interval, p.delta_alpha.interval, atol=1e-12)
