"""`affectograph agreement`: disagreement, reliability and condition effects of a project or of CSV files."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.addresses import is_server, shown_place
from app.batch import Failures
from app.cli import Subparsers
from app.cli.agreement_report import choice_of, inputs_of, screen_of, write_reports
from app.cli.looking import add_as, note_files
from app.cli.outputs import add_scheduler, add_without_refused, refuse_outputs
from app.cli.project_place import project_place
from app.cli.screen_table import heads
from app.cli.streams import as_text, new_console, print_refused
from app.errors import UserError
from app.held import is_held

if TYPE_CHECKING:
    from app.agreement.provenance import Provenance, SourceFile
    from app.agreement.report import AgreementReport
    from app.agreement.settings import AgreementSettings
    from app.agreement.trace_report import TraceAgreement
    from app.domain.ratings import CategoryTable, CountTable, ProjectRatings, RatingTable
    from app.services.agreement.reliability import Reliability
    from app.services.agreement.results import Results

WORDS: Final = ("condition", "dimension", "emotion", "category", "of", "estimator")
"""Heads of columns that hold words, which may be broken into lines."""


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "agreement",
        help="disagreement and reliability of human labels, with and without context",
        description="Disagreement, Krippendorff's alpha, kappa and the effect of the viewing condition. At least one "
        "source is needed: a project, a CSV file of intensities, or a CSV file of categories or of votes "
        "for each category.",
    )
    parser.add_argument("project", type=project_place, nargs="?", metavar="PROJECT", help="a project file")
    parser.add_argument("--ratings", type=Path, metavar="FILE.csv", help="tidy intensities")
    parser.add_argument("--categories", type=Path, metavar="FILE.csv", help="tidy categories, or votes per category")
    parser.add_argument(
        "--raters",
        type=Path,
        metavar="FILE.csv",
        help="which raters in these files are simulated (default: raters.csv beside them, as exported)",
    )
    parser.add_argument(
        "--by",
        choices=("item", "clip", "subject"),
        help="the unit that intervals and p values resample (default: the highest level the labels name: subject, "
        "else clip)",
    )
    parser.add_argument(
        "--bootstrap",
        type=_count,
        default=1000,
        metavar="B",
        help="resamples of --interval bootstrap and of traces; 0 for no intervals at all (default: 1000)",
    )
    parser.add_argument(
        "--interval",
        choices=("jackknife", "bootstrap"),
        default="jackknife",
        help="t interval of the delete-one jackknife (default), or percentile bootstrap",
    )
    add_scheduler(parser)
    parser.add_argument(
        "--icc-interval",
        choices=("jackknife", "F"),
        default="jackknife",
        help="intervals of intraclass correlations; F is valid for normal scores only (default: jackknife)",
    )
    parser.add_argument(
        "--scale",
        metavar="LOW:HIGH",
        help="ends of the scale of --ratings, such as 0:5 or --scale=-3:3 (default: as the file's header or the "
        "dictionary.csv beside it states, else the scores that occur)",
    )
    parser.add_argument(
        "--present",
        type=float,
        metavar="SCORE",
        help="lowest score at which an emotion counts as present (default: any score above the scale's lowest point)",
    )
    parser.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of everything random (default: 0)")
    parser.add_argument("--study", metavar="NAME", help="analyse only this study of the project")
    parser.add_argument("--traces", action="store_true", help="also analyse the agreement of the project's traces")
    parser.add_argument(
        "--with-excluded", action="store_true", help="also count the raters that the project leaves out"
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="RATER", help="leave a rater out (repeatable)"
    )
    parser.add_argument(
        "--take-back", action="append", default=[], metavar="RATER",
        help="count a rater who was set aside because he or she opposes the others or never moves (repeatable)",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the results as JSON")
    parser.add_argument("--html", type=Path, metavar="OUT", help="write a self-contained HTML page")
    parser.add_argument(
        "--pdf", type=Path, metavar="OUT", help="write the report as PDF: findings on the first page, then everything"
    )
    parser.add_argument("--csv", type=Path, metavar="DIR", help="write the tables as CSV and LaTeX into a folder")
    add_without_refused(parser)
    add_as(parser)
    parser.set_defaults(run=_run)


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("a whole number from 0 is needed")
    return value


def _run(args: argparse.Namespace) -> int:
    from app.agreement.provenance import facts_of_traces
    from app.agreement.report import AgreementReport
    from app.agreement.settings import AgreementSettings
    from app.agreement.trace_report import trace_agreement
    from app.cli.looking import who_looks
    from app.services.agreement.choose import best_unit, highest_unit, labels_of
    from app.services.agreement.results import left_out
    from app.services.consent.gate import covered_labels
    from app.services.projects.files import open_project
    from app.services.study.views import note_judged

    refuse_outputs(args.json, args.html, args.pdf, inputs=inputs_of(args))
    who = who_looks(args, args.project)
    data, votes = _sources(args)
    data = replace(data, taken_back=(*data.taken_back, *args.take_back))
    if args.project is not None and (args.without_refused or any((args.json, args.html, args.pdf, args.csv))):
        with open_project(args.project, read_only=True) as project:
            data, told = covered_labels(project, data, _dropped(data, args), without=args.without_refused)
        if told:
            print(f"Note: {told}")
    ratings, categories = _kept(data, votes, args)
    unit = args.by or (best_unit(data) if votes is None else highest_unit(votes.items, votes.item))
    settings = AgreementSettings(
        unit=unit, replicates=args.bootstrap, seed=args.seed, interval=args.interval, present=args.present,
        icc_interval=args.icc_interval,
    )  # fmt: skip
    traced = [t for t in data.traces if t.rater not in _dropped(data, args)]
    if ratings is None and categories is None and traced:
        report = AgreementReport((), (), (), settings)
    else:
        report = _report(ratings, categories, settings, args.scheduler)
    gone = left_out(labels_of(data, args.study or ""), choice_of(args))
    report = replace(report, sources=_read(args), exclusions=gone)
    if args.project is not None:
        note_judged(args.project, "agreement", args.study or "", who)  # after the file's hash, which it changes once
    wanted = args.html is not None or args.pdf is not None
    results = screen_of(report, data, args) if wanted else None
    reliability = _reliability(results, data, settings, args)
    traces: list[TraceAgreement] = []
    if traced and (args.traces or (ratings is None and categories is None)):
        known = list(results.traces) if results is not None else None
        traces = known or trace_agreement(traced, settings, data.taken_back)
    failures = Failures(on_failure=print_refused)
    provenance = report.provenance.also(
        [
            *(reliability.estimates() if reliability is not None else ()),
            *(e for one in traces for e in one.estimates()),
        ],
        [facts for facts in (facts_of_traces(traced) if traces else None,) if facts is not None],
    )
    _write(report, traces, reliability, provenance, args, failures)
    if results is not None:
        write_reports(results, data, args, failures)
    note_files(args, "agreement", args.json, args.html, args.pdf, args.csv, who=who)
    if args.by is None and args.bootstrap:
        print(
            f"Note: intervals and p values resample {unit}s, the highest level that the labels name (--by changes it)."
        )
    for warning in report.warnings:
        print(f"Note: {warning}")
    _show(report, reliability, traces, provenance)
    for one in traces:
        print(one.mean_pairwise.sentence())
        print(one.alpha.sentence())
    return 1 if failures else 0


def _report(
    ratings: RatingTable | None,
    categories: CategoryTable | CountTable | None,
    settings: AgreementSettings,
    scheduler: str,
) -> AgreementReport:
    """Compute the table, a bootstrap with the workers of a cluster if one is named."""
    from app.agreement.report import agreement_report
    from app.cli.progress import shown_progress
    from app.services.agreement.spread import spread

    if scheduler and settings.interval != "bootstrap":
        raise UserError("Only a bootstrap uses a cluster.", "Leave out --scheduler, or add --interval bootstrap.")
    with shown_progress() as ctx, spread(scheduler, ctx) as each:
        return agreement_report(ratings, categories, settings, each)


def _read(args: argparse.Namespace) -> tuple[SourceFile, ...]:
    """The files behind the labels with their hashes, which servers and projects open in this process do not have."""
    from app.agreement.provenance import SourceFile

    out = []
    for named in (args.project, args.ratings, args.categories):
        if named is None:
            continue
        path = Path(named)
        if is_server(named):
            out.append(SourceFile(shown_place(named)))
        elif is_held(path):
            out.append(SourceFile(path.name))
        else:
            with path.open("rb") as file:
                out.append(SourceFile(path.name, hashlib.file_digest(file, "sha256").hexdigest()))
    return tuple(out)


def _sources(args: argparse.Namespace) -> tuple[ProjectRatings, CountTable | None]:
    """Return the labels, and votes where a file has only these."""
    from app.interchange.scale import asked_scale
    from app.services.labels.files import load_rating_files

    if args.scale is not None and args.ratings is None:
        raise UserError("A scale belongs to a file of intensities.", "Name --ratings, or leave out --scale.")

    if args.raters is not None and args.ratings is None and args.categories is None:
        raise UserError(
            "A list of raters belongs to a file of labels.", "Name --ratings or --categories, or leave out --raters."
        )
    if args.project is not None and (args.ratings is not None or args.categories is not None):
        raise UserError(
            "A project and CSV files cannot be analysed together.",
            "Import the files into the project, or leave out the project.",
        )
    if args.traces and args.project is None:
        raise UserError("Traces are read from a project.", "Name a project, or leave out --traces.")
    if args.project is not None:
        from app.services.labels.tables import load_project_ratings

        loaded = load_project_ratings(
            args.project, args.study, with_traces=args.traces or args.html is not None or args.pdf is not None
        )
        if loaded.intensities is None and loaded.categories is None and not loaded.traces:
            loaded = load_project_ratings(args.project, args.study)
        return loaded, None
    if args.ratings is None and args.categories is None:
        raise UserError("There is nothing to analyse.", "Name a project, --ratings FILE.csv or --categories FILE.csv.")
    scale = None if args.scale is None else asked_scale(args.scale)
    return load_rating_files(args.ratings, args.categories, args.raters, scale)


def _dropped(data: ProjectRatings, args: argparse.Namespace) -> set[str]:
    """Return raters who do not count: those named on the command line and those the project leaves out."""
    return set(args.without) | (set() if args.with_excluded else {one.rater for one in data.exclusions})


def _kept(
    data: ProjectRatings, votes: CountTable | None, args: argparse.Namespace
) -> tuple[RatingTable | None, CategoryTable | CountTable | None]:
    """Return the tables without the raters who do not count."""
    ratings, categories = data.intensities, votes if votes is not None else data.categories
    excluded = [] if args.with_excluded else list(data.exclusions)
    for one in excluded:
        print(f"Note: rater {one.rater} is left out ({one.reason}); --with-excluded counts all raters.")
    if excluded:
        ratings, categories = _without(ratings, categories, [one.rater for one in excluded], strict=False)
    if args.without:
        others = {t.rater for t in data.traces}
        ratings, categories = _without(ratings, categories, args.without, also=others)
    return ratings, categories


def _without(
    ratings: RatingTable | None,
    categories: CategoryTable | CountTable | None,
    raters: list[str],
    *,
    strict: bool = True,
    also: Collection[str] = (),
) -> tuple[RatingTable | None, CategoryTable | CountTable | None]:
    from app.domain.ratings import CountTable

    if isinstance(categories, CountTable):
        raise UserError(
            "Votes do not say which rater gave them.", "Leave out --without, or give one row for each rater."
        )
    known = {name for table in (ratings, categories) if table is not None for name in table.rater.names} | set(also)
    unknown = sorted(set(raters) - known)
    if unknown and strict:
        raise UserError(f"There is no rater {', '.join(unknown)}.", f"Known raters: {', '.join(sorted(known))}.")
    return (
        None if ratings is None else ratings.without_raters(raters),
        None if categories is None else categories.without_raters(raters),
    )


def _reliability(
    results: Results | None, data: ProjectRatings, settings: AgreementSettings, args: argparse.Namespace
) -> Reliability | None:
    """Return intraclass correlations, kappas and test-retest; None if too many ratings make them too slow."""
    from app.services.agreement.choose import chosen, labels_of, of_all_passes
    from app.services.agreement.reliability import MOST_RATINGS, Reliability, reliability_of

    if results is not None:
        kappas = tuple(m for m in results.matrices if m.kind == "intensity")
        return Reliability(results.iccs, kappas, results.retest)
    labels, choice = labels_of(data, args.study or ""), choice_of(args)
    table = chosen(labels, choice).intensities
    if table is not None and len(table) > MOST_RATINGS:
        print("Note: with so many ratings, intraclass correlations and kappas are in the report only (--html, --pdf).")
        return None
    return reliability_of(table, of_all_passes(labels, choice), settings)


def _write(
    report: AgreementReport,
    traces: list[TraceAgreement],
    reliability: Reliability | None,
    provenance: Provenance,
    args: argparse.Namespace,
    failures: Failures,
) -> None:
    """Write the numbers and tables; a file that cannot be written is named, and the others are written."""
    from app.results import result

    inputs = inputs_of(args)
    if args.json is not None:
        from app.agreement.as_json import report_json, traces_json

        out = report_json(report, provenance)
        out["reliability"] = None if reliability is None else reliability.as_dict()
        if args.traces or traces:
            out["traces"] = traces_json(traces)
        from app.domain.path_text import json_safe

        text = json_safe(json.dumps(out, indent=1, ensure_ascii=False, allow_nan=False))
        with failures.of(args.json.name):
            with result(args.json, inputs=inputs) as temporary:
                temporary.write_text(text + "\n", encoding="utf-8")
            print(f"wrote {args.json}")
    if args.csv is not None:
        from app.agreement.tables import all_tables, provenance_table
        from app.agreement.trace_tables import trace_pair_table, trace_rater_table, trace_table
        from app.services.agreement.table_files import write_tables
        from app.services.agreement.tables import reliability_tables

        more = [] if reliability is None else reliability_tables(reliability)
        more += [t for t in (trace_table(traces), trace_rater_table(traces), trace_pair_table(traces)) if t.rows]
        tables = (*all_tables(report), *more, provenance_table(provenance))
        write_tables(args.csv, tables, failures, inputs)
        print(f"wrote tables into {args.csv}")


def _show(
    report: AgreementReport, reliability: Reliability | None, traces: list[TraceAgreement], provenance: Provenance
) -> None:
    from rich.table import Table

    from app.agreement.printed import printed_notes, printed_tables, provenance_lines
    from app.agreement.trace_tables import printed_traces, trace_notes

    console = new_console(100)
    more = reliability.printed() if reliability is not None else []
    for table in (*printed_tables(report), *more, *printed_traces(traces)):
        shown = Table(title=as_text(table.title, "table.title"), title_justify="left")
        rows = table.shown()
        for name, head in zip(table.header, heads(table.header, rows, console.width, WORDS), strict=True):
            words = name in WORDS
            shown.add_column(head, justify="left" if words else "right", overflow="fold", no_wrap=not words)
        for row in rows:
            shown.add_row(*map(as_text, row))
        console.print(shown)
    said = printed_notes(report) + (reliability.notes() if reliability is not None else []) + trace_notes(traces)
    for note in said + provenance_lines(provenance):
        console.print(as_text(note))
