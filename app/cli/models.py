"""`affectograph models …`: what models there are, fetching, checking, removing, measuring and adding them."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import Subparsers
from app.errors import UserError

if TYPE_CHECKING:
    from app.inference.cards import ModelCard
    from app.services.zoo.manifest import Entry


def register(commands: Subparsers) -> None:
    """Add the commands."""
    models = commands.add_parser("models", help="list, fetch, check, remove, measure and add models")
    actions = models.add_subparsers(dest="action", metavar="ACTION", required=True)

    listing = actions.add_parser("list", help="installed models and those that can be fetched")
    listing.add_argument("--json", action="store_true", help="machine-readable")
    listing.set_defaults(run=_list)

    info = actions.add_parser("info", help="show a model's card")
    info.add_argument("name", metavar="NAME")
    info.set_defaults(run=_info)

    install = actions.add_parser("install", help="fetch a vetted model, or take it from a file or folder")
    install.add_argument("name", metavar="NAME")
    install.add_argument("--from", dest="source", type=Path, metavar="PATH", help="a file, or a folder that holds it")
    install.add_argument("--url", help="another address than the list's")
    install.add_argument("--yes", action="store_true", help="agree to the licence and the download without being asked")
    install.set_defaults(run=_install)

    add = actions.add_parser("add", help="add an ONNX face model of your own")
    add.add_argument("file", type=Path, metavar="FILE.onnx")
    add.add_argument("--name", help="what to call it; default: the file's name")
    add.add_argument("--card", type=Path, help="a card you wrote (TOML); without it one is proposed")
    add.add_argument("--write-card", type=Path, metavar="FILE", help="write the proposed card there and add nothing")
    add.set_defaults(run=_add)

    verify = actions.add_parser("verify", help="check files against their cards")
    verify.add_argument("name", nargs="?", metavar="NAME", help="default: all")
    verify.set_defaults(run=_verify)

    remove = actions.add_parser("remove", help="remove an installed model")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=_remove)

    evaluate = actions.add_parser("evaluate", help="measure a face model on labelled images")
    evaluate.add_argument("--model", metavar="NAME", help="default: the shipped model")
    evaluate.add_argument("--data", type=Path, required=True, metavar="FILE.npz")
    evaluate.add_argument("--json", type=Path, required=True, metavar="OUT", help="where the result goes")
    evaluate.add_argument("--device", choices=("auto", "cpu", "cuda", "tensorrt", "coreml"), default="auto")
    evaluate.set_defaults(run=_evaluate)

    for parser in (listing, info, install, add, verify, remove, evaluate):
        parser.add_argument("--project", type=Path, metavar="P", help="look into, or write to, this project's models")


def _list(args: argparse.Namespace) -> int:
    from app.inference.cards import scan_models
    from app.services.zoo.manifest import load_manifest

    cards, damaged = scan_models(args.project)
    installed = {card.name for card in cards}
    waiting = [entry for entry in load_manifest() if entry.name not in installed]
    if args.json:
        facts = {
            "installed": [{"name": c.name, "title": c.title, "kind": c.kind, "folder": str(c.folder)} for c in cards],
            "available": [{"name": e.name, "url": e.url, "licence": e.licence, "sha256": e.sha256} for e in waiting],
        }
        print(json.dumps(facts, indent=2, ensure_ascii=False))
        return 0
    print("Installed")
    for card in cards:
        where = "shipped" if card.shipped else str(card.folder)
        print(f"  {card.name:<22} {card.title}  [{card.licence}; {where}]")
    for folder, error in damaged:
        print(f"  {folder.name:<22} unreadable: {error}")
    print("To be fetched with `affectograph models install NAME`")
    for entry in waiting:
        mark = "  NON-COMMERCIAL DATA" if entry.non_commercial else ""
        print(f"  {entry.name:<22} {entry.card['title']}  [{entry.licence}]{mark}")
    return 0


def _info(args: argparse.Namespace) -> int:
    from app.cli.model_card import card_text
    from app.inference.cards import find_model

    print(card_text(find_model(args.name, args.project)))
    return 0


def _install(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.zoo.install import install
    from app.services.zoo.manifest import find_entry

    entry = find_entry(args.name)
    _show_terms(entry, args.url)
    if args.source is None and not args.yes:
        _ask()
    with shown_progress() as ctx:
        done = install(entry, ctx, url=args.url, source=args.source, project_file=args.project)
    print(f"{entry.name} is installed in {done.card.folder}")
    if not done.pinned:
        print(f"Its hash was not known beforehand. What you have is SHA-256 {done.sha256}; it is checked from now on.")
    return 0


def _show_terms(entry: "Entry", url: str | None) -> None:
    size = f"{entry.bytes:,} bytes" if entry.bytes else "size not known"
    print(f"{entry.card['title']} ({size})\n  source:  {entry.source}\n  licence: {entry.licence}")
    if entry.non_commercial:
        print("  This model may not be used commercially.")
    print(f"  address: {url or entry.url}")


def _ask() -> None:
    if not sys.stdin.isatty():
        raise UserError("Nothing is fetched unasked.", "Add --yes to agree to the licence and the download.")
    if input("Fetch it under this licence? [y/N] ").strip().lower() not in ("y", "yes"):
        raise UserError("Nothing was fetched.", "Use --from to install from a file or folder instead.")


def _add(args: argparse.Namespace) -> int:
    import tomllib

    import tomli_w

    from app.cli.progress import shown_progress
    from app.services.zoo.guide import propose
    from app.services.zoo.install import add_own

    name = args.name or args.file.stem.replace("-", "_").replace(".", "_")
    if args.card is not None:
        try:
            card = tomllib.loads(args.card.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise UserError(f"{args.card} cannot be read ({error}).", "Give a card in TOML.") from error
        card.setdefault("name", name)
    else:
        proposal = propose(args.file, name)
        card = proposal.card
        print("The card was proposed from the file's inputs and outputs. Check these guesses:")
        for question in proposal.questions:
            print(f"  - {question}")
        if args.write_card is not None:
            args.write_card.write_text(tomli_w.dumps(card), "utf-8")
            print(f"Correct {args.write_card}, then: affectograph models add {args.file} --card {args.write_card}")
            return 0
    with shown_progress() as ctx:
        done = add_own(card, args.file, ctx, args.project)
    print(f"{done.card.name} is installed in {done.card.folder}")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from app.inference.cards import find_model, scan_models
    from app.services.zoo.install import verify

    cards: list[ModelCard] = [find_model(args.name, args.project)] if args.name else []
    damaged: list[tuple[Path, UserError]] = []
    if not args.name:
        cards, damaged = scan_models(args.project)
    problems = [f"{folder.name}: {error}" for folder, error in damaged]
    for card in cards:
        found = verify(card)
        problems += [f"{card.name}: {problem}" for problem in found]
        if not found:
            print(f"{card.name}: as its card says")
    for problem in problems:
        print(f"affectograph: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _remove(args: argparse.Namespace) -> int:
    from app.services.zoo.install import remove

    print(f"removed {remove(args.name, args.project)}")
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.files import replacing
    from app.services.evaluate import evaluate_model

    with shown_progress() as ctx:
        result = evaluate_model(args.data, model=args.model, device=args.device, ctx=ctx, project_path=args.project)
    with replacing(args.json) as temporary:
        temporary.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    for key in ("fer_accuracy", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy", "images_per_s"):
        value = result[key]
        print(f"{key:<17} {value if value is None or isinstance(value, int) else f'{value:.4f}'}")
    return 0
