"""Owners, reviewers and raters of a team project as roles of its PostgreSQL server, which enforces what each may see.

Every project has three groups of logins. The owners' group owns the tables, and its members appoint others. Reviewers
see all rows and change labels. Raters see the rows that `db.rules` lets a rater see, and write what a session of theirs
writes (`WRITES`): row-level security holds whatever SQL somebody types. A login without a place in a group sees nothing
at all.

Who is who stands in a schema of its own (`SCHEMA`), because a project file has no logins.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, text

from app.domain.project import Role
from db.rules import RULES, undecided
from db.server import TEAM_SCHEMA

SCHEMA: Final = f'"{TEAM_SCHEMA}"'
_ME: Final = f"(SELECT {SCHEMA}.me())"
ROLES: Final[tuple[Role, ...]] = ("owner", "reviewer", "rater")

OWNERS_ONLY: Final = frozenset(
    {"alembic_version", "consent", "rater", "rater_name", "study", "study_item", "study_rater", "study_version"}
)
"""Tables that reviewers read and only owners change: who takes part, what is asked, and who agreed to what."""


class Write(NamedTuple):
    """What a rater may write to a table.

    Attributes:
        rows: The condition for the rows, before and after; empty for the condition of `RULES`.
        insert: Whether rows may be added.
        columns: The columns of such rows that may be changed.
        delete: Whether such rows may be removed.
    """

    rows: str = ""
    insert: bool = True
    columns: tuple[str, ...] = ()
    delete: bool = False


_SHOWN: Final = (
    "outcome", "ended_at", "frames_shown", "frames_dropped", "plays", "window_width", "window_height", "audio_played",
    "first_frame_s", "last_frame_s", "detail", "judgeable", "trace_id",
)  # fmt: skip
WRITES: Final[dict[str, Write]] = {
    "presentation": Write(columns=_SHOWN),
    "answer": Write(columns=("current",)),
    "intensity": Write(),
    "trace": Write(columns=("status", "quality", "note", "n_samples", "finished_at", "owner")),
    "trace_chunk": Write(delete=True),  # the chunks of a finished trace become one
    "trace_stream": Write(),
    "slot": Write(insert=False, columns=("state",)),
    "sight": Write(),
    "term": Write("true"),
    "rater": Write(insert=False, columns=("lag_s", "pin")),
    "clip": Write("removed", columns=("path", "size_bytes", "modified_at")),  # that of calibration is in no list
    "item": Write("clip_id IN (SELECT id FROM {schema}.clip WHERE removed)"),
    "audit": Write(
        "(action IN ('pin.wrong', 'pin.right') AND (detail ->> 'rater')::integer = {me}) OR action = 'rescue.store' "
        "OR (action = 'sitting.check' AND actor = (SELECT code FROM {schema}.rater WHERE id = {me}))"
    ),
}
"""Table → what a session of a rater writes there. A table that is not named cannot be written by raters."""


class TeamMember(NamedTuple):
    """A login of the server with a place in a project.

    Attributes:
        login: Its name on the server.
        role: What it may do.
        rater: Code of the person in the project; empty for none.
    """

    login: str
    role: Role
    rater: str


def quoted(name: str) -> str:
    """Return a name as it is written in SQL."""
    return '"' + name.replace('"', '""') + '"'


def group(connection: Connection, role: Role) -> str:
    """Return the name of the server's group for a role in this database; names have at most 63 bytes."""
    database = str(connection.exec_driver_sql("SELECT current_database()").scalar_one())
    stem = f"affectograph_{database}"
    if len(stem.encode()) > 50:
        stem = f"affectograph_{hashlib.sha256(database.encode()).hexdigest()[:16]}"
    return f"{stem}_{role}"


def is_team(connection: Connection) -> bool:
    """Return whether a project has roles."""
    found = connection.execute(text("SELECT to_regclass(:name)"), {"name": f"{TEAM_SCHEMA}.member"})
    return found.scalar_one() is not None


