"""From a project's file to agreement and gold standards, past the command line."""

import json

import numpy as np
import pytest

import db.clips
import db.gold
import db.items
import db.raters
import db.studies
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.cli import main
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.services.labels.export import export_labels
from app.services.labels.gold import METHODS, GoldRequest, make_gold
from app.services.labels.tables import load_project_ratings
from app.services.study.simulate import simulate_study
from db.project import Project
from tests.study.helpers import add_face, media_info

CONDITIONS = {"face_only", "full_context"}


@pytest.fixture(scope="module")
def project_path(tmp_path_factory):
    """Five clips judged by four simulated raters in both conditions, with traces."""
    folder = tmp_path_factory.mktemp("project")
    path = folder / "study.affectograph"
    with Project.create(path) as project:
        items = []
        for i in range(5):
            clip = db.clips.add(
                project, media_info(folder / "media" / f"clip{i}.mp4"), f"{i:064x}", subject=f"S{i % 4}"
            )
            items.append(add_face(project, db.items.every(project, clip_id=clip.id)[0]))
        study = default_study("faces", trace=True).next_version(min_distance=1, raters_per_cell=4)
        record = db.studies.save(project, study)
        db.studies.add_items(project, record.id, [item.id for item in items])
        simulate_study(project, "faces", 4, seed=3)
    return path


@pytest.fixture
def labels(project_path):
    return load_project_ratings(project_path)


@pytest.mark.slow
def test_a_project_gives_the_same_table_as_its_columns(project_path, labels, tmp_path, capsys):
    out = tmp_path / "out.json"
    assert (
        main(
            [
                "agreement",
                str(project_path),
                "--bootstrap",
                "30",
                "--json",
                str(out),
                "--html",
                str(tmp_path / "p.html"),
            ]
        )
        == 0
    )
    assert "simulated" in capsys.readouterr().out
    got = json.loads(out.read_text())
    assert got["simulated"] is True
    assert set(got["conditions"]) == CONDITIONS
    want = agreement_report(labels.intensities, labels.categories, AgreementSettings(replicates=30))
    for cell in want.emotions:
        value = got["conditions"][cell.condition]["emotions"][cell.emotion]
        assert value["disagreement"] == pytest.approx(cell.disagreement.value, abs=1e-12)
        assert value["n_ratings"] == cell.disagreement.n_ratings
    assert got["conditions"]["face_only"]["categories"]["n_items"] > 0


@pytest.fixture
def exported(project_path, tmp_path):
    """The project's labels as CSV, with the list of raters."""
    with Project.open(project_path, read_only=True) as project:
        export_labels(project, tmp_path / "labels")
    return tmp_path / "labels"


def agree(capsys, folder, *words):
    """Agreement of a folder's intensities and categories: what is printed, on one line, and the JSON."""
    files = ["--ratings", folder / "intensities.csv", "--categories", folder / "categories.csv"]
    out = folder / "out.json"
    assert main([str(word) for word in ["agreement", *files, "--bootstrap", 0, "--json", out, *words]]) == 0
    return " ".join(capsys.readouterr().out.split()), json.loads(out.read_text())


def test_an_export_remembers_that_raters_were_simulated(exported, capsys):
    printed, got = agree(capsys, exported)
    assert "come from simulated raters" in printed
    assert got["simulated"] is True
    assert "were simulated cannot be told" not in printed


def test_without_the_list_of_raters_it_says_that_it_cannot_tell(exported, capsys, tmp_path):
    elsewhere = (exported / "raters.csv").rename(tmp_path / "who.csv")
    printed, got = agree(capsys, exported)
    assert "Whether raters were simulated cannot be told: no raters.csv lies beside intensities.csv" in printed
    assert got["simulated"] is None
    printed, got = agree(capsys, exported, "--raters", elsewhere)
    assert "come from simulated raters" in printed
    assert got["simulated"] is True


def test_a_list_of_raters_that_is_none_or_lacks_some(exported, capsys, tmp_path):
    listed = exported / "raters.csv"
    lines = listed.read_text().splitlines()
    codes = [line.split(",")[0] for line in lines[1:]]
    listed.write_text("\n".join([lines[0], *(f"{code},rater,no" for code in codes)]))
    printed, got = agree(capsys, exported)
    assert got["simulated"] is False
    assert "simulated" not in printed
    listed.write_text("\n".join([lines[0], *(f"{code},rater,no" for code in codes[1:])]))
    printed, got = agree(capsys, exported)
    assert f"raters.csv does not list {codes[0]}" in printed
    assert got["simulated"] is None
    listed.write_text("name,age\nAnna,31\n")
    printed, _ = agree(capsys, exported)
    assert "the raters.csv beside intensities.csv is not a list of raters" in printed
    (tmp_path / "named.csv").write_text("name,age\nAnna,31\n")
    words = ["agreement", "--ratings", str(exported / "intensities.csv"), "--raters", str(tmp_path / "named.csv")]
    assert main(words) == 1
    assert "has no column" in capsys.readouterr().err


