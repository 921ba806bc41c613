"""Tables on which a referee found wrong numbers: console, JSON, page and window each print the right ones.

The files of the shared folder have twins that are made here, so that the tests run without it.
"""

import csv
import json
from collections import namedtuple

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

import db.clips
from app.cli import main
from app.services.labels.import_csv import import_labels
from app.services.projects.files import create_project
from tests.study.helpers import media_info
from tests.ui.waiting import idle, settle

EMOTIONS = ("angry", "disgust", "happy", "sad", "surprise", "fear", "neutral", "contempt", "confused")
Printed = namedtuple("Printed", "console json page window")


def rows_of(scores, condition="full_context", emotion="happy", raters=("A", "B"), pass_no=1):
    """Rows of (items, raters) scores."""
    return [
        (f"c{i}", condition, rater, emotion, int(score), pass_no)
        for i, line in enumerate(scores)
        for rater, score in zip(raters, line, strict=True)
    ]


def two_raters(rng, n, levels):
    """(n, 2) scores of which half agree."""
    first = rng.choice(levels, n)
    return np.stack([first, np.where(rng.random(n) < 0.5, first, rng.choice(levels, n))], axis=1)


def kappa_of(scores):
    return cohen_kappa_score(*scores.T, labels=range(6), weights="quadratic")


def rounding():
    face = np.random.default_rng(3).integers(0, 3, (30, 3))
    who = ("r0", "r1", "r2")
    return rows_of(face, "face_only", raters=who) + rows_of(face + 3, "full_context", raters=who), None


def one_sign():
    who = ("r0", "r1", "r2")
    return rows_of([[0, 0, 1], [0, 3, 0]], "a", raters=who) + rows_of([[4, 4, 5], [1, 1, 1]], "b", raters=who), None


def unused_levels():
    scores = two_raters(np.random.default_rng(5), 60, [0, 1, 5])
    return rows_of(scores) + rows_of(scores[:, 1:], raters=("A",), pass_no=2), kappa_of(scores)


