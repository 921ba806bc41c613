"""A fusion of models of valence and arousal: from stored curves to one model."""

import json

import numpy as np
import pytest
import torch

import db.clips
import db.models
from app.cli import main
from app.domain.recipes import find_recipe
from app.domain.snapshot import load_snapshot
from app.domain.training_events import COMPARED, FUSED, PLACED, STOPPED_BY
from app.errors import Cancelled, UserError
from app.fusion.gains import FUSION
from app.fusion.table import Kind
from app.inference.cards import load_card, project_models
from app.inference.face_sequence import FaceSequenceModel
from app.jobs import Context
from app.learning.affect.export import export_run
from app.learning.affect.run import prepare
from app.learning.affect.train import run_all
from app.learning.process.journal import Journal
from app.services.demo.retrain import ensure_retrain_demo
from app.services.fusion.affect import AffectFusionRequest, fuse_affect
from app.services.fusion.affect_members import collect_affect
from app.services.fusion.affect_outcome import AffectOutcome
from app.services.fusion.known import fusions, read_fusion, role_of
from app.services.fusion.members import AFFECT
from app.services.fusion.outcome import CONTROL
from app.services.fusion.runs import FusionRequest, fuse
from app.services.fusion.survey import survey
from app.services.projects.clip_facts import set_subject
from app.services.projects.files import open_project
from app.services.retrain.data import freeze, training_folder
from app.services.retrain.ending import NOTHING_KEPT
from app.services.retrain.labels import LabelChoice
from app.services.retrain.promote import promote, register, rollback
from app.services.retrain.runs import run_folder
from app.synthetic.spec import ActorSpec

pytestmark = [pytest.mark.process, pytest.mark.slow]
SPEC = ActorSpec(subjects=9, clips_per_subject=1, seconds=2.0, rate=5, seed=3)
MEMBERS = {"gru": ("gru_head", {"hidden": 8, "layers": 1}), "frames": ("frame_head", {})}
NAMES = tuple(MEMBERS)


def tell(_event):
    """Nobody listens."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A small project of nine synthetic people, and two networks on one state of its labels."""
    place = tmp_path_factory.mktemp("affect")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(place / "home"))
        path = ensure_retrain_demo(Context(), place / "demo" / "small.affectograph", SPEC)
        with open_project(path) as project:
            data = freeze(project, LabelChoice(), Context(), device="cpu")
            for name, (recipe_name, more) in MEMBERS.items():
                recipe = find_recipe(recipe_name)
                values = recipe.values({"epochs": 2, "folds": 2, **more})
                run = training_folder(project) / "runs" / name
                folder = project_models(project.path) / name
                run.mkdir(parents=True)
                record = db.models.add_training(
                    project, recipe.name, dict(values), snapshot_sha256=data.sha256, snapshot={}, seed=0,
                    folder=str(folder),
                )  # fmt: skip
                journal = Journal(run)
                run_all(prepare(recipe, values, load_snapshot(data.folder), run, torch.device("cpu")), journal)
                journal.close()
                export_run(run, data.folder, folder, name, data.frame_model.folder)
                number = register(project, load_card(folder), trained=True)
                db.models.update_training(project, record.id, "finished", model_id=number)
    return path


@pytest.fixture
def project(trained, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(trained.parent.parent / "home"))
    with open_project(trained) as opened:
        yield opened


def cards(project):
    return [load_card(project_models(project.path) / name) for name in NAMES]


def test_curves_of_folds_and_of_held_out_people_are_told_apart(project):
    table, _, snapshot = collect_affect(project, cards(project))
    split = snapshot.manifest["split"]
    for number, person in enumerate(table.subjects):
        wanted = Kind.HELD_OUT if person in split["test"] else Kind.OUT_OF_FOLD
        assert (table.kind[:, number] == wanted).all(), person
    assert np.isfinite(table.said).any(axis=2).all()


def test_the_result_is_one_model_that_can_be_promoted(project):
    made = fuse_affect(project, AffectFusionRequest(NAMES, "stacking", name="joint", device="cpu"), tell, Context())
    card = load_card(made.folder)
    assert card.metrics["members_parity"] < 1e-4
    assert card.metrics["streaming_parity"] < 1e-4
    assert [each["name"] for each in card.raw["members"]] == list(NAMES)
    assert FaceSequenceModel.open(card, "cpu").n_landmarks == 10
    for dimension in ("valence", "arousal"):
        rows = {row.name: row for row in made.outcome.rows if row.dimension == dimension}
        assert set(rows) == {*NAMES, "equal weights", FUSION}
        assert rows[FUSION].search >= max(rows[name].search for name in NAMES) - 1e-6
        assert rows["gru"].gain == pytest.approx(rows[FUSION].held_out.ccc - rows["gru"].held_out.ccc, abs=1e-9)
    found = made.record.metrics["fusion"]
    assert not set(found["subjects"]["train"]) & set(found["subjects"]["test"])
    assert made.report.is_file()
    again, page = read_fusion(project, made.record)
    assert again.as_dict() == made.outcome.as_dict()
    assert page == made.report
    known = fusions(project)
    assert not known.in_use(made.record)
    promote(project, card.name, anyway=True)
    assert fusions(project).in_use(made.record)
    rollback(project, role=role_of(made.record))
    assert not fusions(project).in_use(made.record)


