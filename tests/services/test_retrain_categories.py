"""Categories from a simulated study to a report: the labels that a choice means, and a training of every part."""

import csv
import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import db.answers
import db.clips
import db.items
import db.models
import db.raters
import db.sights
import db.studies
from app.cli import main
from app.domain.emotions import FERPLUS_TO_RATED
from app.domain.item_data import NOBODY, load_items
from app.domain.measures import STORED
from app.domain.study_defaults import default_condition, default_study
from app.errors import UserError
from app.inference.cards import load_card
from app.inference.clip_category import ClipCategoryModel
from app.inference.geometry import CropGeometry
from app.jobs import Context
from app.services.predict import streams as streams_module
from app.services.predict import tracks as tracks_module
from app.services.predict.categories import CategoryReader
from app.services.projects.files import add_clips, create_project, open_project
from app.services.retrain.category_cells import confusions
from app.services.retrain.category_data import freeze_categories
from app.services.retrain.category_labels import CategoryChoice, category_labels
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.services.retrain.data import training_folder
from app.services.retrain.faces import FaceBank
from app.services.study.owner import save_study
from app.services.study.simulate import simulate_study
from app.streams import audio, dynamic, flow, scene
from app.synthetic.actor import ActorSpec, act
from app.synthetic.raters import SimulatedRater
from app.synthetic.stage import write_clip

SPEC = ActorSpec(subjects=6, clips_per_subject=3, seconds=1.2, rate=8, seed=4, masked=0.0)
RATERS = tuple(SimulatedRater(f"R{i}", score_noise=1.3) for i in range(1, 5))
CONDITION = "full_context"


