"""`--as CODE`: names the person to whom a command shows labels and predictions."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.projects.files import Project
    from app.services.study.views import Looker


def add_as(parser: argparse.ArgumentParser) -> None:
    """Add the option, and mark the command as one that shows labels or predictions: none while a rater is signed in."""
    parser.set_defaults(shows=True)
    parser.add_argument(
        "--as", dest="looker", default="", metavar="CODE",
        help="the owner or reviewer who looks at the output: what is shown counts as seen by this person, and "
             "without this option by everybody who judges on this machine; a PIN is asked for on the terminal, or "
             "read from standard input",
    )  # fmt: skip


def who_looks(args: argparse.Namespace, where: "Project | str | Path | None") -> "Looker":
    """Read who looks from the command line; ask for the PIN where the person has one.

    Raises:
        UserError: `--as` was given without a project, the project cannot be opened, or the person may not look.
    """
    import sys
    from getpass import getpass

    from app.errors import UserError
    from app.services.study.views import NOBODY, Looker, asks_pin, require_looker

    if not args.looker:
        return NOBODY
    if where is None:
        raise UserError(
            "--as names a person of a project, but no project is named.", "Name a project, or leave out --as."
        )
    pin = ""
    if asks_pin(where, args.looker):
        pin = getpass(f"PIN of {args.looker}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    who = Looker(args.looker, pin)
    require_looker(where, who)
    return who


def note_files(args: argparse.Namespace, what: str, *goals: "Path | None", who: "Looker", **counts: int) -> None:
    """Write a line of the project's audit log for each file that a command has written of it.

    Args:
        args: The command line, whose project may be None.
        what: What the files hold.
        goals: The files and folders; None where none was asked for.
        who: Who looks.
        counts: How much it was.
    """
    from app.services.consent.left import note_left

    for goal in goals:
        if goal is not None and args.project is not None and goal.exists():
            note_left(args.project, what, goal, counts=counts, actor=who.code)
