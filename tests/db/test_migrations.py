"""The migrations and the tables in db.schema say the same."""

import pytest
from sqlalchemy import create_engine

from db import migrate
from db.schema import SCHEMA_VERSION
from db.upgrades import NEWEST


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