def pooled():
    rng, rows, each = np.random.default_rng(6), [], []
    for k, emotion in enumerate(EMOTIONS):
        scores = np.clip(k // 2 + rng.integers(0, 2, (80, 2)), 0, 5)
        rows += rows_of(scores, emotion=emotion)
        each.append(kappa_of(scores))
    return rows, float(np.mean(each))


def reversed_interval():
    first, second = [5, 0, 2, 4, 3, 5, 2, 2, 5, 2], [0, 2, 5, 2, 3, 0, 4, 5, 4, 5]
    return rows_of(np.transpose([first, second]), raters=("r0", "r1")), None


TWINS = {
    "effect_of_rounding": rounding, "rank_biserial": one_sign, "kappa_unused_levels": unused_levels,
    "kappa_pooled_over_emotions": pooled, "icc_reversed_interval": reversed_interval,
}  # fmt: skip
RIGHT = {"kappa_unused_levels": 0.412, "kappa_pooled_over_emotions": 0.004}


def twin_of(name, folder):
    """The twin as a file, and its right value."""
    rows, value = TWINS[name]()
    path = folder / f"{name}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("clip", "condition", "rater", "emotion", "score", "pass"))
        writer.writerows(rows)
    return path, value


def windowed(window, ratings, folder):
    """Rows of the window's Reliability page for a project that holds these ratings."""
    with ratings.open(newline="") as file:
        clips = list(dict.fromkeys(row["clip"] for row in csv.DictReader(file)))
    path = folder / "study.affectograph"
    with create_project(path) as project:
        for k, name in enumerate(clips):
            db.clips.add(project, media_info(folder / "media" / f"{name}.mp4"), f"{k:064x}", name=name)
        assert import_labels(project, [ratings]).answers
    window.projects.open(path)
    settle(lambda: window.context.project is not None)
    screen = window.show_screen("agreement")
    settle(lambda: screen.state.shown is not None and screen.state.shown.final)
    idle(window.context)
    model = screen.reliability.table.model_
    heads = [column.title for column in model.columns]
    return [dict(zip(heads, row, strict=True)) for row in model.rows]


@pytest.fixture(params=["shared", "twin"])
def printed(request, window, tmp_path, capsys):
    """Name of a table → what each output says of it, and the right value where it is a number."""

    def run(name):
        path, value = tmp_path / f"{name}.csv", RIGHT.get(name)
        if request.param == "shared":
            path = request.getfixturevalue("shared") / "reference" / "referee" / path.name
        else:
            path, value = twin_of(name, tmp_path)
        out, page = tmp_path / "o.json", tmp_path / "o.html"
        assert main(["agreement", "--ratings", str(path), "--json", str(out), "--html", str(page)]) == 0
        said = " ".join(capsys.readouterr().out.split())
        return Printed(said, json.loads(out.read_text()), page.read_text(), windowed(window, path, tmp_path)), value

    return run


def test_every_file_of_the_folder_is_tested(shared):
    assert {path.stem for path in (shared / "reference" / "referee").glob("*.csv")} == set(TWINS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kappa_unused_levels", "kappa_pooled_over_emotions"])
def test_kappas(printed, name):
    out, value = printed(name)
    told = f"{value:.3f}"
    found = next(e for e in out.json["reliability"]["kappa_pairs"] if "raters A and B" in e["about"])
    assert found["value"] == pytest.approx(value, abs=5e-4)
    assert f"raters A and B, full_context │ {told} [" in out.console
    assert found["sentence"].split(" was ")[1].split(",")[0] in out.page
    (row,) = [r for r in out.window if r["Of"].text == "A and B"]
    assert row["Value"].text.replace("−", "-") == told
    assert row["Value"].order == pytest.approx(found["value"], abs=1e-12)
    if name == "kappa_unused_levels":
        again = out.json["reliability"]["retest"][0]["value"]
        (row,) = [r for r in out.window if r["Of"].text == "A again"]
        assert row["Value"].order == pytest.approx(again, abs=1e-12)


@pytest.mark.slow
def test_an_impossible_reliability_is_undefined(printed):
    out, _ = printed("icc_reversed_interval")
    found = next(e for e in out.json["reliability"]["icc"] if e["estimator"].startswith("ICC(A,k)"))
    assert (found["value"], found["interval"]) == (None, None)
    (row,) = [r for r in out.window if r["Estimator"].text.startswith("ICC(A,k)")]
    assert (row["Value"].text, row["Interval"].text) == ("–", "–")
    for text in (found["reason"], out.page, out.console, row["Value"].tip):
        assert "-2.857, which is not a correlation" in text


@pytest.mark.slow
def test_rounding_is_no_effect(printed):
    out, _ = printed("effect_of_rounding")
    (pair,), (details,) = out.json["pairs"], out.json["details"]["pairs"]
    assert (pair["difference"], pair["p_adjusted"], pair["interval"]) == (0, 1, None)
    assert (details["p"], details["d_z"], details["rank_biserial"]) == (1, None, None)
    assert "│ happy │ 0.000 │ 1.000 │" in out.console
    assert "│ happy │ – │ – │" in out.console
    assert "no item differs between the conditions" in out.console
    assert "no item differs between the conditions" in out.page
    rows = {r["Estimator"].text: r for r in out.window if "−" in r["Condition"].text}
    difference = rows["mean paired difference of within-item sample variance"]
    assert (difference["Value"].text, difference["Interval"].text, difference["p"].text) == ("0.000", "–", "1.000")
    assert "no item differs" in difference["Interval"].tip
    for size in ("d_z (mean paired difference over its standard deviation)", "matched-pairs rank-biserial correlation"):
        assert rows[size]["Value"].text == "–"


@pytest.mark.slow
def test_two_items_of_one_sign(printed):
    out, _ = printed("rank_biserial")
    (details,) = out.json["details"]["pairs"]
    assert details["rank_biserial"] == 1
    assert "│ 1.000 │" in out.console
    assert "matched-pairs rank-biserial correlation for happy, a - b was 1," in out.page
    (row,) = [r for r in out.window if r["Estimator"].text.startswith("matched-pairs")]
    assert row["Value"].text == "1.000"
