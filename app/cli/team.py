"""`affectograph team`: roles of the logins of a project on a PostgreSQL server."""

import argparse
import sys

from app.cli import Subparsers
from app.cli.project_place import project_place


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser("team", help="say who may do what in a project on a PostgreSQL server")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    init = actions.add_parser("init", help="give the project roles, with yourself as its first owner")
    init.add_argument("project", type=project_place, metavar="URL")
    init.set_defaults(run=_init)

    add = actions.add_parser("add", help="give a login of the server a place in the project")
    add.add_argument("project", type=project_place, metavar="URL")
    add.add_argument("login", metavar="LOGIN", help="its name on the server; one that is not known there is made")
    add.add_argument(
        "--role", choices=("rater", "reviewer", "owner"), default="rater", help="what it may do (default: rater)"
    )
    add.add_argument("--code", default="", metavar="R", help="code of this person in the project (default: LOGIN)")
    add.add_argument(
        "--password", action="store_true", help="ask for the password of a login that is made; the first line of input"
        " if that is no terminal",
    )  # fmt: skip
    add.set_defaults(run=_add)

    remove = actions.add_parser("remove", help="take a login's place in the project away; its answers stay")
    remove.add_argument("project", type=project_place, metavar="URL")
    remove.add_argument("login", metavar="LOGIN")
    remove.set_defaults(run=_remove)

    show = actions.add_parser("list", help="list the logins and their roles")
    show.add_argument("project", type=project_place, metavar="URL")
    show.set_defaults(run=_list)

    clips = actions.add_parser("clips", help="say where the clips of the project lie, and fetch them from the web")
    clips.add_argument("project", type=project_place, metavar="URL")
    clips.add_argument(
        "--set", dest="place", metavar="PLACE", help="a folder that all computers share, or a web address"
    )
    clips.add_argument("--fetch", action="store_true", help="fetch what this computer lacks from the web address")
    clips.set_defaults(run=_clips)


def _clips(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.cli.streams import print_refused
    from app.domain.words import many
    from app.services.projects.files import open_project
    from app.services.team.clips import clips_place, fetch_clips, set_clips_place

    with open_project(args.project) as project, shown_progress() as ctx:
        if args.place is not None:
            set_clips_place(project, args.place)
        print(f"clips: {clips_place(project) or 'no place is named'}; on this computer: {project.folder}")
        if not args.fetch:
            return 0
        fetched = fetch_clips(project, ctx)
    for error in fetched.refused:
        print_refused(error)
    print(f"{many(fetched.clips, 'clip')} fetched")
    return 1 if fetched.refused else 0


def _init(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_project
    from app.services.team.members import begin_team

    with open_project(args.project) as project:
        for one in begin_team(project):
            print(f"{one.role:9} {one.login}")
    return 0


def _add(args: argparse.Namespace) -> int:
    from getpass import getpass

    from app.services.projects.files import open_project
    from app.services.team.members import add_member

    password = None
    if args.password:
        asked = f"Password of {args.login}: "
        password = getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with open_project(args.project) as project:
        made = add_member(project, args.login, args.role, args.code, password)
    print(f"{args.login} {'was made and ' if made else ''}is now {args.role}")
    return 0


def _remove(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_project
    from app.services.team.members import remove_member

    with open_project(args.project) as project:
        remove_member(project, args.login)
    print(f"{args.login} has no place in the project any more; the login stays on the server")
    return 0


def _list(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_project
    from app.services.team.members import members

    with open_project(args.project, read_only=True) as project:
        for one in members(project):
            print(f"{one.role:9} {one.login:24} {one.rater}".rstrip())
    return 0
