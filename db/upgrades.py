"""Makes projects and brings older ones up to date: finds a file's schema, makes the backup copy, runs the migrations.

Alembic is imported only when there is something to do, because a project that is up to date must open quickly.
"""

import contextlib
import functools
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from app.errors import UserError
from app.files import dated_beside, hidden_beside
from db import digests, held, presence, roles
from db.engine import BUSY_TIMEOUT_S, pragma, sqlite_engine, told_to_user
from db.files import can_write, cannot_write, publish, refuse_existing
from db.schema.base import APPLICATION_ID, SCHEMA_VERSION, new_uid
from db.server import server_engine


@dataclass(frozen=True)
class SchemaTarget:
    """The schema to which a project is brought.

    Attributes:
        version: Number of its newest migration.
        versions: Folder of the migrations; None for those of this program.
    """

    version: int = SCHEMA_VERSION
    versions: Path | None = None

    def upgrade(self, connection: Connection) -> None:
        """Run the missing migrations in the connection's transaction."""
        from db import migrate

        migrate.upgrade(connection, self.versions or migrate.MIGRATIONS / "versions")


NEWEST = SchemaTarget()
STEPS: Final = "alembic_version"
"""Table in which migrations note the number of the last one; newer programs may have written only this one."""


@functools.cache
def blank(target: SchemaTarget = NEWEST) -> bytes:
    """Return the bytes of a new project's file.

    They are the same for all projects of a version, and running the migrations takes a while.
    """
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            with connection.begin():
                target.upgrade(connection)
            pragma(connection, f"application_id={APPLICATION_ID}")
            pragma(connection, f"user_version={target.version}")
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            return driver.serialize()
    finally:
        engine.dispose()


def ensure_newest(reader: Engine, path: Path, *, may_upgrade: bool, target: SchemaTarget = NEWEST) -> None:
    """Check a project's schema and migrate an older one, after a backup copy was made beside it.

    Args:
        reader: The engine for reading the project.
        path: The file.
        may_upgrade: Whether it may be migrated; False for a project that is opened only for reading.
        target: The wanted schema.

    Raises:
        UserError: The schema is newer than this program's, or older and `may_upgrade` is off.
    """
    with reader.connect() as connection:
        driver = digests.driver_of(connection)
        have = int(driver.execute("PRAGMA user_version").fetchone()[0])
        # Reads the table of tables: a file whose first pages are damaged fails here and not in the middle of work.
        names = {str(name) for (name,) in driver.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
        steps = driver.execute("SELECT version_num FROM main.alembic_version") if STEPS in names else ()
        stated = max((int(step) for (step,) in steps if str(step).isdecimal()), default=0)
    if "clip" not in names:
        raise UserError(f"{path} is damaged: its tables are missing.", "Open a backup copy.")
    if max(have, stated) > target.version:
        raise newer(str(path))
    if have == target.version:
        return
    if not may_upgrade:
        raise UserError(
            f"{path} was made by an older version.",
            "Open it once in the program. It is then brought up to date, after a backup copy was made.",
        )
    reader.dispose()
    backup(path, dated_beside(path, f".v{have}-", f"{path.suffix}.bak"))
    engine = sqlite_engine(path, writer=True)
    try:
        with engine.connect() as connection:
            # Alembic alters a table by copying and dropping it; with foreign keys on, that deletes what refers to it.
            driver = digests.driver_of(connection)
            driver.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                damaged = list(digests.wrong(driver))  # a migration must not make damage look sound
                target.upgrade(connection)
                digests.seal_all(driver)
                digests.spoil(driver, damaged)
                broken = pragma(connection, "foreign_key_check")
                if broken:
                    raise RuntimeError(f"the migration of {path} left {len(broken)} rows without what they refer to")
                pragma(connection, f"user_version={target.version}")
        _into_one_file(engine)
    finally:
        engine.dispose()


def schema_of(connection: Connection) -> dict[tuple[str, str], str]:
    """Return the SQL of everything that a file defines by kind and name, with single spaces; empty on a server."""
    if connection.dialect.name != "sqlite":
        return {}
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM main.sqlite_master WHERE sql IS NOT NULL")
    return {(str(kind), str(name)): " ".join(str(sql).split()) for kind, name, sql in rows}


@functools.cache
def expected_schema() -> dict[tuple[str, str], str]:
    """Return what `schema_of` returns for a new project of this version."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.deserialize(blank())
            return schema_of(connection)
    finally:
        engine.dispose()


def newer(where: str) -> UserError:
    """Return the error for a project that is newer than the program."""
    return UserError(f"{where} was made by a newer version of Affectograph.", "Update this program and open it again.")


def backup(path: Path, copy: Path) -> None:
    """Copy a project as one consistent file, with the changes in its log, either whole or not at all.

    Raises:
        UserError: The copy already exists, or cannot be written.
    """
    # Where nothing can be written beside it SQLite must not want to.
    uri = f"{path.as_uri()}?mode=ro{'' if can_write(path) else '&immutable=1'}"
    with told_to_user(), contextlib.closing(held.connect(path, uri, timeout=BUSY_TIMEOUT_S)) as source:
        _copy_of(source, copy)


def _copy_of(source: sqlite3.Connection, copy: Path) -> None:
    refuse_existing(copy)
    part = hidden_beside(copy, f"{copy.suffix}.{new_uid()}.new")
    try:
        with told_to_user(), contextlib.closing(sqlite3.connect(part)) as into:
            source.backup(into)
            with contextlib.suppress(sqlite3.OperationalError):  # a schema without settings
                presence.leave_all(into)
                into.commit()
            into.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        publish(part, copy)
    except OSError as error:
        raise cannot_write(copy, error) from error
    finally:
        part.unlink(missing_ok=True)


def _into_one_file(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.cursor().execute("PRAGMA journal_mode=DELETE").fetchall()
    finally:
        raw.close()


def make_on_server(url: str) -> None:
    """Make the tables of a new project on a server.

    Raises:
        UserError: The database has a project already.
    """
    upgrade_server(url, new=True)


def upgrade_server(url: str, target: SchemaTarget = NEWEST, *, new: bool = False) -> None:
    """Make the tables on a server, or bring them up to date. Backups there are the task of its administrator."""
    engine = server_engine(url, writer=True)
    try:
        with engine.begin() as connection:  # which takes the lock: one program migrates, and the others wait
            if new and inspect(connection).has_table(STEPS):
                raise UserError(
                    "There is a project in this database already.", "Name another database, or open the project."
                )
            target.upgrade(connection)
            if roles.is_team(connection):
                roles.protect(connection)
    finally:
        engine.dispose()


def check_server(url: str, *, upgrade: bool, target: SchemaTarget = NEWEST) -> None:
    """Check the schema on a server, and bring an older one up to date.

    Raises:
        UserError: There is no project, a newer one, or an older one while `upgrade` is off.
    """
    engine = server_engine(url, writer=False)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                raise UserError(
                    "There is no project in this database.",
                    "Check the name of the database.",
                    "Make one with `affectograph project new`.",
                )
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    finally:
        engine.dispose()
    have = int(revision)
    if have > target.version:
        raise newer("The project")
    if have < target.version:
        if not upgrade:
            raise UserError("The project was made by an older version.", "Open it once for writing.")
        upgrade_server(url, target)