def shares_of(clip, condition):
    return {FERPLUS_TO_RATED[name]: share for name, share in clip.shares(condition).items()}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A project of six synthetic people whose clips four simulated raters put into categories, in full context."""
    place = tmp_path_factory.mktemp("categories")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(place / "home"))
        with create_project(place / "people.affectograph") as project:
            shares = {}
            for clip in act(SPEC):
                path = write_clip(clip, place / f"{clip.name}.mp4", Context())
                added = add_clips(project, [path], subject=clip.subject.code).added[0]
                item = db.items.every(project, clip_id=added.id)[0]
                shares[item.name] = {CONDITION: shares_of(clip, CONDITION)}
            conditions = (default_condition(CONDITION),)
            study = default_study("people", trace=False).next_version(
                conditions=conditions, min_distance=0, raters_per_cell=len(RATERS)
            )
            save_study(project, study)
            simulate_study(project, "people", RATERS, seed=2, shares=shares, add_items=True)
        return place / "people.affectograph"


@pytest.fixture
def project(judged, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(judged.parent / "home"))
    with open_project(judged) as opened:
        yield opened


def test_the_label_of_an_item_is_what_most_raters_chose(project):
    labels = category_labels(project, CategoryChoice())
    assert labels.condition == CONDITION
    assert labels.said.shape == (18, len(RATERS))
    for item, said, target in zip(labels.items, labels.said, labels.target, strict=True):
        votes = np.bincount(said[said != NOBODY], minlength=len(labels.classes))
        assert target.sum() == 1
        assert votes[target.argmax()] == votes.max(), item.name


def test_soft_labels_are_the_shares_of_the_votes(project):
    labels = category_labels(project, CategoryChoice(method="soft"))
    votes = np.stack([(labels.said == k).sum(axis=1) for k in range(len(labels.classes))], axis=1)
    np.testing.assert_allclose(labels.target, votes / votes.sum(axis=1, keepdims=True), atol=1e-6)


def test_one_rater_alone_is_what_that_rater_said(project):
    labels = category_labels(project, CategoryChoice(rater="R2"))
    column = labels.raters.index("R2")
    assert (labels.target.argmax(axis=1) == labels.said[:, column]).all()
    assert (np.delete(labels.said, column, axis=1) == NOBODY).all()


def test_a_vocabulary_counts_what_has_no_counterpart(project):
    own = category_labels(project, CategoryChoice())
    given = {name: int((own.said == k).sum()) for k, name in enumerate(own.classes)}
    lost = category_labels(project, CategoryChoice(vocabulary="mec"))
    assert lost.classes == ("happy", "sad", "angry", "surprise", "disgust", "worried", "anxious", "neutral")
    assert any(f"{given['fear']} votes for “fear” have no counterpart" in note for note in lost.notes)
    assert any("No label means worried, anxious" in note for note in lost.notes)
    read = category_labels(project, CategoryChoice(vocabulary="mec", mapping={"fear": "anxious"}))
    assert (read.said == read.classes.index("anxious")).sum() == given["fear"]
    with pytest.raises(UserError, match="is not a class of the vocabulary"):
        category_labels(project, CategoryChoice(vocabulary="mec", mapping={"fear": "afraid"}))


def test_the_strongest_intensity_is_the_single_highest_score_of_a_rater(project):
    labels = category_labels(project, CategoryChoice(source="intensity"))
    answers = db.answers.every(project, db.studies.get(project, "people").id)
    by = {(one.key.item_id, one.key.rater_id): one.answer.intensities for one in answers}
    numbers = {rater.code: rater.id for rater in db.raters.every(project)}
    for row, item in enumerate(labels.items):
        for column, rater in enumerate(labels.raters):
            scores = {
                name: given.score for name, given in by[item.id, numbers[rater]].items() if given.score is not None
            }
            top = [name for name, score in scores.items() if score == max(scores.values())]
            said = labels.said[row, column]
            if len(top) == 1 and max(scores.values()) > 0:
                assert labels.classes[said] == top[0]
            else:
                assert said == NOBODY


def test_shuffled_labels_are_the_same_labels_in_another_order(project):
    plain, mixed = (category_labels(project, CategoryChoice(shuffle_seed=seed)) for seed in (None, 1))
    assert not np.array_equal(plain.target, mixed.target)
    np.testing.assert_array_equal(plain.target.sum(axis=0), mixed.target.sum(axis=0))


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        (CategoryChoice(condition="face_only"), "There are labels under full_context"),
        (CategoryChoice(rater="R9"), "R9 has given no category"),
        (CategoryChoice(vocabulary="plutchik"), "There is no vocabulary plutchik"),
    ],
)
def test_labels_that_are_not_there_are_refused(project, choice, text):
    with pytest.raises(UserError) as refused:
        category_labels(project, choice)
    assert text in str(refused.value)


@pytest.mark.slow
def test_frozen_items_hold_the_frames_of_the_face_and_are_found_once(project, monkeypatch):
    one = freeze_categories(project, CategoryChoice(), Context())
    data = load_items(one.folder)
    assert len(data) == 18
    assert data.features.shape[1] == 320
    assert data.probabilities.shape[1] == 8
    np.testing.assert_allclose(data.probabilities.sum(axis=1), 1, atol=1e-4)
    assert (np.diff(data.first) > 5).all()
    people = {item.name: item.subject for item in db.items.every(project)}
    assert [data.subjects[s] for s in data.subject] == [people[name] for name in data.items]

    def again(*_):
        raise AssertionError("faces are found a second time")

    monkeypatch.setattr(streams_module.StreamBank, "_compute", again)
    monkeypatch.setattr(tracks_module.TrackBank, "_search_through", again)
    assert freeze_categories(project, CategoryChoice(), Context()).sha256 == one.sha256
    assert freeze_categories(project, CategoryChoice(method="soft"), Context()).sha256 != one.sha256


@pytest.mark.slow
def test_faces_are_found_once_for_all_streams_and_crop_sizes(project, monkeypatch):
    looked = []
    once = tracks_module.MtcnnDetector.detect
    monkeypatch.setattr(tracks_module.MtcnnDetector, "detect", lambda *a: (looked.append(1), once(*a))[1])
    freeze_categories(project, CategoryChoice(), Context())
    looked.clear()  # whatever an earlier test left to do is done
    names = ("face", "face_oval", "context_masked", "flow", "dynamic", "audio")
    made = freeze_categories(project, CategoryChoice(), Context(), streams=names)
    clip = db.clips.every(project)[0]
    bank = tracks_module.TrackBank()
    sizes = [
        FaceBank(CropGeometry(size=size), tracks=bank).faces(clip.path, clip.sha256, Context()) for size in (48, 64)
    ]
    assert looked == []
    data = load_items(made.folder)
    assert [stream["name"] for stream in data.manifest["streams"]] == list(names)
    widths = [320, 320, scene.COLUMNS, flow.COLUMNS, dynamic.SHOWN**2, audio.COLUMNS]
    assert [block.stop - block.start for block in data.blocks] == widths
    assert data.features.shape[1] == sum(widths)
    assert data.probabilities.shape[1] == 8
    assert isinstance(data.features, np.memmap)
    # The same faces in both sizes, and each stream differs from clip to clip.
    assert sizes[0].crops.shape[1:] == (48, 48)
    assert sizes[1].crops.shape[1:] == (64, 64)
    np.testing.assert_array_equal(sizes[0].frame_idx, sizes[1].frame_idx)
    means = np.stack([data.features[data.frames(i)].mean(axis=0) for i in range(len(data))])
    assert all(means[:, block].std(axis=0).max() > 0 for block in data.blocks)


@pytest.mark.slow
def test_pixels_are_frozen_as_bytes_and_beside_other_streams_as_floats(project):
    made = freeze_categories(project, CategoryChoice(), Context(), streams=("face_pixels:24", "context_pixels:16@4"))
    data = load_items(made.folder)
    assert data.features.dtype == np.uint8
    assert data.features.shape[1] == 3 * 24**2 + 3 * 16**2
    assert [each["dtype"] for each in data.manifest["streams"]] == ["uint8", "uint8"]
    clip = db.clips.every(project)[0]
    crops = FaceBank(CropGeometry(size=24, grey=False)).faces(clip.path, clip.sha256, Context()).crops
    rows = data.features[data.frames(0), data.blocks[0]].reshape(-1, 24, 24, 3)
    np.testing.assert_array_equal(rows, crops)
    mixed = load_items(
        freeze_categories(project, CategoryChoice(), Context(), streams=("face_pixels:24", "audio")).folder
    )
    assert mixed.features.dtype == np.float32
    np.testing.assert_array_equal(mixed.features[:, mixed.blocks[0]], data.features[:, data.blocks[0]])


@pytest.mark.slow
def test_crops_of_faces_that_were_found_before_are_those_of_the_first_pass(project, monkeypatch, tmp_path):
    clip = db.clips.every(project)[1]
    kept = FaceBank(CropGeometry(size=40)).faces(clip.path, clip.sha256, Context())
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path))
    fresh = FaceBank(CropGeometry(size=40)).faces(clip.path, clip.sha256, Context())
    for name in ("crops", "landmarks", "boxes", "times_s", "track_id"):
        np.testing.assert_array_equal(getattr(kept, name), getattr(fresh, name))


def test_long_items_are_read_in_pieces_without_a_seam(monkeypatch):
    """A stream that looks back sees the same pictures whether they come at once or in pieces."""
    pictures = np.random.default_rng(0).integers(0, 255, (25, 64, 64)).astype(np.uint8)
    times_s = np.arange(25) / 25.0
    whole = {}
    for at_once in (100, 7):
        monkeypatch.setattr(streams_module, "AT_ONCE", at_once)
        for stream in (flow.FlowHistograms("flow"), dynamic.DynamicImages("dynamic")):
            reading = streams_module.Reading(stream, np.arange(25), times_s)
            reading.streams.append((0, stream))
            reading.source = SimpleNamespace(cut=lambda place: pictures[place])
            for place in range(25):
                reading.take(place, place)
            whole.setdefault(stream.spec.name, []).append(reading.end()[0])
    for at_once, pieces in whole.values():
        np.testing.assert_allclose(pieces, at_once, atol=1e-5)


@pytest.mark.slow
def test_a_missing_clip_is_named_and_the_rest_goes_on(project, judged):
    clip = judged.parent / f"{act(SPEC)[0].name}.mp4"
    aside = clip.rename(clip.with_suffix(".away"))
    try:
        made = freeze_categories(project, CategoryChoice(), Context())
    finally:
        aside.rename(clip)
    assert made.manifest["rows"] == 17
    assert any(clip.name in note and "is missing" in note for note in made.notes)
    (failed,) = made.failed
    assert "is missing" in failed["what"]


@pytest.mark.slow
@pytest.mark.process
def test_the_command_trains_reports_and_keeps_the_record(judged, monkeypatch, capsys):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(judged.parent / "home"))
    out = judged.parent / "run"  # a folder of the project's own: only there is it looked for later
    words = ["train", "--project", str(judged), "--recipe", "aggregation", "--out", str(out)]
    with open_project(judged) as project:
        rater = next(one.code for one in db.raters.every(project) if one.role == "rater")
    assert main([*words, "--as", rater]) == 1
    assert "Raters do not see" in capsys.readouterr().err
    assert not out.exists()
    assert main([*words, "--folds", "2", "--set", "grid=0.1,1", "--votes", "plurality"]) == 0
    said = capsys.readouterr().out
    result = json.loads((out / "result.json").read_text())
    assert f"accuracy {result['test']['accuracy']['value']:.3f}" in said
    assert "Cross-validation: accuracy" in said
    page = (out / "report.html").read_text()
    assert "Held-out subjects" in page
    assert "Cross-validation" in page
    with (out / "out-of-fold-items.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    right = sum(row["label"] == row["predicted"] for row in rows)
    assert right / len(rows) == pytest.approx(result["cross_validation"]["accuracy"]["value"])
    with open_project(judged) as project:
        record = db.models.trainings(project)[0]
        held_out, folds = confusions(project, record)
        shown = {(one.rater, one.what) for one in db.sights.every(project)}
    assert ("", "agreement") in shown
    assert (record.recipe, record.status) == ("aggregation", "finished")
    assert record.metrics["category"]["test"] == result["test"]
    assert (held_out.title, folds.title) == ("Held-out subjects", "Cross-validation")
    assert np.trace(held_out.counts) / held_out.counts.sum() == pytest.approx(result["test"]["accuracy"]["value"])
    told = {(folds.classes.index(row["label"]), folds.classes.index(row["predicted"])) for row in rows}
    assert set(folds.items) == told
    for (i, j), items in folds.items.items():
        names = {
            row["item"] for row in rows if (row["label"], row["predicted"]) == (folds.classes[i], folds.classes[j])
        }
        assert {item.name for item in items} == names
        assert folds.counts[i, j] == len(items)


QUICK = {
    "average": {},
    "kaverage": {"bins": 4, "grid": "1", "gamma": "1"},
    "aggregation": {"grid": "1"},
    "irnn": {"epochs": 2, "hidden": 8},
    "gru": {"epochs": 2, "hidden": 8},
    "attention": {"epochs": 2, "width": 8, "heads": 2},
}
PLAIN = """
import sys, numpy, onnxruntime
assert not any(name == "app" or name.startswith("app.") or name == "torch" for name in sys.modules)
folder, faces, reads, out = sys.argv[1:]
def run(name, feeds):
    session = onnxruntime.InferenceSession(f"{folder}/{name}", providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds)))
