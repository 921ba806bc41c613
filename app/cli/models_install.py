"""`affectograph models install` and `models add`: both show a model's source and licence, and ask for agreement."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import Subparsers
from app.cli.project_place import project_home
from app.errors import Cancelled, UserError

if TYPE_CHECKING:
    from app.services.models.zoo.guide import Proposal
    from app.services.models.zoo.manifest import ZooEntry


def add_install(actions: Subparsers, project: argparse.ArgumentParser) -> None:
    """Add `install` to the `models` group."""
    install = actions.add_parser(
        "install",
        parents=[project],
        help="fetch a vetted model, or take it from a file or folder",
        description="Shows source, size and licence, and asks for your agreement. A download that was interrupted "
        "continues where it stopped.",
    )
    install.add_argument("name", metavar="NAME", help="a name from `models list`")
    install.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="PATH",
        help="take the model from this file, or from a folder that holds it, and fetch nothing",
    )
    install.add_argument("--url", help="fetch it from this address instead of the listed one")
    install.add_argument("--yes", action="store_true", help="agree to the licence and the size without being asked")
    install.add_argument(
        "--accept-new-hash",
        action="store_true",
        help="where no hash is pinned: accept another file than the first time",
    )
    install.set_defaults(run=_install)


def add_add(actions: Subparsers, project: argparse.ArgumentParser) -> None:
    """Add `add` to the `models` group."""
    add = actions.add_parser(
        "add",
        parents=[project],
        help="add an ONNX face model of your own",
        description="Examines the file in a separate process, proposes a card from its inputs and outputs, and says "
        "what it guessed. Correct the guesses in a file (--write-card, then --card), or confirm them. "
        "The file of a "
        "model of the zoo is recognised and installed as such.",
    )
    add.add_argument("file", type=Path, metavar="FILE.onnx")
    add.add_argument("--name", help="the name of the model (default: the file's name)")
    add.add_argument("--licence", metavar="TEXT", help="the licence under which it may be used")
    add.add_argument(
        "--card", type=Path, metavar="FILE.toml", help="a card that you wrote; without it, one is proposed"
    )
    add.add_argument(
        "--write-card", type=Path, metavar="FILE", help="write the proposed card into this file and add nothing"
    )
    add.add_argument("--yes", action="store_true", help="confirm the guesses without being asked")
    add.set_defaults(run=_add)


def _install(args: argparse.Namespace) -> int:
    from app.services.models.zoo.install import found
    from app.services.models.zoo.manifest import find_entry

    entry = find_entry(args.name)
    source = None if args.source is None else found(args.source, entry)
    return _install_entry(entry, source, args.url, args.accept_new_hash, args)


def _install_entry(
    entry: "ZooEntry", source: Path | None, url: str | None, accept_new_hash: bool, args: argparse.Namespace
) -> int:
    """Show the terms, ask, install."""
    from app.cli.progress import shown_progress
    from app.services.models.zoo.install import install, part_size

    show_terms(entry, url, source)
    if not args.yes:
        verb, done = ("Fetch", "fetched") if source is None else ("Install", "installed")
        _ask(
            f"{verb} it under this licence?",
            f"Nothing is {done} without your agreement.",
            "Use --yes to agree beforehand.",
        )
    try:
        with shown_progress() as ctx:
            done_it = install(
                entry, ctx, url=url, source=source, project_file=project_home(args), accept_new_hash=accept_new_hash
            )
    except Cancelled:
        if source is None and part_size(entry.name):
            print("What has arrived is kept; the same command continues from there.", file=sys.stderr)
        raise
    print(f"{entry.name} is installed in {done_it.card.folder}")
    if not done_it.pinned:
        print(
            f"Its hash was not known beforehand. Your file has the SHA-256 {done_it.sha256}, which is checked from "
            f"now on."
        )
    return 0


def show_terms(entry: "ZooEntry", url: str | None, source: Path | None = None) -> None:
    """Print what a vetted model is, its size and licence, and where it comes from."""
    from app.addresses import without_credentials
    from app.domain.words import file_size

    size = entry.bytes if source is None else source.stat().st_size
    print(f"{entry.card['title']}\n{entry.card['summary']}\n  made by: {entry.source}")
    print(f"  licence: {entry.licence}")
    if entry.non_commercial:
        print("  NON-COMMERCIAL: this model may not be used commercially.")
    print(f"  size:    {file_size(size)}")
    print(f"  from:    {source or without_credentials(url or entry.url)}")
    print(f"  SHA-256: {entry.sha256 or 'not pinned; it is shown and kept at the first installation'}")


def _ask(question: str, unasked: str, otherwise: str) -> None:
    """Ask, and continue only after a yes."""
    if not sys.stdin.isatty():
        raise UserError(unasked, otherwise)
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise UserError("Nothing was done.", otherwise)


def _add(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.services.models.zoo.install import add_own
    from app.services.models.zoo.recognise import entry_to_install

    if args.file.is_dir():
        raise UserError(f"{args.file} is a folder.", "Name the .onnx file in it.")
    if args.name is None and args.card is None and args.write_card is None:
        entry = entry_to_install(args.file)
        if entry is not None:
            print(f"{args.file.name} is the zoo's {entry.name}: it is installed with the card that was tested for it.")
            return _install_entry(entry, args.file, None, False, args)
    card, questions = _card_of(args)
    if args.licence:
        card["licence"] = args.licence
    if args.write_card is not None:
        return _write_card(args.file, args.write_card, card, questions)
    if args.card is None and not args.yes:
        _ask("Add it like this?", "The guesses were not confirmed.", "Use --write-card to correct them, or --yes.")
    with shown_progress() as ctx:
        done = add_own(card, args.file, ctx, project_home(args))
    print(f"{done.card.name} is installed in {done.card.folder}")
    return 0


def _card_of(args: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    """Return the card that was written for the file, or one that is proposed and shown, with what was guessed in it."""
    import tomllib

    from app import toml_text
    from app.services.models.zoo.guide import own_name, propose
    from app.services.models.zoo.install import check_name

    name = args.name or own_name(args.file)
    if args.card is not None:
        try:
            card = toml_text.loads(args.card.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise UserError(f"The card {args.card} cannot be read ({reason}).", "Give a card in TOML.") from error
        return card | {"name": args.name or card.get("name", name)}, []
    check_name(name, project_home(args))
    proposal = propose(args.file, name)
    _show_guesses(proposal)
    return proposal.card(), proposal.questions


def _show_guesses(proposal: "Proposal") -> None:
    from app.services.models.zoo.fit import shape_text

    facts = proposal.facts
    for word, tensors in (("takes", facts.inputs), ("gives", facts.outputs)):
        for tensor in tensors:
            print(f"It {word} {tensor.name}: {shape_text(tensor.shape)}, {tensor.dtype}")
    print(f"It has {facts.parameters:,} parameters.\nThese were guessed; check them:")
    for question in proposal.questions:
        print(f"  - {question}")


def _write_card(model: Path, path: Path, card: dict[str, object], questions: list[str]) -> int:
    """Write a card to be corrected, the questions and the common answers above it."""
    import tomli_w

    from app.results import result
    from app.services.models.zoo.guide import CLASS_ORDERS, NORMALISATIONS

    notes = ["These were guessed; correct what is wrong below.", *(f"- {question}" for question in questions)]
    notes += ["", "Pixels are commonly scaled as one of:"]
    notes += [
        f"- {name}: " + "; ".join(f"{k} = {v}" for k, v in table.items()) for name, table in NORMALISATIONS.items()
    ]
    notes += ["", "Classes commonly come in one of these orders:"]
    notes += [f"- {name}: {', '.join(classes)}" for name, classes in CLASS_ORDERS.items()]
    with result(path) as temporary:
        text = "".join(f"# {note}".rstrip() + "\n" for note in notes)
        temporary.write_text(f"{text}\n{tomli_w.dumps(card)}", "utf-8")
    words = ["affectograph", "models", "add", str(model), "--card", str(path)]
    print(f"Correct {path}, then: {shlex.join(words)}")
    return 0
