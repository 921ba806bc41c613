"""What a foreign project says of where its trainings lie leads nowhere outside its own folder."""

from dataclasses import replace

import pytest

import db.models
from app.errors import UserError
from app.inference.cards import CARD_NAME, project_models
from app.services.retrain.data import training_folder
from app.services.retrain.named_folders import folder_name, named_folder
from app.services.retrain.promote import model_card
from app.services.retrain.runs import model_folder, run_folder
from db.project import Project


@pytest.fixture
def project(tmp_path):
    (tmp_path / "lab").mkdir()
    with Project.create(tmp_path / "lab" / "p.affectograph") as project:
        yield project


def training(project, folder):
    return db.models.add_training(
        project, "gru_head", {}, snapshot_sha256="", snapshot={}, seed=0, folder=str(folder)
    )  # fmt: skip


@pytest.mark.parametrize("folder", ["/etc", "../secret", "/", "", "..", "lab/../../secret", "\\\\server\\share\\x"])
def test_a_folder_outside_is_only_a_word(project, tmp_path, folder):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / CARD_NAME).write_text("x")
    (secret / "OWNER").write_text("1")
    record = training(project, folder)
    found = named_folder(project, record)
    assert found is None or found.is_relative_to(project.folder)
    assert run_folder(project, record).is_relative_to(project.folder)
    assert folder_name(record) not in ("", ".", "..")
    if found is None:
        with pytest.raises(UserError, match="outside its own folder"):
            model_folder(project, record)


def test_a_link_that_leads_outside_is_not_followed(project, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (project.folder / "link").symlink_to(secret)
    record = training(project, project.folder / "link")
    assert named_folder(project, record) is None
    assert run_folder(project, record) != secret


def test_a_model_is_not_loaded_from_where_a_project_points(project, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / CARD_NAME).write_text("[model]")
    model = db.models.add(project, "theirs", "0" * 64, "[model]", "trained")
    record = training(project, secret)
    db.models.update_training(project, record.id, "finished", model_id=model.id)
    with pytest.raises(UserError, match="no model called theirs"):
        model_card(project, "theirs")


def test_folders_beside_the_project_are_found_also_after_it_was_moved(project):
    for folder in (project_models(project.path) / "own-1", training_folder(project) / "runs" / "own-1"):
        folder.mkdir(parents=True)
    record = training(project, "/somewhere/else/p.affectograph.models/own-1")
    assert model_folder(project, record) == project_models(project.path) / "own-1"
    assert run_folder(project, record) == training_folder(project) / "runs" / "own-1"
    inside = project.folder / "mine"
    assert named_folder(project, replace(record, folder=str(inside))) == inside.resolve()
