"""The migrations and the tables in db.schema say the same."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, create_engine, text

from app.errors import UserError
from db import migrate, upgrades
from db.engine import sqlite_engine
from db.project import Project
from db.schema import SCHEMA_VERSION, Base
from db.upgrades import NEWEST, Target


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


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{revision}", "{before}", None, None


def upgrade():
    with op.batch_alter_table("clip") as table:  # copies and drops the table: what refers to it must survive
        table.add_column(sa.Column("mood", sa.Integer(), nullable=True))
        table.alter_column("codec", type_=sa.String(80))
    {last}
"""


def next_schema(folder, last="pass"):
    """The migrations of this program and one more."""
    shutil.copytree(migrate.MIGRATIONS / "versions", folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = NEXT.format(revision=f"{SCHEMA_VERSION + 1:04d}", before=f"{SCHEMA_VERSION:04d}", last=last)
    (folder / "next.py").write_text(text)
    return Target(SCHEMA_VERSION + 1, folder)


def upgrade(path, target, *, may_upgrade=True):
    reader = sqlite_engine(path, writer=False)
    try:
        upgrades.ensure_newest(reader, path, may_upgrade=may_upgrade, target=target)
    finally:
        reader.dispose()


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
