"""`affectograph demo`: shows the main job on a clip made by this program, in the window or as a report."""

import argparse
from pathlib import Path

from app.cli import Subparsers
from app.cli.project_place import project_place
from app.display import check_display, has_display
from app.files import check_writable


def register(commands: Subparsers) -> None:
    """Add the commands."""
    demo = commands.add_parser("demo", help="show the main job on a clip made by this program")
    demo.add_argument("--out", type=Path, default=Path("report"), metavar="DIR", help="the folder for the report")
    demo.add_argument("--headless", action="store_true", help="write the report even if there is a display")
    demo.add_argument(
        "--retrain", action="store_true", help="show the closed loop: labels, training, comparison, promotion"
    )
    demo.set_defaults(run=_demo)
    window = commands.add_parser("open", help="open the window (the same as no command at all)")
    window.add_argument("project", nargs="?", type=project_place, metavar="PROJECT", help="a project file")
    window.add_argument("--screen", type=_screen, metavar="NAME", help="the first screen to show, such as study")
    window.set_defaults(run=_open)


def _screen(name: str) -> str:
    """Return the name of a screen, or refuse it as argparse does."""
    from app.ui.screens import find_screens

    names = [screen.id for screen in find_screens()]
    if name not in names:
        raise argparse.ArgumentTypeError(f"there is no screen {name!r}: choose from {', '.join(names)}")
    return name


def _with_window(args: argparse.Namespace) -> bool:
    """Return whether to open the window; a display that does not answer is told before any work is done for it."""
    wanted = has_display() and not args.headless
    if wanted:
        check_display()
    return wanted


def _say_where(project: Path) -> None:
    print(f"demo project: {project}", flush=True)


def _retrain(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.demo.retrain import ensure_retrain_demo
    from app.services.retrain.process import require_training

    with_window = _with_window(args)
    if not with_window:
        from app.services.demo.loop import refuse_others

        check_writable(args.out)
        refuse_others(args.out)
        require_training()
    with shown_progress() as ctx:
        project = ensure_retrain_demo(ctx)
    _say_where(project)
    if with_window:
        from app.ui.shell.main import run_window

        return run_window(project, play=False, screen="train")
    from app.services.demo.loop import run_demo_loop

    with shown_progress() as ctx:
        report = run_demo_loop(project, args.out, lambda text: print(text, flush=True), ctx)
    print(f"report: {report.resolve()}")
    return 0


def _demo(args: argparse.Namespace) -> int:
    if args.retrain:
        return _retrain(args)
    with_window = _with_window(args)
    if not with_window:
        from app.services.demo.report import refuse_others

        check_writable(args.out)
        refuse_others(args.out)
    from app.cli.progress import shown_progress
    from app.services.demo.project import ensure_demo_project

    with shown_progress() as ctx:
        project = ensure_demo_project(ctx)
    _say_where(project)
    if with_window:
        from app.ui.shell.main import run_window

        return run_window(project, play=True)
    from app.batch import Failures
    from app.cli.demo_report import write_report
    from app.cli.streams import print_refused

    failures = Failures(on_failure=print_refused)
    print("There is no display, so the demo is written as a report. This takes minutes on a slow machine.", flush=True)
    with shown_progress() as ctx:
        report = write_report(project, args.out, ctx, failures)
    print(f"report: {report.resolve()}")
    return 1 if failures else 0


def _open(args: argparse.Namespace) -> int:
    from app.ui.shell.main import run_window

    return run_window(args.project, play=False, screen=args.screen or "")