def begin(connection: Connection) -> None:
    """Give a project roles, with the present login as its first owner. A second call sets everything right again."""
    groups = {role: group(connection, role) for role in ROLES}
    for name in groups.values():
        if not _login_exists(connection, name):
            connection.exec_driver_sql(f"CREATE ROLE {quoted(name)} NOLOGIN")
    owners = quoted(groups["owner"])
    for name in (groups["reviewer"], groups["rater"]):
        _grant(connection, name, groups["owner"], admin=True)
    login = str(connection.exec_driver_sql("SELECT session_user").scalar_one())
    _grant(connection, groups["owner"], login, admin=True)
    database = quoted(str(connection.exec_driver_sql("SELECT current_database()").scalar_one()))
    everybody = ", ".join(map(quoted, groups.values()))
    for statement in (
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {everybody}",
        f"GRANT CREATE ON DATABASE {database} TO {owners}",
        f"REVOKE ALL ON SCHEMA {_schema(connection)} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {_schema(connection)} TO {everybody}",
        f"GRANT CREATE ON SCHEMA {_schema(connection)} TO {owners}",
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}",
        f"ALTER SCHEMA {SCHEMA} OWNER TO {owners}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {everybody}",
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.member (login name PRIMARY KEY, role text NOT NULL, "
        f"rater_id integer REFERENCES {_schema(connection)}.rater (id))",
        f"ALTER TABLE {SCHEMA}.member OWNER TO {owners}",
        *_function("me", "integer", "rater_id"),
        *_function("role", "text", "role"),
    ):
        connection.exec_driver_sql(statement)
    for name in ("me", "role"):
        connection.exec_driver_sql(f"ALTER FUNCTION {SCHEMA}.{name}() OWNER TO {owners}")
    _note(connection, login, "owner", None)
    protect(connection)
    _expel_strangers(connection, groups)


def _function(name: str, kind: str, column: str) -> Iterator[str]:
    # `session_user` is who has signed in, whatever role a statement takes.
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.{name}() RETURNS {kind} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = pg_catalog AS "
        f"'SELECT {column} FROM {SCHEMA}.member WHERE login = session_user'"
    )


def protect(connection: Connection) -> None:
    """Set the rights and the policies of all tables, also of those that a migration has just made.

    Raises:
        UserError: A table has no rule.
    """
    undecided()
    schema = _schema(connection)
    owners, reviewers, raters = (quoted(group(connection, role)) for role in ROLES)
    for table, (rule, rows) in RULES.items():
        name = f"{schema}.{quoted(table)}"
        mine = {"open": "true", "closed": "", "own": rows.format(me=_ME, schema=schema)}[rule]
        for statement in (
            f"ALTER TABLE {name} OWNER TO {owners}",
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"REVOKE ALL ON {name} FROM PUBLIC, {reviewers}, {raters}",
            f"GRANT SELECT ON {name} TO {raters}",
            f"GRANT {'SELECT' if table in OWNERS_ONLY else 'SELECT, INSERT, UPDATE, DELETE'} ON {name} TO {reviewers}",
            *_policy(name, "reviewers", reviewers, "ALL", "true"),
            *(_policy(name, "raters_see", raters, "SELECT", mine) if mine else ()),
            *(_writes(name, WRITES[table], mine, schema, raters) if table in WRITES else ()),
        ):
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {reviewers}, {raters}")


def _writes(name: str, write: Write, mine: str, schema: str, raters: str) -> Iterator[str]:
    rows = write.rows.format(me=_ME, schema=schema) or mine
    if write.rows and not mine:  # what somebody adds to a closed table comes back with its number
        yield from _policy(name, "raters_see", raters, "SELECT", rows)
    if write.insert:
        yield f"GRANT INSERT ON {name} TO {raters}"
        yield from _policy(name, "raters_add", raters, "INSERT", rows)
    if write.columns:
        columns = ", ".join(map(quoted, write.columns))
        yield f"GRANT UPDATE ({columns}) ON {name} TO {raters}"
        yield from _policy(name, "raters_change", raters, "UPDATE", rows)
    if write.delete:
        yield f"GRANT DELETE ON {name} TO {raters}"
        yield from _policy(name, "raters_remove", raters, "DELETE", rows)


