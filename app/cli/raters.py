"""`affectograph raters`: a model of raters says what is known of each item and of each rater, with intervals."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.addresses import is_server
from app.cli import Subparsers
from app.cli.looking import add_as, note_files
from app.cli.outputs import add_without_refused, refuse_outputs
from app.cli.project_place import project_place
from app.domain.words import many
from app.errors import UserError

if TYPE_CHECKING:
    from app.agreement.tables import ResultTable
    from app.domain.ratings import ProjectRatings
    from app.services.agreement.raters_model import RatersModel

MOST_ROWS: Final = 40
LEFT_OUT: Final = (
    "sd", "profile", "noise_low", "noise_high", "drift_low", "drift_high", "away", "gain_low", "gain_high",
    "offset_low", "offset_high",
)  # fmt: skip
WORDS: Final = ("item", "condition", "dimension", "emotion", "category", "what", "of", "profile")


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "raters",
        help="what is known of each item and each rater, by a model of raters",
        description="Fits one statistical model to intensities, one to categories and one to traces. They give what "
        "each item shows in each condition with an interval, the effect of context, and each rater's bias, use of the "
        "scale, noise and drift; of traces lag, gain, offset and noise (docs/statistics.md).",
    )
    parser.add_argument("project", type=project_place, nargs="?", metavar="PROJECT", help="a project")
    parser.add_argument("--ratings", type=Path, metavar="FILE.csv", help="tidy intensities")
    parser.add_argument("--categories", type=Path, metavar="FILE.csv", help="tidy categories")
    parser.add_argument("--study", metavar="NAME", help="use only labels of this study")
    parser.add_argument("--level", type=float, default=0.9, help="probability within an interval (default: 0.9)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="seed of everything random (default: 0)")
    parser.add_argument(
        "--as-given", action="store_true", help="count the intensities of raters who rate against the others or as "
        "if by chance as they stand; otherwise turned scales are turned back, and answers by chance do not count",
    )  # fmt: skip
    parser.add_argument("--without-traces", action="store_true", help="leave traces out, which take the longest")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the results as JSON")
    parser.add_argument("--csv", type=Path, metavar="DIR", help="write the tables as CSV and LaTeX into a folder")
    add_without_refused(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    refuse_outputs(args.json)
    from app.cli.looking import who_looks
    from app.cli.progress import shown_progress
    from app.cli.streams import print_refused
    from app.services.agreement.raters_model import make_raters_model, write_raters_model
    from app.services.consent.gate import covered_labels
    from app.services.projects.files import open_project
    from app.services.study.views import note_judged

    who = who_looks(args, args.project)
    data = _labels(args)
    if args.project is not None and (args.without_refused or args.json is not None or args.csv is not None):
        with open_project(args.project, read_only=True) as project:
            data, told = covered_labels(
                project, data, [one.rater for one in data.exclusions], without=args.without_refused
            )
        if told:
            print(f"Note: {told}")
    with shown_progress() as ctx:
        model = make_raters_model(
            ctx, data, level=args.level, seed=args.seed, with_traces=not args.without_traces, as_given=args.as_given
        )
    if args.project is not None:
        note_judged(args.project, "agreement", args.study or "", who)
    inputs = [Path(named) for named in (args.project, args.ratings, args.categories) if named and not is_server(named)]
    refused = write_raters_model(model, json_to=args.json, csv_to=args.csv, inputs=inputs)
    note_files(args, "model of raters", args.json, args.csv, who=who)
    _show(model)
    for error in refused:
        print_refused(error)
    return 1 if refused else 0


def _labels(args: argparse.Namespace) -> ProjectRatings:
    from app.services.labels.files import load_rating_files
    from app.services.labels.tables import load_project_ratings

    if args.project is not None and (args.ratings is not None or args.categories is not None):
        raise UserError(
            "A project and CSV files cannot be analysed together.",
            "Import the files into the project, or leave out the project.",
        )
    if args.project is not None:
        return load_project_ratings(args.project, args.study)
    if args.ratings is None and args.categories is None:
        raise UserError("There is nothing to analyse.", "Name a project, --ratings FILE.csv or --categories FILE.csv.")
    data, votes = load_rating_files(args.ratings, args.categories)
    if votes is not None and data.intensities is None:
        raise UserError(
            "A model of raters needs to know who gave each label.", "Give one row for each rater instead of votes."
        )
    return data


def _show(model: RatersModel) -> None:
    from rich.table import Table

    from app.cli.screen_table import heads
    from app.cli.streams import as_text, new_console

    console = new_console(110)
    for table in map(_narrow, model.tables):
        if not table.rows:
            continue
        shown = Table(title=as_text(table.title, "table.title"), title_justify="left")
        rows = table.shown()
        for name, head in zip(table.header, heads(table.header, rows[:MOST_ROWS], console.width, WORDS), strict=True):
            words = name in WORDS
            shown.add_column(head, justify="left" if words else "right", overflow="fold", no_wrap=not words)
        for row in rows[:MOST_ROWS]:
            shown.add_row(*map(as_text, row))
        console.print(shown)
        if len(rows) > MOST_ROWS:
            console.print(as_text(f"{many(len(rows) - MOST_ROWS, 'more row')}: --csv and --json write all."))
    for one in model.intensities.raters if model.intensities is not None else ():
        console.print(as_text(f"{one.rater}: {one.words}"))
    for panel in model.traces.panels if model.traces is not None else ():
        for r, rater in enumerate(panel.raters):
            console.print(as_text(f"{rater}, {panel.dimension}, {panel.condition}: {panel.words(r)}"))
    for told in _reliance(model):
        console.print(as_text(told))
    console.print(as_text(f"Intervals hold {100 * model.level:g} %, given the model (docs/statistics.md)."))
    for note in model.notes:
        console.print(as_text(f"Note: {note}"))


def _narrow(table: ResultTable) -> ResultTable:
    """Return a table without columns that the screen has no room for; confusions and curves are for files."""
    if "seen" in table.header or "time_s" in table.header:
        return replace(table, rows=())
    kept = [k for k, name in enumerate(table.header) if name not in LEFT_OUT]
    rows = tuple(tuple(row[k] for k in kept) for row in table.rows)
    return replace(table, header=tuple(table.header[k] for k in kept), rows=rows)


def _reliance(model: RatersModel) -> list[str]:
    """Return how often each rater says the category that he or she sees."""
    if model.categories is None:
        return []
    shares = zip(model.categories.raters, model.categories.reliance().tolist(), strict=True)
    return [f"{rater}: says the category that is seen in {100 * share:.0f} % of votes." for rater, share in shares]
