"""The closed loop on a project: a rendered one with the real models, and its parts on made-up numbers."""

import json
from dataclasses import replace

import numpy as np
import pytest

import db.audit
import db.clips
import db.items
import db.models
import db.raters
import db.sights
import db.traces
from app.agreement.prediction import series_score
from app.cli import main
from app.domain.project import ItemRecord, TraceStart
from app.domain.snapshot import load_snapshot, split_names
from app.domain.traces import TraceSamples
from app.errors import Cancelled, UserError
from app.inference.cards import CARD_NAME, DEFAULT_MODEL, find_model, load_card, project_models
from app.jobs import Context
from app.services.demo.retrain import ensure_retrain_demo
from app.services.labels.trace_gold import TraceGolds
from app.services.models.in_use import card_in_use
from app.services.projects.files import create_project, open_project
from app.services.retrain import data as data_module
from app.services.retrain.compare import compare
from app.services.retrain.comparison import ClipSeries, compare_series
from app.services.retrain.data import freeze
from app.services.retrain.faces import ClipFaces
from app.services.retrain.known import LabelsAtHand, compare_again, labels_at_hand, trainings
from app.services.retrain.labels import ItemLabels, LabelChoice, labels_of, settled
from app.services.retrain.process import can_train
from app.services.retrain.promote import promote, rollback
from app.services.retrain.runs import TrainRequest, mark_interrupted, train
from app.synthetic.actor import ActorSpec

SMALL = ActorSpec(subjects=5, clips_per_subject=1, seconds=3.0, rate=8, seed=3)
QUICK = {"epochs": 2, "units": 8, "hidden": 8, "length": 20, "folds": 1}


def series(subject, rng, *, old=1.0, new=0.1, n=80, gold=None):
    truth = np.cumsum(rng.normal(0, 0.1, (n, 2)), axis=0) if gold is None else gold
    raters = {code: truth + rng.normal(0, 0.05, truth.shape) for code in ("A", "B", "C")}
    noisy = [truth + rng.normal(0, spread, truth.shape) for spread in (old, new)]
    return ClipSeries(f"{subject}.mp4", 1, subject, np.arange(n) / 25, truth, noisy[0], noisy[1], raters)


def test_a_better_model_is_found_better_and_may_be_promoted():
    rng = np.random.default_rng(0)
    found = compare_series("old", "new", [series(f"S{i}", rng) for i in range(6)])
    assert found.offers_promotion
    for each in found.dimensions.values():
        assert each.verdict == "better"
        assert 0 < each.interval[0] < each.difference < each.interval[1]
        assert each.n_subjects == 6
        assert each.among.human > 0.9
        assert each.among.n_raters == 3
    told = found.as_dict()
    assert set(told["valence"]) >= {"old", "new", "difference", "interval", "n_subjects", "verdict"}
    json.dumps(told, allow_nan=False)


def test_an_equal_model_is_not_better_and_a_worse_one_is_worse():
    rng = np.random.default_rng(1)
    equal = compare_series("old", "new", [series(f"S{i}", rng, old=0.5, new=0.5) for i in range(6)])
    assert equal.overall == "not better"
    assert not equal.offers_promotion
    worse = compare_series("old", "new", [series(f"S{i}", rng, old=0.1, new=1.0) for i in range(6)])
    assert worse.overall == "not better"
    assert worse.worse
    assert all(each.worse for each in worse.dimensions.values())
    assert "not better" in worse.sentence
    assert not worse.offers_promotion


def test_three_subjects_are_too_few_to_say():
    rng = np.random.default_rng(2)
    found = compare_series("old", "new", [series(f"S{i}", rng) for i in range(3)])
    assert found.overall == "too few subjects"
    assert found.dimensions["valence"].verdict == "too few subjects"
    assert np.isnan(found.dimensions["valence"].interval[0])
    assert not found.offers_promotion


def test_labels_are_those_nearest_in_time_and_within_the_item():
    item = ItemRecord(1, "u", "i", 1, "c", "", "", 0.4, None, None, None, {}, "", 0, False)
    times_s = np.arange(10) / 10
    labels = ItemLabels(item, times_s, np.stack([times_s, -times_s], axis=1).astype(np.float32))
    got = labels.at(np.array([0.3, 0.41, 0.87, 1.2]))
    assert np.isnan(got[0]).all()  # before the item
    np.testing.assert_allclose(got[1:3, 0], [0.4, 0.9], atol=1e-6)
    assert np.isnan(got[3]).all()  # nobody labelled there