def test_as_in_d_the_members_themselves_speak_of_those_who_stopped_them(project):
    table, _, snapshot = collect_affect(project, cards(project), "as_in_d")
    split = snapshot.manifest["split"]
    kinds = {person: Kind(table.kind[0, number]) for number, person in enumerate(table.subjects)}
    assert {person for person, kind in kinds.items() if kind == Kind.STOPPED} == set(split["validation"])
    whole = collect_affect(project, cards(project))[0]
    stopped = table.frames(np.flatnonzero(table.kind[0] == Kind.STOPPED))
    assert (table.said[:, stopped] != whole.said[:, stopped]).any()  # the members themselves, and not their folds
    # So few people leave but one who stops the trainings, and one person's clips choose nothing.
    refused = survey(Context(), project, AffectFusionRequest(NAMES, partition="as_in_d")).refusal
    assert refused.startswith("1 person could choose the weights")
    kept = run_folder(project, db.models.trainings(project)[-1]) / STOPPED_BY
    kept.rename(project.path.parent / "kept.npz")
    assert "did not keep" in survey(Context(), project, AffectFusionRequest(NAMES, partition="as_in_d")).refusal
    (project.path.parent / "kept.npz").rename(kept)


def test_a_control_on_shuffled_labels_says_so_everywhere_and_is_not_promoted(project):
    events = []
    request = AffectFusionRequest(NAMES, shuffle_seed=1, name="control", device="cpu")
    made = fuse_affect(project, request, events.append, Context())
    assert [event["event"] for event in events if event["event"] in (FUSED, COMPARED)] == [FUSED, COMPARED]
    assert made.outcome.warnings == (CONTROL,)
    assert CONTROL in made.report.read_text("utf-8")
    again, _ = read_fusion(project, made.record)
    assert again.as_dict() == made.outcome.as_dict()
    assert len(AffectOutcome.of({**again.as_dict(), "partition": "as_in_d"}).warnings) == 2
    assert load_card(made.folder).control
    with pytest.raises(UserError, match="control that learned from shuffled labels"):
        promote(project, str(made.folder))


def test_the_screen_is_told_what_can_be_fused_and_who_takes_which_part(project):
    found = [each for each in fusions(project).candidates if each.predicts == AFFECT]
    assert {each.name for each in found} == set(NAMES)
    assert all(each.folds and each.held_out and len(each.concordance) == 2 for each in found)
    assert len({each.data for each in found}) == 1
    table, _, snapshot = collect_affect(project, cards(project))
    told = survey(Context(), project, AffectFusionRequest(NAMES))
    assert set(told.result_people) == set(snapshot.manifest["split"]["test"])
    assert set(told.search_people) == set(table.subjects) - set(told.result_people)
    assert told.search_items + told.result_items == len(table.items)
    assert "two members" in survey(Context(), project, AffectFusionRequest(NAMES[:1])).refusal


def test_a_cancelled_fusion_says_so_and_leaves_nothing(project):
    ctx = Context()

    def cancel(event):
        if event["event"] == PLACED:
            ctx.cancel()

    with pytest.raises(Cancelled):
        fuse_affect(project, AffectFusionRequest(NAMES, name="gone", device="cpu"), cancel, ctx)
    record = db.models.trainings(project)[0]
    assert (record.status, record.note) == ("cancelled", NOTHING_KEPT)
    assert not run_folder(project, record).exists()


def test_a_person_who_was_joined_is_refused_by_name(project):
    before = {clip.name: clip.subject for clip in db.clips.every(project)}
    table, _, snapshot = collect_affect(project, cards(project))
    held, seen = snapshot.manifest["split"]["test"][0], snapshot.manifest["split"]["train"][0]
    try:
        set_subject(project, [name for name, person in before.items() if person == held], seen)
        with pytest.raises(UserError, match=rf"learned from .*{seen}"):
            fuse_affect(project, AffectFusionRequest(NAMES, name="never"), tell, Context())
    finally:
        for name, person in before.items():
            set_subject(project, [name], person)
    assert table.subjects == collect_affect(project, cards(project))[0].subjects


def test_models_of_another_kind_are_refused(project):
    with pytest.raises(UserError, match="not a trained model of valence and arousal"):
        fuse_affect(project, AffectFusionRequest(("gru", "affectograph_face")), tell, Context())
    with pytest.raises(UserError, match="not a model of categories"):
        fuse(project, FusionRequest(NAMES), tell, Context())


def test_the_command_prints_both_parts(project, tmp_path, capsys):
    path, out = str(project.path), project.path.parent / "fused"
    assert main(["fuse", "--list", "--project", path]) == 0
    assert "gru: gru_head on face, landmarks, concordance of valence and arousal " in capsys.readouterr().out
    words = ["fuse", *NAMES, "--project", path, "--out", str(out), "--way", "ccc", "--device", "cpu"]
    assert main([*words, "--json", str(tmp_path / "found.json")]) == 0
    assert "ccc_search  ccc_held_out" in capsys.readouterr().out
    found = json.loads((tmp_path / "found.json").read_text())
    assert {each["name"] for each in found["scores"]} == {*NAMES, "equal weights", FUSION}
    assert (out / "scores.csv").is_file()
    assert main([*words[:-4], "--way", "class"]) == 1
