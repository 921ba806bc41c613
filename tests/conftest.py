"""Fixtures for all tests: no test touches the user's own folders, and the shared media are optional."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The machines are shared: how long an example takes says nothing about the code.
settings.register_profile("shared-machines", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared-machines")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    """Settings, caches and models of the user stay out of tests."""
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))


def shared_folder() -> Path | None:
    """The folder with real clips, images and reference vectors, or None where it is not at hand."""
    named = os.environ.get("AFFECTOGRAPH_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    return folder if (folder / "media").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; tests that use it have a twin that does without."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared media are not beside this clone (see docs/development.md)")
    return folder
