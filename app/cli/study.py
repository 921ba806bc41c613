"""`affectograph study`: makes studies, exchanges them as files, assigns raters, shows progress, simulates raters."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import Subparsers, study_expect, study_next
from app.cli.outputs import refuse_outputs
from app.cli.project_place import project_place

if TYPE_CHECKING:
    from app.domain.slots import Assignment
    from app.domain.study import Study
    from app.services.study.showable import Unshown


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser("study", help="make studies, assign raters, and see their progress")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    new = actions.add_parser("new", help="make a study: nine emotions 0–5, face only and full context, traces")
    _study(new)
    new.add_argument("--no-trace", action="store_true", help="do not ask for traces of valence and arousal")
    _dealing(new)
    new.set_defaults(run=_new)

    change = actions.add_parser("set", help="change the design of a study; `assign` then follows it")
    _study(change)
    _dealing(change)
    change.set_defaults(run=_set)

    show = actions.add_parser("show", help="show the progress of studies")
    show.add_argument("project", type=project_place, metavar="P")
    show.add_argument("study", metavar="NAME", nargs="?")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.set_defaults(run=_show)

    bring = actions.add_parser("import", help="import a study from a file; a changed study becomes its next version")
    bring.add_argument("project", type=project_place, metavar="P")
    bring.add_argument("file", type=Path, metavar="FILE.toml")
    bring.set_defaults(run=_import)

    export = actions.add_parser("export", help="write a study as a readable file")
    _study(export)
    export.add_argument("--version", type=int, metavar="N", help="an earlier version (default: the newest)")
    export.add_argument("--out", type=Path, metavar="FILE.toml", help="the file to write (default: NAME.toml)")
    export.set_defaults(run=_export)

    for name, text, run in (
        ("assign", "give raters their lists of items; later, extend the lists by new clips and raters", _assign),
        ("preview", "show what `assign` would do, and change nothing", _preview),
    ):
        action = actions.add_parser(name, help=text)
        _study(action)
        action.add_argument(
            "--seed", type=int, metavar="S", help="seed of everything random (default: the seed of the last time)"
        )
        action.add_argument(
            "--without", nargs="+", default=[], metavar="CODE", help="raters who receive no further items"
        )
        action.add_argument("--csv", type=Path, metavar="OUT", help="also write the whole assignment as CSV")
        action.add_argument("--raters", nargs="+", default=[], metavar="CODE", help="raters who join the study")
        action.add_argument("--items", nargs="+", metavar="ITEM", help="items to add (default: all of the project)")
        action.set_defaults(run=run)

    rater = actions.add_parser("rater", help="add a rater, or change a rater's role and PIN")
    rater.add_argument("project", type=project_place, metavar="P")
    rater.add_argument("rater", metavar="CODE", help="a pseudonym such as R01")
    rater.add_argument("--role", choices=("rater", "reviewer", "owner"), help="the role (default: rater)")
    pin = rater.add_mutually_exclusive_group()
    pin.add_argument("--pin", action="store_true", help="ask for a new PIN on the terminal")
    pin.add_argument("--no-pin", action="store_true", help="no longer ask for a PIN")
    rater.set_defaults(run=_rater)

    study_expect.add_to(actions)
    study_next.add_to(actions)

    simulate = actions.add_parser("simulate", help="fill a study with simulated raters, marked as such for good")
    _study(simulate)
    simulate.add_argument("--raters", type=int, default=3, metavar="N", help="number of raters (3)")
    simulate.add_argument("--seed", type=int, default=0, metavar="S", help="seed of everything random (0)")
    simulate.set_defaults(run=_simulate)


def _study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=project_place, metavar="P")
    parser.add_argument("study", metavar="NAME")


def _dealing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--raters-per-cell", type=int, metavar="K", help="number of raters for each item and condition")
    parser.add_argument(
        "--min-distance",
        type=int,
        metavar="N",
        help="number of other clips shown between two presentations of one clip",
    )
    parser.add_argument(
        "--passes", type=int, metavar="N", help="number of times that each rater judges everything (test-retest)"
    )
    parser.add_argument(
        "--attention-every", type=int, metavar="N", help="ask an attention check after about N items; 0 for never"
    )
    parser.add_argument(
        "--visible-share",
        type=float,
        metavar="S",
        help="least share of an item's time in which its face must be found (0.8)",
    )
    parser.add_argument(
        "--setup-check",
        choices=("off", "offered", "required"),
        help="check sound and screen before a rater's first clip",
    )
    parser.add_argument(
        "--codes",
        choices=("auto", "listed", "hidden"),
        help="let raters choose their code from a list (auto: unless the project has an owner)",
    )
    parser.add_argument("--pin-required", choices=("yes", "no"), help="do not let raters without a PIN sign in")
    parser.add_argument(
        "--deal-incomplete", choices=("yes", "no"), help="also give out items that cannot be shown in every condition"
    )


_DEALING = ("raters_per_cell", "min_distance", "passes", "attention_every", "visible_share", "setup_check", "codes")


def _wanted(args: argparse.Namespace) -> dict[str, Any]:
    """Return what was named of how a study deals."""
    wanted = {name: getattr(args, name) for name in _DEALING}
    for name in ("deal_incomplete", "pin_required"):
        said = getattr(args, name)
        wanted[name] = None if said is None else said == "yes"
    return {name: value for name, value in wanted.items() if value is not None}


def _new(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from app.domain.study_defaults import default_study
    from app.services.projects.files import open_sound
    from app.services.study.setup import store_new_study

    study = default_study(args.study, trace=not args.no_trace)
    study = replace(study, **_wanted(args))
    with open_sound(args.project) as project:
        record = store_new_study(project, study)
    print(f"made study {record.name}, version {record.version}")
    return 0


def _set(args: argparse.Namespace) -> int:
    from app.errors import UserError
    from app.services.projects.files import open_sound
    from app.services.study.owner import change_dealing
    from app.services.study.setup import stored_study

    wanted = _wanted(args)
    if not wanted:
        raise UserError("Nothing was named to change.", "Name --min-distance, --raters-per-cell or --passes.")
    with open_sound(args.project) as project:
        before = stored_study(project, args.study).version
        record = change_dealing(project, args.study, **wanted)
    if record.version == before:
        print(f"study {record.name} is like this already, at version {record.version}")
    else:
        print(f"study {record.name} is at version {record.version}: `study assign` follows it")
        print("clips that were given out stay given out; a rater whose clips do not change keeps their order")
    return 0


def _show(args: argparse.Namespace) -> int:
    import json

    from app.domain.words import many
    from app.services.projects.files import open_sound
    from app.services.projects.relink import way_if_missing
    from app.services.study.owner import imported_words, study_state
    from app.services.study.setup import study_names

    with open_sound(args.project, read_only=True) as project:
        names = [args.study] if args.study else study_names(project)
        states = [study_state(project, name) for name in names]
        way = way_if_missing(project)
    if args.json:
        print(json.dumps([_as_json(state) for state in states], ensure_ascii=False, indent=2))
        return 0
    if not states:
        print("no study yet: make one with `affectograph study new P NAME`")
    for state in states:
        study = state.record.study
        print(f"{study.name}, version {study.version}: {many(state.items, 'item')}, {many(state.answers, 'answer')}")
        conditions = ", ".join(condition.name for condition in study.conditions)
        print(f"  conditions {conditions}; {study.design}; {many(study.passes, 'pass', 'passes')}")
        for one in state.raters:
            done = f"{one.progress.done} of {one.progress.total}" if one.progress else "nothing assigned"
            marks = [
                "simulated" if one.member.simulated else "",
                "left" if one.member.left_at else "",
                "unblinded" if one.member.unblinded_at else "",
                "attention {} of {}".format(*one.attention) if one.attention[1] else "",
            ]
            print(f"  {one.member.rater}: {', '.join([done, *filter(None, marks)])}")
        if told := imported_words(state.raters):
            print(f"  {told}")
        lacking = sum(state.missing.values())
        if lacking:
            print(f"  {many(lacking, 'judgement still lacks', 'judgements still lack')} a rater")
        _print_flags(state.flags, study)
    if way:
        print(way)
    return 0


NAMED = 3
"""Largest number of items that are named one by one."""


def _print_flags(flags: "Sequence[Unshown]", study: "Study") -> None:
    """Print what cannot be shown as a condition demands, one line for each reason, and what can be done about it."""
    from app.domain.words import many
    from app.services.study.showable import UNANALYSED, grouped

    for (condition, why), items in grouped(flags).items():
        print(f"  {condition}, {', '.join(items) if len(items) <= NAMED else many(len(items), 'item')}: {why}")
    for todo in dict.fromkeys(one.obstacle.todo for one in flags):
        print(f"  {todo}")
    if any(one.obstacle == UNANALYSED for one in flags):
        print("  `affectograph analyze CLIP --project P` finds the faces that items need")
    if any(one.obstacle.kind != "file" for one in flags) and len(study.conditions) > 1:
        print(
            "  These are still given out in the other conditions; --deal-incomplete no changes this"
            if study.deal_incomplete
            else "  These are not given out in any condition; `study set P NAME --deal-incomplete yes` changes this"
        )


def _as_json(state: object) -> dict[str, object]:
    from app.domain.study import study_to_dict
    from app.services.study.owner import StudyState

    assert isinstance(state, StudyState)
    return {
        "study": study_to_dict(state.record.study),
        "items": state.items,
        "answers": state.answers,
        "raters": [
            {
                "rater": one.member.rater,
                "simulated": one.member.simulated,
                "left": one.member.left_at is not None,
                "unblinded": one.member.unblinded_at is not None,
                "done": one.progress.done if one.progress else 0,
                "total": one.progress.total if one.progress else 0,
                "attention": {"passed": one.attention[0], "asked": one.attention[1]},
            }
            for one in state.raters
        ],
        "missing": [{"item": i, "condition": c, "raters": n} for (i, c), n in state.missing.items()],
        "flags": [
            {"item": one.item, "condition": one.condition, "why": one.obstacle.words, "todo": one.obstacle.todo}
            for one in state.flags
        ],
    }


def _import(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_sound
    from app.services.study.owner import import_study

    with open_sound(args.project) as project:
        record = import_study(project, args.file)
    print(f"study {record.name} is at version {record.version}")
    return 0


def _export(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_sound
    from app.services.study.owner import export_study

    out = args.out or Path(f"{args.study}.toml")
    with open_sound(args.project, read_only=True) as project:
        export_study(project, args.study, out, args.version)
    print(f"wrote {out}")
    return 0


def _assign(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_sound
    from app.services.study.setup import flags_of, give_out, stored_study

    refuse_outputs(args.csv)  # before anything is assigned
    with open_sound(args.project) as project:
        made = give_out(project, args.study, args.seed, items=args.items, raters=args.raters, without=args.without)
        study = stored_study(project, args.study)
        _print_plan(args, study, made)
        _print_flags(flags_of(project, args.study), study)
    return 0


def _preview(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_sound
    from app.services.study.owner import plan
    from app.services.study.setup import stored_study

    with open_sound(args.project, read_only=True) as project:
        made = plan(
            project, args.study, args.seed, without=args.without, joining=args.raters, more=args.items
        )  # fmt: skip
        _print_plan(args, stored_study(project, args.study), made)
    return 0


def _print_plan(args: argparse.Namespace, study: "Study", made: "Assignment") -> None:
    from rich.table import Table

    from app.cli.streams import as_text, new_console
    from app.domain.words import many
    from app.services.study.assignment_rows import balance_rows, preview_rows

    header = ("rater", "place", "purpose", "item", "condition", "pass", "kind", "state")
    if args.csv is not None:
        from app.domain.spreadsheet import SheetWriter
        from app.results import result

        with result(args.csv) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
            writer = SheetWriter(text)
            writer.writerows([header, *preview_rows(made.slots)])
            text.flush()
        print(f"wrote {args.csv}")
    console = new_console(110)
    if args.action == "preview" and args.csv is None:
        table = Table(*header)
        for row in preview_rows(made.slots):
            table.add_row(*map(as_text, row))
        console.print(table)
    balance = Table(title="Presentations", title_justify="left")
    for name in ("rater", *(c.name for c in study.conditions), "all"):
        balance.add_column(as_text(name))
    for row in balance_rows(study, made.slots):
        balance.add_row(*map(as_text, row))
    console.print(balance)
    for note in made.notes:
        print(note)
    lacking = sum(made.missing.values())
    if lacking:
        print(
            f"{many(lacking, 'judgement lacks', 'judgements lack')} a rater: the study wants {study.raters_per_cell} "
            "for each item and condition."
        )


def _new_pin() -> str:
    """Ask for a PIN twice.

    Raises:
        UserError: Nobody can be asked, or the two differ.
    """
    import sys
    from getpass import getpass

    from app.errors import UserError

    if not sys.stdin.isatty():
        raise UserError(
            "A PIN can only be asked for on a terminal, and there is none.", "Run the command in a terminal."
        )
    pin = getpass("New PIN: ")
    if not pin or pin != getpass("Again: "):
        raise UserError("The two PINs differ, or are empty.", "Try again.")
    return pin


def _rater(args: argparse.Namespace) -> int:
    from app.services.projects.files import open_sound
    from app.services.study.reviewers import set_person

    # Asked before anything is stored: a PIN that was not given must not leave an owner without one.
    pin = _new_pin() if args.pin else ""
    with open_sound(args.project) as project:
        rater = set_person(project, args.rater, args.role, pin if args.pin or args.no_pin else None)
    print(f"{rater.code}: {rater.role}{', with PIN' if rater.has_pin else ''}")
    return 0


def _simulate(args: argparse.Namespace) -> int:
    from app.cli.progress import shown_progress
    from app.domain.words import many
    from app.services.projects.files import open_sound
    from app.services.study.setup import flags_of, stored_study
    from app.services.study.simulate import simulate_study

    with open_sound(args.project) as project, shown_progress() as ctx:
        done = simulate_study(project, args.study, args.raters, args.seed, add_items=True, ctx=ctx)
        study, flags = stored_study(project, args.study), flags_of(project, args.study)
    print(f"{many(args.raters, 'simulated rater')} gave {many(done, 'answer')}")
    _print_flags(flags, study)  # what nobody could judge
    return 0
