"""`affectograph train`: trains a model on a project's labels and compares it with the one in use."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import Subparsers
from app.cli.looking import add_as
from app.cli.outputs import add_scheduler, add_without_refused
from app.cli.project_place import project_place
from app.domain.streams import TITLES

if TYPE_CHECKING:
    from app.services.projects.files import Project
    from app.services.retrain.category_runs import TrainedCategories
    from app.services.retrain.runs import Trained


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train",
        help="train a model on a project's labels (--list shows the recipes)",
        description="Freezes the project's labels, trains in a separate process, exports to ONNX, and compares with "
        "the model in use on subjects that were held out. Started again with the same folder, it "
        "continues where it stopped.",
    )
    parser.add_argument("--list", action="store_true", help="show the recipes with their parameters")
    parser.add_argument("--recipe", default="gru_head", metavar="NAME")
    parser.add_argument("--project", type=project_place, metavar="P")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder for model.onnx, card.toml and run.jsonl")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda", "mps"))
    parser.add_argument("--seed", type=int, metavar="S")
    parser.add_argument("--epochs", type=int, metavar="N")
    parser.add_argument(
        "--folds", type=int, metavar="K", help="cross-validate by subject in K folds; 1 for no cross-validation"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", dest="settings", help="set any other parameter"
    )
    parser.add_argument(
        "--labels", default="gold", metavar="WHOSE", help="gold (default), stored, or the code of one rater"
    )
    parser.add_argument(
        "--gold", choices=("mean", "median", "ewe"), default="mean", help="the recipe of the gold standard"
    )
    parser.add_argument("--condition", default="", metavar="NAME", help="viewing condition of the labels")
    parser.add_argument(
        "--lag",
        choices=("none", "relative", "absolute"),
        default="relative",
        help="the lags that are removed from traces first",
    )
    parser.add_argument(
        "--shuffle-labels",
        type=int,
        metavar="SEED",
        help="a control: train on shuffled labels, which must not give a better model",
    )
    parser.add_argument(
        "--points",
        choices=("mtcnn5", "mesh68", "dlib68"),
        default="mtcnn5",
        help="the landmarks: MTCNN's five, 68 by the face mesh, or dlib's 68 (extra `landmarks`; trained on data for "
        "research use only)",
    )
    parser.add_argument(
        "--learning-curve", action="store_true", help="also train on a third and on two thirds of the subjects"
    )
    add_without_refused(parser)
    _add_categories(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _add_categories(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that only recipes of categories take."""
    categories = parser.add_argument_group(
        "categories",
        "For recipes that predict the category of a whole item. --labels takes gold (what the raters chose), "
        "intensity (the emotion that each rater scored highest), stored (gold standards, such as those of a data "
        "set), or a rater's code.",
    )
    categories.add_argument(
        "--votes",
        choices=("plurality", "majority", "dawid_skene", "soft", "bayes"),
        default="plurality",
        help="how the votes on an item become its label; soft trains on the shares of the votes, bayes on "
        "the shares that people see, by the model of raters",
    )
    categories.add_argument("--study", default="", metavar="NAME", help="use answers of this study only")
    categories.add_argument(
        "--vocabulary",
        default="own",
        metavar="NAME",
        help="the vocabulary: own (the words of the labels), ferplus, fer, mec or enterface",
    )
    categories.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="WORD=CLASS",
        dest="mapping",
        help="take a word of the labels for a class of the vocabulary",
    )
    categories.add_argument(
        "--streams",
        default="",
        metavar="NAMES",
        help=f"the streams that are read of each item, by default those of the recipe: {', '.join(TITLES)}; "
        "face:MODEL reads another frame model",
    )
    add_scheduler(categories)
    categories.add_argument(
        "--conditions",
        action="store_true",
        help="the context experiment: train on the labels of face only and of full context, from the face alone, its "
        "surroundings and both, and test each model on the labels of both",
    )
    categories.add_argument(
        "--seeds", type=int, default=1, metavar="N", help="with --conditions: train each model with so many seeds"
    )


