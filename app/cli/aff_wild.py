"""`affectograph aff-wild`: adds the videos and labels of Aff-Wild or Aff-Wild2 to a project."""

import argparse
import sys
from pathlib import Path

from app.cli import Subparsers
from app.cli.project_place import project_place
from app.domain.words import many


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "aff-wild",
        help="add an Aff-Wild or Aff-Wild2 folder to a project, to train on (--labels stored)",
        description="The data sets need a signed licence and are not shipped. Labels become stored gold standards.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--project", type=project_place, required=True, metavar="P")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.projects.files import open_project
    from app.services.retrain.external import bring_aff_wild

    with shown_progress() as ctx, open_project(args.project) as project:
        brought = bring_aff_wild(project, args.folder, ctx)
    for note in brought.notes:
        print(f"note: {note}")
    for refused in brought.refused:
        print(f"affectograph: {refused}", file=sys.stderr)
    print(f"{many(brought.clips, 'labelled clip')}. Train on them with: affectograph train --labels stored …")
    return 1 if brought.refused else 0