def test_a_list_of_raters_needs_labels_of_raters(project_path, tmp_path, capsys):
    (tmp_path / "votes.csv").write_text("item,happy,sad\na,3,1\nb,0,4\n")
    assert main(["agreement", str(project_path), "--raters", "raters.csv"]) == 1
    assert main(["agreement", "--categories", str(tmp_path / "votes.csv"), "--raters", "raters.csv"]) == 1
    told = capsys.readouterr().err
    assert "belongs to a file of labels" in told
    assert "Votes do not say which rater gave them" in told


def test_project_and_files_together_are_refused(project_path, tmp_path, capsys):
    assert main(["agreement", str(project_path), "--ratings", str(tmp_path / "r.csv")]) == 1
    assert main(["agreement", str(tmp_path / "none.affectograph")]) == 1
    assert all(line.startswith("affectograph: ") for line in capsys.readouterr().err.strip().splitlines())


@pytest.mark.parametrize("method", ["mean", "median", "ewe"])
def test_gold_of_intensities_is_stored_with_its_recipe(project_path, labels, method):
    made = make_gold(project_path, GoldRequest("intensity", method), actor="OWNER")
    table = labels.intensities
    assert {g.condition for g in made} == CONDITIONS
    one = made[0]
    with Project.open(project_path, read_only=True) as project:
        stored = {g.uid: g for g in db.gold.for_item(project, one.item_id)}
        item = db.items.get(project, one.item_id)
    assert stored[one.uid].recipe["method"] == method
    assert set(stored[one.uid].recipe["raters"]) == set(table.rater.names)
    assert len(stored[one.uid].sources) == 4
    assert stored[one.uid].recipe["simulated"] == sorted(table.rater.names)
    code = table.items.names.index(item.name)
    emotion, value = next(iter(one.value.items()))
    rows = (table.item == code) & (table.condition.codes == table.condition.names.index(one.condition))
    rows &= (table.emotion.codes == table.emotion.names.index(emotion)) & (table.pass_no == 1)
    scores = table.score[rows & ~np.isnan(table.score)]
    assert one.recipe["n"][emotion] == scores.size
    if method == "ewe":
        assert scores.min() - 1e-9 <= value <= scores.max() + 1e-9
        assert sum(one.recipe["weights"][emotion]) == pytest.approx(1.0)
    else:
        assert value == pytest.approx({"mean": np.mean, "median": np.median}[method](scores))


@pytest.mark.parametrize("method", ["plurality", "ferplus", "dawid_skene"])
def test_gold_of_categories_keeps_votes_and_ties(project_path, method):
    made = make_gold(project_path, GoldRequest("category", method))
    for gold in made:
        votes = gold.recipe["votes"]
        assert gold.recipe["state"] in {"clear", "tie", "no_majority", "no_votes"}
        assert sum(votes.values()) <= 4
        if method == "plurality":
            assert sum(gold.value.values()) == pytest.approx(1.0)
            best = [name for name, n in votes.items() if n == max(votes.values())]
            assert gold.recipe["label"] == (best[0] if len(best) == 1 else None)
        if method == "dawid_skene" and gold.recipe["label"]:
            assert gold.value[gold.recipe["label"]] == max(gold.value.values())


@pytest.mark.parametrize("kind", ["intensity", "category"])
def test_gold_by_the_model_of_raters_has_intervals(project_path, kind):
    plain = {(g.item_id, g.condition): g for g in make_gold(project_path, GoldRequest(kind, METHODS[kind][0]))}
    made = make_gold(project_path, GoldRequest(kind, "bayes"))
    assert {(g.item_id, g.condition) for g in made} == set(plain)
    for gold in made:
        assert set(gold.recipe["interval"]) == set(gold.value)
        for name, (low, high) in gold.recipe["interval"].items():
            assert low <= gold.value[name] + 1e-6
            assert gold.value[name] <= high + 1e-6 or kind == "category"
            assert high - low > 0
        if kind == "category":
            assert sum(gold.value.values()) == pytest.approx(1.0)
        assert gold.sources == plain[gold.item_id, gold.condition].sources


