"""The report of `affectograph agreement`: everything that the agreement screen shows, as a web page and as PDF."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.addresses import is_server, shown_place

if TYPE_CHECKING:
    from app.agreement.page import ReportParts
    from app.agreement.report import AgreementReport
    from app.batch import Failures
    from app.domain.ratings import ProjectRatings
    from app.services.agreement.choose import LabelFilter
    from app.services.agreement.results import Results


def inputs_of(args: argparse.Namespace) -> list[Path]:
    """Return the files that the labels are read from."""
    return [
        Path(path)
        for path in (args.project, args.ratings, args.categories, args.raters)
        if path and not is_server(path)
    ]


def choice_of(args: argparse.Namespace) -> LabelFilter:
    """Return which raters count."""
    from app.services.agreement.choose import LabelFilter

    return LabelFilter(without=tuple(args.without), with_excluded=args.with_excluded)


def screen_of(report: AgreementReport, data: ProjectRatings, args: argparse.Namespace) -> Results:
    """Return what the agreement screen shows beside the table."""
    from app.jobs import Context
    from app.services.agreement.choose import labels_of
    from app.services.agreement.results import compute

    labels = labels_of(data, args.study or "", sources=report.sources)
    found = report if report.emotions or report.categories else None
    return compute(Context(), labels, choice_of(args), report.settings, report=found)


def write_reports(results: Results, data: ProjectRatings, args: argparse.Namespace, failures: Failures) -> None:
    """Write the page and the PDF that were asked for; one that cannot be written does not hinder the other."""
    from app.services.agreement.export import write_page

    if args.html is not None:
        with failures.of(args.html.name):
            write_page(args.html, _report(results, data, args, failures), inputs_of(args))
            print(f"wrote {args.html}")
    if args.pdf is not None:
        with failures.of(args.pdf.name):
            _write_pdf(_report(results, data, args, failures), args)
            print(f"wrote {args.pdf}")


def _write_pdf(report: ReportParts, args: argparse.Namespace) -> None:
    from app.agreement.document import document_of
    from app.ui.parts.paper.offscreen import text_without_window
    from app.ui.parts.paper.pdf import write_pdf

    application = text_without_window()
    write_pdf(document_of(report), args.pdf, inputs=inputs_of(args))
    del application


def _report(results: Results, data: ProjectRatings, args: argparse.Namespace, failures: Failures) -> ReportParts:
    """Return everything that the agreement screen shows; each of its drawings is for one file."""
    from app.jobs import Context
    from app.services.agreement.ceiling import place_model
    from app.services.agreement.choose import chosen, labels_of
    from app.services.agreement.gap_reasons import reason_counts
    from app.services.agreement.items import item_table
    from app.services.agreement.page import MODEL, disputed_fans, full_report
    from app.services.projects.files import open_project

    named = (args.project, args.ratings, args.categories)
    source = ", ".join(shown_place(p) if is_server(p) else Path(p).name for p in named if p is not None)
    kept = chosen(labels_of(data, args.study or ""), choice_of(args))
    items = item_table(kept)
    if args.project is None:
        return full_report(results, source=source, items=items)
    with open_project(args.project, read_only=True) as project:
        fans = disputed_fans(Context(), project, kept, results, failures)
        placement = None
        with failures.of(MODEL):
            placement = place_model(Context(), project, kept)
        reasons = reason_counts(project, leaving=True)
    return full_report(
        results, source=source, fans=fans, placement=placement, items=items, failed=failures.errors, reasons=reasons
    )