def _run(args: argparse.Namespace) -> int:
    if args.list:
        _list()
        return 0
    from app.errors import UserError

    if args.project is None or args.out is None:
        raise UserError("A project and a folder are needed.", "Give --project P and --out DIR (--list shows recipes).")
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.domain.recipes import find_recipe
    from app.domain.words import figure, many
    from app.services.projects.files import open_sound
    from app.services.retrain.known import note_compared
    from app.services.retrain.learning_curve import learning_curve, trend
    from app.services.retrain.runs import train
    from app.services.study.views import look_as

    if find_recipe(args.recipe).target == "category":
        return _categories(args)
    if args.scheduler:
        raise UserError(
            "Only recipes of categories read their streams on a cluster.",
            "Leave out --scheduler, or name another recipe (--list shows which there are).",
        )
    request = _request(args)
    with shown_progress() as ctx, open_sound(args.project) as project:
        look_as(project, who_looks(args, project))
        made = train(project, request, _noted(project), ctx)
        if made.comparison is not None:
            note_compared(project, made.comparison)
        points = learning_curve(project, made.record, ctx, device=args.device) if args.learning_curve else []
    _print_notes(made.notes)
    _print_folds(made.record.metrics.get("cross_validation"))
    if made.comparison is not None:
        from app.cli.compare import print_comparison

        print_comparison(made.comparison)
    for point in points:
        print(
            f"learning curve: {many(point.subjects, 'subject')}: "
            f"valence {figure(point.valence, 3)}, arousal {figure(point.arousal, 3)} CCC"
        )
    if points:
        print(trend(points))
    print(f"model: {made.folder.resolve()}")
    return _status(made)


def _print_notes(notes: Sequence[str]) -> None:
    """Print what the user should know, without the items that failed, which are named at the end."""
    from app.services.retrain.data import LEFT_OUT

    for note in notes:
        if not note.startswith(LEFT_OUT):
            print(f"note: {note}")


def _status(made: "Trained | TrainedCategories") -> int:
    """Name what was left out of the training; the exit status counts what could not be compared, too."""
    from app.cli.streams import print_left_out

    compared = made.comparison.failed if made.comparison is not None else ()
    return max(print_left_out(made.failed, "item"), 1 if compared else 0)


def _categories(args: argparse.Namespace) -> int:
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.cli.streams import print_left_out
    from app.domain.vocabularies import read_mapping
    from app.errors import UserError
    from app.services.projects.files import open_sound
    from app.services.retrain.category_labels import CategoryChoice
    from app.services.retrain.category_runs import CategoryRequest, TrainedCategories, scores_sentence, train_categories
    from app.services.retrain.conditions import ConditionsRequest, ConditionsResult, train_conditions
    from app.services.retrain.known import note_compared
    from app.services.study.views import look_as
    from app.streams.catalogue import licences, read_names

    if args.learning_curve:
        raise UserError("There is no learning curve for categories.", "Train with --set share=0.33 and compare.")
    whose = {"gold": ("category", ""), "intensity": ("intensity", ""), "stored": ("stored", "")}.get(
        args.labels, ("category", args.labels)
    )
    choice = CategoryChoice(
        whose[0],
        args.votes,
        args.condition,
        whose[1],
        args.study,
        args.vocabulary,
        read_mapping(args.mapping),
        args.shuffle_labels,
        args.without_refused or None,
    )
    if args.seeds < 1 or (args.seeds > 1 and not args.conditions):
        raise UserError("Several seeds go with --conditions.", "Give --seed S for a single training.")
    if args.scheduler and args.conditions:
        raise UserError("The context experiment does not use a cluster.", "Leave out --scheduler or --conditions.")
    words = (args.recipe, _values(args), choice, args.device, args.out)
    streams = read_names(args.streams) if args.streams else ()
    request = CategoryRequest(*words, streams=streams, scheduler=args.scheduler)
    experiment = ConditionsRequest(*words, seeds=args.seeds)
    for sentence in licences(request.streams):
        print(f"note: {sentence}", flush=True)
    with shown_progress() as ctx, open_sound(args.project) as project:
        look_as(project, who_looks(args, project))
        tell = _noted(project, args.study)
        made: ConditionsResult | TrainedCategories
        if args.conditions:
            made = train_conditions(project, experiment, tell, ctx)
        else:
            made = train_categories(project, request, tell, ctx)
            if made.comparison is not None:
                note_compared(project, made.comparison)
    if isinstance(made, ConditionsResult):
        _print_taught(made)
        return print_left_out(made.failed, "item")
    _print_notes(made.notes)
    print(scores_sentence("Held-out subjects", made.result["test"]))
    if "cross_validation" in made.result:
        print(scores_sentence("Cross-validation", made.result["cross_validation"]))
    if made.comparison is not None:
        from app.cli.compare import print_categories

        print_categories(made.comparison)
    print(f"report: {made.report.resolve()}")
    print(f"model: {made.folder.resolve()}")
    return _status(made)


