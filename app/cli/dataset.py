"""`affectograph dataset`: adds clips and categories of a known data set, of folders or of a list to a project."""

import argparse
import sys
from pathlib import Path

from app.cli import Subparsers
from app.cli.project_place import project_place


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "dataset",
        help="add a data set with categories to a project, to train on (--list shows the layouts)",
        description="Clips and pictures are added with their subjects; labels become stored gold standards with the "
        "official partitions and groups. The data sets are not shipped, and most need a signed licence.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the data set or layout")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help='its folder; for "list", the table')
    parser.add_argument("--project", type=project_place, metavar="P")
    parser.add_argument("--list", action="store_true", help="show the data sets and their layouts")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.interchange.datasets.catalogue import DATASETS

    if args.list:
        for dataset in DATASETS:
            classes = f"\n  classes: {', '.join(dataset.classes)}" if dataset.classes else ""
            print(f"{dataset.name}\n  {dataset.title}\n  {dataset.layout}{classes}")
        return 0
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.errors import UserError
    from app.services.projects.files import open_project
    from app.services.retrain.datasets import bring_dataset

    if args.name is None or args.folder is None or args.project is None:
        raise UserError(
            "A data set, its folder and a project are needed.", "Write NAME FOLDER --project P (--list shows names)."
        )
    with shown_progress() as ctx, open_project(args.project) as project:
        brought = bring_dataset(project, args.name, args.folder, ctx)
    for note in brought.notes:
        print(f"note: {note}")
    for refused in brought.refused:
        print(f"affectograph: left out: {refused}", file=sys.stderr)
    clips = many(brought.clips, "labelled clip")
    print(f"{clips}. Train on {'it' if brought.clips == 1 else 'them'} with: affectograph train --labels stored …")
    return 1 if brought.refused else 0
