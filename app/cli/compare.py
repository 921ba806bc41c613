"""`affectograph compare`: compares two models on the held-out subjects of a project."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import Subparsers
from app.cli.looking import add_as, note_files
from app.cli.outputs import refuse_outputs
from app.cli.project_place import project_place

if TYPE_CHECKING:
    from app.agreement.among_raters import AmongRaters
    from app.services.retrain.category_compare import CategoryComparison
    from app.services.retrain.comparison import Comparison


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "compare",
        help="compare two models on a project's held-out subjects",
        description="CCC of both models against the labels of subjects that neither was trained on, with a bootstrap "
        "interval of the difference over subjects. Models of categories are compared by accuracy and UAR.",
    )
    parser.add_argument(
        "old", metavar="OLD", help="name or folder of a model; `in-use` for the one that the project uses"
    )
    parser.add_argument("new", metavar="NEW", help="name or folder of a model")
    parser.add_argument("--project", type=project_place, required=True, metavar="P")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the numbers as JSON")
    parser.add_argument(
        "--labels", metavar="WHOSE", help="gold, stored, or the code of a rater (default: what NEW was trained on)"
    )
    parser.add_argument(
        "--condition", default="", metavar="NAME", help="viewing condition of the labels (with --labels)"
    )
    parser.add_argument("--lag", choices=("none", "relative", "absolute"), default="relative", help="with --labels")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    add_as(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.errors import UserError
    from app.services.consent.gate import answers_may_leave
    from app.services.models.in_use import CATEGORY_ROLE, ROLES
    from app.services.projects.files import open_sound
    from app.services.retrain.category_compare import compare_categories
    from app.services.retrain.compare import compare
    from app.services.retrain.known import note_compared
    from app.services.retrain.labels import LabelChoice
    from app.services.retrain.promote import model_card
    from app.services.study.views import look_as

    refuse_outputs(args.json)
    choice = None
    if args.labels is not None:
        choice = LabelChoice(args.labels, condition=args.condition, lag=args.lag)
    with shown_progress() as ctx, open_sound(args.project) as project:
        if args.json is not None:
            answers_may_leave(project)
        who = who_looks(args, project)
        look_as(project, who)
        old = None if args.old == "in-use" else str(model_card(project, args.old).folder)
        card = model_card(project, args.new)
        if ROLES.get(card.kind) == CATEGORY_ROLE:
            if choice is not None:
                raise UserError(
                    "Models of categories are compared on the labels that NEW was trained on.", "Leave --labels."
                )
            told = compare_categories(project, old, str(card.folder), ctx, device=args.device)
            note_compared(project, told)
            _write(args.json, told.as_dict())
            note_files(args, "comparison of models", args.json, who=who)
            print_categories(told)
            return 1 if told.failed else 0
        found = compare(project, old, str(card.folder), ctx, choice=choice, device=args.device)
        note_compared(project, found)
        _write(args.json, found.as_dict())
        note_files(args, "comparison of models", args.json, who=who)
    print_comparison(found)
    return 1 if found.failed else 0


def _write(path: Path | None, table: dict[str, Any]) -> None:
    """Write a comparison as JSON if a path is given."""
    if path is not None:
        from app.results import result

        with result(path) as temporary:
            temporary.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n", "utf-8")


def among_words(found: "AmongRaters") -> str:
    """Describe in words how the raters and both models agree with the mean of the other raters."""
    from app.domain.words import figure

    def told(value: float, ends: tuple[float, float]) -> str:
        return figure(value, 3) + ("" if ends[0] != ends[0] else f" [{figure(ends[0], 3)}, {figure(ends[1], 3)}]")

    old, new = (told(value, ends) for value, ends in zip(found.models, found.intervals, strict=True))
    return f"a rater {told(found.human, found.human_interval)}, the old model {old}, the new model {new}"


def print_comparison(found: "Comparison") -> None:
    """Print the table and the answer to stdout, and the clips that failed to stderr."""
    from app.cli.streams import print_left_out
    from app.domain.words import change, figure, many

    print(f"labels: {found.labels}")
    for name, each in found.dimensions.items():
        print(
            f"{name}: CCC {figure(each.old.ccc, 3)} → {figure(each.new.ccc, 3)} "
            f"({change(each.difference, *each.interval)}, "
            f"{many(each.n_subjects, 'subject')}): {each.verdict}"
        )
        if each.among is not None:
            print(f"  against the mean of the other raters: {among_words(each.among)}")
    for note in found.notes:
        print(f"note: {note}")
    print_left_out(found.failed)
    print(found.sentence)


def print_categories(found: "CategoryComparison") -> None:
    """The comparison of two models of categories: a line a measure, and the answer."""
    from app.cli.streams import print_left_out
    from app.domain.words import change, figure, many
    from app.services.retrain.category_compare import TITLES

    print(f"labels: {found.labels}")
    for name, each in found.found.measures.items():
        print(
            f"{TITLES[name]}: {figure(each.old, 3)} → {figure(each.new, 3)} "
            f"({change(each.difference, *each.interval)}, "
            f"{many(found.found.n, 'item')} of {many(found.found.n_subjects, 'subject')})"
        )
        if found.human is not None:
            print(f"  one rater against the others: {figure(getattr(found.human, name).value, 3)}")
    for note in found.notes:
        print(f"note: {note}")
    print_left_out(found.failed, "item")
    print(found.sentence)