def _print_taught(found: Any) -> None:
    """The tables of the context experiment, a line a row."""
    _print_notes(found.notes)
    for table in found.tables:
        print(table.title)
        for row in (table.header, *table.shown()):
            print("  " + "  ".join(row))
    print(found.sentence)
    print(f"report: {found.report.resolve()}")


def _request(args: argparse.Namespace) -> Any:
    from app.services.retrain.labels import LabelChoice
    from app.services.retrain.runs import TrainRequest

    labels = LabelChoice(
        args.labels, args.gold, args.condition, args.lag, args.shuffle_labels, args.without_refused or None
    )
    return TrainRequest(args.recipe, _values(args), labels, args.device, args.out, points=args.points)


def _values(args: argparse.Namespace) -> dict[str, Any]:
    """Return the parameters that were given by their own options or by --set."""
    from app.errors import UserError

    values: dict[str, Any] = {}
    for pair in args.settings:
        key, found, value = pair.partition("=")
        if not found:
            raise UserError(f"--set {pair} has no value.", "Write --set KEY=VALUE.")
        values[key] = value
    own = (("seed", args.seed), ("epochs", args.epochs), ("folds", args.folds))
    return values | {key: value for key, value in own if value is not None}


def _list() -> None:
    from app.domain.recipes import RECIPES

    for recipe in RECIPES:
        print(f"{recipe.name}\n  {recipe.title}. {recipe.summary}\n  after {recipe.source}")
        for parameter in recipe.parameters:
            default = str(parameter.default).lower() if isinstance(parameter.default, bool) else parameter.default
            small = f" (scaled: {recipe.scaled[parameter.key]})" if parameter.key in recipe.scaled else ""
            print(f"    {parameter.key} = {default if default != '' else '(none)'}{small}: {parameter.help}")


def _print_folds(found: dict[str, Any] | None) -> None:
    """Print the results of cross-validation, one line for each dimension."""
    from app.domain.traces import DIMENSIONS
    from app.domain.words import figure, many

    for name in DIMENSIONS:
        each = (found or {}).get(name)
        if found is not None and each is not None and each["ccc"] is not None:
            low, high = each["interval"]
            interval = "" if low is None else f" [{figure(low, 3, sign=True)}, {figure(high, 3, sign=True)}]"
            people = f"{many(found['folds'], 'fold')}, {many(each['n_subjects'], 'subject')}"
            print(f"cross-validated {name}: CCC {figure(each['ccc'], 3)}{interval} ({people})")


def _noted(project: "Project", study: str = "") -> Callable[[dict[str, Any]], None]:
    """Tell events as JSON lines on stdout, as the child wrote them; before the first one the view is noted."""
    from app.domain.training_events import COMPARED
    from app.services.study.views import note_judged

    noted = False

    def tell(event: dict[str, Any]) -> None:
        nonlocal noted
        if not noted:
            note_judged(project, "agreement", study)
            noted = True
        if event["event"] != COMPARED:
            print(json.dumps(event), flush=True)

    return tell
