"""`affectograph tour`: saves pictures of every screen."""

import argparse
import os
from contextlib import ExitStack
from pathlib import Path

from app.cli import Subparsers
from app.cli.looking import add_as, who_looks
from app.cli.project_place import project_place
from app.cli.streams import print_refused
from app.display import check_display, has_display
from app.files import check_writable


def register(commands: Subparsers) -> None:
    """Add the command."""
    tour = commands.add_parser("tour", help="open every screen on the demo project and save a picture of each")
    tour.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the pictures")
    tour.add_argument("--theme", choices=("light", "dark", "both"), default="light", help="the theme (light)")
    tour.add_argument(
        "--project",
        type=project_place,
        metavar="PROJECT",
        help="another project than the demo; it is only shown, and nothing is recorded or judged in it",
    )
    tour.add_argument(
        "--first-study",
        action="store_true",
        help="walk from twelve clips to a report instead, and print what is pressed",
    )
    tour.add_argument(
        "--looks",
        action="store_true",
        help="every screen and page of the demo instead, in both themes, two sizes, at two pixels for one and with "
        "large text; names text that is cut and parts that a screen reader could not tell, and fails if there are any",
    )
    add_as(tour)
    tour.set_defaults(run=_tour)


def _tour(args: argparse.Namespace) -> int:
    from app.batch import Failures
    from app.cli.progress import shown_progress
    from app.services.demo.project import copied_demo
    from app.ui.tours.walk import Theme, tour

    who = who_looks(args, args.project)
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    check_display()
    check_writable(args.out)
    if args.first_study:
        return _first_study(args)
    if args.looks:
        return _looks(args)
    themes: tuple[Theme, ...] = ("light", "dark") if args.theme == "both" else (args.theme,)
    failures = Failures(on_failure=print_refused)
    for theme in themes:
        folder = args.out / theme if len(themes) > 1 else args.out
        with ExitStack() as stack:
            project = args.project
            if project is None:  # a demo for each theme, because the tour leaves answers and an owner in its own
                project = stack.enter_context(copied_demo(stack.enter_context(shown_progress())))
            for picture in tour(project, folder, theme, may_write=args.project is None, failures=failures, who=who):
                print(picture)
    return 1 if failures else 0


def _looks(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.demo.project import copied_demo
    from app.ui.tours.walk import every_look

    with shown_progress() as ctx, copied_demo(ctx) as project:
        found = every_look(project, args.out, ("light", "dark"), print)
    for line in found:
        print(f"fault: {line}")
    return 1 if found else 0


def _first_study(args: argparse.Namespace) -> int:
    import tempfile

    from app.cli.progress import shown_progress
    from app.services.demo.twelve import twelve_clips
    from app.ui.tours.walk import Theme, first_study

    themes: tuple[Theme, ...] = ("light", "dark") if args.theme == "both" else (args.theme,)
    for theme in themes:
        folder = args.out / theme if len(themes) > 1 else args.out
        with tempfile.TemporaryDirectory() as work:
            with shown_progress() as ctx:
                clips = twelve_clips(Path(work), ctx)
            steps = first_study(clips, folder, theme, Path(work))
        for number, words in enumerate(steps, 1):
            print(f"{number:3d}  {words}")
    return 0
