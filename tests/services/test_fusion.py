"""A fusion from members that were trained before to one model: the rule, the files, the live view, and what stays."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

import db.clips
import db.edits
import db.items
import db.models
import db.sights
from app.cli import main
from app.domain.training_events import HELD_OUT, OUT_OF_FOLD, RESULT
from app.errors import UserError
from app.fusion.table import Kind
from app.inference.cards import load_card, project_models, write_card
from app.jobs import Context
from app.services.fusion.collect import collect
from app.services.fusion.members import candidates, find_member, members_of
from app.services.fusion.outcome import outcome_of
from app.services.fusion.play import item_records
from app.services.fusion.report import tables_of
from app.services.fusion.runs import FusionRequest, fuse
from app.services.fusion.survey import survey
from app.services.predict.categories import CategoryReader
from app.services.predict.live_categories import LiveCategories
from app.services.predict.tracks import TrackBank
from app.services.projects.clip_facts import set_subject
from app.services.projects.files import open_project
from app.services.retrain.category_labels import CategoryChoice
from app.services.retrain.promote import promote, rollback
from app.services.retrain.runs import model_folder
from tests.services.judged_people import judged_project, train_member

pytestmark = [pytest.mark.process, pytest.mark.slow]
STREAMS = {"voice": ("audio",), "scene": ("context_masked",), "motion": ("dynamic",)}
NAMES = tuple(STREAMS)
FUSED = {}


def tell(_event):
    """Nobody listens."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Nine synthetic people, one of whose clips has no sound, and three members of one modality each."""
    place = tmp_path_factory.mktemp("fusion")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(place / "home"))
        path = judged_project(place, people=9, clips=2, silent=(0,))
        with open_project(path) as project:
            for name, streams in STREAMS.items():
                train_member(project, name, streams)
            FUSED["joint"] = fuse(project, FusionRequest(NAMES, name="joint", device="cpu"), tell, Context())
    return path


@pytest.fixture
def project(trained, tmp_path, monkeypatch):
    """A copy of it."""
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(trained.parent / "home"))
    shutil.copytree(trained.parent, tmp_path / "at", ignore=shutil.ignore_patterns("home"))
    with open_project(tmp_path / "at" / trained.name) as opened:
        yield opened


@pytest.fixture
def fused_once(trained):
    """The three members, stacked, in the project itself."""
    return FUSED["joint"]


def test_members_are_found_with_their_predictions(project):
    found = {each.name: each for each in candidates(project)}
    assert set(found) >= set(NAMES)
    voice = found["voice"]
    assert (voice.recipe, voice.streams, voice.folds) == ("aggregation", ("audio",), True)
    assert voice.held_out > 1
    assert "own" in voice.licence


def test_the_kinds_of_predictions_follow_from_the_trainings(project):
    members = members_of(project, NAMES)
    table = collect(project, members, None, "folds", Context()).table
    split = json.loads((members[0].run / RESULT).read_text())["subjects"]
    for person in table.people:
        mine = [n for n, name in enumerate(table.subjects) if name == person]
        wanted = Kind.HELD_OUT if person in split["test"] else Kind.OUT_OF_FOLD
        assert (table.kind[1][mine] == wanted).all(), person
    # The member that listens says nothing of the clip without sound; the others do.
    silent = next(clip.name for clip in db.clips.every(project) if not clip.has_audio)
    row = table.items.index(next(item.name for item in db.items.every(project) if item.clip == silent))
    assert table.kind[:, row].tolist()[0] == Kind.NONE
    assert np.isnan(table.said[0, row]).all()
    assert np.isfinite(table.said[1:, row]).all()


def test_a_person_who_was_renamed_or_joined_is_refused_by_name(project):
    learned = find_member(project, load_card(model_folder(project, db.models.trainings(project)[0]))).learned
    trained_one = next(name for name, part in learned.people.items() if part == "train")
    held = [name for name, part in learned.people.items() if part == "test"]
    clips = [clip.name for clip in db.clips.every(project) if clip.subject == trained_one]
    set_subject(project, clips, "Anna")
    with pytest.raises(UserError, match=r"learned from .*Anna"):
        fuse(project, FusionRequest(NAMES, partition="three_parts", weighting=("Anna", held[0])), tell, Context())
    # A held-out person turns out to be Anna: nobody of the test may be her.
    set_subject(project, [clip.name for clip in db.clips.every(project) if clip.subject == held[0]], "Anna")
    found = survey(Context(), project, FusionRequest(NAMES))
    assert "Anna" not in found.result_people
    assert held[0] not in found.result_people
    assert "learned from Anna" in found.refusal
    left = survey(Context(), project, FusionRequest(NAMES, leave_out=True))
    assert "Anna" not in (*left.search_people, *left.result_people)
    assert {each.subjects for each in left.in_the_way} == {("Anna",)}