@pytest.mark.slow
@pytest.mark.parametrize(("method", "align"), [("mean", "none"), ("ewe", "relative"), ("barycentre", "relative")])
def test_gold_of_traces_lies_on_the_clip_and_leaves_raw_samples_alone(project_path, labels, method, align):
    before = [t.samples.values.tobytes() for t in labels.traces]
    made = make_gold(project_path, GoldRequest("trace", method, align))
    assert made
    for gold in made:
        assert gold.values.shape == (gold.times_s.size, 2)
        known = gold.values[~np.isnan(gold.values)]
        assert known.size
        assert np.abs(known).max() <= 1.0 + 1e-6
        assert gold.recipe["align"] == align
        assert len(gold.recipe["lags_s"]) == len(gold.recipe["raters"])
        assert gold.sources
    after = [t.samples.values.tobytes() for t in load_project_ratings(project_path).traces]
    assert before == after
    if align == "none":
        assert all(lag == 0 for g in made for lag in g.recipe["lags_s"])


@pytest.mark.slow
def test_absolute_lags_need_a_rater_who_was_calibrated(project_path, labels):
    request = GoldRequest("trace", "median", "absolute")
    with pytest.raises(UserError, match="reaction lag was measured"):
        make_gold(project_path, request)
    with Project.open(project_path) as project:
        rater = db.raters.by_code(project, labels.traces[0].rater)
        db.raters.set_lag(project, rater.id, 0.4)
        try:
            made = make_gold(project, request)
        finally:
            db.raters.set_lag(project, rater.id, None)
    for gold in made:
        lags = dict(zip(gold.recipe["raters"], gold.recipe["lags_s"], strict=True))
        assert lags.get(rater.code, 0.4) == 0.4
        assert gold.recipe["align"] == "absolute"


def test_gold_command_and_what_it_refuses(project_path, tmp_path, capsys):
    out = tmp_path / "gold.json"
    assert main(["gold", str(project_path), "--kind", "trace", "--method", "mean", "--json", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "gold standards" in printed
    assert "Note: some or all labels come from simulated raters: S01, S02, S03, S04." in printed
    first = json.loads(out.read_text())[0]
    assert len(first["series"]["time_s"]) == len(first["series"]["valence_arousal"])
    assert main(["gold", str(project_path), "--kind", "category", "--method", "mean"]) == 1
    assert "Choose one of plurality" in capsys.readouterr().err
    with Project.create(tmp_path / "empty.affectograph") as empty, pytest.raises(UserError, match="no labels of kind"):
        make_gold(empty, GoldRequest("intensity"))


@pytest.mark.slow
def test_traces_of_a_project_on_request(project_path, tmp_path, capsys):
    out = tmp_path / "t.json"
    page = tmp_path / "t.html"
    words = ["agreement", str(project_path), "--bootstrap", "40", "--traces", "--json", str(out), "--html", str(page)]
    assert main(words) == 0
    told = page.read_text()
    assert ">Traces</h2>" in told
    assert "CCC with the others" in told
    assert "overlap-normalised cross-correlation" in told
    assert "concordance correlation coefficient, mean over pairs" in capsys.readouterr().out
    found = json.loads(out.read_text())["traces"]
    assert {(t["condition"], t["dimension"]) for t in found} == {
        (c, d) for c in CONDITIONS for d in ("valence", "arousal")
    }
    for one in found:
        assert len(one["ccc_leave_one_out"]) == len(one["raters"]) == len(one["lags"])
        interval = one["alpha_interval"]["interval"]  # fewer than five units have none
        assert interval is None or interval[0] <= one["alpha_interval"]["value"] <= interval[1]
    (tmp_path / "r.csv").write_text("clip,condition,rater,emotion,score\nc,f,A,e,1\n")
    assert main(["agreement", "--ratings", str(tmp_path / "r.csv"), "--traces"]) == 1


def test_a_project_that_this_process_has_open_is_read_and_has_no_hash(project_path, tmp_path):
    out = tmp_path / "agreement.json"
    with Project.open(project_path):
        assert main(["agreement", str(project_path), "--bootstrap", "0", "--json", str(out)]) == 0
    (source,) = json.loads(out.read_text("utf-8"))["provenance"]["inputs"]
    assert source == {"name": project_path.name, "sha256": None}
