"""How a run ends that makes no model: what its record says, and which of its files stay."""

import sys

import pytest

import db.models
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.services.projects.files import create_project
from app.services.retrain.ending import LOG, NOTHING_KEPT, ending_noted, failure_sentence
from app.services.retrain.process import Crashed, run_child


@pytest.fixture
def project(tmp_path):
    with create_project(tmp_path / "one.affectograph") as opened:
        yield opened


def begun(project, run):
    """Return the number of a run that has begun."""
    run.mkdir()
    (run / "result.json").write_text("{}")
    (run / "mine.txt").write_text("of the user")
    record = db.models.add_training(
        project, "fusion", {}, snapshot_sha256="0" * 64, snapshot={}, seed=0, folder=str(run)
    )
    db.models.update_training(project, record.id, "running")
    return record.id


def ended(project, run, error, *more):
    number = begun(project, run)
    with pytest.raises(type(error)), ending_noted(project, number, run, *more):
        raise error
    return next(one for one in db.models.trainings(project) if one.id == number)


def test_a_refusal_is_kept_in_its_own_words(project, tmp_path):
    found = ended(project, tmp_path / "run", UserError("face learned from S1.", "Leave S1 out."))
    assert (found.status, found.note) == ("failed", "face learned from S1. Leave S1 out.")
    assert (tmp_path / "run" / "result.json").is_file()


@pytest.mark.process
def test_a_crash_is_kept_as_a_sentence_and_not_as_a_line_of_its_trace(project, tmp_path):
    run = tmp_path / "run"
    with pytest.raises(Crashed) as crash:
        run_child("tests.services.writer", [str(tmp_path / "no" / "folder"), "1"], print, Context(), tmp_path / LOG)
    found = ended(project, run, crash.value)
    assert found.status == "failed"
    assert found.note == "It ended because of a fault of the program (Crashed). Report it with the program's log."
    (run / LOG).write_text("Traceback")
    assert failure_sentence(crash.value, run / LOG).endswith(f"Report it with the file {run / LOG}.")
    assert "KeyError" in failure_sentence(KeyError("over1"), run / LOG)
    assert "over1" not in failure_sentence(KeyError("over1"), run / LOG)


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
def test_a_process_that_the_system_killed_tells_of_memory(tmp_path):
    with pytest.raises(Crashed) as crash:
        run_child("tests.services.killed", [], print, Context(), tmp_path / LOG)
    assert "memory" in failure_sentence(crash.value, tmp_path / LOG)


def test_after_a_cancel_only_what_the_user_owns_stays(project, tmp_path):
    found = ended(project, tmp_path / "run", Cancelled())
    assert (found.status, found.note) == ("cancelled", NOTHING_KEPT)
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["mine.txt"]


def test_a_cancel_that_keeps_something_discards_nothing(project, tmp_path):
    found = ended(project, tmp_path / "run", Cancelled(), "Cancelled; the first half is kept.")
    assert (found.status, found.note) == ("cancelled", "Cancelled; the first half is kept.")
    assert (tmp_path / "run" / "result.json").is_file()