def test_a_member_without_folds_is_refused_by_the_names_of_its_people(project):
    members = members_of(project, NAMES)
    (members[2].run / OUT_OF_FOLD).unlink()
    found = survey(Context(), project, FusionRequest(NAMES))
    people = [name for name, part in members[2].learned.people.items() if part != "test"]
    assert "motion has no predictions of" in found.refusal
    assert all(name in found.refusal for name in people)
    assert "cross-validation" in found.todo
    assert not survey(Context(), project, FusionRequest(("voice", "scene"))).refusal


def test_who_takes_which_part_is_told_before_models_are_asked(project):
    members = members_of(project, ("scene", "motion"))
    learned = members[0].learned
    people = {part: sorted(n for n, own in learned.people.items() if own == part) for part in ("train", "test")}
    for member in members:
        for file in (HELD_OUT, OUT_OF_FOLD):
            (member.run / file).unlink()
    found = survey(Context(), project, FusionRequest(("scene", "motion")))
    assert f"scene and motion learned from {', '.join(people['train'])}." in found.refusal
    left = survey(Context(), project, FusionRequest(("scene", "motion"), partition="three_parts"))
    assert "2 people could choose the weights and 1 could be the result" in left.refusal  # of three held-out people


def test_as_in_d_asks_the_people_who_stopped_the_trainings_and_warns(project):
    request = FusionRequest(("scene", "motion"), partition="as_in_d")
    # Support vector machines learn from these people as well.
    assert "Nobody stopped the training of scene, motion" in survey(Context(), project, request).refusal
    members = []
    for member in members_of(project, ("scene", "motion")):
        parts = member.card.training["subjects"]
        people = {name: part for part, names in parts.items() for name in names}  # as of a network
        members.append(replace(member, learned=replace(member.learned, people=people)))
    table = collect(project, members, None, "as_in_d", Context(), device="cpu").table
    stopped = [name in members[0].card.training["subjects"]["validation"] for name in table.subjects]
    assert any(stopped)
    assert ((table.kind == Kind.STOPPED).all(axis=0) == stopped).all()


def test_what_is_no_member_is_refused(project):
    for names, words in (
        (("voice",), "two members"),
        (("voice", "voice"), "named twice"),
        (("voice", "affectograph_face"), "not a model of categories"),
        (("voice", "nobody"), "no model called nobody"),
    ):
        with pytest.raises(UserError, match=words):
            members_of(project, names)


def test_the_result_is_one_model_that_gives_what_its_members_give(fused_once, trained, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(trained.parent / "home"))
    card = load_card(fused_once.folder)
    assert [each["name"] for each in card.raw["members"]] == list(NAMES)
    assert card.metrics["members_parity"] < 1e-4
    assert card.training["subjects"]["test"]
    assert not set(card.training["subjects"]["test"]) & set(card.training["subjects"]["train"])
    assert card.raw["members"][0]["predictions_sha256"]
    outcome = fused_once.outcome
    with open_project(trained) as project:
        readers = [CategoryReader(member.card, project.path, "cpu") for member in members_of(project, NAMES)]
        whole = CategoryReader(card, project.path, "cpu")
        by_name = {item.name: item for item in db.items.every(project)}
        for each in outcome.items[:4]:
            item = by_name[each.name]
            sound = db.clips.get(project, item.clip_id).has_audio
            own = np.full((len(readers), len(outcome.classes)), np.nan)
            for n, reader in enumerate(readers):
                if sound or n > 0:  # the first one listens
                    own[n] = reader.of_item(project, item, Context()).probabilities
            answer = whole.of_item(project, item, Context())
            np.testing.assert_allclose(answer.probabilities, outcome.fusion.predict(own[:, None])[0], atol=1e-4)
            np.testing.assert_allclose(answer.members, own, atol=1e-4)
            np.testing.assert_allclose(answer.probabilities, each.fusion, atol=1e-3)


def test_the_record_holds_both_parts_and_the_report_its_tables(fused_once, trained, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(trained.parent / "home"))
    found = fused_once.record.metrics["fusion"]
    assert set(found["scores"]) == {*NAMES, "equal weights", "fusion"}
    assert found["scores"]["fusion"]["search"]["n"] == found["search_items"]
    assert found["scores"]["fusion"]["held_out"]["n"] == found["result_items"]
    assert found["verdict"] in ("better", "not better", "too few subjects")
    page = fused_once.report.read_text("utf-8")
    for title in ("Members and fusion", "Weights", "Without each member", "Diversity", "Calibration"):
        assert title in page
    for name in tables_of(fused_once.outcome):
        assert (fused_once.run / f"{name}.csv").is_file()
        assert (fused_once.run / f"{name}.tex").is_file()
    with open_project(trained) as project:
        again = outcome_of(project, fused_once.record)
        assert again.as_dict() == found
        won, lost = again.turned(again.best)
        assert all(each.right for each in won)
        assert not any(each.right for each in lost)
        shown = item_records(Context(), project, again.items)
        assert [item.name for item in shown] == [each.name for each in again.items]


