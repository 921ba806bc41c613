"""A disk that is full while a program of `app.learning` works is told in a sentence, and a crash stays a crash."""

import resource
import sys
import tempfile
from contextlib import contextmanager

import pytest

from app.errors import UserError
from app.jobs import Context
from app.services.retrain.process import require_training, run_child

pytestmark = pytest.mark.process


@contextmanager
def most_bytes(count):
    """No file of this process and its children grows beyond some bytes, as where a disk or quota is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_up_below_a_program_is_a_sentence(tmp_path):
    with most_bytes(20_000), pytest.raises(UserError, match="disk is full"):
        run_child("tests.services.writer", [str(tmp_path / "checkpoint"), "100000"], print, Context(), tmp_path / "log")
    assert (tmp_path / "checkpoint").stat().st_size == 20_000


@pytest.mark.skipif(sys.platform != "linux", reason="needs a device that is always full")
def test_so_is_one_that_only_the_program_knows(tmp_path):
    with pytest.raises(UserError, match="disk is full"):
        run_child("tests.services.writer", ["/dev/full", "100000"], print, Context(), tmp_path / "log")


def test_a_program_that_ends_otherwise_has_crashed(tmp_path):
    with pytest.raises(RuntimeError, match="ended with status 1") as found:
        run_child("tests.services.writer", [str(tmp_path / "no" / "folder"), "1"], print, Context(), tmp_path / "log")
    assert "FileNotFoundError" in str(found.value)


def test_nothing_begins_where_results_could_not_be_written(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    require_training(tmp_path / "model")
    with most_bytes(20_000), pytest.raises(UserError, match="disk is full"):
        require_training(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []
