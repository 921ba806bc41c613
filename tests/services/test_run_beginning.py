"""A run begins in one way, and who may call it dead depends on where it was begun."""

import os
import subprocess
import sys
import uuid

import pytest

import db.models
from app.domain.training_events import PLACED, STOP_FILE
from app.services.projects.files import create_project
from app.services.retrain.beginning import begin_run, owner_lives
from app.services.retrain.data import training_folder
from app.services.retrain.ending import OWNER
from app.services.retrain.runs import mark_interrupted


def _record(project):
    name = f"run-{uuid.uuid4().hex}"
    return db.models.add_training(
        project, "gru_head", {}, snapshot_sha256="", snapshot={}, seed=0, folder=f"/nowhere/{name}"
    ), training_folder(project) / "runs" / name


def _gone() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    return child.pid


def _status(project, number):
    return next(record.status for record in db.models.trainings(project) if record.id == number)


@pytest.fixture
def project(tmp_path):
    with create_project(tmp_path / "p.affectograph") as project:
        yield project


def test_a_run_begins_with_an_owner_and_without_an_old_wish_to_stop(project):
    record, run = _record(project)
    run.mkdir(parents=True)
    (run / STOP_FILE).touch()
    told = []
    begin_run(project, record.id, run, "mine", told.append, {"epochs": 3})
    assert not (run / STOP_FILE).exists()
    assert (run / OWNER).read_text("utf-8") == str(os.getpid())
    assert owner_lives(run) is True
    assert told == [{"event": PLACED, "training": record.id, "folder": str(run), "name": "mine"}]
    assert _status(project, record.id) == "running"
    assert mark_interrupted(project) == []


def test_a_folder_without_an_owner_says_nothing(tmp_path):
    assert owner_lives(tmp_path) is None
    (tmp_path / OWNER).write_text("twelve", "utf-8")
    assert owner_lives(tmp_path) is None


def test_a_run_whose_process_has_ended_is_interrupted(project):
    record, run = _record(project)
    begin_run(project, record.id, run, "mine", lambda event: None)
    (run / OWNER).write_text(str(_gone()), "utf-8")
    assert [found.id for found in mark_interrupted(project)] == [record.id]


def test_on_a_server_the_runs_of_other_computers_go_on(postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path))
    with create_project(postgres) as project:
        elsewhere, _ = _record(project)
        db.models.update_training(project, elsewhere.id, "running")
        here, run = _record(project)
        begin_run(project, here.id, run, "mine", lambda event: None)
        (run / OWNER).write_text(str(_gone()), "utf-8")
        assert [found.id for found in mark_interrupted(project)] == [here.id]
        assert _status(project, elsewhere.id) == "running"
