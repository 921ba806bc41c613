"""Bringing a database to the newest schema, and the developer's command that writes the next migration.

`python -m db.migrate --new "Add a table of …"` compares the tables in `db.schema` with what the present migrations
make, and writes the difference as the migration with the next number. Migrations that landed are never written again.
"""

import argparse
import threading
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from db.schema import Base

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"

_alone: Final = threading.Lock()
"""Alembic keeps its connection in module variables: without the lock, a second thread's statements would go into the
first one's file."""


def configure_options(connection: Connection) -> dict[str, Any]:
    """Return options for Alembic's context: SQLite alters a table by copying it, and its DDL is transactional here."""
    return {
        "target_metadata": Base.metadata,
        "render_as_batch": connection.dialect.name == "sqlite",
        "transactional_ddl": True,
        "compare_type": True,
    }


def _config(connection: Connection | None, versions: Path) -> Config:
    config = Config()
    # Alembic's options go through % interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, versions: Path = MIGRATIONS / "versions") -> None:
    """Bring a database, which may be empty, to the newest schema inside the connection's transaction.

    Args:
        connection: In a transaction that the caller commits, or rolls back as a whole.
        versions: The folder of migrations.
    """
    with _alone:
        command.upgrade(_config(connection, versions), "head")


def downgrade(connection: Connection, versions: Path = MIGRATIONS / "versions") -> None:
    """Undo all migrations inside the connection's transaction, for tests and developers."""
    with _alone:
        command.downgrade(_config(connection, versions), "base")


def head(versions: Path = MIGRATIONS / "versions") -> str:
    """Return the newest revision, such as `0001`."""
    return ScriptDirectory.from_config(_config(None, versions)).get_current_head() or ""


def next_number(versions: Path = MIGRATIONS / "versions") -> str:
    """Return the revision that the next migration takes, such as `0003`."""
    return f"{int(head(versions) or '0') + 1:04d}"


def differences(connection: Connection) -> list[Any]:
    """Return the differences between a migrated database and the tables in `db.schema`."""
    context = MigrationContext.configure(connection, opts=configure_options(connection))
    return list(compare_metadata(context, Base.metadata))


def write_migration(message: str, revision: str, versions: Path = MIGRATIONS / "versions") -> None:
    """Write the migration that leads from those in the folder to the tables in `db.schema`."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        config = _config(connection, versions)
        command.upgrade(config, "head")
        command.revision(config, message=message, rev_id=revision, autogenerate=True)
    engine.dispose()


def main() -> None:
    """Write the next migration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--new",
        metavar="MESSAGE",
        required=True,
        help="write the next migration, and raise SCHEMA_VERSION by one with it",
    )
    args = parser.parse_args()
    write_migration(args.new, next_number())


if __name__ == "__main__":
    main()
