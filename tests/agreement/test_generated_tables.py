"""Generated tables through the whole program, against other packages: clustered, incomplete, raters of their own.

Each table is written as CSV and analysed by the command; what it writes as JSON is compared with krippendorff,
pingouin, statsmodels, scikit-learn, SciPy and sums written out here.
"""

import csv
import json
import warnings
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from app.cli import main

pytestmark = pytest.mark.slow

CONDITIONS = ("face_only", "full_context")
EMOTIONS = ("happy", "sad")


@dataclass(frozen=True)
class Kind:
    """A kind of table."""

    subjects: int
    clips: int
    raters: int
    missing: float
    between: bool
    step: float = 1.0
    awkward: bool = False
    """One rater always gives the same score, names hold commas and quotes, and answers were corrected later."""


KINDS = {
    "clustered": Kind(7, 4, 5, 0.0, between=False),
    "incomplete": Kind(9, 3, 6, 0.35, between=False),
    "between": Kind(8, 3, 4, 0.1, between=True),
    "few ratings": Kind(12, 2, 3, 0.5, between=False),
    "half points": Kind(6, 5, 4, 0.2, between=False, step=0.5),
    "awkward": Kind(7, 3, 4, 0.15, between=False, awkward=True),
}


def table_of(kind, seed):
    """Long rows (subject, clip, condition, rater, emotion, score); subjects and clips are alike in themselves."""
    rng = np.random.default_rng([seed, 17])
    bias = rng.normal(0, 0.5, 2 * kind.raters)
    rows = []
    for s in range(kind.subjects):
        person = rng.normal(0, 0.7, 2)
        for c in range(kind.clips):
            clip = rng.normal(1.5, 1.2, 2) + person
            for k, r in product(range(2), range(2 * kind.raters if kind.between else kind.raters)):
                if kind.between and (r < kind.raters) != (k == 0):
                    continue
                for e, name in enumerate(EMOTIONS):
                    value = clip[e] + bias[r] + rng.normal(0, 1.2 - 0.4 * k)
                    score = float(np.clip(np.rint(value / kind.step) * kind.step, 0, 5))
                    if kind.awkward and r == 0:
                        score = 2.0
                    rater = f'Rätin {r}, "the {r}th"' if kind.awkward else f"R{r}"
                    if rng.random() >= kind.missing:
                        rows.append((f"s{s}", f"s{s}c{c}", CONDITIONS[k], rater, name, score))
    return pd.DataFrame(rows, columns=["subject", "clip", "condition", "rater", "emotion", "score"])


@pytest.fixture(
    scope="module", params=[(name, seed) for name in KINDS for seed in (1, 2)], ids=lambda p: f"{p[0]} {p[1]}"
)
def analysed(request, tmp_path_factory):
    """(kind, long table, what the program says of it)."""
    name, seed = request.param
    folder = tmp_path_factory.mktemp("generated")
    table = table_of(KINDS[name], seed)
    written = table.sample(frac=1.0, random_state=seed)
    if KINDS[name].awkward:
        earlier = written.head(9).assign(score=lambda rows: 5.0 - rows.score)
        written = pd.concat([earlier, written])
    written.to_csv(folder / "r.csv", index=False)
    words = ["agreement", "--ratings", str(folder / "r.csv"), "--scale", "0:5", "--json", str(folder / "o.json")]
    assert main(words) == 0
    return KINDS[name], table, json.loads((folder / "o.json").read_text())


def cells(table):
    """(condition, emotion, items x raters) of each cell."""
    for (condition, emotion), rows in table.groupby(["condition", "emotion"]):
        yield condition, emotion, rows.pivot_table(index="clip", columns="rater", values="score")


def close(got, want, tolerance=1e-9):
    if np.isnan(want):
        assert got is None
    else:
        assert got == pytest.approx(want, abs=tolerance)


def test_the_default_unit_is_the_subject(analysed):
    _, _, out = analysed
    assert out["provenance"]["unit"] == "subject"


def test_alpha_is_that_of_krippendorff(analysed):
    krippendorff = pytest.importorskip("krippendorff")
    _, table, out = analysed
    for condition, emotion, wide in cells(table):
        found = out["conditions"][condition]["emotions"][emotion]
        matrix = wide.to_numpy().T
        for metric in ("ordinal", "interval"):
            want = krippendorff.alpha(reliability_data=matrix, level_of_measurement=metric)
            close(found[f"alpha_{metric}"], want)


