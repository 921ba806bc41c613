"""`affectograph project rescue`: lists what could not be saved in a lost project, and stores it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.project_place import project_place

if TYPE_CHECKING:
    from app.cli import Subparsers
    from app.services.projects.rescue_files import RescueFile


def add_rescue(actions: "Subparsers") -> None:
    """Add the action to `affectograph project`."""
    rescue = actions.add_parser("rescue", help="list or store what could not be saved in a project that was lost")
    rescue.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a rescue file (default: all that wait)")
    rescue.add_argument(
        "--into", type=project_place, metavar="P", help="store the answers in this project instead of listing them"
    )
    rescue.set_defaults(run=_rescue)


def _rescue(args: argparse.Namespace) -> int:
    from app.services.projects.confirmed import recover_gone
    from app.services.projects.rescue_files import pending, read

    recover_gone()
    files = pending() if args.file is None else [read(args.file)]
    if args.into is not None:
        return _store(args, files)
    for file in files:
        print(f"{file.words}\n  project: {file.place}\n  file: {file.path}")
        for entry in file.entries:
            print(f"  {entry.place}: {entry.words}")
    if not files:
        print("no answers are waiting")
    return 0


def _store(args: argparse.Namespace, files: "list[RescueFile]") -> int:
    from app.services.projects.files import open_project
    from app.services.study.rescue_store import belonging, store

    with open_project(args.into) as project:
        fitting = files if args.file is not None else belonging(project, files)
        told = [one for file in fitting for one in store(project, file)]
    for one in told:
        print(one.words)
    if not told:
        print("no answers are waiting for this project")
    refused = sum(one.fate in ("refused", "elsewhere") for one in told)
    if refused:
        print(f"affectograph: {refused} not stored; they stay in the rescue file.", file=sys.stderr)
    return 1 if refused else 0
