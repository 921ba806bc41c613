"""The file: made whole, one file when closed, and refused with a sentence where it cannot be used."""

import os
import shutil
import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.errors import ProjectClosed, UserError
from db import engine as engines
from db import files, items, settings, upgrades
from db.project import Project
from db.schema import APPLICATION_ID, SCHEMA_VERSION, Item
from tests.waiting import PATIENCE_S


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_one_file_is_left_after_closing(tmp_path):
    with Project.create(tmp_path / "ö study.affectograph") as project:
        settings.put(project, "theme", "dark")
        assert names(tmp_path) != ["ö study.affectograph"]  # the log lies beside it while it is open
    assert names(tmp_path) == ["ö study.affectograph"]
    with Project.open(tmp_path / "ö study.affectograph") as project:
        assert settings.get(project, "theme") == "dark"
    assert names(tmp_path) == ["ö study.affectograph"]


def test_looking_into_a_project_needs_no_connection_that_writes(project, monkeypatch):
    project.close()
    made, real = [], engines.sqlite_engine
    monkeypatch.setattr(engines, "sqlite_engine", lambda *args, **how: made.append(how["writer"]) or real(*args, **how))
    with Project.open(project.path) as again:
        assert items.every(again) == []
    assert made == [False]
    with Project.open(project.path) as again:
        settings.put(again, "theme", "dark")
    assert made == [False, False, True]


def test_a_backup_that_is_opened_can_be_written_while_somebody_reads(project, tmp_path):
    copy = tmp_path / "copy.affectograph"
    upgrades.backup(project.path, copy)
    with Project.open(copy) as opened, opened.read() as session:
        session.scalar(text("SELECT count(*) FROM rater"))
        settings.put(opened, "theme", "dark")  # another thread than the one that reads, in the window


def test_the_suffix_is_added(tmp_path):
    with Project.create(tmp_path / "demo.v2") as project:
        assert project.path == tmp_path / "demo.v2.affectograph"


def test_the_file_says_what_it_is(tmp_path):
    Project.create(tmp_path / "a").close()
    with closing(sqlite3.connect(tmp_path / "a.affectograph")) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert raw.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (f"{SCHEMA_VERSION:04d}",)
    umask = os.umask(0o022)
    os.umask(umask)
    assert (tmp_path / "a.affectograph").stat().st_mode & 0o777 == 0o666 & ~umask


def test_connections_are_durable_and_check_references(project):
    with project.write() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 2
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    with project.read() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    with pytest.raises(IntegrityError), project.write() as session:
        session.add(Item(name="nothing", clip_id=77))


def test_readers_cannot_write(project):
    settings.put(project, "kept", 1)
    with pytest.raises(UserError, match="read-only"), project.read() as session:
        session.execute(text("DELETE FROM setting"))
    assert settings.every(project) == {"kept": 1}


