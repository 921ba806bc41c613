"""Every table of the screen, for CSV, LaTeX and the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.agreement.estimate import NAN
from app.agreement.icc import IccSet
from app.agreement.retest import Retest
from app.agreement.tables import Cell, ResultTable, all_tables, provenance_table
from app.agreement.trace_tables import trace_rater_table, trace_table
from app.domain.gaps import ReasonCount
from app.services.agreement.ceiling import Placement
from app.services.agreement.items import ItemTable
from app.services.agreement.measures import MeasureTable
from app.services.agreement.reliability import PairMatrix, Reliability
from app.services.agreement.results import Results


def tables_of(
    results: Results,
    items: ItemTable | None = None,
    placement: Placement | None = None,
    measures: MeasureTable | None = None,
    reasons: Sequence[ReasonCount] = (),
) -> list[ResultTable]:
    """Return every table of the screen that has rows."""
    tables = [*all_tables(results.report)] if results.report is not None else []
    tables.append(provenance_table(results.provenance))
    tables += [rater_table(results), flag_table(results), pair_table(results.matrices), retest_table(results.retest)]
    tables += [icc_table(results.iccs), trace_table(results.traces), trace_rater_table(results.traces)]
    if items is not None:
        tables.append(item_scores(items))
    if placement is not None:
        tables.append(placement_table(placement))
    if measures is not None and measures.n_items:
        tables.append(measures_table(measures))
    tables.append(reasons_table(reasons))
    return [t for t in tables if t.rows]


def reasons_table(reasons: Sequence[ReasonCount]) -> ResultTable:
    """Return how often each reason was given for a gap between people and the model."""
    header = ("reason", "condition", "what", "n_moments", "n_items", "mean_gap")
    rows = tuple((one.reason, one.condition, one.what, one.n, one.n_items, one.mean_size) for one in reasons)
    return ResultTable("Reasons for gaps between people and the model", header, rows)


def rater_table(results: Results) -> ResultTable:
    """Return the table of each rater beside the others."""
    header = (
        "rater", "n_ratings", "n_items", "bias", "spread_ratio", "loo_correlation", "alpha_change", "share_lowest",
        "share_highest", "longest_run", "median_response_s", "fast_share", "checks_passed", "checks_asked", "flags",
        "excluded",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            *(getattr(p, name) for name in header[:-2]), " ".join(f.evidence for f in p.flags),
            results.excluded.get(p.rater, ""),
        )
        for p in results.profiles
    ]  # fmt: skip
    return ResultTable("Raters", header, tuple(rows))


def flag_table(results: Results) -> ResultTable:
    """Return the table of flags on raters, with the evidence."""
    rows = tuple(
        (p.rater, f.measure.replace("_", " "), f.value, f.robust_z, f.stability, f.evidence)
        for p in results.profiles
        for f in p.flags
    )
    return ResultTable("Flags", ("rater", "measure", "value", "robust_z", "stability", "evidence"), rows)


def reliability_tables(found: Reliability) -> list[ResultTable]:
    """Return the tables of pairs of raters, repeated answers and intraclass correlations that have rows."""
    tables = [pair_table(found.kappas), retest_table(found.retest), icc_table(found.iccs)]
    return [t for t in tables if t.rows]


def pair_table(matrices: Sequence[PairMatrix]) -> ResultTable:
    """Return the table of the agreement of every pair of raters."""
    rows: list[tuple[Cell, ...]] = []
    for one in matrices:
        for a, first in enumerate(one.raters):
            for b in range(a + 1, len(one.raters)):
                found = one.estimates.get((a, b))
                both = 0 if one.n_items is None else int(one.n_items[a, b])
                ends = (NAN, NAN, both) if found is None else (found.low, found.high, found.n_items)
                rows.append((one.title, first, one.raters[b], float(one.values[a, b]), *ends, one.estimator))
    header = ("what", "a", "b", "agreement", "low", "high", "n_items", "estimator")
    return ResultTable("Pairs of raters", header, tuple(rows))


def retest_table(retest: Sequence[Retest]) -> ResultTable:
    """Return the table of each rater's first answers against the repeated ones."""
    header = (
        "rater", "n", "n_items", "kappa", "low", "high", "exact", "mean_difference", "mean_absolute_difference",
        "pearson", "estimator",
    )  # fmt: skip
    rows = tuple(
        (
            r.rater, r.kappa.n_ratings // 2, r.kappa.n_items, r.kappa.value, r.kappa.low, r.kappa.high, r.exact,
            r.mean_difference, r.mean_absolute_difference, r.pearson, r.kappa.estimator,
        )
        for r in retest
    )  # fmt: skip
    return ResultTable("Test-retest", header, rows)


def icc_table(iccs: Mapping[tuple[str, str], IccSet]) -> ResultTable:
    """Return the table of intraclass correlations of each emotion and condition."""
    rows = tuple(
        (condition, emotion, e.estimator, e.value, e.low, e.high, e.n_items, e.n_ratings, e.reason)
        for (condition, emotion), found in iccs.items()
        for e in found.all()
    )
    header = ("condition", "emotion", "estimator", "value", "low", "high", "n_items", "n_ratings", "reason")
    return ResultTable("Intraclass correlations", header, rows)


def item_scores(items: ItemTable) -> ResultTable:
    """Return the table of the disagreement of each item."""
    score = items.score()
    header = ("item", "clip", "subject", *(f"disagreement_{c}" for c in items.conditions), "most_disputed")
    rows: list[tuple[Cell, ...]] = []
    for i, name in enumerate(items.names):
        values = [float(score[c, i]) for c in range(len(items.conditions))]
        rows.append((name, items.clips[i], items.subjects[i], *values, items.worst(i)))
    return ResultTable("Items", header, tuple(rows))


def placement_table(placement: Placement) -> ResultTable:
    """Return the table of the model beside the human ceiling."""
    header = ("condition", "name", "measure", "model", "human_low", "human_mean", "human_high", "n_items", "reason")
    rows = tuple((p.condition, p.name, p.measure, p.model, *p.human, p.n_items, p.reason) for p in placement.rows)
    return ResultTable("Model against raters", header, rows)


def measures_table(measures: MeasureTable) -> ResultTable:
    """Return the table of measures of the face against rated emotions."""
    header = (
        "condition", "emotion", "measure", "correlation", "low", "high", "n_items", "n_raters", "unit", "n_units",
        "movements", "reason",
    )  # fmt: skip
    movements = "relative to the person" if measures.relative else "absolute"
    rows: list[tuple[Cell, ...]] = [
        (
            one.condition, one.emotion, one.measure, e.value, e.low, e.high, e.n_items, e.n_raters, e.unit, e.n_units,
            movements, e.reason,
        )
        for one in measures.relations
        for e in (one.estimate,)
    ]  # fmt: skip
    return ResultTable("Measures and rated emotions", header, tuple(rows))
