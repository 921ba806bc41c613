"""The report as tables for a terminal of 100 columns: values with their intervals, one question a table."""

from __future__ import annotations

import math
from itertools import groupby

from app.agreement.effect import PairEffect
from app.agreement.estimate import Estimate
from app.agreement.prevalence import HOW_TO_READ
from app.agreement.provenance import Provenance
from app.agreement.report import AgreementReport
from app.agreement.tables import ResultTable, shown
from app.domain.words import many

KINDS = {"intensity": "intensities", "category": "categories"}


def with_interval(estimate: Estimate) -> str:
    """Format an estimate as `0.412 [0.310, 0.522]`; no interval leaves out the brackets, no value gives a dash.

    Example:
        >>> with_interval(Estimate(0.4123, "", "", low=0.31, high=0.5219)), with_interval(Estimate(0.4123, "", ""))
        ('0.412 [0.310, 0.522]', '0.412')
    """
    if estimate.interval is None:
        return shown(estimate.value)
    low, high = estimate.interval
    return f"{shown(estimate.value)} [{shown(low)}, {shown(high)}]"


def printed_tables(report: AgreementReport) -> list[ResultTable]:
    """Return the tables that have rows: intensities, categories, then each pair of conditions by what was judged.

    Example:
        >>> from app.agreement.example import report
        >>> [table.title for table in printed_tables(report())][:2]
        ['Disagreement and reliability of intensities', 'Disagreement and reliability of categories']
    """
    tables = [_intensities(report), _categories(report)]
    pairs = sorted(report.pairs, key=lambda one: (one.a, one.b, list(KINDS).index(one.kind)))
    for (a, b, kind), group in groupby(pairs, key=lambda one: (one.a, one.b, one.kind)):
        several = list(group)
        tables += [_effect(a, b, kind, several), _sizes(a, b, kind, several)]
    return [table for table in tables if table.rows]


def _intensities(report: AgreementReport) -> ResultTable:
    rows = tuple(
        (r.condition, r.emotion, with_interval(r.disagreement), with_interval(r.alpha_ordinal),
         shown(r.prevalence.value), str(r.disagreement.n_items))
        for r in report.emotions
    )  # fmt: skip
    header = ("condition", "emotion", "disagreement", "alpha (ordinal)", "prevalence", "items")
    return ResultTable("Disagreement and reliability of intensities", header, rows)


def _categories(report: AgreementReport) -> ResultTable:
    rows: list[tuple[str, ...]] = []
    for r in report.categories:
        items = str(r.disagreement.n_items)
        rows.append((r.condition, "(all)", with_interval(r.disagreement), with_interval(r.alpha_nominal), "", items))
        rows += [
            (r.condition, c.category, with_interval(c.disagreement), with_interval(c.alpha_nominal),
             shown(c.prevalence.value), items)
            for c in r.each
        ]  # fmt: skip
    header = ("condition", "category", "disagreement", "alpha (nominal)", "prevalence", "items")
    return ResultTable("Disagreement and reliability of categories", header, tuple(rows))


def _effect(a: str, b: str, kind: str, pairs: list[PairEffect]) -> ResultTable:
    rows = tuple(
        (p.emotion or "(all)", with_interval(p.difference), shown(p.p_adjusted), with_interval(p.delta_alpha),
         str(p.difference.n_items))
        for p in pairs
    )  # fmt: skip
    what = "emotion" if kind == "intensity" else "category"
    header = (what, "disagreement, difference", "p adjusted", f"alpha ({pairs[0].alpha}), difference", "items")
    return ResultTable(f"Effect of the viewing condition on {KINDS[kind]}: {a} − {b}", header, rows)


def _sizes(a: str, b: str, kind: str, pairs: list[PairEffect]) -> ResultTable:
    """Effect sizes, and the difference that is left at an unchanged mean rating with its own p."""
    rows = tuple(
        (p.emotion, with_interval(p.d_z_estimate), with_interval(p.rank_biserial_estimate),
         with_interval(p.prevalence_adjusted), shown(p.p_prevalence))
        for p in pairs if p.emotion
    )  # fmt: skip
    what = "emotion" if kind == "intensity" else "category"
    header = (what, "d_z", "rank-biserial", "difference at equal prevalence", "p (Holm)")
    return ResultTable(f"Effect sizes and equal prevalence, {KINDS[kind]}: {a} − {b}", header, rows)


def printed_notes(report: AgreementReport) -> list[str]:
    """Return what goes below the tables: Fleiss' kappa, and what the brackets and p values are.

    Example:
        >>> from app.agreement.example import report
        >>> printed_notes(report())[0]
        "Fleiss' kappa of categories: face_only 0.509 [−0.177, 0.900], full_context 0.839."
    """
    told = []
    if report.categories:
        kappas = (f"{r.condition} {with_interval(r.fleiss_kappa)}" for r in report.categories)
        told.append(f"Fleiss' kappa of categories: {', '.join(kappas)}.")
    made = next((e for e in _estimates(report) if e.interval is not None), None)
    if made is not None:
        how = f"{made.method.split(', on')[0]}, {many(made.n_units, made.unit)}"
        if made.replicates:
            how += f", B = {made.replicates}, seed {made.seed}"
        told.append(f"In brackets: {made.level * 100:g} % interval ({how}).")
    without = dict.fromkeys(e.reason for e in _estimates(report) if e.defined and e.interval is None and e.reason)
    if without and report.settings.replicates:
        told.append(f"Without brackets: {'; '.join(without)}.")
    missing = dict.fromkeys(e.reason for e in _estimates(report) if not e.defined and e.reason)
    if missing:
        told.append(f"–: {'; '.join(missing)}.")
    if any(not math.isnan(p.p_adjusted) for p in report.pairs):
        told.append("p: sign flips, adjusted over the emotions or categories of its table (step-down max-T).")
        told += dict.fromkeys(f"{p.design.sentence()} Results are {p.design.scope}." for p in report.pairs)
    if any(p.prevalence_adjusted.defined for p in report.pairs):
        told.append(f"Equal prevalence: {HOW_TO_READ[0].lower()}{HOW_TO_READ[1:]}")
    return told


def provenance_lines(provenance: Provenance) -> list[str]:
    """Return where the results come from, for a terminal; the design is part of `printed_notes`.

    Args:
        provenance: of everything that is printed.

    Example:
        >>> from app.agreement.example import report
        >>> [line.split(":")[0] for line in provenance_lines(report().provenance)][:3]
        ['program', 'made at', 'labels']
    """
    return [f"{what}: {value}" for what, value in provenance.rows() if what != "design"]


def _estimates(report: AgreementReport) -> list[Estimate]:
    found = [estimate for r in report.emotions for estimate in r.estimates()]
    found += [estimate for r in report.categories for estimate in r.estimates()]
    return found + [estimate for p in report.pairs for estimate in (p.difference, p.delta_alpha)]
