"""`affectograph study next` and `asked`: which judgements help most, dealing them, and what was asked for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.cli import Subparsers
from app.cli.looking import add_as
from app.cli.outputs import refuse_outputs
from app.cli.project_place import project_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.study.asking import Proposal

HEADER: Final = ("rater", "item", "condition", "chosen_by", "expected_drop")
ASKED_HEADER: Final = ("rater", "item", "condition", "chosen_by")


def add_to(actions: Subparsers) -> None:
    """Add the actions to the group `study`."""
    ask = actions.add_parser(
        "next",
        help="find the judgements that help most, and deal them",
        description="From the model of raters: which item in which condition to ask of which rater, so that intervals "
        "become narrower, within the rules of the study. Nothing is changed without --deal.",
    )
    ask.add_argument("project", type=project_place, metavar="P")
    ask.add_argument("study", metavar="NAME")
    ask.add_argument("--count", type=int, default=20, metavar="N", help="judgements of the batch (default: 20)")
    ask.add_argument(
        "--aim", choices=("items", "context", "gaps", "models"), default="items",
        help="what is to be known better: every item in every condition (default), the effect of context, items on "
        "which people and the model of faces part, or items on which such models differ from each other",
    )  # fmt: skip
    ask.add_argument("--emotion", default="", metavar="E", help="the only emotion that counts (default: all)")
    ask.add_argument(
        "--share", type=float, default=0.2, metavar="S",
        help="share of the batch that is dealt at random, for statistics that assume it (default: 0.2)",
    )  # fmt: skip
    ask.add_argument("--seed", type=int, default=0, metavar="S", help="seed of everything random (default: 0)")
    ask.add_argument("--most-each", type=int, metavar="N", help="largest number for one rater")
    ask.add_argument("--raters", nargs="+", default=[], metavar="CODE", help="raters to ask (default: all)")
    ask.add_argument(
        "--narrow", type=float, metavar="W",
        help="tell after how many judgements a typical 90 %% interval is ±W points or narrower",
    )  # fmt: skip
    ask.add_argument("--deal", action="store_true", help="give these judgements to the raters, and note it")
    ask.add_argument("--csv", type=Path, metavar="OUT", help="also write the judgements as CSV")
    add_as(ask)
    ask.set_defaults(run=_next)

    asked = actions.add_parser("asked", help="list the judgements that were asked for, or take back the last batch")
    asked.add_argument("project", type=project_place, metavar="P")
    asked.add_argument("study", metavar="NAME")
    asked.add_argument("--take-back", action="store_true", help="take back what nobody has started of the last batch")
    asked.add_argument("--csv", type=Path, metavar="OUT", help="write the list as CSV")
    asked.set_defaults(run=_asked)


def _next(args: argparse.Namespace) -> int:
    refuse_outputs(args.csv)
    from app.agreement.bayes.next_best import Aim
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.services.agreement.asked_models import weights_of
    from app.services.projects.files import open_sound
    from app.services.study.asking import Wish, deal_asked, propose
    from app.services.study.views import note_judged

    who = who_looks(args, args.project)
    wish = Wish(
        args.count, Aim(args.aim, args.emotion), args.share, args.seed, args.most_each, args.narrow, tuple(args.raters)
    )
    with open_sound(args.project, read_only=not args.deal) as project:
        with shown_progress() as ctx:
            found = propose(ctx, project, args.study, wish, weights_of)
        made = deal_asked(project, found, who.code) if args.deal else None
    note_judged(args.project, "agreement", args.study, who)
    if args.csv is not None:
        rows = [(o.rater, o.item, o.condition, o.how, f"{o.drop:.6g}") for o in found.judgements]
        _write(args.csv, HEADER, rows)
    _show(found)
    if made is None:
        print("nothing was changed; --deal gives these judgements to the raters")
    else:
        print("dealt: the judgements stand at the end of the raters' lists")
        for note in made.notes:
            print(f"note: {note}")
    return 0


def _show(found: Proposal) -> None:
    from rich.table import Table

    from app.cli.streams import as_text, new_console

    console = new_console(100)
    table = Table(title=as_text(f"What helps most in {found.study}", "table.title"), title_justify="left")
    for name in ("rater", "item", "condition", "chosen by"):
        table.add_column(name, overflow="fold")
    table.add_column("expected drop", justify="right")
    for one in found.judgements[:40]:
        cells = (one.rater, one.item, one.condition, "model" if one.how == "asked" else "chance", f"{one.drop:.2g}")
        table.add_row(*map(as_text, cells))
    console.print(table)
    if len(found.judgements) > 40:
        console.print(as_text(f"{len(found.judgements) - 40} more: --csv writes all."))
    for line in found.known:
        console.print(as_text(line))
    for note in found.notes:
        console.print(as_text(f"Note: {note}"))


def _asked(args: argparse.Namespace) -> int:
    refuse_outputs(args.csv)
    from app.domain.words import many
    from app.services.projects.files import open_sound
    from app.services.study.asking import asked_rows, take_back

    with open_sound(args.project, read_only=not args.take_back) as project:
        if args.take_back:
            print(f"took back {many(take_back(project, args.study), 'judgement')}")
        rows = asked_rows(project, args.study)
    if args.csv is not None:
        _write(args.csv, ASKED_HEADER, rows)
    chance = sum(row[3] == "random" for row in rows)
    print(f"{many(len(rows), 'judgement was', 'judgements were')} asked for, {chance} of them dealt at random")
    return 0


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from app.domain.spreadsheet import SheetWriter
    from app.results import result

    with result(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
        writer = SheetWriter(text)
        writer.writerows([header, *rows])
        text.flush()
    print(f"wrote {path}")
