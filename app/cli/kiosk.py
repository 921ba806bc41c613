"""`affectograph kiosk`: the full screen for fairs and open days."""

import argparse
from pathlib import Path

from app.cli import Subparsers
from app.cli.project_place import project_place
from app.errors import UserError

LEAST_CODE = 3


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "kiosk",
        help="a full screen without menus for fairs: clips in turn, and the visitor's own face after a notice",
        description="Shows clips in turn with what the model reads in them. Visitors who read a notice and agree see "
        "their own face. Nothing is stored, unless --project is given and the visitor allows it by a tick. Keys and "
        "the mouse do not leave the screen; typing the code does.",
    )
    parser.add_argument(
        "clips", nargs="*", type=Path, metavar="CLIP", help="the clips that are shown in turn (the clip of the demo)"
    )
    parser.add_argument("--code", required=True, metavar="TEXT", help="what is typed to end the program")
    parser.add_argument(
        "--camera", default="first", metavar="NAME", help="the camera: part of its name, first, or none (first)"
    )
    parser.add_argument(
        "--each", type=float, default=20.0, metavar="SECONDS", help="how long one of several clips is shown (20)"
    )
    parser.add_argument(
        "--idle", type=float, default=45.0, metavar="SECONDS",
        help="how long nobody may be seen or move before everything is forgotten (45)",
    )  # fmt: skip
    parser.add_argument("--notice", type=Path, metavar="FILE", help="a text file with a notice of your own")
    parser.add_argument(
        "--project",
        type=project_place,
        metavar="PROJECT",
        help="keep recordings of visitors who allow it in this project",
    )
    parser.set_defaults(run=_kiosk)


def _kiosk(args: argparse.Namespace) -> int:
    from app.display import check_display
    from app.services.kiosk.plans import plan_kiosk

    if len(args.code) < LEAST_CODE or not args.code.isprintable():
        raise UserError(f"The code {args.code!r} is too short.", f"Give at least {LEAST_CODE} characters.")
    check_display()
    plan = plan_kiosk(
        args.clips, camera=args.camera, code=args.code, each_s=args.each, idle_s=args.idle, notice=args.notice,
        project=args.project,
    )  # fmt: skip
    if plan.camera is None and args.camera != "none":
        print("No camera was found, so the kiosk shows clips only.", flush=True)
    from app.ui.shell.kiosk.main import run_kiosk

    return run_kiosk(plan)