def test_what_fails_leaves_nothing(project):
    def half():
        with project.write() as session:
            settings.put(session, "half", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert settings.every(project) == {}


def test_a_reader_sees_one_state(project):
    settings.put(project, "n", 1)
    with project.read() as session:
        assert settings.get(session, "n") == 1
        settings.put(project, "n", 2)
        session.expire_all()
        assert settings.get(session, "n") == 1
    assert settings.get(project, "n") == 2


def test_writing_inside_writing_is_a_mistake(project):
    with pytest.raises(RuntimeError, match="inside"), project.write(), project.write():
        pass
    settings.put(project, "still", "works")


def test_closed_is_closed(project):
    project.close()
    project.close()
    with pytest.raises(ProjectClosed), project.read():
        pass  # whoever still reads ends silently
    with pytest.raises(UserError, match="closed before this was saved"), project.write():
        pass  # whoever still writes is told


def test_close_waits_for_a_session_in_another_thread(project):
    inside, go_on = threading.Event(), threading.Event()

    def write():
        with project.write() as session:
            inside.set()
            go_on.wait(PATIENCE_S)
            settings.put(session, "late", True)

    thread = threading.Thread(target=write)
    thread.start()
    assert inside.wait(PATIENCE_S)
    threading.Timer(0.2, go_on.set).start()
    project.close()
    thread.join()
    assert names(project.path.parent) == ["study.affectograph"]
    with Project.open(project.path) as again:
        assert settings.get(again, "late") is True


def test_many_threads_read_then_write_without_a_locked_database(project):
    settings.put(project, "count", 0)

    def count_up():
        for _ in range(25):
            with project.write() as session:
                settings.put(session, "count", settings.get(session, "count") + 1)
            settings.every(project)

    threads = [threading.Thread(target=count_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert settings.get(project, "count") == 150


def test_an_existing_file_is_never_overwritten(tmp_path):
    path = tmp_path / "a.affectograph"
    path.write_text("somebody's")
    with pytest.raises(UserError, match="already exists"):
        Project.create(path)
    with pytest.raises(UserError, match="already exists"):
        files.publish(tmp_path / "a.affectograph", path)
    assert path.read_text() == "somebody's"
    assert names(tmp_path) == ["a.affectograph"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        Project.create(tmp_path / "nowhere" / "a")


def other_database(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE clip (id)")
        raw.commit()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "not a project file"),
        (lambda path: path.write_bytes(b""), "not a project of Affectograph"),
        (lambda path: path.write_text("hello " * 100), "not a project of Affectograph"),
        (other_database, "another program"),
    ],
)
def test_what_is_no_project_is_refused_and_untouched(tmp_path, make, words):
    path = tmp_path / "a.affectograph"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UserError, match=words) as refused:
        Project.open(path)
    assert refused.value.todo
    assert not path.is_file() or path.read_bytes() == before
    assert len(names(tmp_path)) == (1 if path.exists() else 0)


def test_a_newer_project_is_refused_and_untouched(tmp_path):
    Project.create(tmp_path / "a").close()
    path = tmp_path / "a.affectograph"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(UserError, match="newer version"):
        Project.open(path)
    assert path.read_bytes() == before


def test_a_file_that_is_cut_off_is_refused(tmp_path):
    Project.create(tmp_path / "a").close()
    path = tmp_path / "a.affectograph"
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(UserError, match="cut off"):
        Project.open(path)


def test_a_damaged_first_page_is_refused(tmp_path):
    Project.create(tmp_path / "a").close()
    path = tmp_path / "a.affectograph"
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(3000))
    with pytest.raises(UserError, match="damaged"):
        Project.open(path)


def test_a_project_that_somebody_writes_says_so(project, monkeypatch):
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_S", 0.3)
    with (
        Project.open(project.path) as second,
        project.write(),
        pytest.raises(UserError, match="Another program is writing to this project"),
        second.write(),
    ):
        pass
    settings.put(project, "afterwards", "works")


def test_a_full_disk_is_a_sentence_and_nothing_before_is_lost(project):
    settings.put(project, "kept", "yes")
    with project.write() as session:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count={pages + 4}"))
    with pytest.raises(UserError, match="disk is full"):
        settings.put(project, "big", "x" * 100_000)
    assert settings.every(project) == {"kept": "yes"}
    with project.write() as session:
        session.execute(text("PRAGMA max_page_count=100000"))
    settings.put(project, "big", "x" * 100_000)
    assert len(settings.get(project, "big")) == 100_000


@pytest.fixture
def plain_user():
    """The rights of somebody who is not root, in a folder such a user can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o777)
    shutil.rmtree(folder)


def test_a_read_only_folder(plain_user):
    with Project.create(plain_user / "a") as project:
        settings.put(project, "theme", "dark")
    path = plain_user / "a.affectograph"
    plain_user.chmod(0o555)
    with pytest.raises(UserError, match="read-only"):
        Project.open(path)
    with pytest.raises(UserError, match="read-only"):
        Project.create(plain_user / "b")
    with Project.open(path, read_only=True) as project:
        assert settings.get(project, "theme") == "dark"
        with pytest.raises(UserError, match="opened read-only"):
            settings.put(project, "theme", "light")
    assert names(plain_user) == ["a.affectograph"]


def test_a_project_in_a_read_only_folder_can_be_copied_out_of_it(plain_user):
    (plain_user / "shared").mkdir()
    with Project.create(plain_user / "shared" / "a") as project:
        settings.put(project, "theme", "dark")
    (plain_user / "shared").chmod(0o555)
    try:
        upgrades.backup(plain_user / "shared" / "a.affectograph", plain_user / "copy.affectograph")
    finally:
        (plain_user / "shared").chmod(0o777)
    with Project.open(plain_user / "copy.affectograph") as copy:
        assert settings.get(copy, "theme") == "dark"
        settings.put(copy, "theme", "light")


def test_a_file_without_permission_to_read(plain_user):
    Project.create(plain_user / "a").close()
    (plain_user / "a.affectograph").chmod(0)
    with pytest.raises(UserError, match="cannot be read"):
        Project.open(plain_user / "a.affectograph")


def test_looking_only_refuses_writes_where_one_could(project):
    settings.put(project, "a", 1)
    with Project.open(project.path, read_only=True) as second:
        assert settings.get(second, "a") == 1
        with pytest.raises(UserError, match="opened read-only"), second.write():
            pass
