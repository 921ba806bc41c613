"""`affectograph tour`: saves pictures of every screen."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import Subparsers
from app.cli.looking import add_as, who_looks
from app.cli.streams import print_refused
from app.display import check_display, has_display
from app.files import check_writable

if TYPE_CHECKING:
    from app.services.study.views import Looker


def register(commands: Subparsers) -> None:
    """Add the command."""
    tour = commands.add_parser("tour", help="open every screen on the demo project and save a picture of each")
    tour.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the pictures")
    tour.add_argument("--theme", choices=("light", "dark", "both"), default="light", help="the theme (light)")
    tour.add_argument(
        "--project",
        type=Path,
        metavar="PROJECT",
        help="another project than the demo; it is only shown, and nothing is recorded or judged in it",
    )
    add_as(tour)
    tour.set_defaults(run=_tour)


def _tour(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.demo.project import copied_demo

    who = who_looks(args, args.project)
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    check_display()
    check_writable(args.out)
    if args.project is not None:
        return _pictures(args, args.project, who, may_write=False)
    with shown_progress() as ctx, copied_demo(ctx) as project:
        return _pictures(args, project, who, may_write=True)


def _pictures(args: argparse.Namespace, project: Path, who: "Looker", *, may_write: bool) -> int:
    from app.batch import Failures
    from app.ui.tours.walk import Theme, tour

    themes: tuple[Theme, ...] = ("light", "dark") if args.theme == "both" else (args.theme,)
    failures = Failures(on_failure=print_refused)
    for theme in themes:
        folder = args.out / theme if len(themes) > 1 else args.out
        for picture in tour(project, folder, theme, may_write=may_write, failures=failures, who=who):
            print(picture)
    return 1 if failures else 0
