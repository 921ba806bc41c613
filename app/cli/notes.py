"""`affectograph notes`: writes the notes on the clips of a project as a tidy CSV file."""

import argparse
from pathlib import Path

from app.cli import Subparsers
from app.cli.looking import add_as
from app.cli.outputs import add_without_refused
from app.cli.project_place import project_place


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "notes",
        help="write the notes and events that were marked on clips as tidy CSV",
        description="One row for each moment or range: clip, times, category, words, colour, author. Notes count in no "
        "analysis, and raters never see them.",
    )
    parser.add_argument("project", type=project_place, metavar="P")
    parser.add_argument("--csv", type=Path, required=True, metavar="FILE", help="the file to write")
    add_without_refused(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.domain.words import many
    from app.services.labels.notes import export_notes, noted_clips
    from app.services.projects.files import open_sound
    from app.services.study.views import look_as, note_shown

    with open_sound(args.project, read_only=True) as project:
        who = who_looks(args, args.project)
        note_shown(args.project, "labels", noted_clips, who)
        look_as(project, who)
        path, rows = export_notes(project, args.csv, args.without_refused)
    print(f"{path}: {many(rows, 'row')}")
    return 0
