"""The migrations and the tables in db.schema say the same."""

import hashlib
import runpy
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.errors import UserError
from db import migrate
from db.engine import sqlite_engine
from db.project import Project
from db.schema import SCHEMA_VERSION, Base
from db.upgrades import NEWEST

from .next_schema import next_schema, upgrade


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_migrated_schema_equals_the_tables(connection):
    migrate.upgrade(connection)
    assert migrate.differences(connection) == []


def test_a_missing_column_would_be_noticed(connection):
    migrate.upgrade(connection)
    connection.exec_driver_sql("ALTER TABLE clip DROP COLUMN codec")
    assert [change[0] for change in migrate.differences(connection)] == ["add_column"]


def test_the_number_in_the_file_is_the_newest_migration():
    assert int(migrate.head()) == SCHEMA_VERSION == NEWEST.version


def versions():
    return sorted((migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))


FROZEN = {
    "0001_first_schema.py": "16087fea0ebb97e4739053e461c7827f2538b9925d1f76cb3e217d179d34c838",
    "0002_review_notes.py": "4f420bb7c365dd12b32cb2ade416620f8166d9e9caedaa70d03d9173f2210cc6",
}
"""Migrations of released versions → SHA-256 of their text. People's files went through them: they never change."""


def test_released_migrations_are_as_they_were():
    found = {path.name: hashlib.sha256(path.read_text("utf-8").encode()).hexdigest() for path in versions()}
    assert {name: found.get(name) for name in FROZEN} == FROZEN


def test_migrations_are_numbered_one_after_the_other():
    assert [path.name[:4] for path in versions()] == [f"{number:04d}" for number in range(1, SCHEMA_VERSION + 1)]
    before = None
    for path in versions():
        step = runpy.run_path(str(path))
        assert (step["revision"], step["down_revision"]) == (path.name[:4], before)
        before = step["revision"]


def test_a_new_migration_takes_the_next_number(tmp_path):
    folder = tmp_path / "versions"
    shutil.copytree(migrate.MIGRATIONS / "versions", folder, ignore=shutil.ignore_patterns("__pycache__"))
    number = migrate.next_number(folder)
    assert number == f"{SCHEMA_VERSION + 1:04d}"
    migrate.write_migration("Add a mood", number, folder)
    assert [path.name for path in folder.glob(f"{number}*")] == [f"{number}_add_a_mood.py"]
    assert migrate.head(folder) == number
    assert migrate.next_number(folder) == f"{SCHEMA_VERSION + 2:04d}"


COPIES = """
import sqlalchemy as sa
from alembic import op

from db.migrations.triggers import triggers_set_aside

revision, down_revision, branch_labels, depends_on = "{revision}", "{before}", None, None


def upgrade():
    with {around}:
        for name in ("answer", "intensity", "presentation"):
            with op.batch_alter_table(name, recreate="always") as table:
                table.add_column(sa.Column("mood", sa.Integer(), nullable=True))
"""


def copying(folder, around):
    """The migrations of this program and one that copies the tables of which triggers speak."""
    shutil.copytree(migrate.MIGRATIONS / "versions", folder, ignore=shutil.ignore_patterns("__pycache__"))
    new = COPIES.format(revision=f"{SCHEMA_VERSION + 1:04d}", before=f"{SCHEMA_VERSION:04d}", around=around)
    (folder / "copies.py").write_text(new)
    return folder


def triggers(connection):
    """Name and text of every trigger."""
    return connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name").all()


