"""`affectograph models …`: lists, checks, removes and measures models."""

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.addresses import shown_place
from app.cli import Subparsers
from app.cli.models_install import add_add, add_install, show_terms
from app.cli.models_promotion import add_promotion
from app.cli.outputs import refuse_outputs
from app.cli.project_place import existing_project, project_home
from app.errors import UserError

if TYPE_CHECKING:
    from app.inference.cards import ModelCard
    from app.services.models.zoo.manifest import ZooEntry

_NAMES: Final = 22
"""Width of the column of names, in letters."""


def register(commands: Subparsers) -> None:
    """Add the commands."""
    models = commands.add_parser(
        "models",
        help="list, fetch, check, remove, measure and add models",
        description="Models read faces. One is shipped. Others are fetched from a list of vetted models, or are your "
        "own.",
    )
    actions = models.add_subparsers(dest="action", metavar="ACTION", required=True)
    project = argparse.ArgumentParser(add_help=False)
    project.add_argument("--project", type=existing_project, metavar="P", help="use the models of this project")

    listing = actions.add_parser(
        "list", parents=[project], help="list the installed models and those that can be fetched"
    )
    listing.add_argument("--json", action="store_true", help="machine-readable")
    listing.set_defaults(run=_list)

    info = actions.add_parser(
        "info", parents=[project], help="show a model's card, or what is known of one that can be fetched"
    )
    info.add_argument("name", metavar="NAME")
    info.set_defaults(run=_info)

    add_install(actions, project)
    add_add(actions, project)

    verify = actions.add_parser("verify", parents=[project], help="check files against their cards")
    verify.add_argument("name", nargs="?", metavar="NAME", help="default: all")
    verify.set_defaults(run=_verify)

    remove = actions.add_parser("remove", parents=[project], help="remove an installed model")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=_remove)

    evaluate = actions.add_parser(
        "evaluate",
        parents=[project],
        help="measure a face model on labelled images",
        description="Runs the images through the same code as faces in video, from the crop onward. A value that a "
        "model does not give is null.",
    )
    evaluate.add_argument("--model", metavar="NAME", help="the model (default: the shipped one)")
    evaluate.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="FILE.npz",
        help="a file with images, fer_label and ferplus_votes (FER2013)",
    )
    evaluate.add_argument("--json", type=Path, required=True, metavar="OUT", help="the file for the result")
    evaluate.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "tensorrt", "coreml"),
        default="auto",
        help="the device on which the model runs",
    )
    evaluate.set_defaults(run=_evaluate)
    add_promotion(actions)


def _list(args: argparse.Namespace) -> int:
    from app.domain.words import file_size
    from app.inference.cards import scan_models
    from app.services.models.in_use import card_in_use
    from app.services.models.zoo.install import part_size
    from app.services.models.zoo.manifest import load_manifest

    cards, damaged = scan_models(project_home(args))
    used = card_in_use(None, args.project).name
    installed = {card.name for card in cards}
    waiting = [entry for entry in load_manifest() if entry.name not in installed]
    if args.json:
        print(json.dumps(_facts(cards, damaged, waiting, used), indent=2, ensure_ascii=False))
        return 0
    print("Installed")
    for card in cards:
        where = "shipped" if card.shipped else str(card.folder)
        _print_model(card.name, card.title, card.licence, card.non_commercial, where, in_use=card.name == used)
    for folder, error in damaged:
        print(f"  {folder.name:<{_NAMES}} unreadable: {error}")
    if waiting:
        print("These can be fetched with: affectograph models install NAME")
    for entry in waiting:
        arrived = part_size(entry.name)
        size = file_size(entry.bytes) + (f", {file_size(arrived)} fetched so far" if arrived else "")
        _print_model(entry.name, str(entry.card["title"]), entry.licence, entry.non_commercial, size)
    return 0


def _print_model(name: str, title: str, licence: str, non_commercial: bool, more: str, *, in_use: bool = False) -> None:
    """Print two or more lines about a model: what it is, its licence, and its size or place."""
    print(f"  {name:<{_NAMES}} {title}{'  (in use)' if in_use else ''}")
    mark = "NON-COMMERCIAL: " if non_commercial else ""
    indent = " " * (_NAMES + 3)
    for line in textwrap.wrap(f"{mark}{licence}; {more}", 100, initial_indent=indent, subsequent_indent=indent):
        print(line)


def _facts(
    cards: "list[ModelCard]", damaged: list[tuple[Path, UserError]], waiting: "list[ZooEntry]", used: str
) -> dict[str, object]:
    return {
        "installed": [
            {"name": c.name, "title": c.title, "kind": c.kind, "version": c.version, "licence": c.licence}
            | {"non_commercial": c.non_commercial, "folder": str(c.folder), "shipped": c.shipped}
            | {"in_use": c.name == used}
            for c in cards
        ],
        "damaged": [{"folder": str(folder), "problem": str(error)} for folder, error in damaged],
        "available": [
            {"name": e.name, "title": e.card["title"], "url": e.url, "licence": e.licence}
            | {"non_commercial": e.non_commercial, "sha256": e.sha256, "bytes": e.bytes}
            for e in waiting
        ],
    }


def _info(args: argparse.Namespace) -> int:
    from app.cli.model_card import card_text
    from app.inference.cards import find_model, list_models
    from app.services.models.zoo.manifest import load_manifest

    installed = {card.name for card in list_models(project_home(args))}
    entry = next((e for e in load_manifest() if e.name == args.name and e.name not in installed), None)
    if entry is not None:
        show_terms(entry, None)
        print(f"  It is not installed: affectograph models install {entry.name}")
        return 0
    print(card_text(find_model(args.name, project_home(args))))
    return 0


def _verify(args: argparse.Namespace) -> int:
    from app.batch import Failures
    from app.inference.cards import find_model, scan_models
    from app.services.models.zoo.install import verify

    cards: list[ModelCard] = [find_model(args.name, project_home(args))] if args.name else []
    damaged: list[tuple[Path, UserError]] = []
    if not args.name:
        cards, damaged = scan_models(project_home(args))
    problems = [f"{folder.name}: {error}" for folder, error in damaged]
    failures = Failures(on_failure=lambda error: problems.append(str(error)))
    for card in cards:
        found = ["not checked"]
        with failures.of(card.name):
            found = verify(card)
            problems += [f"{card.name}: {problem}" for problem in found]
        if not found:
            pinned = all(file.sha256 for file in card.files.values())
            print(f"{card.name}: {'as its card says' if pinned else 'present, but its card pins no hash'}")
    for problem in problems:
        print(f"affectograph: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _remove(args: argparse.Namespace) -> int:
    from app.services.models.in_use import card_in_use
    from app.services.models.zoo.install import remove

    if args.project is not None and card_in_use(None, args.project).name == args.name:
        raise UserError(
            f"{args.name} is in use in {shown_place(args.project)}.", "Promote another model or roll back first."
        )
    print(f"removed {remove(args.name, project_home(args))}")
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.results import result as written
    from app.services.models.evaluate import evaluate_model

    refuse_outputs(args.json, inputs=[args.data])
    with shown_progress() as ctx:
        result = evaluate_model(
            args.data, model=args.model, device=args.device, ctx=ctx, project_path=project_home(args)
        )
    with written(args.json, inputs=[args.data]) as temporary:
        temporary.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(f"{result['model']} ({result['file']}, {result['provider']}) on {result['n']:,} images")
    for key in ("fer_accuracy", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy", "images_per_s"):
        value = result[key]
        shown = "not given" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
        print(f"  {key:<17} {shown}")
    print(f"Everything, with recall and confusion of each class: {args.json}")
    return 0
