"""Fixtures for all tests: no test touches the user's own folders, and the shared media are optional."""

import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from app import jobs, reach
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from tests.own_server import OwnServer

# The machines are shared: how long an example takes says nothing about the code. Every run draws the same examples, so
# that a change is judged by what it changes; `--hypothesis-profile=others` draws other ones each time.
settings.register_profile("others", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("others"), derandomize=True, database=None)
settings.load_profile("same")

pytest_plugins = ["tests.cost", "tests.kinds", "tests.leaks", "tests.limits"]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    """Settings, caches and models of the user stay out of tests, and out of the folders that tests look through."""
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session", autouse=True)
def _own_folders_of_shared_fixtures(tmp_path_factory):
    """What fixtures of a module or session keep stays out of the user's folders, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def _slow_machine(monkeypatch):
    """No disk counts as dead because the machine is busy; tests of dead ones say themselves how soon."""
    monkeypatch.setattr(reach, "GLANCE_S", PATIENCE_S)
    monkeypatch.setattr(reach, "LOOK_S", PATIENCE_S)
    for lane in jobs.SILENT_S:
        monkeypatch.setitem(jobs.SILENT_S, lane, max(PATIENCE_S, jobs.SILENT_S[lane]))


@pytest.fixture(scope="session", autouse=True)
def _cheap_pins():
    """A PIN takes a quarter of a second on purpose, for which hundreds of tests need not wait (study/test_pins.py)."""
    pins = sys.modules.get("db.pins")  # whoever uses it was imported when the tests were collected
    with pytest.MonkeyPatch.context() as patch:
        if pins is not None:
            patch.setattr(pins, "COST", (1 << 4, 8, 1))
        yield


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


@pytest.fixture(scope="session")
def empty_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project's file, to be copied: making the tables takes longer than most tests that need a project."""
    from db.project import Project

    path = tmp_path_factory.mktemp("empty") / "empty.affectograph"
    Project.create(path).close()
    return path


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """URL of an empty database on the PostgreSQL server that AFFECTOGRAPH_POSTGRES names."""
    url = os.environ.get("AFFECTOGRAPH_POSTGRES")
    if not url:
        pytest.skip("no PostgreSQL server is named: `make test-postgres` starts one")
    import psycopg

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def postgres_server() -> Iterator["OwnServer"]:
    """A PostgreSQL server of the module's own, which its tests may kill and start again."""
    from tests.own_server import OwnServer

    if not os.environ.get("AFFECTOGRAPH_POSTGRES") or not OwnServer.can_start():
        pytest.skip("`make test-postgres` knows where the server's programs are")
    server = OwnServer()
    try:
        yield server
    finally:
        server.kill()
