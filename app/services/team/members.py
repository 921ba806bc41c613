"""Who may do what in a project on a PostgreSQL server: its logins and their roles (`db.roles`)."""

import db.audit
import db.raters
import db.roles
from app.domain.project import Role
from app.errors import UserError
from db.project import Project
from db.roles import TeamMember

__all__ = ["TeamMember", "add_member", "begin_team", "members", "remove_member", "require_server"]


def require_server(project: Project) -> None:
    """Refuse a project file, in which there are no logins.

    Raises:
        UserError: The project is a file.
    """
    if project.path is not None:
        raise UserError(
            "Only a project on a PostgreSQL server has logins; this one is a file.",
            "Roles and PINs of a file are set under Study, Raters.",
            "Roles and PINs of a file: `affectograph study rater`.",
        )


def begin_team(project: Project) -> list[TeamMember]:
    """Give a project roles, with the present login as its first owner, or set the rights of an earlier call again.

    Returns:
        All logins with a place in the project.

    Raises:
        UserError: The project is a file, or the server does not let this login make roles.
    """
    require_server(project)
    with project.write() as session:
        new = not db.roles.is_team(session.connection())
        db.roles.begin(session.connection())
        if new:
            db.audit.add(session, "team.begin")
        return db.roles.every(session.connection())


def add_member(project: Project, login: str, role: Role, code: str = "", password: str | None = None) -> bool:
    """Give a login of the server a place in a project.

    Args:
        project: The project, open for writing by one of its owners.
        login: Name of the login; one that the server does not know is made.
        role: What it may do. A rater sees and writes only what belongs to the person behind the code.
        code: Code of that person, who is added if unknown; empty for the name of the login. Owners and reviewers need
            none to read, but sign in with it.
        password: Password of a login that is made; None leaves it to the server how it recognises the login.

    Returns:
        Whether the login was made.

    Raises:
        UserError: The project has no roles yet, the person has another role, or the login may see everything.
    """
    require_server(project)
    if not login.strip():
        raise UserError("A login needs a name.", "Name it as on the server.")
    with project.write() as session:
        connection = session.connection()
        _require_team(project, db.roles.is_team(connection))
        person = db.raters.by_code(session, code or login) or db.raters.add(session, code or login, role)
        if role == "rater" and person.role != "rater":
            raise UserError(
                f"{person.code} is {'an owner' if person.role == 'owner' else 'a reviewer'} of this project.",
                "Name the code of a rater.",
            )
        try:
            made = db.roles.add(connection, login, role, person.id, password)
        except ValueError as error:
            raise UserError(
                f"The login {login} sees everything on this server, whatever its role: it is a superuser, or in a "
                "group that owns projects.",
                "Make another login for this rater.",
            ) from error
        db.audit.add(session, "team.add", {"login": login, "role": role, "rater": person.id})
        return made


def remove_member(project: Project, login: str) -> None:
    """Take a login's place in a project away. What was answered stays, and so does the login on the server.

    Raises:
        UserError: The login has no place here, or it is the last owner.
    """
    require_server(project)
    with project.write() as session:
        connection = session.connection()
        _require_team(project, db.roles.is_team(connection))
        present = db.roles.every(connection)
        if login not in {one.login for one in present}:
            raise UserError(
                f"{login} has no place in this project.",
                f"There are {', '.join(one.login for one in present)}.",
            )
        if [one.login for one in present if one.role == "owner"] == [login]:
            raise UserError(f"{login} is the last owner.", "Add another owner first.")
        db.roles.remove(connection, login)
        db.audit.add(session, "team.remove", {"login": login})


def members(project: Project) -> list[TeamMember]:
    """Return the logins with a place in a project, by role and name.

    Raises:
        UserError: The project is a file, or has no roles yet.
    """
    require_server(project)
    with project.read() as session:
        _require_team(project, db.roles.is_team(session.connection()))
        return db.roles.every(session.connection())


def _require_team(project: Project, found: bool) -> None:
    if not found:
        raise UserError(
            "This project has no roles yet: everybody who may read the database sees everything.",
            "Ask the owner to begin with roles.",
            "Begin with `affectograph team init`.",
        )