def test_disagreement_is_the_mean_of_pandas_variances(analysed):
    _, table, out = analysed
    for condition, emotion, wide in cells(table):
        found = out["conditions"][condition]["emotions"][emotion]
        several = wide[wide.notna().sum(axis=1) >= 2]
        close(found["disagreement"], several.var(axis=1, ddof=1).mean())
        close(found["disagreement_population"], several.var(axis=1, ddof=0).mean())
        close(found["prevalence"], (wide.stack().dropna() > 0).mean())
        assert found["n_items"] == len(several)


def interval_by_hand(values_without, value, there, back, extra):
    z = there(np.asarray(values_without))
    n = z.size
    d = z - z.mean()
    freedom = n - 1 + extra
    if n >= 10:
        freedom = min(max(2 * n / (n * (d**4).sum() / (d**2).sum() ** 2 - 1), 2), n - 1)
    half = stats.t.ppf(0.975, freedom) * np.sqrt((n - 1) / n * (d**2).sum())
    return sorted((back(there(value) - half), back(there(value) + half)))


def test_intervals_leave_out_each_subject(analysed):
    krippendorff = pytest.importorskip("krippendorff")
    _, table, out = analysed
    for condition, emotion, wide in cells(table):
        found = out["conditions"][condition]["emotions"][emotion]
        if found["alpha_ordinal_interval"] is None:
            continue
        person = np.array([name.split("c")[0] for name in wide.index])
        matrix = wide.to_numpy()
        people = np.unique(person[(wide.notna().sum(axis=1) >= 2).to_numpy()])
        left = [
            krippendorff.alpha(reliability_data=matrix[person != p].T, level_of_measurement="ordinal") for p in people
        ]
        want = interval_by_hand(
            left, found["alpha_ordinal"], lambda v: -np.sqrt(1 - v), lambda z: 1 - np.square(min(z, 0.0)), extra=2
        )
        np.testing.assert_allclose(found["alpha_ordinal_interval"], want, atol=1e-8)


def icc_of(out, name, condition, emotion):
    found = [
        one for one in out["reliability"]["icc"]
        if one["about"] == f"{emotion} in {condition}" and one["estimator"].startswith(name)
    ]  # fmt: skip
    return found[0] if found else None


def test_icc_of_complete_items_is_that_of_pingouin(analysed):
    pingouin = pytest.importorskip("pingouin")
    _, table, out = analysed
    compared = 0
    for condition, emotion, wide in cells(table):
        full = wide.dropna()
        if len(full) < 5:
            continue
        long = full.reset_index().melt(id_vars="clip", value_name="score")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            want = pingouin.intraclass_corr(long, targets="clip", raters="rater", ratings="score").set_index("Type")
        for name in ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)", "ICC(C,k)"):
            if abs(want.loc[name, "ICC"]) <= 1:
                close(icc_of(out, f"{name}, two-way", condition, emotion)["value"], want.loc[name, "ICC"], 1e-8)
                compared += 1
    kind = analysed[0]
    assert compared >= 8 or kind.missing > 0.2


def test_the_mixed_model_is_that_of_statsmodels(analysed):
    from statsmodels.regression.mixed_linear_model import MixedLM

    kind, table, out = analysed
    if kind.missing == 0.0:
        pytest.skip("complete tables have closed forms")
    for condition, emotion, wide in list(cells(table))[:1]:
        long = wide.stack().dropna().rename("score").reset_index()
        long["one"] = 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parts = {"clip": "0 + C(clip)", "rater": "0 + C(rater)"}
            model = MixedLM.from_formula("score ~ 1", groups="one", vc_formula=parts, data=long)
            fit = model.fit(reml=True, method=["powell", "lbfgs"])
        items, raters = (float(fit.vcomp[list(model.exog_vc.names).index(name)]) for name in parts)
        found = icc_of(out, "ICC(A,1), mixed model", condition, emotion)
        close(found["value"], items / (items + raters + fit.scale), 2e-3)


def test_kappas_of_pairs_are_those_of_scikit_learn_averaged_over_emotions(analysed):
    from sklearn.metrics import cohen_kappa_score

    kind, table, out = analysed
    if kind.between:
        pytest.skip("pairs of raters who judged different conditions have no item in common")
    levels = np.arange(0, 5.01, kind.step)
    for one in out["reliability"]["kappa_pairs"][:3]:
        first, second = one["about"].rpartition(",")[0].removeprefix("raters ").split(" and ")
        each = []
        for _, _, wide in cells(table):
            both = wide[[first, second]].dropna()
            if len(both):
                codes = [np.rint(both[name] / kind.step).astype(int) for name in (first, second)]
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    each.append(cohen_kappa_score(*codes, labels=range(levels.size), weights="quadratic"))
        close(one["value"], float(np.nanmean(each)), 1e-9)


