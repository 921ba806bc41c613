"""`affectograph import`: brings labels of other tools into a project."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import Subparsers
from app.cli.streams import print_refused

if TYPE_CHECKING:
    from app.services.exchange.plan import Plan


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "import",
        help="bring traces and ratings of other tools into a project (ELAN, NOVA, CARMA, DARMA, MuSe and others)",
        description="The kind of each file is recognised by its content. Nothing is overwritten; --undo takes the last "
        "import back.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files, and folders that hold some")
    parser.add_argument("--project", type=Path, required=True, metavar="P")
    parser.add_argument(
        "--map", type=Path, metavar="CSV",
        help="a table with the columns what, from and to: what clips, raters, dimensions, scales and emotions in the "
        "files mean",
    )  # fmt: skip
    parser.add_argument("--study", default="imported", metavar="NAME", help="the study of what comes in (imported)")
    parser.add_argument(
        "--condition", default="full_context", metavar="NAME",
        help="the condition under which the labels were given (full_context)",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would come in, and store nothing")
    parser.add_argument("--undo", action="store_true", help="take the last import back")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.errors import UserError
    from app.services.exchange.mapping import Mapping, read_mapping
    from app.services.exchange.planning import plan_import
    from app.services.exchange.store import named, store_plan, undo_import
    from app.services.projects.files import open_sound

    if args.undo:
        if args.files:
            raise UserError("--undo takes no files.", "Name only the project.")
        with open_sound(args.project) as project:
            taken = undo_import(project)
        print(f"The import of {named(taken.files)} was taken back.")
        return 0
    mapping = read_mapping(args.map) if args.map is not None else Mapping()
    with open_sound(args.project, read_only=args.dry_run) as project, shown_progress() as ctx:
        plan = plan_import(project, args.files, mapping, condition=args.condition, study=args.study, ctx=ctx)
        _show(plan)
        if args.dry_run:
            return 1 if plan.refused else 0
        done = store_plan(project, plan, condition=args.condition, study=args.study, ctx=ctx)
    print(done.told)
    for note in done.notes:
        print(note)
    return 1 if plan.refused else 0


def _show(plan: "Plan") -> None:
    """Print the preview: a line for each part, what was noted, and which files stay out."""
    from app.services.exchange.preview import said

    for line in plan.lines:
        print(said(line))
    for note in plan.notes:
        print(f"note: {note}")
    for error in plan.refused:
        print_refused(error)