def test_every_name_has_one_part_and_most_keep_it_as_others_come():
    names = [f"S{i}" for i in range(12)]
    before, after = split_names(names), split_names([*names, "S12"])
    assert sorted(name for part in before for name in part) == sorted(names)
    kept = sum(len(set(a) & set(b)) for a, b in zip(before, after, strict=True))
    assert kept >= 10


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """A small project of five synthetic people and the cache of their faces, made once."""
    place = tmp_path_factory.mktemp("retrain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(place / "home"))
        return ensure_retrain_demo(Context(), place / "demo" / "small.affectograph", SMALL)


@pytest.fixture
def project(rendered, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(rendered.parent.parent / "home"))
    with open_project(rendered) as opened:
        yield opened


@pytest.mark.slow
def test_equal_labels_freeze_to_equal_data_and_other_labels_to_others(project):
    one = freeze(project, LabelChoice(), Context())
    again = freeze(project, LabelChoice(), Context())
    assert one.sha256 == again.sha256
    assert one.manifest["labels"]["source"] == "gold"
    snapshot = load_snapshot(one.folder)
    assert snapshot.features.shape[1] == 320
    assert snapshot.landmarks.shape[1] == 10
    assert snapshot.labelled.sum() > 30
    assert set(snapshot.subjects) == {f"actor{i:02d}" for i in range(1, 6)}
    alone = freeze(project, LabelChoice("R2"), Context())
    assert alone.sha256 != one.sha256
    assert freeze(project, LabelChoice(shuffle_seed=1), Context()).sha256 != one.sha256


@pytest.mark.slow
def test_gold_is_made_anew_when_a_rater_comes_in(project):
    choice = settled(project, LabelChoice())
    before = labels_of(project, choice)
    item = before[0].item
    rater = db.raters.by_code(project, "R9") or db.raters.add(project, "R9")
    times_s = np.arange(0, 3, 0.02)
    samples = TraceSamples(times_s, np.full((len(times_s), 2), 0.9, np.float32), times_s, "simulated")
    trace = db.traces.add(project, TraceStart(item.id, rater.id, "full_context", blinded=True, device="mouse"), samples)
    after = labels_of(project, choice)
    assert np.nanmean(after[0].values) > np.nanmean(before[0].values)
    db.traces.abandon(project, trace.id)


@pytest.mark.slow
def test_an_item_whose_gold_standard_fails_is_named_and_the_others_are_learned_from(project, monkeypatch):
    real, chosen = TraceGolds.of, []

    def falls_over(self, condition, item):
        chosen.append(item.name)
        if item.name == chosen[0]:
            raise ZeroDivisionError("nobody foresaw it")
        return real(self, condition, item)

    choice = settled(project, LabelChoice(method="median"))
    monkeypatch.setattr(TraceGolds, "of", falls_over)
    with pytest.raises(UserError, match="failed unexpectedly"):
        labels_of(project, choice)
    frozen = freeze(project, choice, Context())
    assert [one["name"] for one in frozen.failed] == [f"{chosen[0]}, {choice.condition}"]
    assert frozen.event["failed"] == frozen.manifest["failed"] == list(frozen.failed)
    assert any(note.startswith(f"Left out: {chosen[0]}") for note in frozen.notes)
    assert set(frozen.manifest["subjects"]) == {f"actor{i:02d}" for i in range(1, 6)} - {chosen[0].split("_")[0]}
    monkeypatch.setattr(TraceGolds, "of", real)
    assert freeze(project, choice, Context()).failed == ()


@pytest.mark.process
@pytest.mark.slow
def test_the_command_names_a_clip_that_it_could_not_learn_from(project, tmp_path, capsys):
    clip = db.clips.every(project)[0].path
    words = ["train", "--project", str(project.path), "--out", str(tmp_path / "run"), "--device", "cpu"]
    words += [word for key, value in QUICK.items() for word in ("--set", f"{key}={value}")]
    aside = clip.rename(clip.with_suffix(".away"))
    try:
        assert main(words) == 1
    finally:
        aside.rename(clip)
    said = capsys.readouterr()
    assert said.err.count(f"left out: {clip.name} is missing.") == 1
    assert "1 item left out, the others were used" in said.err
    frozen = json.loads(said.out.splitlines()[0])
    assert [one["name"] for one in frozen["failed"]] == [clip.name]
    assert (tmp_path / "run" / "model.onnx").is_file()
    record = db.models.trainings(project)[0]
    assert (record.status, clip.name in record.note) == ("finished", True)


@pytest.mark.slow
def test_what_there_is_to_learn_from(project):
    found = trainings(project)
    assert found.labels == labels_at_hand(project)
    assert (found.labels.clips, found.labels.subjects) == (5, 5)
    assert len(found.labels.raters) >= 2
    assert found.labels.conditions
    assert (found.in_use_name, found.in_use_sha256, found.can_roll_back) == (DEFAULT_MODEL, "", False)
    assert trainings(project, "chosen_by_hand").in_use_name == "chosen_by_hand"


def test_a_project_without_labels_offers_none(tmp_path):
    with create_project(tmp_path / "empty") as empty:
        found = trainings(empty)
    assert found.labels == LabelsAtHand((), (), 0, 0, stored=False)
    assert (found.records, found.behind) == ([], "")


@pytest.mark.slow
def test_unknown_raters_and_conditions_are_refused(project):
    with pytest.raises(UserError, match="no rater"):
        labels_of(project, settled(project, LabelChoice("nobody")))
    with pytest.raises(UserError, match="no traces under"):
        settled(project, LabelChoice(condition="underwater"))


def test_a_project_without_traces_says_what_to_do(tmp_path):
    with create_project(tmp_path / "empty") as empty, pytest.raises(UserError, match="Record traces"):
        freeze(empty, LabelChoice(), Context())


@pytest.fixture(scope="module")
def trained(rendered):
    if not can_train():
        pytest.skip("torch is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(rendered.parent.parent / "home"))
        events = []
        with open_project(rendered) as opened:
            values = {**QUICK, "folds": 3}
            made = train(opened, TrainRequest(values=values, device="cpu", name="mine"), events.append, Context())
        return made, events


@pytest.mark.process
def test_a_training_ends_in_a_model_a_record_and_a_comparison(trained, project):
    made, events = trained
    told = [event["event"] for event in events]
    assert told[:3] == ["frozen", "placed", "start"]
    assert told.count("epoch") == 2 * (1 + 3)
    assert told[-3:] == ["done", "exported", "compared"]
    card = load_card(made.folder)
    assert card.kind == "face_sequence"
    assert (made.folder / "model.onnx").is_file()
    record = next(r for r in db.models.trainings(project) if r.id == made.record.id)
    assert record.status == "finished"
    assert record.model.sha256 == card.file().sha256
    assert record.snapshot_sha256 == card.training["snapshot_sha256"]
    assert record.metrics["comparison"]["valence"]["n_subjects"] == len(card.training["subjects"]["test"])
    people = card.training["subjects"]
    found = record.metrics["cross_validation"]
    assert found["folds"] == 3
    assert {name for part in found["parts"] for name in part["subjects"]} == {*people["train"], *people["validation"]}
    assert card.metrics["cross_validation"]["valence"]["ccc"] == pytest.approx(found["valence"]["ccc"])


def test_the_face_that_was_judged_is_learned_from_whatever_its_number(project):
    item = db.items.every(project)[0]
    n = 10
    boxes = np.repeat(np.float32([[10, 10, 50, 50], [200, 10, 50, 50]]), n, axis=0)
    faces = ClipFaces(
        np.tile(np.arange(n, dtype=np.int32), 2), np.tile(np.arange(n) / 25, 2), np.repeat(np.int32([7, 1]), n),
        np.zeros((2 * n, 4, 4), np.uint8), np.zeros((2 * n, 10), np.float32), boxes, "key", "clip",
    )  # fmt: skip
    marked = replace(item, track_id=None, track_no=1, target={"time_s": 0.0, "box": [12, 12, 50, 50]})
    np.testing.assert_array_equal(faces.rows_of(project, marked), np.arange(n))
    gone = replace(marked, target={"time_s": 0.0, "box": [400, 400, 50, 50]})
    assert faces.rows_of(project, gone).size == 0


@pytest.mark.process
def test_a_training_is_compared_again_and_one_without_a_model_is_not(trained, project):
    made, _ = trained
    record = next(one for one in trainings(project).records if one.id == made.record.id)
    again = compare_again(Context(), project, record)
    now, then = (one.comparison.as_dict()["valence"] for one in (again, made))
    assert now["new"] == then["new"]
    assert now["old"] == then["old"]  # on the same device: `auto` may take the INT8 file of the shipped model
    assert (again.model, again.folder) == (made.model, made.folder)
    with pytest.raises(UserError, match="nothing to compare"):
        compare_again(Context(), project, replace(record, metrics={}))


@pytest.mark.process
@pytest.mark.slow
def test_both_models_are_scored_on_the_curves_that_analyze_writes(trained, project, tmp_path):
    import csv

    from app.cli import main

    result = trained[0]
    found = compare(project, None, str(result.folder), Context(), device="cpu")
    assert found.as_dict()["device"] == "cpu"
    clips = {clip.clip: clip for clip in found.clips}
    for which, model in (("old", None), ("new", str(result.folder))):
        gold, told = [], []
        for name, one in clips.items():
            out = tmp_path / which / name
            path = db.clips.get(project, one.clip_id).path
            words = ["analyze", str(path), "--out", str(out), "--device", "cpu"]
            assert main([*words, *(["--model", model] if model else [])]) == 0
            with next(out.rglob("*.csv")).open() as file:
                rows = [row for row in csv.DictReader(file) if row["status"] == "face"]
            ids = [row["track_id"] for row in rows]
            most = [row for row in rows if row["track_id"] == max(set(ids), key=ids.count)]
            at = {round(float(row["time_s"]), 6): float(row["valence_smooth"]) for row in most}
            gold.append(one.gold[:, 0])
            told.append([at[round(float(t), 6)] for t in one.times_s])
        want = series_score(np.concatenate(told), np.concatenate(gold)).ccc
        assert getattr(found.dimensions["valence"], which).ccc == pytest.approx(want, abs=1e-6)


@pytest.mark.process
@pytest.mark.slow
def test_the_comparison_never_sees_a_subject_that_was_learned_from(trained, project):
    made, _ = trained
    found = compare(project, None, "mine", Context())
    subjects = load_card(made.folder).training["subjects"]
    assert {clip.subject for clip in found.clips} <= set(subjects["test"])
    assert not {clip.subject for clip in found.clips} & {*subjects["train"], *subjects["validation"]}


@pytest.mark.process
def test_a_model_whose_card_has_words_for_its_labels_is_compared_on_the_gold_standard(project):
    assert isinstance(find_model(DEFAULT_MODEL).training["labels"], str)
    found = compare(project, None, DEFAULT_MODEL, Context())
    assert found.labels.startswith("the mean of all raters")
    assert found.dimensions["valence"].difference == 0
    assert found.overall == "not better"


@pytest.mark.process
def test_what_is_not_better_is_promoted_only_on_purpose_and_can_be_rolled_back(trained, project, monkeypatch):
    with pytest.raises(UserError, match="not promoted"):
        promote(project, "mine")
    shipped = find_model(None).name
    assert card_in_use(None, project).name == shipped
    promote(project, "mine", anyway=True, actor="me")
    assert card_in_use(None, project).name == "mine"
    assert card_in_use(None, project.path).name == "mine"
    assert card_in_use(shipped, project).name == shipped
    with pytest.raises(UserError, match="in use already"):
        promote(project, "mine", anyway=True)
    assert rollback(project) == shipped
    assert card_in_use(None, project).name == shipped
    with pytest.raises(UserError, match="nothing to roll back"):
        rollback(project)
    actions = [record.action for record in db.audit.recent(project)]
    assert "model.promote" in actions
    assert "model.rollback" in actions


@pytest.mark.process
def test_a_promoted_model_whose_file_was_changed_is_not_used(trained, project):
    promote(project, "mine", anyway=True)
    file = project_models(project.path) / "mine" / "model.onnx"
    content = file.read_bytes()
    try:
        file.write_bytes(content + b"x")
        with pytest.raises(UserError, match="not the one that was promoted"):
            card_in_use(None, project)
    finally:
        file.write_bytes(content)
        rollback(project)


@pytest.mark.process
def test_live_and_whole_clips_use_the_promoted_model_and_agree(trained, project):
    from app.services.predict.analyse import Analyser
    from app.services.predict.pipeline import FacePipeline
    from app.services.predict.readers import open_reader

    promote(project, "mine", anyway=True)
    try:
        clip = db.items.every(project)[0]
        path = project.path.with_name(clip.clip)
        with Analyser(None, "cpu", project_path=project.path) as analyser:
            analysis = analyser.analyse(path, Context(), project=project)
        assert analysis.key.model == "mine"
        (track,) = analysis.tracks
        pipeline = FacePipeline(None, "cpu", project_path=project.path)
        model = pipeline.model
        memory = {}
        with open_reader(path, Context()) as reader:
            raw = []
            for seen in pipeline.track(reader.frames(), Context()):
                said = pipeline.predict(pipeline.crops(seen.frame, seen.faces), seen.faces, memory)
                raw += list(said.valence_arousal)
        assert model.card.name == "mine"
        np.testing.assert_allclose(np.array(raw), track.valence_arousal, atol=1e-4)
    finally:
        rollback(project)


@pytest.mark.process
def test_cancel_discards_the_run_and_harms_nothing(project):
    if not can_train():
        pytest.skip("torch is not installed")
    ctx = Context()
    models = len(db.models.every(project))

    def hear(event):
        if event["event"] == "epoch":
            ctx.cancel()

    with pytest.raises(Cancelled):
        train(project, TrainRequest(values={**QUICK, "epochs": 5000, "patience": 5000}, name="gone"), hear, ctx)
    record = db.models.trainings(project)[0]
    assert record.status == "cancelled"
    assert len(db.models.every(project)) == models
    assert not (project_models(project.path) / "gone").exists()
    assert not (data_module.training_folder(project) / "runs" / "gone").exists()


@pytest.mark.slow
def test_a_run_whose_program_died_is_marked_interrupted(project):
    record = db.models.add_training(
        project, "gru_head", {}, snapshot_sha256="", snapshot={}, seed=0, folder="/nowhere/x"
    )
    db.models.update_training(project, record.id, "running")
    assert record.id in [found.id for found in mark_interrupted(project)]
    assert next(r for r in db.models.trainings(project) if r.id == record.id).status == "interrupted"


@pytest.mark.process
def test_an_interrupted_run_is_gone_on_with_by_the_same_settings(project):
    if not can_train():
        pytest.skip("torch is not installed")
    request = TrainRequest(values={**QUICK, "epochs": 6, "patience": 6, "seed": 9}, device="cpu")

    def die(event):
        if event.get("epoch") == 3 and event["event"] == "epoch":
            raise MemoryError("the program dies here")

    with pytest.raises(MemoryError):
        train(project, request, die, Context())
    record = db.models.trainings(project)[0]
    db.models.update_training(project, record.id, "running")  # so a program that was killed leaves it
    run = data_module.training_folder(project) / "runs" / record.folder.split("/")[-1]
    (run / "owner.pid").write_text("0")
    events = []
    made = train(project, request, events.append, Context())
    assert made.record.id == record.id
    assert made.folder.name == run.name
    first = next(event for event in events if event["event"] == "epoch")
    assert first["epoch"] >= 3
    assert made.record.status == "finished"


@pytest.mark.slow
def test_without_torch_the_one_command_that_adds_it_is_said(project, monkeypatch):
    from app.services.retrain import process

    monkeypatch.setattr(process, "NEEDED", ("no_such_package",))
    with pytest.raises(UserError, match=r"pip install 'affectograph\[train\]'"):
        train(project, TrainRequest(), lambda event: None, Context())


@pytest.mark.process
def test_a_model_of_another_folder_is_copied_into_the_project(trained, project, tmp_path):
    import shutil

    made, _ = trained
    elsewhere = tmp_path / "brought"
    shutil.copytree(made.folder, elsewhere)
    text = (elsewhere / CARD_NAME).read_text().replace('name = "mine"', 'name = "brought"', 1)
    (elsewhere / CARD_NAME).write_text(text)
    promote(project, str(elsewhere), anyway=True)
    try:
        assert card_in_use(None, project).folder == project_models(project.path) / "brought"
    finally:
        rollback(project)


@pytest.mark.process
@pytest.mark.slow
def test_a_clip_that_fails_is_left_out_of_the_comparison_by_name(trained, project, monkeypatch, tmp_path, capsys):
    from app.services.retrain import compare as module

    real, seen = module.face_of, []

    def falls_over(project, analysis, item):
        seen.append(item.clip)
        if item.clip == seen[0]:
            raise ZeroDivisionError("nobody foresaw it")
        return real(project, analysis, item)

    monkeypatch.setattr(module, "face_of", falls_over)
    before = {(one.rater, one.clip, one.what) for one in db.sights.every(project)}
    words = ["compare", "in-use", str(trained[0].folder), "--project", str(project.path), "--device", "cpu"]
    rater = next(one.code for one in db.raters.every(project) if one.role == "rater")
    assert main([*words, "--as", rater]) == 1
    assert "Raters do not see" in capsys.readouterr().err
    assert not seen
    assert main([*words, "--json", str(tmp_path / "out.json")]) == 1
    assert f"left out: {seen[0]} failed unexpectedly" in capsys.readouterr().err
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [one["name"] for one in found["failed"]] == [seen[0]]
    assert len(found["subjects"]) == len(set(seen)) - 1
    shown = {(one.rater, one.clip, one.what) for one in db.sights.every(project)}
    assert shown >= {("", clip, what) for clip in {*seen[1:]} for what in ("predictions", "labels")}
    assert not {("", seen[0], what) for what in ("predictions", "labels")} & (shown - before)
