"""`affectograph plan`: says how many clips, raters and subjects a study needs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import Subparsers
from app.cli.looking import add_as, note_files
from app.cli.outputs import add_without_refused, refuse_outputs
from app.cli.project_place import project_place
from app.cli.screen_table import heads
from app.cli.streams import as_text, new_console, print_refused
from app.errors import UserError

if TYPE_CHECKING:
    from app.agreement.plan_world import World
    from app.domain.ratings import ProjectRatings
    from app.services.agreement.planning import Planned, PlanRequest


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "plan",
        help="how many clips, raters and subjects a study needs, by simulation",
        description="Simulates studies of several sizes from a pilot study's variances or from stated assumptions "
        "and analyses each as `agreement` does. It says which size gives an interval of the wanted "
        "width, or finds an effect.",
    )
    parser.add_argument(
        "project", type=project_place, nargs="?", metavar="PROJECT", help="a project whose labels are the pilot study"
    )
    parser.add_argument("--ratings", type=Path, metavar="FILE.csv", help="tidy intensities of a pilot study")
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--width", type=float, metavar="W", help="wanted width of the interval")
    goal.add_argument(
        "--effect", type=float, metavar="D",
        help="difference between two conditions of the mean within-item variance, in squared points",
    )  # fmt: skip
    parser.add_argument(
        "--of", choices=("alpha", "icc", "kappa", "ccc"), default="alpha",
        help="the coefficient of the interval: ordinal alpha (default), ICC(A,1), quadratic kappa of a pair, or "
             "concordance of traces",
    )  # fmt: skip
    for name, default, words in (
        ("subjects", "6,9,12,18,24,36", "subjects; 1 if all clips show one person"),
        ("clips", "5", "clips for each subject"),
        ("raters", "3,5", "raters"),
    ):
        parser.add_argument(
            f"--{name}", type=_numbers, default=_numbers(default), metavar="N,…",
            help=f"numbers of {words} to try (default: {default})",
        )  # fmt: skip
    parser.add_argument("--items", type=int, default=1, metavar="N", help="items for each clip (default: 1)")
    parser.add_argument("--emotion", default="", metavar="NAME", help="the pilot's emotion (default: mean over all)")
    parser.add_argument(
        "--dimension", choices=("valence", "arousal"), default="valence", help="the dimension of the pilot's traces"
    )
    parser.add_argument("--study", metavar="NAME", help="use only this study of the project")
    parser.add_argument(
        "--variances", metavar="PART=V,…",
        help="assumed variances in squared points (default: subject=0.3,clip=0.3,item=1,rater=0.3,residual=1.1)",
    )  # fmt: skip
    parser.add_argument(
        "--prevalence", type=float, metavar="P", help="assumed share of ratings above the lowest point (default: 0.5)"
    )
    parser.add_argument("--scale", metavar="LOW:HIGH", help="ends of the scale (default: 0:5)")
    parser.add_argument(
        "--step", type=float, metavar="S", help="distance between two points of the scale; 0 for a slider (default: 1)"
    )
    parser.add_argument("--between", action="store_true", help="each condition has its own raters (--effect)")
    parser.add_argument(
        "--emotions", type=int, default=1, metavar="N", help="number of emotions over which p is adjusted"
    )
    parser.add_argument("--power", type=float, default=0.8, help="wanted power (default: 0.8)")
    parser.add_argument("--level", type=float, default=0.95, help="level of the intervals (default: 0.95)")
    parser.add_argument(
        "--repetitions",
        type=int,
        default=200,
        metavar="N",
        help="number of simulated studies of each size (default: 200)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="seed of everything random (default: 0)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the results as JSON")
    parser.add_argument("--html", type=Path, metavar="OUT", help="write a self-contained HTML page")
    parser.add_argument("--csv", type=Path, metavar="DIR", help="write the table as CSV and LaTeX into a folder")
    add_without_refused(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _numbers(text: str) -> tuple[int, ...]:
    try:
        found = tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise argparse.ArgumentTypeError("whole numbers from 1, separated by commas, are needed, such as 6,12,24")
    return found


def _run(args: argparse.Namespace) -> int:
    refuse_outputs(args.json, args.html)
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.services.agreement.planning import make_plan, write_plan
    from app.services.study.views import note_judged

    who = who_looks(args, args.project)
    request = _request(args)
    with shown_progress() as ctx:
        planned = make_plan(ctx, request, _pilot(args))
    if args.project is not None:
        note_judged(args.project, "agreement", args.study or "", who)  # the variances are those of the pilot's raters
    refused = write_plan(planned, json_to=args.json, csv_to=args.csv, html_to=args.html)
    note_files(args, "plan from labels", args.json, args.csv, args.html, who=who)
    _show(planned)
    for error in refused:
        print_refused(error)
    return 1 if refused else 0


def _request(args: argparse.Namespace) -> PlanRequest:
    from app.agreement.plan import Question
    from app.services.agreement.planning import PlanRequest

    effect = args.effect is not None
    if effect and args.of != "alpha":
        raise UserError("An effect is a difference in disagreement.", "Leave out --of, or ask for --width.")
    if not effect and args.between:
        raise UserError(
            "Separate raters for each condition belong to an effect.", "Leave out --between, or ask for --effect."
        )
    question = Question(
        "effect" if effect else "width", args.of, args.effect if effect else args.width, args.level, args.power,
        args.between, args.emotions, args.repetitions, args.seed,
    )  # fmt: skip
    return PlanRequest(
        question, args.subjects, args.clips, args.raters, args.items, _world(args), emotion=args.emotion,
        dimension=args.dimension,
    )  # fmt: skip


def _world(args: argparse.Namespace) -> World:
    from dataclasses import replace

    from app.agreement.plan_world import PARTS, World, stated_world
    from app.interchange.scale import asked_scale

    stated = [name for name in ("variances", "prevalence", "scale", "step") if getattr(args, name) is not None]
    if stated and (args.project is not None or args.ratings is not None):
        raise UserError(
            f"The pilot study already says what --{stated[0]} states.", f"Leave out --{stated[0]}, or the pilot study."
        )
    world = World()
    if args.scale is not None:
        low, high = asked_scale(args.scale)
        world = replace(world, low=low, high=high)
    for name in ("prevalence", "step"):
        if getattr(args, name) is not None:
            world = replace(world, **{name: getattr(args, name)})
    for part in (args.variances or "").split(",") if args.variances else ():
        name, _, number = part.partition("=")
        try:
            value = float(number)
        except ValueError:
            name = ""
        if name.strip() not in PARTS:
            raise UserError(f"“{part}” is not a variance.", f"Name parts such as residual=1.1: {', '.join(PARTS)}.")
        world = replace(world, **{name.strip(): value})
    return stated_world(world)


def _pilot(args: argparse.Namespace) -> ProjectRatings | None:
    from app.services.agreement.choose import LabelFilter, chosen, labels_of
    from app.services.consent.gate import covered_labels
    from app.services.labels.files import load_rating_files
    from app.services.labels.tables import load_project_ratings
    from app.services.projects.files import open_project

    if args.project is not None and args.ratings is not None:
        raise UserError("Two pilot studies were named.", "Name a project or --ratings, not both.")
    if args.project is not None:
        data = load_project_ratings(args.project, args.study, with_traces=args.of == "ccc")
        if args.without_refused or any((args.json, args.html, args.csv)):
            with open_project(args.project, read_only=True) as project:
                gone = [one.rater for one in data.exclusions]
                data, told = covered_labels(project, data, gone, without=args.without_refused)
            if told:
                print(f"Note: {told}")
    elif args.ratings is not None:
        data, _ = load_rating_files(args.ratings, None)
    else:
        return None
    return chosen(labels_of(data, args.study or ""), LabelFilter())


def _show(planned: Planned) -> None:
    from rich.table import Table

    from app.agreement.plan import size_words
    from app.services.agreement.planning import plan_table

    console = new_console(120)
    table = plan_table(planned.plan)
    shown = Table(title=as_text(f"Planned for: {planned.plan.question.words()}", "table.title"), title_justify="left")
    rows, names = table.shown(), [name.replace("_", " ") for name in table.header]
    for head in heads(names, rows, console.width):
        shown.add_column(head, justify="right", overflow="fold")
    for row in rows:
        shown.add_row(*map(as_text, row))
    console.print(shown)
    answer = planned.plan.answer
    if answer is None:
        console.print(as_text("None of the sizes that were tried is enough; try larger ones."))
    else:
        console.print(as_text(f"Enough: {size_words(answer.size)}."))
    console.print(as_text(planned.plan.sentence()))
    for note in planned.plan.notes:
        console.print(as_text(f"Note: {note}"))
