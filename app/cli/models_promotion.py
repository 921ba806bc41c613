"""`affectograph models promote` and `models rollback`: which model predicts in a project."""

import argparse
from pathlib import Path

from app.cli import Subparsers


def add_promotion(subcommands: Subparsers) -> None:
    """Add both to the `models` group."""
    promote = subcommands.add_parser("promote", help="make a model the one in use in a project")
    promote.add_argument("name", metavar="NAME", help="name or folder of the model")
    promote.add_argument("--project", type=Path, required=True, metavar="P")
    promote.add_argument("--anyway", action="store_true", help="although a comparison did not find it better")
    promote.add_argument("--actor", default="", metavar="CODE", help="who does it, for the audit log")
    promote.set_defaults(run=_promote)
    back = subcommands.add_parser("rollback", help="go back to the model that was in use before")
    back.add_argument("--project", type=Path, required=True, metavar="P")
    back.add_argument("--actor", default="", metavar="CODE", help="who does it, for the audit log")
    back.set_defaults(run=_rollback)


def _promote(args: argparse.Namespace) -> int:
    from app.services.projects import open_project
    from app.services.retrain.promote import promote

    with open_project(args.project) as project:
        card = promote(project, args.name, actor=args.actor, anyway=args.anyway)
    print(f"{card.name} is in use in {args.project}.")
    return 0


def _rollback(args: argparse.Namespace) -> int:
    from app.services.projects import open_project
    from app.services.retrain.promote import rollback

    with open_project(args.project) as project:
        name = rollback(project, actor=args.actor)
    print(f"{name} is in use again in {args.project}.")
    return 0