def _policy(name: str, policy: str, who: str, action: str, rows: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS {policy} ON {name}"
    before = "" if action == "INSERT" else f" USING ({rows})"
    after = "" if action in ("SELECT", "DELETE") else f" WITH CHECK ({rows})"
    yield f"CREATE POLICY {policy} ON {name} FOR {action} TO {who}{before}{after}"


def add(connection: Connection, login: str, role: Role, rater_id: int | None, password: str | None) -> bool:
    """Give a login a place in a project; one that does not exist is made. One login has one role.

    Args:
        connection: In a transaction of an owner.
        login: Name of the login.
        role: What it may do.
        rater_id: Number of the person in the project; None for none.
        password: Password of a login that is made; None leaves it to the server how it is recognised.

    Returns:
        Whether the login was made.

    Raises:
        ValueError: Nothing that the server is told could keep this login from seeing all rows.
    """
    made = not _login_exists(connection, login)
    if made:
        secret = "" if password is None else f" PASSWORD '{_hashed(connection, login, password)}'"
        connection.exec_driver_sql(f"CREATE ROLE {quoted(login)} LOGIN{secret}")
    for other in ROLES:
        if other != role:
            _revoke(connection, group(connection, other), login)
    _grant(connection, group(connection, role), login, admin=role == "owner")
    if role == "rater" and _sees_everything(connection, login):
        raise ValueError(login)
    _note(connection, login, role, rater_id)
    return made


def remove(connection: Connection, login: str) -> bool:
    """Take a login's place in a project away, and return whether it had one. The login itself stays on the server."""
    for role in ROLES:
        _revoke(connection, group(connection, role), login)
    gone = connection.execute(text(f"DELETE FROM {SCHEMA}.member WHERE login = :login"), {"login": login})
    return bool(cast(Any, gone).rowcount)


def every(connection: Connection) -> list[TeamMember]:
    """Return the logins with a place in a project, by role and name."""
    found = connection.exec_driver_sql(
        f"SELECT login, role, coalesce((SELECT code FROM {_schema(connection)}.rater WHERE id = rater_id), '') "
        f"FROM {SCHEMA}.member ORDER BY role, login"
    )
    return [TeamMember(str(login), cast(Role, role), str(rater)) for login, role, rater in found]


def _schema(connection: Connection) -> str:
    return quoted(str(connection.exec_driver_sql("SELECT current_schema()").scalar_one()))


def _note(connection: Connection, login: str, role: Role, rater_id: int | None) -> None:
    connection.execute(
        text(
            f"INSERT INTO {SCHEMA}.member (login, role, rater_id) VALUES (:login, :role, :rater_id) "
            "ON CONFLICT (login) DO UPDATE SET role = excluded.role, "
            f"rater_id = coalesce(excluded.rater_id, {SCHEMA}.member.rater_id)"
        ),
        {"login": login, "role": role, "rater_id": rater_id},
    )


def _login_exists(connection: Connection, login: str) -> bool:
    found = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :login"), {"login": login})
    return found.first() is not None


def _sees_everything(connection: Connection, login: str) -> bool:
    """Return whether row-level security does not hold for a login: it may do everything, or is an owner in a way."""
    asked = {"login": login, "owners": group(connection, "owner"), "reviewers": group(connection, "reviewer")}
    found = connection.execute(
        text(
            "SELECT rolsuper OR rolbypassrls OR pg_has_role(oid, CAST(:owners AS name), 'MEMBER') "
            "OR pg_has_role(oid, CAST(:reviewers AS name), 'MEMBER') FROM pg_roles WHERE rolname = :login"
        ),
        asked,
    )
    return bool(found.scalar_one())


def _expel_strangers(connection: Connection, groups: dict[Role, str]) -> None:
    """Take logins out of the groups that nobody of this project put there, as of an earlier database of its name."""
    found = connection.execute(
        text(
            "SELECT g.rolname, m.rolname FROM pg_auth_members "
            "JOIN pg_roles g ON g.oid = roleid JOIN pg_roles m ON m.oid = member WHERE g.rolname = ANY(:groups)"
        ),
        {"groups": list(groups.values())},
    ).all()
    placed = {(groups[one.role], one.login) for one in every(connection)}
    placed |= {(groups[role], groups["owner"]) for role in ROLES}
    for name, login in found:
        if (name, login) not in placed:
            _revoke(connection, name, login)


def _grant(connection: Connection, name: str, login: str, *, admin: bool) -> None:
    """Put a login into a group; with `admin` it may put others there."""
    # From PostgreSQL 16 on, who makes a group may appoint others, but is not yet in it.
    more = " WITH ADMIN OPTION" if admin and not _is_in(connection, name, login) else ""
    connection.exec_driver_sql(f"GRANT {quoted(name)} TO {quoted(login)}{more}")


def _revoke(connection: Connection, name: str, login: str) -> None:
    if _is_in(connection, name, login):
        connection.exec_driver_sql(f"REVOKE {quoted(name)} FROM {quoted(login)}")


def _is_in(connection: Connection, name: str, login: str) -> bool:
    found = connection.execute(
        text(
            "SELECT 1 FROM pg_auth_members JOIN pg_roles g ON g.oid = roleid JOIN pg_roles m ON m.oid = member "
            "WHERE g.rolname = :name AND m.rolname = :login"
        ),
        {"name": name, "login": login},
    )
    return found.first() is not None


def _hashed(connection: Connection, login: str, password: str) -> str:
    """Return the hash of a password that the server stores, so that the password itself is in none of its logs."""
    driver: Any = connection.connection.driver_connection
    return str(driver.pgconn.encrypt_password(password.encode(), login.encode()).decode())
