"""`affectograph models promote` and `models rollback`: choose which model predicts in a project."""

import argparse
from typing import TYPE_CHECKING

from app.addresses import shown_place
from app.cli import Subparsers
from app.cli.project_place import project_place

if TYPE_CHECKING:
    from app.services.predict.reanalyse import Behind
    from app.services.projects.files import Project


def add_promotion(subcommands: Subparsers) -> None:
    """Add both to the `models` group."""
    promote = subcommands.add_parser("promote", help="make a model the one in use in a project")
    promote.add_argument("name", metavar="NAME", help="name or folder of the model")
    promote.add_argument("--project", type=project_place, required=True, metavar="P")
    promote.add_argument("--anyway", action="store_true", help="promote it even if no comparison found it better")
    promote.add_argument("--actor", default="", metavar="CODE", help="your name, for the audit log")
    _add_again(promote)
    promote.set_defaults(run=_promote)
    back = subcommands.add_parser("rollback", help="go back to the model that was in use before")
    back.add_argument("--project", type=project_place, required=True, metavar="P")
    back.add_argument(
        "--role",
        choices=("frame", "category"),
        default="frame",
        help="the kind of model: of valence and arousal (frame), or of categories",
    )
    back.add_argument("--actor", default="", metavar="CODE", help="your name, for the audit log")
    _add_again(back)
    back.set_defaults(run=_rollback)
    renew = subcommands.add_parser(
        "renew",
        help="analyse the clips that still show another model's curves again",
        description="A promoted model predicts live at once; stored curves stay those of the model that made them "
        "until their clips are analysed again. The old curves are kept. If it is stopped half-way, it continues the "
        "next time.",
    )
    renew.add_argument("--project", type=project_place, required=True, metavar="P")
    _add_device(renew)
    renew.set_defaults(run=_renew)


def _add_again(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--renew",
        action="store_true",
        help="afterwards, analyse the clips that still show another model's curves again",
    )
    _add_device(parser)


def _add_device(parser: argparse.ArgumentParser) -> None:
    devices = ("auto", "cpu", "cuda", "tensorrt", "coreml")
    parser.add_argument(
        "--device", choices=devices, default="auto", help="the device on which clips are analysed again"
    )


def _promote(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_project
    from app.services.retrain.promote import promote

    with open_project(args.project) as project:
        card = promote(project, args.name, actor=args.actor, anyway=args.anyway)
        print(f"{card.name} is in use in {shown_place(args.project)}.")
        _bring_up(project, args)
    return 0


def _rollback(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_project
    from app.services.retrain.promote import rollback

    with open_project(args.project) as project:
        name = rollback(project, role=args.role, actor=args.actor)
        print(
            f"{name} is in use again in {shown_place(args.project)}."
            if name
            else "No model of categories is in use any more."
        )
        _bring_up(project, args)
    return 0


def _renew(args: argparse.Namespace) -> int:
    from app.services.predict.reanalyse import clips_behind
    from app.services.projects.files import open_project

    with open_project(args.project) as project:
        behind = clips_behind(project)
        if not behind.clips:
            print("Every analysed clip shows the curves of the model in use.")
            return 0
        return _analyse_again(project, behind, args.device)


def _bring_up(project: "Project", args: argparse.Namespace) -> None:
    """Analyse clips again whose stored curves are the old model's, or tell how to do it."""
    from app.services.predict.reanalyse import clips_behind

    behind = clips_behind(project)
    if behind.clips and args.renew:
        _analyse_again(project, behind, args.device)
    elif behind.clips:
        print(f"{behind.sentence} Analyse them again: affectograph models renew --project {shown_place(args.project)}")


def _analyse_again(project: "Project", behind: "Behind", device: str) -> int:
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.services.predict.reanalyse import analyse_into

    with shown_progress() as ctx:
        said = analyse_into(ctx, project, [clip.path for clip in behind.clips], None, device)
    for sentence in said:
        print(f"note: {sentence}")
    print(f"{many(len(behind.clips), 'clip')} analysed with {behind.model}.")
    return 0
