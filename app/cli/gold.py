"""`affectograph gold`: derives a gold standard from a project's labels and stores it with its recipe."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from app.cli import Subparsers
from app.cli.looking import add_as, note_files
from app.cli.outputs import add_without_refused, refuse_outputs
from app.cli.project_place import project_place


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "gold",
        help="make a gold standard from the raters' labels and store it with its recipe",
        description="The raw labels stay as they are; a gold standard is stored beside them, with the recipe that "
        "made it.",
    )
    parser.add_argument("project", type=project_place, metavar="PROJECT", help="a project")
    parser.add_argument("--kind", choices=("intensity", "category", "trace"), default="intensity")
    parser.add_argument(
        "--method",
        choices=(
            "mean",
            "median",
            "ewe",
            "barycentre",
            "plurality",
            "majority",
            "ferplus",
            "soft",
            "dawid_skene",
            "bayes",
        ),
        help="the recipe (default: mean; for categories: plurality); bayes is the model of raters, with intervals",
    )
    parser.add_argument(
        "--align",
        choices=("none", "relative", "absolute"),
        default="none",
        help="the lags that are removed from traces first",
    )
    parser.add_argument(
        "--weights",
        choices=("leave_one_out", "mean_all", "mean_pairwise_ccc"),
        default="leave_one_out",
        help="definition of the weights of ewe",
    )
    parser.add_argument(
        "--take-back", action="append", default=[], metavar="RATER",
        help="count the traces of a rater who was set aside because he or she opposes the others or never moves "
             "(repeatable)",
    )  # fmt: skip
    parser.add_argument("--study", metavar="NAME", help="use only labels of this study")
    parser.add_argument("--name", default="", metavar="TEXT", help="the name of the gold standard")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the values and recipes as JSON")
    add_without_refused(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.batch import Failures
    from app.cli.looking import who_looks
    from app.cli.streams import print_refused
    from app.domain.words import many
    from app.services.labels.gold import GoldRequest, make_gold, notes_of
    from app.services.labels.leaving_gold import make_leaving_gold
    from app.services.projects.files import open_sound
    from app.services.study.views import note_judged

    method = args.method or ("plurality" if args.kind == "category" else "mean")
    request = GoldRequest(args.kind, method, args.align, args.weights, args.study, args.name, tuple(args.take_back))
    refuse_outputs(args.json)  # before anything is stored
    failures = Failures(on_failure=print_refused)
    who = who_looks(args, args.project)
    with open_sound(args.project) as project:
        if args.json is not None or args.without_refused:
            made, leaving, told = make_leaving_gold(project, request, without=args.without_refused, failures=failures)
            if told:
                print(f"Note: {told}")
        else:
            made = leaving = make_gold(project, request, failures=failures)
        values = [_plain(g) for g in leaving]
        if args.json is not None:
            note_judged(project, "labels", args.study or "", who)
    if args.json is not None:
        from app.domain.path_text import json_safe
        from app.results import result

        text = json.dumps(values, indent=1, ensure_ascii=False)
        with result(args.json) as temporary:
            temporary.write_text(json_safe(text), encoding="utf-8")
        note_files(args, "gold standards", args.json, who=who, rows=len(values))
    simulated = sorted({code for gold in made for code in gold.recipe["simulated"]})
    if simulated:
        print(f"Note: some or all labels come from simulated raters: {', '.join(simulated)}.")
    for note in notes_of([gold.recipe for gold in made]):
        print(f"Note: {note}")
    items = len({g.item_id for g in made})
    left_out = f", {len(failures)} failed" if failures else ""
    print(f"{request.title}: {many(len(made), 'gold standard')} of {many(items, 'item')} stored{left_out}.")
    return 1 if failures else 0


def _plain(gold: Any) -> dict[str, Any]:
    """Return a record as JSON types; NaN, which JSON has not, becomes null."""
    from app.domain.json_values import plain

    series = None
    if gold.times_s is not None:
        pairs = plain(gold.values.tolist())
        behind = gold.raters_behind()
        series = {"time_s": gold.times_s.tolist(), "valence_arousal": pairs, "raters": behind.tolist()}
    return {
        "item": gold.item_id, "condition": gold.condition, "kind": gold.kind, "name": gold.name,
        "recipe": gold.recipe, "sources": list(gold.sources), "value": gold.value, "series": series,
    }  # fmt: skip
