"""The filled project, made once for all tests of rights; each works on a copy."""

import shutil

import pytest

from tests.services.rights.filled import filled


@pytest.fixture(scope="package")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(folder / "home"))
        filled(folder / "project")
    return folder


@pytest.fixture
def path(made, tmp_path, monkeypatch):
    shutil.copytree(made, tmp_path / "at")
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "at" / "home"))
    path = tmp_path / "at" / "project" / "rating.affectograph"
    for journal in (tmp_path / "at" / "home" / "data" / "traces").iterdir():
        journal.write_bytes(journal.read_bytes().replace(str(made).encode(), str(tmp_path / "at").encode()))
    return path
