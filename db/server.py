"""Connections to a PostgreSQL server, which may be away for a while; whoever needs it waits.

A server that restarts, or a network that breaks, ends all connections. Once an engine has reached its server, every new
connection therefore waits until the server answers again, at most `PATIENCE_S`.
"""

import importlib.util
import re
import threading
import time
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from app.errors import ServerAway, UserError

PATIENCE_S: float = 20.0
"""Seconds that a connection waits for a server that was there before: most restarts take less."""

TEAM_SCHEMA: Final = "affectograph_team"
"""The schema in which a project's server keeps who is who (`db.roles`)."""

LOCK_S: Final = 30
"""Seconds that a writer waits for another one before the user is told."""

_AGAIN_S: Final = 0.2
_DEFAULTS: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "4",
    "tcp_user_timeout": "30000",
    "application_name": "affectograph",
}
"""Parameters of libpq where the address does not say otherwise: a connection that broke silently is noticed within half
a minute."""

_UNVERIFIED: Final = re.compile(
    r"certificate|no encryption|SSL (?:error|is not enabled|was required)|does not support SSL"
)
"""What libpq says where TLS fails: the server is there, and waiting for it does not help."""

_AWAY: Final = re.compile(r"08...|57P0[1-5]|53300")
"""States of SQL in which the server or the connection is gone, or takes no connections now."""


class Patience:
    """Says how long new connections of an engine wait.

    Attributes:
        reached: Whether the server was ever reached. A mistyped address is told at once.
    """

    def __init__(self) -> None:
        self.reached = False
        self._ended = threading.Event()

    def end(self) -> None:
        """Let nobody wait any longer, because the project is being closed."""
        self._ended.set()

    def connect(self, dialect: Any, args: Any, parameters: Any) -> Any:
        """Return a connection of the driver, and wait for it where the server was there before."""
        until_s = time.monotonic() + (PATIENCE_S if self.reached else 0.0)
        while True:
            try:
                made = dialect.connect(*args, **parameters)
            except dialect.loaded_dbapi.OperationalError as error:
                left_s = until_s - time.monotonic()
                if left_s <= 0 or not _is_away(error) or self._ended.wait(min(_AGAIN_S, left_s)):
                    raise
            else:
                self.reached = True
                return made


def server_engine(url: str, *, writer: bool, patience: Patience | None = None) -> Engine:
    """Make an engine for a PostgreSQL server, whose defaults are already durable and check foreign keys.

    Args:
        url: The address.
        writer: Whether it may write.
        patience: How long new connections wait; by default as for a server that was never reached.

    Raises:
        UserError: The driver is missing, or the address cannot be read.
    """
    engine = create_engine(
        _address(url),
        pool_size=1 if writer else 4,
        max_overflow=0 if writer else 12,
        pool_pre_ping=True,
        # A reader sees one state for as long as it looks, as on SQLite.
        isolation_level="READ COMMITTED" if writer else "REPEATABLE READ",
        execution_options={} if writer else {"postgresql_readonly": True},
    )
    patience = patience or Patience()

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: Any, args: Any, parameters: Any) -> Any:
        return patience.connect(dialect, args, parameters)

    if writer:
        # One writer at a time as on SQLite: read, decide and write cannot interleave. Released with the transaction.
        # A writer that froze, or whose network is gone, must not keep all others away for good.
        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(
                f"SET LOCAL lock_timeout = '{LOCK_S}s'; SET LOCAL idle_in_transaction_session_timeout = '5min'"
            )
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(hashtext('affectograph'), hashtext(current_schema()))"
            )

    return engine


def _address(url: str) -> URL:
    if importlib.util.find_spec("psycopg") is None:
        raise UserError(
            "Projects on a PostgreSQL server need the psycopg package.",
            "Install psycopg.",
            "Run `pip install 'affectograph[postgres]'`.",
        )
    try:
        address = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url, count=1))
    except (ArgumentError, ValueError) as error:  # whose text may hold the password
        raise UserError(
            "The address of the server cannot be read.",
            "Write it as postgresql://USER@HOST/DATABASE; in names and passwords, write % and two digits for / and @.",
        ) from error
    return address.set(query={**_DEFAULTS, **address.query})


def own_role(connection: Connection) -> str | None:
    """Return the role of the present login in a project; None where the project has no roles, or it has no place."""
    there = connection.exec_driver_sql(f"SELECT to_regprocedure('{TEAM_SCHEMA}.role()') IS NOT NULL").scalar_one()
    if not there:
        return None
    found = connection.exec_driver_sql(f"SELECT {TEAM_SCHEMA}.role()").scalar_one()
    return None if found is None else str(found)


class Pulse:
    """Asks a server from time to time whether it is there, over a connection of its own that never waits.

    Args:
        url: The address.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None

    def look(self) -> UserError | None:
        """Return the error that tells that the server does not answer; None if it does."""
        import psycopg

        try:
            if self._connection is None:
                address = _address(self._url).set(drivername="postgresql")
                self._connection = psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)
            self._connection.execute("SELECT 1")
        except psycopg.Error as error:
            self.close()
            return away(error)
        return None

    def close(self) -> None:
        """Close the connection; the next look opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # whatever a broken connection says to it
                connection.close()


def away(error: BaseException) -> ServerAway:
    """Return what to tell where a server does not answer."""
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    if _UNVERIFIED.search(said):
        return ServerAway(
            f"The connection to the project's server is not safe as address or server ask: {said.rstrip('.')}.",
            "Check sslmode, sslrootcert and the server's name in the address, or ask whoever looks after the server.",
        )
    return ServerAway(
        f"The project's server cannot be reached, and nothing is saved until it answers: {said.rstrip('.')}.",
        "Check the address and the network; what you confirm is saved as soon as the server answers again.",
    )


def as_told(error: DBAPIError) -> UserError | None:
    """Translate an error of the server into a message with advice; None where it is a mistake in this program."""
    origin = error.orig
    state = getattr(origin, "sqlstate", None)
    if state == "42501":
        return UserError(
            "The server does not let your login do this.", "Ask an owner of the project to do it, or for another role."
        )
    if not isinstance(error, OperationalError) or origin is None:
        return None
    if state == "55P03":
        return UserError(
            "Another program is writing to this project.",
            "Wait until it has finished (an import or an analysis, for instance), then try again.",
        )
    if error.connection_invalidated or _is_away(origin):
        return away(origin)
    return UserError(f"The database server says: {str(origin).strip()}.", "Check the address and the network.")


def _is_away(error: BaseException) -> bool:
    """Return whether the connection is gone or could not be made, rather than a statement refused."""
    state = getattr(error, "sqlstate", None)
    return state is None or _AWAY.fullmatch(state) is not None