def differences(table, emotion):
    """(subject, difference of variance) of each item with two ratings in both conditions."""
    ends = []
    for condition in CONDITIONS:
        rows = table[(table.condition == condition) & (table.emotion == emotion)]
        ends.append(rows.groupby(["subject", "clip"]).score.agg(["var", "count"]).query("count >= 2")["var"])
    both = pd.concat(ends, axis=1, keys=CONDITIONS).dropna()
    return both[CONDITIONS[0]] - both[CONDITIONS[1]]


def test_the_effect_and_the_exact_p_of_every_sign_flip(analysed):
    kind, table, out = analysed
    gaps = {emotion: differences(table, emotion) for emotion in EMOTIONS}
    sums = np.stack([gaps[e].groupby("subject").sum().reindex(sorted(table.subject.unique()), fill_value=0.0)
                     for e in EMOTIONS], axis=1)  # fmt: skip
    signs = np.array(list(product((1, -1), repeat=sums.shape[0])))
    drawn = np.abs(signs @ sums) / np.sqrt((sums**2).sum(axis=0))
    observed = drawn[0]
    order = np.argsort(-observed)
    adjusted, last = {}, 0.0
    for place, e in enumerate(order):
        most = drawn[:, order[place:]].max(axis=1)
        last = max(last, float((most >= observed[e] * (1 - 1e-9)).mean()))
        adjusted[EMOTIONS[e]] = last
    for pair in out["pairs"]:
        close(pair["difference"], float(gaps[pair["emotion"]].mean()))
        if not kind.between:
            assert pair["p_adjusted"] == pytest.approx(adjusted[pair["emotion"]], abs=1e-12)
        else:
            assert pair["p_adjusted"] >= adjusted[pair["emotion"]] - 1e-12


def votes_like_crema_d(path, seed):
    """Votes of six categories by actor, as the public table of CREMA-D has them: clip names begin with the actor."""
    rng = np.random.default_rng(seed)
    names = ("A", "D", "F", "H", "N", "S")
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["clip", "condition", "subject", *names])
        for actor in range(1001, 1013):
            taste = rng.dirichlet(np.ones(6))
            for sentence in ("IEO", "TIE", "IOM"):
                for condition, sharp in (("voice", 2.0), ("face", 4.0)):
                    share = rng.dirichlet(sharp * taste + 0.05)
                    votes = rng.multinomial(rng.integers(4, 11), share)
                    out.writerow([f"{actor}_{sentence}", condition, actor, *votes])


def test_votes_by_actor_are_resampled_by_actor(tmp_path, capsys):
    path = tmp_path / "votes.csv"
    votes_like_crema_d(path, 3)
    assert main(["agreement", "--categories", str(path), "--json", str(tmp_path / "o.json")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "resample subjects" in said
    assert "12 subjects, 36 clips" in said
    out = json.loads((tmp_path / "o.json").read_text())
    assert out["provenance"]["unit"] == "subject"
    table = pd.read_csv(path)
    counts = table[list("ADFHNS")].to_numpy(float)
    n = counts.sum(axis=1)
    differ = 1 - (counts * (counts - 1)).sum(axis=1) / (n * (n - 1))
    for condition in ("voice", "face"):
        close(out["conditions"][condition]["categories"]["disagreement"], differ[table.condition == condition].mean())
    whole = next(p for p in out["pairs"] if p["emotion"] is None)
    gap = differ[table.condition == whole["a"]] - differ[table.condition == whole["b"]]
    close(whole["difference"], gap.mean())
    by_actor = pd.Series(gap).groupby(table[table.condition == "voice"].subject.to_numpy()).sum().to_numpy()
    signs = np.array(list(product((1, -1), repeat=by_actor.size)))
    exact = (np.abs(signs @ by_actor) >= abs(by_actor.sum()) * (1 - 1e-9)).mean()
    assert whole["p_adjusted"] == pytest.approx(exact, abs=1e-12)
    # By clip the same table would be taken for one of 36 independent clips.
    main(["agreement", "--categories", str(path), "--by", "clip", "--json", str(tmp_path / "c.json")])
    other = json.loads((tmp_path / "c.json").read_text())
    ends = [next(p for p in found["pairs"] if p["emotion"] is None)["interval"] for found in (out, other)]
    assert ends[0] != ends[1]
