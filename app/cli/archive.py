"""`affectograph archive` and `reproduce`: a study for others, and its tables once more."""

import argparse
from pathlib import Path

from app.addresses import project_name
from app.cli import Subparsers
from app.cli.looking import add_as
from app.cli.outputs import add_covered
from app.cli.project_place import project_place


def register(commands: Subparsers) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "archive",
        help="write a project's labels for a public archive: Psych-DS and behavioural BIDS, with tables and hashes",
        description="Makes one folder with data, data dictionary, studies, tables of agreement, model cards, methods, "
        "a script for R and the hash of every file. Consent for archives is kept to.",
    )
    parser.add_argument("project", type=project_place, metavar="P")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to make")
    parser.add_argument("--title", default="", metavar="TEXT", help="the title (the project's name)")
    parser.add_argument("--about", default="", metavar="TEXT", help="a few sentences on the study")
    parser.add_argument("--author", action="append", default=[], metavar="NAME", help="an author (repeatable)")
    parser.add_argument("--licence", default="not stated", metavar="NAME", help="the licence of the data, as CC-BY-4.0")
    parser.add_argument("--media", action="store_true", help="copy the files of the clips, too")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="seed of all draws (0)")
    add_covered(parser)
    add_as(parser)
    parser.set_defaults(run=_archive)

    again = commands.add_parser(
        "reproduce", help="check an archive: its files against their hashes, and every table computed again"
    )
    again.add_argument("archive", type=Path, metavar="DIR")
    again.set_defaults(run=_reproduce)


def _archive(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.services.archive.build import About, archive
    from app.services.projects.files import open_sound
    from app.services.study.views import look_as, note_judged

    title = args.title or project_name(args.project)
    about = About(title, args.about or f"Labels of {title}.", tuple(args.author), args.licence)
    with open_sound(args.project, read_only=True) as project, shown_progress() as ctx:
        who = who_looks(args, args.project)
        note_judged(args.project, "labels", "", who)
        look_as(project, who)
        done = archive(
            project, args.out, about, seed=args.seed, media=args.media, without_refused=args.without_refused,
            pseudonyms=args.pseudonyms, ctx=ctx,
        )  # fmt: skip
    print(f"{done.folder}: {many(done.files, 'file')}, {many(len(done.tables), 'table')}")
    for note in done.notes:
        print(f"note: {note}")
    return 0


def _reproduce(args: argparse.Namespace) -> int:
    from app.services.archive.reproduce import WORDS, reproduce

    found = reproduce(args.archive)
    for name, verdict in found.tables.items():
        print(f"{name}: {WORDS[verdict]}")
    for name in found.changed:
        print(f"{name}: is not as it was written")
    return 0 if found.good else 1