def test_a_migration_that_copies_tables_keeps_their_triggers(connection, tmp_path):
    migrate.upgrade(connection)
    before = triggers(connection)
    assert {name for name, _ in before} >= {"answer_was_shown", "intensity_was_shown"}
    migrate.upgrade(connection, copying(tmp_path / "kept", "triggers_set_aside(op.get_bind())"))
    assert "mood" in {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(answer)")}
    assert triggers(connection) == before


def test_without_help_copying_tables_fails(connection, tmp_path):
    migrate.upgrade(connection)
    with pytest.raises(DBAPIError, match="error in trigger intensity_was_shown"):
        migrate.upgrade(connection, copying(tmp_path / "lost", "__import__('contextlib').nullcontext()"))


def test_a_new_migration_sets_triggers_aside(tmp_path):
    folder = tmp_path / "versions"
    folder.mkdir()
    migrate.write_migration("Make all tables", "0001", folder)
    (made,) = folder.glob("*.py")
    written = made.read_text()
    assert written.count("    with triggers_set_aside(op.get_bind()):\n        ") == 2
    engine = create_engine("sqlite://")
    with engine.begin() as fresh:
        migrate.upgrade(fresh, folder)
        assert migrate.differences(fresh) == []
        migrate.downgrade(fresh, folder)
    engine.dispose()


def test_every_migration_can_be_taken_back(connection):
    migrate.upgrade(connection)
    migrate.downgrade(connection)
    left = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    assert left == ["alembic_version"]


JUDGEMENTS = {"answer", "intensity", "assignment", "presentation"}
"""Tables of millions of rows that are read whole: an index on each reference would cost more than it saves."""


def test_every_reference_is_indexed_or_begins_a_key():
    bare = []
    for table in Base.metadata.tables.values():
        leading = {next(iter(index.columns)).name for index in table.indexes}
        for constraint in table.constraints:
            if isinstance(constraint, (UniqueConstraint, PrimaryKeyConstraint)) and len(constraint.columns):
                leading.add(next(iter(constraint.columns)).name)
        bare += [str(key.parent) for key in table.foreign_keys if key.parent.name not in leading]
    assert [name for name in bare if name.split(".")[0] not in JUDGEMENTS] == []


def rows(path):
    """How many clips and items there are, the newest schema, and the names of the clip table's columns."""
    engine = sqlite_engine(path, writer=False)
    with engine.connect() as connection:
        counts = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("clip", "item")]
        version = connection.scalar(text("PRAGMA user_version"))
        columns = {row[1] for row in connection.execute(text("PRAGMA table_info(clip)"))}
    engine.dispose()
    return counts, version, columns


def test_an_older_project_is_migrated_after_a_backup(project, clip, tmp_path):
    project.close()
    upgrade(project.path, next_schema(tmp_path / "versions"))
    counts, version, columns = rows(project.path)
    assert (counts, version) == ([1, 1], SCHEMA_VERSION + 1)
    assert "mood" in columns
    (backup,) = tmp_path.glob("*.bak")
    with closing(Project.open(backup)) as old:
        assert rows(old.path)[1] == SCHEMA_VERSION
        assert rows(old.path)[0] == [1, 1]
    with pytest.raises(UserError, match="newer version"):
        Project.open(project.path)


def test_a_migration_that_fails_changes_nothing(project, clip, tmp_path):
    project.close()
    before = rows(project.path)
    with pytest.raises(ZeroDivisionError):
        upgrade(project.path, next_schema(tmp_path / "versions", last="1 / 0"))
    assert rows(project.path) == before
    with Project.open(project.path) as again:
        assert again.path == project.path


def test_a_migration_that_breaks_references_changes_nothing(project, clip, tmp_path):
    project.close()
    before = rows(project.path)
    with pytest.raises(RuntimeError, match="without what they refer to"):
        upgrade(project.path, next_schema(tmp_path / "versions", last="op.execute('DELETE FROM clip')"))
    assert rows(project.path) == before


def test_looking_only_does_not_migrate(project, tmp_path):
    project.close()
    with pytest.raises(UserError, match="older version"):
        upgrade(project.path, next_schema(tmp_path / "versions"), may_upgrade=False)
    assert list(tmp_path.glob("*.bak")) == []


def test_every_table_is_described():
    text = (Path(__file__).resolve().parents[2] / "docs" / "schema.md").read_text("utf-8")
    assert [name for name in Base.metadata.tables if f"`{name}`" not in text] == []
