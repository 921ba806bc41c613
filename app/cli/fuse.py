"""`affectograph fuse`: fuses several models of categories, or of valence and arousal, into one."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import Subparsers
from app.cli.looking import add_as, note_files
from app.cli.outputs import add_scheduler, refuse_outputs
from app.cli.project_place import project_place

if TYPE_CHECKING:
    from app.jobs import Context
    from app.services.fusion.members import Candidate
    from app.services.fusion.runs import FusedCategories
    from app.services.projects.files import Project


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "fuse",
        help="fuse several models into one (--project P --list shows those that can be fused)",
        description="Chooses the weights of several models on people whom none of them was trained on, scores the "
        "fusion on people who chose nothing, and writes it as one model. A model that saw the people who shall choose "
        "its weight is refused by name.",
    )
    parser.add_argument("members", nargs="*", metavar="MODEL", help="name or folder of a model; two or more")
    parser.add_argument("--project", type=project_place, required=True, metavar="P")
    parser.add_argument("--list", action="store_true", help="show the models of the project that can be members")
    parser.add_argument(
        "--way",
        choices=("equal", "fixed", "model", "class", "ccc", "stacking"),
        default="stacking",
        help="equal weights; fixed ones (--weights); one weight a model or one a model and class by random search; "
        "ccc, for valence and arousal the weights with the largest concordance; stacking, a regression with L2 on "
        "calibrated log-probabilities, or on valence and arousal (default)",
    )
    parser.add_argument("--weights", default="", metavar="W,W,…", help="with --way fixed: one weight for each model")
    parser.add_argument(
        "--draws", type=int, default=0, metavar="N", help="draws in each stage of a search (class: 100,000 as in D)"
    )
    parser.add_argument(
        "--measure", choices=("accuracy", "uar"), default="accuracy", help="what a search makes as large as possible"
    )
    parser.add_argument(
        "--partition",
        choices=("folds", "three-parts", "nested", "as-in-d"),
        default="folds",
        help="folds: weights from the members' cross-validation, result on held-out people (default); three-parts: "
        "held-out people are dealt; nested: folds of people; as-in-d: those who stopped the trainings",
    )
    parser.add_argument("--folds", type=int, default=5, metavar="K", help="with --partition nested")
    parser.add_argument(
        "--weight-on", default="", metavar="S,S,…", help="the people who shall choose the weights; default: all allowed"
    )
    parser.add_argument(
        "--leave-out", action="store_true", help="leave out people whom a member has seen, instead of refusing"
    )
    parser.add_argument(
        "--shuffle-labels",
        type=int,
        metavar="SEED",
        help="a control: fuse on shuffled labels, which must not give a better model",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder for the model and its report")
    parser.add_argument("--name", default="", metavar="NAME", help="name of the model (without --out)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write everything that was found as JSON")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    add_scheduler(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.cli.streams import print_left_out
    from app.errors import UserError
    from app.inference.face_sequence import KIND as AFFECT
    from app.services.consent.gate import answers_may_leave
    from app.services.fusion.known import fusions
    from app.services.fusion.runs import fuse
    from app.services.projects.files import open_sound
    from app.services.retrain.known import note_compared
    from app.services.retrain.promote import model_card
    from app.services.study.views import look_as, note_judged

    refuse_outputs(args.json)
    request = None if args.list else _request(args)
    with shown_progress() as ctx, open_sound(args.project) as project:
        who = who_looks(args, project)
        look_as(project, who)
        if request is None:
            return _list(fusions(project).candidates)
        if args.json is not None:
            answers_may_leave(project)
        note_judged(project, "agreement", "")
        if args.members and model_card(project, args.members[0]).kind == AFFECT:
            return _affect(args, request, project, ctx)
        if args.way == "ccc":
            raise UserError("The way ccc is for models of valence and arousal.", "Take stacking, model or class.")
        made = fuse(project, request, lambda event: None, ctx)
        if made.comparison is not None:
            note_compared(project, made.comparison)
    _write(args.json, made.outcome.as_dict())
    note_files(args, "scores of a fusion", args.json, who=who)
    _print(made)
    compared = made.comparison.failed if made.comparison is not None else ()
    return max(print_left_out(made.failed, "item"), 1 if compared else 0)


def _write(path: Path | None, table: dict[str, Any]) -> None:
    """Write everything that was found as JSON if a path is given."""
    if path is not None:
        from app.results import result

        with result(path) as temporary:
            temporary.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _affect(args: argparse.Namespace, request: Any, project: "Project", ctx: "Context") -> int:
    """Fuse models of valence and arousal."""
    from app.errors import UserError
    from app.fusion.affect_scores import table_of
    from app.services.fusion.affect import AffectFusionRequest, fuse_affect
    from app.services.retrain.known import note_compared

    if args.way in ("model", "class"):
        raise UserError(f"The way {args.way} is for categories.", "Take ccc, stacking, equal or fixed.")
    wished = AffectFusionRequest(
        request.members,
        args.way,
        request.way.weights,
        request.partition,
        request.folds,
        request.weighting,
        request.leave_out,
        args.seed,
        args.device,
        args.out,
        args.name,
        args.shuffle_labels,
    )
    made = fuse_affect(project, wished, lambda event: None, ctx)
    if made.comparison is not None:
        note_compared(project, made.comparison)
    _write(args.json, made.record.metrics["fusion"])
    for note in made.notes:
        print(f"note: {note}")
    for sentence in made.outcome.warnings:
        print(f"warning: {sentence}")
    for sentence in made.outcome.in_the_way:
        print(f"left out: {sentence}")
    table = table_of(made.outcome.rows)
    print(table.title)
    for row in (table.header, *table.shown()):
        print("  " + "  ".join(row))
    print(made.outcome.sentence)
    if made.comparison is not None and not made.outcome.control:
        from app.cli.compare import print_comparison

        print_comparison(made.comparison)
    print(f"report: {made.report.resolve()}")
    print(f"model: {made.folder.resolve()}")
    return 1 if made.comparison is not None and made.comparison.failed else 0


def _request(args: argparse.Namespace) -> Any:
    from app.errors import UserError
    from app.fusion.partition import PartitionName
    from app.fusion.ways import Way
    from app.services.fusion.runs import FusionRequest

    names: dict[str, PartitionName] = {
        "folds": "folds",
        "three-parts": "three_parts",
        "nested": "nested",
        "as-in-d": "as_in_d",
    }
    try:
        weights = tuple(float(each) for each in args.weights.split(",") if each.strip())
    except ValueError as error:
        raise UserError(f"--weights {args.weights} are not numbers.", "Write, for instance, 0.5,0.25,0.25.") from error
    if args.draws < 0 or args.folds < 2:
        raise UserError("--draws and --folds are numbers of draws and folds.", "Give 1 or more draws, 2 or more folds.")
    if args.scheduler and args.way not in ("model", "class"):
        raise UserError("Only a random search uses a cluster.", "Leave out --scheduler, or take --way model or class.")
    people = tuple(each.strip() for each in args.weight_on.split(",") if each.strip())
    # The way of valence and arousal has no draws; it is put in where their request is made.
    way = Way("stacking" if args.way == "ccc" else args.way, weights, args.draws, args.measure, args.seed)
    return FusionRequest(
        tuple(args.members),
        way,
        names[args.partition],
        args.folds,
        people,
        args.leave_out,
        shuffle_seed=args.shuffle_labels,
        device=args.device,
        out=args.out,
        name=args.name,
        scheduler=args.scheduler,
    )


def _list(found: "tuple[Candidate, ...]") -> int:
    from app.domain.words import figure

    for each in found:
        known = [value for value in (each.accuracy, *each.concordance) if value is not None]
        what = "accuracy" if each.accuracy is not None else "concordance of valence and arousal"
        values = " and ".join(figure(value, 3) for value in known)
        accuracy = f", {what} {values} on {each.held_out} held-out subjects" if known else ""
        folds = "" if each.folds else "; no cross-validation, so nobody of its training can choose weights"
        shuffled = ", shuffled labels" if each.shuffled else ""
        print(f"{each.name}: {each.recipe or 'from elsewhere'} on {', '.join(each.streams)}{shuffled}{accuracy}{folds}")
    if not found:
        print("The project has no model that can be fused.")
    return 0


def _print(made: "FusedCategories") -> None:
    from app.fusion.partition import sentences
    from app.services.fusion.outcome import CONTROL
    from app.services.fusion.report import short_table

    found = made.outcome
    for note in made.notes:
        print(f"note: {note}")
    if found.data.partition.warning:
        print(f"warning: {found.data.partition.warning}")
    for sentence in sentences(found.data.partition.in_the_way):
        print(f"left out: {sentence}")
    table = short_table(found)
    print(table.title)
    for row in (table.header, *table.shown()):
        print("  " + "  ".join(row))
    print(found.sentence)
    if found.control:
        print(CONTROL)
    elif made.comparison is not None:
        from app.cli.compare import print_categories

        print_categories(made.comparison)
    print(f"report: {made.report.resolve()}")
    print(f"model: {made.folder.resolve()}")