with numpy.load(faces) as file:
    crops, length = file["crops"], file["length"]
rows = crops[:, None].astype("float32")
said = run("frame/model.onnx", {"face": rows})[reads]
def padded(values):
    parts = numpy.split(values, numpy.cumsum(length)[:-1])
    out = numpy.zeros((len(parts), max(map(len, parts)), *values.shape[1:]), "float32")
    for place, part in enumerate(parts):
        out[place, : len(part)] = part
    return out
whole = run("model.onnx", {"faces": padded(rows), "length": length})["probability"]
parts = run("head.onnx", {"features": padded(said), "length": length})["probability"]
numpy.savez(out, whole=whole, parts=parts)
"""


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("recipe", QUICK)
def test_every_member_becomes_a_model_that_says_what_the_training_said(project, tmp_path, recipe):
    request = CategoryRequest(recipe, {"folds": 1, **QUICK[recipe]}, out=tmp_path / recipe)
    made = train_categories(project, request, lambda _event: None, Context())
    card = load_card(made.folder)
    assert (card.kind, made.record.model.sha256) == ("clip_category", card.file().sha256)
    assert [stream["name"] for stream in card.raw["streams"]] == ["face"]
    assert card.raw["window"]["seconds"] == pytest.approx(SPEC.seconds, abs=0.2)
    assert card.raw["window"]["rate_hz"] == pytest.approx(SPEC.rate, rel=0.01)
    assert card.metrics["accuracy"]["value"] == pytest.approx(made.result["test"]["accuracy"]["value"])
    reads = {"features": "embedding", "probabilities": "expression"}[card.raw["reads"]]
    words = [str(made.folder), str(made.run / "crops.npz"), reads, str(tmp_path / "said.npz")]
    subprocess.run([sys.executable, "-I", "-c", PLAIN, *words], check=True, cwd=tmp_path)
    with np.load(tmp_path / "said.npz") as file:
        np.testing.assert_allclose(file["whole"], file["parts"], atol=1e-4)

    model = ClipCategoryModel(card)
    data = load_items(training_folder(project) / "items" / made.record.snapshot_sha256[:16])
    with np.load(made.run / "held_out.npz") as file:
        expected = file["predicted"]
    source = data.probabilities if model.reads == "probabilities" else data.features
    for item in np.flatnonzero(np.isfinite(expected).all(axis=1)):
        answer = model.verdict(source[data.frames(item)], data.times_s[data.frames(item)])
        np.testing.assert_allclose(answer.probabilities, expected[item], atol=1e-4)
        assert (answer.attention is not None) == (recipe == "attention")


@pytest.mark.slow
@pytest.mark.process
def test_measures_of_the_face_train_a_model_that_reads_them_again(project, tmp_path):
    values = {"folds": 1, "epochs": 3, "hidden": 8}
    request = CategoryRequest("gru", values, out=tmp_path / "run", streams=("measures",))
    made = train_categories(project, request, lambda _event: None, Context())
    card = load_card(made.folder)
    (stream,) = card.raw["streams"]
    assert (stream["name"], stream["columns"]) == ("measures", len(STORED))
    data = load_items(training_folder(project) / "items" / made.record.snapshot_sha256[:16])
    assert data.features.shape[1] == len(STORED)
    seen = data.features[:, STORED.index("mesh")] > 0.5
    assert seen.mean() > 0.8  # the actor's face is found
    # The people of the synthetic clips differ, and their faces move.
    assert (data.features[seen].std(axis=0)[STORED.index("brow_raise_inner") :] > 1e-3).all()
    reader = CategoryReader(card, project.path, "cpu")
    item = next(one for one in db.items.every(project) if one.name == data.items[0])
    answer = reader.of_item(project, item, Context())
    with np.load(made.run / "held_out.npz") as file:
        expected = file["predicted"][0]
    assert answer is not None
    if np.isfinite(expected).all():
        np.testing.assert_allclose(answer.probabilities, expected, atol=1e-3)


def test_a_recipe_of_another_kind_is_refused(project):
    with pytest.raises(UserError, match="predicts no categories"):
        train_categories(project, CategoryRequest("gru_head"), print, Context())


def test_simulated_people_choose_by_the_shares_of_the_condition(project):
    labels = category_labels(project, CategoryChoice())
    truth = {clip.name: FERPLUS_TO_RATED[clip.category] for clip in act(SPEC)}
    right = [
        labels.classes[target.argmax()] == truth[item.clip.removesuffix(".mp4")]
        for item, target in zip(labels.items, labels.target, strict=True)
    ]
    assert np.mean(right) > 0.7
