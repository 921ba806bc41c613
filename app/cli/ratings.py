"""`affectograph ratings`: exports labels of a project as tidy CSV, and imports them."""

import argparse
from pathlib import Path

from app.cli import Subparsers
from app.cli.importing import add_widen, print_stored
from app.cli.looking import add_as
from app.cli.outputs import add_covered
from app.cli.project_place import project_place
from app.cli.streams import print_refused


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser("ratings", help="export labels as tidy CSV, and import them")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    export = actions.add_parser(
        "export", help="write intensities, categories, answers and traces with a data dictionary"
    )
    export.add_argument("project", type=project_place, metavar="P")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to fill")
    export.add_argument("--study", metavar="NAME", help="export only labels of this study")
    export.add_argument(
        "--comments", action="store_true", help="include the raters' comments, which may reveal who they are"
    )
    add_covered(export)
    add_as(export)
    export.set_defaults(run=_export)

    bring = actions.add_parser("import", help="import labels; importing a file twice changes nothing")
    bring.add_argument("project", type=project_place, metavar="P")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV files, or the folder of an export")
    bring.add_argument("--study", metavar="NAME", help="the study of rows that name none (imported)")
    add_widen(bring)
    bring.set_defaults(run=_import)


def _export(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.services.consent.pseudonyms import Pseudonyms
    from app.services.labels.export import export_labels
    from app.services.projects.files import open_sound
    from app.services.study.views import look_as, note_judged

    with open_sound(args.project, read_only=True) as project, shown_progress() as ctx:
        who = who_looks(args, args.project)
        note_judged(args.project, "labels", args.study or "", who)
        look_as(project, who)
        done = export_labels(
            project, args.out, args.study, ctx, comments=args.comments, without_refused=args.without_refused,
            names=Pseudonyms() if args.pseudonyms else None,
        )  # fmt: skip
    for path, rows in done.files.items():
        print(f"{path}: {many(rows, 'row')}")
    for note in done.notes:
        print(f"note: {note}")
    for error in done.refused:
        print_refused(error)
    return 1 if done.refused else 0


def _import(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.labels.import_csv import import_labels
    from app.services.projects.files import open_sound

    with open_sound(args.project) as project, shown_progress() as ctx:
        done = import_labels(project, args.files, args.study, ctx, widen=args.widen)
    print_stored(done, args.project)
    for error in done.refused:
        print_refused(error)
    return 1 if done.refused else 0