def test_it_is_promoted_works_on_without_its_members_and_is_rolled_back(project, tmp_path, capsys):
    folder = project_models(project.path) / "joint"
    promote(project, "joint", anyway=True)
    item = db.items.every(project)[0]
    before = CategoryReader(load_card(folder), project.path, "cpu").of_item(project, item, Context())
    for name in NAMES:
        shutil.rmtree(folder.parent / name)
    after = CategoryReader(load_card(folder), project.path, "cpu").of_item(project, item, Context())
    np.testing.assert_array_equal(before.probabilities, after.probabilities)
    clip = db.clips.get(project, item.clip_id)
    path = str(project.path)
    assert main(["analyze", str(clip.path), "--project", path, "--out", str(tmp_path / "out"), "--device", "cpu"]) == 0
    assert list((tmp_path / "out").glob("*.categories.csv"))
    capsys.readouterr()
    assert main(["models", "info", "joint", "--project", path]) == 0
    shown = capsys.readouterr().out
    for name in NAMES:
        assert f"  {name}\n" in shown
    assert "licence" in shown
    assert rollback(project, role="category") == ""


def test_live_the_members_that_listen_are_left_out_and_the_others_have_bars(fused_once, project):
    reader, bank = CategoryReader(load_card(fused_once.folder), project.path, "cpu"), TrackBank("cpu")
    live, said = LiveCategories(reader), []
    clip = db.clips.every(project)[1]
    for seen in bank.walk(clip.path, clip.sha256, Context()):
        said += live.take(seen.frame, seen.faces).values()
    assert said
    for verdict in said:
        members = dict(verdict.members)
        assert set(members) == {"scene", "motion"}
        own = np.stack([np.full(len(verdict.classes), np.nan), members["scene"], members["motion"]])
        expected = fused_once.outcome.fusion.predict(own[:, None].astype(float))[0]
        np.testing.assert_allclose(verdict.probabilities, expected, atol=1e-4)
    features = np.random.default_rng(0).random((7, reader.model.card.inputs["features"].shape[2]), np.float32)
    assert np.isfinite(reader.model.verdict(features, np.arange(7) / 8).members).all()


def test_a_model_from_elsewhere_is_asked_item_by_item(project):
    folder = model_folder(project, db.models.trainings(project)[0])
    card = load_card(folder)
    stranger = folder.parent / "stranger"
    shutil.copytree(folder, stranger)
    raw = {**card.raw, "name": "stranger", "training": {}}
    # Another file, so that it is not a training of this project.
    (stranger / "head.onnx").write_bytes((stranger / "head.onnx").read_bytes())
    write_card(stranger, raw)
    member = find_member(project, load_card(stranger))
    member = replace(member, record=None, run=None, stored=())
    found = collect(project, [member, *members_of(project, ("scene", "motion"))], CategoryChoice(), "folds", Context())
    assert (found.table.kind[0] == Kind.UNKNOWN).any()
    assert any("stranger does not state which people it learned from" in note for note in found.notes)
    assert np.isfinite(found.table.said[0]).any()


def test_on_shuffled_labels_the_fusion_is_not_better_and_cannot_be_promoted(project):
    request = FusionRequest(NAMES, shuffle_seed=1, name="control", device="cpu")
    before = survey(Context(), project, FusionRequest(NAMES))
    assert replace(survey(Context(), project, request), notes=before.notes) == before  # the same people
    made = fuse(project, request, tell, Context())
    assert made.outcome.control
    assert made.outcome.verdict != "better"
    assert "shuffled as a control" in made.outcome.data.facts["labels"]["title"]
    assert load_card(made.folder).control
    with pytest.raises(UserError, match="a control that learned from shuffled labels"):
        promote(project, "control")


def test_the_command_prints_both_parts_and_writes_json(project, tmp_path, capsys):
    path = str(project.path)
    out = project.path.parent / "fused"
    words = ["fuse", "scene", "motion", "--project", path, "--out", str(out), "--way", "class", "--draws", "40"]
    assert main([*words, "--json", str(tmp_path / "found.json"), "--device", "cpu"]) == 0
    said = capsys.readouterr().out
    assert "accuracy_search  accuracy_held_out" in said
    assert "report:" in said
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["way"]["draws"] == 40
    assert main([*words[:-6], "--out", str(tmp_path / "mixed"), "--shuffle-labels", "2", "--device", "cpu"]) == 0
    assert "a control on shuffled labels" in capsys.readouterr().out
    for wrong in (["--way", "fixed", "--weights", "x"], ["--way", "ccc"], ["--folds", "1"]):
        assert main(["fuse", "scene", "motion", "--project", path, *wrong]) == 1
